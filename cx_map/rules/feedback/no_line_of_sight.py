"""LOOP110."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.line_of_sight import LinesOfSight, Sight, lines_of_sight
from cx_map.analyses.loop_unknowns import left_out_field
from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import response_graph
from cx_map.model.chapter_feedback import Insight
from cx_map.model.chapter_map import Team
from cx_map.model.values import SECONDS_PER
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.breach import Measure

DAY = 86400.0


class Parameters(Struct, frozen=True):
    """Parameters of LOOP110."""

    hops: Annotated[int, "Most steps from a signal to the team."] = 4
    days: Annotated[float, "Oldest news, in days; three months."] = SECONDS_PER["quarter"] / DAY


@rule("LOOP110", severity="minor", unlock=("teams", "signals"))
def no_line_of_sight(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A team never hears from customers, or only from far away and late.

    ## Why it matters
    Every department needs a clear line of sight to the customer. Those who never hear what their work does to
    customers cannot improve it, however willing they are.

    ## How it decides
    News of customers reaches a team when a signal, once captured, is handed on to it: by a report delivered to it, a
    flow, a routing rule, or another team; a team that owns the store where signals are captured, or tracks its actions
    there, sees them as well. A usable team breaks the rule when no signal reaches it, when the shortest way has more
    than 4 steps, or when the quickest takes more than three months (unknown times counted 0). A team sees what the
    teams below it see. Where a signal or an insight leaves out where it goes, the confidence is medium. It is *major*
    for teams with `customer_impact: direct`, else *minor*; teams with `customer_impact: none` are not judged.

    ## Evidence it needs
    `teams` and at least one signal.

    ## Example
    ```yaml
    teams:
      cx: {functions: [cx]}
      billing-it:  # LOOP110
        functions: [it]
        customer_impact: direct
    data_sources: {answers: {kind: database, owner: cx}}
    signals: {survey-answer: {owner: cx, kind: survey, identity: anonymous, captured_in: [answers]}}
    insights: {digest: {owner: cx, inputs: [answers], every: 30d, delivered_to: [cx]}}
    ```

    ## Mended
    ```yaml
    teams:
      cx: {functions: [cx]}
      billing-it:
        functions: [it]
        customer_impact: direct
    data_sources: {answers: {kind: database, owner: cx}}
    signals: {survey-answer: {owner: cx, kind: survey, identity: anonymous, captured_in: [answers]}}
    insights: {digest: {owner: cx, inputs: [answers], every: 30d, delivered_to: [cx, billing-it]}}
    ```

    ## References
    Practice of breaking silos: a line of sight for every department. The thresholds are judgement.
    """
    teams = [team for team in eco.inventory.of(Team) if team.usable and team.customer_impact != "none"]
    if not eco.once(closed_loops):
        for team in teams:
            yield NotAssessed(team.id, "no signal is described", ("signals",))
        return
    found = eco.once(lines_of_sight)
    nearest = _nearest(eco, found, parameters)
    silent = _silent(eco)
    for team in teams:
        sight = found.teams.get(team.id)
        why = _why(sight, parameters)
        if why is None:
            yield Passed(team.id)
            continue
        measures: dict[str, Measure] = {}
        if sight is not None:
            measures = {"hops": sight.hops, "seconds_at_least": sight.seconds}
        yield Breach(
            subject=team,
            message=f"team '{team.id}' has no line of sight to customers: {why}",
            severity="major" if team.customer_impact == "direct" else "minor",
            label=why,
            measures=measures,
            basis="estimated" if sight is None and silent else "reported",
            fix=_fix(team, nearest),
        )


def _why(sight: Sight | None, parameters: Parameters) -> str | None:
    if sight is None:
        return "no signal reaches it"
    if sight.hops > parameters.hops:
        return f"the nearest signal is {sight.hops} steps away"
    if sight.seconds > parameters.days * DAY:
        return f"what it hears is {length(sight.seconds)} old"
    return None


def _silent(eco: Ecosystem) -> bool:
    """Whether some signal or insight leaves out where it goes: then it may well go to the team."""
    graph = eco.once(response_graph)
    names = [one.signal.id for one in eco.once(closed_loops)]
    names += [one.id for one in eco.inventory.of(Insight) if one.usable]
    return any(left_out_field(graph, name) is not None for name in names)


def _fix(team: Team, nearest: Mapping[str | None, Insight]) -> Fix:
    """Deliver the nearest insight that is quick enough, of the same line of business if there is one."""
    insight = nearest.get(team.line_of_business) or nearest.get(None) or next(iter(nearest.values()), None)
    if insight is None:
        return Fix(f"let '{team.id}' have a regular report of what customers say")
    value: object = {"add": [team.id]} if insight.delivered_to else [team.id]
    return Fix(f"deliver '{insight.id}' to '{team.id}'", ({"change": {insight.id: {"delivered_to": value}}},))


def _nearest(eco: Ecosystem, found: LinesOfSight, parameters: Parameters) -> dict[str | None, Insight]:
    """The nearest insight of each line of business from which a team would hear soon enough, the nearest of all first."""
    nearest: dict[str | None, Insight] = {}
    for name, sight in found.insights.items():
        insight = eco.inventory.find(name, Insight)
        if insight is not None and sight.hops < parameters.hops and sight.seconds <= parameters.days * DAY:
            nearest.setdefault(insight.line_of_business, insight)
    return nearest
