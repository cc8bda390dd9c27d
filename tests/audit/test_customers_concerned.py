"""How readily customers leave weighs the order of findings and no count; what concerns the vulnerable is never immaterial."""

from __future__ import annotations

from cx_map.audit.engine import audit
from cx_map.audit.findings import Report
from cx_map.audit.settings import Settings
from tests.support import inventory_of

TEXT = """
teams: {office: {}}
segments:
  stayers: {customers: 1000, churn_sensitivity: %s}
  leavers: {customers: 600, churn_sensitivity: %s}
  others: {customers: 900, vulnerable: %s}
communications:
  to-stayers: {segments: [stayers], volume: 5000/month}
  to-leavers: {segments: [leavers], volume: 5000/month}
  to-others: {segments: [others], volume: 50/month}
"""


def report(stayers: str, leavers: str, vulnerable: str = "2%") -> Report:
    return audit(inventory_of(TEXT % (stayers, leavers, vulnerable)), Settings(select=("GOV101",)))


def order(stayers: str, leavers: str) -> list[str]:
    everybody_gets_one = TEXT.replace("volume: 50/month", "volume: 900/month")
    found = audit(inventory_of(everybody_gets_one % (stayers, leavers, "2%")), Settings(select=("GOV101",)))
    return [one.subject for one in found.findings]


def test_customers_who_leave_readily_come_first_whatever_the_scale() -> None:
    assert order("unknown", "unknown") == ["to-stayers", "to-others", "to-leavers"]
    assert order("0.1", "0.1") == ["to-stayers", "to-others", "to-leavers"]
    assert order("0.1", "0.5") == order("1", "5") == ["to-leavers", "to-others", "to-stayers"]
    assert order("unknown", "0.5") == ["to-stayers", "to-others", "to-leavers"], "one alone is the mean"


def test_counts_are_not_weighed() -> None:
    plain, weighed = report("unknown", "unknown"), report("1", "9")
    assert {one.subject: one.measures for one in plain.findings} == {
        one.subject: one.measures for one in weighed.findings
    }


def test_a_finding_about_several_segments_weighs_as_their_mean_by_customers() -> None:
    text = TEXT % ("1", "3", "2%") + "  to-both: {segments: [stayers, leavers], volume: 5000/month}\n"
    weights = {
        one.subject: one.concerned.weight for one in audit(inventory_of(text), Settings(select=("GOV101",))).findings
    }
    assert weights == {
        "to-stayers": 0.5,
        "to-leavers": 1.5,
        "to-others": 1.0,
        "to-both": (1000 * 0.5 + 600 * 1.5) / 1600,
    }


def test_few_items_of_many_vulnerable_customers_are_material() -> None:
    def folded(vulnerable: str) -> dict[str, str | None]:
        return {one.subject: one.folded_into for one in report("unknown", "unknown", vulnerable).findings}

    assert folded("2%")["to-others"] == "immaterial"
    assert folded("30%")["to-others"] is None
