"""ESC103."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from cx_map.analyses.escalation_ladders import MOST_LEVELS as LOOKED_AT
from cx_map.analyses.escalation_ladders import Ladder, errors_by_ladder, errors_through, ladders
from cx_map.analyses.opening_hours import ALWAYS, gaps
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Team
from cx_map.model.chapter_service import ErrorType, Escalation
from cx_map.model.inventory import Inventory
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, PathStep, Severity, Verdict, rule


@rule("ESC103", severity="major", unlock=("error_types.*.escalates_via", "escalations.*.levels"))
def no_escalation_path(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A grave error has no way up, or the way up ends nowhere, goes in a circle or is closed.

    ## Why it matters
    What the front line cannot solve needs a path that somebody answers for at its end. A ladder with a retired
    team, or one that hands the case back, keeps the customer waiting while everybody believes it is in hand.

    ## How it decides
    An error type of severity major or critical breaks the rule when its `escalates_via` is said to be `unknown` or
    `[]`, leads to an escalation that is not in use, or is left out although the inventory describes escalations
    and no usable team is named in `resolvable_by`. An escalation, with the levels of other escalations that its
    levels point to in their place, breaks it when it has no level, points back to itself, gives one team the case
    twice, names a proposed or retired team or escalation, when its last team is not the `accountable` one, or
    when a level may decide nothing that the one before it may not (weaker than *authority strictly grows*,
    because people write authorities as texts). An escalation that a critical error takes must also be staffed at
    every hour of the week by some level. Of a ladder of more than 100 levels the first 100 are judged, and the rest is not
    assessed. Severity is *critical* where a critical error is concerned, else *major*.

    ## Evidence it needs
    `error_types` with `severity` and `escalates_via`; `escalations` with `levels`, `accountable` and, for critical
    errors, `hours` of levels or teams.

    ## Example
    ```yaml
    teams: {care: {}, privacy: {status: retired}, data-officer: {}}
    error_types:
      letter-to-another-person: {class: misdelivery, severity: critical, escalates_via: privacy-ladder}
    escalations:
      privacy-ladder:
        levels:
          - {team: care, within: 1h, hours: 24x7}
          - {team: privacy, within: 4h}  # ESC103
          - {team: data-officer, within: 1d}
        accountable: data-officer
    ```

    ## Mended
    ```yaml
    teams: {care: {}, privacy: {}, data-officer: {}}
    error_types:
      letter-to-another-person: {class: misdelivery, severity: critical, escalates_via: privacy-ladder}
    escalations:
      privacy-ladder:
        levels:
          - {team: care, within: 1h, hours: 24x7}
          - {team: privacy, within: 4h, hours: mon-fri 08:00-18:00}
          - {team: data-officer, within: 1d, hours: mon-fri 08:00-18:00}
        accountable: data-officer
    ```

    ## References
    Escalation by severity as published practice of communications assessments.
    """
    inventory = eco.inventory
    known = eco.once(ladders)
    users, through = eco.once(errors_by_ladder), eco.once(errors_through)
    looked_at = bool(known) or any(one.escalates_via is not None for one in inventory.of(ErrorType))
    ways_up, over = _WaysUp(inventory, known), _over(known)
    for error in inventory.of(ErrorType):
        if error.usable:
            yield _error(inventory, error, ways_up, looked_at)
    for name, ladder in known.items():
        critical = [one.id for one in users.get(name, ()) if one.severity == "critical"]
        grave = [one.id for one in through.get(name, ()) if one.severity == "critical"]
        found = list(_ladder(ladder, critical, grave, over.get(name, ())))
        yield from found
        if ladder.cut:
            reason = f"it has more than the {LOOKED_AT} levels that are looked at, with those of the escalations it points to"
            yield NotAssessed(name, reason, ("escalations.*.levels",))
        elif not found:
            yield _open(ladder, critical) or Passed(name)


