from __future__ import annotations

from pathlib import Path

from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding
from cx_map.audit.impact_vector import reversibility
from cx_map.audit.registry import all_rules
from cx_map.audit.settings import Settings
from cx_map.load.loader import load
from cx_map.report.text import measures_text
from cx_map.rulekit import Range
from tests.support import inventory_of

NORDVIK = Path(__file__).parents[2] / "inventories" / "nordvik-bank"

TEXT = """
organization: {currency: EUR}
teams: {office: {}}
segments: {people: {customers: 900}}
channels: {letter: {kind: letter, cost_per_contact: 1 EUR}, phone: {kind: voice, cost_per_contact: 4 EUR}}
platforms: {press: {}}
communications:
  notice: {purpose: regulatory, segments: [people], volume: 500/month, channels: [letter], platforms: [press],
    induces: [{pool: desk, per_1000: 900}]}
agent_pools: {desk: {channels: [phone], arrivals: 1/h, handle_time: 5m, agents: 3}}
"""


def found(code: str, text: str = TEXT) -> Finding:
    report = audit(inventory_of(text), Settings(select=(code,), min_confidence="low"))
    return next(one for one in report.findings if one.subject == "notice")


def test_a_finding_about_a_communication_tells_its_size_whatever_the_rule_says() -> None:
    measures = found("GOV101").measures
    assert measures["customers_per_month"] == Range(500, 500), "500 letters go to no more than 500 of the 900"
    assert found("GOV101", TEXT.replace("500/month", "2000/month")).measures["customers_per_month"] == Range(900, 900)
    assert found("GOV101", TEXT.replace("volume: 500/month, ", "")).measures["customers_per_month"] == Range(900, 900)
    assert measures["items_per_month"] == Range(500, 500)
    assert measures["money_per_month"] == Range(500, 500)
    assert (measures["currency"], measures["regulated"], measures["reversibility"]) == ("EUR", True, "reversible")


def test_contacts_that_are_caused_cost_what_their_channel_costs() -> None:
    assert found("BOT108").measures["money_per_month"] == Range(1800, 1800)


def test_money_is_never_invented() -> None:
    without = TEXT.replace(", cost_per_contact: 1 EUR", "").replace(", cost_per_contact: 4 EUR", "")
    for code in ("GOV101", "BOT108"):
        assert "money_per_month" not in found(code, without).measures
    assert "customers_per_month" not in found("GOV101", TEXT.replace("customers: 900", "")).measures


def test_the_line_of_impact_says_only_what_is_known() -> None:
    assert measures_text(found("GOV101").measures) == (
        "500 customers a month (reported); 500 items a month (reported); 500 EUR a month by the given costs (reported); regulated"
    )
    assert measures_text({"reversibility": "irreversible"}) == ""


def test_every_rule_says_whether_its_harm_can_be_made_good() -> None:
    words = {rule.code: reversibility(rule.code) for rule in all_rules()}
    assert set(words.values()) == {"irreversible", "recoverable", "reversible"}
    assert (words["CHAN101"], words["BOT109"], words["RED101"]) == ("irreversible", "recoverable", "reversible")


def test_minutes_are_the_hours_that_a_rule_found() -> None:
    for one in audit(load(str(NORDVIK)), Settings(select=("RED101",))).findings:
        hours, minutes = one.measures["hours_per_month"], one.measures["minutes_per_month"]
        assert isinstance(hours, Range)
        assert isinstance(minutes, Range)
        assert (minutes.low, minutes.high) == (hours.low * 60, (hours.high or 0) * 60)
