"""PREF104: enforced somewhere it gets to, or not at all."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
data_sources: {crm: {}}
platforms: {ccm: {ENFORCES}}
flows: [{from: crm, to: ccm, carries: [CARRIED]}]
preferences: {large-print: {kind: accessibility, master: crm}}
communications: {bill: {governed_by: [large-print], routes: [{channel: letter, platforms: [ccm]}]}}
"""


def firm(enforces: str, carried: str = "preference") -> str:
    return FIRM.replace("ENFORCES", enforces).replace("CARRIED", carried)


def test_enforced_where_it_gets_to() -> None:
    assert said("PREF104", firm("enforces: [large-print]")).passed == {"large-print"}
    (breach,) = said("PREF104", firm("enforces: [large-print]", "contact")).breaches
    assert "never learns of it" in breach.message


def test_enforced_nowhere() -> None:
    (breach,) = said("PREF104", firm("enforces: []")).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"ccm": {"enforces": ["large-print"]}}},)


def test_silent_platforms_leave_it_open() -> None:
    assert said("PREF104", firm("vendor: X")).open == {"large-print"}
    assert said("PREF104", "preferences: {p: {}}").open == {"p"}
