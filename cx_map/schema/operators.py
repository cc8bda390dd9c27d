"""Schemas of the roadmap's operators."""

from __future__ import annotations

from cx_map.model.fields import fields_of
from cx_map.model.kinds import KINDS, OWN_NAMESPACE, SINGLE_KINDS
from cx_map.schema.fields import field_schema
from cx_map.schema.parts import ID_PATTERN, Schema, described, mapping, ref

OPERATORS = ("add", "change", "remove", "replace", "merge", "rename", "connect", "disconnect")


def _ids(description: str) -> Schema:
    return described(description, ref("id"), {"type": "array", "items": ref("id"), "minItems": 1})


def _by_id(description: str, value: Schema) -> Schema:
    return {
        "description": description,
        "type": "object",
        "minProperties": 1,
        "patternProperties": {ID_PATTERN: value},
        "additionalProperties": False,
    }


def _each(schema: Schema) -> Schema:
    return described(schema["description"], schema, {"type": "array", "items": schema, "minItems": 1})


def _changed_fields(definitions: dict[str, Schema]) -> Schema:
    """Any field of any kind: which kind an id has is known only when the inventory is loaded."""
    found: dict[str, list[Schema]] = {}
    meanings: dict[str, str] = {}
    for kind, cls in KINDS.items():
        if kind in (*SINGLE_KINDS, *OWN_NAMESPACE):
            continue
        for key, field in fields_of(cls).items():
            own = field_schema(field, definitions)["anyOf"][0]
            options = found.setdefault(key, [])
            meanings.setdefault(key, field.description)
            if own not in options:
                options.append(own)
    properties = {
        key: described(meanings[key], *options, ref("list_edit"), ref("not_said")) for key, options in found.items()
    }
    return mapping("The fields to change; `null` unsets one, {add: [...], remove: [...]} edits a list.", properties)


def operator_definitions(definitions: dict[str, Schema]) -> dict[str, Schema]:
    """The definitions of the operators and of what they need."""
    anything: Schema = {"description": "An item as the field takes it, or several."}
    list_edit = {
        "description": "A change to a list: items to add, items to remove.",
        "type": "object",
        "minProperties": 1,
        "properties": {"add": {**anything, "description": "Items to add."}, "remove": {**anything, "description": "Items to remove."}},
        "additionalProperties": False,
    }  # fmt: skip
    flow = ref("flow")
    pair = mapping(
        "The flow to end.",
        {
            "id": described("Which flow of the pair, if it has several.", ref("string")),
            "from": described("Where it comes from.", ref("id")),
            "to": described("Where it goes.", ref("id")),
        },
        ("from", "to"),
    )
    merge = mapping(
        "Several become one; references follow.",
        {"into": described("The one that stays.", ref("id")), "from": _ids("Those that go.")},
        ("into", "from"),
    )
    properties: Schema = {
        "add": described("Entities and flows to add, written as in a file.", ref("entities")),
        "change": _by_id("Fields to change, by entity.", ref("changed_fields")),
        "remove": _ids("Entities to remove, their flows with them."),
        "replace": _by_id("Old id: new id. Every reference follows, and the old one goes.", ref("id")),
        "merge": _each(merge),
        "rename": _by_id("Old id: new id.", ref("id")),
        "connect": described("A flow to add.", flow, {"type": "array", "items": flow, "minItems": 1}),
        "disconnect": _each(pair),
    }
    operator = {
        **mapping(
            "One step of a phase.",
            {"for": described("The initiative that this step belongs to.", ref("id")), **properties},
        ),
        "oneOf": [{"required": [name]} for name in OPERATORS],
    }
    return {"list_edit": list_edit, "changed_fields": _changed_fields(definitions), "operator": operator}
