"""Escalations as ladders: who has a case at each level, for how long, with what authority (analysis F)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from cx_map.analyses.opening_hours import ALWAYS, minutes_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Team
from cx_map.model.chapter_service import ErrorType, Escalation, Level
from cx_map.model.inventory import Inventory

SEVERITIES = ("minor", "moderate", "major", "critical")
"""Severities of errors, the mildest first."""


MOST_LEVELS = 100
"""Levels of a ladder that are looked at, those that point to another escalation included: nobody climbs more, and
escalations that point to one another make ladders that grow without measure."""


class Rung(Struct, frozen=True):
    """A level of a ladder and where it is written: the escalation and the number of the level in it."""

    level: Level
    escalation: Escalation
    number: int
    team: Team | None
    """None where it is not known who has it."""
    business: str | None = None
    """The business hours of the organization."""

    @property
    def authority(self) -> frozenset[str] | None:
        """What may be decided here: the level's authority, else its team's; None where it is not known."""
        of = self.level.authority
        if of is None and self.team is not None:
            of = self.team.authority
        return None if of is None else frozenset(of)

    @property
    def hours(self) -> str | None:
        """When it is staffed, as written: the level's hours, else its team's."""
        return self.level.hours or (self.team.hours if self.team is not None else None)

    @property
    def open_minutes(self) -> int | None:
        """The minutes of the week it is staffed, as bits; None where not known."""
        return None if self.hours is None else minutes_of(self.hours, self.business)


class Ladder(Struct, frozen=True):
    """An escalation with the levels of the escalations that its levels point to put in their place."""

    escalation: Escalation
    rungs: tuple[Rung, ...]
    circle: tuple[str, ...]
    """Escalations that point back to one before them, in order; empty where none does."""
    lost: tuple[Rung, ...]
    """Levels that point to an escalation that is not in use."""
    accountable: Team | None = None
    cut: bool = False
    """Whether there are more levels than are looked at."""

    @property
    def known(self) -> bool:
        """Whether its levels are known."""
        return self.escalation.levels is not None

    @property
    def seconds(self) -> float:
        """Time until the last level has to be done, levels of unknown time counted 0: a lower bound."""
        return sum(rung.level.within.seconds for rung in self.rungs if rung.level.within is not None)

    @property
    def timed(self) -> bool:
        """Whether the time of every level is known, so that the lower bound is exact."""
        return not self.cut and bool(self.rungs) and all(rung.level.within is not None for rung in self.rungs)

    def repeated(self) -> tuple[str, ...]:
        """Teams that get the case a second time, in order; what is wrong within another escalation is told there."""
        seen: dict[str, set[str]] = {}
        again = []
        for rung in self.rungs:
            if rung.team is not None:
                before = seen.setdefault(rung.team.id, set())
                if before and (rung.escalation is self.escalation or before != {rung.escalation.id}):
                    again.append(rung.team.id)
                before.add(rung.escalation.id)
        return tuple(dict.fromkeys(again))

    def no_gain(self) -> tuple[Rung, Rung] | None:
        """The first two levels of which the second may decide nothing that the first may not; None without.

        Two levels of another escalation are told there; one team twice is another fault.
        """
        for before, after in zip(self.rungs, self.rungs[1:], strict=False):
            if before.escalation is after.escalation is not self.escalation or before.team is after.team:
                continue
            if before.authority is not None and after.authority is not None and after.authority <= before.authority:
                return before, after
        return None

    def open_minutes(self) -> int | None:
        """Minutes of the week in which some level is staffed; None where hours that are not known may close a gap."""
        total, known = 0, True
        for rung in self.rungs:
            minutes = rung.open_minutes
            known = known and minutes is not None
            total |= minutes or 0
        known = known and not self.cut
        return total if known or total == ALWAYS else None


def ladders(eco: Ecosystem) -> Mapping[str, Ladder]:
    """The ladder of every usable escalation. O(levels), of which no more than :data:`MOST_LEVELS` for each ladder."""
    inventory = eco.inventory
    return {one.id: _ladder(inventory, one) for one in inventory.of(Escalation) if one.usable}


def _ladder(inventory: Inventory, escalation: Escalation) -> Ladder:
    rungs: list[Rung] = []
    lost: list[Rung] = []
    circle: tuple[str, ...] = ()
    business = inventory.organization.business_hours if inventory.organization is not None else None
    seen = 0
    trail = [(escalation, enumerate(escalation.levels or ()))]
    while trail:
        one, rest = trail[-1]
        number, level = next(rest, (0, None))
        if level is None:
            trail.pop()
            continue
        seen += 1
        if seen > MOST_LEVELS:
            break
        further = inventory.find(level.team, Escalation)
        rung = Rung(level, one, number, inventory.find(level.team, Team), business)
        if further is None:
            rungs.append(rung)
        elif not further.usable:
            lost.append(rung)
        else:
            names = [before.id for before, _ in trail]
            if further.id not in names:
                trail.append((further, enumerate(further.levels or ())))
            elif not circle:
                circle = (*names[names.index(further.id) :], further.id)
    accountable = inventory.find(escalation.accountable, Team)
    return Ladder(escalation, tuple(rungs), circle, tuple(lost), accountable, seen > MOST_LEVELS)


def errors_by_ladder(eco: Ecosystem) -> Mapping[str, tuple[ErrorType, ...]]:
    """The usable error types that take each escalation, by its id."""
    found: dict[str, list[ErrorType]] = {}
    for error in eco.inventory.of(ErrorType):
        if error.usable and error.escalates_via is not None:
            found.setdefault(error.escalates_via, []).append(error)
    return {name: tuple(errors) for name, errors in found.items()}


def errors_through(eco: Ecosystem) -> Mapping[str, tuple[ErrorType, ...]]:
    """The usable error types that come through each escalation, also as a part of another's ladder, by its id."""
    found: dict[str, list[ErrorType]] = {}
    for name, errors in eco.once(errors_by_ladder).items():
        ladder = eco.once(ladders).get(name)
        parts = {rung.escalation.id for rung in ladder.rungs} | {name} if ladder is not None else set()
        for part in sorted(parts):
            found.setdefault(part, []).extend(errors)
    return {name: tuple(sorted(errors, key=lambda one: one.id)) for name, errors in found.items()}


def inversions(
    errors: tuple[ErrorType, ...], seconds: Mapping[str, tuple[float, bool]]
) -> Iterator[tuple[ErrorType, ErrorType]]:
    """Pairs of a graver and a milder error of one class of which the graver takes longer for certain.

    ``seconds`` are the time of each escalation and whether it is exact; the milder one's must be exact, the
    graver one's may be a lower bound. Each graver error comes with the quickest milder one. O(n log n).
    """
    by_class: dict[str, list[ErrorType]] = {}
    for error in errors:
        if error.class_ is not None and error.severity is not None and error.escalates_via in seconds:
            by_class.setdefault(error.class_, []).append(error)
    for name in sorted(by_class):
        quickest: dict[int, tuple[float, str, ErrorType]] = {}
        for error in by_class[name]:
            time, exact = seconds[error.escalates_via or ""]
            rank = SEVERITIES.index(error.severity or "minor")
            if exact and (rank not in quickest or (time, error.id) < quickest[rank][:2]):
                quickest[rank] = (time, error.id, error)
        for error in by_class[name]:
            time, _ = seconds[error.escalates_via or ""]
            rank = SEVERITIES.index(error.severity or "minor")
            milder = min(
                (one for below, one in quickest.items() if below < rank), key=lambda one: one[:2], default=None
            )
            if milder is not None and time > milder[0]:
                yield error, milder[2]
