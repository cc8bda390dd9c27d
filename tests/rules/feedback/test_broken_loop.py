from __future__ import annotations

import pytest
from hypothesis import given, settings

from cx_map.audit.findings import Finding
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.inventory import Inventory
from cx_map.rulekit import NotAssessed, Passed, Range
from cx_map.rules.feedback.anonymous_signal import anonymous_signal
from cx_map.rules.feedback.broken_loop import broken_loop
from cx_map.rules.inventory.communication_without_route import communication_without_route
from cx_map.states.apply import with_changes
from tests.analyses.loops_firm import Firm, built, firms
from tests.rules.judging import one_finding
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


OUTER = """
segments: {retail: {customers: 10, vulnerable: 90%}}
teams: {care: {functions: [complaints]}}
platforms: {mailer: {owner: care}}
data_sources: {cases: {owner: care}}
signals: {g: {kind: complaint, identity: known, segments: [retail], about: [mailer], captured_in: [cases], volume: 10/month}}
insights: {themes: {inputs: [cases], delivered_to: [care]}}
actions: {mend: {team: care, triggered_by: [care], informs: [sorry], changes: [mailer], tracked_in: cases}}
communications: {sorry: {segments: [retail], channels: [email], platforms: [mailer]}}
feedback_loops: {l: {kind: outer, signal: g, stages: {capture: cases, analyse: themes, own: care, act: mend, inform: sorry}}}
"""


def test_a_loop_that_is_only_never_verified_says_so_and_is_major() -> None:
    (finding,) = found(OUTER)
    assert finding.message == "'g' is never verified through 'l' (10 signals a month, reported)"
    assert (finding.severity, finding.label) == ("major", "'l' names nothing for 'verify'")
    strip = "captured ✔  analysed ✔  owned ✔ care  acted ✔  informed ✔  verified ✘"
    assert evidence(finding)["stages"] == strip
    assert finding.fix is not None
    assert finding.fix.summary == "name in 'l' verify 'g-helped' (1 change)", "closes no signal: customers are answered"
    mended = with_changes(inventory_of(OUTER), finding.fix.changes)
    assert findings_of(broken_loop, mended) == []
    (metric,) = (one for one in mended.entities.values() if one.id == "g-helped")
    assert metric.owner == "care"


def test_verification_takes_a_metric_that_measures_the_subject_and_no_other() -> None:
    (finding,) = found(OUTER + "metrics: {ease: {about: [mailer]}, trust: {about: [cases]}}")
    assert finding.fix is not None
    assert finding.fix.summary == "name in 'l' verify 'ease' (1 change)"
    (finding,) = found(OUTER + "metrics: {trust: {about: [cases]}}")
    assert finding.fix is not None
    assert "'g-helped'" in finding.fix.summary


def test_a_stage_that_nobody_names_is_major_while_customers_are_answered() -> None:
    (finding,) = found(OUTER.replace("analyse: themes, ", ""))
    assert finding.message.startswith("'g' is never analysed or verified through 'l'")
    (finding,) = found(OUTER.replace("own: care, ", "").replace("inform: sorry", "inform: sorry, verify: cases"))
    assert finding.message.startswith("'g' is answered, but never said to be owned through 'l'")
    assert evidence(finding)["stages"].startswith("captured ✔  analysed ✔  owned ✘  acted ✔  informed ✔")
    assert finding.fix is not None
    assert found_after(OUTER.replace("own: care, ", ""), finding) == []


def found_after(text: str, finding: Finding) -> list[Finding]:
    (before,) = found(text)
    assert before.fix is not None
    return findings_of(broken_loop, with_changes(inventory_of(text), before.fix.changes))


def test_a_loop_that_neither_comes_back_nor_is_verified_is_critical() -> None:
    (finding,) = found(OUTER.replace("informs: [sorry]", "informs: []"))
    assert finding.severity == "critical"
    assert finding.message.startswith("'g' never comes back to the customer through 'l'")
    assert evidence(finding)["stages"].endswith("acted ✔  informed ✘  verified ✘")
    assert finding.fix is not None
    assert finding.fix.summary.endswith("(2 changes, closes 10 of 10 open signals)")


SILENT = """
segments: {old: {reachable_by: {letter: 95%, phone: 40%}}}
teams: {care: {functions: [complaints]}}
platforms: {mailer: {owner: care}, printer: {owner: care}}
data_sources: {cases: {owner: care}}
signals: {g: {kind: complaint, identity: known, segments: [old], captured_in: [cases], volume: 1}}
actions: {mend: {team: care, triggered_by: [care], informs: [], tracked_in: cases}}
flows: [{from: cases, to: care, via: event}]
communications:
  alert: {purpose: servicing, routes: [{channel: push, platforms: [mailer]}]}
"""


