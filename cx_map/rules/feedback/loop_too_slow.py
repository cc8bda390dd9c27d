"""LOOP103."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.closed_loops import LoopVerdict
from cx_map.analyses.loop_deadlines import (
    ACKNOWLEDGE_COMPLAINT,
    CONTACT_DETRACTOR,
    DAY,
    by_default,
    declared_limit,
    limit_of,
    stage_limits,
)
from cx_map.analyses.loop_times import STAGE_OF, first_answer, seconds_by_stage, slowest, speedups
from cx_map.analyses.loop_walks import Walk
from cx_map.analyses.loop_words import in_changes, verdicts_by_signal
from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import shown
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.ways import shortened, steps_of


class Parameters(Struct, frozen=True):
    """Parameters of LOOP103."""

    complaint_days: Annotated[float, "Days to acknowledge a complaint, where no loop or law says otherwise."] = (
        ACKNOWLEDGE_COMPLAINT / DAY
    )
    detractor_days: Annotated[float, "Days to contact a detractor, where no loop says otherwise."] = (
        CONTACT_DETRACTOR / DAY
    )


@rule("LOOP103", severity="major", unlock=("feedback_loops.*.within", "flows.*.latency"))
def loop_too_slow(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """The answer comes back, but too late.

    ## Why it matters
    Concrete and unique problems are solved fast or not at all; customers who complain hear nothing for weeks and
    leave. A weekly report read at a monthly board is not an answer.

    ## How it decides
    Among all closed walks of a signal's loop the rule takes the quickest: the worst-case seconds of its steps added
    up, a batch, report or scheduled reply counted with its whole interval, unknown times counted 0. Over the limit it is a finding:
    *major*, or *minor* where the typical time (half an interval) still keeps it. The limit is the declared loop's
    `within`, or the sum of its stages; else, for an inner loop, one day for a complaint and two for a detractor, or
    what a regulatory profile says of complaints (`uk-fca` 8 weeks, `us-reg-z` 30 days, `us-reg-e` 10 business days).
    One and two days are assumed, so such a finding is of low confidence; they are limits of the first answer, and a
    walk that waits for an action of kind fix, policy, initiative or offer is not held against them.
    A stage with a time of its own in `within` is judged too. Under the limit with a time not known, or without a
    limit, nothing is concluded.

    ## Evidence it needs
    A closed loop, a limit, and the times of its steps (`latency`, `every`, `within`, `run`, `processing`).

    ## Example
    ```yaml
    teams: {board: {}}
    platforms: {mailer: {owner: board, processing: 1h}}
    channels: {email: {latency: 1m}}
    data_sources: {answers: {kind: database, owner: board}}
    signals:
      detractor:  # LOOP103
        owner: board
        kind: survey
        score: detractor
        identity: known
        about: [mailer]
        captured_in: [answers]
        latency: 1h
    insights: {weekly-report: {owner: board, inputs: [answers], every: 1w, delivered_to: [{team: board, latency: 30d}]}}
    actions: {call-back: {team: board, triggered_by: [board], informs: [sorry], within: 5d, tracked_in: answers}}
    communications: {sorry: {owner: board, channels: [email], platforms: [mailer]}}
    ```

    ## Mended
    ```yaml
    teams: {board: {}}
    platforms: {mailer: {owner: board, processing: 1h}}
    channels: {email: {latency: 1m}}
    data_sources: {answers: {kind: database, owner: board}}
    signals:
      detractor:
        owner: board
        kind: survey
        score: detractor
        identity: known
        about: [mailer]
        captured_in: [answers]
        latency: 1h
    flows: [{from: answers, to: board, via: event, latency: 5m}]
    actions: {call-back: {team: board, triggered_by: [board], informs: [sorry], within: 1d, tracked_in: answers}}
    communications: {sorry: {owner: board, channels: [email], platforms: [mailer]}}
    ```

    ## References
    ISO 10002:2018, prompt acknowledgement; FCA DISP 1.6; Regulation Z, 12 CFR 1026.13; Regulation E, 12 CFR 1005.11.
    The limits of one and two days are practice and judgement, not law.
    """
    for name, judged in verdicts_by_signal(eco).items():
        breaches = [breach for verdict in judged for breach in _judge(eco, verdict, parameters)]
        yield from breaches
        if breaches:
            continue
        closed = [verdict for verdict in judged if verdict.walk is not None and verdict.status in ("closed", "late")]
        limits = [_limit(eco, verdict, parameters) for verdict in closed]
        lasting = any(
            one.walk is not None and limit is None and _asked(eco, one, parameters) is not None
            for limit, one in zip(limits, closed, strict=True)
        )
        if not closed:
            yield NotAssessed(name, "the loop is not closed", ("signals", "insights", "actions"))
        elif not any(limit is not None or stage_limits(one.loop) for limit, one in zip(limits, closed, strict=True)):
            why = (
                "only the last answer is described, not the first"
                if lasting
                else "nothing says how fast an answer must be"
            )
            yield NotAssessed(name, why, ("feedback_loops.*.within",))
        elif not all(one.walk is not None and one.walk.timed for one in closed):
            unlock = ("flows.*.latency", "insights.*.every", "actions.*.within", "channels.*.latency")
            yield NotAssessed(name, "the known times keep the limit, but not all are known", unlock)
        else:
            yield Passed(name)


def _limit(eco: Ecosystem, verdict: LoopVerdict, parameters: Parameters) -> float | None:
    """The limit that holds; one by default holds for the first answer only."""
    inventory, walk = eco.inventory, verdict.walk
    if _default(eco, verdict) and walk is not None and not first_answer(walk, inventory):
        return None
    return _asked(eco, verdict, parameters)


def _default(eco: Ecosystem, verdict: LoopVerdict) -> bool:
    return by_default(verdict.signal, verdict.loop, eco.inventory.organization)


def _asked(eco: Ecosystem, verdict: LoopVerdict, parameters: Parameters) -> float | None:
    if verdict.kind != "inner":
        return declared_limit(verdict.loop)
    complaint, detractor = parameters.complaint_days * DAY, parameters.detractor_days * DAY
    return limit_of(verdict.signal, verdict.loop, eco.inventory.organization, complaint=complaint, detractor=detractor)


def _judge(eco: Ecosystem, verdict: LoopVerdict, parameters: Parameters) -> Iterator[Breach]:
    walk = verdict.walk
    if walk is None or verdict.status not in ("closed", "late"):
        return
    limit = _limit(eco, verdict, parameters)
    if limit is not None and walk.seconds > limit:
        yield _breach(verdict, walk, limit, "", assumed=_default(eco, verdict))
        return
    spent = seconds_by_stage(walk)
    for stage, allowed in stage_limits(verdict.loop).items():
        if spent.get(stage, 0.0) > allowed:
            yield _breach(verdict, walk, allowed, stage)


def _breach(verdict: LoopVerdict, walk: Walk, limit: float, stage: str, *, assumed: bool = False) -> Breach:
    signal = verdict.signal
    spent = seconds_by_stage(walk)
    seconds = spent[stage] if stage else walk.seconds
    edge = slowest(walk.edges)
    what = f"stage '{stage}' of '{signal.id}'" if stage else f"an answer to '{signal.id}'"
    loop = (verdict.loop.id,) if verdict.loop is not None else ()
    said = f"{length(limit)} at most{', the default, as nobody says how long' if assumed else ''}"
    untimed = {STAGE_OF[one.label] for one in walk.edges if one.seconds is None}
    open_ = stage in untimed if stage else bool(untimed)
    taken = f"{length(seconds)} or more" if open_ else f"up to {length(seconds)}"
    times = "  ".join(f"{name} {_known(time, exact=name not in untimed)}" for name, time in spent.items())
    return Breach(
        subject=signal,
        message=f"{what} takes {taken}, and may take {said}",
        related=(*loop, *(step.target for step in steps_of(walk.edges)[:-1])),
        severity="minor" if not stage and walk.typical <= limit else "major",
        label=f"{length(seconds)} instead of {length(limit)}",
        discriminator=(*loop, *((stage,) if stage else ())),
        evidence=(
            ("time", times),
            ("longest", f"'{shown(edge.source)}' to '{shown(edge.target)}': {length(edge.seconds or 0.0)}"),
            ("typical", length(walk.typical)),
            *shortened(walk.edges),
        ),
        path=steps_of(walk.edges),
        measures={"seconds": seconds, "limit_seconds": limit, "typical_seconds": walk.typical},
        basis="assumed" if assumed else "reported",
        fix=_fix(walk, limit, seconds, stage, assumed=assumed),
    )


def _known(seconds: float, *, exact: bool) -> str:
    """The time of a stage as far as it is known: what nobody says is never said to take none."""
    if exact:
        return length(seconds)
    return f"{length(seconds)} or more" if seconds else "not known"


def _fix(walk: Walk, limit: float, seconds: float, stage: str, *, assumed: bool) -> Fix:
    """The steps to speed up; where only the default asks for it, an acknowledgement does, or a time of one's own."""
    edge = slowest(walk.edges)
    place = f"'{shown(edge.source)}' and '{shown(edge.target)}'"
    if assumed:
        return Fix(
            f"acknowledge within {length(limit)} by a first message, or say in the `within` of a feedback loop how long"
            f" an answer may take; most time goes between {place}"
        )
    found = speedups(walk, limit, (stage,) if stage else ())
    if found:
        return Fix(in_changes(one.clause for one in found), tuple(one.operator for one in found))
    return Fix(f"take at least {length(seconds - limit)} out, first between {place}")
