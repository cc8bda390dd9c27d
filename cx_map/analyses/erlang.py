"""The Erlang C queue: calls arrive at random, wait without giving up, and one of ``c`` equal agents answers.

A. K. Erlang, 1917. Waiting is overstated as utilisation nears 1, since in truth some callers give up: where their
patience is known, ``erlang_a`` counts that in.
"""

from __future__ import annotations

import math

from cx_map.analyses.erlang_a import impatient

OCCUPANCY = 0.85
"""The highest occupancy that agents are planned for: industry practice."""

_MOST_AGENTS = 1_000_000
_MOST_GROWTH = 3.0

ALL = 0.9999
"""The share that counts as all: a queue never answers everybody in time."""


def wait_probability(load: float, agents: int) -> float:
    """Erlang C: the probability that a call has to wait; 1 where the queue is unstable.

    ``load`` in Erlang (calls a second times seconds a call). By the recursion of Erlang B, which never
    overflows. O(agents).
    """
    if load <= 0:
        return 0.0
    if agents <= 0 or load >= agents:
        return 1.0
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - load / agents * (1 - blocked))


def mean_wait(load: float, handle_time: float, agents: int) -> float:
    """The average speed of answer in seconds; infinite where the queue is unstable."""
    if load >= agents:
        return math.inf if load > 0 else 0.0
    return wait_probability(load, agents) * handle_time / (agents - load)


def service_level(load: float, handle_time: float, agents: int, within: float, patience: float | None = None) -> float:
    """The share of calls answered within so many seconds; 0 where the queue is unstable.

    With a mean ``patience`` in seconds callers give up, and the queue is Erlang A.
    """
    if patience is not None:
        return impatient(load, handle_time, agents, patience, within).answered
    if load <= 0:
        return 1.0
    if load >= agents:
        return 0.0
    return 1 - wait_probability(load, agents) * math.exp(-(agents - load) * within / handle_time)


def agents_needed(
    load: float,
    handle_time: float,
    share: float,
    within: float,
    occupancy: float | None = OCCUPANCY,
    patience: float | None = None,
) -> int:
    """The fewest agents that reach a service level, and keep an occupancy unless that is None.

    A share of 1 cannot be reached and is read as :data:`ALL`. Raises ValueError where more than a million agents
    would be needed.
    """
    share = ALL if share == 1 else share
    if load <= 0:
        return 0
    agents = max(math.floor(load) + 1, 1) if patience is None else 1
    if occupancy is not None:
        agents = max(agents, math.ceil(load / occupancy - 1e-9))
    low, high = agents - 1, agents
    while service_level(load, handle_time, high, within, patience) < share:
        low, high = high, high + max(1, high - agents + 1)
        if high > _MOST_AGENTS:
            raise ValueError(f"no number of agents answers {share:.1%} within {within:g} s")
    while high - low > 1:
        middle = (low + high) // 2
        if service_level(load, handle_time, middle, within, patience) >= share:
            high = middle
        else:
            low = middle
    return high


def growth_margin(
    load: float, handle_time: float, agents: int, share: float, within: float, patience: float | None = None
) -> float | None:
    """The largest growth of load at which the service level still holds (0.1 is 10 %); None if it does not hold now.

    By bisection to a hundred-thousandth (of the growth, where that is more than double); infinite where there is no load
    or no growth that could do harm (it is not looked for beyond a fourfold load).
    """
    share = ALL if share == 1 else share
    if service_level(load, handle_time, agents, within, patience) < share:
        return None
    if load <= 0 or share <= 0:
        return math.inf
    low, high = 0.0, agents / load - 1
    while patience is not None and service_level(load * (1 + high), handle_time, agents, within, patience) >= share:
        if high > _MOST_GROWTH:
            return math.inf
        low, high = high, 2 * high + 1  # a queue that people leave has no load that it cannot bear
    while high - low > 1e-5 * max(1.0, low):
        middle = (low + high) / 2
        if not low < middle < high:  # numbers of this size are further apart
            break
        if service_level(load * (1 + middle), handle_time, agents, within, patience) >= share:
            low = middle
        else:
            high = middle
    return low
