"""The minimum collection plan equals brute force over all subsets, and the greedy one is a cover."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.collection_plan import EXACT, Constraint, cheapest_cover, collection_plans, coverage_of
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of


@st.composite
def covers(draw: st.DrawFn, size: int = 7) -> tuple[list[float], list[Constraint], frozenset[int]]:
    count = draw(st.integers(1, size))
    costs = [draw(st.sampled_from((0.0, 1.0, 2.0, 3.5, 10.0))) for _ in range(count)]
    constraints = []
    for number in range(draw(st.integers(0, 4))):
        members = draw(st.sets(st.integers(0, count - 1), min_size=1))
        reach = {member: draw(st.sampled_from((0.1, 0.5, 0.8, 0.97))) for member in sorted(members)}
        constraints.append(Constraint(f"s{number}", None, reach, min(0.95, coverage_of(reach, frozenset(reach)))))
    return costs, constraints, frozenset(draw(st.sets(st.integers(0, count - 1), max_size=1)))


def met(constraints: list[Constraint], chosen: frozenset[int]) -> bool:
    return all(coverage_of(one.reach, chosen) >= one.wanted - 1e-9 for one in constraints)


@settings(max_examples=150)
@given(covers())
def test_the_plan_is_as_cheap_as_the_best_subset(case: tuple[list[float], list[Constraint], frozenset[int]]) -> None:
    costs, constraints, fixed = case
    chosen, exact = cheapest_cover(costs, constraints, fixed)
    everything = range(len(costs))
    best = min(
        sum(costs[number] for number in subset)
        for size in range(len(costs) + 1)
        for subset in map(frozenset, combinations(everything, size))
        if fixed <= subset and met(constraints, subset)
    )
    assert exact
    assert fixed <= chosen
    assert met(constraints, chosen)
    assert sum(costs[number] for number in chosen) == pytest.approx(best)


def test_coverage_is_one_less_the_product_of_misses() -> None:
    assert coverage_of({0: 0.5, 1: 0.8, 2: 0.9}, {0, 1}) == pytest.approx(0.9)
    assert coverage_of({0: 0.5}, set()) == 0


def test_too_many_asks_are_planned_greedily_and_nothing_superfluous_stays() -> None:
    count = EXACT + 4
    reach = {number: 0.3 + number / 100 for number in range(count)}
    constraint = Constraint("s", None, reach, 0.95)
    chosen, exact = cheapest_cover([1.0] * count, [constraint], frozenset())
    assert not exact
    assert met([constraint], chosen)
    assert all(not met([constraint], chosen - {number}) for number in chosen)


def test_asks_that_meet_nowhere_are_planned_apart() -> None:
    constraints = [Constraint(f"s{number}", None, {2 * number: 0.9, 2 * number + 1: 0.9}, 0.9) for number in range(20)]
    chosen, exact = cheapest_cover([1.0, 2.0] * 20, constraints, frozenset())
    assert exact
    assert chosen == frozenset(range(0, 40, 2))


def test_a_plan_says_what_is_sure_and_what_holds_if_points_are_passed_independently() -> None:
    """analyses.md, B: independence of reach is an assumption, so both the greatest reach and the product are told."""
    point = "{{segments: [{{segment: s, reach: {}}}], volume: {}/month, writes_to: [crm], asks: [contact.phone]}}"
    text = "segments: {s: {customers: 1000}}\ndata_sources: {crm: {}}\ncollection_points:\n" + "\n".join(
        f"  p{number}: {point.format(reach, volume)}"
        for number, (reach, volume) in enumerate((("80%", 100), ("80%", 200), ("40%", 5000)))
    )
    (plan,), open_ = collection_plans(Ecosystem(inventory_of(text)), 0.95)
    assert open_ == {}
    assert [asked.point.id for asked in plan.keep] == ["p0", "p1"]
    assert [asked.point.id for asked in plan.drop] == ["p2"]
    assert plan.certain == pytest.approx(0.8)
    assert plan.expected == pytest.approx(0.96)
    assert plan.exact
