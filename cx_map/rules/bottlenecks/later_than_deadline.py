"""BOT107."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.acceleration import SpeedUp, speed_ups
from cx_map.analyses.affected import affected
from cx_map.analyses.latency import Timeline, average, timeline_of
from cx_map.analyses.operators import written
from cx_map.analyses.supply_times import Step
from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication
from cx_map.model.entity import Entity
from cx_map.model.values import Duration, duration_text
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, PathStep, Severity, Verdict, rule
from cx_map.rulekit.impact import impact_measures

MOST_STEPS = 50
"""Steps of a critical chain that are told: of a longer one the slowest, and how many there are."""
UNLOCK = ("communications.*.deadline", "flows.*.latency", "platforms.*.processing", "channels.*.latency")


@rule("BOT107", severity="major", unlock=UNLOCK)
def later_than_deadline(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A communication takes longer from its trigger to the customer than its deadline allows.

    ## Why it matters
    A warning that waits for the next batch warns nobody. Each hop is fast on its own; the sum is what the customer
    sees.

    ## How it decides
    Everything that a communication needs, and what a platform on its way needs or gets by a flow with `required: true`,
    has to arrive: the latest of the required, the fastest of alternatives. A flow takes its interval (`every`) plus
    its `latency` at worst, half the interval plus the latency on average; a platform its `processing`, a channel its
    `latency`. No flow declared between two things on the way means no wait between them. A communication takes as
    long as its fastest primary route; with `send: all`, as its slowest.

    Later than `deadline` at worst breaks the rule: *critical* for regulatory and security communications, else *major*;
    *minor* where the average is in time. Times not known count as nothing, so that what is too late is certainly too
    late; what is in time with such gaps, or with needs or platforms that are not known, is not assessed. Where every
    channel alone is too slow, CHAN103 tells it, and this finding is among its consequences. The worst is a sum of
    worsts, which is cautious: the average is told with it.

    ## Evidence it needs
    `deadline` of communications; `latency` or `every` of flows, `processing` of platforms, `latency` of channels.

    ## Example
    ```yaml
    channels: {push: {latency: 2s}}
    data_sources: {fraud-engine: {kind: database}}
    platforms: {alert-hub: {processing: 3s}}
    communications:
      fraud-alert:
        purpose: security
        deadline: 1m  # BOT107
        needs: [fraud-engine]
        routes: [{channel: push, platforms: [alert-hub]}]
    flows:
      - {from: fraud-engine, to: alert-hub, via: batch, every: 15m, latency: 1m}
    ```

    ## Mended
    ```yaml
    channels: {push: {latency: 2s}}
    data_sources: {fraud-engine: {kind: database}}
    platforms: {alert-hub: {processing: 3s}}
    communications:
      fraud-alert:
        purpose: security
        deadline: 1m
        needs: [fraud-engine]
        routes: [{channel: push, platforms: [alert-hub]}]
    flows:
      - {from: fraud-engine, to: alert-hub, via: event, latency: 1s}
    ```

    ## References
    Critical path method: J. E. Kelley and M. R. Walker, Critical-path planning and scheduling, 1959.
    """
    for communication in eco.inventory.of(Communication):
        one = timeline_of(eco, communication.id) if communication.usable else None  # not kept: they take much room
        if one is None:
            continue
        deadline = communication.deadline
        if deadline is None:
            yield NotAssessed(communication.id, "its deadline is not known", ("communications.*.deadline",))
        elif one.decisive.worst > deadline.seconds:
            yield _breach(eco, communication, one, deadline)
        elif one.complete:
            yield Passed(communication.id)
        else:
            reason = "it is in time as far as times are known, but not all are"
            yield NotAssessed(communication.id, reason, _fields(one))


def _fields(one: Timeline) -> tuple[str, ...]:
    """The kinds of fields that are open, without ids, so that reasons can be told together."""
    kinds = {(name.split(".")[0], name.rsplit(".", 1)[1]) for way in one.ways for name in way.open}
    return tuple(sorted(f"{kind}.*.{field}" for kind, field in kinds))


