"""When a communication's items pass: spread evenly, or in runs with a start, a window and a cadence.

A run of cadence ``every`` sends its part of the month evenly over its window. What is not said stays open: a
run of unknown start may fall on any other, a run of unknown window is only known on average.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.model.chapter_map import Communication, Schedule
from cx_map.model.values import HOUR_SECONDS, MONTH_SECONDS

DAY = 86400.0
WEEK = 7 * DAY
_AT = re.compile(r"\s*([01]?[0-9]|2[0-4]):([0-5][0-9])")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Day: TypeAlias = tuple[Literal["every", "week", "month", "open"], int]
"""Every day, a day of the week (0 is Monday), a day of the month, or so many days after one not known."""

EVERY: Day = ("every", 0)
OPEN: Day = ("open", 0)


class Timing(Struct, frozen=True):
    """How the items of a communication are spread in time.

    ``cadence`` None: an event sets each item off, they come all the time. ``start`` is in seconds after
    midnight. ``burst`` is the share of a month's items in one second of the window, None where unknown.
    """

    cadence: float | None = None
    start: float | None = None
    window: float | None = None
    day: Day = EVERY
    scheduled: bool = False

    @property
    def burst(self) -> float | None:
        """Share of a month's items that pass in each hour of the window."""
        if not self.scheduled:
            return HOUR_SECONDS / MONTH_SECONDS
        if self.cadence is None or self.window is None:
            return None
        return self.cadence / MONTH_SECONDS * HOUR_SECONDS / min(self.window, self.cadence)

    @property
    def steady(self) -> bool:
        """Whether items pass at the same rate all the time."""
        return not self.scheduled or (
            self.cadence is not None and self.window is not None and self.window >= self.cadence
        )


def timing_of(communication: Communication) -> Timing:
    """When a communication's items pass; it is event-driven unless it has a schedule or a scheduled trigger.

    A schedule said to be unknown is one of which nothing is known, not none.
    """
    schedule = communication.schedule
    if schedule is None:
        trigger = communication.trigger
        runs = trigger is not None and trigger.kind_ == "schedule"
        return Timing(scheduled=runs or "schedule" in communication.unknown)
    cadence = schedule.run.seconds if schedule.run is not None and schedule.run.seconds > 0 else None
    # a run that takes no time at all would be an infinite rate: it takes a second
    window = max(schedule.window.seconds, 1.0) if schedule.window is not None else None
    return Timing(cadence, _start(schedule), window, _day(schedule, cadence), scheduled=True)


def _start(schedule: Schedule) -> float | None:
    found = _AT.match(schedule.at or "")
    return (int(found[1]) * 3600.0 + int(found[2]) * 60.0) % DAY if found else None


def _day(schedule: Schedule, cadence: float | None) -> Day:
    if cadence is None:
        return OPEN
    if cadence <= 1.4 * DAY:  # a business day counts as 1.4 days
        return EVERY
    written = (schedule.day or "").strip().casefold()
    if cadence == WEEK and written[:3] in _WEEKDAYS and (written[3:] == "" or written.endswith("day")):
        return ("week", _WEEKDAYS.index(written[:3]))
    if 28 * DAY <= cadence <= 31 * DAY:
        if written in ("last", "last day"):
            return ("month", 31)
        number = re.fullmatch(r"(?:day )?([0-9]{1,2})(?:st|nd|rd|th|\.)?", written)
        if number and 1 <= int(number[1]) <= 31:
            return ("month", int(number[1]))
    return OPEN


class Piece(Struct, frozen=True):
    """A stretch of one day in which a run is active; ``owner`` says whose."""

    day: Day
    begin: float
    end: float
    owner: int


def pieces(timing: Timing, owner: int) -> list[Piece]:
    """The stretches of days in which runs are active, midnight crossed; empty where start or window is not known."""
    if timing.steady:
        return [Piece(EVERY, 0.0, DAY, owner)]
    if timing.cadence is None or timing.start is None or timing.window is None:
        return []
    found: list[Piece] = []
    repeats = round(DAY / timing.cadence) if timing.cadence < DAY else 1
    for number in range(max(repeats, 1)):
        begin = timing.start + number * timing.cadence
        end = begin + timing.window
        while begin < end:
            day = int(begin // DAY)
            stop = min(end, (day + 1) * DAY)
            found.append(Piece(_later(timing.day, day), begin - day * DAY, stop - day * DAY, owner))
            begin = stop
    return found


def _later(day: Day, days: int) -> Day:
    if day[0] == "week":
        return ("week", (day[1] + days) % 7)
    if day[0] == "month":
        return ("month", (day[1] - 1 + days) % 31 + 1)
    return ("open", days) if day[0] == "open" else day
