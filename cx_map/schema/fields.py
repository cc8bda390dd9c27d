"""Schemas of records and fields, from the model's own declarations."""

from __future__ import annotations

import re

from cx_map.model.entity import Entity
from cx_map.model.fields import FieldSpec, Record, TypeSpec, fields_of, shorthand_of
from cx_map.model.kinds import singular
from cx_map.model.shipped import SHIPPED_CHANNELS
from cx_map.schema.parts import ID_PATTERN, OWN_KEYS, Schema, described, mapping, ref

_VALUES = ("text", "string", "bool", "integer", "number", "rate", "duration", "latency", "share", "money", "date")


def name_of(record: type[Record]) -> str:
    """The name of a record's definition: its kind, or its class in lower case with underscores."""
    kind = getattr(record, "kind", "") if issubclass(record, Entity) else ""
    return f"{kind}_entity" if kind else re.sub(r"(?<=[a-z])(?=[A-Z])", "_", record.__name__).lower()


def summary(record: type[Record]) -> str:
    """What a record is: the first line of its documentation."""
    return (record.__doc__ or "").strip().splitlines()[0]


def record_schema(record: type[Record], definitions: dict[str, Schema]) -> Schema:
    """The mapping form of a record; the records inside are added to ``definitions``."""
    common = fields_of(Entity) if issubclass(record, Entity) else {}
    properties = {
        key: ref(f"common_{key}") if common.get(key) == field else field_schema(field, definitions)
        for key, field in fields_of(record).items()
    }
    return mapping(summary(record), properties)


def common_definitions(definitions: dict[str, Schema]) -> dict[str, Schema]:
    """The fields that every kind has, defined once."""
    return {f"common_{key}": field_schema(field, definitions) for key, field in fields_of(Entity).items()}


def field_schema(field: FieldSpec, definitions: dict[str, Schema]) -> Schema:
    """A field: its type in every accepted form, ``unknown``, known to be none, or left out."""
    return described(field.description, type_schema(field.spec, definitions), ref("not_said"))


def type_schema(spec: TypeSpec, definitions: dict[str, Schema]) -> Schema:
    """A type in every form that loading accepts."""
    if spec.type in _VALUES:
        return ref(spec.type)
    if spec.type == "choice":
        return {"enum": list(spec.choices)}
    if spec.type == "ref" and spec.ref is not None:
        wanted = " or ".join(singular(kind) for kind in spec.ref.kinds) or "entity"
        schema = described(f"The id of a {wanted}.", ref("id"))
        if "channels" in spec.ref.kinds:
            schema["examples"] = sorted(SHIPPED_CHANNELS)
        return schema
    if spec.type == "attribute":
        return (
            described('The id of an attribute, or "*" for all.', ref("string")) if spec.wildcard else ref("attribute")
        )
    if spec.type == "list" and spec.item is not None:
        item = type_schema(spec.item, definitions)
        return {"anyOf": [{"type": "array", "items": item}, item]}
    if spec.type == "mapping" and spec.item is not None and spec.key is not None:
        return _mapping_schema(spec.key, spec.item, definitions)
    return _record_type(spec, definitions)


def _mapping_schema(key: TypeSpec, item: TypeSpec, definitions: dict[str, Schema]) -> Schema:
    value = described("The value for this key.", type_schema(item, definitions), ref("unknown"), ref("left_out"))
    if key.type == "choice":
        known = dict.fromkeys(key.choices, value)
        return {"type": "object", "properties": known, "patternProperties": OWN_KEYS, "additionalProperties": False}
    if key.type == "ref":
        return {
            "type": "object",
            "patternProperties": {**OWN_KEYS, f"^(?!x-){ID_PATTERN[1:]}": value},
            "additionalProperties": False,
        }
    return {"type": "object", "patternProperties": OWN_KEYS, "additionalProperties": value}


def _record_type(spec: TypeSpec, definitions: dict[str, Schema]) -> Schema:
    record = spec.record
    if record is None:
        raise TypeError(f"no schema for {spec!r}")
    name = name_of(record)
    if name not in definitions:
        definitions[name] = {}  # a record that holds itself would come back here
        full = record_schema(record, definitions)
        short = shorthand_of(record)
        definitions[name] = full if short is None else {
            "description": f"{summary(record)} A bare value is its `{short}`.",
            "anyOf": [type_schema(fields_of(record)[short].spec, definitions), full],
        }  # fmt: skip
    return ref(name)
