"""Numbers with units from their written forms: rates, durations, shares, money, dates.

Each function takes one scalar and returns the value, or raises :class:`ValueError` with a sentence that
says what is wrong and how to write it.
"""

from __future__ import annotations

import math
import re

from cx_map.load.scalars import NUMBER
from cx_map.model.source import Scalar
from cx_map.model.values import MONTH_SECONDS, SECONDS_PER, Duration

_UNITS = {
    "s": "s", "sec": "s", "second": "s", "seconds": "s", "min": "min", "minute": "min", "minutes": "min",
    "h": "h", "hour": "h", "hours": "h", "day": "day", "d": "day", "days": "day", "week": "week", "weeks": "week",
    "month": "month", "months": "month", "quarter": "quarter", "quarters": "quarter", "year": "year", "years": "year",
}  # fmt: skip
_DURATION = re.compile(r"(?P<number>[0-9]{1,15}(?:\.[0-9]{1,9})?)\s*(?P<unit>ms|s|m|min|h|d|w|bd)\Z")
_DURATION_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800, "bd": 86400 * 7 / 5}
_ISO = re.compile(
    r"P(?:(?P<years>N)Y)?(?:(?P<months>N)M)?(?:(?P<weeks>N)W)?(?:(?P<days>N)D)?"
    r"(?:T(?:(?P<hours>N)H)?(?:(?P<minutes>N)M)?(?:(?P<seconds>N)S)?)?\Z".replace("N", r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
)
_ISO_SECONDS = {
    "years": SECONDS_PER["year"], "months": MONTH_SECONDS, "weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60,
    "seconds": 1,
}  # fmt: skip
_MONEY = re.compile(r"(?P<number>[-+.0-9][-+0-9.,_' ]*?)\s*(?P<currency>[A-Z]{3})\Z")
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<mark>[_,' ])[0-9]{3})(?:(?P=mark)[0-9]{3})*(?:\.[0-9]+)?\Z")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{2}0\Z")
"""A point that parts thousands in half of Europe: nobody writes 88 as 88.000, and 1.250 is hardly a quarter more than one."""
_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?\Z")
_SPECIAL = frozenset({".nan", ".inf", "-.inf", "+.inf", "nan", "inf", "-inf", "infinity"})


def number(raw: Scalar) -> float:
    """A finite number that is not negative, and cannot be read in two ways."""
    text = raw.strip() if isinstance(raw, str) else ""
    if _THOUSANDS.match(text):
        whole, short = text.replace(".", ""), text.rstrip("0").rstrip(".")
        raise ValueError(
            f"{describe(raw)} may be {whole} or {short}; write the one that is meant, without zeros after a point"
        )
    return _amount(raw)


def _amount(raw: Scalar) -> float:
    if isinstance(raw, bool) or raw is None:
        raise ValueError(f"expected a number, found {describe(raw)}; write it in digits: 120000")
    if isinstance(raw, str):
        text = raw.strip()
        if text.lower() in _SPECIAL:
            raise ValueError(f"{text} is not a number that can be used; write `unknown` where nobody knows it")
        if not NUMBER.match(text):
            raise ValueError(f"{describe(raw)} is not a number; {_digits(text)}")
        raw = float(text)
    if not math.isfinite(raw):
        raise ValueError("the number is too large to be real; check its digits")
    if raw < 0:
        raise ValueError(f"{raw:g} is negative; write a number from 0, or `unknown`")
    return raw + 0.0  # -0.0 becomes 0.0


def _digits(text: str) -> str:
    """How to write what was meant by a text that is not a number."""
    if len(text) <= 40:
        if re.fullmatch(r"[0-9]{1,3}(?:[_ ,'][0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3}){2,}", text):
            return f"write it without separators: {re.sub(r'[^0-9]', '', text)}"
        if re.fullmatch(r"[0-9]+,[0-9]+", text):
            return f"write it with a point: {text.replace(',', '.')}"
    return "write it in digits: 120000"


def share(raw: Scalar) -> float:
    """A part of a whole: ``0.35`` or ``35%``."""
    if isinstance(raw, str) and raw.strip().endswith("%"):
        value = _amount(raw.strip()[:-1].strip()) / 100
    else:
        value = _amount(raw)
    if value > 1 + 1e-9:
        raise ValueError(f"{describe(raw)} is more than the whole; write a share as 0.35 or 35%")
    return min(value, 1.0)


def unit_seconds(text: str) -> float:
    """The seconds in a unit of time or a duration (``month``, ``30m``)."""
    unit = _UNITS.get(text.strip())
    if unit is not None:
        return SECONDS_PER[unit]
    try:
        seconds = duration(text).seconds
    except ValueError:
        raise ValueError(
            f"{describe(text)} is not a unit of time; use s, min, h, day, week, month, quarter, year or a duration such as 30m"
        ) from None
    if seconds <= 0:
        raise ValueError("a rate over no time at all; write 120000/month")
    return seconds


def rate(raw: Scalar) -> tuple[float, float]:
    """So many a period, as (number a month, seconds of the period it was written over)."""
    if isinstance(raw, str) and "/" in raw:
        amount, _, unit = raw.partition("/")
        per = unit_seconds(unit)
        return number(amount.strip()) * MONTH_SECONDS / per, per
    try:
        return number(raw), MONTH_SECONDS
    except ValueError as error:
        raise ValueError(f"{_what(error)}; write a rate as 120000/month, 50/s or 414/30m") from None


def duration(raw: Scalar) -> Duration:
    """A length of time: ``15m``, ``3d``, ``5bd`` or ISO 8601 (``PT15M``)."""
    if isinstance(raw, bool) or not isinstance(raw, str):
        raise ValueError(f"{describe(raw)} is not a duration; write it with a unit: 30s, 15m, 2h, 3d, 4w, 5bd or PT15M")
    text = raw.strip()
    match = _DURATION.match(text)
    if match:
        unit = match["unit"]
        return _checked(float(match["number"]) * _DURATION_SECONDS[unit], text, business=unit == "bd")
    iso = _ISO.match(text)
    if iso and any(iso.groupdict().values()) and not text.endswith("T"):
        return _checked(sum(float(part) * _ISO_SECONDS[name] for name, part in iso.groupdict().items() if part), text)
    raise ValueError(
        f"{describe(raw)} is not a duration; write {_short(text) or '30s, 15m, 2h, 3d, 4w, 5bd or PT15M, P3D, P1M'}"
    )


_CADENCES = {
    "hourly": "1h",
    "daily": "1d",
    "nightly": "1d",
    "weekly": "1w",
    "monthly": "P1M",
    "quarterly": "P3M",
    "yearly": "P1Y",
}
_LONG = {"sec": "s", "second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "month": "M", "year": "Y"}


def _short(text: str) -> str:
    """A duration that was written in words: ``daily``, ``2 days``, ``3 months``."""
    found = re.fullmatch(r"(?P<number>[0-9]{0,6})\s*(?P<unit>[a-z]+?)s?", text.lower())
    unit = _LONG.get(found["unit"]) if found is not None else None
    if found is None or unit is None:
        return _CADENCES.get(text.lower(), "")
    amount = found["number"] or "1"
    return f"P{amount}{unit}" if unit in "MY" else f"{amount}{unit}"


def _checked(seconds: float, text: str, *, business: bool = False) -> Duration:
    if not math.isfinite(seconds) or seconds > 1e12:
        raise ValueError(f"{describe(text)} is too long to be a duration; check its digits")
    return Duration(seconds, text, business)


def money(raw: Scalar, currency: str | None) -> tuple[float, str]:
    """An amount and its currency; a bare number is in the organization's currency."""
    if isinstance(raw, str):
        match = _MONEY.match(raw.strip())
        if match:
            digits = match["number"]
            return number(re.sub(r"[_,' ]", "", digits) if _GROUPED.match(digits) else digits), match["currency"]
    try:
        amount = number(raw)
    except ValueError as error:
        raise ValueError(f"{_what(error)}; write money as 250000 EUR") from None
    if currency is None:
        raise ValueError("an amount without a currency; write 250000 EUR, or give organization.currency")
    return amount, currency


def date(raw: Scalar) -> str:
    """An ISO 8601 date, whole or partial."""
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if not isinstance(text, str):
        raise ValueError(f"{describe(raw)} is not a date; write 2026, 2026-02 or 2026-02-28")
    match = _DATE.match(text.strip())
    if match:
        month, day = int(match["month"] or 1), int(match["day"] or 1)
        if 1 <= month <= 12 and 1 <= day <= _days(int(match["year"]), month):
            return text.strip()
    raise ValueError(f"{describe(text)} is not a date; write {_iso(text.strip()) or '2026, 2026-02 or 2026-02-28'}")


def _iso(text: str) -> str:
    """A date that was written another way, where it can be read in one way only: ``1.7.2024`` and ``2024-7-1``."""
    found = re.fullmatch(r"(?P<day>[0-9]{1,2})\.\s?(?P<month>[0-9]{1,2})\.\s?(?P<year>[0-9]{4})", text)
    found = found or re.fullmatch(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})", text)
    if found is None:
        return ""
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    return f"{year}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= _days(year, month) else ""


def _what(error: ValueError) -> str:
    """What is wrong, without the next step."""
    return str(error).partition("; ")[0]


def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def describe(raw: object) -> str:
    """A raw value in words, for messages."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, dict):
        return "a mapping"
    if isinstance(raw, list):
        return "a list"
    text = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in str(raw)[:61])
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"
