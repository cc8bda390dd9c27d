from __future__ import annotations

import random

import pytest

from cx_map.analyses.peaks import hourly_peak, period_peak, sweep
from cx_map.analyses.timing import DAY, EVERY, OPEN, Day, Timing
from cx_map.model.values import HOUR_SECONDS, MONTH_SECONDS

HOURS = 24 * 7 * 31
"""After 217 days every day of the week has met every day of a month of 31 days."""


def daily(start: float, hours: float) -> Timing:
    return Timing(DAY, start * HOUR_SECONDS, hours * HOUR_SECONDS, EVERY, True)


def a_month(run: float) -> float:
    """Items a month of a daily run of so many."""
    return run * MONTH_SECONDS / DAY


def test_the_peak_of_overlapping_runs_is_four_times_the_average() -> None:
    """The golden sweep of analyses.md, H6: 235,000 an hour at 4 o'clock where the day averages 60,000."""
    amounts = [a_month(600_000), a_month(480_000), a_month(360_000)]
    found = hourly_peak(amounts, [daily(0, 6), daily(4, 4), daily(0, 24)], 2.0)
    assert found.low == found.high == pytest.approx(235_000)
    assert found.at == 4 * HOUR_SECONDS
    assert sum(amounts) / 730.5 == pytest.approx(60_000)


def test_runs_one_after_the_other_do_not_add_up() -> None:
    found = hourly_peak([a_month(600), a_month(480)], [daily(0, 4), daily(4, 4)], 2.0)
    assert found.low == found.high == pytest.approx(150)


def test_runs_meet_across_midnight() -> None:
    found = hourly_peak([a_month(300), a_month(100)], [daily(23, 3), daily(0, 1)], 2.0)
    assert found.high == pytest.approx(200)
    assert found.at == 0


def simulated(amounts: list[float], timings: list[Timing], factor: float) -> list[float]:
    """The rate in every hour of 217 days, run by run."""
    rates = [0.0] * HOURS
    for amount, timing in zip(amounts, timings, strict=True):
        if not timing.scheduled:
            rates = [rate + amount / 730.5 * factor for rate in rates]
            continue
        assert timing.cadence is not None
        assert timing.window is not None
        assert timing.start is not None
        run = amount * timing.cadence / MONTH_SECONDS
        hours = int(timing.window / HOUR_SECONDS)
        for day in range(-31, HOURS // 24):
            kind, number = timing.day
            if kind == "week" and day % 7 != number:
                continue
            if kind == "month" and day % 31 != number - 1:
                continue
            for hour in range(hours):
                at = day * 24 + int(timing.start / HOUR_SECONDS) + hour
                if 0 <= at < HOURS:
                    rates[at] += run / hours
    return rates


def random_timing(chance: random.Random) -> Timing:
    kind = chance.choice(["event", "every", "week", "month"])
    if kind == "event":
        return Timing()
    day: Day = EVERY
    cadence = DAY
    if kind == "week":
        day, cadence = ("week", chance.randrange(7)), 7 * DAY
    elif kind == "month":
        day, cadence = ("month", chance.randint(1, 31)), MONTH_SECONDS
    hours = chance.randint(1, 20) if kind == "every" else chance.randint(1, 50)
    return Timing(cadence, chance.randrange(24) * HOUR_SECONDS, hours * HOUR_SECONDS, day, True)


def test_the_sweep_equals_a_simulation_of_every_hour() -> None:
    for seed in range(60):
        chance = random.Random(seed)
        timings = [random_timing(chance) for _ in range(chance.randint(1, 4))]
        amounts = [float(chance.randint(1, 10**6)) for _ in timings]
        truth = max(simulated(amounts, timings, 2.0))
        found = hourly_peak(amounts, timings, 2.0)
        assert found.low == pytest.approx(truth), seed
        assert found.high == pytest.approx(truth), seed


def test_what_is_not_said_leaves_bounds_around_every_possible_truth() -> None:
    for seed in range(60):
        chance = random.Random(1000 + seed)
        timings = [random_timing(chance) for _ in range(chance.randint(2, 4))]
        amounts = [float(chance.randint(1, 10**6)) for _ in timings]
        truth = max(simulated(amounts, timings, 2.0))
        told: list[Timing] = []
        for one in timings:
            hidden = chance.choice(["", "start", "day", "window"]) if one.scheduled else ""
            told.append(
                Timing(
                    one.cadence,
                    None if hidden == "start" else one.start,
                    None if hidden == "window" else one.window,
                    OPEN if hidden == "day" and one.day != EVERY else one.day,
                    one.scheduled,
                )
            )
        found = hourly_peak(amounts, told, 2.0)
        assert found.low <= truth * (1 + 1e-9), seed
        assert found.high is None or found.high >= truth * (1 - 1e-9), seed
        hidden_volume: list[float | None] = [None, *amounts[1:]]
        less = hourly_peak(hidden_volume, told, 2.0)
        assert less.low <= found.low * (1 + 1e-9)
        assert less.high is None


def test_busiest_day_of_runs_on_known_days() -> None:
    monthly = Timing(MONTH_SECONDS, 0.0, HOUR_SECONDS, ("month", 1), True)
    other = Timing(MONTH_SECONDS, 0.0, HOUR_SECONDS, ("month", 15), True)
    weekly = Timing(7 * DAY, 0.0, HOUR_SECONDS, ("week", 2), True)
    found = period_peak([3000.0, 2000.0, MONTH_SECONDS / DAY], [monthly, other, Timing()], DAY)
    assert (found.low, found.high) == (3001, 3001)
    both = period_peak([3000.0, MONTH_SECONDS / (7 * DAY) * 50], [monthly, weekly], DAY)
    assert both.low == both.high == pytest.approx(3050)
    somewhen = period_peak([3000.0, 2000.0], [monthly, Timing(MONTH_SECONDS, None, HOUR_SECONDS, OPEN, True)], DAY)
    assert (somewhen.low, somewhen.high) == (3000, 5000)


def test_a_yearly_run_fills_one_month() -> None:
    yearly = Timing(12 * MONTH_SECONDS, None, DAY, OPEN, True)
    for other in (Timing(), daily(2, 4), Timing(MONTH_SECONDS, None, DAY, OPEN, True)):
        found = period_peak([100.0, 500.0], [yearly, other], MONTH_SECONDS)
        assert found.low == found.high == pytest.approx(1700)


def test_sweep_excludes_ends() -> None:
    assert sweep([(0, 1, 5), (1, 2, 6)]) == (6, 1)
    assert sweep([]) == (0, 0)
