"""The cheapest flows that make an attribute, known in some places, known in others.

Cost of a step: nothing along a flow that carries the attribute for these customers already, 1 to let an existing
flow carry it (or for more customers), 5 for a new flow, half as much again where it crosses lines of business. Pairs
between which policy blocks the attribute are out, over other places, too. A cheapest way needs at most one new flow unless policy
is in the way, for two cost more than one across lines; it never starts at a platform that only makes and sends or a store of reports (unless
that is where the attribute is first known), and flows by hand are not given more to carry; so: two bounded Dijkstra walks over existing flows, from both
ends, and the best new flow between them. O(flows log flows) a start set, kept; costs are our judgement.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from msgspec import Struct

from cx_map.analyses.lines import lines_of
from cx_map.analyses.operators import carried_too, connected, joined_pairs
from cx_map.analyses.policy import Blocked, blocked_flows, forbids
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Link, Propagation, Scope, propagation
from cx_map.model.chapter_map import DataSource, Platform
from cx_map.model.entity import Entity

WIDEN = 1.0
NEW = 5.0
CROSSING = 1.5

BY_HAND = ("manual", "rekey")
"""Ways of moving data that are not to be given more to carry."""

_SENDS = frozenset({"compose", "print", "deliver_email", "deliver_sms", "deliver_push"})
"""Capabilities of platforms at the end of the line."""
_LAST_STORES = ("reporting", "archive")
"""Roles of stores at the end of the line: what works every day is not fed from them."""

MOST_DETOURS = 100
"""No more sets of places are left out to find a way that goes around no policy."""

_NO_LINE: frozenset[str] = frozenset({""})
_Costs: TypeAlias = Mapping[str, tuple[float, "Link | None"]]
"""The cost of coming to each place, and the link by which."""
_Asked: TypeAlias = tuple[str, frozenset[str], Scope, frozenset[str], float]
"""Attribute, places to start from, customers, places left out, and seconds that a flow to widen may take."""


@dataclass(frozen=True, slots=True)
class Repair:
    """Flows to widen and the new flow (source, target), with their cost."""

    widened: tuple[Link, ...]
    new: tuple[str, str] | None
    cost: float
    changes: tuple[Mapping[str, object], ...]
    more: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """For flows to widen that carry it already: the products and segments for which they do not."""

    @property
    def summary(self) -> str:
        """The repair in words."""
        parts = []
        for link in self.widened:
            more = self.more.get((link.source, link.target))
            too = f" for {', '.join(more)}, too" if more else ""
            parts.append(f"let the flow {link.source} → {link.target} carry it{too}")
        if self.new is not None:
            parts.append(f"connect {self.new[0]} → {self.new[1]}")
        return ", and ".join(parts)


class _Ahead(Struct, frozen=True, eq=False):
    """Where an attribute gets to within the limit, and what a new flow may start from."""

    costs: _Costs
    sources: tuple[str, ...]
    by_line: Mapping[str, tuple[str, ...]]


@dataclass(eq=False)
class _Walks:
    """Adjacency of all usable links, and walks that were made before."""

    graph: Propagation
    lines: Mapping[str, frozenset[str]]
    forward: Mapping[str, list[Link]]
    backward: Mapping[str, list[Link]]
    forbidden: Blocked
    carrying: dict[str, frozenset[int]] = field(default_factory=dict)
    ahead: dict[_Asked, _Ahead] = field(default_factory=dict)
    behind: dict[_Asked, _Costs] = field(default_factory=dict)

    def free(self, attribute: str, scope: Scope) -> Callable[[Link], bool]:
        """Whether a link carries the attribute for these customers already."""
        ids = self.carrying.get(attribute)
        if ids is None:
            ids = frozenset(
                id(link)
                for carriers in self.graph.carriers(attribute)
                for some in carriers.forward.values()
                for link in some
            )
            self.carrying[attribute] = ids
        chosen = ids
        return lambda link: id(link) in chosen and link.admits(scope)

    def more(self, links: Iterable[Link], attribute: str, scope: Scope) -> dict[tuple[str, str], tuple[str, ...]]:
        """Of links that carry the attribute, but not for these customers: for what they do not carry it."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for link in links:
            if id(link) not in self.carrying[attribute]:
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

    def blocked(self, source: str, target: str, attribute: str) -> bool:
        """Whether policy forbids the attribute between two places."""
        flows = self.forbidden.get((source, target), ())
        return any(forbids(self.graph.inventory, flow, attribute) for flow in flows)


