from __future__ import annotations

import pytest
from hypothesis import given, settings

from cx_map.audit.findings import Finding
from cx_map.model.inventory import Inventory
from cx_map.rules.feedback.broken_loop import broken_loop
from cx_map.states.apply import with_changes
from tests.analyses.loops_firm import Firm, built, firms
from tests.rules.pages import example, findings_of
from tests.support import inventory_of


def found(text: str) -> list[Finding]:
    return findings_of(broken_loop, inventory_of(text))


def evidence(finding: Finding) -> dict[str, str]:
    return dict(finding.evidence)


def test_the_example_reads_as_promised() -> None:
    (finding,) = findings_of(broken_loop, example(broken_loop))
    assert finding.message == "'web-feedback' never comes back to the customer (4,000 signals a month, reported)"
    assert finding.label == "the loop stops after 'owned'"
    strip = "captured ✔  analysed ✔  owned ✔ cx-team  acted ✘  informed –  verified –"
    assert evidence(finding)["stages"] == strip
    assert evidence(finding)["ready further on"] == "1 at 'acted': 'fix-checkout'"
    assert [(step.source, step.edge, step.target) for step in finding.path] == [
        ("web-feedback", "captured_in", "survey-db"), ("survey-db", "analysed_by", "voc-dashboard"),
        ("voc-dashboard", "delivered_to", "cx-team"),
    ]  # fmt: skip
    assert all(step.location is not None and step.location.line > 1 for step in finding.path)
    assert (finding.severity, finding.confidence, finding.measures["stage_reached"]) == ("major", "high", "owned")
    assert finding.fix is not None
    assert finding.fix.summary.endswith("(1 change, closes 4,000 of 4,000 open signals)")


def test_complaints_and_vulnerable_customers_are_critical() -> None:
    assert [one.severity for one in found("signals: {g: {kind: complaint}}")] == ["critical"]
    text = "segments: {frail: {vulnerable: SHARE}}\nsignals: {g: {segments: [frail]}}"
    assert [one.severity for one in found(text.replace("SHARE", "60%"))] == ["critical"]
    assert [one.severity for one in found(text.replace("SHARE", "3%"))] == ["major"]


def test_a_field_left_out_lowers_the_confidence_and_is_named() -> None:
    (finding,) = found("signals: {g: {kind: complaint}}")
    assert (finding.confidence, evidence(finding)["not described"]) == ("medium", "'captured_in' of 'g' is left out")
    assert finding.label == "it is kept nowhere"
    (finding,) = found("signals: {g: {kind: complaint, captured_in: []}}")
    assert (finding.confidence, "not described" in evidence(finding)) == ("high", False)


def test_an_action_fit_to_answer_that_leaves_out_what_sets_it_off_lowers_the_confidence() -> None:
    text = """
    platforms: {site: {}}
    signals: {failed: {about: [told], captured_in: [site]}}
    actions: {tell: {informs: [told], triggered_by: []}}
    communications: {told: {channels: [email], platforms: [site]}}
    """
    assert [one.confidence for one in found(text)] == ["high"]
    (finding,) = found(text.replace(", triggered_by: []", ""))
    assert (finding.confidence, evidence(finding)["not described"]) == (
        "medium",
        "'triggered_by' of 'tell' is left out",
    )


def test_a_flow_that_is_known_not_to_exist_is_a_known_break() -> None:
    text = """
    teams: {care: {}}
    data_sources: {bounces: {}, contacts: {}}
    signals: {bounce: {kind: operational, identity: known, captured_in: [bounces]}}
    actions: {correct: {team: care, triggered_by: [care], informs: [ask]}}
    communications: {ask: {channels: [letter], platforms: [p]}}
    platforms: {p: {}}
    flows: [{from: bounces, to: contacts, via: none}, {from: contacts, to: care, via: event}]
    """
    (finding,) = found(text)
    assert evidence(finding)["known break"] == "nothing flows from 'bounces' to 'contacts' (via: none)"
    assert finding.confidence == "high"
    assert found(text.replace("via: none", "via: file")) == []


def test_no_volume_is_needed_and_it_says_so() -> None:
    (finding,) = found("signals: {g: {captured_in: []}}")
    assert finding.message == "'g' never comes back to the customer (nobody says how many)"
    assert "signals_per_month" not in finding.measures


def test_a_declared_loop_with_a_stage_missing_names_it() -> None:
    text = """
    teams: {care: {}}
    data_sources: {cases: {}}
    signals: {g: {captured_in: [cases]}}
    feedback_loops: {l: {signal: g, stages: {capture: cases, own: care}}}
    """
    (finding,) = found(text)
    assert finding.related[0] == "l"
    assert finding.label == "'l' names nothing for 'act', 'inform'"
    assert finding.measures["stages_missing"] == "act, inform"


def test_two_broken_loops_of_one_signal_are_two_findings() -> None:
    stages = "stages: {capture: cases, own: care, act: mend, inform: sorry}"
    text = f"""
    teams: {{care: {{}}}}
    data_sources: {{cases: {{}}}}
    actions: {{mend: {{}}}}
    communications: {{sorry: {{}}}}
    signals: {{g: {{captured_in: [cases]}}}}
    feedback_loops: {{l: {{signal: g, {stages}}}, m: {{signal: g, {stages}}}}}
    """
    assert len({one.fingerprint for one in found(text)}) == 2


@pytest.mark.parametrize("kind", ["survey", "complaint", "behavioural"])
def test_nothing_is_broken_where_no_signal_is_described(kind: str) -> None:
    assert found(f"collection_points: {{form: {{kind: {kind}}}}}\nteams: {{care: {{}}}}") == []


def broken(inventory: Inventory) -> set[str]:
    return {finding.fingerprint for finding in findings_of(broken_loop, inventory)}


@settings(max_examples=60, deadline=None)
@given(firms())
def test_every_computed_fix_closes_its_loop_when_applied(firm: Firm) -> None:
    inventory = built(firm)
    for finding in findings_of(broken_loop, inventory):
        assert finding.fix is not None
        assert finding.fix.changes
        assert finding.fingerprint not in broken(with_changes(inventory, finding.fix.changes))
