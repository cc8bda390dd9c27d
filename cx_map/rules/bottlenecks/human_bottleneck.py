"""BOT112."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.affected import affected
from cx_map.analyses.hand_work import HandWork, hand_work
from cx_map.analyses.operators import written
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication, Team
from cx_map.model.values import Basis, worst_basis
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.impact import impact_measures

LOW_RISK = ("relationship", "survey", "marketing", "transactional", "servicing")
"""Purposes whose approval can be delegated, the least risky first; regulatory, security and collections cannot."""


class Parameters(Struct, frozen=True):
    """How much may wait for one team."""

    share: Annotated[float, "Share of all communications that may wait for one team's approval."] = 0.30
    fewest: Annotated[int, "Communications from which that share means something."] = 3
    utilisation: Annotated[float, "Share of a team's hours that work by hand may take."] = 0.85
    hours: Annotated[float, "Working hours of a full-time equivalent in a month."] = 140.0


@rule("BOT112", severity="major", unlock=("communications.*.approvals", "flows.*.seconds", "teams.*.capacity_fte"))
def human_bottleneck(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Too much waits for one team: for its approval, or for its hands.

    ## Why it matters
    Systems are watched, queues of paper are not. When one officer approves everything, the holiday of one person
    is an outage.

    ## How it decides
    A usable team breaks the rule when at least the share `share` of all usable communications (and at least `fewest`)
    name it in `approvals`, or when its work by hand takes more than `utilisation` of its time. That work is the
    approvals' `effort`, once a run of a schedule and once an item where the trigger is manual (an event-driven text
    is approved when it changes, which does not count), plus `volume` times `seconds` of the flows `via: manual` or
    `rekey` that it owns or that begin or end at it; its time is `capacity_fte` times `hours` a month. What is not
    known leaves the team not assessed, unless what is known is too much already.

    ## Evidence it needs
    `approvals` of communications; for hours also `effort`, `schedule`, `volume` and `seconds` of flows, and
    `capacity_fte` of teams.

    ## Example
    ```yaml
    teams:
      compliance: {capacity_fte: 1}  # BOT112
      lending: {capacity_fte: 9}
      cards: {capacity_fte: 9}
    communications:
      welcome: {purpose: relationship, owner: cards, trigger: {kind: event}, approvals: [compliance]}
      loan-offer: {purpose: marketing, owner: lending, trigger: {kind: event}, approvals: [compliance]}
      rate-change: {purpose: regulatory, owner: lending, trigger: {kind: event}, approvals: [compliance]}
      reminder: {purpose: servicing, owner: lending, trigger: {kind: event}, approvals: []}
      birthday: {purpose: marketing, owner: cards, trigger: {kind: event}, approvals: []}
      statement: {purpose: servicing, owner: cards, trigger: {kind: event}, approvals: []}
      passcode: {purpose: security, owner: cards, trigger: {kind: event}, approvals: []}
    ```

    ## Mended
    ```yaml
    teams:
      compliance: {capacity_fte: 1}
      lending: {capacity_fte: 9}
      cards: {capacity_fte: 9}
    communications:
      welcome: {purpose: relationship, owner: cards, trigger: {kind: event}, approvals: [cards]}
      loan-offer: {purpose: marketing, owner: lending, trigger: {kind: event}, approvals: [compliance]}
      rate-change: {purpose: regulatory, owner: lending, trigger: {kind: event}, approvals: [compliance]}
      reminder: {purpose: servicing, owner: lending, trigger: {kind: event}, approvals: []}
      birthday: {purpose: marketing, owner: cards, trigger: {kind: event}, approvals: []}
      statement: {purpose: servicing, owner: cards, trigger: {kind: event}, approvals: []}
      passcode: {purpose: security, owner: cards, trigger: {kind: event}, approvals: []}
    ```

    ## References
    E. M. Goldratt, The Goal, 1984. The thresholds are judgements; 85 % is a usual limit of planned utilisation.
    """
    usable = [one for one in eco.inventory.of(Communication) if one.usable]
    silent = sum(one.approvals is None for one in usable)
    for one in eco.once(hand_work).values():
        team = one.team
        share = len(one.approves) / len(usable) if usable else 0.0
        many = len(one.approves) >= parameters.fewest and share >= parameters.share
        time = team.capacity_fte.value * parameters.hours if team.capacity_fte is not None else None
        least = one.hours.low / time if time else 0.0
        if many or least > parameters.utilisation:
            busy = least > parameters.utilisation
            yield _breach(eco, one, usable, share, time, parameters, many=many, busy=busy)
            continue
        possible = len(one.approves) + silent
        reached = possible >= parameters.fewest and possible >= parameters.share * len(usable)
        if reached and silent:
            yield NotAssessed(team.id, "who approves some communications is not known", ("communications.*.approvals",))
        elif one.hours.high == 0 or (
            time and one.hours.high is not None and one.hours.high <= parameters.utilisation * time
        ):
            yield Passed(team.id)
        else:
            reason = "the hours of its work by hand, or those it has, are not known"
            unlock = ("communications.*.approvals.effort", "communications.*.schedule.run", "flows.*.volume",
                      "flows.*.seconds", "teams.*.capacity_fte")  # fmt: skip
            yield NotAssessed(team.id, reason, unlock)