def new_reply(text: str) -> dict[str, object]:
    (finding,) = found(text)
    assert finding.fix is not None
    (added,) = (one["add"] for one in finding.fix.changes if "add" in one)
    after = with_changes(inventory_of(text), finding.fix.changes)
    assert findings_of(communication_without_route, after) == []
    assert findings_of(broken_loop, after) == []
    return added["communications"]["g-reply"]  # type: ignore[index,no-any-return]  # plain data


def test_a_new_reply_goes_by_a_channel_that_reaches_its_segments() -> None:
    assert new_reply(SILENT)["channels"] == ["letter"], "not by push, which reaches nobody there"
    letters = SILENT + "  bill: {purpose: marketing, routes: [{channel: letter, platforms: [printer]}]}\n"
    assert new_reply(letters)["routes"] == [{"channel": "letter", "platforms": ["printer"]}]
    calls = letters + "  call: {purpose: servicing, routes: [{channel: phone, platforms: [mailer]}]}\n"
    assert new_reply(calls)["routes"] == [{"channel": "letter", "platforms": ["printer"]}], "letters reach most"
    unsaid = SILENT.replace("{reachable_by: {letter: 95%, phone: 40%}}", "{}")
    assert new_reply(unsaid)["routes"] == [{"channel": "push", "platforms": ["mailer"]}], (
        "nobody says what reaches them"
    )


def test_segments_without_a_channel_in_common_get_one_each() -> None:
    text = SILENT.replace("segments: {old: ", "segments: {young: {reachable_by: {push: 80%}}, old: ")
    text = text.replace("segments: [old]", "segments: [old, young]")
    assert new_reply(text)["channels"] == ["letter", "push"]


def test_customers_whom_nothing_reaches_are_left_to_people() -> None:
    (finding,) = found(SILENT.replace("{letter: 95%, phone: 40%}", "{letter: 0}"))
    assert finding.fix is not None
    assert finding.fix.changes == ()


def test_an_existing_reply_by_a_channel_that_does_not_reach_them_is_no_answer() -> None:
    text = SILENT.replace("informs: []", "informs: [alert]")
    (finding,) = found(text)
    assert finding.label == "the reply reaches other customers only"
    assert found(text.replace("phone: 40%", "push: 10%")) == []


def test_a_flow_that_may_lose_the_customer_is_not_assessed() -> None:
    text = (
        SILENT.replace("informs: []", "informs: [alert]")
        .replace("letter: 95%", "push: 95%")
        .replace("via: event", "via: file")
    )
    for rule in (broken_loop, anonymous_signal):
        (judged,) = (one for one in rule.check(Ecosystem(inventory_of(text))) if isinstance(one, NotAssessed))
        assert judged.unlock == ("flows.*.keeps_identity",)
        assert findings_of(rule, inventory_of(text)) == []
        late = inventory_of(text.replace("team: care,", "team: care, within: 5d,"))
        assert not any(isinstance(one, Passed) for one in rule.check(Ecosystem(late))), (
            "late, and not sure to come back"
        )


def test_a_claim_of_closing_needs_steps_that_are_described() -> None:
    letters = SILENT + "  bill: {routes: [{channel: letter, platforms: [printer]}]}\n"
    (finding,) = found(letters)
    assert finding.message.endswith("(1 signal a month, reported)")
    assert finding.fix is not None
    assert finding.fix.summary.endswith("closes 1 of 1 open signal)")
    for vague in (SILENT, letters.replace("via: event", "via: file")):
        (finding,) = found(vague)
        assert finding.fix is not None
        assert finding.fix.changes
        assert "closes" not in finding.fix.summary


def test_an_exemption_without_a_reason_does_not_silence() -> None:
    text = SILENT + "feedback_loops: {pulse: {signal: g, by_design: none}}"
    (finding,) = found(text)
    assert evidence(finding)["not exempt"] == "'pulse' says 'by_design: none' and gives no reason"
    assert found(text.replace("by_design: none", "by_design: none, reason: a thank-you")) == []


def test_of_several_segments_only_those_without_an_answer_are_concerned() -> None:
    text = """
        segments: {private: {}, firms: {}}
        teams: {care: {}}
        data_sources: {cases: {}}
        platforms: {mailer: {}}
        signals: {g: {kind: contact, segments: [private, firms], volume: 700/month, captured_in: cases, identity: known}}
        routing_rules: {r: {on: g, to: care}}
        actions: {a: {team: care, triggered_by: care, informs: reply}}
        communications: {reply: {segments: [private], routes: [{channel: email, platforms: [mailer]}]}}
        """
    finding = one_finding(broken_loop, text)
    assert "customers in 'firms'" in finding.message
    assert finding.measures["customers_per_month"] == Range(0, 700)


def test_who_is_not_known_is_not_said_to_wait_for_an_answer() -> None:
    text = "data_sources: {log: {}}\nsignals: {clicks: {kind: behavioural, captured_in: log, identity: anonymous}}"
    assert one_finding(broken_loop, text).message.startswith("'clicks' leads to no action")


