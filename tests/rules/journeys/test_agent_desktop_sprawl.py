from __future__ import annotations

import pytest

from cx_map.rules.journeys.agent_desktop_sprawl import Parameters
from cx_map.rules.journeys.agent_desktop_sprawl import agent_desktop_sprawl as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

FIRM = """
teams: {care: {}}
platforms: {p1: {HOLDS}, p2: {holds: []}, p3: {holds: []}, p4: {holds: []}}
data_sources: {core: {holds: [account.balance]}, crm: {holds: [contact.email]}}
agent_pools: {desk: {team: care, POOL}}
error_types: {e: {resolvable_by: [care], needs_attributes: [account.balance]}}
"""


def firm(pool: str, holds: str = "holds: []", more: str = "") -> str:
    return FIRM.replace("POOL", pool).replace("HOLDS", holds) + more


def test_more_than_three_systems() -> None:
    finding = one_finding(rule, firm("desktops: [p1, p2, p3, p4], reads: [core]"))
    assert finding.measures["systems"] == 4
    assert passed(rule, firm("desktops: [p1, p2, p3, p4], reads: [core]"), parameters=Parameters(desktops=4)) == {
        "desk"
    }
    assert passed(rule, firm("desktops: [p1, p2, p3, p3], reads: [core]")) == {"desk"}


@pytest.mark.parametrize(
    ("pool", "holds", "more", "verdict"),
    [
        ("desktops: [p1], reads: [crm]", "holds: []", "", "broken"), ("desktops: [p1], reads: [core]", "holds: []", "", "passed"),
        ("desktops: [p1], reads: [crm]", "holds: [account]", "", "passed"), ("desktops: [p1], reads: [crm]", "vendor: x", "", "open"),
        ("desktops: [p1]", "holds: []", "", "open"), ("reads: [core]", "holds: []", "", "open"),
        ("desktops: [p1], reads: [crm]", "holds: []", "flows: [{from: core, to: p1, carries: [account.balance]}]", "passed"),
    ],
)  # fmt: skip
def test_what_agents_can_see(pool: str, holds: str, more: str, verdict: str) -> None:
    text = firm(pool, holds, more)
    found = {
        "passed": passed(rule, text),
        "open": set(not_assessed(rule, text)),
        "broken": {one.subject for one in findings(rule, text)},
    }
    assert found[verdict] == {"desk"}


def test_reading_the_store_mends() -> None:
    inventory = inventory_of(firm("desktops: [p1], reads: [crm]"))
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []
