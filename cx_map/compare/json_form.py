"""Changes as the JSON contract ``cxmap.diff/1``: plain data, no text formatting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cx_map.compare.capabilities import Capabilities, Gain
from cx_map.compare.changes import Change, Changes
from cx_map.compare.flows import FlowChange
from cx_map.compare.records import FieldChange
from cx_map.model.inventory import Inventory

SCHEMA = "cxmap.diff/1"
_NO_FINDINGS: Mapping[str, object] = {"solved": [], "introduced": [], "worse": [], "better": [], "unchanged": 0}


def to_json(
    changes: Changes, *, before_paths: Sequence[str] = (), after_paths: Sequence[str] = (), findings: Mapping[str, object] | None = None,
    capabilities: Capabilities | None = None,
) -> dict[str, object]:  # fmt: skip
    """The document of ``cxmap diff --format json``.

    ``findings`` (solved, introduced, worse, better, unchanged) and ``capabilities`` come from whoever
    audited both states; capabilities that nobody computed are null. The paths are as the user wrote them.
    """
    known = capabilities if capabilities is not None else changes.capabilities
    return {
        "schema": SCHEMA,
        "from": _state(changes.before, before_paths),
        "to": _state(changes.after, after_paths),
        "changes": [_change(one) for one in changes.entities],
        "flows": {
            "added": [_flow(one) for one in changes.flows if one.change == "added"],
            "removed": [_flow(one) for one in changes.flows if one.change == "removed"],
            "changed": [_flow(one) for one in changes.flows if one.change == "changed"],
        },
        "capabilities": _capabilities(known),
        "findings": {**_NO_FINDINGS, **(findings or {})},
        "suggestions": [
            {"kind": one.kind, "from": one.before, "to": one.after, "likeness": one.likeness}
            for one in changes.suggestions
        ],
        "summary": dict(changes.counts),
    }


def _state(inventory: Inventory, paths: Sequence[str]) -> dict[str, object]:
    return {"paths": list(paths), "state": inventory.state, "counts": inventory.counts}


def _field(one: FieldChange) -> dict[str, object]:
    return {"field": one.field, "before": one.before, "after": one.after}


def _change(one: Change) -> dict[str, object]:
    return {
        "change": one.change, "kind": one.kind, "id": one.id, "from_ids": list(one.from_ids),
        "fields": [_field(each) for each in one.fields], "level": one.level,
    }  # fmt: skip


def _flow(one: FlowChange) -> dict[str, object]:
    if one.change != "changed":
        return {**one.as_plain(), "level": one.level}
    source, target, name = one.ends
    ends = {"from": source, "to": target, **({"id": name} if name else {})}
    return {**ends, "fields": [_field(each) for each in one.fields], "level": one.level}


def _capabilities(known: Capabilities) -> dict[str, object]:
    def listed(gains: Sequence[Gain] | None) -> list[dict[str, object]] | None:
        return (
            None
            if gains is None
            else [{"id": one.subject, "gained": list(one.gained), "lost": list(one.lost)} for one in gains]
        )

    return {
        "channels": listed(known.channels),
        "reach": [
            {"segment": one.segment, "purpose": one.purpose, "gained": list(one.gained), "lost": list(one.lost)}
            for one in known.reach
        ],
        "loops": listed(known.loops),
        "preferences": listed(known.preferences),
        "single_points": listed(known.single_points),
        "pools": listed(known.pools),
    }
