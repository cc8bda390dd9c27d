"""Nobody is ranked (analyses.md, H): owners are teams, and who walked a touchpoint is a role that no finding names."""

from __future__ import annotations

from cx_map.audit.engine import audit
from cx_map.audit.settings import Settings
from cx_map.model.fields import fields_of
from cx_map.model.kinds import KINDS
from cx_map.report.json_form import report_text
from cx_map.states.shape import spec_of
from tests.inventories.random_firms import firm, inventory_from


def test_whatever_is_answered_for_is_answered_for_by_teams() -> None:
    asked = 0
    for cls in KINDS.values():
        for name in {"owner", "team", "accountable"} & fields_of(cls).keys():
            spec = spec_of(cls, name)
            assert spec is not None
            assert spec.ref is not None
            assert spec.ref.kinds == ("teams",), (cls, name)
            asked += 1
    assert asked > 30


def test_who_walked_a_touchpoint_is_told_in_no_finding() -> None:
    for seed in range(4):
        document = firm(seed)
        for touchpoint in document["touchpoints"].values():
            touchpoint["walked"] = {"by": "Jane Doe", "on": "2020-01-01", "result": "bad"}
        report = report_text(audit(inventory_from(document), Settings(min_confidence="low"), as_of="2026-10-01"))
        assert "findings" in report
        assert "Jane Doe" not in report
