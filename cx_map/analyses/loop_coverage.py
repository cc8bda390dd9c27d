"""How much of what customers say comes back to them: cov(s) = volume of closed signals / volume of all signals.

Weighted by volume where every signal of a group has one, else by the number of signals: then ``weighted`` is False. A
signal counts in full for each segment that gives it. The dead-end share is what meets no action at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from cx_map.analyses.closed_loops import LoopVerdict, closed_loops
from cx_map.analyses.loop_reach import reach
from cx_map.analyses.loop_walks import Stage
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_service import Journey, Touchpoint


class Coverage(Struct, frozen=True):
    """Part of a group's signals that come back, and that meet no action; ``assessed`` of ``signals`` could be judged.

    ``closed`` is a lower bound: what could not be judged is in its base. ``of_judged`` leaves that out (None: nothing
    could be judged), by volume where ``judged_by_volume``.
    """

    closed: float
    dead_end: float
    weighted: bool
    signals: int
    assessed: int
    of_judged: float | None
    judged_by_volume: bool


class LoopCoverage(Struct, frozen=True):
    """Coverage of all signals, and by segment, line of business and channel; None where there is no signal.

    ``by_step`` has every touchpoint that is a step of a journey, None where no signal that
    calls for an answer is about it.
    """

    overall: Coverage | None
    by_segment: Mapping[str, Coverage]
    by_line: Mapping[str, Coverage]
    by_channel: Mapping[str, Coverage]
    by_step: Mapping[str, Coverage | None]


class _Part(Struct, frozen=True):
    """One signal's part of a group."""

    signal: str
    volume: float | None
    closed: bool
    acted_on: bool
    judged: bool


def loop_coverage(eco: Ecosystem) -> LoopCoverage:
    """The coverage of an ecosystem's loops; signals exempt by design do not count. O(signals)."""
    over = eco.once(reach)
    by_segment: dict[str, list[_Part]] = {}
    by_line: dict[str, list[_Part]] = {}
    by_channel: dict[str, list[_Part]] = {}
    by_step: dict[str, list[_Part]] = {name: [] for name in _steps(eco)}
    every: list[_Part] = []
    for verdict in eco.once(closed_loops):
        if verdict.status == "by_design":
            continue
        signal = verdict.signal
        acts = over.furthest_of(verdict.search) >= Stage.ACTED
        part = _part(verdict, verdict.closed, acts)
        every.append(part)
        if signal.line_of_business is not None:
            by_line.setdefault(signal.line_of_business, []).append(part)
        point = eco.inventory.find(signal.from_, CollectionPoint)
        if point is not None and point.channel is not None:
            by_channel.setdefault(point.channel, []).append(part)
        heard_at = (point.touchpoint,) if point is not None else ()
        for name in dict.fromkeys((*(signal.about or ()), *heard_at)):
            if name is not None and name in by_step:
                by_step[name].append(part)
        for segment in verdict.segments:
            answered = verdict.closed or (
                verdict.status in ("broken", "condition") and bool(verdict.failing) and segment not in verdict.failing
            )
            by_segment.setdefault(segment, []).append(_part(verdict, answered, acts))
    steps = {name: _coverage(parts) if parts else None for name, parts in sorted(by_step.items())}
    return LoopCoverage(
        _coverage(every) if every else None, _each(by_segment), _each(by_line), _each(by_channel), steps
    )


def _steps(eco: Ecosystem) -> set[str]:
    """The touchpoints in use that journeys lead over."""
    named = {
        name
        for journey in eco.inventory.of(Journey)
        if journey.usable
        for step in journey.steps or ()
        for name in (step.touchpoint, step.from_, step.to)
        if name is not None
    }
    return {one.id for one in eco.inventory.of(Touchpoint) if one.usable and one.id in named}


def _part(verdict: LoopVerdict, closed: bool, acts: bool) -> _Part:
    volume = verdict.signal.volume
    return _Part(
        verdict.signal.id, volume.value if volume is not None else None, closed, acts, verdict.status != "open"
    )


def _each(groups: Mapping[str, list[_Part]]) -> dict[str, Coverage]:
    return {name: _coverage(groups[name]) for name in sorted(groups)}


def _coverage(parts: Iterable[_Part]) -> Coverage:
    """Coverage of a group; a signal with several loops is closed when all of them are."""
    merged: dict[str, _Part] = {}
    for part in parts:
        before = merged.get(part.signal, part)
        closed, judged = before.closed and part.closed, before.judged and part.judged
        merged[part.signal] = _Part(part.signal, part.volume, closed, part.acted_on, judged)
    weight, weighted = _weights(merged)
    total = sum(weight.values())
    known, known_by_volume = _weights({name: one for name, one in merged.items() if one.judged})
    come_back = sum(share for name, share in known.items() if merged[name].closed)
    return Coverage(
        closed=sum(weight[name] for name, one in merged.items() if one.closed) / total,
        dead_end=sum(weight[name] for name, one in merged.items() if not one.acted_on) / total,
        weighted=weighted,
        signals=len(merged),
        assessed=len(known),
        of_judged=come_back / sum(known.values()) if known else None,
        judged_by_volume=known_by_volume,
    )


def _weights(parts: Mapping[str, _Part]) -> tuple[dict[str, float], bool]:
    """What each signal weighs: its volume where all have one (then True), else 1."""
    by_volume = all(one.volume is not None for one in parts.values()) and any(one.volume for one in parts.values())
    return {name: (one.volume or 0.0) if by_volume else 1.0 for name, one in parts.items()}, by_volume
