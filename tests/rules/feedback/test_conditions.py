"""LOOP102, LOOP103 and LOOP105: loops that lack one condition."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from cx_map.audit.findings import Finding
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rulekit import NotAssessed, Passed, Rule
from cx_map.rules.feedback.anonymous_signal import anonymous_signal
from cx_map.rules.feedback.broken_loop import broken_loop
from cx_map.rules.feedback.loop_too_slow import loop_too_slow
from cx_map.rules.feedback.stage_without_owner import stage_without_owner
from cx_map.states.apply import with_changes
from tests.analyses.loops_firm import Firm, built, firms
from tests.rules.pages import findings_of
from tests.support import inventory_of

LOOP = """
teams: {care: {}, gone: {status: retired}}
platforms: {desk: {owner: care}, mailer: {}}
data_sources: {cases: {}}
signals: {g: {kind: contact, identity: known, about: [desk], captured_in: [cases]}}
actions: {mend: {team: care, triggered_by: [care], informs: [sorry], tracked_in: cases}}
communications: {sorry: {channels: [email], platforms: [mailer]}}
flows: [{from: cases, to: care, via: event}]
"""


def found(rule: Rule, text: str) -> list[Finding]:
    return findings_of(rule, inventory_of(text))


def verdict(rule: Rule, text: str, subject: str = "g") -> str:
    (one,) = [
        one for one in rule.check(Ecosystem(inventory_of(text)))
        if (one.subject if isinstance(one, Passed | NotAssessed) else one.subject.id) == subject
    ]  # fmt: skip
    return type(one).__name__


def test_a_whole_loop_is_quiet_everywhere() -> None:
    for rule in (broken_loop, stage_without_owner, anonymous_signal):
        assert verdict(rule, LOOP) == "Passed"
    assert verdict(loop_too_slow, LOOP) == "NotAssessed", "nothing asks for a time"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("owner: care", "owner: gone", "'care' may not own it"),
        ("triggered_by: [care]", "triggered_by: [gone]", None),
        ("team: care, ", "team: gone, ", "the team that acts is not in use"),
    ],
)
def test_nobody_entitled_in_use_is_told_as_that_alone(before: str, after: str, why: str | None) -> None:
    text = LOOP.replace(before, after)
    if "triggered_by" in before:
        text = text.replace("to: care", "to: gone")
        why = "'gone' is retired"
    (finding,) = found(stage_without_owner, text)
    assert finding.label == why
    assert found(broken_loop, text) == []


def test_what_nobody_tracks_is_minor_and_only_where_somebody_tracks() -> None:
    bare = LOOP.replace(", tracked_in: cases", "")
    assert verdict(stage_without_owner, bare, "mend") == "NotAssessed"
    (finding,) = found(stage_without_owner, LOOP.replace("tracked_in: cases", "tracked_in: []"))
    assert (finding.subject, finding.severity, finding.confidence) == ("mend", "minor", "high")
    other = bare.replace("actions: {", "actions: {log: {tracked_in: cases}, ")
    (finding,) = found(stage_without_owner, other)
    assert (finding.subject, finding.confidence) == ("mend", "medium")


def test_identity_lost_on_the_way_is_kept_by_the_fix() -> None:
    text = LOOP.replace("via: event", "via: event, keeps_identity: false")
    (finding,) = found(anonymous_signal, text)
    assert finding.label == "the customer is lost between 'cases' and 'care'"
    assert found(broken_loop, text) == []
    assert finding.fix is not None
    assert finding.fix.summary == "keep the customer identifiable from 'cases' to 'care' (1 change)"
    assert findings_of(anonymous_signal, with_changes(inventory_of(text), finding.fix.changes)) == []


def test_anonymous_points_make_anonymous_signals_and_outer_loops_need_no_name() -> None:
    text = (
        LOOP.replace("identity: known", "from: poll") + "collection_points: {poll: {kind: survey, anonymous: true}}\n"
    )
    (finding,) = found(anonymous_signal, text)
    assert finding.label == "the customer is anonymous"
    assert found(anonymous_signal, text + "feedback_loops: {l: {kind: outer, signal: g}}") == []


def test_identity_nobody_speaks_of_is_not_assessed() -> None:
    assert verdict(anonymous_signal, LOOP.replace("identity: known, ", "")) == "NotAssessed"


SLOW = LOOP.replace("kind: contact", "kind: complaint")
TIMED = (
    SLOW.replace("captured_in", "latency: 1h, captured_in").replace("via: event", "via: event, latency: 1h")
    .replace("informs", "within: 10h, informs") + "channels: {email: {latency: 1h}}\n"
)  # fmt: skip


def test_a_complaint_is_acknowledged_within_a_day() -> None:
    assert verdict(loop_too_slow, TIMED) == "Passed"
    (finding,) = found(loop_too_slow, TIMED.replace("within: 10h", "within: 2d"))
    assert finding.measures["seconds"] == 2 * 86400 + 3 * 3600
    assert finding.measures["limit_seconds"] == 86400
    assert found(broken_loop, TIMED.replace("within: 10h", "within: 2d")) == []


def test_known_times_over_the_limit_are_enough_and_under_it_are_not() -> None:
    assert verdict(loop_too_slow, SLOW) == "NotAssessed"
    assert [one.subject for one in found(loop_too_slow, SLOW.replace("informs", "within: 2d, informs"))] == ["g"]


def test_typically_in_time_and_late_at_worst_is_minor() -> None:
    text = SLOW.replace("via: event", "via: batch, every: 30h")
    assert [one.severity for one in found(loop_too_slow, text)] == ["minor"]
    assert [one.severity for one in found(loop_too_slow, text.replace("30h", "60h"))] == ["major"]


def test_a_stage_may_have_a_time_of_its_own() -> None:
    loop = "feedback_loops: {l: {signal: g, within: {act: 5h}, stages: {capture: cases, own: care, act: mend, inform: sorry}}}"
    (finding,) = found(loop_too_slow, TIMED.replace("complaint", "contact") + loop)
    assert finding.message.startswith("stage 'act' of 'g' takes up to 10 h")
    assert found(loop_too_slow, TIMED.replace("complaint", "contact") + loop.replace("5h", "12h")) == []


@settings(max_examples=60, deadline=None)
@given(firms())
def test_every_computed_fix_of_a_condition_removes_its_finding(firm: Firm) -> None:
    inventory = built(firm)
    for rule in (stage_without_owner, anonymous_signal, loop_too_slow):
        for finding in findings_of(rule, inventory):
            if finding.fix is not None and finding.fix.changes:
                after = findings_of(rule, with_changes(inventory, finding.fix.changes))
                assert finding.fingerprint not in {one.fingerprint for one in after}


@settings(max_examples=60, deadline=None)
@given(firms())
def test_a_loop_is_told_by_one_rule_only(firm: Firm) -> None:
    inventory = built(firm)
    rules = (broken_loop, stage_without_owner, anonymous_signal, loop_too_slow)
    told = [finding.code for rule in rules for finding in findings_of(rule, inventory) if finding.subject == "g"]
    assert len(told) <= 1


def test_a_time_by_default_is_told_as_such_and_little_sure() -> None:
    (finding,) = found(loop_too_slow, TIMED.replace("within: 10h", "within: 2d"))
    assert (finding.confidence, finding.measures["limit_seconds"]) == ("low", 86400)
    assert (
        finding.message
        == "an answer to 'g' takes up to 2.12 days, and may take 24 h at most, the default, as nobody says how long"
    )
    assert finding.fix is not None
    assert finding.fix.summary.startswith("acknowledge within 24 h by a first message, or say in the `within`")
    assert finding.fix.changes == ()
    law = TIMED.replace("within: 10h", "within: 31d") + "organization: {regulatory_profiles: [us-reg-z]}"
    assert [one.confidence for one in found(loop_too_slow, law)] == ["high"]


def test_a_refund_after_a_month_says_nothing_of_the_acknowledgement() -> None:
    refund = TIMED.replace("within: 10h", "kind: fix, within: 30d")
    assert verdict(loop_too_slow, refund) == "NotAssessed"
    assert verdict(broken_loop, refund) == "Passed"
    loop = "feedback_loops: {l: {signal: g, within: 10d}}"
    (finding,) = found(loop_too_slow, refund + loop)
    assert (finding.confidence, finding.label) == ("high", "30.1 days instead of 10 days")


def test_the_team_of_a_rule_for_everything_may_own_what_it_gets() -> None:
    text = LOOP.replace("owner: care", "owner: gone") + "routing_rules: {rest: {to: care}}\n"
    assert found(stage_without_owner, text) == []
    assert verdict(broken_loop, text.replace("flows: [{from: cases, to: care, via: event}]\n", "")) == "Passed"


def test_a_signal_about_nothing_in_particular_is_owned_by_whoever_gets_it() -> None:
    assert found(stage_without_owner, LOOP.replace("about: [desk]", "about: []")) == []


def test_an_action_of_an_insight_without_a_team_is_as_sure_as_what_is_said_of_its_team() -> None:
    text = LOOP.replace("flows: [{from: cases, to: care, via: event}]", "insights: {view: {inputs: [cases]}}")
    text = text.replace("team: care, triggered_by: [care]", "TEAM triggered_by: [view]")
    (finding,) = found(stage_without_owner, text.replace("TEAM", "team: [],"))
    assert finding.confidence == "high"
    (finding,) = found(stage_without_owner, text.replace("TEAM", ""))
    assert finding.confidence == "medium"
    assert verdict(stage_without_owner, text.replace("TEAM", "team: unknown,")) == "NotAssessed"
    assert verdict(stage_without_owner, text.replace("TEAM", "team: care,")) == "Passed"


def test_a_stage_that_a_declared_loop_leaves_out_is_less_sure_than_one_said_to_be_none() -> None:
    loop = "feedback_loops: {l: {signal: g, stages: {capture: cases, act: mend, inform: sorry OWN}}}\n"
    (finding,) = found(broken_loop, LOOP + loop.replace("OWN", ", own: []"))
    assert finding.confidence == "high"
    (finding,) = found(broken_loop, LOOP + loop.replace("OWN", ""))
    assert finding.confidence == "medium"
    assert ("not described", "'stages.own' of 'l' is left out") in finding.evidence
    assert verdict(broken_loop, LOOP + "feedback_loops: {l: {signal: g}}\n") == "Passed"


def test_a_reply_whose_platforms_are_missing_asks_for_platforms() -> None:
    text = LOOP.replace("channels: [email], platforms: [mailer]", "channels: [email]")
    (one,) = broken_loop.check(Ecosystem(inventory_of(text)))
    assert isinstance(one, NotAssessed)
    assert one.unlock == ("communications.*.routes", "communications.*.platforms")


def test_an_action_for_customers_whom_nobody_knows_is_to_be_tracked_too() -> None:
    text = LOOP.replace("identity: known", "identity: anonymous").replace("informs: [sorry]", "informs: []")
    assert verdict(stage_without_owner, text, "mend") == "Passed"
    assert verdict(stage_without_owner, text.replace("tracked_in: cases", "tracked_in: []"), "mend") == "Breach"


def test_times_that_nobody_says_are_not_told_to_be_none() -> None:
    text = LOOP.replace("via: event", "via: event, latency: 3d") + "feedback_loops: {l: {signal: g, within: 1d}}\n"
    (finding,) = found(loop_too_slow, text)
    assert finding.message == "an answer to 'g' takes 3 days or more, and may take 24 h at most"
    assert ("time", "capture not known  own 3 days  act not known  inform not known") in finding.evidence


def test_a_pool_owns_no_reply() -> None:
    text = """
        teams: {care: {}, site: {}}
        data_sources: {cases: {}}
        touchpoints: {pay: {team: site}}
        platforms: {mailer: {}}
        agent_pools: {desk: {team: care}}
        signals: {g: {identity: known, about: [pay], captured_in: [cases]}}
        flows: [{from: cases, to: desk, via: event}]
        """
    inventory = inventory_of(text)
    (finding,) = findings_of(broken_loop, inventory)
    assert finding.fix is not None
    assert findings_of(broken_loop, with_changes(inventory, finding.fix.changes)) == []
