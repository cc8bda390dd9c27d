"""LOOP111."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.closed_loops import LoopVerdict, closed_loops
from cx_map.analyses.loop_times import whole_duration
from cx_map.analyses.loop_words import listed
from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import Edge
from cx_map.model.chapter_feedback import Action, Insight, Signal
from cx_map.model.chapter_map import Team
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule

WORKING_DAYS = 30.4375 * 5 / 7
"""Working days in a month."""


class Parameters(Struct, frozen=True):
    """Parameters of LOOP111."""

    cases_a_day: Annotated[float, "Cases that one person can set going by hand a working day."] = 30.0


@rule("LOOP111", severity="minor", unlock=("actions.*.mode", "signals.*.volume", "teams.*.capacity_fte"))
def insight_not_wired(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """What is known from feedback sets nothing going by itself, though there is too much of it or too little time.

    ## Why it matters
    Insights that only feed business cases help next year; insights wired into operation help this customer. Thousands
    of cases set going by hand wait, and the loudest are served first.

    ## How it decides
    The rule follows the quickest walk of every signal to the action on it. A `mode: manual` action breaks the rule
    when the signals that come to it make more than 30 cases a working day for each full-time equivalent of the team
    that acts (`capacity_fte`; signals without a volume are not counted). An insight on such a walk breaks it when it
    is made less often (`every`) than the signal must be answered: its declared time, else the limits of LOOP103.

    ## Evidence it needs
    `mode` of actions, `volume` of signals, `capacity_fte` of teams; or `every` of insights and a limit.

    ## Example
    ```yaml
    teams: {care: {functions: [service], capacity_fte: 2}}
    platforms: {desk: {owner: care, capabilities: [case]}}
    signals: {callback-wish: {owner: care, kind: contact, identity: known, about: [desk], captured_in: [desk], volume: 4000/month}}
    actions:
      call-back:  # LOOP111
        team: care
        mode: manual
        triggered_by: [care]
        changes: [desk]
        informs: [call]
        tracked_in: desk
    communications: {call: {owner: care, channels: [phone], platforms: [desk]}}
    flows: [{from: desk, to: care, via: event}]
    ```

    ## Mended
    ```yaml
    teams: {care: {functions: [service], capacity_fte: 2}}
    platforms: {desk: {owner: care, capabilities: [case]}}
    signals: {callback-wish: {owner: care, kind: contact, identity: known, about: [desk], captured_in: [desk], volume: 4000/month}}
    actions:
      call-back:
        team: care
        mode: automated
        triggered_by: [care]
        changes: [desk]
        informs: [call]
        tracked_in: desk
    communications: {call: {owner: care, channels: [phone], platforms: [desk]}}
    flows: [{from: desk, to: care, via: event}]
    ```

    ## References
    Practice of digital experience programmes: automated workflows from insight. 30 cases a day are judgement.
    """
    coming, hurried = _followed(eco.once(closed_loops))
    for name, signals in sorted(coming.items()):
        action = eco.inventory.find(name, Action)
        if action is not None:
            yield _action(eco, action, signals, parameters)
    for name, waiting in sorted(hurried.items()):
        insight = eco.inventory.find(name, Insight)
        if insight is None or insight.every is None:
            yield NotAssessed(name, "nobody says how often it is made", ("insights.*.every",))
            continue
        urgent, limit = min(waiting, key=lambda one: (one[1], one[0]))
        if insight.every.seconds <= limit:
            yield Passed(name)
        else:
            yield Breach(
                subject=insight,
                message=f"insight '{name}' is made every {length(insight.every.seconds)}, "
                f"and '{urgent}' is to be answered within {length(limit)}",
                related=tuple(dict.fromkeys(signal for signal, _ in waiting)),
                at=("every",),
                label=f"too seldom for {length(limit)}",
                measures={"every_seconds": insight.every.seconds, "limit_seconds": limit},
                fix=Fix(
                    f"make it every {whole_duration(limit)}", ({"change": {name: {"every": whole_duration(limit)}}},)
                ),
            )


Coming = Mapping[str, Mapping[str, Signal]]
Hurried = Mapping[str, list[tuple[str, float]]]


def _followed(verdicts: tuple[LoopVerdict, ...]) -> tuple[Coming, Hurried]:
    """The signals that come to each action, and the limits that each insight on the way has to keep."""
    coming: dict[str, dict[str, Signal]] = {}
    hurried: dict[str, list[tuple[str, float]]] = {}
    for verdict in verdicts:
        edges: tuple[Edge, ...] = verdict.walk.edges if verdict.walk is not None else verdict.trail
        for edge in edges:
            if edge.label == "triggers":
                coming.setdefault(edge.target, {})[verdict.signal.id] = verdict.signal
            elif edge.label == "analysed_by" and verdict.limit is not None:
                hurried.setdefault(edge.target, []).append((verdict.signal.id, verdict.limit))
    return coming, hurried


def _action(eco: Ecosystem, action: Action, signals: Mapping[str, Signal], parameters: Parameters) -> Verdict:
    if action.mode is None:
        return NotAssessed(action.id, "nobody says how the action is set off", ("actions.*.mode",))
    if action.mode != "manual":
        return Passed(action.id)
    team = eco.inventory.find(action.team, Team)
    if team is None or team.capacity_fte is None:
        return NotAssessed(action.id, "nobody says how many people act", ("teams.*.capacity_fte",))
    volumes = [signal.volume for signal in signals.values() if signal.volume is not None]
    monthly = sum(volume.lowest for volume in volumes)
    people = team.capacity_fte.highest
    most = parameters.cases_a_day * people * WORKING_DAYS
    if monthly <= most:
        if len(volumes) < len(signals):
            return NotAssessed(action.id, "not all signals that come to it have a volume", ("signals.*.volume",))
        return Passed(action.id)
    each = f"{monthly / people / WORKING_DAYS:,.0f} a working day for each person" if people else "nobody to do it"
    return Breach(
        subject=action,
        message=f"'{action.id}' is set off by hand {monthly:,.0f} times a month: {each}",
        related=(team.id, *signals),
        label=f"{people:g} people at '{team.id}'",
        evidence=(("comes from", listed(signals)),),
        measures={"cases_per_month": monthly, "cases_per_month_possible": most},
        fix=Fix(f"let the insight set '{action.id}' off by itself", ({"change": {action.id: {"mode": "automated"}}},)),
    )
