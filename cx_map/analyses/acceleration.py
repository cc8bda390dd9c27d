"""The fewest steps to speed up so that a late communication is in time: a minimum cut on negative slack (A4)."""

from __future__ import annotations

import math

from msgspec import Struct

from cx_map.analyses.supply_times import Arrival, Step

MOST_PATHS = 500
MOST_STEPS = 200
"""No path is followed further: the search below goes down one call a step."""


class SpeedUp(Struct, frozen=True):
    """A step and the seconds it may take from now on."""

    step: Step
    seconds: float


def speed_ups(arrival: Arrival, deadline: float) -> tuple[SpeedUp, ...] | None:
    """The fewest flows and platforms to speed up so that every late input is in time; None where that is not enough.

    On the tree of what a route waits for: the fewest steps of which each late path holds one with enough time to
    give. Where a path has none, its longest steps are brought to nothing until it fits. Channels are as fast as they
    are. O(paths * depth squared); None too where there are more than ``MOST_PATHS`` paths, or one of over ``MOST_STEPS``.
    """
    if not _small(arrival):
        return None
    chosen = _cut(arrival, arrival.seconds - deadline, 0.0)
    if chosen is None:
        return _several(arrival, deadline)
    found: dict[tuple[str, str, str], SpeedUp] = {}
    for step, need in chosen:
        key = (step.kind, step.source, step.target)
        seconds = math.floor(step.seconds - need)
        if key not in found or seconds < found[key].seconds:
            found[key] = SpeedUp(step, seconds)
    return tuple(found[key] for key in sorted(found))


def _small(arrival: Arrival) -> bool:
    """Whether at most ``MOST_PATHS`` paths lead to a node, none of them over ``MOST_STEPS`` steps. O(steps); no recursion.

    The slowest path is followed first: a chain that is too long is given up after its first steps.
    """
    current, length = arrival, 0
    while current.inputs:
        current, length = current.inputs[0][1], length + 1
        if length > MOST_STEPS:
            return False
    paths: dict[int, int] = {}
    steps: dict[int, int] = {}
    waiting = [arrival]
    while waiting:
        node = waiting[-1]
        before = [one for _, one in node.inputs]
        missing = [one for one in before if id(one) not in paths]
        if missing and id(node) not in paths:
            waiting += missing
            continue
        waiting.pop()
        paths[id(node)] = sum(paths[id(one)] for one in before) or 1
        steps[id(node)] = max((steps[id(one)] for one in before), default=0) + 1
    return paths[id(arrival)] <= MOST_PATHS and steps[id(arrival)] <= MOST_STEPS


def _cut(node: Arrival, late: float, covered: float) -> list[tuple[Step, float]] | None:
    """The fewest steps below a node, each with the seconds it has to give; None where a path has no such step.

    ``late`` is how late the slowest path through the node is; paths at most ``covered`` late are mended by a step
    chosen nearer to the customer.
    """
    if late <= max(covered, 0.0):
        return []
    if not node.inputs:
        return None
    chosen: list[tuple[Step, float]] = []
    for step, before in node.inputs:
        seconds = step.seconds if step is not None else 0.0
        through = late - node.seconds + before.seconds + seconds
        without = _cut(before, through, covered)
        best = without
        if step is not None and step.kind != "channel" and seconds > covered and through > max(covered, 0.0):
            rest = _cut(before, through, seconds)
            if rest is not None and (without is None or len(rest) + 1 < len(without)):
                best = [(step, min(seconds, _latest(before, through, seconds))), *rest]
        if best is None:
            return None
        chosen += best
    return chosen


def _latest(node: Arrival, late: float, most: float) -> float:
    """How late the latest path through a node is, of those at most ``most`` late."""
    if not node.inputs:
        return late if late <= most else 0.0
    passing = (
        late - node.seconds + before.seconds + (step.seconds if step is not None else 0.0)
        for step, before in node.inputs
    )
    return max(_latest(before, through, most) for (_, before), through in zip(node.inputs, passing, strict=True))


def _several(arrival: Arrival, deadline: float) -> tuple[SpeedUp, ...] | None:
    """Every late path made to fit by taking all the time of its longest steps, as far as needed."""
    taken: dict[tuple[str, str, str], SpeedUp] = {}
    paths: list[tuple[Arrival, list[Step]]] = [(arrival, [])]
    while paths:
        node, steps = paths.pop()
        if node.inputs:
            paths += [(before, [*steps, step] if step is not None else steps) for step, before in node.inputs]
            continue
        late = sum(_left(step, taken) for step in steps) - deadline
        movable = sorted(
            (step for step in steps if step.kind != "channel"), key=lambda one: (-_left(one, taken), one.source)
        )
        for step in movable:
            if late <= 0:
                break
            give = min(_left(step, taken), late)
            seconds = math.floor(_left(step, taken) - give)
            taken[step.kind, step.source, step.target] = SpeedUp(step, seconds)
            late -= give
        if late > 1e-9:
            return None
    return tuple(taken[key] for key in sorted(taken))


def _left(step: Step, taken: dict[tuple[str, str, str], SpeedUp]) -> float:
    known = taken.get((step.kind, step.source, step.target))
    return step.seconds if known is None else known.seconds
