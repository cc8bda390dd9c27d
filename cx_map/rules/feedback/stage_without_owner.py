"""LOOP102."""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.analyses.closed_loops import LoopVerdict, closed_loops
from cx_map.analyses.loop_strip import unowned
from cx_map.analyses.loop_words import how_many, listed, repair_told, verdicts_by_signal
from cx_map.analyses.repair_candidates import candidates
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import Edge, shown
from cx_map.model.chapter_feedback import Action
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Range, Verdict, rule
from cx_map.rulekit.ways import shortened, steps_of


@rule("LOOP102", severity="major", unlock=("signals",))
def stage_without_owner(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A loop would close if only somebody who may own the signal owned it.

    ## Why it matters
    A team that was disbanded, or that has no say over what customers complain of, holds a loop open for years: all
    steps are drawn, and nothing moves. What nobody tracks is done when there is time.

    ## How it decides
    A signal whose loop is closed by every condition but one breaks the rule: the walk passes no team that is in use
    and entitled. Entitled is a team that owns something in `about`, that a routing rule names for the signal, its
    kind or everything, that is named in the `own` of a declared loop, or that has the function complaints where the signal is a
    complaint. A retired or proposed team is not in use; an action set off by an insight belongs to its `team`, and
    where it names none nobody owns it (with medium confidence where `team` is left out; not assessed where it is said to be
    `unknown`). Where `about` is left out or none, or what it names has no owner, entitlement is
    not known and not held against anybody.

    An action on a signal's quickest closed loop, or one that a signal of customers whom nobody knows leads to, breaks
    the rule, as *minor*, when its `tracked_in` is known to be none, or is left out although other actions do name
    theirs. Everything else is *major*.

    ## Evidence it needs
    `signals`, and a loop that is otherwise closed; `tracked_in` of at least one action.

    ## Example
    ```yaml
    teams:
      old-care: {functions: [service], status: retired}
      billing: {functions: [product]}
    platforms: {mailer: {owner: billing}, bill: {owner: billing}}
    data_sources: {cases: {kind: database, owner: billing}}
    signals:
      bill-question:  # LOOP102
        owner: billing
        kind: contact
        identity: known
        about: [bill]
        captured_in: [cases]
    actions: {explain: {team: billing, kind: reply, triggered_by: [old-care], informs: [explained], tracked_in: cases}}
    communications: {explained: {owner: billing, channels: [email], platforms: [mailer]}}
    flows: [{from: cases, to: old-care, via: event}]
    ```

    ## Mended
    ```yaml
    teams:
      old-care: {functions: [service], status: retired}
      billing: {functions: [product]}
    platforms: {mailer: {owner: billing}, bill: {owner: billing}}
    data_sources: {cases: {kind: database, owner: billing}}
    signals:
      bill-question:
        owner: billing
        kind: contact
        identity: known
        about: [bill]
        captured_in: [cases]
    actions: {explain: {team: billing, kind: reply, triggered_by: [billing], informs: [explained], tracked_in: cases}}
    communications: {explained: {owner: billing, channels: [email], platforms: [mailer]}}
    flows: [{from: cases, to: billing, via: event}]
    ```

    ## References
    Accountability in CX governance; ISO 10002:2018, tracking of complaints.
    """
    for name, judged in verdicts_by_signal(eco).items():
        unowned_loops = [verdict for verdict in judged if verdict.condition == "ownership"]
        undecided = [verdict for verdict in unowned_loops if _nobody_named(verdict) == "unknown"]
        for verdict in unowned_loops:
            if verdict not in undecided:
                yield _breach(eco, verdict)
        if undecided:
            yield NotAssessed(name, "nobody knows whose an action is that an insight sets off", ("actions.*.team",))
        elif not unowned_loops and all(verdict.status in ("broken", "open") for verdict in judged):
            yield NotAssessed(name, "the loop is broken or open elsewhere", ("signals", "insights", "actions"))
        elif not unowned_loops:
            yield Passed(name)
    yield from _tracking(eco)


def _nobody_named(verdict: LoopVerdict) -> str | None:
    """How an action of the walk that an insight sets off leaves its team open: said to be none, unknown, or left out."""
    for edge in verdict.walk.edges if verdict.walk is not None else ():
        if edge.label == "assigned_to" and not shown(edge.target):
            action = edge.entity
            return "unknown" if "team" in action.unknown else "none" if "team" in action.nothing else "left out"
    return None


def _breach(eco: Ecosystem, verdict: LoopVerdict) -> Breach:
    signal = verdict.signal
    reasons = unowned(verdict) or ("the team that acts is not in use",)
    teams = eco.once(candidates).teams(verdict.search)
    fit = [team for team in teams if team in eco.inventory.entities]
    evidence = [("why", reason) for reason in reasons]
    if fit:
        evidence.append(("who may own it", listed(fit)))
    told = repair_told(eco, verdict)
    walk = verdict.walk.edges if verdict.walk is not None else ()
    owners = [shown(edge.target) for edge in walk if edge.label in ("delivered_to", "assigned_to", "hands_to")]
    volume = signal.volume
    measures = {"signals_per_month": Range(volume.lowest, volume.highest, volume.basis or "reported")} if volume else {}
    return Breach(
        subject=signal,
        message=f"nobody who may own '{signal.id}' owns it ({how_many(signal)}): {reasons[0]}",
        related=tuple(one for one in (verdict.loop.id if verdict.loop is not None else "", *owners) if one),
        label=reasons[0],
        discriminator=(verdict.loop.id,) if verdict.loop is not None else (),
        evidence=(*evidence, *shortened(walk)),
        path=steps_of(walk),
        measures=measures,
        basis="estimated" if _nobody_named(verdict) == "left out" else "reported",
        fix=Fix(*told) if told is not None else None,
    )


def _followed(verdict: LoopVerdict) -> tuple[Edge, ...]:
    """The way to what is done about a signal: the loop's walk, or as far as customers whom nobody knows need one."""
    if verdict.status == "acted_on":
        return verdict.trail
    return verdict.walk.edges if verdict.status in ("closed", "late") and verdict.walk is not None else ()


def _tracking(eco: Ecosystem) -> Iterator[Verdict]:
    """Actions that signals lead to as they should, and whose progress nobody tracks."""
    walks = [edges for verdict in eco.once(closed_loops) if (edges := _followed(verdict))]
    names = {edge.target for edges in walks for edge in edges if edge.label == "triggers"}
    actions = [action for action in eco.inventory.of(Action) if action.id in names]
    looked_at = any(one.tracked_in is not None for one in eco.inventory.of(Action))
    stores = {
        edge.target: edges[0].target
        for edges in walks for edge in edges if edge.label == "triggers"
    }  # fmt: skip
    for action in actions:
        if action.tracked_in is not None:
            yield Passed(action.id)
        elif "tracked_in" in action.nothing or (looked_at and "tracked_in" not in action.unknown):
            yield Breach(
                subject=action,
                message=f"nobody tracks whether action '{action.id}' is done",
                severity="minor",
                at=("tracked_in",) if "tracked_in" in action.nothing else (),
                label="tracked nowhere",
                basis="reported" if "tracked_in" in action.nothing else "estimated",
                fix=Fix(
                    f"track it in '{stores[action.id]}', where the signal is kept",
                    ({"change": {action.id: {"tracked_in": stores[action.id]}}},),
                ),
            )
        else:
            yield NotAssessed(action.id, "no action says where it is tracked", ("actions.*.tracked_in",))