def _error(inventory: Inventory, error: ErrorType, ways_up: _WaysUp, looked_at: bool) -> Verdict:
    if error.severity is None:
        return NotAssessed(error.id, "its severity is not known", ("error_types.*.severity",))
    if error.severity not in ("major", "critical"):
        return Passed(error.id)
    severity: Severity = "critical" if error.severity == "critical" else "major"
    why = ""
    at: tuple[str, ...] = ("escalates_via",)
    related: tuple[str, ...] = ()
    if error.escalates_via is not None:
        ladder = inventory.find(error.escalates_via, Escalation)
        if ladder is None or ladder.usable:
            return Passed(error.id)
        why, related = f"'{ladder.id}' is {ladder.status}", (ladder.id,)
    elif "escalates_via" in error.unknown:
        why = "asked, and nobody knows"
    elif "escalates_via" in error.nothing:
        why = "known to have none"
    elif any((team := inventory.find(name, Team)) is not None and team.usable for name in error.resolvable_by or ()):
        return Passed(error.id)
    elif not looked_at:
        return NotAssessed(error.id, "no escalation is described", ("error_types.*.escalates_via", "escalations"))
    else:
        why, at = "none is named, nor a team that can resolve it", ()
    return Breach(
        subject=error,
        message=f"{error.severity} error '{error.id}' has no escalation path: {why}",
        severity=severity,
        at=at,
        label=why,
        related=related,
        fix=ways_up.fix(error),
    )


class _WaysUp:
    """The sound ladder for an error: the one that most errors of the same class take, else of any class."""

    def __init__(self, inventory: Inventory, known: Mapping[str, Ladder]) -> None:
        self._known = known
        taken = [one for one in inventory.of(ErrorType) if one.usable and one.escalates_via is not None]
        self._users = Counter(one.escalates_via for one in taken)
        self._of_class = Counter((one.escalates_via, one.class_) for one in taken)
        self._best: dict[str | None, str | None] = {}

    @cached_property
    def _sound(self) -> tuple[str, ...]:
        return tuple(
            name
            for name, one in self._known.items()
            if one.rungs and not one.cut and not list(_ladder(one, ["any"], [])) and not _open(one, ["any"])
        )

    def fix(self, error: ErrorType) -> Fix:
        """O(escalations) for each class of error, once."""
        if error.class_ not in self._best:
            self._best[error.class_] = min(
                self._sound,
                key=lambda name: (-self._of_class[name, error.class_], -self._users[name], name),
                default=None,
            )
        best = self._best[error.class_]
        if best is None:
            return Fix("write down the escalation that it takes, with a team that answers for it at the end")
        return Fix(f"let '{error.id}' take the escalation '{best}'", ({"change": {error.id: {"escalates_via": best}}},))


def _over(known: Mapping[str, Ladder]) -> Mapping[str, Sequence[Ladder]]:
    """The ladders that lead over each of them. O(rungs)"""
    found: dict[str, list[Ladder]] = {}
    for name, ladder in known.items():
        for below in sorted({rung.escalation.id for rung in ladder.rungs} - {name}):
            found.setdefault(below, []).append(ladder)
    return found


def _ladder(ladder: Ladder, critical: list[str], through: list[str], over: Sequence[Ladder] = ()) -> Iterator[Breach]:
    """What is wrong with a ladder that these critical errors take, itself or as a part of another (through).

    ``over`` are the ladders that lead over it: what mends it must not break them.
    """
    escalation = ladder.escalation
    severity: Severity = "critical" if through else "major"
    path = tuple(
        PathStep(one.team.id, "hands to", other.team.id, other.escalation, ("levels", other.number))
        for one, other in zip(ladder.rungs[:MOST_STEPS], ladder.rungs[1 : MOST_STEPS + 1], strict=False)
        if one.team is not None and other.team is not None
    )

    def breach(problem: str, what: str, at: tuple[str | int, ...], label: str, fix: Fix, *related: str) -> Breach:
        return Breach(
            subject=escalation, message=f"escalation '{escalation.id}' {what}", severity=severity, at=at, label=label,
            related=(*related, *through), discriminator=(problem, *related), path=path,
            measures={"levels": len(ladder.rungs)}, fix=fix,
        )  # fmt: skip

    if ladder.known and not escalation.levels:
        yield breach(
            "empty", "has no level", ("levels",), "no level", Fix("name the teams that have the case, in order")
        )
    if ladder.circle:
        way = " -> ".join(f"'{name}'" for name in ladder.circle)
        yield breach("circle", f"goes in a circle: {way}", ("levels",), "goes in a circle",
                     Fix("let the last of them end with a team that answers for it"), *ladder.circle[:-1])  # fmt: skip
    for name in ladder.repeated():
        yield breach("again", f"gives '{name}' the case a second time", ("levels",), f"'{name}' stands twice",
                     Fix(f"keep one level of '{name}'"), name)  # fmt: skip
    for rung in ladder.lost:
        lost = rung.level.team or ""
        yield breach("lost", f"leads to '{lost}', which is not in use", ("levels", rung.number), "not in use",
                     Fix(f"name another way than '{lost}'"), lost)  # fmt: skip
    for rung in ladder.rungs:
        if rung.team is not None and not rung.team.usable and rung.escalation is escalation:
            yield breach("inactive", f"stops at '{rung.team.id}', which is {rung.team.status}", ("levels", rung.number),
                         f"'{rung.team.id}' is {rung.team.status}",
                         Fix(f"name a team that is there instead of '{rung.team.id}', or leave the level out"), rung.team.id)  # fmt: skip
    yield from _end(ladder, breach, over)
    weak = ladder.no_gain()
    if weak is not None and weak[0].team is not None and weak[1].team is not None:
        before, after = weak[0].team.id, weak[1].team.id
        yield breach("authority", f"goes from '{before}' to '{after}', which may decide no more", ("levels",), "no more authority",
                     Fix(f"leave '{after}' out, or give it the authority that '{before}' lacks"), before, after)  # fmt: skip
    minutes = ladder.open_minutes()
    if critical and ladder.rungs and minutes is not None and minutes != ALWAYS:
        yield breach("hours", f"is closed from {gaps(minutes)} although critical errors take it", ("levels",),
                     f"nobody from {gaps(minutes)}", Fix("add a level that is staffed then, or extend the hours of one"))  # fmt: skip


