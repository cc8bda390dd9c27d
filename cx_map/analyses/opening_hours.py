"""Opening hours as people write them: `24x7`, `mon-fri 08:00-18:00, sat 09:00-13:00`, `weekend`.

Days may be named in English, German, French, Polish or Ukrainian, in full or abridged.
"""

from __future__ import annotations

import re

MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
ALWAYS = (1 << MINUTES_A_WEEK) - 1
"""Every minute of the week, as bits; bit 0 is Monday 00:00."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = (
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("mo", "tu", "we", "th", "fr", "sa", "su"),
    ("mon", "tues", "weds", "thurs", "fri", "sat", "sun"),
    ("mon", "tue", "wed", "thur", "fri", "sat", "sun"),
    ("mo", "di", "mi", "do", "fr", "sa", "so"),
    ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    ("lun", "mar", "mer", "jeu", "ven", "sam", "dim"),
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    ("pn", "wt", "śr", "cz", "pt", "sob", "nd"),
    ("pon", "wto", "sr", "czw", "pia", "sb", "niedz"),
    ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"),
    ("пн", "вт", "ср", "чт", "пт", "сб", "нд"),
    ("понеділок", "вівторок", "середа", "четвер", "п'ятниця", "субота", "неділя"),
    ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
)
_DAY = {name: number for names in (_DAYS, *_NAMES) for number, name in enumerate(names)}
_WORDS = {
    "24x7": (0, 7), "24/7": (0, 7), "always": (0, 7), "daily": (0, 7), "every day": (0, 7), "weekday": (0, 5),
    "weekdays": (0, 5), "weekend": (5, 7), "weekends": (5, 7), "täglich": (0, 7), "rund um die uhr": (0, 7), "werktags": (0, 5),
    "wochenende": (5, 7), "tous les jours": (0, 7), "week-end": (5, 7), "codziennie": (0, 7), "dni robocze": (0, 5),
    "цілодобово": (0, 7), "щодня": (0, 7), "будні": (0, 5), "вихідні": (5, 7),
}  # fmt: skip
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?:uhr|h)?"
_TIMES = re.compile(rf"{_CLOCK}\s*(?:-|–|to|bis|à|do|до)\s*{_CLOCK}\Z")
_JOINED = re.compile(r",|\b(?:and|und|et|i|і|та)\b")


def minutes_of(text: str) -> int | None:
    """The open minutes of a week as bits, or None where the text is not understood.

    Parts are joined by commas, `and` or semicolons; a part names days (default: every day) and one span of
    time (default: all day). Days before a comma or `and` take the time of the next part: `mon, wed 8-10`. A span
    that ends at or before its start goes on into the next day.
    """
    total = 0
    for group in text.casefold().split(";"):
        waiting: list[int] = []
        for part in _JOINED.split(group):
            found = _part(" ".join(part.split()))
            if found is None:
                return None
            days, span = found
            waiting += days
            if span is not None:
                total |= _span(waiting, *span)
                waiting = []
        total |= _span(waiting, 0, MINUTES_A_DAY)
    return total


def _part(part: str) -> tuple[list[int], tuple[int, int] | None] | None:
    """The days of a part and its span of minutes, None where it has none; None where it is not understood."""
    found = _TIMES.search(part) if part not in _WORDS else None
    days = _days(part[: found.start()].strip() if found else part) if part else None
    if days is None:
        return None
    if found is None:
        return days, None
    start = int(found[1]) * 60 + int(found[2] or 0)
    end = int(found[3]) * 60 + int(found[4] or 0)
    if max(start, end) > MINUTES_A_DAY or int(found[2] or 0) > 59 or int(found[4] or 0) > 59:
        return None
    return days, (start, end if end > start else end + MINUTES_A_DAY)


def _days(text: str) -> list[int] | None:
    if not text:
        return list(range(7))
    if text in _WORDS:
        return list(range(*_WORDS[text]))
    first, dash, last = (one.strip() for one in text.replace("–", "-").partition("-"))
    if first not in _DAY or (dash and last not in _DAY):
        return None
    if not dash:
        return [_DAY[first]]
    length = (_DAY[last] - _DAY[first]) % 7 + 1
    return [(_DAY[first] + number) % 7 for number in range(length)]


def _span(days: list[int], start: int, end: int) -> int:
    total = 0
    block = (1 << (end - start)) - 1
    for day in days:
        total |= block << (day * MINUTES_A_DAY + start)
    return (total | (total >> MINUTES_A_WEEK)) & ALWAYS


def gaps(minutes: int) -> str:
    """The longest closed time of the week in words, empty where there is none."""
    if minutes == ALWAYS:
        return ""
    if minutes == 0:
        return "the whole week"
    first_open = next(at for at in range(MINUTES_A_WEEK) if minutes >> at & 1)
    best, start, length = (0, 0), 0, 0
    for step in range(1, MINUTES_A_WEEK + 1):
        at = (first_open + step) % MINUTES_A_WEEK
        if minutes >> at & 1:
            best, length = max(best, (length, start), key=lambda one: one[0]), 0
        else:
            start = at if length == 0 else start
            length += 1
    end = (best[1] + best[0]) % MINUTES_A_WEEK
    return f"{_clock(best[1])} to {_clock(end)}"


def _clock(at: int) -> str:
    return f"{_DAYS[at // MINUTES_A_DAY]} {at % MINUTES_A_DAY // 60:02}:{at % 60:02}"
