from __future__ import annotations

import pytest

from cx_map.rules.escalation.front_line_can_neither_fix_nor_pass_on import (
    front_line_can_neither_fix_nor_pass_on as rule,
)
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of


def firm(error: str, where: str = "desk", authority: str = "[other]") -> str:
    return f"""
teams: {{care: {{authority: {authority}}}, back: {{}}}}
agent_pools: {{desk: {{team: care, channels: [phone]}}}}
touchpoints: {{line: {{channel: phone}}, counter: {{team: care}}}}
collection_points: {{form: {{touchpoint: counter}}}}
escalations: {{up: {{levels: [care, back]}}, empty: {{levels: []}}}}
error_types: {{e: {{class: identity, detected_by: [{{where: {where}, kind: customer}}], {error}}}}}
"""


@pytest.mark.parametrize(
    ("error", "severity"),
    [
        ("severity: critical, escalates_via: []", "critical"), ("severity: major, escalates_via: unknown", "major"),
        ("severity: major, escalates_via: empty", "major"), ("severity: major, escalates_via: up", None),
        ("severity: minor, escalates_via: up", "minor"), ("severity: minor, resolvable_by: [care, back], escalates_via: up", None),
        ("severity: minor, resolvable_by: [back], escalates_via: up", "minor"),
    ],
)  # fmt: skip
def test_fix_or_pass_on(error: str, severity: str | None) -> None:
    assert [one.severity for one in findings(rule, firm(error))] == ([severity] if severity else [])


@pytest.mark.parametrize("where", ["desk", "line", "phone", "counter", "form", "care"])
def test_wherever_customers_report_it(where: str) -> None:
    assert one_finding(rule, firm("severity: major, escalates_via: []", where)).related == ("care",)


@pytest.mark.parametrize("authority", ["[e]", "[identity]"])
def test_authority_by_id_or_class(authority: str) -> None:
    assert passed(rule, firm("severity: minor, escalates_via: []", authority=authority)) == {"e"}


def test_what_is_not_known() -> None:
    assert set(not_assessed(rule, firm("severity: major"))) == {"e"}
    assert set(not_assessed(rule, firm("severity: major, escalates_via: []", authority="unknown"))) == {"e"}
    assert set(not_assessed(rule, "error_types: {e: {severity: major}}")) == {"e"}


def test_granting_the_authority_mends_a_minor_one() -> None:
    inventory = inventory_of(firm("severity: minor, escalates_via: up"))
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_a_collection_point_of_a_channel_has_the_pools_of_that_channel_behind_it() -> None:
    text = """
        teams: {desk: {authority: []}}
        agent_pools: {pool: {team: desk, channels: [phone]}}
        collection_points: {complaint-line: {kind: complaint, channel: phone}}
        error_types: {e: {severity: major, resolvable_by: [], escalates_via: [], detected_by: [{where: complaint-line, kind: customer}]}}
        """
    assert one_finding(rule, text).related[0] == "desk"


def test_every_team_of_the_front_line_gets_the_authority() -> None:
    two = firm("severity: minor, escalates_via: up").replace("teams: {", "teams: {night: {authority: []}, ")
    inventory = inventory_of(two.replace("agent_pools: {", "agent_pools: {late: {team: night, channels: [phone]}, ")
                             .replace("where: desk", "where: phone"))  # fmt: skip
    (finding,) = findings_of(rule, inventory)
    assert finding.related == ("care", "night")
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_the_right_is_granted_where_it_is_stated() -> None:
    minor = firm("severity: minor, escalates_via: up, resolvable_by: [back]", authority="unknown")
    (finding,) = findings_of(rule, inventory_of(minor))
    assert finding.fix is not None
    assert finding.fix.changes == ({"change": {"e": {"resolvable_by": {"add": ["care"]}}}},), (
        "what else it may do is not known"
    )
    (finding,) = findings_of(rule, inventory_of(firm("severity: minor, escalates_via: up")))
    assert finding.fix is not None
    assert finding.fix.changes == ({"change": {"care": {"authority": {"add": ["e"]}}}},)
