from __future__ import annotations

import pytest

from cx_map.analyses.timing import DAY, EVERY, OPEN, Timing, pieces, timing_of
from cx_map.model.chapter_map import Communication
from cx_map.model.values import MONTH_SECONDS
from tests.support import inventory_of


def timing(fields: str) -> Timing:
    inventory = inventory_of(f"communications: {{c: {{{fields}}}}}")
    return timing_of(inventory.of(Communication)[0])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", Timing()),
        ("trigger: {kind: event, what: a payment}", Timing()),
        ("trigger: {kind: schedule}", Timing(scheduled=True)),
        ("schedule: {run: 1d, at: '23:30', window: 2h}", Timing(DAY, 84600.0, 7200.0, EVERY, True)),
        (
            "schedule: {run: 1w, at: '6:00', window: 1h, day: Monday}",
            Timing(7 * DAY, 21600.0, 3600.0, ("week", 0), True),
        ),
        ("schedule: {run: P1M, window: 6h, day: last}", Timing(MONTH_SECONDS, None, 21600.0, ("month", 31), True)),
        ("schedule: {run: P1M, day: '15'}", Timing(MONTH_SECONDS, None, None, ("month", 15), True)),
        ("schedule: {run: P1M, day: payday}", Timing(MONTH_SECONDS, None, None, OPEN, True)),
        ("schedule: {run: P1Y, day: '15'}", Timing(365.25 * DAY, None, None, OPEN, True)),
        ("schedule: {at: noon}", Timing(None, None, None, OPEN, True)),
    ],
)
def test_schedules_are_read(fields: str, expected: Timing) -> None:
    found = timing(fields)
    assert (found.start, found.window, found.day, found.scheduled) == (
        expected.start, expected.window, expected.day, expected.scheduled,
    )  # fmt: skip
    assert found.cadence == (None if expected.cadence is None else pytest.approx(expected.cadence))


def test_a_run_over_midnight_is_cut_in_two() -> None:
    daily = Timing(DAY, 23 * 3600.0, 3 * 3600.0, EVERY, True)
    assert [(one.day, one.begin, one.end) for one in pieces(daily, 0)] == [(EVERY, 82800, 86400), (EVERY, 0, 7200)]
    weekly = Timing(7 * DAY, 23 * 3600.0, 26 * 3600.0, ("week", 6), True)
    assert [(one.day[1], one.begin, one.end) for one in pieces(weekly, 0)] == [
        (6, 82800, 86400), (0, 0, 86400), (1, 0, 3600),
    ]  # fmt: skip


def test_several_runs_a_day_and_runs_that_never_end() -> None:
    assert len(pieces(Timing(6 * 3600.0, 3600.0, 600.0, EVERY, True), 0)) == 4
    endless = Timing(3600.0, None, 3600.0, EVERY, True)
    assert endless.steady
    assert [(one.begin, one.end) for one in pieces(endless, 0)] == [(0, DAY)]
    assert endless.burst == pytest.approx(1 / 730.5)
