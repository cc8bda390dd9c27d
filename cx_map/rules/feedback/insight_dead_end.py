"""LOOP104."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.closed_loops import LoopVerdict, searches
from cx_map.analyses.insight_dead_ends import DeadEnd, insight_use
from cx_map.analyses.loop_repair import cheapest_continuation, cut_short
from cx_map.analyses.loop_words import in_changes
from cx_map.analyses.repair_candidates import candidates
from cx_map.analyses.repair_operators import plan_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import response_graph, shown
from cx_map.model.chapter_feedback import Insight
from cx_map.model.kinds import singular
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.breach import Measure
from cx_map.rulekit.ways import shortened, steps_of


class Parameters(Struct, frozen=True):
    """Parameters of LOOP104."""

    share: Annotated[float, "Share of all signals from which a dead end is major."] = 0.05


@rule("LOOP104", severity="minor", unlock=("signals", "insights"))
def insight_dead_end(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Feedback is collected or reported, and nobody ever does anything because of it.

    ## Why it matters
    Reports help only if the firm can act on them; a standard dashboard is worth its cost when it leads to an
    improvement, and thousands of transcripts are worth nothing until somebody reads them.

    ## How it decides
    From every signal that calls for a loop, the rule follows what keeps it (its own `captured_in`, else what its
    collection point writes to) and what analyses it. A place from which
    no action can be reached, neither by a team that gets it nor by an insight that sets an action off, is a dead
    end. Reported are the last such places: insights, stores that keep a signal, and stores for reporting or analysis
    (`role: reporting`, `kind: warehouse` or `cdp`). Systems that only pass data on, archives, and insights that are
    `used_for: compliance`, with all that leads to them, are left out. Where `delivered_to`, or where a flow or routing
    rule leads, is said to be `unknown`, nothing is concluded; where of an insight after which an action follows nobody knows
    what it reads, stores are dead ends with medium confidence. Whether the customer is answered is LOOP101's business.

    It is *major* where at least 5 % of all signals end there (all volumes known), else *minor*. The fix is the
    cheapest continuation to an action, at the costs of LOOP101.

    ## Evidence it needs
    `signals` with where they are kept.

    ## Example
    ```yaml
    teams: {service: {functions: [service]}}
    platforms: {desk: {owner: service, capabilities: [case]}}
    data_sources:
      calls:  # LOOP104
        kind: database
        owner: service
    signals:
      call-transcripts: {owner: service, kind: contact, identity: known, about: [desk], captured_in: [calls], volume: 60000/month}
      chat-ratings: {owner: service, kind: survey, identity: known, about: [desk], captured_in: [desk], volume: 2000/month}
    insights:
      chat-dashboard:
        owner: service
        inputs: [desk]
        delivered_to: []  # LOOP104
    ```

    ## Mended
    ```yaml
    teams: {service: {functions: [service]}}
    platforms: {desk: {owner: service, capabilities: [case]}}
    data_sources:
      calls: {kind: database, owner: service}
    signals:
      call-transcripts: {owner: service, kind: contact, identity: known, about: [desk], captured_in: [calls], volume: 60000/month}
      chat-ratings: {owner: service, kind: survey, identity: known, about: [desk], captured_in: [desk], volume: 2000/month}
    insights:
      chat-dashboard: {owner: service, inputs: [desk], delivered_to: [service]}
      call-themes: {owner: service, inputs: [calls], method: speech, delivered_to: [service]}
    actions:
      mend: {team: service, kind: fix, triggered_by: [service], changes: [desk], tracked_in: desk}
    ```

    ## References
    Practice of digital experience programmes: insights belong into operation. The 5 % is judgement.
    """
    use = eco.once(insight_use)
    for end in use.dead_ends:
        yield _breach(eco, end, parameters, use.perhaps)
    for node in use.used:
        yield Passed(node)
    for node, fields in use.open.items():
        yield NotAssessed(node, "who gets it, or what follows, is said to be unknown", fields)


def _breach(eco: Ecosystem, end: DeadEnd, parameters: Parameters, perhaps: tuple[str, ...]) -> Breach:
    subject = eco.inventory.entities[end.node]
    readers = () if isinstance(subject, Insight) else perhaps
    unsaid = isinstance(subject, Insight) and subject.delivered_to is None
    teams = sorted(
        {shown(edge.target) for edge in eco.once(response_graph).edges(end.node) if edge.label == "delivered_to"}
    )
    why = _why(subject, [team for team in teams if team])
    measures: dict[str, Measure] = {"signals": len(end.signals)}
    if end.volume is not None:
        measures["signals_per_month"] = end.volume
    if end.share is not None:
        measures["share_of_signals"] = round(end.share, 4)
    named = isinstance(subject, Insight) and (subject.delivered_to is not None)
    kept = ", ".join(f"'{one}'" for one in end.signals[:3]) + (" ..." if len(end.signals) > 3 else "")
    return Breach(
        subject=subject,
        message=f"{singular(subject.kind)} '{subject.id}' is a dead end: {why}",
        related=(*end.together_with, end.signal.id),
        severity="major" if end.share is not None and end.share >= parameters.share else "minor",
        label=why,
        at=("delivered_to",) if named and not teams else (),
        evidence=(
            ("what ends here", kept),
            *(("not known", f"what '{name}' reads; an action would follow if it read this") for name in readers[:1]),
            *shortened(end.trail),
        ),
        path=steps_of(end.trail),
        measures=measures,
        basis="estimated" if readers or (unsaid and not teams) else "reported",
        fix=_fix(eco, end),
    )


def _why(subject: object, teams: list[str]) -> str:
    if teams:
        listed = ", ".join(f"'{team}'" for team in teams)
        return f"it goes to {listed}, and no action follows"
    if isinstance(subject, Insight):
        return "it is delivered to nobody"
    return "feedback is kept here, and no action follows"


def _fix(eco: Ecosystem, end: DeadEnd) -> Fix | None:
    offers = eco.once(candidates)
    search = searches(eco, end.signal)
    repair = cheapest_continuation(search, offers, end.stage, end.node)
    if repair is None:
        cut = cut_short(offers, search.signal)
        return Fix(cut) if cut is not None else None
    verdict = LoopVerdict(search, None, "broken", search.graph.givers(search.signal))
    plan = plan_of(repair, verdict, offers)
    return Fix(in_changes(plan.clauses), plan.operators)
