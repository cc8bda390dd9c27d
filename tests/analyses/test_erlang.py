"""Erlang C: the published numbers of analyses.md, H1, and the laws behind them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.erlang import agents_needed, growth_margin, mean_wait, service_level, wait_probability


def test_published_example() -> None:
    """360 calls in half an hour of 4 minutes each, 55 agents, 15 seconds."""
    load = 360 / 1800 * 240
    assert load == 48
    assert load / 55 == pytest.approx(0.8727, abs=5e-5)
    assert wait_probability(load, 55) == pytest.approx(0.23870, abs=5e-6)
    assert mean_wait(load, 240, 55) == pytest.approx(8.184, abs=5e-4)
    assert service_level(load, 240, 55, 15) == pytest.approx(0.84588, abs=5e-6)


def test_second_example() -> None:
    load = 100 / 1800 * 180
    assert wait_probability(load, 14) == pytest.approx(0.17413, abs=5e-6)
    assert service_level(load, 180, 14, 20) == pytest.approx(0.88835, abs=5e-6)


def test_staffing_and_growth_of_the_published_example() -> None:
    assert agents_needed(48, 240, 0.8, 20, None) == 54
    assert agents_needed(48, 240, 0.8, 20) == 57
    assert growth_margin(48, 240, 55, 0.8, 20) == pytest.approx(0.026, abs=5e-4)


def test_more_calls_than_agents_can_take_are_unstable() -> None:
    load = 414 / 1800 * 240
    assert load == pytest.approx(55.2)
    assert service_level(load, 240, 55, 20) == 0
    assert mean_wait(load, 240, 55) == math.inf
    assert wait_probability(load, 55) == 1
    assert growth_margin(load, 240, 55, 0.8, 20) is None


def by_sum(load: float, agents: int) -> float:
    """Erlang C by its textbook formula."""
    top = load**agents / math.factorial(agents) * agents / (agents - load)
    return top / (sum(load**number / math.factorial(number) for number in range(agents)) + top)


@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_recursion_equals_the_textbook_formula(agents: int, occupancy: float) -> None:
    assert wait_probability(agents * occupancy, agents) == pytest.approx(by_sum(agents * occupancy, agents), rel=1e-9)


@given(st.floats(0.1, 80), st.floats(30, 900), st.floats(0.5, 0.99), st.floats(0, 120), st.booleans())
@settings(max_examples=100)
def test_agents_needed_are_enough_and_one_fewer_is_not(
    load: float, time: float, share: float, within: float, occupied: bool
) -> None:
    limit = 0.85 if occupied else None
    agents = agents_needed(load, time, share, within, limit)

    def enough(number: int) -> bool:
        busy = limit is None or load / number <= limit + 1e-9
        return load < number and busy and service_level(load, time, number, within) >= share

    assert enough(agents)
    assert agents == 1 or not enough(agents - 1)


@given(st.integers(2, 60), st.floats(0.05, 0.95), st.floats(0.05, 1))
@settings(max_examples=100)
def test_growth_margin_is_the_edge(agents: int, occupancy: float, within: float) -> None:
    load = agents * occupancy
    margin = growth_margin(load, 240, agents, 0.8, within * 60)
    if margin is None:
        assert service_level(load, 240, agents, within * 60) < 0.8
    else:
        assert service_level(load * (1 + margin), 240, agents, within * 60) >= 0.8
        assert service_level(load * (1 + margin + 2e-5 * max(1.0, margin)), 240, agents, within * 60) < 0.8


def test_nobody_calls_and_nobody_answers() -> None:
    assert agents_needed(0, 240, 0.8, 20) == 0
    assert service_level(0, 240, 0, 20) == 1
    assert mean_wait(0, 240, 0) == 0
    assert growth_margin(0, 240, 5, 0.8, 20) == math.inf
    with pytest.raises(ValueError, match="no number of agents"):
        agents_needed(10, 240, 1.1, 20)


def test_all_in_time_is_read_as_all_but_one_in_ten_thousand() -> None:
    for patience in (None, 60.0):
        needed = agents_needed(10, 240, 1.0, 20, None, patience)
        assert needed == agents_needed(10, 240, 0.9999, 20, None, patience)
        assert growth_margin(10, 240, needed, 1.0, 20, patience) is not None


def test_a_pool_that_nothing_overloads_bears_any_growth() -> None:
    assert growth_margin(10, 240, 50, 0.0, 20, 60.0) == math.inf


def test_hardly_any_load_still_has_a_margin() -> None:
    """At 10^12 two numbers with a point are further apart than a hundred-thousandth."""
    margin = growth_margin(1e-10, 240, 100, 0.8, 20)
    assert margin is not None
    assert margin > 1e11