def _walks(eco: Ecosystem) -> _Walks:
    graph = eco.once(propagation)
    forward: dict[str, list[Link]] = {}
    backward: dict[str, list[Link]] = {}
    for link in graph.links:
        forward.setdefault(link.source, []).append(link)
        backward.setdefault(link.target, []).append(link)
    return _Walks(graph, eco.once(lines_of), forward, backward, blocked_flows(eco.inventory))


def cheapest_flows(
    eco: Ecosystem,
    attribute: str,
    starts: Iterable[str],
    targets: Iterable[str],
    scope: Scope,
    within: float = math.inf,
) -> Repair | None:
    """The cheapest repair that makes the attribute known at one of the targets; None where policy forbids every one.

    No flow that takes longer than ``within`` seconds is given the attribute to carry.

    A way that passes two places in the order in which policy blocks the attribute between them, with something to
    change between the two, is a detour around the policy, however many places lie between: it is looked for without the
    one, and without the other, cheapest first, at most :data:`MOST_DETOURS` times (then None, too). What flows today
    is no proposal.
    """
    walks = eco.once(_walks)
    begin, ends = frozenset(starts), frozenset(targets)
    tried: set[frozenset[str]] = {frozenset()}
    first = _cheapest(walks, attribute, begin, ends, scope, frozenset(), within)
    queue = [(first.cost, 0, first, frozenset[str]())] if first is not None else []
    while queue:
        _, _, way, without = heapq.heappop(queue)
        detour = walks.detour(way.steps(walks.free(attribute, scope)), attribute)
        if detour is None:
            return _repair(eco, walks, attribute, scope, way)
        for place in detour:
            fewer = without | {place}
            if fewer in tried or len(tried) > MOST_DETOURS:
                continue
            tried.add(fewer)
            other = _cheapest(walks, attribute, begin - fewer, ends - fewer, scope, fewer, within)
            if other is not None:
                heapq.heappush(queue, (other.cost, len(tried), other, fewer))
    return None


def allowed(eco: Ecosystem, source: str, target: str, attribute: str) -> bool:
    """Whether no policy blocks an attribute from going straight from one place to another."""
    return not eco.once(_walks).blocked(source, target, attribute)


class _Way(Struct, frozen=True, eq=False):
    """A way from a start to a target: the links in order, and the new flow among them."""

    cost: float
    before: tuple[Link, ...]
    new: tuple[str, str] | None
    after: tuple[Link, ...]

    def steps(self, free: Callable[[Link], bool]) -> list[tuple[str, str, bool]]:
        """The steps in order: from where to where, and whether something has to change."""
        new = [(*self.new, True)] if self.new is not None else []
        before, after = (
            [(link.source, link.target, not free(link)) for link in some] for some in (self.before, self.after)
        )
        return [*before, *new, *after]


def _cheapest(
    walks: _Walks,
    attribute: str,
    begin: frozenset[str],
    ends: frozenset[str],
    scope: Scope,
    without: frozenset[str],
    within: float,
) -> _Way | None:
    """The cheapest way that leaves some places out, whatever places policy keeps apart beyond the next."""
    free = walks.free(attribute, scope)
    key = (attribute, begin, scope, without, within)
    if key not in walks.ahead:
        known = _dijkstra(walks, walks.forward, begin, attribute, free, NEW * CROSSING, without, within, ahead=True)
        walks.ahead[key] = _Ahead(known, *_sources(walks, begin, known))
    ahead = walks.ahead[key]
    found = [(ahead.costs[end][0], end, end, False) for end in sorted(ends) if end in ahead.costs]
    behind: _Costs = dict.fromkeys(sorted(ends), (0.0, None))
    found += _new_flows(walks, attribute, ends, ahead, behind)
    if not found or min(found)[0] > NEW:  # else no way over other places can be cheaper
        key = (attribute, ends, scope, without, within)
        if key not in walks.behind:
            walks.behind[key] = _dijkstra(
                walks, walks.backward, ends, attribute, free, NEW * CROSSING - NEW, without, within, ahead=False
            )
        behind = walks.behind[key]
        found += _new_flows(walks, attribute, ends, ahead, behind)
    if not found:
        return None
    cost, source, target, new = min(found)
    after = tuple(_trail(behind, target, forward=False)) if new else ()
    return _Way(cost, tuple(_trail(ahead.costs, source, forward=True)), (source, target) if new else None, after)


