"""Metamorphic properties of the bottleneck rules over a whole firm."""

from __future__ import annotations

import re

import pytest

from cx_map.audit.engine import audit
from cx_map.audit.registry import all_rules
from cx_map.audit.settings import Settings
from cx_map.model.inventory import Inventory
from tests.analyses.small_firm import SMALL_FIRM
from tests.rules.pages import quantities, split, without
from tests.support import inventory_of

FIRM = (
    SMALL_FIRM.replace("channel: email", "channel: mail")
    .replace("channel: letter", "channel: post")
    .replace("email:", "mail:")
    .replace("letter:", "post:")
    .replace("fallback_for: letter", "fallback_for: post")
    + """
channels: {mail: {kind: email, latency: 1m}, post: {kind: letter, latency: 3d}}
agent_pools: {desk: {arrivals: 414/30m, handle_time: 4m, agents: 55}}
"""
).replace(
    "  fraud:\n    purpose: security\n",
    "  fraud:\n    purpose: security\n    deadline: 30s\n    induces: [{pool: desk, per_1000: 4000}]\n",
)
"""The small firm with channels of its own, late fraud alerts and a flooded desk."""

NAMES = (
    "card-holders", "borrowers", "core", "prefs", "ccm-a", "ccm-b", "print", "esp", "stmt-card", "stmt-mort", "fraud",
    "notice", "mail", "post", "desk",
)  # fmt: skip


def told(inventory: Inventory) -> set[tuple[str, str, str]]:
    report = audit(inventory, Settings(select=("BOT", "INV101"), min_confidence="low"))
    return {(finding.code, finding.severity, finding.subject) for finding in report.findings}


def twin(text: str) -> str:
    """The same firm under other names."""
    renamed = re.sub(rf"(?<![\w-])({'|'.join(NAMES)})(?![\w-])", r"y-\1", text)
    return renamed.replace("capabilities: [y-print]", "capabilities: [print]")


def test_the_firm_breaks_many_rules() -> None:
    assert {code for code, _, _ in told(inventory_of(FIRM))} == {
        "BOT101", "BOT103", "BOT105", "BOT107", "BOT108", "BOT109",
    }  # fmt: skip


def test_two_disjoint_firms_have_the_findings_of_both() -> None:
    one = told(inventory_of(FIRM))
    other = told(inventory_of(twin(FIRM)))
    assert {subject for _, _, subject in other} == {f"y-{subject}" for _, _, subject in one}
    both = told(inventory_of(FIRM, twin(FIRM)))
    assert both == one | other


def test_splitting_the_file_changes_nothing() -> None:
    assert told(inventory_of(*reversed(split(FIRM)))) == told(inventory_of(FIRM))


def test_scaling_volumes_and_capacities_changes_nothing() -> None:
    scaled = (
        FIRM.replace("000/month", "0000/month")
        .replace("arrivals: 414/30m", "arrivals: 4140/30m")
        .replace("agents: 55", "agents: 550")
    )
    assert told(inventory_of(scaled)) == told(inventory_of(FIRM))


@pytest.mark.parametrize("code", [rule.code for rule in all_rules() if rule.family == "bottlenecks"])
def test_taking_a_quantity_away_adds_no_finding(code: str) -> None:
    inventory = inventory_of(FIRM)
    settings = Settings(select=(code,), min_confidence="low")
    before = {finding.fingerprint for finding in audit(inventory, settings).findings}
    for evidence in quantities(inventory):
        after = audit(without(inventory, evidence), settings).findings
        assert {finding.fingerprint for finding in after} <= before, evidence.path


def test_a_fallback_never_adds_a_single_point_or_a_shortfall() -> None:
    more = FIRM.replace(
        "    routes: [{channel: post, platforms: [ccm-b, print]}]",
        "    routes: [{channel: post, platforms: [ccm-b, print]}, {channel: mail, platforms: [ccm-a, esp], fallback_for: post}]",
    )
    assert more != FIRM
    assert {one for one in told(inventory_of(more)) if one[0] == "BOT109"} < {
        one for one in told(inventory_of(FIRM)) if one[0] == "BOT109"
    }
    assert not {one for one in told(inventory_of(more)) if one[0] == "BOT102"}
