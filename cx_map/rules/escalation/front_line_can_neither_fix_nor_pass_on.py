"""ESC105."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.escalation_ladders import Ladder, ladders
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_map import Channel, Team
from cx_map.model.chapter_service import AgentPool, ErrorType, Touchpoint
from cx_map.model.inventory import Inventory
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Range, Severity, Verdict, rule
from cx_map.rulekit.breach import Measure


@rule(
    "ESC105", severity="major", unlock=("error_types.*.detected_by", "error_types.*.resolvable_by", "teams.*.authority")
)
def front_line_can_neither_fix_nor_pass_on(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Those who hear of an error can neither put it right nor hand it on.

    ## Why it matters
    The agent is the face of the firm at the moment of frustration. Simple changes should be made on the spot; for the
    rest there must be somebody to hand them to.

    ## How it decides
    The front line of an error type consists of the teams of the touchpoints, agent pools, channels (through their pools),
    collection points or teams where customers report it (`detected_by` of kind customer). A team can put it
    right when it stands in `resolvable_by`, or has the error's id or class in its `authority`; it can hand it on when
    the error `escalates_via` a usable escalation with levels. An error with a team that can do neither breaks the rule,
    *critical* for critical errors, else *major*. A minor error that the front line always has to hand on is a gap in
    its authority, and *minor*. Where neither `resolvable_by` nor the team's `authority` is known, it is not assessed.

    ## Evidence it needs
    `detected_by`, `resolvable_by` and `escalates_via` of error types, teams behind touchpoints and pools, `authority`.

    ## Example
    ```yaml
    teams: {care: {}, back-office: {}}
    agent_pools: {care-desk: {team: care}}
    error_types:
      wrong-balance:  # ESC105
        class: calculation
        severity: major
        detected_by: [{where: care-desk, kind: customer}]
        resolvable_by: [back-office]
        escalates_via: []
    ```

    ## Mended
    ```yaml
    teams: {care: {}, back-office: {}}
    agent_pools: {care-desk: {team: care}}
    escalations: {to-back-office: {levels: [care, back-office], accountable: back-office}}
    error_types:
      wrong-balance:
        class: calculation
        severity: major
        detected_by: [{where: care-desk, kind: customer}]
        resolvable_by: [back-office]
        escalates_via: to-back-office
    ```

    ## References
    Letting representatives make simple changes themselves, as published practice of ecosystem assessments.
    """
    inventory = eco.inventory
    known = eco.once(ladders)
    pools: dict[str, list[AgentPool]] = {}
    for pool in inventory.of(AgentPool):
        for channel in pool.channels or () if pool.usable else ():
            pools.setdefault(channel, []).append(pool)
    for error in inventory.of(ErrorType):
        if error.usable:
            yield _judge(inventory, error, known, pools)


def _front_line(inventory: Inventory, error: ErrorType, pools: Mapping[str, list[AgentPool]]) -> list[Team]:
    """The usable teams that customers report an error to, in order of id."""
    names: set[str | None] = set()
    for one in error.detected_by or ():
        if one.kind_ not in ("customer", None) or one.where is None:
            continue
        place = inventory.entities.get(one.where)
        if isinstance(place, Team):
            names.add(place.id)
        elif isinstance(place, AgentPool):
            names.add(place.team)
        elif isinstance(place, Touchpoint):
            names |= (
                {place.team} if place.team is not None else {pool.team for pool in pools.get(place.channel or "", ())}
            )
        elif isinstance(place, CollectionPoint):
            touchpoint = inventory.find(place.touchpoint, Touchpoint)
            if touchpoint is not None and touchpoint.team is not None:
                names.add(touchpoint.team)
            else:
                channel = touchpoint.channel if touchpoint is not None else place.channel
                names |= {pool.team for pool in pools.get(channel or "", ())}
        elif isinstance(place, Channel):
            names |= {pool.team for pool in pools.get(place.id, ())}
    teams = [
        team for name in sorted(name for name in names if name is not None) if (team := inventory.find(name, Team))
    ]
    return [team for team in teams if team.usable]


def _can_fix(error: ErrorType, team: Team) -> bool | None:
    """Whether a team may put an error right; None where nobody says."""
    authority = team.authority
    if team.id in (error.resolvable_by or ()) or {error.id, error.class_} & set(authority or ()):
        return True
    return None if error.resolvable_by is None and authority is None else False


def _judge(
    inventory: Inventory, error: ErrorType, known: Mapping[str, Ladder], pools: Mapping[str, list[AgentPool]]
) -> Verdict:
    teams = _front_line(inventory, error, pools)
    if not teams:
        return NotAssessed(error.id, "who hears of it from customers is not known", ("error_types.*.detected_by",))
    powers = [(team, _can_fix(error, team)) for team in teams]
    helpless = [team for team, power in powers if power is False]
    if not helpless:
        if any(power is None for _, power in powers):
            return NotAssessed(
                error.id, "who may put it right is not known", ("error_types.*.resolvable_by", "teams.*.authority")
            )
        return Passed(error.id)
    ladder = known.get(error.escalates_via or "")
    said = error.escalates_via is not None or "escalates_via" in error.nothing or "escalates_via" in error.unknown
    if ladder is not None and (ladder.rungs or not ladder.known):
        if error.severity != "minor":
            return Passed(error.id)
        return _breach(error, helpless, f"always {'has' if len(helpless) == 1 else 'have'} to hand it on", "minor")
    if not said and error.escalates_via is None:
        return NotAssessed(error.id, "whether it can be handed on is not known", ("error_types.*.escalates_via",))
    return _breach(
        error,
        helpless,
        "can neither put it right nor hand it on",
        "critical" if error.severity == "critical" else "major",
    )


def _breach(error: ErrorType, teams: list[Team], what: str, severity: Severity) -> Breach:
    measures: dict[str, Measure] = {}
    if error.volume is not None:
        measures["items_per_month"] = Range(error.volume.lowest, error.volume.highest, error.volume.basis or "reported")
    names = " and ".join(f"'{team.id}'" for team in teams)
    grant = Fix(
        f"let {names} put it right by {'itself' if len(teams) == 1 else 'themselves'}", tuple(_grants(error, teams))
    )
    return Breach(
        subject=error,
        message=f"error type '{error.id}' comes to {'team' if len(teams) == 1 else 'teams'} {names}, which {what}",
        severity=severity,
        label=f"{names} {what}",
        related=(*(team.id for team in teams), *(error.resolvable_by or ())),
        discriminator=("authority",) if severity == "minor" else (),
        measures=measures,
        fix=grant if error.severity in ("minor", "moderate") else Fix("name the escalation by which it is handed on"),
    )


def _grants(error: ErrorType, teams: list[Team]) -> Iterator[Mapping[str, object]]:
    """The right to resolve this error, where it is known who has it: an authority that nobody stated is not made a whole list.

    Nor does a level of an escalation then decide more than the one above it.
    """
    names = [team.id for team in teams]
    if error.resolvable_by is not None:
        yield {"change": {error.id: {"resolvable_by": {"add": names} if error.resolvable_by else names}}}
        return
    for team in teams:
        yield {"change": {team.id: {"authority": {"add": [error.id]} if team.authority else [error.id]}}}
