"""Whole and partial dates as days: `2026`, `2026-02`, `2026-02-28`."""

from __future__ import annotations

import datetime


def first_day(text: str) -> datetime.date:
    """The first day that a date can mean."""
    parts = [int(part) for part in text.split("-")]
    return datetime.date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


def last_day(text: str) -> datetime.date:
    """The last day that a date can mean."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) > 2:
        return datetime.date(*parts)
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later (earlier if negative), or the last day of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    end = (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)).day
    return datetime.date(year, month, min(day.day, end))


def when(text: str) -> str:
    """A whole or partial date as a sentence tells it: `on 2026-02-28`, `in 2026-02`."""
    return f"{'on' if text.count('-') == 2 else 'in'} {text}"
