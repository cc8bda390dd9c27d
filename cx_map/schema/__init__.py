"""JSON Schemas and the reference page, made from the model: one home for names, types and meanings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Schema = dict[str, Any]


def _inventory() -> Schema:
    from cx_map.schema.inventory import inventory_schema

    return inventory_schema()


def _report() -> Schema:
    from cx_map.schema.report import report_schema

    return report_schema()


def _diff() -> Schema:
    from cx_map.schema.diff import diff_schema

    return diff_schema()


def _impact() -> Schema:
    from cx_map.schema.impact import impact_schema

    return impact_schema()


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "inventory": _inventory,
    "report": _report,
    "diff": _diff,
    "impact": _impact,
}
"""What ``cxmap schema`` prints, by name."""
