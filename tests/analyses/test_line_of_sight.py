from __future__ import annotations

from hypothesis import given, settings

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.line_of_sight import Sight, lines_of_sight, teams_told
from cx_map.analyses.loop_reach import reach
from cx_map.graph.ecosystem import Ecosystem
from tests.analyses.loops_firm import INSIGHTS, LENGTH, TEAMS, Firm, built, firms
from tests.support import inventory_of

Place = tuple[str, bool]
Fact = tuple[Place, Place, float]


def handed_on(firm: Firm) -> list[Fact]:
    """Every fact that hands news on: from a place (and whether it was analysed) to another, in seconds."""
    facts: list[Fact] = []
    for flow in firm["flows"]:
        if flow.get("via") != "none":
            ends = [((flow["from"], one), (flow["to"], one or flow["to"] in INSIGHTS)) for one in (False, True)]
            facts += [(*pair, LENGTH[flow.get("latency")]) for pair in ends]
    for name, insight in firm["insights"].items():
        inputs = [((store, one), (name, True)) for store in insight.get("inputs", ()) for one in (False, True)]
        facts += [(*pair, LENGTH[insight.get("every")]) for pair in inputs]
        facts += [((name, True), (team, True), 0.0) for team in insight.get("delivered_to", ())]
    for action in firm["actions"].values():
        causes = [one for one in action.get("triggered_by", ()) if one in INSIGHTS and "team" in action]
        facts += [((cause, True), ("only " + action["team"], True), 0.0) for cause in causes]
    rule = firm["routing_rules"]["r1"]
    stores = firm["signals"]["g"].get("captured_in", ()) if "to" in rule else ()
    return facts + [((store, False), (rule["to"], False), LENGTH[rule.get("within")]) for store in stores]


def heard(firm: Firm) -> dict[str, tuple[int, float]]:
    """The fewest steps and least seconds to each team, by relaxing every fact until nothing changes."""
    signal = firm["signals"]["g"]
    active = {team for team, fields in firm["teams"].items() if not fields}
    best: dict[Place, tuple[float, float]] = {}
    for store in signal.get("captured_in", ()):
        best[store, False] = (1, LENGTH[signal.get("latency")])
    usable = [
        (start, end, time)
        for start, end, time in handed_on(firm)
        if (end[0].removeprefix("only ") in active or end[0].removeprefix("only ") not in TEAMS)
        and (start[0] not in TEAMS or end[0] in TEAMS)
    ]
    for _ in range(30):
        for start, end, time in usable:
            if start in best:
                hops, seconds = best[start]
                before = best.get(end, (99, 1e18))
                best[end] = (min(before[0], hops + 1), min(before[1], seconds + time))
    found: dict[str, tuple[int, float]] = {}
    for (node, _), (hops, seconds) in best.items():
        team = node.removeprefix("only ")
        if team in TEAMS:
            before = found.get(team, (99, 1e18))
            found[team] = (int(min(before[0], hops)), min(before[1], seconds))
    return found


@settings(max_examples=100, deadline=None)
@given(firms())
def test_sight_equals_plain_relaxation(firm: Firm) -> None:
    eco = Ecosystem(built(firm))
    expected = heard(firm)
    assert lines_of_sight(eco).teams == {team: Sight(*far) for team, far in expected.items()}
    (verdict,) = closed_loops(eco)
    told = teams_told(verdict.search, reach(eco), frozenset(TEAMS), 2 * 86400.0)
    assert told == {team: seconds for team, (_, seconds) in expected.items() if seconds <= 2 * 86400.0}


def test_a_team_sees_what_the_teams_below_it_see() -> None:
    text = """
    teams: {top: {}, middle: {parent: top}, front: {parent: middle}, beside: {parent: top}}
    data_sources: {cases: {}}
    signals: {g: {captured_in: [cases]}}
    flows: [{from: cases, to: front, via: event}]
    """
    assert sorted(lines_of_sight(Ecosystem(inventory_of(text))).teams) == ["front", "middle", "top"]


def test_insights_come_nearest_first() -> None:
    text = """
    data_sources: {cases: {}, lake: {}}
    signals: {g: {captured_in: [cases]}}
    insights: {a-far: {inputs: [lake]}, near: {inputs: [cases]}, unheard: {}}
    flows: [{from: cases, to: lake}]
    """
    assert list(lines_of_sight(Ecosystem(inventory_of(text))).insights) == ["near", "a-far"]
