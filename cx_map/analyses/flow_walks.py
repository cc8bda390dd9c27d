"""All usable flows both ways, with what one asks of them again and again while looking for the cheapest to add.

Which links carry an attribute already, which places policy keeps apart, which places of a set a new flow may start
from; and the searches that were made before, kept by what they were asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from msgspec import Struct

from cx_map.analyses.lines import lines_of
from cx_map.analyses.policy import Blocked, blocked_flows, forbids
from cx_map.analyses.shared_sets import SharedSets, in_any
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Carriers, Link, Propagation, Scope, propagation
from cx_map.model.chapter_map import DataSource, Platform

NO_LINE: frozenset[str] = frozenset({""})
Costs: TypeAlias = Mapping[str, tuple[float, "Link | None"]]
"""The cost of coming to each place, and the link by which."""
Asked: TypeAlias = tuple[str, SharedSets, Scope, frozenset[str], float]
"""Attribute, places to start from, customers, places left out, and seconds that a flow to widen may take."""
NOTHING: tuple[float, Link | None] = (0.0, None)
"""The cost of being where one starts."""


class Ahead(Struct, frozen=True, eq=False):
    """Where an attribute gets to within the limit, and what a new flow may start from beyond where it is known."""

    begin: SharedSets
    beyond: Costs
    sources: tuple[str, ...]
    by_line: Mapping[str, tuple[str, ...]]

    def cost(self, place: str) -> tuple[float, Link | None] | None:
        """The cost of coming to a place, and the link by which; None where it does not get to."""
        return NOTHING if in_any(self.begin, place) else self.beyond.get(place)


class Stores(Struct, frozen=True, eq=False):
    """Of a set of places to start from: the stores and platforms in order of id, all and by line, and those that links leave."""

    ordered: tuple[str, ...]
    by_line: Mapping[str, tuple[str, ...]]
    leaving: tuple[str, ...]


@dataclass(eq=False)
class FlowWalks:
    """Adjacency of all usable links, and walks that were made before."""

    graph: Propagation
    lines: Mapping[str, frozenset[str]]
    forward: Mapping[str, list[Link]]
    backward: Mapping[str, list[Link]]
    forbidden: Blocked
    carrying: dict[Carriers, frozenset[int]] = field(default_factory=dict)
    stores: dict[frozenset[str], Stores] = field(default_factory=dict)
    ahead: dict[Asked, Ahead] = field(default_factory=dict)
    behind: dict[Asked, Costs] = field(default_factory=dict)

    def free(self, attribute: str, scope: Scope) -> Callable[[Link], bool]:
        """Whether a link carries the attribute for these customers already."""
        own, everything = (self._ids(carriers) for carriers in self.graph.carriers(attribute))
        return lambda link: (id(link) in own or id(link) in everything) and link.admits(scope)

    def _ids(self, carriers: Carriers) -> frozenset[int]:
        """The links of some carriers; kept."""
        ids = self.carrying.get(carriers)
        if ids is None:
            ids = frozenset(id(link) for some in carriers.forward.values() for link in some)
            self.carrying[carriers] = ids
        return ids

    def more(self, links: Iterable[Link], attribute: str, scope: Scope) -> dict[tuple[str, str], tuple[str, ...]]:
        """Of links that carry the attribute, but not for these customers: for what they do not carry it."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for link in links:
            if not any(id(link) in self._ids(carriers) for carriers in self.graph.carriers(attribute)):
                continue
            flow = link.flow
            names: list[str] = []
            if flow.products is not None and scope.products is not None:
                names += [one for one in scope.products if one not in flow.products] or ["all products"]
            if flow.segments is not None and scope.segment is not None and scope.segment not in flow.segments:
                names.append(scope.segment)
            found[link.source, link.target] = tuple(names)
        return found

    def detour(self, steps: list[tuple[str, str, bool]], attribute: str) -> tuple[str, str] | None:
        """Two places of a way, with a change between, between which policy forbids the attribute; None if there are none."""
        for number, (source, _, _) in enumerate(steps) if self.forbidden else ():
            changed = False
            for _, target, changes in steps[number:]:
                changed = changed or changes
                if changed and self.blocked(source, target, attribute):
                    return source, target
        return None

    def stores_among(self, places: frozenset[str]) -> Stores:
        """What a new flow may start from, and what an existing one starts from, of a set of places; kept."""
        found = self.stores.get(places)
        if found is None:
            entities = self.graph.inventory.entities
            ordered = tuple(sorted(one for one in places if isinstance(entities[one], (DataSource, Platform))))
            found = self.stores[places] = Stores(
                ordered, self.by_line(ordered), tuple(sorted(one for one in places if one in self.forward))
            )
        return found

    def by_line(self, places: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Places by each line they work for (``""``: none), in the order given."""
        found: dict[str, list[str]] = {}
        for place in places:
            for line in self.lines.get(place, NO_LINE):
                found.setdefault(line, []).append(place)
        return {line: tuple(some) for line, some in found.items()}

    def blocked(self, source: str, target: str, attribute: str) -> bool:
        """Whether policy forbids the attribute between two places."""
        flows = self.forbidden.get((source, target), ())
        return any(forbids(self.graph.inventory, flow, attribute) for flow in flows)


def flow_walks(eco: Ecosystem) -> FlowWalks:
    """The flows of an ecosystem; nothing has been searched yet. O(flows)"""
    graph = eco.once(propagation)
    forward: dict[str, list[Link]] = {}
    backward: dict[str, list[Link]] = {}
    for link in graph.links:
        forward.setdefault(link.source, []).append(link)
        backward.setdefault(link.target, []).append(link)
    return FlowWalks(graph, eco.once(lines_of), forward, backward, blocked_flows(eco.inventory))
