from __future__ import annotations

import pytest

from cx_map.analyses.opening_hours import ALWAYS, MINUTES_A_DAY, MINUTES_A_WEEK, gaps, minutes_of


def open_at(text: str, day: int, hour: int, minute: int = 0) -> bool:
    minutes = minutes_of(text)
    assert minutes is not None
    return bool(minutes >> (day * MINUTES_A_DAY + hour * 60 + minute) & 1)


@pytest.mark.parametrize(
    "text", ["24x7", "24/7", "always", "daily", "mon-sun", "00:00-24:00", "weekdays, weekend", "sat-fri 0-24"]
)
def test_always(text: str) -> None:
    assert minutes_of(text) == ALWAYS


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("mon-fri 08:00-18:00", 50), ("Mon-Fri 8-18; Sat 9.30-12", 52.5), ("weekend 10:00-16:00", 12), ("tue", 24),
        ("fri-mon 9:00-10:00", 4), ("monday to wednesday", None), ("22:00-06:00", 56), ("mon and wed 8-9", 2), ("mon, wed 8-9; fri", 26),
        ("by arrangement", None), ("mon-fri 8-25", None), ("", None), ("8:70-9:00", None), ("24x7 8-10", 14),
        ("Mo-Fr 8:00 bis 17:30 Uhr", 47.5), ("Di und Do 9-12, Sa 10–13", 9), ("lun-ven 8h30-17h", 42.5), ("pn-pt 8 do 16", 40),
        ("śr 10-12 i nd 10-11", 3), ("пн-пт 09:00-18:00", 45), ("вівторок та четвер 9:00 до 10:00", 2), ("вихідні", 48),
    ],
)  # fmt: skip
def test_lengths(text: str, hours: float | None) -> None:
    minutes = minutes_of(text)
    assert (None if minutes is None else minutes.bit_count() / 60) == hours


def test_places_in_the_week() -> None:
    assert open_at("mon-fri 08:00-18:00", 0, 8)
    assert not open_at("mon-fri 08:00-18:00", 0, 18)
    assert not open_at("mon-fri 08:00-18:00", 5, 12)
    assert open_at("fri-mon", 6, 12)
    assert not open_at("fri-mon", 1, 0)


def test_spans_go_on_into_the_next_day_and_week() -> None:
    assert open_at("sun 22:00-06:00", 0, 5, 59)
    assert not open_at("sun 22:00-06:00", 0, 6)
    assert not open_at("sun 22:00-06:00", 6, 5)
    assert minutes_of("sun 22:00-06:00").bit_length() <= MINUTES_A_WEEK  # type: ignore[union-attr]


def test_the_longest_gap() -> None:
    assert gaps(ALWAYS) == ""
    assert gaps(0) == "the whole week"
    week = minutes_of("mon-fri 08:00-18:00")
    assert week is not None
    assert gaps(week) == "fri 18:00 to mon 08:00"
    assert gaps(ALWAYS & ~(1 << 90)) == "mon 01:30 to mon 01:31"
    assert gaps(1) == "mon 00:01 to mon 00:00"
