"""Limits shape the text and not the truth (analyses.md, J): JSON lists every finding, a text folds some of them."""

from __future__ import annotations

import json

from cx_map.audit.engine import audit
from cx_map.audit.findings import Report
from cx_map.audit.settings import Settings
from cx_map.report.json_form import report_text
from cx_map.report.lines import plain
from cx_map.report.sources import Sources
from cx_map.report.text import TextOptions, report_lines
from tests.support import inventory_of


def firm(owned: int, ownerless: int) -> str:
    lines = [f"  owned-{number:02}: {{owner: desk}}" for number in range(owned)]
    lines += [f"  lost-{number:02}: {{purpose: servicing}}" for number in range(ownerless)]
    return "teams: {desk: {}}\ncommunications:\n" + "\n".join(lines) + "\n"


def both(text: str, *codes: str) -> tuple[list[dict[str, object]], str, Report]:
    """The findings of the JSON form, the text form, and the report."""
    inventory = inventory_of(text)
    report = audit(inventory, Settings(select=codes))
    listed = json.loads(report_text(report))["findings"]
    return listed, plain(report_lines(report, Sources(inventory.files), TextOptions())), report


def test_more_cards_of_a_rule_than_five_are_folded_in_the_text_only() -> None:
    listed, text, _ = both(firm(30, 9), "GOV101")
    assert [one["subject"] for one in listed] == [f"lost-{number:02}" for number in range(9)]
    assert [one["folded_into"] for one in listed] == [None] * 5 + [listed[0]["fingerprint"]] * 4
    assert text.count("[GOV101]") == 5


def test_a_rule_that_fires_on_most_is_told_once_in_the_text_only() -> None:
    listed, text, report = both(firm(3, 9), "GOV101")
    assert len(listed) == 9
    assert [one["folded_into"] for one in listed] == [None] + [listed[0]["fingerprint"]] * 8
    assert text.count("[GOV101]") == 1
    assert [(one.fired, one.judged) for one in report.aggregates] == [(9, 12)]
    assert "9 of 12" in text
    edge, _, four_tenths = both(firm(9, 6), "GOV101")
    assert four_tenths.aggregates == (), "exactly 40 % is not more than 40 %"
    assert sum(one["folded_into"] is None for one in edge) == 5


def test_consequences_are_the_only_ones_left_out_and_stand_with_their_cause() -> None:
    text = """
    data_sources: {consents: {}}
    platforms: {esp: {}}
    preferences: {offers: {kind: consent, master: consents}}
    communications: {promo: {purpose: marketing, governed_by: [offers], routes: [{channel: email, platforms: [esp]}]}}
    """
    listed, _, _ = both(text, "PREF101", "PREF105")
    assert [one["code"] for one in listed] == ["PREF101"]
    consequences = listed[0]["consequences"]
    assert isinstance(consequences, list)
    assert [one["code"] for one in consequences] == ["PREF105"]
    alone, _, _ = both(text, "PREF105")
    assert [one["fingerprint"] for one in alone] == [one["fingerprint"] for one in consequences]
