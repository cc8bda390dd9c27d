"""The stages of a loop: what is passed is walked, what breaks is one place, and nothing is said twice."""

from __future__ import annotations

from hypothesis import given, settings

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.loop_reach import reach
from cx_map.analyses.loop_stages import StageMark, stage_marks
from cx_map.graph.ecosystem import Ecosystem
from tests.analyses.loops_firm import Firm, built, firms
from tests.support import inventory_of


def marks_of(text: str) -> dict[str, StageMark]:
    eco = Ecosystem(inventory_of(text))
    (verdict,) = closed_loops(eco)
    return {one.stage: one for one in stage_marks(verdict, reach(eco))}


@given(firms())
@settings(max_examples=150, deadline=None)
def test_marks_agree_with_the_verdict(firm: Firm) -> None:
    eco = Ecosystem(built(firm))
    for verdict in closed_loops(eco):
        marks = stage_marks(verdict, eco.once(reach))
        assert [one.stage for one in marks] == ["capture", "analyse", "own", "act", "inform", "verify"]
        said = [one.mark for one in marks]
        steps = [step for one in marks for step in one.steps]
        if verdict.status in ("broken", "acted_on"):  # a walk is then one that production could not go
            assert set(steps) <= set(verdict.trail)
        elif verdict.walk is not None:
            assert steps == list(verdict.walk.edges), "every step of a walk stands at one stage, in order"
        if verdict.status in ("closed", "late"):
            assert set(said) <= {"passed", "idle"}
            assert said[4] == "passed"
        if verdict.status in ("broken", "condition"):
            first = said.index("broken")
            assert "unknown" not in said
            assert "passed" not in said[first:]
        if verdict.status == "open":
            assert "unknown" in said


LOOP = """
teams: {care: {}, gone: {status: retired}}
platforms: {desk: {owner: care}, mailer: {}}
data_sources: {cases: {}}
signals: {g: {kind: contact, identity: known, about: [desk], captured_in: [cases]}}
actions: {mend: {team: care, triggered_by: [care], informs: [sorry], tracked_in: cases}}
communications: {sorry: {channels: [email], platforms: [mailer]}}
flows: [{from: cases, to: care, via: event}]
"""


def test_a_condition_breaks_where_it_is_not_kept() -> None:
    lost = marks_of(LOOP.replace("via: event", "via: event, keeps_identity: false"))
    assert (lost["capture"].mark, lost["own"].mark, lost["act"].mark) == ("passed", "broken", "beyond")
    unowned = marks_of(LOOP.replace("owner: care", "owner: gone"))
    assert (unowned["own"].mark, unowned["inform"].mark) == ("broken", "beyond")


def test_what_is_unknown_leaves_the_rest_open() -> None:
    said = marks_of(LOOP.replace("informs: [sorry]", "informs: unknown"))
    assert [one.mark for one in said.values()] == ["passed", "idle", "passed", "passed", "unknown", "idle"]


def test_an_exempt_loop_has_no_stage() -> None:
    said = marks_of(LOOP + "feedback_loops: {l: {signal: g, by_design: none, reason: nobody waits for an answer}}\n")
    assert {one.mark for one in said.values()} == {"idle"}
