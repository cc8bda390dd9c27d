"""What a rule says of an inventory written in a test."""

from __future__ import annotations

from cx_map.audit.findings import Finding
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.inventory import newest_date
from cx_map.rulekit import NotAssessed, Passed, Rule
from tests.rules.pages import findings_of
from tests.support import inventory_of


def findings(rule: Rule, *texts: str) -> list[Finding]:
    """The findings of a rule in an inventory of some texts."""
    return findings_of(rule, inventory_of(*texts))


def one_finding(rule: Rule, *texts: str) -> Finding:
    """The only finding."""
    found = findings(rule, *texts)
    assert len(found) == 1, [one.message for one in found]
    return found[0]


def passed(rule: Rule, *texts: str, parameters: object | None = None) -> set[str]:
    """The subjects that keep the rule."""
    inventory = inventory_of(*texts)
    verdicts = rule.check(Ecosystem(inventory, newest_date(inventory)), parameters)
    return {one.subject for one in verdicts if isinstance(one, Passed)}


def not_assessed(rule: Rule, *texts: str) -> dict[str, str]:
    """The subjects that cannot be judged, with the reason."""
    inventory = inventory_of(*texts)
    verdicts = rule.check(Ecosystem(inventory, newest_date(inventory)))
    return {one.subject: one.reason for one in verdicts if isinstance(one, NotAssessed)}
