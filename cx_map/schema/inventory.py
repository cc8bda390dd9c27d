"""The JSON Schema of inventory files: completion, hover texts and checks in editors.

It says everything that can be said of one file by itself. What needs the whole inventory (references, repeated
ids, sums of shares) only ``cxmap validate`` can tell.
"""

from __future__ import annotations

from cx_map.model.entity import Entity
from cx_map.model.fields import fields_of
from cx_map.model.kinds import KINDS, LIST_KINDS, SINGLE_KINDS, singular
from cx_map.schema.fields import common_definitions, record_schema, summary
from cx_map.schema.operators import operator_definitions
from cx_map.schema.parts import DRAFT, ID_PATTERN, OWN_KEYS, Schema, described, mapping, ref
from cx_map.schema.values import value_definitions


def inventory_schema() -> Schema:
    """The schema as plain data (draft-07), the same bytes every time. O(fields of the language)."""
    definitions = value_definitions()
    definitions.update(common_definitions(definitions))
    for kind, cls in KINDS.items():
        definitions[f"{kind}_entity"] = record_schema(cls, definitions)
    definitions["flow"] = {
        "description": summary(KINDS["flows"]),
        "allOf": [ref("flows_entity")],
        "required": ["from", "to"],
    }
    definitions.update(operator_definitions(definitions))
    _with_changes(definitions)
    sections = {kind: _section(kind) for kind in KINDS}
    definitions["entities"] = mapping(
        "Entities by kind.", {kind: ref(f"{kind}_section") for kind in KINDS if kind != "roadmap"}
    )
    definitions.update({f"{kind}_section": section for kind, section in sections.items()})
    return {
        "$schema": DRAFT,
        "title": "cxmap inventory, version 1",
        "description": "A part of a firm's customer-communications ecosystem: what it sends, through what, from which data, to whom.",
        "type": "object",
        "required": ["cxmap"],
        "properties": {
            "cxmap": {"description": "The version of the inventory language.", "const": 1},
            "defaults": _defaults(),
            **{kind: described(summary(KINDS[kind]), ref(f"{kind}_section")) for kind in KINDS},
        },
        "patternProperties": OWN_KEYS,
        "additionalProperties": False,
        "definitions": dict(sorted(definitions.items())),
    }


def _section(kind: str) -> Schema:
    """What may stand under a top-level key."""
    cls = KINDS[kind]
    entity = ref(f"{kind}_entity")
    if kind in LIST_KINDS:
        item = ref("flow") if kind == "flows" else entity
        return described(summary(cls), {"type": "array", "items": item}, item, ref("left_out"))
    one = described(f"A {singular(kind)}: its fields, or just its name.", entity, {"type": "string"}, ref("left_out"))
    if kind in SINGLE_KINDS:
        return one
    by_id = {"type": "object", "patternProperties": {ID_PATTERN: one}, "additionalProperties": False}
    return described(f"{summary(cls)} Each stands under its id.", by_id, ref("left_out"))


def _defaults() -> Schema:
    common = {key: ref(f"common_{key}") for key in fields_of(Entity)}
    by_kind = {
        kind: described(f"Fields for every {singular(kind)} of this file.", ref(f"{kind}_entity"), ref("left_out"))
        for kind in KINDS
    }
    return described(
        "Fields that every entity of this file has unless it says otherwise: common ones directly, others under their kind.",
        mapping("Fields for all entities, or by kind.", {**common, **by_kind}),
        ref("left_out"),
    )


def _with_changes(definitions: dict[str, Schema]) -> None:
    """Give phases their operators, which the model leaves to the room ``states``."""
    phase = definitions["phase"]
    phase["properties"]["changes"] = described(
        "What happens in this phase, in order.",
        {"type": "array", "items": ref("operator")},
        ref("operator"),
        ref("left_out"),
    )
