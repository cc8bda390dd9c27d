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


def test_a_missing_flow_to_the_decider_is_told_once() -> None:
    text = firm("enforces: [large-print]", "contact")
    assert said("PREF101", text).subjects == ["bill"]
    assert said("PREF104", text).breaches == []


def test_an_enforcer_beside_the_way_that_never_learns_of_it() -> None:
    text = firm("enforces: []").replace("ccm: {", "other: {enforces: [large-print]}, ccm: {")
    (breach,) = said("PREF104", text).breaches
    assert breach.message == (
        "'large-print' is asked of customers, but 'other', which would respect it, never learns of it"
    )
    assert breach.fix is not None
    assert breach.fix.summary == "connect crm → other"
    vague = text.replace("flows: [", "flows: [{from: crm, to: other, carries: unknown}, ")
    assert said("PREF104", vague).open == {"large-print"}


def test_unknown_routes_are_not_assessed() -> None:
    assert said(
        "PREF104", firm("enforces: []").replace(", routes: [{channel: letter, platforms: [ccm]}]", "")
    ).open == {"large-print"}
    assert said("PREF104", firm("enforces: []").replace(", platforms: [ccm]", "")).open == {"large-print"}


def test_enforced_nowhere() -> None:
    (breach,) = said("PREF104", firm("enforces: []")).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"ccm": {"enforces": ["large-print"]}}},)


def test_silent_platforms_leave_it_open() -> None:
    assert said("PREF104", firm("vendor: X")).open == {"large-print"}
    assert said("PREF104", "preferences: {p: {}}").open == {"p"}
