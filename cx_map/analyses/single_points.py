"""Single points of failure: whose loss stops which communications (analyses.md, A3).

Walks the production graph. Failure sets (:mod:`cx_map.graph.and_or`) are exact, where dominators of a merged
graph, in which alternatives and joint needs look alike, miss most single points.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.analyses.broken_routes import unreached
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Production, production
from cx_map.model.chapter_map import Channel, Communication, DataSource, Platform


class FailureClass(Struct, frozen=True):
    """Suppliers whose loss stops exactly the same communications: one problem, told once."""

    members: tuple[str, ...]
    cheapest: str
    """The member that is cheapest to duplicate: by yearly cost, where known; channels last."""
    stops: tuple[str, ...]


class SinglePoints(Struct, frozen=True):
    """All single points of failure of an ecosystem.

    ``stops`` maps every supplier whose loss stops a communication to those communications;
    ``classes`` groups them, the largest blast radius first.
    """

    stops: Mapping[str, tuple[str, ...]]
    classes: tuple[FailureClass, ...]


def blast_radii(eco: Ecosystem) -> Mapping[str, tuple[str, ...]]:
    """B: for every supplier and failure domain that stops something, the communications it stops.

    Communications that do not work anyway, or reach nobody, are in nobody's radius. O(sum of the failure sets).
    """
    graph = eco.once(production)
    radius: dict[int, list[str]] = {}
    for name in sorted(graph.communications.keys() - eco.once(unreached).keys()):
        for atom in graph.failures.of(graph.communications[name].node):
            radius.setdefault(atom, []).append(name)
    return {graph.names[atom]: tuple(radius[atom]) for atom in sorted(radius)}


def single_points(eco: Ecosystem) -> SinglePoints:
    """Every supplier whose loss stops a communication; those with ``redundancy: active_active`` are left out."""
    graph = eco.once(production)
    radii = eco.once(blast_radii)
    suppliers = graph.names[: graph.suppliers]
    stops = {name: radii[name] for name in suppliers if name in radii and not _twinned(graph, name)}
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, communications in stops.items():
        groups.setdefault(communications, []).append(name)
    classes = [
        FailureClass(tuple(members), min(members, key=lambda name: _price(graph, name)), communications)
        for communications, members in groups.items()
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


def accepted(eco: Ecosystem, name: str, stops: tuple[str, ...]) -> bool:
    """Whether it comes back within every deadline known of what it stops."""
    entity = eco.inventory.entities[name]
    if not isinstance(entity, Platform | DataSource) or entity.redundancy != "active_passive" or entity.rto is None:
        return False
    deadline = shortest_deadline(eco, stops)
    return deadline is not None and entity.rto.seconds <= deadline


def shortest_deadline(eco: Ecosystem, stops: tuple[str, ...]) -> float | None:
    """The shortest deadline known of some communications, in seconds."""
    found = [eco.inventory.find(one, Communication) for one in stops]
    return min((one.deadline.seconds for one in found if one is not None and one.deadline is not None), default=None)
