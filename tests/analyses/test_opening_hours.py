from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("fri-mon 9:00-10:00", 4), ("monday to wednesday", 72), ("22:00-06:00", 56), ("mon and wed 8-9", 2), ("mon, wed 8-9; fri", 26),
        ("by arrangement", None), ("mon-fri 8-25", None), ("", None), ("8:70-9:00", None), ("24x7 8-10", 14),
        ("Mo-Fr 8:00 bis 17:30 Uhr", 47.5), ("Di und Do 9-12, Sa 10–13", 9), ("lun-ven 8h30-17h", 42.5), ("pn-pt 8 do 16", 40),
        ("śr 10-12 i nd 10-11", 3), ("пн-пт 09:00-18:00", 45), ("вівторок та четвер 9:00 до 10:00", 2), ("вихідні", 48),
        ("Mo-Fr, 08:00-18:00", 50), ("mon-fri 8-12, 13-17", 40), ("Mon-Fri 9am-5pm", 40), ("mon, tue 9-5pm; sat 1-5pm", 20),
        ("12am-12pm", 84), ("mon 12pm-1am", 13), ("13am-5pm", None), ("09:00-17:00 Mon-Fri", 40), ("8-20 daily", 84),
        ("Weekdays 8am - 8pm, Sat 9am - 1pm", 64), ("Mon-Fri 0800-1800", 50), ("mon-fri 24h", 120), ("24 x 7", 168),
        ("Mo. bis Fr. 8-18 Uhr", 50), ("Mo, Do 9-17", 16), ("du lundi au vendredi 8h30-17h", 42.5), ("od pn do pt od 8 do 16", 40),
        ("od poniedziałku do piątku 8:00–16:00", 40), ("з понеділка по п’ятницю 9:00-18:00", 45), ("M-F 9-5pm", 40),
        ("lunes a viernes de 9 a 18 h y sábados de 10 a 14 h", 49), ("L-V 9:00-18:00", 45), ("seg-sex 9h às 18h", 45),
        ("M-S 9-17", None), ("lu-do 9-17", None), ("mon-fri 9-17 except holidays", None), ("mon-", None), ("9am 5pm", None), ("-5", None),
        (" ; ", None), ("mon-fri 9-", None), ("weekdays-sun", None), ("mon-9", None),
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


PIECES = (
    "mon",
    "Fr",
    "нд",
    "do",
    "a",
    "-",
    "–",
    "9",
    "17:30",
    "8am",
    "5pm",
    ",",
    ";",
    "and",
    "bis",
    "24h",
    "weekdays",
    "of",
    "",
)


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_whatever_people_write_is_hours_of_a_week_or_not_understood(pieces: list[str]) -> None:
    minutes = minutes_of(" ".join(pieces))
    assert minutes is None or 0 < minutes <= ALWAYS
    if "of" in pieces:
        assert minutes is None, "never guessed from the part that is understood"


def test_business_hours_are_those_of_the_firm() -> None:
    firm = "mon-fri 9-17"
    assert minutes_of("Business hours", firm) == minutes_of(firm)
    assert minutes_of("out-of-hours", firm) == ALWAYS & ~(minutes_of(firm) or 0)
    assert minutes_of("business hours") is None
    assert minutes_of("out of hours", "24x7") is None, "there are none"
