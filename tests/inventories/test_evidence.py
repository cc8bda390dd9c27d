"""Unknown is never zero: taking any quantity away from a whole inventory only takes findings away."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cx_map.audit.engine import audit
from cx_map.audit.findings import Report
from cx_map.audit.settings import Settings
from cx_map.load.loader import load
from tests.rules.pages import quantities, without
from tests.rules.test_every_rule import COMPLETENESS

ROOT = Path(__file__).parents[2]
SETTINGS = Settings(min_confidence="low", ignore=tuple(COMPLETENESS))
SAMPLE = 60


def told(report: Report) -> set[str]:
    """Findings, and those told as consequences of others."""
    return {one.fingerprint for one in report.findings} | {
        each.fingerprint for one in report.findings for each in one.consequences
    }


@pytest.mark.parametrize(
    "folder", ["inventories/nordvik-bank", "inventories/nordvik-bank-mended", "examples/roadmap", "examples/minimal"]
)
def test_deleting_a_quantity_adds_no_finding(folder: str) -> None:
    inventory = load(str(ROOT / folder))
    report = audit(inventory, SETTINGS)
    everything = quantities(inventory)
    chance = random.Random(20261122)
    for evidence in chance.sample(everything, min(SAMPLE, len(everything))):
        after = audit(without(inventory, evidence), SETTINGS, as_of=report.as_of)
        assert told(after) <= told(report), (
            f"without {evidence.entity.id or evidence.entity.kind}.{'.'.join(evidence.path)}"
        )
