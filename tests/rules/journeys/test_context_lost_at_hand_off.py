from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.rulekit import Range
from cx_map.rules.journeys.context_lost_at_hand_off import context_lost_at_hand_off as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

FIRM = """
segments: {young: {}, old: {}}
attributes: {case.description: {seconds_to_give: 90}}
data_sources:
  log: {holds: [case.description, case.number, contact.email]}
  crm: {holds: [case.description, contact.email]}
touchpoints:
  start: {channel: chat, writes_to: [log], reads: []}
  second: {channel: phone, reads: [crm], needs_context: [case.description, case.number]}
journeys: {help: {volume: 1000/month, segments: [young, old], steps: STEPS}}
"""


def firm(more: str = "", steps: str = "[start, second]") -> str:
    return FIRM.replace("STEPS", steps) + more


def flow(text: str) -> str:
    return f"flows: [{{from: log, to: crm, {text}}}]"


def lost(text: str) -> set[str]:
    """The attributes lost or late in the only finding, none where there is none."""
    found = findings(rule, text)
    return {value.split("'")[1] for one in found for key, value in one.evidence if key in ("lost", "too late")}


def test_both_attributes_are_lost_and_one_flow_mends_it() -> None:
    inventory = inventory_of(firm())
    (finding,) = findings_of(rule, inventory)
    assert (finding.subject, finding.related, finding.severity) == ("help", ("start", "second"), "major")
    assert lost(firm()) == {"case.description", "case.number"}
    assert finding.measures["customers_per_month"] == Range(1000, 1000)
    assert finding.fix is not None
    assert len(finding.fix.changes) == 1
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


@pytest.mark.parametrize(
    ("carried", "gone"),
    [
        ("carries: [case.number]", {"case.description"}), ("carries: [case]", set()), ('carries: "*"', set()),
        ("via: api", {"case.description", "case.number"}),
        ("carries: [case], segments: [young]", {"case.description", "case.number"}),
        ("carries: [case], via: none", {"case.description", "case.number"}),
        ("carries: [case], policy: blocked", {"case.description", "case.number"}),
    ],
)  # fmt: skip
def test_what_flows_carry(carried: str, gone: set[str]) -> None:
    assert lost(firm(flow(carried))) == gone


def test_the_largest_gap() -> None:
    steps = "[{from: start, to: second, max_gap: 10m}]"
    slow = firm(flow("carries: [case], latency: 1h"), steps)
    assert lost(slow) == {"case.description", "case.number"}
    assert ("too late" in dict(one_finding(rule, slow).evidence)) is True
    assert lost(firm(flow("carries: [case], latency: 5m"), steps)) == set()
    assert lost(firm(flow("carries: [case]"), steps)) == set()  # unknown latency counts 0


@given(st.integers(1, 120), st.integers(1, 120), st.integers(1, 240))
@settings(max_examples=40, deadline=None)
def test_latencies_add_up_along_the_way(first: int, second: int, gap: int) -> None:
    text = firm(
        f"flows: [{{from: log, to: hub, carries: [case], latency: {first}m}}, {{from: hub, to: crm, carries: [case], latency: {second}m}}]",
        f"[{{from: start, to: second, max_gap: {gap}m}}]",
    )
    assert bool(findings(rule, text, "data_sources: {hub: {}}")) == (first + second > gap)


def test_shares_weigh_and_unknown_shares_are_a_range() -> None:
    assert one_finding(rule, firm(steps="[{from: start, to: second, share: 20%}]")).measures[
        "customers_per_month"
    ] == Range(200, 200)
    other = "[{from: start, to: second}, {from: start, to: third}]"
    text = firm("", other).replace("touchpoints:", "touchpoints:\n  third: {}")
    assert one_finding(rule, text).measures["customers_per_month"] == Range(0, 1000)
    hours = one_finding(rule, firm(flow("carries: [case.number]"))).measures["hours_per_month"]
    assert isinstance(hours, Range)
    assert hours.low == pytest.approx(25)


def test_what_needs_no_hand_off() -> None:
    assert not findings(rule, firm().replace("channel: phone", "channel: chat"))
    assert not findings(rule, firm().replace("channel: phone, ", ""))
    assert not findings(rule, firm().replace("needs_context: [case.description, case.number]", "needs_context: []"))
    assert not findings(rule, firm(steps="[second, start]"))


