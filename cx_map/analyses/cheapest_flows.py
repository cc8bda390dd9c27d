"""The cheapest flows that make an attribute, known in some places, known in others.

Cost of a step: nothing along a flow that carries the attribute for these customers already, 1 to let an existing flow
carry it (or for more customers), 5 for a new flow, half as much again where it crosses lines of business. Pairs
between which policy blocks the attribute are out, over other places, too. A cheapest way needs at most one new flow
unless policy is in the way, for two cost more than one across lines; it never starts at a platform that only makes
and sends or a store of reports (unless that is where the attribute is first known), and flows by hand are not given
more to carry; so: two bounded Dijkstra walks over existing flows, from both ends, and the best new flow between them.
O(flows log flows) a start set, kept; costs are our judgement.

Thousands of attributes may be known in the same thousands of places and in one more each: what they start from is given
in sets that they share (``cx_map.analyses.shared_sets``), and a start from which nothing flows costs nothing.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from msgspec import Struct

from cx_map.analyses.flow_walks import NO_LINE, NOTHING, Ahead, Costs, FlowWalks, flow_walks
from cx_map.analyses.operators import carried_too, connected, joined_pairs
from cx_map.analyses.shared_sets import SharedSets, in_any, merged
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Link, Scope
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
    return cheapest_flows_from(eco, attribute, (frozenset(starts),), targets, scope, within)


def cheapest_flows_from(
    eco: Ecosystem,
    attribute: str,
    begin: SharedSets,
    targets: Iterable[str],
    scope: Scope,
    within: float = math.inf,
) -> Repair | None:
    """The same, from places that are given in sets; the same sets are searched through once."""
    walks = eco.once(flow_walks)
    ends = frozenset(targets)
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
            starts = tuple(some - fewer for some in begin)
            other = _cheapest(walks, attribute, starts, ends - fewer, scope, fewer, within)
            if other is not None:
                heapq.heappush(queue, (other.cost, len(tried), other, fewer))
    return None


def allowed(eco: Ecosystem, source: str, target: str, attribute: str) -> bool:
    """Whether no policy blocks an attribute from going straight from one place to another."""
    return not eco.once(flow_walks).blocked(source, target, attribute)


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
    walks: FlowWalks,
    attribute: str,
    begin: SharedSets,
    ends: frozenset[str],
    scope: Scope,
    without: frozenset[str],
    within: float,
) -> _Way | None:
    """The cheapest way that leaves some places out, whatever places policy keeps apart beyond the next."""
    free = walks.free(attribute, scope)
    key = (attribute, begin, scope, without, within)
    if key not in walks.ahead:
        leaving = [walks.stores_among(some).leaving for some in begin]
        known = _dijkstra(
            walks, walks.forward, merged(leaving), attribute, free, NEW * CROSSING, without, within, ahead=True
        )
        beyond = {place: come for place, come in known.items() if not in_any(begin, place)}
        walks.ahead[key] = Ahead(begin, beyond, *_sources(walks, begin, beyond))
    ahead = walks.ahead[key]
    found = [(come[0], end, end, False) for end in sorted(ends) if (come := ahead.cost(end)) is not None]
    behind: Costs = dict.fromkeys(sorted(ends), (0.0, None))
    found += _new_flows(walks, attribute, ends, ahead, behind)
    if not found or min(found)[0] > NEW:  # else no way over other places can be cheaper
        key = (attribute, (ends,), scope, without, within)
        if key not in walks.behind:
            walks.behind[key] = _dijkstra(
                walks, walks.backward, sorted(ends), attribute, free, NEW * CROSSING - NEW, without, within, ahead=False
            )
        behind = walks.behind[key]
        found += _new_flows(walks, attribute, ends, ahead, behind)
    if not found:
        return None
    cost, source, target, new = min(found)
    before = _trail(ahead.beyond, source, forward=True)
    after = tuple(_trail(behind, target, forward=False)) if new else ()
    return _Way(cost, tuple(before), (source, target) if new else None, after)


def _repair(eco: Ecosystem, walks: FlowWalks, attribute: str, scope: Scope, way: _Way) -> Repair:
    """The changes that make a way."""
    free = walks.free(attribute, scope)
    widened = tuple(link for link in (*way.before, *way.after) if not free(link))
    changes = [carried_too(eco.inventory, link, attribute) for link in widened]
    if way.new is not None:
        changes.append(connected(*way.new, attribute, beside=way.new in eco.once(joined_pairs)))
    more = walks.more(widened, attribute, scope)
    return Repair(widened, way.new, way.cost, tuple(changes), more)


def _dijkstra(
    walks: FlowWalks, side: Mapping[str, list[Link]], begin: Iterable[str], attribute: str, free: Callable[[Link], bool],
    limit: float, without: frozenset[str], within: float, *, ahead: bool,
) -> dict[str, tuple[float, Link | None]]:  # fmt: skip
    """Cost of each place within the limit (exclusive), and the link by which it was come to, from places in order of id."""
    done: dict[str, tuple[float, Link | None]] = {}
    queue: list[tuple[float, int, str, Link | None]] = [(0.0, number, name, None) for number, name in enumerate(begin)]
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
    walks: FlowWalks, begin: SharedSets, beyond: Costs
) -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """The places beyond the first that a new flow may start from, the best first; and the same by line."""
    entities = walks.graph.inventory.entities
    stores = [one for one in beyond if isinstance(entities[one], (DataSource, Platform))]
    sources = [one for one in stores if not _end_of_line(entities[one])]
    if not sources and not any(walks.stores_among(some).ordered for some in begin):
        sources = stores or [*beyond, *(one for some in begin for one in some)]
    sources.sort(key=lambda one: (beyond.get(one, NOTHING)[0], one in beyond, one))
    return tuple(sources), walks.by_line(sources)


def _end_of_line(entity: Entity) -> bool:
    """Whether nobody would ask a place for customer data: a platform that makes and sends only, a store of reports and the like."""
    if isinstance(entity, DataSource):
        return entity.role in _LAST_STORES
    if not isinstance(entity, Platform) or any(one.mastery != "copy" for one in entity.holds or ()):
        return False
    return bool(entity.capabilities) and _SENDS.issuperset(entity.capabilities or ())


def _new_flows(
    walks: FlowWalks, attribute: str, ends: frozenset[str], ahead: Ahead, behind: Costs
) -> list[tuple[float, str, str, bool]]:
    """The best new flow from a place that knows to a place that leads to a target; empty where policy forbids all."""
    entities = walks.graph.inventory.entities
    stores = [one for one in behind if isinstance(entities[one], (DataSource, Platform))] or list(behind)
    best: tuple[float, str, str, bool] | None = None
    known = [walks.stores_among(some) for some in ahead.begin]
    for target in sorted(stores, key=lambda one: (behind[one][0], one not in ends, one)):
        if best is not None and behind[target][0] + NEW >= best[0]:
            break  # whatever it starts from, it cannot be cheaper
        lines = walks.lines.get(target, NO_LINE)
        pools = [chain(merged([some.ordered for some in known]), ahead.sources)]
        for line in sorted({*lines, ""}):
            pools.append(chain(merged([some.by_line.get(line, ()) for some in known]), ahead.by_line.get(line, ())))
        for pool in pools:
            source = next((one for one in pool if one != target and not walks.blocked(one, target, attribute)), None)
            if source is not None:
                one = walks.lines.get(source)
                crossing = CROSSING if one and lines is not NO_LINE and one.isdisjoint(lines) else 1.0
                come, _ = ahead.beyond.get(source, NOTHING)
                candidate = (come + behind[target][0] + NEW * crossing, source, target, True)
                best = candidate if best is None or candidate[0] < best[0] else best
    return [] if best is None else [best]


def _trail(found: Costs, place: str, *, forward: bool) -> list[Link]:
    """The links by which a place was come to, in their own order; places that are not found are those one starts from."""
    links: list[Link] = []
    link = found.get(place, NOTHING)[1]
    while link is not None:
        links.append(link)
        link = found.get(link.source if forward else link.target, NOTHING)[1]
    return links[::-1] if forward else links
