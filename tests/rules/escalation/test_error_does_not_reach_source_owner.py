from __future__ import annotations

import pytest

from cx_map.rules.escalation.error_does_not_reach_source_owner import error_does_not_reach_source_owner as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

FIRM = """
teams: {maker: {}, care: {}, gone: {status: retired}}
platforms: {ccm: {owner: OWNER}}
data_sources: {log: {owner: care}, lake: {}}
insights: {report: {inputs: [lake], delivered_to: [DELIVERED]}}
error_types: {e: {recorded_in: RECORD, caused_by: [ccm]}}
"""


def firm(delivered: str = "care", record: str = "log", owner: str = "maker", more: str = "") -> str:
    return FIRM.replace("DELIVERED", delivered).replace("RECORD", record).replace("OWNER", owner) + more


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (firm(), "broken"), (firm("maker", more="flows: [{from: log, to: lake}]"), "passed"), (firm("maker"), "broken"),
        (firm(more="flows: [{from: log, to: maker}]"), "passed"), (firm(owner="care"), "passed"), (firm(record="unknown"), "broken"),
        (firm(record="[]"), "broken"), (firm(owner="gone"), "open"), (firm().replace("recorded_in: log, ", ""), "open"),
        (firm().replace("caused_by: [ccm]", "caused_by: [maker]"), "broken"), (firm(more="flows: [{from: log, to: ccm}]"), "passed"),
        (firm(more="flows: [{from: log, to: maker, carries: [contact.email]}]"), "broken"),
        (firm(owner="care").replace("log: {owner: care}", "log: {owner: care, status: retired}"), "broken"),
        (firm(more="flows: [{from: log, to: maker, carries: [contact.email, case.description]}]"), "passed"),
    ],
)  # fmt: skip
def test_the_way_to_the_owner_of_the_cause(text: str, verdict: str) -> None:
    found = {
        "passed": passed(rule, text),
        "open": set(not_assessed(rule, text)),
        "broken": {one.subject for one in findings(rule, text)},
    }
    assert found[verdict] == {"e"}


def test_delivering_the_report_mends() -> None:
    inventory = inventory_of(firm(more="flows: [{from: log, to: lake}]"))
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert finding.fix.changes
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_errors_without_a_known_cause_are_not_looked_at() -> None:
    assert findings(rule, firm().replace(", caused_by: [ccm]", "")) == []
    assert one_finding(rule, firm()).severity == "minor"


def test_the_team_behind_a_touchpoint_owns_what_it_causes() -> None:
    text = """
        teams: {desk: {}, care: {}}
        touchpoints: {hotline: {team: desk}}
        data_sources: {log: {owner: care}}
        error_types: {e: {recorded_in: log, caused_by: [hotline]}}
        """
    assert "'desk'" in one_finding(rule, text).message
