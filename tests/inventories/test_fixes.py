"""Every computed fix, applied to whole inventories: its finding is gone, and nothing worse has come.

On the firm's inventories as they are, and on ones made random by retiring some of their things.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding, Report
from cx_map.load.loader import load
from cx_map.model.inventory import Inventory
from cx_map.states.apply import with_changes
from tests.inventories.mended import ALL, troubles

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "inventories/nordvik-bank",
    "inventories/nordvik-bank-mended",
    "inventories/va-notifications",
    "examples/minimal",
    "examples/roadmap",
)
A_RULE = 3
"""Findings of one rule that are tried in one inventory."""


def tried(report: Report) -> list[Finding]:
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.fix is not None and finding.fix.changes:
            found.setdefault(finding.code, []).append(finding)
    return [finding for code in sorted(found) for finding in found[code][:A_RULE]]


def check(inventory: Inventory, findings: list[Finding], before: Report) -> list[str]:
    return [wrong for finding in findings for wrong in troubles(inventory, before, finding)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_fix_removes_its_finding_and_brings_nothing_as_bad(folder: str) -> None:
    inventory = load(str(ROOT / folder))
    before = audit(inventory, ALL)
    assert check(inventory, tried(before), before) == []


@pytest.mark.parametrize("seed", range(4))
def test_fixes_hold_where_things_have_failed(seed: int) -> None:
    chance = random.Random(seed)
    inventory = load(str(ROOT / "inventories" / "nordvik-bank"))
    kinds = ("platforms", "data_sources", "teams", "communications", "collection_points")
    candidates = sorted(name for name, one in inventory.raw.entities.items() if one.kind in kinds)
    retired = chance.sample(candidates, 4)
    inventory = with_changes(inventory, [{"change": {name: {"status": "retired"}}} for name in retired])
    before = audit(inventory, ALL)
    several = tried(before)
    assert check(inventory, chance.sample(several, min(14, len(several))), before) == []
