"""Which touchpoints of a journey come before which, and how long may lie between them.

A journey's steps in order lead from one to the next; its transitions lead where they say. A touchpoint is
*earlier* than another where a way leads from it to that other. A gap that nobody states counts as none, so that
the gap of a way is at least what is known of it. O(steps squared) a journey.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_service import Journey, Touchpoint


class Before(Struct, frozen=True):
    """A touchpoint is earlier: by the longest gaps on the shortest way, in seconds, as far as they are known."""

    journey: str
    gap: float


class _Walked(Struct, frozen=True):
    journey: Journey
    touchpoints: frozenset[str]
    earlier: Mapping[str, Mapping[str, float]]
    """For each touchpoint, the earlier ones with the gap to them."""


@dataclass(eq=False)
class JourneyOrder:
    """The order of touchpoints in all usable journeys."""

    _journeys: Mapping[str, tuple[_Walked, ...]]
    _kept: dict[tuple[str, str | None], tuple[Mapping[str, Before], frozenset[str]]] = field(default_factory=dict)

    def around(self, touchpoint: str | None, segment: str | None) -> tuple[Mapping[str, Before], frozenset[str]]:
        """The touchpoints earlier than one in some journey of a segment, and all that share a journey with it."""
        if touchpoint is None or touchpoint not in self._journeys:
            return {}, frozenset()
        key = (touchpoint, segment)
        found = self._kept.get(key)
        if found is None:
            earlier: dict[str, Before] = {}
            beside: set[str] = set()
            for walked in self._journeys[touchpoint]:
                of = walked.journey.segments
                if segment is not None and of is not None and segment not in of:
                    continue
                beside |= walked.touchpoints
                for other, gap in walked.earlier.get(touchpoint, {}).items():
                    known = earlier.get(other)
                    if known is None or gap < known.gap:
                        earlier[other] = Before(walked.journey.id, gap)
            found = self._kept[key] = (earlier, frozenset(beside - {touchpoint}))
        return found

    def within(self, journey: str, touchpoint: str) -> Mapping[str, float]:
        """The touchpoints earlier than one in one journey, with the gap to each."""
        for walked in self._journeys.get(touchpoint, ()):
            if walked.journey.id == journey:
                return walked.earlier.get(touchpoint, {})
        return {}


def journey_order(eco: Ecosystem) -> JourneyOrder:
    """The order of touchpoints in an ecosystem's usable journeys."""
    inventory = eco.inventory
    by_touchpoint: dict[str, list[_Walked]] = {}
    for journey in inventory.of(Journey):
        if not journey.usable or not journey.steps:
            continue
        walked = _walk(journey)
        for touchpoint in sorted(walked.touchpoints):
            entity = inventory.find(touchpoint, Touchpoint)
            if entity is not None and entity.usable:
                by_touchpoint.setdefault(touchpoint, []).append(walked)
    return JourneyOrder({name: tuple(some) for name, some in by_touchpoint.items()})


def _walk(journey: Journey) -> _Walked:
    steps: dict[str, dict[str, float]] = {}
    touchpoints: set[str] = set()
    last: str | None = None
    for step in journey.steps or ():
        gap = step.max_gap.seconds if step.max_gap is not None else 0.0
        if step.touchpoint is not None:
            touchpoints.add(step.touchpoint)
            if last is not None:
                _add(steps, last, step.touchpoint, gap)
            last = step.touchpoint
        if step.from_ is not None and step.to is not None:
            touchpoints |= {step.from_, step.to}
            _add(steps, step.from_, step.to, gap)
    earlier: dict[str, dict[str, float]] = {}
    for start in sorted(touchpoints):
        for other, gap in _ahead(steps, start).items():
            if other != start:
                earlier.setdefault(other, {})[start] = gap
    return _Walked(journey, frozenset(touchpoints), earlier)


def _add(steps: dict[str, dict[str, float]], source: str, target: str, gap: float) -> None:
    known = steps.setdefault(source, {})
    known[target] = min(known.get(target, gap), gap)


def _ahead(steps: Mapping[str, Mapping[str, float]], start: str) -> dict[str, float]:
    """Everything a way leads to, with the least sum of gaps."""
    known: dict[str, float] = {}
    todo = list(steps.get(start, {}).items())
    while todo:
        node, gap = todo.pop()
        if node in known and gap >= known[node]:
            continue
        known[node] = gap
        todo += [(following, gap + more) for following, more in steps.get(node, {}).items()]
    return known
