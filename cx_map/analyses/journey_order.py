"""Which touchpoints of a journey come before which, and how long may lie between them.

A journey's steps in order lead from one to the next; its transitions lead where they say. A touchpoint is
*earlier* than another where a way leads from it to that other. A gap that nobody states counts as none, so that
the gap of a way is at least what is known of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

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
    back: Mapping[str, Mapping[str, float]]
    """For each touchpoint, those right before it with the gap to them."""

    def earlier(self, touchpoint: str) -> Mapping[str, float]:
        """The touchpoints earlier than one, in order of id, with the gap to each. O(steps), asked of few."""
        found = _behind(self.back, touchpoint)
        return {name: found[name] for name in sorted(found) if name != touchpoint}


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
                for other, gap in walked.earlier(touchpoint).items():
                    known = earlier.get(other)
                    if known is None or gap < known.gap:
                        earlier[other] = Before(walked.journey.id, gap)
            found = self._kept[key] = (earlier, frozenset(beside - {touchpoint}))
        return found

    def within(self, journey: str, touchpoint: str) -> Mapping[str, float]:
        """The touchpoints earlier than one in one journey, with the gap to each."""
        for walked in self._journeys.get(touchpoint, ()):
            if walked.journey.id == journey:
                return walked.earlier(touchpoint)
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
    back: dict[str, dict[str, float]] = {}
    for source, targets in steps.items():
        for target, gap in targets.items():
            back.setdefault(target, {})[source] = gap
    return _Walked(journey, frozenset(touchpoints), back)


def _add(steps: dict[str, dict[str, float]], source: str, target: str, gap: float) -> None:
    known = steps.setdefault(source, {})
    known[target] = min(known.get(target, gap), gap)


def _behind(back: Mapping[str, Mapping[str, float]], start: str) -> dict[str, float]:
    """Everything from which a way leads here, with the least sum of gaps: Dijkstra's algorithm. O(steps log steps)."""
    known: dict[str, float] = {}
    queue = [(0.0, start)]
    while queue:
        total, here = heappop(queue)
        if here not in known:
            known[here] = total
            for one, gap in back.get(here, {}).items():
                if one not in known:
                    heappush(queue, (total + gap, one))
    return known
