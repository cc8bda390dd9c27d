from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from cx_map.analyses.dated import first_day, last_day, months_later, when


def test_partial_dates() -> None:
    assert (str(first_day("2026")), str(last_day("2026"))) == ("2026-01-01", "2026-12-31")
    assert (str(first_day("2028-02")), str(last_day("2028-02"))) == ("2028-02-01", "2028-02-29")
    assert str(first_day("2026-12-05")) == str(last_day("2026-12-05")) == "2026-12-05"
    assert str(last_day("2026-12")) == "2026-12-31"


def test_months() -> None:
    assert str(months_later(datetime.date(2026, 8, 31), 6)) == "2027-02-28"
    assert str(months_later(datetime.date(2026, 1, 31), -12)) == "2025-01-31"
    assert str(months_later(datetime.date(2026, 11, 30), 13)) == "2027-12-30"


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31)), st.integers(-60, 60))
def test_months_later_lands_in_the_right_month(day: datetime.date, months: int) -> None:
    after = months_later(day, months)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    assert after.day <= day.day


def test_a_day_is_on_and_a_month_or_year_in() -> None:
    assert [when("2026-02-28"), when("2026-02"), when("2026")] == ["on 2026-02-28", "in 2026-02", "in 2026"]
