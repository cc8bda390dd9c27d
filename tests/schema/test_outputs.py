"""The schemas of outputs describe what the outputs are."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from jsonschema import Draft7Validator

from cx_map.schema import SCHEMAS

FINDING: dict[str, Any] = {
    "code": "LOOP101", "name": "broken-loop", "severity": "major", "confidence": "high", "message": "...", "subject": "web-feedback",
    "kind": "signals", "related": ["cx-team"], "owner": None,
    "location": {"path": "a.cxmap.yaml", "line": 14, "column": 3, "end_line": 14, "end_column": 15},
    "path": [{"from": "web-feedback", "edge": "captured_in", "to": "survey-db", "location": {}}],
    "measures": {"customers_per_month": {"low": 3100, "high": 4000, "basis": "estimated"}, "stage_reached": "owned"},
    "consequences": [], "folded_into": None, "fix": {"summary": "...", "changes": [{"connect": {}}]}, "fingerprint": "abc",
}  # fmt: skip
EXAMPLES: dict[str, dict[str, Any]] = {
    "report": {
        "schema": "cxmap.report/1", "tool": {"name": "cxmap", "version": "0.1.0"}, "as_of": "2026-11-22", "state": "current",
        "inventory": {"paths": ["inventories/bank"], "counts": {"communications": 40}}, "findings": [FINDING],
        "not_assessed": [{"code": "BOT105", "name": "n", "reason": "r", "subjects": ["care-pool"], "unlock": ["agent_pools.*.arrivals"]}],
        "clean": ["PREF104"], "suppressed": {"baseline": 0, "waivers": 0, "comments": 0},
        "summary": {"critical": 0, "major": 1, "minor": 0, "info": 0, "entities": 93},
    },
    "diff": {
        "schema": "cxmap.diff/1", "from": {}, "to": {},
        "changes": [{"change": "changed", "kind": "platforms", "id": "ccm", "from_ids": [], "fields": [{"field": "owner", "before": None, "after": "t"}], "level": "notable"}],
        "flows": {"added": [], "removed": []}, "capabilities": {},
        "findings": {"solved": [], "introduced": [], "worse": [], "better": [], "unchanged": 0}, "summary": {},
    },
    "impact": {
        "schema": "cxmap.impact/1", "subject": "ccm", "stops": ["card-statement"], "degrades": [],
        "customers_per_month": {"low": 0, "high": 0}, "loops_broken": [], "preferences_lost": [], "owners": [],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_documented_output_is_valid_and_its_parts_are_required(name: str) -> None:
    validator = Draft7Validator(SCHEMAS[name]())
    example = EXAMPLES[name]
    assert [error.message for error in validator.iter_errors(example)] == []
    assert validator.is_valid({**example, "later": "unknown keys are ignored"})
    for key in example:
        assert not validator.is_valid({one: value for one, value in example.items() if one != key}), key


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "cxmap.report/2"), (("findings", 0, "severity"), "bad"), (("findings", 0, "location", "line"), 0),
        (("findings", 0, "measures", "x"), {"low": 1}), (("findings", 0, "fix", "changes", 0), {"move": {}}), (("summary", "major"), -1),
        (("findings", 0, "message"), None), (("clean",), "PREF104"),
    ],
)  # fmt: skip
def test_a_wrong_report_is_refused(path: tuple[str | int, ...], value: object) -> None:
    *above, last = path
    root = copy.deepcopy(EXAMPLES["report"])
    target: Any = root
    for step in above:
        target = target[step]
    target[last] = value
    assert not Draft7Validator(SCHEMAS["report"]()).is_valid(root)
