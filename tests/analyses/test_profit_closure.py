"""The selection worth doing equals the best of all closed subsets; analyses.md, H8."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.profit_closure import Worth, profit_closure

SAMPLE = {"cdp": -900, "prefs": 700, "ccm": -500, "retire": 650, "callback": 120}
JOINED = [
    {"prefs": ["cdp"], "ccm": ["cdp"], "retire": ["ccm"]},  # the composer stands on the customer data platform
    {"prefs": ["cdp"], "retire": ["ccm", "prefs"]},  # nothing may go before preferences hold everywhere
]


def worths(amounts: dict[str, int]) -> dict[str, Worth]:
    return {job: Worth(amount, "customers/month") for job, amount in amounts.items()}


@pytest.mark.parametrize("requires", JOINED)
def test_the_sample_of_h8_honestly_keeps_only_the_callback(requires: dict[str, list[str]]) -> None:
    found = profit_closure(worths(SAMPLE), requires)
    assert found.chosen == ("callback",)
    assert found.profit == 120
    assert found.rest == -50
    assert found.unit == "customers/month"


@pytest.mark.parametrize("requires", JOINED)
def test_the_bundle_of_the_sample_is_worth_it_from_51_more_on(requires: dict[str, list[str]]) -> None:
    even = profit_closure(worths({**SAMPLE, "retire": 700}), requires)
    assert (even.chosen, even.rest) == (("callback",), 0)
    more = profit_closure(worths({**SAMPLE, "retire": 701}), requires)
    assert (more.chosen, more.profit) == (tuple(SAMPLE), 121)


def test_without_the_link_retiring_pays_for_the_composer() -> None:
    found = profit_closure(worths(SAMPLE), {"prefs": ["cdp"], "retire": ["ccm"]})
    assert found.chosen == ("ccm", "retire", "callback")


JOBS = "abcdefg"
AMOUNTS = st.dictionaries(
    st.sampled_from(JOBS),
    st.integers(-9, 9) | st.fractions(-9, 9, max_denominator=7) | st.integers(-90, 90).map(lambda one: one / 10),
)


@settings(max_examples=300, deadline=None)
@given(AMOUNTS, st.dictionaries(st.sampled_from(JOBS), st.sets(st.sampled_from(JOBS), max_size=3)))
def test_the_selection_is_the_smallest_of_the_best_closed_subsets(
    amounts: dict[str, float | Fraction], requires: dict[str, set[str]]
) -> None:
    found = profit_closure({job: Worth(amount, "") for job, amount in amounts.items()}, requires)
    exact = {job: Fraction(str(amount)) for job, amount in amounts.items()}
    closed = [
        set(chosen)
        for size in range(len(exact) + 1)
        for chosen in itertools.combinations(exact, size)
        if all(requires.get(job, set()) & exact.keys() <= set(chosen) for job in chosen)
    ]
    profits = [sum(exact[job] for job in chosen) for chosen in closed]
    best = max(profits)
    assert found.profit == best
    assert set(found.chosen) == set.intersection(
        *(chosen for chosen, profit in zip(closed, profits, strict=True) if profit == best)
    )
    assert found.profit + found.rest == sum(exact.values())


def test_amounts_are_never_turned_into_another_unit_or_guessed() -> None:
    with pytest.raises(ValueError, match="not of EUR and customers/month"):
        profit_closure({"a": Worth(5, "EUR"), "b": Worth(7, "customers/month")}, {})
    with pytest.raises(ValueError, match="finite"):
        profit_closure({"a": Worth(float("inf"), "EUR")}, {})
    assert profit_closure({}, {}).chosen == ()


def test_tenths_are_tenths() -> None:
    found = profit_closure({"a": Worth(0.1, ""), "b": Worth(0.2, ""), "c": Worth(-0.3, "")}, {"a": ["c"], "b": ["c"]})
    assert (found.chosen, found.profit, found.rest) == ((), 0, 0)