def _breach(eco: Ecosystem, communication: Communication, one: Timeline, deadline: Duration) -> Breach:
    way = one.decisive
    severity: Severity = "critical" if communication.regulated else "major"
    typical = average(eco, one)
    if typical <= deadline.seconds:
        severity = "minor"
    whole = [step for step in way.chain if step.seconds > 0]
    slowest = sorted(range(len(whole)), key=lambda one: -whole[one].seconds)[:MOST_STEPS]
    chain = [whole[number] for number in sorted(slowest)]
    left_out = f" (the {MOST_STEPS} slowest of {len(whole):,} steps)" if len(whole) > MOST_STEPS else ""
    reach = affected(eco, [communication.id])
    return Breach(
        subject=communication,
        message=(
            f"'{communication.id}' takes {'at least ' if way.open else ''}{length(way.worst)} at worst and {length(typical)} on average, "
            f"and has {length(deadline.seconds)}"
        ),
        severity=severity,
        at=("deadline",),
        label=f"{length(way.worst - deadline.seconds)} too late at worst",
        related=tuple(dict.fromkeys(name for step in chain for name in (step.source, step.target))),
        evidence=(
            ("critical chain", ", ".join(_words(step) for step in chain) + left_out),
            ("route", way.route),
            *((("not counted", _listed(way.open)),) if way.open else ()),
        ),
        path=tuple(_path(eco, step) for step in chain),
        measures={
            "seconds_worst": way.worst, "seconds_average": typical, "seconds_allowed": deadline.seconds,
            **impact_measures(reach),
        },
        fix=_fix(eco, one, deadline, every=communication.send == "all"),
    )  # fmt: skip


def _listed(names: tuple[str, ...]) -> str:
    more = f" ... ({len(names):,} in all)" if len(names) > MOST_STEPS else ""
    return ", ".join(names[:MOST_STEPS]) + more


def _words(step: Step) -> str:
    if step.kind == "flow":
        return f"{step.source} to {step.target} {length(step.seconds)}"
    return f"{'through' if step.kind == 'processing' else 'by'} {step.source} {length(step.seconds)}"


def _path(eco: Ecosystem, step: Step) -> PathStep:
    if step.flow is not None:
        return PathStep(step.source, "waits", step.target, step.flow, ("every",) if step.flow.every else ("latency",))
    entity: Entity = eco.inventory.entities[step.source]
    field = "processing" if step.kind == "processing" else "latency"
    return PathStep(step.source, field, step.target, entity, (field,))


def _fix(eco: Ecosystem, one: Timeline, deadline: Duration, *, every: bool) -> Fix:
    """Speed up the decisive route, or with ``send: all`` every late one."""
    late = [way for way in one.ways if way.worst > deadline.seconds] if every else [one.decisive]
    needed: dict[tuple[str, str, str], SpeedUp] = {}
    for way in late:
        found = speed_ups(way.arrival, deadline.seconds)
        if found is None or any(one.seconds <= 0 for one in found):  # nothing does its work in no time
            return Fix("use a faster channel: flows and platforms alone cannot make up for this one")
        for speed_up in found:  # a step of several routes has to be as fast as the most pressing one asks
            step = (speed_up.step.kind, speed_up.step.source, speed_up.step.target)
            if step not in needed or speed_up.seconds < needed[step].seconds:
                needed[step] = speed_up
    chosen = tuple(needed.values())
    words = ", ".join(f"{_words(one.step)} down to {length(one.seconds)}" for one in chosen)
    steps = "this step" if len(chosen) == 1 else "these steps"
    return Fix(f"speed up {steps}: {words}", tuple(_operator(eco, speed_up) for speed_up in chosen))


def _operator(eco: Ecosystem, one: SpeedUp) -> Mapping[str, object]:
    """A faster platform, or an event flow beside the slow one."""
    seconds = duration_text(one.seconds)
    if one.step.flow is None:
        return {"change": {one.step.source: {"processing": seconds}}}
    flow = one.step.flow
    carried = written(eco.inventory, flow, "carries")
    connect: dict[str, object] = {
        "id": f"{flow.id}-events" if flow.id else "events", "from": one.step.source, "to": one.step.target,
        "via": "event", "latency": seconds,
    }  # fmt: skip
    if carried:
        connect["carries"] = carried
    if flow.required is not None:
        connect["required"] = flow.required
    return {"connect": connect}
