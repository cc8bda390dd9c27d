from __future__ import annotations

import pytest

from cx_map.analyses.channel_cost import yearly_costs
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rules.channels.channel_cost_against_customer_value import channel_cost_against_customer_value as rule
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.support import inventory_of


def firm(segment: str, purpose: str = "marketing", channel: str = "letter") -> str:
    return f"""
channels: {{letter: {{cost_per_contact: 2 EUR}}, email: {{cost_per_contact: 0.01 EUR}}}}
segments: {{s: {{customers: 100, {segment}}}, other: {{customers: 300}}}}
communications:
  offer: {{purpose: {purpose}, segments: [s, other], volume: 400/month, routes: [{{channel: {channel}}}]}}
"""


def test_yearly_cost_of_a_customer() -> None:
    """400 letters a month at 2 EUR over 400 customers: 24 EUR a year each."""
    assert yearly_costs(Ecosystem(inventory_of(firm("definition: static")))) == pytest.approx({"s": 24, "other": 24})


@pytest.mark.parametrize(
    ("segment", "purpose", "channel", "fires"),
    [
        ("vulnerable: 2%, value: {contribution_per_customer: 20 EUR}", "marketing", "letter", True),
        ("vulnerable: 2%, value: {contribution_per_customer: 25 EUR}", "marketing", "letter", False),
        ("vulnerable: 2%, value: {contribution_per_customer: 20 EUR}", "marketing", "email", False),
        ("vulnerable: 2%, value: {contribution_per_customer: 20 EUR}", "regulatory", "letter", False),
        ("vulnerable: 2%, value: {contribution_per_customer: 20 EUR}", "collections", "letter", False),
        ("vulnerable: 2%, value: {contribution_per_customer: 20 EUR}", "servicing", "letter", True),
        ("value: {contribution_per_customer: 20 EUR}", "marketing", "letter", False),
        ("vulnerable: 30%, value: {contribution_per_customer: 20 EUR}", "marketing", "letter", True),
    ],
)
def test_cost_against_contribution(segment: str, purpose: str, channel: str, fires: bool) -> None:
    found = findings(rule, firm(segment, purpose, channel))
    assert bool(found) == fires
    for finding in found:
        assert ("impersonal" in finding.message) == ("30%" in segment)  # never told to vulnerable customers as a cost


def test_unknown_vulnerability_leaves_cost_open() -> None:
    assert "s" in not_assessed(rule, firm("value: {contribution_per_customer: 20 EUR}"))
    assert "s" in not_assessed(rule, firm("vulnerable: 2%"))


def test_valuable_customers_need_a_person_somewhere() -> None:
    text = firm("value: high")
    assert one_finding(rule, text).label == "no person in any channel"
    assert "s" in passed(rule, text, "tasks: {t: {segments: [s], channels: [{channel: phone, support: info}]}}")
    assert findings(rule, text, "tasks: {t: {segments: [s], channels: [{channel: phone, support: none}]}}")
    assert "s" in not_assessed(rule, text.replace("letter: {", "letter: {touch: unknown, "))


def test_segments_of_which_nothing_is_known() -> None:
    assert set(not_assessed(rule, "segments: {s: {}}")) == {"s"}
    assert set(not_assessed(rule, "segments: {s: {value: high}}")) == {"s"}


def test_routes_of_unknown_share_cost_what_the_cheapest_costs() -> None:
    text = firm("definition: static").replace("routes: [{channel: letter}]", "channels: [letter, dear]")
    costs = yearly_costs(Ecosystem(inventory_of(text, "channels: {dear: {cost_per_contact: 5 EUR}}")))
    assert costs["s"] == pytest.approx(24)
    assert yearly_costs(Ecosystem(inventory_of(text, "channels: {dear: {}}"))) == {}


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ("teams: {t: {functions: [complaints]}}\nactions: {reply: {team: t, informs: [offer]}}", False),
        ("teams: {t: {functions: [marketing]}}\nactions: {reply: {team: t, informs: [offer]}}", True),
        ("signals: {g: {kind: complaint}}\nfeedback_loops: {l: {signal: g, stages: {inform: offer}}}", False),
        ("signals: {g: {kind: survey}}\nfeedback_loops: {l: {signal: g, stages: {inform: offer}}}", True),
        ("signals: {g: {kind: complaint}}\nactions: {reply: {informs: [offer]}}\nfeedback_loops: {l: {signal: g, stages: {act: reply}}}", False),
    ],
)  # fmt: skip
def test_answers_to_complaints_cost_nobody_anything(more: str, counts: bool) -> None:
    """analyses.md, H: never on complaints traffic."""
    text = firm("vulnerable: 2%, value: {contribution_per_customer: 20 EUR}", "servicing")
    assert bool(findings(rule, text, more)) == counts


def test_tasks_cost_what_their_cheapest_channel_costs() -> None:
    task = "tasks: {t: {segments: [other], volume: 150/month, channels: [{channel: letter}, {channel: phone, support: none}]}}"
    costs = yearly_costs(Ecosystem(inventory_of(firm("definition: static"), task)))
    assert costs == pytest.approx({"s": 24, "other": 24 + 12})


def test_a_person_on_a_journey_is_a_person() -> None:
    journey = "touchpoints: {meet: {channel: branch}}\njourneys: {advice: {segments: [s], steps: [meet]}}"
    assert "s" in passed(rule, firm("value: high"), journey)
