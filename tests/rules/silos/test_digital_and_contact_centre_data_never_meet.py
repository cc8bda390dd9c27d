from __future__ import annotations

import pytest

from cx_map.rules.silos.digital_and_contact_centre_data_never_meet import (
    digital_and_contact_centre_data_never_meet as rule,
)
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

FIRM = """
data_sources: {clicks: {data_kinds: [behavioural]}, calls: {data_kinds: [experience]}, lake: {}}
touchpoints: {page: {channel: web, writes_to: [clicks]}, line: {channel: phone, writes_to: [calls]}}
insights: {web-board: {inputs: [clicks]}, voice-board: {inputs: [calls]}, both: {inputs: [lake]}}
"""


def firm(flows: str = "", more: str = "") -> str:
    return FIRM + f"flows: [{flows}]\n" + more


def test_two_dashboards() -> None:
    inventory = inventory_of(firm())
    (finding,) = findings_of(rule, inventory)
    assert (finding.subject, finding.severity) == ("calls", "major")
    assert set(finding.related) == {"clicks", "voice-board"}
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("via: api", "via: event", "passed"), ("via: batch, keeps_identity: true", "via: stream", "passed"),
        ("via: batch", "via: api", "open"), ("via: api, keeps_identity: false", "via: api", "broken"),
        ("via: batch, keeps_identity: unknown", "via: api", "open"), ("via: none", "via: api", "broken"),
        ("via: api, policy: blocked", "via: api", "broken"),
    ],
)  # fmt: skip
def test_identity_on_the_way(first: str, second: str, verdict: str) -> None:
    text = firm(f"{{from: clicks, to: lake, {first}}}, {{from: calls, to: lake, {second}}}")
    assert {
        "passed": passed(rule, text),
        "open": set(not_assessed(rule, text)),
        "broken": {one.subject for one in findings(rule, text)},
    }[verdict] == {"calls"}


def test_one_store_for_both_meets_itself_once_it_is_read() -> None:
    text = FIRM.replace("writes_to: [clicks]", "writes_to: [calls]")
    assert passed(rule, text) == {"calls"}
    unread = text.replace("voice-board: {inputs: [calls]}, ", "")
    assert findings(rule, unread) != []


def test_anonymous_clicks_never_meet_a_customer() -> None:
    text = firm("", "signals: {rage: {kind: behavioural, captured_in: [clicks], identity: anonymous}}")
    text = text.replace("voice-board: {inputs: [calls]}", "voice-board: {inputs: [calls, clicks]}")
    finding = one_finding(rule, text)
    assert "customers are lost on the way" in finding.message
    assert findings(rule, text.replace("anonymous", "known")) == []


def test_pools_make_a_channel_staffed() -> None:
    text = firm().replace("channel: phone", "channel: email")
    assert not passed(rule, text)
    assert findings(rule, text) == []
    assert one_finding(rule, text, "agent_pools: {desk: {channels: [email]}}").subject == "calls"


def test_missing_sides_are_not_assessed() -> None:
    assert not_assessed(rule, firm().replace("channel: web", "channel: social")) == {
        "calls": "no store of digital interactions is described"
    }
    no_insight = firm().replace("insights:", "x-insights:")
    assert not_assessed(rule, no_insight) == {"calls": "no insight is described"}


@pytest.mark.parametrize(
    ("store", "verdict"),
    [
        ("data_kinds: [operational]", "none"), ("data_kinds: [preference]", "none"), ("", "open"),
        ("data_kinds: [operational, experience]", "broken"), ("holds: [interaction.calls]", "broken"),
    ],
)  # fmt: skip
def test_not_every_store_that_a_person_writes_to_keeps_interactions(store: str, verdict: str) -> None:
    text = firm().replace("calls: {data_kinds: [experience]}", f"calls: {{{store}}}")
    assert ("calls" in {one.subject for one in findings(rule, text)}) == (verdict == "broken")
    reasons = not_assessed(rule, text)
    assert (reasons == {"calls": "whether it keeps interactions is not known"}) == (verdict == "open")


@pytest.mark.parametrize(
    ("more", "broken"),
    [
        ("collection_points: {talk: {kind: agent, writes_to: [calls]}}", True),
        ("collection_points: {talk: {kind: paper_form, writes_to: [calls]}}", False),
        ("signals: {ask: {kind: contact, captured_in: [calls]}}", True),
    ],
)
def test_points_where_customers_talk_and_signals_make_a_store_of_interactions(more: str, broken: bool) -> None:
    text = firm("", more).replace("calls: {data_kinds: [experience]}", "calls: {}")
    assert bool(findings(rule, text)) == broken
    if "agent" in more:
        assert not findings(rule, text.replace("calls: {}", "calls: {data_kinds: [operational]}"))


def test_a_digital_store_that_does_not_say_leaves_it_open() -> None:
    text = firm("{from: clicks, to: lake, via: api}, {from: calls, to: lake, via: api}", "")
    text = text.replace("clicks: {data_kinds: [behavioural]}", "clicks: {}, visits: {data_kinds: [behavioural]}")
    text = text.replace(
        "page: {channel: web, writes_to: [clicks]}", "page: {channel: web, writes_to: [clicks, visits]}"
    )
    assert set(not_assessed(rule, text)) == {"calls"}
    assert passed(rule, text.replace("clicks: {}", "clicks: {data_kinds: [behavioural]}")) == {"calls"}


def test_a_store_is_no_other_side_of_its_own() -> None:
    text = FIRM.replace("{channel: phone, writes_to: [calls]}", "{channel: phone, writes_to: [calls, clicks]}")
    by_store = {one.subject: one for one in findings(rule, text)}
    assert "'clicks'" not in dict(by_store["clicks"].evidence)["digital interactions"] if "clicks" in by_store else True
    alone = FIRM.replace("writes_to: [clicks]", "writes_to: [calls]").replace("voice-board: {inputs: [calls]}, ", "")
    finding = one_finding(rule, alone)
    assert "no insight reads it" in finding.message
    assert finding.subject not in finding.related


def test_they_meet_in_an_insight_that_somebody_gets() -> None:
    heard = FIRM.replace(
        "voice-board: {inputs: [calls]}",
        "a-board: {inputs: [calls]}, voice-board: {inputs: [calls], delivered_to: [care]}",
    )
    finding = one_finding(rule, heard + "teams: {care: {}}\n")
    assert finding.fix is not None
    assert finding.fix.changes == ({"change": {"voice-board": {"inputs": {"add": ["clicks"]}}}},)


def test_both_may_meet_where_nobody_knows_what_an_insight_reads() -> None:
    assert one_finding(rule, firm()).confidence == "high"
    unsure = one_finding(rule, firm().replace("inputs: [lake]", "inputs: unknown"))
    assert unsure.confidence == "medium"
    assert dict(unsure.evidence)["not known"] == "what 'both' reads; the two may meet there"
