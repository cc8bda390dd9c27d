"""LOOP101."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.closed_loops import LoopVerdict, closed_loops, idle_exemption
from cx_map.analyses.loop_doubts import left_out, unread_insight
from cx_map.analyses.loop_repair import cheapest_repair, cut_short
from cx_map.analyses.loop_strip import WORDS, idle_nodes, never_done, ready_further_on, stage_strip, stops_where
from cx_map.analyses.loop_words import how_many, in_changes, signals
from cx_map.analyses.repair_candidates import candidates
from cx_map.analyses.repair_operators import plan_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import shown
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_feedback import FeedbackLoop, Signal
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Range, Severity, Verdict, rule
from cx_map.rulekit.breach import Measure
from cx_map.rulekit.ways import shortened, steps_of


class Parameters(Struct, frozen=True):
    """Parameters of LOOP101."""

    vulnerable: Annotated[float, "Share of vulnerable customers from which a segment counts as vulnerable."] = 0.2


@rule("LOOP101", severity="major", unlock=("signals",))
def broken_loop(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """What customers say or show never comes back to them.

    ## Why it matters
    Ask, listen, react: feedback is worth its cost only when somebody acts on it and tells the customer who gave
    it, the inner loop. Listening without an answer teaches customers not to bother.

    ## How it decides
    A signal's inner loop is closed when the inventory joins a walk: the signal is captured (`captured_in`, its
    collection point's `writes_to`, or a flow), perhaps analysed (flows, an insight's `inputs`), owned
    (`delivered_to`, a flow to a team, a routing rule), acted on (an action's `triggered_by`), answered (`informs`)
    and sent by a route that production can deliver to the segment that gave the signal. Every segment counts.

    A declared loop that names stages must name all required ones (inner: capture, own, act, inform; outer: analyse and
    verify as well), and the walk must pass a named node at every named stage: naming alone joins nothing. Loops that
    are declared to be outer or of an incident need no identity. Where customers are answered all the same, the finding
    names the stage that is missing ("is never verified") and is *major* at most, and of medium confidence unless the
    stage is said to be none (`[]`).

    Not here: a walk that lacks only identity (LOOP105), only an active and entitled owner (LOOP102) or only speed
    (LOOP103). A flow after capture of which nobody says whether it keeps the customer identifiable (`keeps_identity`;
    true for api, event and stream) leaves the loop not assessed, unless another walk closes it. Customers who are not
    known need no answer of their own: there the signal must lead to an action. `by_design: none` with a `reason`
    exempts, and so does a volume of 0; signals of employees are not judged. A reply by a channel that a segment's
    `reachable_by` leaves out, or states as 0, does not reach it; left out, post and branches do, and calls where texts
    do. Where all who go without an answer are sent one by a channel that is left out rather than stated as 0, and where
    an insight of which nobody knows what it reads would close the loop, confidence is medium. A flow with `via: none`
    is a known break; one for some `segments` brings nothing of the others; one that names what it carries, and names
    contact details, accounts, preferences and the like only, brings no feedback. A field left out leads nowhere, and
    lowers the confidence; a field said to be `unknown` is not assessed, and neither is a signal that a flow or routing
    rule takes to an `unknown` place. No volume is needed. Each signal is counted as one customer a month; where only
    some of its segments go without an answer, how many of them is not known.

    It is *critical* for complaints and for segments with many vulnerable customers, else *major*. The fix is the
    cheapest set of changes that joins the walk: assigning costs 1, a new reply 2, a new trigger 3, a new
    integration 5, a new channel 8, across lines of business half as much again. A new reply goes by the channel that
    reaches most of its segments.

    ## Evidence it needs
    `signals`, and of what follows them whatever there is.

    ## Example
    ```yaml
    segments: {shoppers: {customers: 90000}}
    teams:
      cx-team: {functions: [cx]}
      checkout-team: {functions: [digital]}
    platforms:
      mailer: {owner: cx-team, capabilities: [compose, deliver_email]}
      shop: {owner: checkout-team}
    data_sources: {survey-db: {kind: database, owner: cx-team}}
    signals:
      web-feedback:  # LOOP101
        owner: cx-team
        kind: survey
        identity: known
        segments: [shoppers]
        about: [shop]
        captured_in: [survey-db]
        volume: 4000/month
    insights:
      voc-dashboard: {owner: cx-team, inputs: [survey-db], delivered_to: [cx-team]}
    actions:
      fix-checkout:
        team: checkout-team
        kind: fix
        triggered_by: [checkout-team]
        changes: [shop]
        informs: [fixed]
        tracked_in: survey-db
    communications:
      fixed: {owner: cx-team, purpose: servicing, segments: [shoppers], channels: [email], platforms: [mailer]}
    ```

    ## Mended
    ```yaml
    segments: {shoppers: {customers: 90000}}
    teams:
      cx-team: {functions: [cx]}
      checkout-team: {functions: [digital]}
    platforms:
      mailer: {owner: cx-team, capabilities: [compose, deliver_email]}
      shop: {owner: checkout-team}
    data_sources: {survey-db: {kind: database, owner: cx-team}}
    signals:
      web-feedback:
        owner: cx-team
        kind: survey
        identity: known
        segments: [shoppers]
        about: [shop]
        captured_in: [survey-db]
        volume: 4000/month
    insights:
      voc-dashboard: {owner: cx-team, inputs: [survey-db], delivered_to: [checkout-team]}
    actions:
      fix-checkout:
        team: checkout-team
        kind: fix
        triggered_by: [checkout-team]
        changes: [shop]
        informs: [fixed]
        tracked_in: survey-db
    communications:
      fixed: {owner: cx-team, purpose: servicing, segments: [shoppers], channels: [email], platforms: [mailer]}
    ```

    ## References
    The inner loop of Net Promoter practice; ISO 10002:2018, receipt to communicating the decision. The costs of
    changes, and 20 % vulnerable customers, are judgement.
    """
    verdicts = eco.once(closed_loops)
    by_signal: dict[str, list[LoopVerdict]] = {}
    for verdict in verdicts:
        by_signal.setdefault(verdict.signal.id, []).append(verdict)
    broken_volume = _volume_of_broken(verdicts)
    for name, judged in by_signal.items():
        broken = [verdict for verdict in judged if verdict.status == "broken"]
        undecided = [verdict for verdict in judged if verdict.status == "open" or verdict.unlock]
        for verdict in broken:
            yield _breach(eco, verdict, parameters, broken_volume)
        if undecided:
            unlock = tuple(dict.fromkeys(field for verdict in undecided for field in verdict.unlock))
            yield NotAssessed(name, _undecided(unlock), unlock)
        elif not broken:
            yield Passed(name)


def _undecided(unlock: tuple[str, ...]) -> str:
    if unlock == ("flows.*.keeps_identity",):
        return "nobody says whether the customer stays identifiable on the way"
    return "what follows is said to be unknown, or not described"


def _breach(eco: Ecosystem, verdict: LoopVerdict, parameters: Parameters, broken_volume: float | None) -> Breach:
    signal = verdict.signal
    where = stops_where(verdict)
    through = f" through '{verdict.loop.id}'" if verdict.loop is not None else ""
    end = shown(verdict.trail[-1].target) if verdict.trail else signal.id
    hidden = _unsaid_stage(verdict) if verdict.comes_back else left_out(eco, verdict, end)
    unread = unread_insight(eco, verdict) if hidden is None and not verdict.comes_back else None
    related = [verdict.loop.id] if verdict.loop is not None else []
    related += [shown(edge.target) for edge in verdict.trail]
    return Breach(
        subject=signal,
        message=f"'{signal.id}' {never_done(verdict)}{through} ({how_many(signal)})",
        related=tuple(one for one in related if one),
        severity=_severity(eco, verdict, parameters),
        label=where,
        discriminator=(verdict.loop.id,) if verdict.loop is not None else (),
        evidence=tuple(_evidence(eco, verdict, hidden, unread)),
        path=steps_of(verdict.trail),
        measures=_measures(verdict),
        basis="estimated" if hidden is not None or unread is not None else "reported",
        fix=_fix(eco, verdict, broken_volume),
    )


def _unsaid_stage(verdict: LoopVerdict) -> tuple[str, str] | None:
    """A required stage that the declared loop leaves out, not one said to be none."""
    if verdict.loop is None or verdict.loop.stages is None:
        return None
    stages = verdict.loop.stages
    unsaid = (stage for stage in verdict.missing if getattr(stages, stage) is None)
    return next(((verdict.loop.id, f"stages.{stage}") for stage in unsaid), None)


def _severity(eco: Ecosystem, verdict: LoopVerdict, parameters: Parameters) -> Severity:
    segments = (eco.inventory.find(name, Segment) for name in verdict.failing)
    shares = [one.vulnerable.lowest for one in segments if one is not None and one.vulnerable is not None]
    vulnerable = any(share >= parameters.vulnerable for share in shares)
    if verdict.comes_back:
        return "major"
    return "critical" if verdict.signal.kind_ == "complaint" or vulnerable else "major"


def _evidence(
    eco: Ecosystem, verdict: LoopVerdict, hidden: tuple[str, str] | None, unread: str | None
) -> Iterator[tuple[str, str]]:
    yield "stages", stage_strip(verdict)
    yield from shortened(verdict.trail)
    for name in _idle_exemptions(eco, verdict.signal):
        yield "not exempt", f"'{name}' says 'by_design: none' and gives no reason"
    for name in idle_nodes(verdict):
        yield "not in use", f"'{name}' is {eco.inventory.entities[name].status}"
    places = dict.fromkeys([verdict.signal.id, *(shown(edge.target) for edge in verdict.trail)])
    for place in places if not verdict.comes_back else ():
        for flow in verdict.search.graph.breaks.get(place, ()):
            reason = "via: none" if flow.via == "none" else "policy: blocked"
            yield "known break", f"nothing flows from '{flow.from_}' to '{flow.to}' ({reason})"
    if hidden is not None:
        yield "not described", f"'{hidden[1]}' of '{hidden[0]}' is left out"
    if unread is not None:
        yield "not known", f"what '{unread}' reads; it would close the loop if it read this"
    tail = ready_further_on(verdict, eco.once(candidates))
    if tail is not None:
        word, ready = tail
        listed = ", ".join(f"'{one}'" for one in ready[:3]) + (" ..." if len(ready) > 3 else "")
        yield "ready further on", f"{len(ready)} at '{word}': {listed}"


def _idle_exemptions(eco: Ecosystem, signal: Signal) -> list[str]:
    """The loops that would exempt a signal if they gave a reason."""
    return eco.once(_idle_by_signal).get(signal.id, [])


def _idle_by_signal(eco: Ecosystem) -> dict[str, list[str]]:
    """The loops that would exempt a signal if they gave a reason, by signal. O(loops)."""
    found: dict[str, list[str]] = {}
    for one in eco.inventory.of(FeedbackLoop):
        if one.usable and one.signal is not None and idle_exemption(one):
            found.setdefault(one.signal, []).append(one.id)
    return found


def _measures(verdict: LoopVerdict) -> Mapping[str, Measure]:
    measures: dict[str, Measure] = {"stage_reached": WORDS[verdict.reached]}
    if verdict.missing:
        measures["stages_missing"] = ", ".join(verdict.missing)
    volume = verdict.signal.volume
    if volume is not None:
        basis = volume.basis or "reported"
        some = bool(verdict.failing) and set(verdict.failing) != set(verdict.segments)
        measures["signals_per_month"] = Range(volume.lowest, volume.highest, basis)
        measures["customers_per_month"] = Range(0.0 if some else volume.lowest, volume.highest, basis)
    return measures


def _volume_of_broken(verdicts: Sequence[LoopVerdict]) -> float | None:
    """All signals a month without a loop; None where the volume of one is not known."""
    signals = {
        verdict.signal.id: verdict.signal
        for verdict in verdicts
        if verdict.status == "broken" and not verdict.comes_back
    }
    volumes = [signal.volume.value if signal.volume is not None else None for signal in signals.values()]
    known = [volume for volume in volumes if volume is not None]
    return sum(known) if known and len(known) == len(volumes) else None


def _fix(eco: Ecosystem, verdict: LoopVerdict, broken_volume: float | None) -> Fix | None:
    """The cheapest repair; how much it closes is said only where every step of the repaired loop is described."""
    offers = eco.once(candidates)
    repair = cheapest_repair(verdict, offers)
    if repair is None:
        cut = cut_short(offers, verdict.signal)
        return Fix(cut or "let somebody decide: no change on offer leads back to these customers")
    plan = plan_of(repair, verdict, offers)
    if not plan.operators:
        return Fix("join the stages of the loop by what happens: who gets it, what they do, what tells the customer")
    closes = ""
    if broken_volume is not None and verdict.signal.volume is not None and plan.sure and not verdict.comes_back:
        closes = f", closes {verdict.signal.volume.value:,.0f} of {signals(broken_volume, 'open ')}"
    return Fix(in_changes(plan.clauses, closes), plan.operators)