def test_the_master_is_read_or_authentication_is_passed_on() -> None:
    master = firm().replace("crm: {holds: [case.description,", "crm: {holds: [{attribute: case, mastery: master},")
    assert findings(rule, master) == []
    known = firm().replace("needs_context: [case.description, case.number]", "needs_context: [identity.name]")
    known = known.replace("log: {holds: [", "log: {holds: [identity.name, ")
    assert lost(known) == {"identity.name"}
    assert lost(known.replace("channel: chat,", "channel: chat, passes_authentication_to: [second],")) == set()


def test_what_the_first_never_knew_cannot_be_lost() -> None:
    text = firm().replace("needs_context: [case.description, case.number]", "needs_context: [account.balance]")
    assert findings(rule, text) == []
    assert passed(rule, text) == {"help"}
    asked = "collection_points: {form: {touchpoint: start, asks: [account.balance], writes_to: [log]}}"
    assert lost(text + asked) == {"account.balance"}


def test_a_touchpoint_that_keeps_nothing_loses_what_it_needed_itself() -> None:
    text = firm().replace("writes_to: [log], reads: []", "writes_to: [], reads: [], needs_context: [case]")
    finding = one_finding(rule, text)
    assert "kept nowhere;" in dict(finding.evidence)["lost"]
    assert finding.fix is not None
    assert finding.fix.changes == ()


def test_pools_and_collection_points_read_for_their_touchpoints() -> None:
    text = firm("agent_pools: {desk: {team: care, channels: [phone], reads: [log]}}\nteams: {care: {}}")
    assert findings(rule, text.replace("{channel: phone,", "{channel: phone, team: care,")) == []
    assert findings(rule, text) != []


def test_what_is_not_known_is_not_assessed() -> None:
    assert set(
        not_assessed(rule, firm().replace("writes_to: [log], reads: []", "platform: shop"), "platforms: {shop: {}}")
    ) == {"help"}
    assert set(not_assessed(rule, firm().replace("reads: [crm], ", ""))) == {"help"}
    assert not_assessed(rule, "journeys: {help: {}}") == {"help": "its steps are not known"}


def test_public_attributes_are_no_context() -> None:
    text = (
        firm()
        .replace("case.description, case.number]}\nj", "shown]}\nj")
        .replace("log: {holds: [", "log: {holds: [shown, ")
    )
    secret, public = "attributes: {shown: {sensitivity: personal}}", "attributes: {shown: {sensitivity: public}}"
    text = text.replace("attributes: {case.description: {seconds_to_give: 90}}", "")
    assert lost(text + secret) == {"shown"}
    assert lost(text + public) == set()


def test_what_a_store_of_unknown_content_may_hold_is_not_lost() -> None:
    """The mail engine that a chat runs on says not what it holds: no proof that it ever knew the date of birth."""
    text = """
        platforms: {mailer: {}}
        data_sources: {crm: {holds: [identity]}, chats: {holds: [case.description]}}
        touchpoints:
          chat-desk: {channel: chat, platform: mailer, writes_to: [chats]}
          hotline: {channel: phone, reads: [crm], needs_context: [identity.date_of_birth]}
        journeys: {help: {steps: [chat-desk, hotline]}}
        """
    assert set(not_assessed(rule, text)) == {"help"}
    asked = (
        text + "collection_points: {form: {touchpoint: chat-desk, asks: [identity.date_of_birth], writes_to: [chats]}}"
    )
    assert lost(asked) == {"identity.date_of_birth"}


def test_aliases_are_one_attribute() -> None:
    """Context in German, a flow in Polish, a store in English: nothing is lost, and what is lost has its seconds."""
    text = """
        data_sources: {log: {holds: [contact.email]}, crm: {holds: []}}
        touchpoints:
          start: {channel: chat, writes_to: [log]}
          second: {channel: phone, reads: [crm], needs_context: [E-Mail-Adresse]}
        journeys: {help: {volume: 450/month, steps: [start, second]}}
        """
    assert findings(rule, text + "flows: [{from: log, to: crm, via: api, carries: [adres e-mail]}]") == []
    finding = one_finding(rule, text)
    assert finding.measures["hours_per_month"] == Range(1, 1, "assumed")
    assert "'E-Mail-Adresse'" in finding.message, "as it is written"
    assert finding.fix is not None
    inventory = inventory_of(text)
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_who_comes_on_a_part_of_the_ways_goes_on_in_that_part() -> None:
    steps = "[{from: first, to: start, share: 20%}, {from: start, to: second}]"
    text = firm(steps=steps).replace("  start:", "  first: {channel: web}\n  start:")
    assert one_finding(rule, text).measures["customers_per_month"] == Range(200, 200)
