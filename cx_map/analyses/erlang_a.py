"""The Erlang A queue: like Erlang C, but a waiting caller gives up after a random time (M/M/n+M).

C. Palm, Research on telephone traffic carried by full availability groups (1946, 1957); Garnett, Mandelbaum and
Reiman, Designing a call center with impatient customers (2002). Patience is exponential with the given mean. The
queue is always stable: who gives up makes room. Computed from the birth and death chain itself, cut where what is
left out is below 1e-12 of it: O(agents + queue).

A caller counts as answered within a time if an agent takes the call by then; who gives up earlier was not answered.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

_NEGLIGIBLE = 1e-12
_MOST_WAITING = 1_000_000


class Abandonment(Struct, frozen=True):
    """What happens to calls, as shares of all of them; ``mean_wait`` in seconds over all calls, given up or answered."""

    answered: float
    """Answered within the time asked for."""
    given_up: float
    mean_wait: float
    occupancy: float


def impatient(load: float, handle_time: float, agents: int, patience: float, within: float) -> Abandonment:
    """An Erlang A queue with ``load`` in Erlang and mean patience, handling time and ``within`` in seconds.

    Raises ValueError where patience is not above 0.
    """
    if patience <= 0:
        raise ValueError("patience is above 0 seconds")
    if load <= 0:
        return Abandonment(1.0, 0.0, 0.0, 0.0)
    if agents <= 0:
        return Abandonment(0.0, 1.0, patience, 1.0)
    at_once, waiting = _stationary(load, handle_time, agents, patience)
    mean_queue = sum(number * share for number, share in enumerate(waiting, start=1))
    arrivals = load / handle_time
    given_up = mean_queue / patience / arrivals
    # a call that finds all agents busy and n calls waiting is the (n+1)-th to be taken
    queueing = [at_once[agents], *waiting]
    answered = sum(at_once[:agents]) + _answered_in_time(queueing, handle_time, agents, patience, within)
    busy = sum(number * share for number, share in enumerate(at_once)) + agents * sum(waiting)
    return Abandonment(min(answered, 1.0), min(given_up, 1.0), mean_queue / arrivals, busy / agents)


def _stationary(load: float, handle_time: float, agents: int, patience: float) -> tuple[list[float], list[float]]:
    """The shares of time with 0 to all agents busy and none waiting, and with 1, 2, ... calls waiting.

    Weights are relative to all agents busy, from there down and up, so that nothing overflows.
    """
    down = [1.0]
    for number in range(agents, 0, -1):
        down.append(down[-1] * number / load)
        if down[-1] > 1e280:
            scale = down[-1]
            down = [one / scale for one in down]
    at_once = [*reversed(down)]
    arrivals, top = load / handle_time, at_once[agents]
    waiting: list[float] = []
    weight, total = top, sum(at_once)
    for number in range(1, _MOST_WAITING):
        rate = agents / handle_time + number / patience
        weight *= arrivals / rate
        waiting.append(weight)
        total += weight
        if arrivals < rate and weight / (1 - arrivals / rate) < _NEGLIGIBLE * total:
            break
    return [one / total for one in at_once], [one / total for one in waiting]


def _answered_in_time(
    queueing: Sequence[float], handle_time: float, agents: int, patience: float, within: float
) -> float:
    """The share of all calls that wait and are answered in time.

    With n calls before it, the next step forward comes at rate agents / handle_time + n / patience (an agent becomes
    free, or one of them gives up), and it gives up itself at rate 1 / patience. The chance to be taken by then follows
    from this chain by uniformization (Jensen 1953).
    """
    leave, freed = 1 / patience, agents / handle_time
    most = len(queueing)
    rate = freed + most * leave
    mean = rate * within
    ahead = list(queueing)  # by the number of calls before it
    taken, found, steps = 0.0, 0.0, 0
    log_weight, remaining = -mean, 1.0  # of exactly so many steps, Poisson
    last = mean + 12 * math.sqrt(mean + 1) + 40
    while steps <= last and remaining > 1e-13:
        weight = math.exp(log_weight)
        found += weight * taken
        remaining -= weight
        taken += ahead[0] * freed / rate
        following = [0.0] * most
        for place, share in enumerate(ahead):
            step = (freed + place * leave) / rate if place else 0.0
            gone = (leave + (freed if place == 0 else 0.0)) / rate
            if place:
                following[place - 1] += share * step
            following[place] += share * (1 - step - gone)
        ahead = following
        steps += 1
        log_weight += math.log(mean / steps) if mean > 0 else -math.inf
    return found + max(remaining, 0.0) * taken
