"""LOOP106."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.closed_loops import searches
from cx_map.analyses.entitlement import owners_of
from cx_map.analyses.loop_repair import cheapest_owner, cut_short
from cx_map.analyses.loop_words import how_many, in_changes, listed
from cx_map.analyses.outer_loops import OuterLoop, outer_loops
from cx_map.analyses.repair_candidates import candidates
from cx_map.analyses.repair_operators import RepairPlan, fix_plan
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_feedback import Signal
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Range, Verdict, rule

MOST_RELATED = 500
"""Reached actions named in `related`; the proof says how many there are."""


class Parameters(Struct, frozen=True):
    """Parameters of LOOP106."""

    signals_per_month: Annotated[float, "Signals a month from which single answers are not enough."] = 100.0
    top_share: Annotated[float, "Share of the most frequent signals that are judged whatever their number."] = 0.1


@rule("LOOP106", severity="major", unlock=("signals.*.about", "signals.*.volume"))
def no_outer_loop(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """The same thing is complained of month after month, and nobody changes the thing.

    ## Why it matters
    Answering each customer, the inner loop, repairs trust one by one; only the outer loop removes the cause. A
    billing complaint solved singly for a year has been solved a thousand times too often.

    ## How it decides
    A signal breaks the rule when it is frequent and no action that it can reach today (identity is not needed) has
    in its `changes` something the signal is `about`, or something that supplies it: what a communication needs and
    the platforms of its routes, the platform and stores of a touchpoint, the steps of a journey, the communications
    about a product. Frequent is 100 signals a month, or, from ten signals on with a volume, the tenth of them with
    most. Where it is said to be unknown what a reached action changes, nothing is concluded; where it is left out the
    confidence is lower.

    ## Evidence it needs
    `about` and `volume` of signals, `changes` of actions.

    ## Example
    ```yaml
    teams: {billing: {functions: [product]}}
    platforms: {mailer: {owner: billing}}
    data_sources: {cases: {kind: database, owner: billing}}
    signals:
      bill-complaint:  # LOOP106
        owner: billing
        kind: contact
        identity: known
        about: [bill]
        captured_in: [cases]
        volume: 900/month
    actions: {explain: {team: billing, kind: reply, triggered_by: [billing], changes: [], informs: [explained], tracked_in: cases}}
    communications:
      bill: {owner: billing, needs: [], channels: [email], platforms: [mailer]}
      explained: {owner: billing, channels: [email], platforms: [mailer]}
    flows: [{from: cases, to: billing, via: event}]
    ```

    ## Mended
    ```yaml
    teams: {billing: {functions: [product]}}
    platforms: {mailer: {owner: billing}}
    data_sources: {cases: {kind: database, owner: billing}}
    signals:
      bill-complaint:
        owner: billing
        kind: contact
        identity: known
        about: [bill]
        captured_in: [cases]
        volume: 900/month
    actions:
      explain: {team: billing, kind: reply, triggered_by: [billing], changes: [], informs: [explained], tracked_in: cases}
      redesign: {team: billing, kind: initiative, triggered_by: [billing], changes: [bill], tracked_in: cases}
    communications:
      bill: {owner: billing, needs: [], channels: [email], platforms: [mailer]}
      explained: {owner: billing, channels: [email], platforms: [mailer]}
    flows: [{from: cases, to: billing, via: event}]
    ```

    ## References
    The outer loop of Net Promoter practice; BIAN service domain Case Root Cause Analysis. The thresholds are judgement.
    """
    loops = eco.once(outer_loops)
    least = _least(loops, parameters)
    for loop in loops:
        signal = loop.signal
        if signal.volume is None:
            yield NotAssessed(signal.id, "nobody says how many signals there are", ("signals.*.volume",))
        elif signal.volume.lowest < least or loop.fixes:
            yield Passed(signal.id)
        elif loop.unsaid:
            yield NotAssessed(signal.id, "what a reached action changes is said to be unknown", ("actions.*.changes",))
        else:
            yield _breach(eco, loop)
    for signal in eco.inventory.of(Signal):
        if signal.usable and signal.about is None:
            yield NotAssessed(signal.id, "nobody says what the signal is about", ("signals.*.about",))


def _least(loops: Sequence[OuterLoop], parameters: Parameters) -> float:
    """The volume from which a signal is frequent."""
    volumes = sorted((loop.signal.volume.value for loop in loops if loop.signal.volume is not None), reverse=True)
    if len(volumes) < 1 / parameters.top_share:
        return parameters.signals_per_month
    top = volumes[math.ceil(len(volumes) * parameters.top_share) - 1]
    return min(parameters.signals_per_month, max(top, 1.0))


def _breach(eco: Ecosystem, loop: OuterLoop) -> Breach:
    signal = loop.signal
    about = listed(signal.about or ())
    verb = "changes" if len(loop.actions) == 1 else "change"
    done = f"{listed(loop.actions)} {verb} nothing of it" if loop.actions else "no action is reached"
    volume = signal.volume
    plan = _plan(eco, loop)
    return Breach(
        subject=signal,
        message=f"'{signal.id}' comes again and again, and nobody changes {about} ({how_many(signal)})",
        related=(*(signal.about or ()), *loop.actions[:MOST_RELATED]),
        label=done,
        evidence=(("actions reached", listed(loop.actions) or "none"),),
        measures={"signals_per_month": Range(volume.lowest, volume.highest, volume.basis or "reported")}
        if volume
        else {},
        basis="estimated" if loop.silent else "reported",
        fix=Fix(in_changes(plan.clauses), plan.operators) if plan is not None else _cut_short(eco, signal),
    )


def _cut_short(eco: Ecosystem, signal: Signal) -> Fix | None:
    said = cut_short(eco.once(candidates), signal)
    return Fix(said) if said is not None else None


def _plan(eco: Ecosystem, loop: OuterLoop) -> RepairPlan | None:
    """The cheapest way to an owner, who then changes the first thing that has one, or else the first."""
    offers = eco.once(candidates)
    search = searches(eco, loop.signal)
    about = loop.signal.about or ()
    owned = [name for name in about if owners_of(eco.inventory.entities.get(name))]
    repair = cheapest_owner(search, offers)
    return fix_plan(repair, search, offers, (owned or list(about))[0]) if repair is not None else None
