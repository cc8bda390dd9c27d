from __future__ import annotations

import pytest

from cx_map.analyses.wording import length, per_period, rate_at_least, unlike, written
from cx_map.model.values import MONTH_SECONDS


@pytest.mark.parametrize(
    ("amount", "per", "period", "text"),
    [
        (103050, 3600.0, MONTH_SECONDS, "142/h"),
        (1_853_577, 1.0, MONTH_SECONDS, "0.705/s"),
        (73, 1.0, 3600.0, "0.0203/s"),
        (73, 60.0, 3600.0, "1.22/min"),
        (7.2, 900.0, 3600.0, "1.8/900s"),
        (120, 60.0, 60.0, "120/min"),
        (2, 3600.0, 3600.0, "2/h"),
        (0, 3600.0, 3600.0, "0/h"),
    ],
)
def test_a_rate_is_enough_and_not_a_good_deal_more(amount: float, per: float, period: float, text: str) -> None:
    assert rate_at_least(amount, per, period) == text
    asked, enough = amount * per / period, float(text.partition("/")[0])
    assert asked * (1 - 1e-9) <= enough <= asked * 1.1


def test_a_share_is_told_apart_from_its_limit_and_a_set_one_is_not_rounded() -> None:
    assert [unlike(share, 0.8) for share in (0.5, 0.7996, 0.79996)] == ["50.0%", "79.96%", "79.996%"]
    assert [written(share) for share in (0.8, 0.995, 0.125)] == ["80%", "99.5%", "12.5%"]


def test_odd_periods_and_long_times_are_told_in_units() -> None:
    assert per_period(930_000, MONTH_SECONDS) == "930,000 a month"
    assert [per_period(5, seconds) for seconds in (900.0, 7200.0, 14 * 86400.0)] == [
        "5 in 15 min",
        "5 in 2 h",
        "5 in 14 days",
    ]
    assert [length(seconds) for seconds in (90.0, 86400.0, 864_000_000.0)] == ["1.5 min", "24 h", "10,000 days"]
