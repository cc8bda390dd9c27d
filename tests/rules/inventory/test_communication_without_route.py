from __future__ import annotations

import pytest

from cx_map.rules.inventory.communication_without_route import communication_without_route
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

RULE = communication_without_route

TEXT = """
segments: {online: {reachable_by: {email: 90%%, sms: 0}}}
data_sources: {old-core: {status: retired}, core: {}}
platforms: {old: {status: retired, capabilities: [compose]}, new: {capabilities: [compose, print]}, bare: {status: proposed}}
channels: {fax: {kind: letter, status: retired}}
communications:
  c: {%s}
"""


@pytest.mark.parametrize(
    "fields",
    [
        "needs: [], routes: []",
        "needs: [old-core], routes: [{channel: email, platforms: [new]}]",
        "needs: [old-core]",
        "needs: [], channels: [email], platforms: [old]",
        "needs: [], routes: [{channel: fax, platforms: [new]}]",
        "needs: [], send: all, routes: [{channel: email, platforms: [new]}, {channel: sms, platforms: [old]}]",
        "needs: [], segments: [online], routes: [{channel: letter, platforms: [new]}]",
        "needs: [], segments: [online], routes: [{channel: sms, platforms: [new]}]",
    ],
)
def test_no_complete_route(fields: str) -> None:
    assert [one.subject for one in findings(RULE, TEXT % fields)] == ["c"]


@pytest.mark.parametrize(
    "fields",
    [
        "needs: [core], routes: [{channel: email, platforms: [new]}]",
        "needs: [{any_of: [old-core, core]}], routes: [{channel: email, platforms: [{any_of: [old, new]}]}]",
        "needs: [], routes: [{channel: email, platforms: [old]}, {channel: sms, platforms: [new], fallback_for: email}]",
        "needs: [], segments: [online], routes: [{channel: letter, platforms: [new]}, {channel: email, platforms: [new], id: e}]",
    ],
)
def test_one_complete_route_is_enough(fields: str) -> None:
    assert passed(RULE, TEXT % fields) == {"c"}


@pytest.mark.parametrize(
    "fields",
    [
        "needs: [core]",
        "needs: [], channels: [email]",
        "channels: [email], platforms: [new]",
        "needs: unknown, routes: unknown",
    ],
)
def test_what_is_only_known_in_part_is_not_called_fine(fields: str) -> None:
    assert set(not_assessed(RULE, TEXT % fields)) == {"c"}


def test_severity_causes_and_fix() -> None:
    inventory = inventory_of(TEXT % "purpose: regulatory, needs: [], channels: [letter], platforms: [old]")
    (finding,) = findings_of(RULE, inventory)
    assert finding.severity == "critical"
    assert finding.related == ("old",)
    assert finding.message == "'c' cannot reach its customers: 'old' is retired"
    assert finding.fix is not None
    assert finding.fix.changes == ({"change": {"c": {"platforms": ["new"]}}},)
    assert findings_of(RULE, with_changes(inventory, finding.fix.changes)) == []


def test_retired_communications_are_not_judged() -> None:
    assert findings(RULE, TEXT % "status: retired, routes: []") == []
    assert passed(RULE, TEXT % "status: retired, routes: []") == set()
