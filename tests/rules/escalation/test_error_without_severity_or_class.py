from __future__ import annotations

import pytest

from cx_map.rules.escalation.error_without_severity_or_class import error_without_severity_or_class as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of


def error(fields: str) -> str:
    return f"error_types: {{e: {{{fields}}}}}"


@pytest.mark.parametrize(
    ("fields", "severity", "why"),
    [
        ("class: identity, severity: minor", None, ""), ("class: contact_data, severity: minor", "major", "below moderate"),
        ("class: calculation, severity: moderate", "major", "below major"), ("class: misdelivery, severity: major", "major", "below critical"),
        ("class: misdelivery, severity: critical", None, ""), ("class: timing, severity: minor", None, ""),
        ("class: timing", "minor", "no severity"), ("severity: minor", "minor", "no class"), ("volume: 3/month", "minor", "no severity and no class"),
        ("class: unknown, severity: minor", "minor", "no class"),
    ],
)  # fmt: skip
def test_floors_and_missing_facts(fields: str, severity: str | None, why: str) -> None:
    found = findings(rule, error(fields))
    assert [(one.severity, one.label) for one in found] == ([(severity, why)] if severity else [])
    assert (passed(rule, error(fields)) == {"e"}) == (severity is None)


@pytest.mark.parametrize("fields", ["class: misdelivery, severity: minor", "class: calculation"])
def test_the_floor_mends(fields: str) -> None:
    inventory = inventory_of(error(fields))
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_the_place_is_the_field_that_says_unknown() -> None:
    text = "error_types:\n  e:\n    class: timing\n    severity: unknown\n"
    assert one_finding(rule, text).location.line == 5
