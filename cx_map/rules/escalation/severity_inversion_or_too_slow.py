"""ESC104."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.escalation_ladders import Ladder, errors_by_ladder, inversions, ladders
from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_service import ErrorType
from cx_map.model.inventory import Inventory
from cx_map.model.values import duration_text
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule

HOUR = 3600.0
DAY = 24 * HOUR


class Parameters(Struct, frozen=True):
    """How many hand-overs are too many."""

    hops: Annotated[int, "Most hand-overs from level to level of one escalation."] = 3


@rule("ESC104", severity="major", unlock=("error_types.*.escalates_via", "escalations.*.levels.within"))
def severity_inversion_or_too_slow(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A grave error is solved later than a milder one, later than the law allows, or after too many hand-overs.

    ## Why it matters
    Errors are not equal: a mistyped name may wait, a statement sent to another person may not. Ladders are
    written one at a time, so nobody notices that the graver error takes the longer one.

    ## How it decides
    The time of an error is the sum of `within` over the levels of its ladder (levels of other escalations in their
    place). An error type breaks the rule when a milder error of the same class takes less time, or when its time is
    over its `statutory_deadline`. Where that is left out, a statement to another person (class misdelivery) has 72 hours
    under the profile eu-gdpr, and a wrong amount (class calculation) 90 days under us-reg-z. Levels of unknown time
    count 0: what is too slow even so is a finding, everything else is then not assessed. An escalation breaks the
    rule when it hands over more than `hops` times. This is no legal advice.

    ## Evidence it needs
    `error_types` with `escalates_via`, `severity` and `class`, and `within` of the levels.

    ## Example
    ```yaml
    organization: {regulatory_profiles: [eu-gdpr]}
    teams: {care: {}, back-office: {}, data-officer: {}}
    error_types:
      letter-to-another-person: {class: misdelivery, severity: critical, escalates_via: slow}  # ESC104
    escalations:
      slow:
        levels: [{team: care, within: 1d}, {team: back-office, within: 5d}, {team: data-officer, within: 1d}]
        accountable: data-officer
    ```

    ## Mended
    ```yaml
    organization: {regulatory_profiles: [eu-gdpr]}
    teams: {care: {}, back-office: {}, data-officer: {}}
    error_types:
      letter-to-another-person: {class: misdelivery, severity: critical, escalates_via: quick}
    escalations:
      quick:
        levels: [{team: care, within: 4h}, {team: back-office, within: 1d}, {team: data-officer, within: 1d}]
        accountable: data-officer
    ```

    ## References
    GDPR article 33 (notification of a breach within 72 hours); Regulation Z, 12 CFR 1026.13 (billing errors resolved
    within two cycles, at most 90 days). The number of hand-overs is a judgement.
    """
    known, users = eco.once(ladders), eco.once(errors_by_ladder)
    errors = tuple(one for one in eco.inventory.of(ErrorType) if one.usable)
    seconds = {name: (one.seconds, one.timed) for name, one in known.items() if one.known}
    milder: dict[str, ErrorType] = {grave.id: mild for grave, mild in inversions(errors, seconds)}
    trial = _Trial(known, errors, seconds)
    for error in errors:
        yield from _error(eco.inventory, error, known, milder.get(error.id), trial)
    for name, ladder in known.items():
        hops = len(ladder.rungs) - 1
        if not ladder.known:
            yield NotAssessed(name, "its levels are not known", ("escalations.*.levels",))
        elif hops <= parameters.hops:
            yield Passed(name)
        else:
            yield Breach(
                subject=ladder.escalation,
                message=f"escalation '{name}' hands over {hops} times{' or more' if ladder.cut else ''}, more than {parameters.hops}",
                at=("levels",),
                label=f"{hops} hand-overs",
                related=tuple(one.id for one in users.get(name, ())),
                discriminator=("hops",),
                measures={"hops": hops},
                fix=Fix("leave out the level that solves least, or let the front line hand over to the last but one"),
            )


