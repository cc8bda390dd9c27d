"""The busiest moment of things that run at different times: a sweep over the ends of their windows.

Averages hide peaks: runs that overlap for an hour in the night can need several times the average rate.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cx_map.analyses.timing import DAY, EVERY, OPEN, Day, Piece, Timing, pieces
from cx_map.model.values import HOUR_SECONDS, MONTH_SECONDS


class Peak(Struct, frozen=True):
    """The busiest moment: at least ``low``, at most ``high`` (None: not bounded), ``at`` seconds after midnight."""

    low: float
    high: float | None
    at: float | None = None


def sweep(stretches: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """The largest sum of rates that are active together, and its first moment. O(n log n).

    Each stretch is ``(begin, end, rate)``, end excluded.
    """
    events = sorted([(begin, rate) for begin, _, rate in stretches] + [(end, -rate) for _, end, rate in stretches])
    best, moment, running = 0.0, 0.0, 0.0
    for number, (time, change) in enumerate(events):
        running += change
        last = number + 1 == len(events) or events[number + 1][0] > time
        if last and running > best * (1 + 1e-12):
            best, moment = running, time
    return best, moment


def hourly_peak(amounts: Sequence[float | None], timings: Sequence[Timing], factor: float) -> Peak:
    """The busiest hour's rate of communications with so many items a month (None: not known).

    Event-driven ones run at ``factor`` times their average. Runs of different days of the week, or of the
    month, never meet; runs of unknown day or start may or may not meet others, which gives the bounds.
    """
    hours = MONTH_SECONDS / HOUR_SECONDS
    rates = [_rate(amount, timing, factor) for amount, timing in zip(amounts, timings, strict=True)]
    average = sum(amount / hours for amount in amounts if amount is not None)
    fixed: list[Piece] = []
    floating: list[float] = []
    bounded = all(rate is not None for rate in rates)
    for owner, (timing, rate) in enumerate(zip(timings, rates, strict=True)):
        if rate is None:
            continue
        found = pieces(timing, owner)
        fixed += found
        if not found:
            floating.append(rate)

    def highest(chosen: list[Piece]) -> tuple[float, float]:
        return sweep([(one.begin, one.end, rates[one.owner] or 0.0) for one in chosen])

    certain = [one for one in fixed if one.day[0] != "open"]
    opened = [one for one in fixed if one.day[0] == "open"]
    low, at = max((highest(day) for day in _dates(certain)), key=lambda one: one[0], default=(0.0, 0.0))
    steady = sum(rates[one.owner] or 0.0 for one in fixed if one.begin == 0 and one.end == DAY and one.day == EVERY)
    daily = [one for one in fixed if one.day == EVERY]
    for owner, day in sorted({(one.owner, one.day) for one in opened}):
        alone, moment = highest(daily + [one for one in opened if (one.owner, one.day) == (owner, day)])
        if alone > low:
            low, at = alone, moment
    if floating and steady + max(floating) > low:
        low, at = steady + max(floating), -1.0
    high: float | None = None
    if bounded:
        # a run of unknown day may fall on any date, but never meets itself
        anywhere = {one.owner: one for one in opened if one.begin == 0 and one.end == DAY}
        spread = [*anywhere.values(), *(one for one in opened if one.owner not in anywhere)]
        high = max((highest(day + spread)[0] for day in _dates(certain)), default=highest(spread)[0]) + sum(floating)
        high = max(high, low)
    if average > low:
        return Peak(average, high)
    return Peak(low, high, at if at >= 0 and low > steady else None)


def _rate(amount: float | None, timing: Timing, factor: float) -> float | None:
    if amount is None or timing.burst is None:
        return None
    return amount * timing.burst * (1.0 if timing.scheduled else factor)


def _dates(fixed: list[Piece]) -> list[list[Piece]]:
    """What is active on each kind of date: every day of the week can fall on every day of the month."""
    weekdays: list[Day | None] = [*sorted({one.day for one in fixed if one.day[0] == "week"})] or [None]
    monthdays: list[Day | None] = [*sorted({one.day for one in fixed if one.day[0] == "month"})] or [None]
    if not fixed:
        return []
    return [[one for one in fixed if one.day in (EVERY, week, month)] for week in weekdays for month in monthdays]


def period_peak(amounts: Sequence[float | None], timings: Sequence[Timing], period: float) -> Peak:
    """The most items in any period of a day or more, in items a period.

    What comes at least once a period counts with its average. A rarer run puts all that fits into one period;
    two rarer runs may or may not share one, unless the period is a day and they run on known days.
    """
    base, average, bounded = 0.0, 0.0, True
    open_low, open_high = 0.0, 0.0
    dated: dict[Day, float] = {}
    for amount, timing in zip(amounts, timings, strict=True):
        if amount is None:
            bounded = False
            continue
        usual = amount * period / MONTH_SECONDS
        average += usual
        if not timing.scheduled or (timing.cadence is not None and timing.cadence <= period):
            base += usual
        elif timing.cadence is None:
            bounded = False
        else:
            run = amount * timing.cadence / MONTH_SECONDS * min(1.0, period / (timing.window or period))
            if timing.day == EVERY and period == DAY:
                base += run
            elif timing.day != OPEN and period == DAY and _within_a_day(timing):
                dated[timing.day] = dated.get(timing.day, 0.0) + run
            else:
                open_low = max(open_low, run if timing.window is not None else usual)
                open_high += run
    meeting = sum(max((run for day, run in dated.items() if day[0] == kind), default=0.0) for kind in ("week", "month"))
    low = max(base + max(meeting, open_low), average)
    return Peak(low, max(low, base + meeting + open_high) if bounded else None)


def _within_a_day(timing: Timing) -> bool:
    """Whether a run starts and ends on one date."""
    return timing.start is not None and timing.window is not None and timing.start + timing.window <= DAY
