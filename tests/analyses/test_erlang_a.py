from __future__ import annotations

import math

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.erlang import agents_needed, growth_margin, mean_wait, service_level
from cx_map.analyses.erlang_a import Abandonment, impatient


def by_matrix(load: float, handle_time: float, agents: int, patience: float, within: float, room: int) -> Abandonment:
    """The same queue by linear algebra: a dense generator, its null vector, and its exponential over the waiting time."""
    arrivals, states = load / handle_time, agents + room + 1
    generator = numpy.zeros((states, states))
    for number in range(states):
        if number + 1 < states:
            generator[number, number + 1] = arrivals
        if number:
            generator[number, number - 1] = min(number, agents) / handle_time + max(number - agents, 0) / patience
        generator[number, number] = -generator[number].sum()
    system = numpy.vstack([generator.T, numpy.ones(states)])
    share = numpy.linalg.lstsq(system, numpy.append(numpy.zeros(states), 1.0), rcond=None)[0]
    queue = sum((number - agents) * share[number] for number in range(agents, states))
    # a tagged call: 0..room calls before it, then taken, then gone
    tagged = numpy.zeros((room + 3, room + 3))
    for before in range(room + 1):
        tagged[before, before - 1 if before else room + 1] = agents / handle_time + before / patience
        tagged[before, room + 2] = 1 / patience
        tagged[before, before] = -tagged[before].sum()
    doublings = 24
    step = numpy.eye(room + 3) + tagged * (within / 2**doublings)
    for _ in range(doublings):
        step = step @ step
    answered = share[:agents].sum() + sum(share[agents + before] * step[before, room + 1] for before in range(room + 1))
    busy = sum(min(number, agents) * share[number] for number in range(states))
    return Abandonment(answered, queue / patience / arrivals, queue / arrivals, busy / agents)


@given(st.integers(1, 8), st.floats(0.2, 1.3), st.floats(60, 600), st.floats(5, 240), st.floats(0, 60))
@settings(max_examples=25)
def test_equals_a_dense_markov_chain(
    agents: int, occupancy: float, handle_time: float, patience: float, within: float
) -> None:
    found = impatient(agents * occupancy, handle_time, agents, patience, within)
    dense = by_matrix(agents * occupancy, handle_time, agents, patience, within, 60)
    for one, other in zip(
        (found.answered, found.given_up, found.mean_wait, found.occupancy),
        (dense.answered, dense.given_up, dense.mean_wait, dense.occupancy),
        strict=True,
    ):
        assert one == pytest.approx(other, rel=2e-4, abs=2e-6)


def test_published_example_of_a_moderately_loaded_centre() -> None:
    """48 calls a minute of one minute, 50 agents, two minutes of patience (Mandelbaum and Zeltyn): 3.1 % give up."""
    found = impatient(48, 60, 50, 120, 20)
    assert found.given_up == pytest.approx(0.031, abs=5e-4)
    assert found.mean_wait == pytest.approx(3.7, abs=0.05)
    assert found.occupancy == pytest.approx(0.93, abs=5e-3)
    assert mean_wait(48, 60, 50) == pytest.approx(20.8, abs=0.1), "without abandonment"


def test_patience_as_long_as_handling_makes_the_number_in_the_system_poisson() -> None:
    load, agents = 10.0, 9
    poisson = [math.exp(-load) * load**number / math.factorial(number) for number in range(120)]
    queue = sum((number - agents) * share for number, share in enumerate(poisson) if number > agents)
    assert impatient(load, 100, agents, 100, 0).mean_wait == pytest.approx(queue / (load / 100))
    assert impatient(load, 100, agents, 100, 0).answered == pytest.approx(sum(poisson[:agents]))


@given(st.integers(1, 40), st.floats(0.1, 0.9), st.floats(1, 60))
@settings(max_examples=40)
def test_endless_patience_is_erlang_c(agents: int, occupancy: float, within: float) -> None:
    found = impatient(agents * occupancy, 200, agents, 1e9, within)
    assert found.answered == pytest.approx(service_level(agents * occupancy, 200, agents, within), abs=1e-5)


@given(st.integers(1, 60), st.floats(0.1, 3), st.floats(1, 1000), st.floats(0, 60))
@settings(max_examples=60)
def test_shares_are_shares_and_nobody_is_lost(agents: int, occupancy: float, patience: float, within: float) -> None:
    load = agents * occupancy
    found = impatient(load, 240, agents, patience, within)
    assert 0 <= found.answered <= 1 - found.given_up + 1e-9 <= 1 + 1e-9
    assert found.occupancy * agents == pytest.approx(load * (1 - found.given_up), rel=1e-6), (
        "who does not leave is served"
    )


def test_staffing_and_growth_are_the_edges() -> None:
    needed = agents_needed(48, 240, 0.8, 20, None, 120)
    assert needed < agents_needed(48, 240, 0.8, 20, None)
    assert service_level(48, 240, needed, 20, 120) >= 0.8 > service_level(48, 240, needed - 1, 20, 120)
    margin = growth_margin(48, 240, 55, 0.8, 20, 120)
    assert margin is not None
    assert (
        service_level(48 * (1 + margin), 240, 55, 20, 120)
        >= 0.8
        > service_level(48 * (1 + margin + 2e-5), 240, 55, 20, 120)
    )


def test_a_large_overloaded_centre_does_not_overflow() -> None:
    found = impatient(3000, 240, 2000, 60, 20)
    assert found.given_up == pytest.approx(1 / 3, abs=1e-3)
    assert found.occupancy == pytest.approx(1)
    with pytest.raises(ValueError, match="patience"):
        impatient(1, 1, 1, 0, 1)