def _error(
    inventory: Inventory,
    error: ErrorType,
    known: Mapping[str, Ladder],
    milder: ErrorType | None,
    trial: _Trial,
) -> Iterator[Verdict]:
    ladder = known.get(error.escalates_via or "")
    if ladder is None or not ladder.known or not ladder.rungs:
        if error.escalates_via is not None or error.severity in ("major", "critical", None):
            yield NotAssessed(error.id, "the levels of its escalation are not known", _LEVELS)
        else:
            yield Passed(error.id)
        return
    deadline, source = _deadline(inventory, error)
    broken = False
    if milder is not None:
        broken = True
        other = known[milder.escalates_via or ""]
        yield Breach(
            subject=error,
            message=f"{error.severity} error '{error.id}' takes {length(ladder.seconds)} to escalate, "
            f"the {milder.severity} error '{milder.id}' only {length(other.seconds)}",
            at=("escalates_via",),
            label=f"slower than '{milder.id}'",
            related=(milder.id, ladder.escalation.id, other.escalation.id),
            discriminator=("inversion",),
            evidence=_levels(ladder),
            measures={"hours": round(ladder.seconds / HOUR, 2), "hours_of_milder": round(other.seconds / HOUR, 2)},
            fix=_shorter(ladder, other.seconds, trial),
        )
    if deadline is not None and ladder.seconds > deadline:
        broken = True
        yield Breach(
            subject=error,
            message=f"error '{error.id}' takes {length(ladder.seconds)} to escalate, {source} allows {length(deadline)}",
            at=("escalates_via",),
            label=f"{length(ladder.seconds)} against {length(deadline)}",
            related=(ladder.escalation.id,),
            discriminator=("deadline",),
            evidence=_levels(ladder),
            measures={
                "hours": round(ladder.seconds / HOUR, 2),
                "hours_allowed": round(deadline / HOUR, 2),
                "regulated": True,
            },
            fix=_shorter(ladder, deadline, trial),
        )
    if broken:
        return
    if not ladder.timed:
        yield NotAssessed(
            error.id, "the time of a level of its escalation is not known", ("escalations.*.levels.within",)
        )
    elif error.severity is None or error.class_ is None:
        yield NotAssessed(
            error.id, "its severity or class is not known", ("error_types.*.severity", "error_types.*.class")
        )
    else:
        yield Passed(error.id)


_LEVELS = ("error_types.*.escalates_via", "escalations.*.levels")


def _deadline(inventory: Inventory, error: ErrorType) -> tuple[float | None, str]:
    """The time the law allows in seconds, and where that is said."""
    if error.statutory_deadline is not None:
        return error.statutory_deadline.seconds, "the law"
    profiles = inventory.organization.regulatory_profiles if inventory.organization is not None else None
    if error.class_ == "misdelivery" and "eu-gdpr" in (profiles or ()):
        return 72 * HOUR, "GDPR article 33"
    if error.class_ == "calculation" and "us-reg-z" in (profiles or ()):
        return 90 * DAY, "Regulation Z"
    return None, ""


def _levels(ladder: Ladder) -> tuple[tuple[str, str], ...]:
    found = []
    for number, rung in enumerate(ladder.rungs[:MOST_TOLD], start=1):
        team = f"'{rung.team.id}'" if rung.team is not None else "nobody known"
        time = length(rung.level.within.seconds) if rung.level.within is not None else "time not known"
        found.append((f"level {number}", f"{team}, {time}"))
    if len(ladder.rungs) > MOST_TOLD:
        found.append(("and", f"{len(ladder.rungs) - MOST_TOLD}{' or more' if ladder.cut else ''} more levels"))
    return tuple(found)


MOST_TOLD = 20
"""Levels told as evidence."""

MOST_TRIED = 50
"""No more shorter times are tried out on all other errors: what is left then is a fix in words, without its change."""


@dataclass(eq=False, slots=True)
class _Trial:
    """Whether an escalation of another length would make some error slower than a milder one that is not now."""

    known: Mapping[str, Ladder]
    errors: tuple[ErrorType, ...]
    times: Mapping[str, tuple[float, bool]]
    tried: dict[tuple[str, float], bool] = field(default_factory=dict)

    def harmless(self, name: str, seconds: float) -> bool:
        """Each length of an escalation is tried once; False, too, where there are too many to try. O(errors log errors)."""
        if (name, seconds) not in self.tried and len(self.tried) < MOST_TRIED:
            after = {**self.times, name: (seconds, self.known[name].timed)}
            now = {grave.id for grave, _ in inversions(self.errors, self.times)}
            self.tried[name, seconds] = {grave.id for grave, _ in inversions(self.errors, after)} <= now
        return self.tried.get((name, seconds), False)


def _shorter(ladder: Ladder, seconds: float, trial: _Trial) -> Fix:
    """Shorten the longest level of the escalation itself by the excess, where that breaks nothing else."""
    own = [one for one in ladder.rungs if one.escalation is ladder.escalation and one.level.within is not None]
    excess = ladder.seconds - seconds
    longest = max(
        own, key=lambda one: (one.level.within.seconds if one.level.within else 0.0, -one.number), default=None
    )
    if longest is None or longest.level.within is None or longest.team is None:
        return Fix(f"save {length(excess)} on its way up")
    left = longest.level.within.seconds - excess
    name = ladder.escalation.id
    if left <= 0:
        return Fix(f"shorten several levels of '{name}' by {length(excess)} together")
    fix = f"give '{longest.team.id}' {length(left)} instead of {length(longest.level.within.seconds)}"
    if not trial.harmless(name, seconds):
        return Fix(fix)  # it would make another error the slower one
    levels: list[dict[str, object]] = []
    for number, level in enumerate(ladder.escalation.levels or ()):
        one: dict[str, object] = {} if level.team is None else {"team": level.team}
        if level.authority is not None:
            one["authority"] = list(level.authority)
        within = left if number == longest.number else level.within.seconds if level.within is not None else None
        if within is not None:
            one["within"] = duration_text(within)
        if level.hours is not None:
            one["hours"] = level.hours
        levels.append(one)
    return Fix(fix, ({"change": {name: {"levels": levels}}},))
