"""Small pieces that JSON Schemas are built from."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
ID_PATTERN = "^(?!unknown$)[a-z0-9][a-z0-9._-]*$"
OWN_KEYS: Schema = {"^x-": {"description": "A key of your own: kept, never read."}}


def ref(name: str) -> Schema:
    """A pointer to a definition."""
    return {"$ref": f"#/definitions/{name}"}


def described(description: str, *options: Schema) -> Schema:
    """One schema or any of several, with a description (draft-07 ignores what stands beside ``$ref``)."""
    if len(options) == 1 and "$ref" not in options[0]:
        return {"description": description, **{key: value for key, value in options[0].items() if key != "description"}}
    return {"description": description, "anyOf": list(options)}


def mapping(description: str, properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    """A closed mapping: these properties and ``x-`` keys only."""
    schema: Schema = {
        "description": description,
        "type": "object",
        "properties": properties,
        "patternProperties": OWN_KEYS,
        "additionalProperties": False,
    }
    if required:
        schema["required"] = list(required)
    return schema


def output(description: str, properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    """A mapping of an output: these properties are always there; readers must ignore others."""
    return {
        "description": description,
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


def text(description: str, **more: Any) -> Schema:
    """A string."""
    return {"description": description, "type": "string", **more}


def texts(description: str) -> Schema:
    """A list of strings."""
    return {"description": description, "type": "array", "items": {"type": "string"}}


def count(description: str) -> Schema:
    """A whole number from 0."""
    return {"description": description, "type": "integer", "minimum": 0}
