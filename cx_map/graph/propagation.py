"""The propagation graph: which attribute known here becomes known there, for whom, and how late.

An attribute passes along a usable flow that carries it, something that covers it or a part of it, or ``*``, and
whose scope (products, segments) admits the customers looked at. Flows with ``via: none`` or ``policy: blocked``, and flows
from or to things not in use, carry nothing; a flow without ``carries`` joins its ends but carries no named
attribute. ``two_way`` flows work in both directions.

A flow with ``carries: unknown`` carries nothing for certain, and perhaps anything: what gets somewhere only along such a
flow is not known to be there, and not known to be missing (``perhaps``).

Flows are kept by the attribute they name, so that a walk for one attribute touches only flows that carry it. Attributes that the
same flows carry share their links, and what was walked: thousands of parts of one attribute are walked once.
Building is linear in the flows and in the depth of attributes; a walk is linear in the flows it may use.

Longer than most modules: walks, times and scopes go over the same links, which are kept together.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attributes import EVERYTHING, lineage
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Flow
from cx_map.model.inventory import Inventory


class Scope(Struct, frozen=True):
    """Whose data is looked at: a segment's, and only for these products (None: whichever)."""

    segment: str | None = None
    products: tuple[str, ...] | None = None


ANYONE = Scope()
"""Whoever it may be: every scope of a flow admits some of them."""


class Link(Struct, frozen=True):
    """One direction of a flow.

    ``worst`` and ``typical`` are lower bounds in seconds: latency at the 95th percentile and the median, plus
    a whole and half an interval of a batch (``every``). ``known`` is False where no latency at the 95th percentile is
    stated: a median alone is no worst case.
    """

    source: str
    target: str
    flow: Flow
    worst: float
    typical: float
    known: bool

    def admits(self, scope: Scope) -> bool:
        """Whether some customers of a scope pass."""
        flow = self.flow
        if scope.segment is not None and flow.segments is not None and scope.segment not in flow.segments:
            return False
        return flow.products is None or scope.products is None or any(one in scope.products for one in flow.products)


class Arrival(Struct, frozen=True):
    """When something is known at a place: seconds (a lower bound unless ``known``), and the last link to it."""

    seconds: float
    known: bool
    link: Link | None


class Carriers(Struct, frozen=True, eq=False):
    """The links that carry one attribute, by source and by target; ``scoped`` if one of them is not for everybody."""

    forward: Mapping[str, tuple[Link, ...]]
    backward: Mapping[str, tuple[Link, ...]]
    scoped: bool


@dataclass(eq=False)
class Propagation:
    """The propagation graph of an inventory; walks are kept for the next asker."""

    inventory: Inventory
    links: tuple[Link, ...]
    """Every usable link, those without ``carries`` included, in the order of the flows."""
    blocked: tuple[Link, ...]
    """Links that policy forbids."""
    vague: tuple[Link, ...]
    """Usable links of which nobody knows what they carry (``carries: unknown``)."""
    _named: Mapping[str, tuple[int, ...]] = field(repr=False)
    _below: Mapping[str, tuple[str, ...]] = field(repr=False)
    _all: Carriers = field(repr=False)
    _vague: Carriers = field(repr=False)
    _carriers: dict[str, Carriers] = field(default_factory=dict, repr=False)
    _alike: dict[tuple[str, ...], Carriers] = field(default_factory=dict, repr=False)
    """Carriers by the names, of those that flows name, whose flows carry an attribute."""
    _reached: dict[tuple[Carriers, frozenset[str], Scope, bool, bool], frozenset[str]] = field(
        default_factory=dict, repr=False
    )

    def carriers(self, attribute: str) -> tuple[Carriers, Carriers]:
        """The links that name an attribute (or something above or below it), and those that carry everything."""
        found = self._carriers.get(attribute)
        if found is None:
            above = (name for name in lineage(self.inventory, attribute) if name in self._named)
            names = tuple(sorted({*above, *self._below.get(attribute, ())}))
            if names not in self._alike:
                numbers = {number for name in names for number in self._named[name]}
                self._alike[names] = _carriers(self.links[number] for number in sorted(numbers))
            found = self._carriers[attribute] = self._alike[names]
        return found, self._all

    def possible(self, attribute: str) -> tuple[Carriers, ...]:
        """The links that carry an attribute, and those that perhaps do."""
        return (*self.carriers(attribute), self._vague) if self.vague else self.carriers(attribute)

    def carries(self, link: Link, attribute: str) -> bool:
        """Whether a usable link carries an attribute, or a part of it. O(links at its source)."""
        return any(link in carriers.forward.get(link.source, ()) for carriers in self.carriers(attribute))

    def scope_for(self, segment: str | None, attribute: str) -> Scope:
        """The scope of a segment, narrowed to what makes a difference for this attribute."""
        if segment is None or not any(carriers.scoped for carriers in self.possible(attribute)):
            return ANYONE
        entity = self.inventory.find(segment, Segment)
        return Scope(segment, entity.products if entity is not None else None)

    def reach(
        self,
        attribute: str,
        starts: Iterable[str],
        scope: Scope = ANYONE,
        *,
        backward: bool = False,
        perhaps: bool = False,
    ) -> frozenset[str]:
        """Every place that learns an attribute known at the starts (backward: from which one of them learns it).

        The starts are included. With ``perhaps``, flows of which nobody knows what they carry count, too.
        O(links that carry the attribute), kept for all attributes that the same links carry.
        """
        begin = frozenset(starts)
        perhaps = perhaps and bool(self.vague)
        key = (self.carriers(attribute)[0], begin, scope, backward, perhaps)
        found = self._reached.get(key)
        if found is None:
            found = self._reached[key] = self._walk(attribute, begin, scope, backward, perhaps)
        return found

    def _walk(
        self, attribute: str, begin: frozenset[str], scope: Scope, backward: bool, perhaps: bool
    ) -> frozenset[str]:
        chosen = self.possible(attribute) if perhaps else self.carriers(attribute)
        sides = [carriers.backward if backward else carriers.forward for carriers in chosen]
        seen = set(begin)
        todo = list(begin)
        while todo:
            node = todo.pop()
            for side in sides:
                for link in side.get(node, ()):
                    following = link.source if backward else link.target
                    if following not in seen and link.admits(scope):
                        seen.add(following)
                        todo.append(following)
        return frozenset(seen)

    def arrival(
        self,
        attribute: str,
        starts: Iterable[str],
        scope: Scope = ANYONE,
        *,
        typical: bool = False,
        perhaps: bool = False,
        stated: bool = False,
    ) -> Mapping[str, Arrival]:
        """When an attribute is known where, at the latest along the quickest way (min-plus, Dijkstra).

        Latencies that nobody states count zero, so that ``seconds`` is a lower bound; ``known`` says whether it is
        the whole. With ``perhaps``, flows of which nobody knows what they carry count, too; with ``stated``, only flows whose
        latency is stated do, so that ``seconds`` is an upper bound. O(links log links).
        """
        done: dict[str, Arrival] = {}
        chosen = self.possible(attribute) if perhaps else self.carriers(attribute)
        sides = [carriers.forward for carriers in chosen]
        order: list[tuple[float, bool, int, str, Link | None]] = [
            (0.0, False, number, node, None) for number, node in enumerate(sorted(set(starts)))
        ]
        count = len(order)
        while order:
            seconds, vague, _, node, link = heapq.heappop(order)
            if node in done:
                continue
            done[node] = Arrival(seconds, not vague, link)
            for side in sides:
                for following in side.get(node, ()):
                    if following.target in done or (stated and not following.known):
                        continue
                    if following.admits(scope):
                        count += 1
                        cost = following.typical if typical else following.worst
                        heapq.heappush(
                            order, (seconds + cost, vague or not following.known, count, following.target, following)
                        )
        return done

    def path(self, arrivals: Mapping[str, Arrival], target: str) -> tuple[Link, ...]:
        """The links of the quickest way to a place that :meth:`arrival` found."""
        found: list[Link] = []
        link = arrivals[target].link
        while link is not None:
            found.append(link)
            link = arrivals[link.source].link
        return tuple(reversed(found))