def _repair(eco: Ecosystem, walks: _Walks, attribute: str, scope: Scope, way: _Way) -> Repair:
    """The changes that make a way."""
    free = walks.free(attribute, scope)
    widened = tuple(link for link in (*way.before, *way.after) if not free(link))
    changes = [carried_too(eco.inventory, link, attribute) for link in widened]
    if way.new is not None:
        changes.append(connected(*way.new, attribute, beside=way.new in eco.once(joined_pairs)))
    more = walks.more(widened, attribute, scope)
    return Repair(widened, way.new, way.cost, tuple(changes), more)


def _dijkstra(
    walks: _Walks, side: Mapping[str, list[Link]], begin: frozenset[str], attribute: str, free: Callable[[Link], bool],
    limit: float, without: frozenset[str], within: float, *, ahead: bool,
) -> dict[str, tuple[float, Link | None]]:  # fmt: skip
    """Cost of each place within the limit (exclusive), and the link by which it was come to."""
    done: dict[str, tuple[float, Link | None]] = {}
    queue: list[tuple[float, int, str, Link | None]] = [
        (0.0, number, name, None) for number, name in enumerate(sorted(begin))
    ]
    count = len(queue)
    while queue:
        cost, _, node, link = heapq.heappop(queue)
        if node in done:
            continue
        done[node] = (cost, link)
        for following in side.get(node, ()):
            other = following.target if ahead else following.source
            if other in done or other in without:
                continue
            through = cost if free(following) else cost + WIDEN
            if through > cost and (following.flow.via in BY_HAND or following.worst > within):
                continue  # nobody is to retype more, and nothing is to come too late
            if through < limit and not (
                through > cost and walks.blocked(following.source, following.target, attribute)
            ):
                count += 1
                heapq.heappush(queue, (through, count, other, following))
    return done


def _sources(
    walks: _Walks, begin: frozenset[str], known: _Costs
) -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """The places a new flow may start from, the best first; and the same by each line they work for (``""``: none)."""
    entities = walks.graph.inventory.entities
    stores = [one for one in known if isinstance(entities[one], (DataSource, Platform))]
    sources = [one for one in stores if one in begin or not _end_of_line(entities[one])] or stores or list(known)
    sources.sort(key=lambda one: (known[one][0], one not in begin, one))
    by_line: dict[str, list[str]] = {}
    for source in sources:
        for line in walks.lines.get(source, _NO_LINE):
            by_line.setdefault(line, []).append(source)
    return tuple(sources), {line: tuple(some) for line, some in by_line.items()}


def _end_of_line(entity: Entity) -> bool:
    """Whether nobody would ask a place for customer data: a platform that makes and sends only, a store of reports and the like."""
    if isinstance(entity, DataSource):
        return entity.role in _LAST_STORES
    if not isinstance(entity, Platform) or any(one.mastery != "copy" for one in entity.holds or ()):
        return False
    return bool(entity.capabilities) and _SENDS.issuperset(entity.capabilities or ())


def _new_flows(
    walks: _Walks, attribute: str, ends: frozenset[str], ahead: _Ahead, behind: _Costs
) -> list[tuple[float, str, str, bool]]:
    """The best new flow from a place that knows to a place that leads to a target; empty where policy forbids all."""
    entities = walks.graph.inventory.entities
    stores = [one for one in behind if isinstance(entities[one], (DataSource, Platform))] or list(behind)
    best: tuple[float, str, str, bool] | None = None
    for target in sorted(stores, key=lambda one: (behind[one][0], one not in ends, one)):
        if best is not None and behind[target][0] + NEW >= best[0]:
            break  # whatever it starts from, it cannot be cheaper
        lines = walks.lines.get(target, _NO_LINE)
        pools = [ahead.sources, *(ahead.by_line.get(line, ()) for line in sorted({*lines, ""}))]
        for pool in pools:
            source = next((one for one in pool if one != target and not walks.blocked(one, target, attribute)), None)
            if source is not None:
                one = walks.lines.get(source)
                crossing = CROSSING if one and lines is not _NO_LINE and one.isdisjoint(lines) else 1.0
                candidate = (ahead.costs[source][0] + behind[target][0] + NEW * crossing, source, target, True)
                best = candidate if best is None or candidate[0] < best[0] else best
    return [] if best is None else [best]


def _trail(found: _Costs, place: str, *, forward: bool) -> list[Link]:
    links: list[Link] = []
    link = found[place][1]
    while link is not None:
        links.append(link)
        link = found[link.source if forward else link.target][1]
    return links[::-1] if forward else links
