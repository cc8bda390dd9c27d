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
