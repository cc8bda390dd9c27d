"""The order that brings most the soonest: the least waiting of all orders, or at most twice it."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.ratio_order import Effort, benefit_curve, best_ratio, ratio_order, waiting

JOBS = "abcdef"
EFFORTS = st.dictionaries(
    st.sampled_from(JOBS),
    st.builds(Effort, st.integers(1, 6).map(Fraction), st.integers(0, 9).map(Fraction)),
    min_size=1,
)
BEFORE = st.lists(
    st.tuples(st.sampled_from(JOBS), st.sampled_from(JOBS)).filter(lambda pair: pair[0] < pair[1]), max_size=6
)


def by_job(pairs: list[tuple[str, str]]) -> dict[str, set[str]]:
    return {job: {first for first, later in pairs if later == job} for job in JOBS}


def orders(efforts: dict[str, Effort], before: dict[str, set[str]]) -> list[tuple[str, ...]]:
    return [
        order
        for order in itertools.permutations(efforts)
        if all(before[job] & efforts.keys() <= set(order[:place]) for place, job in enumerate(order))
    ]


@settings(max_examples=100, deadline=None)
@given(EFFORTS, BEFORE)
def test_few_jobs_are_ordered_as_the_best_of_all_orders(
    efforts: dict[str, Effort], pairs: list[tuple[str, str]]
) -> None:
    before = by_job(pairs)
    found = ratio_order(efforts, before)
    every = orders(efforts, before)
    assert found.exact
    assert found.order in every
    assert waiting(found.order, efforts) == min(waiting(order, efforts) for order in every)


@settings(max_examples=100, deadline=None)
@given(EFFORTS, BEFORE)
def test_many_jobs_cost_at_most_twice_the_least(efforts: dict[str, Effort], pairs: list[tuple[str, str]]) -> None:
    before = by_job(pairs)
    found = ratio_order(efforts, before, exact=0)
    every = orders(efforts, before)
    assert found.order in every
    assert waiting(found.order, efforts) <= 2 * min(waiting(order, efforts) for order in every)


@settings(max_examples=100, deadline=None)
@given(EFFORTS)
def test_without_prerequisites_ratios_decide(efforts: dict[str, Effort]) -> None:
    least = min(waiting(order, efforts) for order in itertools.permutations(efforts))
    assert waiting(ratio_order(efforts, {}, exact=0).order, efforts) == least


@settings(max_examples=150, deadline=None)
@given(EFFORTS, BEFORE)
def test_the_best_ratio_is_that_of_all_closed_subsets(efforts: dict[str, Effort], pairs: list[tuple[str, str]]) -> None:
    before = by_job(pairs)

    def ratio(chosen: tuple[str, ...]) -> Fraction:
        return Fraction(sum(efforts[job].benefit for job in chosen), sum(efforts[job].time for job in chosen))

    closed = [
        chosen
        for size in range(1, len(efforts) + 1)
        for chosen in itertools.combinations(efforts, size)
        if all(before[job] & efforts.keys() <= set(chosen) for job in chosen)
    ]
    found = best_ratio(efforts, before)
    assert set(found) in map(set, closed)
    assert ratio(found) == max(map(ratio, closed))


def test_a_small_benefit_waits_unless_a_large_one_needs_it() -> None:
    efforts = {name: Effort(Fraction(time), Fraction(benefit)) for name, time, benefit in
               (("tidy", 2, 1), ("base", 1, 0), ("answer", 3, 41))}  # fmt: skip
    found = ratio_order(efforts, {"answer": {"base"}})
    assert found.order == ("base", "answer", "tidy")
    assert benefit_curve(found.order, efforts) == ((1, 0), (4, 41), (6, 42))
    assert waiting(found.order, efforts) == 4 * 41 + 6


@pytest.mark.parametrize("exact", [0, 14])
def test_what_waits_for_one_thing_comes_by_its_own_ratio_and_equals_as_given(exact: int) -> None:
    efforts = {name: Effort(Fraction(time), Fraction(benefit)) for name, time, benefit in
               (("small", 1, 5), ("large", 1, 10), ("twin", 1, 10), ("base", 10, 0))}  # fmt: skip
    before = {name: {"base"} for name in ("small", "large", "twin")}
    assert ratio_order(efforts, before, exact).order == ("base", "large", "twin", "small")
    assert ratio_order(dict(reversed(efforts.items())), before, exact).order == ("base", "twin", "large", "small")


def test_what_cannot_be_ordered_is_refused() -> None:
    one = Effort(Fraction(1), Fraction(1))
    with pytest.raises(ValueError, match="a, b wait for one another"):
        ratio_order({"a": one, "b": one}, {"a": {"b"}, "b": {"a"}})
    with pytest.raises(ValueError, match="takes some time"):
        ratio_order({"a": Effort(Fraction(0), Fraction(1))}, {})
