from __future__ import annotations

from hypothesis import given, settings

from cx_map.audit.findings import Finding
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rulekit import NotAssessed
from cx_map.rules.feedback.broken_loop import broken_loop
from cx_map.rules.feedback.insight_dead_end import insight_dead_end
from cx_map.states.apply import with_changes
from tests.analyses.loops_firm import Firm, built, firms
from tests.rules.pages import findings_of
from tests.support import inventory_of

CHAIN = """
teams: {care: {}}
data_sources: {answers: {}, lake: {kind: warehouse}, shelf: {}}
signals: {g: {captured_in: [answers], volume: 95}, h: {captured_in: [shelf], volume: 5}}
insights: {board: {inputs: [lake], delivered_to: [care]}}
actions: {mend: {triggered_by: [TRIGGER]}, keep: {triggered_by: [care]}}
flows: [{from: answers, to: lake}, {from: shelf, to: care}]
"""


def found(text: str) -> list[Finding]:
    return findings_of(insight_dead_end, inventory_of(text))


def subjects(text: str) -> list[str]:
    return sorted(one.subject for one in found(text))


CLEAN = CHAIN.replace("{triggered_by: [TRIGGER]}", "{}")
DEAD = CLEAN.replace("keep: {triggered_by: [care]}", "keep: {}")


def test_a_team_that_sets_an_action_off_makes_use_of_it() -> None:
    assert subjects(CLEAN) == []


def test_only_the_last_places_are_told() -> None:
    assert subjects(DEAD) == ["board", "shelf"]


def test_share_of_all_signals_makes_it_major() -> None:
    assert {one.subject: one.severity for one in found(DEAD)} == {"board": "major", "shelf": "major"}
    assert {one.subject: one.severity for one in found(DEAD.replace("volume: 5}", "volume: 4}"))} == {
        "board": "major",
        "shelf": "minor",
    }
    assert {one.severity for one in found(DEAD.replace(", volume: 5", ""))} == {"minor"}, "a share is not known"


def test_an_insight_without_takers_is_a_dead_end_and_says_why() -> None:
    (board,) = [
        one for one in found(CLEAN.replace("delivered_to: [care]", "delivered_to: []")) if one.subject == "board"
    ]
    assert board.message == "insight 'board' is a dead end: it is delivered to nobody"
    assert board.confidence == "high"
    (board,) = [one for one in found(CLEAN.replace(", delivered_to: [care]", "")) if one.subject == "board"]
    assert board.confidence == "medium", "nobody said to whom"


def test_compliance_archives_and_systems_that_pass_data_on_are_no_dead_ends() -> None:
    assert "board" not in subjects(DEAD.replace("inputs: [lake]", "inputs: [lake], used_for: compliance"))
    assert "shelf" not in subjects(DEAD.replace("shelf: {}", "shelf: {role: archive}"))
    passing = DEAD.replace("insights: {board: {inputs: [lake], delivered_to: [care]}}", "").replace(
        "lake: {kind: warehouse}", "lake: {}"
    )
    assert subjects(passing) == ["answers", "shelf"], "'lake' only passes data on"


def test_unknown_takers_are_not_assessed() -> None:
    assert subjects(DEAD.replace("delivered_to: [care]", "delivered_to: unknown")) == ["shelf"]


def test_a_store_from_which_signals_are_routed_is_made_use_of() -> None:
    text = CLEAN.replace(", {from: shelf, to: care}", "")
    assert subjects(text) == ["shelf"]
    assert subjects(text + "routing_rules: {r: {on: [h], to: care}}") == []


def test_places_that_feed_one_another_are_told_once() -> None:
    text = """
    data_sources: {a: {kind: warehouse}, b: {kind: warehouse}}
    signals: {g: {captured_in: [a]}}
    flows: [{from: a, to: b}, {from: b, to: a}]
    """
    (finding,) = found(text)
    assert (finding.subject, finding.related) == ("a", ("b", "g"))


def test_exempt_signals_do_not_count() -> None:
    loops = "feedback_loops: {l: {signal: h, by_design: none, reason: pulse}}"
    assert subjects(DEAD + loops) == ["board"]


@settings(max_examples=60, deadline=None)
@given(firms())
def test_every_computed_fix_leads_on_when_applied(firm: Firm) -> None:
    inventory = built(firm)
    for finding in findings_of(insight_dead_end, inventory):
        assert finding.fix is not None
        after = findings_of(insight_dead_end, with_changes(inventory, finding.fix.changes))
        assert finding.fingerprint not in {one.fingerprint for one in after}


def test_a_form_that_writes_more_stores_than_its_signal_is_kept_in() -> None:
    text = """
    teams: {care: {}}
    collection_points: {form: {writes_to: [db, db2]}}
    data_sources: {db: {}, db2: {}}
    signals: {g: {from: form, captured_in: [db], volume: 100}}
    actions: {mend: {triggered_by: [care]}}
    flows: [{from: db, to: care}]
    """
    assert subjects(text) == []
    assert subjects(text.replace(", captured_in: [db]", "")) == ["db2"]


def test_what_goes_to_an_unknown_place_is_not_assessed_and_the_field_is_named() -> None:
    for leads, field in (
        ("flows: [{from: box, to: unknown}]", "flows.*.to"),
        ("routing_rules: {r: {on: [g], to: unknown}}", "routing_rules.*.to"),
    ):
        text = f"data_sources: {{box: {{}}}}\nsignals: {{g: {{identity: known, captured_in: [box]}}}}\n{leads}\n"
        for rule, subject in ((insight_dead_end, "box"), (broken_loop, "g")):
            (one,) = rule.check(Ecosystem(inventory_of(text)))
            assert isinstance(one, NotAssessed)
            assert (one.subject, one.unlock) == (subject, (field,))
    for known in (
        "flows: [{from: box, to: unknown, carries: [contact.email]}]",
        "flows: [{from: box, to: unknown, via: none}]",
    ):
        text = f"data_sources: {{box: {{}}}}\nsignals: {{g: {{captured_in: [box]}}}}\n{known}\n"
        assert subjects(text) == ["box"], "that brings no feedback, wherever it goes"


def test_an_insight_that_sets_an_action_off_is_used_whoever_owns_the_action() -> None:
    text = CLEAN.replace("mend: {}", "mend: {triggered_by: [board] TEAM}").replace(", delivered_to: [care]", "")
    assert subjects(text.replace(" TEAM", "")) == []
    assert subjects(text.replace(" TEAM", ", team: care")) == []
    gone = text.replace(" TEAM", ", team: gone").replace("{care: {}}", "{care: {}, gone: {status: retired}}")
    assert subjects(gone) == ["board"], "nobody is there to do it"


def test_a_store_is_less_surely_a_dead_end_where_nobody_knows_what_an_insight_reads() -> None:
    text = """
        teams: {care: {}}
        data_sources: {calls: {}}
        signals: {g: {captured_in: [calls], volume: 90}}
        insights: {topics: {inputs: READS, delivered_to: [care]}}
        actions: {mend: {TRIGGER}}
        """

    def told(reads: str, trigger: str) -> tuple[str, str, list[str]]:
        (one,) = found(text.replace("READS", reads).replace("TRIGGER", trigger))
        return one.subject, one.confidence, [text for label, text in one.evidence if label == "not known"]

    known = ("calls", "high", [])
    doubt = "what 'topics' reads; an action would follow if it read this"
    assert told("unknown", "triggered_by: [care]") == ("calls", "medium", [doubt])
    assert told("[]", "triggered_by: [care]") == known
    assert told("unknown", "triggered_by: []") == known