def _breach(
    eco: Ecosystem, one: HandWork, usable: list[Communication], share: float, time: float | None, parameters: Parameters,
    *, many: bool, busy: bool,
) -> Breach:  # fmt: skip
    team = one.team
    load = one.hours.said / time if time else None
    at_least = "" if one.hours.known else "at least "
    reasons = [f"approves {len(one.approves)} of {len(usable)} communications"] if many else []
    if busy:
        reasons.append(
            f"has {at_least}{one.hours.said:,.0f} hours of work by hand a month, of {time or 0:,.0f} hours that it works"
        )
    evidence = [("approves", f"{len(one.approves)} of {len(usable)} communications ({share:.0%})")]
    if one.hours.said:
        evidence.append(
            ("work by hand", f"{one.hours.said:,.0f} hours a month" + (f", {load:.0%} of its time" if load else ""))
        )
    reach = affected(eco, one.approves)
    flows = tuple(PathStep(flow.from_ or "", "by hand", flow.to or "", flow, ("via",)) for flow in one.carries)
    capacity = team.capacity_fte
    basis: Basis | None = None if many or capacity is None else worst_basis(one.hours.basis, capacity.basis)
    return Breach(
        subject=team,
        message=f"'{team.id}' {' and '.join(reasons)}",
        label="everything waits here" if many else f"{load or 0:.0%} of its time",
        related=one.approves,
        evidence=tuple(evidence),
        path=(
            *(PathStep(name, "waits for", team.id, eco.inventory.entities[name], ("approvals",)) for name in one.approves),
            *flows,
        ),
        measures={
            "share_of_communications": share, "hours_per_month": round(one.hours.said, 1), **impact_measures(reach),
        },
        basis=worst_basis(basis),
        fix=_fix(eco, one, usable, parameters) if many and not busy
        else Fix("automate the flows that it carries by hand, or delegate approvals of low risk to the owners"),
    )  # fmt: skip


def _fix(eco: Ecosystem, one: HandWork, usable: list[Communication], parameters: Parameters) -> Fix:
    """Let the owners of the least risky communications approve them, as long as no owner becomes the next bottleneck."""
    limit = parameters.share * len(usable)
    approving: Counter[str] = Counter({name: len(work.approves) for name, work in eco.once(hand_work).items()})
    left = len(one.approves)
    changes: list[Mapping[str, object]] = []
    chosen = [communication for communication in usable if communication.id in set(one.approves)]
    delegable = [communication for communication in chosen if communication.purpose in LOW_RISK]
    for communication in sorted(delegable, key=lambda each: (LOW_RISK.index(each.purpose or ""), each.id)):
        if left < limit or left < parameters.fewest:
            break
        owner = eco.inventory.find(communication.owner, Team)
        if (
            owner is None
            or not owner.usable
            or owner.id == one.team.id
            or not _room(approving[owner.id], limit, parameters)
        ):
            continue
        approvals = [
            {**item, "team": owner.id} if isinstance(item, dict) else owner.id
            for item in written(eco.inventory, communication, "approvals")
            if (item.get("team") if isinstance(item, dict) else item) == one.team.id
        ]
        others = [
            item for item in written(eco.inventory, communication, "approvals")
            if (item.get("team") if isinstance(item, dict) else item) not in (one.team.id, owner.id)
        ]  # fmt: skip
        changes.append({"change": {communication.id: {"approvals": [*others, *approvals]}}})
        approving[owner.id] += 1
        left -= 1
    if left >= limit and left >= parameters.fewest:
        return Fix("delegate the approval of classes of low risk; the owners known are not enough")
    some = "one communication" if len(changes) == 1 else f"{len(changes)} communications"
    return Fix(f"let the owners approve {some} of low risk themselves", tuple(changes))


def _room(approves: int, limit: float, parameters: Parameters) -> bool:
    return approves + 1 < limit or approves + 1 < parameters.fewest
