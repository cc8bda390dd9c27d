"""The JSON Schema of ``cxmap diff --format json``: ``cxmap.diff/1``."""

from __future__ import annotations

from cx_map.schema.parts import DRAFT, Schema, count, described, output, ref, text, texts
from cx_map.schema.report import definitions

CHANGES = ("added", "removed", "changed", "renamed", "replaced", "merged", "split")
LEVELS = ("breaking", "notable", "cosmetic")
_MORE: Schema = {"type": "object"}


def diff_schema() -> Schema:
    """The schema as plain data (draft-07). Readers must ignore keys they do not know."""
    change = output(
        "One entity that differs.",
        {
            "change": described("What happened to it.", {"enum": list(CHANGES)}),
            "kind": text("The kind of the entity."),
            "id": text("Its id in the second state (in the first, if it is gone)."),
            "from_ids": texts("Its ids in the first state, where they differ."),
            "fields": described("What changed in it.", {"type": "array", "items": ref("field")}),
            "level": described("How much it matters.", {"enum": list(LEVELS)}),
        },
    )
    field = output(
        "A field that differs.",
        {
            "field": text("The field, with a path where it is inside another."),
            "before": {"description": "Its value in the first state; null where it had none."},
            "after": {"description": "Its value in the second state; null where it has none."},
        },
    )
    findings = {
        name: described(f"Findings {name}.", {"type": "array"}) for name in ("solved", "introduced", "worse", "better")
    }
    return {
        "$schema": DRAFT,
        "title": "cxmap diff, version 1",
        **output(
            "What differs between two states of an inventory, and what that means.",
            {
                "schema": {"description": "The version of this contract.", "const": "cxmap.diff/1"},
                "from": described("The first state.", _MORE),
                "to": described("The second state.", _MORE),
                "changes": described(
                    "Entities that differ, by kind and id.", {"type": "array", "items": ref("entity_change")}
                ),
                "flows": output(
                    "Flows that came or went.",
                    {
                        "added": described("Flows of the second state only.", {"type": "array"}),
                        "removed": described("Flows of the first state only.", {"type": "array"}),
                    },
                ),
                "capabilities": described("What can be done in one state and not in the other.", _MORE),
                "findings": output(
                    "What an audit of each state finds.", {**findings, "unchanged": count("Findings of both states.")}
                ),
                "summary": described("How much differs.", _MORE),
            },
        ),
        "definitions": {**definitions(), "entity_change": change, "field": field},
    }