def test_a_flow_of_master_data_brings_no_feedback() -> None:
    """A nightly file of addresses is no way for a complaint: a loop along it is not closed."""
    text = """
        teams: {care: {}}
        data_sources: {crm: {}, warehouse: {}}
        platforms: {mailer: {}}
        signals: {g: {kind: complaint, captured_in: crm, identity: known}}
        flows: [{from: crm, to: warehouse, via: api, carries: CARRIED}]
        insights: {report: {inputs: [warehouse], delivered_to: [care]}}
        actions: {a: {team: care, triggered_by: care, informs: reply}}
        communications: {reply: {routes: [{channel: email, platforms: [mailer]}]}}
        """
    assert (
        one_finding(broken_loop, text.replace("CARRIED", "[contact.email, preference]")).measures["stage_reached"]
        == "captured"
    )
    for carried in ("[contact, case]", '["*"]', "[our.own.field]"):
        assert findings_of(broken_loop, inventory_of(text.replace("CARRIED", carried))) == [], carried


def test_a_flow_for_some_segments_brings_nothing_of_the_others() -> None:
    text = """
        segments: {retail: {}, sme: {}}
        teams: {care: {}}
        platforms: {mailer: {}}
        data_sources: {cases: {}}
        signals: {g: {identity: known, SEGMENTS captured_in: [cases]}}
        actions: {mend: {team: care, triggered_by: [care], informs: [sorry]}}
        communications: {sorry: {channels: [email], platforms: [mailer]}}
        flows: [{from: cases, to: care, via: event, segments: [retail]}]
        """
    (finding,) = findings_of(broken_loop, inventory_of(text.replace("SEGMENTS", "segments: [retail, sme],")))
    assert finding.message == "'g' never comes back to customers in 'sme' (nobody says how many)"
    assert finding.label == "the loop stops after 'captured'"
    assert finding.fix is not None
    repaired = with_changes(inventory_of(text.replace("SEGMENTS", "segments: [retail, sme],")), finding.fix.changes)
    assert findings_of(broken_loop, repaired) == []
    for whose in ("segments: [retail],", ""):
        assert findings_of(broken_loop, inventory_of(text.replace("SEGMENTS", whose))) == []


def test_naming_the_stages_of_a_repaired_loop_keeps_those_who_are_answered_already() -> None:
    text = """
        segments: {web: {}, post: {reachable_by: {letter: 20%}}}
        teams: {care: {}}
        platforms: {desk: {}, site: {}}
        signals: {g: {identity: known, segments: [web, post], captured_in: [desk]}}
        actions: {mend: {team: care, triggered_by: [care], informs: [note]}}
        communications: {note: {channels: [portal], platforms: [site]}}
        flows: [{from: desk, to: care, via: event}]
        feedback_loops: {l: {signal: g, stages: {capture: desk}}}
        """
    inventory = inventory_of(text)
    (finding,) = findings_of(broken_loop, inventory)
    assert finding.fix is not None
    assert findings_of(broken_loop, with_changes(inventory, finding.fix.changes)) == []


ANSWERED = """
segments: {people: {reachable_by: {email: 90%MORE}}, others: {}}
teams: {care: {functions: [complaints]}}
data_sources: {box: {}}
platforms: {gateway: {}}
signals: {g: {kind: complaint, segments: [people], identity: known, captured_in: box}}
INSIGHTS
actions: {answer: {team: care, triggered_by: [care], informs: [reply], tracked_in: box}}
communications: {reply: {segments: [SERVED], routes: [{channel: sms, platforms: [gateway]}]}}
"""


def answered(more: str = "", served: str = "people", links: str = "routing_rules: {r: {on: g, to: care}}") -> Finding:
    text = ANSWERED.replace("MORE", more).replace("SERVED", served).replace("INSIGHTS", links)
    (finding,) = found(text)
    return finding


def test_a_channel_left_out_is_less_sure_than_one_that_reaches_nobody() -> None:
    """As in INV101: who lists mail only may be reached by text all the same."""
    left_out = answered()
    assert (left_out.severity, left_out.confidence) == ("critical", "medium")
    assert evidence(left_out)["not described"] == "'reachable_by.sms' of 'people' is left out"
    assert answered(more=", sms: 0").confidence == "high"
    assert answered(served="others").confidence == "high", "the reply is not for them, by whatever channel"


def test_an_insight_of_which_nobody_knows_what_it_reads_may_close_the_loop() -> None:
    insight = "insights: {topics: {inputs: unknown, delivered_to: [TEAM]}}"
    unsure = answered(more=", sms: 80%", links=insight.replace("TEAM", "care"))
    assert unsure.confidence == "medium"
    assert evidence(unsure)["not known"] == "what 'topics' reads; it would close the loop if it read this"
    assert answered(more=", sms: 80%", links=insight.replace("TEAM", "")).confidence == "high", "it goes to nobody"
    known = insight.replace("TEAM", "care").replace("unknown", "[]")
    assert answered(more=", sms: 80%", links=known).confidence == "high"
