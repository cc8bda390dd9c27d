"""JRNY103."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.handoffs import transitions
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication
from cx_map.model.chapter_service import Journey, Promise, Touchpoint
from cx_map.model.values import Basis
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Range, Severity, Verdict, rule
from cx_map.rulekit.breach import Measure


@rule("JRNY103", severity="major", unlock=("journeys.*.steps", "touchpoints.*.terminal"))
def dead_end_touchpoint(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A step of a journey leads nowhere, or ends it without telling the customer how it ended.

    ## Why it matters
    A form that ends in "someone will be in touch" ends the journey for the firm, not for the customer.

    ## How it decides
    A touchpoint of a journey breaks the rule when no step leads on from it in any journey and its `terminal` is
    false: *major*; or is left out although other touchpoints of its journeys say where these may end (with medium
    confidence, and not where people serve the customer: a talk has an end of its own). A terminal
    touchpoint where customers serve themselves breaks it, as *minor*, when no communication is triggered by it
    (`trigger.by`) and no promise is made at it, in inventories that say of some touchpoint what it triggers. Where
    nobody says where a journey may end, its last touchpoint is not assessed.

    ## Evidence it needs
    `journeys` with steps, `terminal` of touchpoints, `trigger` of communications.

    ## Example
    ```yaml
    touchpoints:
      application-form: {channel: web}
      callback-request: {channel: web, volume: 900/month, terminal: false}  # JRNY103
    journeys:
      open-account: {steps: [application-form, callback-request]}
    ```

    ## Mended
    ```yaml
    touchpoints:
      application-form: {channel: web}
      callback-request: {channel: web, volume: 900/month, terminal: false}
      advice-call: {channel: phone, terminal: true}
    journeys:
      open-account: {steps: [application-form, callback-request, advice-call]}
    ```

    ## References
    Walking journeys from beginning to end, as published practice of channel assessments.
    """
    inventory = eco.inventory
    leads: dict[str, set[str]] = {}
    journeys: dict[str, list[Journey]] = {}
    ends_said: set[str] = set()
    for journey in inventory.of(Journey):
        if not journey.usable:
            continue
        names = {
            name for step in journey.steps or () for name in (step.touchpoint, step.from_, step.to) if name is not None
        }
        for name in sorted(names):
            journeys.setdefault(name, []).append(journey)
            touchpoint = inventory.find(name, Touchpoint)
            if touchpoint is not None and touchpoint.terminal:
                ends_said.add(journey.id)
        for one in transitions(journey, inventory):
            leads.setdefault(one.before.id, set()).add(one.after.id)
    outcomes = _outcomes(eco)
    for touchpoint in inventory.of(Touchpoint):
        if touchpoint.usable and touchpoint.id in journeys:
            yield _judge(touchpoint, journeys[touchpoint.id], bool(leads.get(touchpoint.id)), ends_said, outcomes)


def _outcomes(eco: Ecosystem) -> Mapping[str, str] | None:
    """What each touchpoint sets off: communications and promises, by touchpoint; None where nobody says of any."""
    found: dict[str, str] = {}
    said = False
    for communication in eco.inventory.of(Communication):
        by = communication.trigger.by if communication.trigger is not None and communication.usable else None
        if by is not None and eco.inventory.find(by, Touchpoint) is not None:
            found[by] = communication.id
            said = True
    for promise in eco.inventory.of(Promise):
        for name in promise.made_at or () if promise.usable else ():
            found.setdefault(name, promise.id)
    return found if said else None


def _judge(
    touchpoint: Touchpoint, of: list[Journey], leads: bool, ends_said: set[str], outcomes: Mapping[str, str] | None
) -> Verdict:
    if leads and not touchpoint.terminal:
        return Passed(touchpoint.id)
    if touchpoint.terminal:
        silent = outcomes is not None and touchpoint.id not in outcomes
        if touchpoint.kind_ == "self_service" and silent:
            return _breach(touchpoint, of, "ends a journey without a word to the customer", "minor",
                           Fix("send a communication that tells the outcome, triggered by it"))  # fmt: skip
        return Passed(touchpoint.id)
    said = touchpoint.terminal is False
    if said or (
        touchpoint.kind_ != "assisted"
        and "terminal" not in touchpoint.unknown
        and any(journey.id in ends_said for journey in of)
    ):
        what = "leads nowhere" if said else "leads nowhere, and is not said to be an end"
        fix = Fix("say what comes next, or let the journey end there")
        return _breach(touchpoint, of, what, "major", fix, "reported" if said else "estimated")
    return NotAssessed(touchpoint.id, "whether a journey may end there is not known", ("touchpoints.*.terminal",))


def _breach(
    touchpoint: Touchpoint, of: list[Journey], what: str, severity: Severity, fix: Fix, basis: Basis = "reported"
) -> Breach:
    measures: dict[str, Measure] = {"journeys": len(of)}
    if touchpoint.volume is not None:
        volume = touchpoint.volume
        measures["items_per_month"] = Range(volume.lowest, volume.highest, volume.basis or "reported")
    names = ", ".join(f"'{journey.id}'" for journey in of[:3])
    return Breach(
        subject=touchpoint,
        message=f"touchpoint '{touchpoint.id}' of {names} {what}",
        severity=severity,
        label=what,
        related=tuple(journey.id for journey in of),
        discriminator=("outcome",) if severity == "minor" else (),
        measures=measures,
        basis=basis,
        fix=fix,
    )