def propagation(eco: Ecosystem) -> Propagation:
    """The propagation graph of an ecosystem. O(flows * carried attributes)."""
    return propagation_of(eco.inventory)


def propagation_of(inventory: Inventory) -> Propagation:
    """The propagation graph of an inventory. O(flows * carried attributes)."""
    links: list[Link] = []
    blocked: list[Link] = []
    named: dict[str, list[int]] = {}
    everything: list[Link] = []
    vague: list[Link] = []
    for flow in inventory.flows:
        kept = blocked if flow.policy == "blocked" else links
        if not _described(inventory, flow):
            continue
        for link in _links(flow):
            kept.append(link)
            if kept is blocked:
                continue
            if flow.carries is None and "carries" in flow.unknown:
                vague.append(link)
            for name in dict.fromkeys(flow.carries or ()):
                if name == EVERYTHING:
                    everything.append(link)
                else:
                    named.setdefault(name, []).append(len(links) - 1)
    below: dict[str, list[str]] = {}
    for name in sorted(named):
        for wider in lineage(inventory, name):
            if wider != name:
                below.setdefault(wider, []).append(name)
    return Propagation(
        inventory,
        tuple(links),
        tuple(blocked),
        tuple(vague),
        {name: tuple(numbers) for name, numbers in named.items()},
        {name: tuple(names) for name, names in below.items()},
        _carriers(everything),
        _carriers(vague),
    )


def flow_works(inventory: Inventory, flow: Flow) -> bool:
    """Whether a flow moves anything: it and both its ends are in use, it exists, and no policy blocks it."""
    return flow.policy != "blocked" and _described(inventory, flow)


def _described(inventory: Inventory, flow: Flow) -> bool:
    if not flow.usable or flow.from_ is None or flow.to is None:
        return False
    if flow.via == "none" and flow.policy != "blocked":
        return False
    ends = (inventory.entities.get(flow.from_), inventory.entities.get(flow.to))
    return all(end is not None and end.usable for end in ends)


def _links(flow: Flow) -> tuple[Link, ...]:
    """Both directions of a two-way flow, one of any other."""
    source, target = flow.from_ or "", flow.to or ""
    worst = flow.latency.worst if flow.latency is not None else None
    typical = flow.latency.typical if flow.latency is not None else None
    every = flow.every.seconds if flow.every is not None else 0.0
    known = flow.latency is not None and flow.latency.bounded
    late, usual = (worst or 0.0) + every, (typical or 0.0) + every / 2
    one = Link(source, target, flow, late, usual, known)
    return (one, Link(target, source, flow, late, usual, known)) if flow.two_way and source != target else (one,)


def _carriers(links: Iterable[Link]) -> Carriers:
    forward: dict[str, list[Link]] = {}
    backward: dict[str, list[Link]] = {}
    scoped = False
    for link in links:
        forward.setdefault(link.source, []).append(link)
        backward.setdefault(link.target, []).append(link)
        scoped = scoped or link.flow.segments is not None or link.flow.products is not None
    return Carriers(
        {node: tuple(some) for node, some in forward.items()},
        {node: tuple(some) for node, some in backward.items()},
        scoped,
    )