def _end(ladder: Ladder, breach: Callable[..., Breach], over: Sequence[Ladder]) -> Iterator[Breach]:
    """Whether the last level is the one that answers for it."""
    escalation = ladder.escalation
    accountable = escalation.accountable
    if accountable is None:
        if {"accountable"} & (escalation.unknown | escalation.nothing):
            yield breach("accountable", "ends with nobody who answers for it", ("accountable",), "nobody",
                         Fix("name the team that answers for it in the end"))  # fmt: skip
        return
    last = ladder.rungs[-1].team if ladder.rungs and not ladder.cut else None
    if last is None or last.id == accountable or ladder.circle or not last.usable:
        return  # that it goes on for ever, or to nobody, is told by itself
    stands = any(rung.team is not None and rung.team.id == accountable for rung in ladder.rungs)
    fits = _fits(ladder) and all(_fits_over(one, ladder) for one in over)
    more = ({"change": {escalation.id: {"levels": {"add": [accountable]}}}},) if fits else ()
    fix = Fix(f"let '{accountable}' have the last level", more) if not stands else Fix(f"let '{last.id}' answer for it", ({"change": {escalation.id: {"accountable": last.id}}},))  # fmt: skip
    yield breach("end", f"ends with '{last.id}', but '{accountable}' is to answer for it", ("accountable",),
                 f"the last level is '{last.id}'", fix, accountable)  # fmt: skip


MOST_STEPS = 20
"""Hand-overs told as the path of a finding; its measure says how many levels there are."""

MOST_LEVELS = 4
"""Levels of a ladder from which one more would be too many (ESC104)."""


def _fits(ladder: Ladder) -> bool:
    """Whether the accountable team can have one more level without a new fault: in use, with more authority, not one level too many."""
    team = ladder.accountable
    last = ladder.rungs[-1].authority if ladder.rungs else None
    if team is None or not team.usable or len(ladder.rungs) >= MOST_LEVELS:
        return False
    return team.authority is None or last is None or not set(team.authority) <= last


def _fits_over(one: Ladder, ladder: Ladder) -> bool:
    """Whether a ladder that leads over another can do with one more level at that one's end without a new fault."""
    team = ladder.accountable
    if team is None or len(one.rungs) >= MOST_LEVELS or any(rung.team is team for rung in one.rungs):
        return False
    ends_there = one.rungs[-1].escalation is ladder.escalation
    return not ends_there or one.accountable is None or one.accountable is team


def _open(ladder: Ladder, critical: list[str]) -> NotAssessed | None:
    """What is not known of a ladder with which nothing is wrong as far as is known."""
    name = ladder.escalation.id
    if not ladder.known:
        return NotAssessed(name, "its levels are not known", ("escalations.*.levels",))
    if any(rung.team is None for rung in ladder.rungs):
        return NotAssessed(name, "the team of a level is not known", ("escalations.*.levels.team",))
    if ladder.escalation.accountable is None:
        return NotAssessed(name, "it is not known who answers in the end", ("escalations.*.accountable",))
    if critical and ladder.open_minutes() is None:
        unlock = ("escalations.*.levels.hours", "teams.*.hours")
        unread = [one.hours for one in ladder.rungs if one.hours is not None and one.open_minutes is None]
        if unread and all(one.hours is not None for one in ladder.rungs):
            return NotAssessed(
                name, f"the hours '{unread[0]}' of a level that critical errors take are not understood", unlock
            )
        return NotAssessed(name, "the hours of a level that critical errors take are not known", unlock)
    return None
