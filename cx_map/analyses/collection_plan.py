"""The least that has to be asked: for each attribute the cheapest asks that keep everybody informed (analyses.md, B).

For each attribute by itself: choose among its asks so that at every place that gets answers today, and for every segment, the
share of customers whose answer gets there stays at least the smaller of *coverage* (95 %) and what all asks together
achieve; at the least cost, visits times seconds. Asks that a law demands stay. A point that asks for it more than once
reaches nobody more by that: only the best of these asks counts (one that a law demands, else the cheapest), the others go. Reach is taken as independent from ask to ask
(shares combine as 1 - product of misses); the plan also says what is certain whatever depends on what: the largest reach.

Asks that meet at no place are planned apart. Up to 16 asks that hang together are solved exactly (branch and bound over
all subsets); more of them greedily, by coverage gained a cost, within a factor of about ln n of the optimum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from cx_map.analyses.asked_again import visits_of
from cx_map.analyses.bounds import Bounds, bounds_of
from cx_map.analyses.known_asks import EFFORTLESS, Asked, asks_of, writes_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.attributes import PREFERENCE, seconds_to_give
from cx_map.model.inventory import basis_of
from cx_map.model.values import worst_basis

EXACT = 16
"""Most asks that are solved exactly."""

_TOLERANCE = 1e-9


class Constraint(Struct, frozen=True):
    """What must be known at a place about a segment: each ask's reach (by number), and the share wanted."""

    place: str
    segment: str | None
    reach: Mapping[int, float]
    wanted: float


class Plan(Struct, frozen=True):
    """Asks of one attribute to keep and to drop, with the hours a month saved.

    ``exact`` is False where there were too many asks for an exact plan. ``certain`` is the least share, over all
    constraints, that is reached whatever reaches depend on each other; ``expected`` the same if they do not.
    """

    attribute: str
    keep: tuple[Asked, ...]
    drop: tuple[Asked, ...]
    hours: Bounds
    exact: bool
    certain: float
    expected: float


def coverage_of(reach: Mapping[int, float], chosen: frozenset[int] | set[int]) -> float:
    """The share reached by some asks, if they are independent."""
    missed = 1.0
    for number, share in reach.items():
        if number in chosen:
            missed *= 1.0 - share
    return 1.0 - missed


def cheapest_cover(
    costs: Sequence[float], constraints: Sequence[Constraint], fixed: frozenset[int]
) -> tuple[frozenset[int], bool]:
    """The cheapest asks that meet all constraints, and whether that is exact. Of equal ones the smallest, then the first.

    Exact for at most :data:`EXACT` asks that hang together: O(2^n * constraints) at worst.
    """
    chosen: set[int] = set(fixed)
    exact = True
    for group, own in _groups(len(costs), constraints):
        if len(group) <= EXACT:
            chosen |= _exactly(group, costs, own, fixed & frozenset(group))
        else:
            chosen |= _greedily(group, costs, own, fixed & frozenset(group))
            exact = False
    return frozenset(chosen), exact


def _groups(size: int, constraints: Sequence[Constraint]) -> Iterator[tuple[list[int], list[Constraint]]]:
    """Asks that hang together by constraints (union-find)."""
    parent = list(range(size))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for one in constraints:
        members = sorted(one.reach)
        for other in members[1:]:
            parent[root(other)] = root(members[0])
    groups: dict[int, tuple[list[int], list[Constraint]]] = {}
    for number in range(size):
        groups.setdefault(root(number), ([], []))[0].append(number)
    for one in constraints:
        if one.reach:
            groups[root(min(one.reach))][1].append(one)
    yield from groups.values()


