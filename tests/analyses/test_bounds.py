from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cx_map.analyses.bounds import UNKNOWN, ZERO, Bounds, bounds_of, exactly, total
from cx_map.model.values import Number

numbers = st.floats(0, 1e6)


@st.composite
def bounded(draw: st.DrawFn) -> tuple[Bounds, float]:
    low, value, high = sorted((draw(numbers), draw(numbers), draw(numbers)))
    shown = draw(st.booleans())
    return Bounds(low, value if shown else None, draw(st.sampled_from([high, None])) if not shown else high), value


@given(bounded(), bounded())
def test_truth_stays_within_sums_and_products(one: tuple[Bounds, float], two: tuple[Bounds, float]) -> None:
    for found, truth in ((one[0] + two[0], one[1] + two[1]), (one[0] * two[0], one[1] * two[1])):
        assert found.low <= truth * (1 + 1e-9)
        assert found.high is None or truth <= found.high * (1 + 1e-9)
        assert found.value is None or abs(found.value - truth) <= 1e-9 * max(1.0, truth)


@given(bounded(), bounded())
def test_truth_stays_within_what_another_number_limits(one: tuple[Bounds, float], two: tuple[Bounds, float]) -> None:
    (number, first), (limit, second) = one, two
    found, truth = number.at_most(limit), min(first, second)
    assert found.low <= truth or limit.high is None
    assert found.high is None or truth <= found.high
    assert UNKNOWN.at_most(limit) == UNKNOWN


def test_nothing_times_the_unknown_is_nothing_and_the_unknown_is_never_nothing() -> None:
    assert (ZERO * UNKNOWN).high == 0
    assert (exactly(2.0) * UNKNOWN).high is None
    assert total([]).value == 0
    assert total([exactly(1), UNKNOWN]).value is None
    assert total([exactly(1), UNKNOWN]).low == 1
    assert bounds_of(None) == UNKNOWN


def test_the_own_basis_wins_and_the_worst_of_a_sum_counts() -> None:
    assert bounds_of(Number(value=3, basis="measured"), "assumed").basis == "measured"
    assert bounds_of(Number(value=3), "assumed").basis == "assumed"
    assert (bounds_of(Number(value=3, basis="estimated")) + bounds_of(Number(value=4))).basis == "estimated"
