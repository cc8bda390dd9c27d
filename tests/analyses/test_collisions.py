from __future__ import annotations

import pytest

from cx_map.analyses.collisions import colliding, schedules, shift
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

TEXT = """
platforms: {print: {capacity: 120000/h}, other: {capacity: %s}}
communications:
  big: {volume: 18262500/month, needs: [], channels: [letter], platforms: [print], schedule: {run: 1d, at: "00:00", window: 6h}}
  small: {volume: 9131250/month, needs: [], channels: [letter], platforms: [print, other], deadline: %s,
    schedule: {run: 1d, at: "%s", window: 4h}}
  night: {volume: 3000000/month, needs: [], channels: [letter], platforms: [other], schedule: {run: 1d, at: "08:00", window: 2h}}
"""


def eco_of(capacity: str = "1000000/h", deadline: str = "1d", at: str = "04:00") -> Ecosystem:
    return Ecosystem(inventory_of(TEXT % (capacity, deadline, at)))


def test_two_runs_that_meet_and_the_earliest_start_apart() -> None:
    eco = eco_of()
    one = schedules(eco)["print"]
    assert one.peak(one.runs)[0] == pytest.approx(175000)
    runs = colliding(one, 0.85 * one.limit)
    assert [run.communication for run in runs] == ["big", "small"]
    found = shift(eco, one, runs, 0.85)
    assert found is not None
    assert (found.communication, found.start) == ("small", 6 * 3600)


def test_a_shift_must_not_fill_another_supplier() -> None:
    eco = eco_of(capacity="100000/h")
    one = schedules(eco)["print"]
    found = shift(eco, one, colliding(one, 0.85 * one.limit), 0.85)
    assert found is not None
    assert found.start == 10 * 3600


def test_the_deadline_bounds_the_shift() -> None:
    eco = eco_of(deadline="5h")
    one = schedules(eco)["print"]
    runs = colliding(one, 0.85 * one.limit)
    found = shift(eco, one, runs, 0.85)
    assert found is not None
    assert found.communication == "big"
    assert found.start == 8 * 3600
    assert shift(eco, one, [run for run in runs if run.communication == "small"], 0.85) is None


def test_runs_apart_or_too_large_alone_do_not_collide() -> None:
    apart = schedules(eco_of(at="06:00"))["print"]
    assert colliding(apart, 0.85 * apart.limit) == ()
    tight = schedules(eco_of())["print"]
    assert colliding(tight, 90_000) == ()


def test_only_suppliers_with_a_daily_or_finer_capacity_and_two_runs() -> None:
    assert "other" not in schedules(eco_of(capacity="1000000/month"))
    assert set(schedules(eco_of())) == {"print", "other"}
