from __future__ import annotations

import pytest

from cx_map.rules.silos.platform_at_end_of_support import Parameters
from cx_map.rules.silos.platform_at_end_of_support import platform_at_end_of_support as rule
from tests.rules.judging import findings, not_assessed, one_finding, passed

FIRM = """
references: {r: {as_of: 2026-06-15}}
platforms:
  old: {capabilities: [compose], FIELDS}
  new: {capabilities: [compose, print], end_of_support: 2035}
communications:
  bill: {needs: [], purpose: regulatory, volume: 500/month, routes: [{channel: letter, platforms: [old]}]}
"""


def firm(fields: str, more: str = "") -> str:
    return FIRM.replace("FIELDS", fields) + more


@pytest.mark.parametrize(
    ("end", "late"),
    [("2027-12-14", True), ("2027-12-15", False), ("2027-12", False), ("2027-11", True), ("2020", True)],
)
def test_eighteen_months_from_the_last_possible_day(end: str, late: bool) -> None:
    found = findings(rule, firm(f"end_of_support: {end}"))
    assert [one.subject for one in found] == (["old"] if late else [])
    assert ("old" in passed(rule, firm(f"end_of_support: {end}"))) != late


def test_what_hangs_on_it_and_what_could_stand_in() -> None:
    finding = one_finding(rule, firm("end_of_support: 2027-01"), "initiatives: {move: {touches: [new]}}")
    assert finding.severity == "major"
    assert finding.related == ("bill",)
    assert finding.measures["items_per_month"] == 500
    assert finding.measures["regulated"] is True
    assert finding.fix is not None
    assert "'new' can do all that it does" in finding.fix.summary
    busy = one_finding(rule, firm("end_of_support: 2027-01"), "initiatives: {move: {touches: [old]}}")
    assert busy.related == ("bill", "move")


def test_alternatives_take_it_off_the_critical_path() -> None:
    text = firm("end_of_support: 2026-01").replace("platforms: [old]", "platforms: [{any_of: [old, new]}]")
    assert findings(rule, text) == []
    assert "old" in passed(rule, text)


def test_stores_count_too() -> None:
    text = firm("vendor: x", "data_sources: {core: {end_of_support: 2026-09}}").replace("needs: []", "needs: [core]")
    assert one_finding(rule, text).subject == "core"


def test_unknown_end_and_unknown_today() -> None:
    assert not_assessed(rule, firm("vendor: x")) == {"old": "when its support ends is not known"}
    no_today = firm("end_of_support: 2026-01").replace("references: {r: {as_of: 2026-06-15}}", "")
    assert not_assessed(rule, no_today) == {"old": "there is no today to reckon from"}


def test_to_be_eliminated_but_growing() -> None:
    flow = "flows: [{from: new, to: old, STATUS}]"
    for status, grows in (
        ("since: 2026-01", True),
        ("since: 2024-01", False),
        ("status: proposed", True),
        ("via: file", False),
    ):
        text = firm("disposition: eliminate, end_of_support: 2040", flow.replace("STATUS", status))
        assert bool(findings(rule, text)) == grows
    assert (
        findings(rule, firm("disposition: tolerate, end_of_support: 2040", flow.replace("STATUS", "status: proposed")))
        == []
    )


def test_no_benefit_where_others_have_one() -> None:
    text = firm("end_of_support: 2040").replace(
        "end_of_support: 2035}", "end_of_support: 2035, benefit: one letter for all}"
    )
    finding = one_finding(rule, text)
    assert (finding.subject, finding.severity) == ("old", "minor")
    assert findings(rule, text, "goals: {g: {}}\ninitiatives: {i: {touches: [old], goals: [g]}}") == []
    assert findings(rule, firm("end_of_support: 2040")) == []
    assert one_finding(rule, firm("end_of_support: 2040, benefit: unknown")).location.line > 0


def test_the_months_are_a_parameter() -> None:
    assert "old" in passed(rule, firm("end_of_support: 2027-01"), parameters=Parameters(months=6))


@pytest.mark.parametrize(("end", "by"), [("2027-01", "before then"), ("2024-12", "soon")])
def test_nobody_is_told_to_replace_it_before_a_day_that_is_past(end: str, by: str) -> None:
    touched = one_finding(rule, firm(f"end_of_support: {end}"), "initiatives: {move: {touches: [old]}}")
    assert touched.fix is not None
    assert touched.fix.summary.endswith(by)
    alone = one_finding(rule, firm(f"end_of_support: {end}").replace("new: {", "new: {status: retired, "))
    assert alone.fix is not None
    assert alone.fix.summary.endswith(by)