def _exactly(
    group: list[int], costs: Sequence[float], constraints: list[Constraint], fixed: frozenset[int]
) -> frozenset[int]:
    """Branch and bound: the dearest asks are tried to be dropped first."""
    order = sorted((number for number in group if number not in fixed), key=lambda one: (-costs[one], one))
    best: tuple[float, int, tuple[int, ...]] = (sum(costs[one] for one in group), len(group), tuple(sorted(group)))

    def feasible(chosen: set[int]) -> bool:
        return all(coverage_of(one.reach, chosen) >= one.wanted - _TOLERANCE for one in constraints)

    def branch(at: int, chosen: set[int], spent: float) -> None:
        """``chosen`` holds what is kept so far and everything not yet decided."""
        nonlocal best
        if spent > best[0] + _TOLERANCE or not feasible(chosen):
            return
        if at == len(order):
            candidate = (spent, len(chosen), tuple(sorted(chosen)))
            if candidate[0] < best[0] - _TOLERANCE or (
                abs(candidate[0] - best[0]) <= _TOLERANCE and candidate[1:] < best[1:]
            ):
                best = candidate
            return
        number = order[at]
        branch(at + 1, chosen - {number}, spent)
        branch(at + 1, chosen, spent + costs[number])

    branch(0, set(group), sum(costs[one] for one in fixed))
    return frozenset(best[2])


def _greedily(
    group: list[int], costs: Sequence[float], constraints: list[Constraint], fixed: frozenset[int]
) -> frozenset[int]:
    """Take what gains most coverage a cost until everything is met, then give back what is not needed."""
    chosen = set(fixed)

    def short(of: set[int]) -> float:
        return sum(max(one.wanted - coverage_of(one.reach, of), 0.0) for one in constraints)

    while (gap := short(chosen)) > _TOLERANCE:
        rest = [number for number in group if number not in chosen]
        gains = {number: gap - short(chosen | {number}) for number in rest}
        chosen.add(max(rest, key=lambda one: (gains[one] / max(costs[one], _TOLERANCE), -one)))
    for number in sorted(chosen - fixed, key=lambda one: (-costs[one], one)):
        if short(chosen - {number}) <= _TOLERANCE:
            chosen.discard(number)
    return frozenset(chosen)


def collection_plans(eco: Ecosystem, coverage: float) -> tuple[tuple[Plan, ...], Mapping[str, str]]:
    """The plan of every attribute that several points ask for, and why some cannot be planned."""
    by_attribute: dict[str, list[Asked]] = {}
    for asked in eco.once(asks_of):
        if plannable(asked):
            by_attribute.setdefault(asked.attribute, []).append(asked)
    plans: list[Plan] = []
    open_: dict[str, str] = {}
    for attribute, asks in sorted(by_attribute.items()):
        if len({asked.point.id for asked in asks}) < 2:
            continue
        reason = _unknown(eco, asks)
        if reason is not None:
            open_[attribute] = reason
        else:
            plans.append(_plan(eco, attribute, asks, coverage))
    return tuple(plans), open_


def plannable(asked: Asked) -> bool:
    """Whether an ask costs customers anything that a plan could save; who is asked anonymously is known to nobody."""
    ask = asked.ask
    if (
        asked.purpose not in ("collect", "refresh")
        or asked.point.anonymous
        or asked.point.kind_ in EFFORTLESS
        or asked.attribute.startswith(PREFERENCE)
    ):
        return False
    return ask.prefilled_from is None and not ask.step_up


def _unknown(eco: Ecosystem, asks: list[Asked]) -> str | None:
    """What is missing for a plan, or None."""
    if any(asked.point.writes_to is None for asked in asks):
        return "where answers go is not known"
    if any(share is None for asked in asks for share in asked.reach.values()):
        return "which share of a segment passes a collection point is not known"
    if any(not cost_of(eco, asked).known for asked in asks):
        return "the volume of a collection point, or the seconds an answer takes, are not known"
    return None


