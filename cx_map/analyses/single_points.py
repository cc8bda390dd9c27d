"""Single points of failure: whose loss stops which communications (analyses.md, A3).

Walks the production graph. Failure sets (:mod:`cx_map.graph.and_or`) are exact, where dominators of a merged
graph, in which alternatives and joint needs look alike, miss most single points.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.analyses.blast_radii import Stopped, blast_radii
from cx_map.analyses.radius_sizes import size_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.number_sets import NumberSet
from cx_map.graph.production import Production, production
from cx_map.model.chapter_map import Channel, DataSource, Platform


class FailureClass(Struct, frozen=True):
    """Suppliers whose loss stops exactly the same communications: one problem, told once."""

    members: tuple[str, ...]
    cheapest: str
    """The member that is cheapest to duplicate: by yearly cost, where known; channels last."""
    stops: Stopped


class SinglePoints(Struct, frozen=True):
    """All single points of failure of an ecosystem.

    ``stops`` maps every supplier whose loss stops a communication to those communications;
    ``classes`` groups them, the largest blast radius first.
    """

    stops: Mapping[str, Stopped]
    classes: tuple[FailureClass, ...]


def single_points(eco: Ecosystem) -> SinglePoints:
    """Every supplier whose loss stops a communication; those with ``redundancy: active_active`` are left out."""
    graph = eco.once(production)
    radii = eco.once(blast_radii)
    suppliers = graph.names[: graph.suppliers]
    stops = {name: radii.of(name) for name in suppliers if name in radii.places and not _twinned(graph, name)}
    groups: dict[NumberSet, list[str]] = {}
    for name, stopped in stops.items():
        groups.setdefault(stopped.numbers, []).append(name)
    classes = [
        FailureClass(tuple(members), min(members, key=lambda name: _price(graph, name)), stops[members[0]])
        for members in groups.values()
    ]
    return SinglePoints(stops, tuple(sorted(classes, key=lambda one: (-len(one.stops), one.members))))


def _twinned(graph: Production, name: str) -> bool:
    entity = graph.inventory.entities[name]
    return isinstance(entity, Platform | DataSource) and entity.redundancy == "active_active"


def _price(graph: Production, name: str) -> tuple[bool, bool, float, str]:
    """Order of duplication: channels last, unknown cost after known cost."""
    entity = graph.inventory.entities[name]
    if isinstance(entity, Channel):
        return (True, True, 0.0, name)
    cost = entity.cost_per_year if isinstance(entity, Platform | DataSource) else None
    return (False, cost is None, 0.0 if cost is None else cost.value, name)


def accepted(eco: Ecosystem, name: str, stops: Stopped) -> bool:
    """Whether it comes back within every deadline known of what it stops."""
    entity = eco.inventory.entities[name]
    if not isinstance(entity, Platform | DataSource) or entity.redundancy != "active_passive" or entity.rto is None:
        return False
    deadline = size_of(eco, stops).deadline
    return deadline is not None and entity.rto.seconds <= deadline
