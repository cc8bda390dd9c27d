"""Every computed fix, applied to whole inventories: its finding is gone, and nothing worse has come.

On the firm's inventories as they are, and on ones made random by retiring some of their things.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding, Report
from cx_map.audit.settings import Settings
from cx_map.audit.subsumption import CAUSES
from cx_map.errors import InventoryError
from cx_map.load.loader import load
from cx_map.model.inventory import Inventory
from cx_map.rulekit.severity import at_least
from cx_map.states.apply import with_changes

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "inventories/nordvik-bank",
    "inventories/nordvik-bank-mended",
    "inventories/va-notifications",
    "examples/minimal",
    "examples/roadmap",
)
SETTINGS = Settings(min_confidence="low")
A_RULE = 3
"""Findings of one rule that are tried in one inventory."""


def known(report: Report) -> set[str]:
    """Findings that were there, told or as a consequence of another."""
    return {one.fingerprint for one in report.findings} | {
        each.fingerprint for one in report.findings for each in one.consequences
    }


def worse(before: Report, after: Report, fixed: Finding) -> list[str]:
    """New findings as bad as the one that was fixed, but for those that it had hidden as its consequences."""
    hidden = CAUSES.get(fixed.code, ())
    old = known(before)
    return [
        f"{one.code} {one.subject}: {one.message}"
        for one in after.findings
        if one.fingerprint not in old and at_least(one.severity, fixed.severity) and one.code not in hidden
    ]


def tried(report: Report) -> list[Finding]:
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.fix is not None and finding.fix.changes:
            found.setdefault(finding.code, []).append(finding)
    return [finding for code in sorted(found) for finding in found[code][:A_RULE]]


def check(inventory: Inventory, findings: list[Finding], before: Report) -> list[str]:
    wrong = []
    for finding in findings:
        assert finding.fix is not None
        try:
            after = audit(with_changes(inventory, finding.fix.changes), SETTINGS, as_of=before.as_of)
        except InventoryError as error:
            wrong.append(f"{finding.code} {finding.subject}: the fix does not apply: {error}")
            continue
        if finding.fingerprint in {one.fingerprint for one in after.findings}:
            wrong.append(f"{finding.code} {finding.subject}: still there after: {finding.fix.summary}")
        wrong += [f"{finding.code} {finding.subject}: brings {one}" for one in worse(before, after, finding)]
    return wrong


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_fix_removes_its_finding_and_brings_nothing_as_bad(folder: str) -> None:
    inventory = load(str(ROOT / folder))
    before = audit(inventory, SETTINGS)
    assert check(inventory, tried(before), before) == []


@pytest.mark.parametrize("seed", range(4))
def test_fixes_hold_where_things_have_failed(seed: int) -> None:
    chance = random.Random(seed)
    inventory = load(str(ROOT / "inventories" / "nordvik-bank"))
    kinds = ("platforms", "data_sources", "teams", "communications", "collection_points")
    candidates = sorted(name for name, one in inventory.raw.entities.items() if one.kind in kinds)
    retired = chance.sample(candidates, 4)
    inventory = with_changes(inventory, [{"change": {name: {"status": "retired"}}} for name in retired])
    before = audit(inventory, SETTINGS)
    several = tried(before)
    assert check(inventory, chance.sample(several, min(14, len(several))), before) == []