def cost_of(eco: Ecosystem, asked: Asked) -> Bounds:
    """Hours a month that customers spend on an ask."""
    volume = asked.point.volume
    stated = basis_of(eco.inventory, asked.point)
    if volume is not None:
        visits = bounds_of(volume, stated)
    else:
        parts = [visits_of(eco, asked, segment) for segment in asked.reach]
        visits = Bounds(
            sum(one.low for one in parts),
            None if any(one.value is None for one in parts) else sum(one.value or 0.0 for one in parts),
            None if any(one.high is None for one in parts) else sum(one.high or 0.0 for one in parts),
            worst_basis(*(one.basis for one in parts)),
        )
    own = asked.ask.seconds
    seconds = bounds_of(own, stated) if own is not None else bounds_of(seconds_to_give(eco.inventory, asked.attribute))
    return visits * seconds.scaled(1 / 3600)


def constraints_of(eco: Ecosystem, attribute: str, asks: Sequence[Asked], coverage: float) -> list[Constraint]:
    """What must stay known about each segment, at every store that asks of that segment write to.

    O(asks * stores of their segments).
    """
    graph = eco.once(propagation)
    reached: dict[tuple[str, str | None], dict[int, float]] = {}
    places: dict[str | None, set[str]] = {}
    for asked in asks:
        for segment in asked.reach:
            places.setdefault(segment, set()).update(writes_of(eco.inventory, asked.point) - {asked.point.id})
    for number, asked in enumerate(asks):
        for segment, share in asked.reach.items():
            if share is None:
                continue
            scope = graph.scope_for(segment, attribute)
            known = graph.reach(attribute, writes_of(eco.inventory, asked.point), scope)
            for place in places[segment] & known:
                reached.setdefault((place, segment), {})[number] = share.value
    found = []
    for (place, segment), reach in sorted(reached.items(), key=lambda pair: (pair[0][0], pair[0][1] or "")):
        everything = coverage_of(reach, frozenset(reach))
        found.append(Constraint(place, segment, reach, min(coverage, everything)))
    return found


def _one_a_point(asks: list[Asked], costs: Sequence[Bounds]) -> tuple[list[int], list[int]]:
    """Of the asks of each point (by number) the one that counts, and the others."""
    best: dict[str, int] = {}
    order = sorted(range(len(asks)), key=lambda one: (asks[one].ask.legal_basis is None, costs[one].said, one))
    for number in order:
        best.setdefault(asks[number].point.id, number)
    counting = sorted(best.values())
    return counting, [number for number in range(len(asks)) if number not in counting]


def _plan(eco: Ecosystem, attribute: str, every: list[Asked], coverage: float) -> Plan:
    all_costs = [cost_of(eco, asked) for asked in every]
    counting, beside = _one_a_point(every, all_costs)
    asks, costs = [every[number] for number in counting], [all_costs[number] for number in counting]
    constraints = constraints_of(eco, attribute, asks, coverage)
    fixed = frozenset(number for number, asked in enumerate(asks) if asked.ask.legal_basis is not None)
    written = frozenset(number for one in constraints for number in one.reach)
    lost = frozenset(range(len(asks))) - written  # their answers go nowhere: nothing says that they are superfluous
    chosen, exact = cheapest_cover([cost.said for cost in costs], constraints, fixed | lost)
    nowhere = {asks[number].point.id for number in lost}
    kept = {counting[number] for number in chosen}
    kept |= {one for one in beside if every[one].ask.legal_basis is not None or every[one].point.id in nowhere}
    saved = Bounds(0.0, 0.0, 0.0, "measured")
    for number, cost in enumerate(all_costs):
        if number not in kept:
            saved = saved + cost
    met = [
        (max((share for number, share in one.reach.items() if number in chosen), default=0.0), one)
        for one in constraints
    ]
    return Plan(
        attribute,
        tuple(asked for number, asked in enumerate(every) if number in kept),
        tuple(asked for number, asked in enumerate(every) if number not in kept),
        saved,
        exact,
        min((least for least, _ in met), default=0.0),
        min((coverage_of(one.reach, chosen) for one in constraints), default=0.0),
    )
