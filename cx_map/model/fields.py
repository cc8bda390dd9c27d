"""How an entity's fields are declared, and the compiled description that loading, schemas and pages read.

A field is ``name: Annotated[Type | None, "what it means"] = None``; None means *not known* (left out, or
said to be ``unknown``, see :class:`Record`), an empty tuple *known to be none*. References are strings
annotated with :class:`Ref`.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from msgspec import Struct


class Ref(Struct, frozen=True):
    """A reference to an entity of one of these kinds; no kinds means any kind."""

    kinds: tuple[str, ...] = ()

    @property
    def wanted(self) -> str:
        """The kinds in words, for messages."""
        return " or ".join(self.kinds) if self.kinds else "any entity"


class AttributeRef(Struct, frozen=True):
    """A reference into the attribute dictionary; an undeclared attribute is legal."""

    wildcard: bool = False


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A mapping with known keys inside an entity.

    ``unknown`` names the fields said to be unknown ("asked, nobody knows"), as against left out;
    ``nothing`` names the single-valued fields said to be ``[]``, known to be none. All of them are None.
    """

    unknown: frozenset[str] = frozenset()
    nothing: frozenset[str] = frozenset()


FieldType: TypeAlias = Literal[
    "text", "string", "bool", "integer", "number", "rate", "duration", "latency", "share", "money", "date",
    "choice", "ref", "attribute", "record", "list", "mapping",
]  # fmt: skip


RecordClass: TypeAlias = "type[Record]"


class TypeSpec(Struct, frozen=True, kw_only=True):
    """The compiled type of a field, an item or a mapping's values."""

    type: FieldType
    choices: tuple[str, ...] = ()
    ref: Ref | None = None
    wildcard: bool = False
    record: RecordClass | None = None
    item: TypeSpec | None = None
    key: TypeSpec | None = None


class FieldSpec(Struct, frozen=True, kw_only=True):
    """One field: its key in YAML, its attribute in Python, its type and its meaning."""

    key: str
    attribute: str
    description: str
    spec: TypeSpec


_VALUE_TYPES: dict[str, FieldType] = {
    "Text": "text",
    "Number": "number",
    "Rate": "rate",
    "Duration": "duration",
    "Latency": "latency",
    "Share": "share",
    "Money": "money",
}


def shorthand_of(record: type[Record]) -> str | None:
    """The key that a bare value stands for in this record (``content: [account.balance]``), if any."""
    value = getattr(record, "shorthand", None)
    return value if isinstance(value, str) else None


_OWN = frozenset(("unknown", "nothing"))
"""What every record has besides its fields."""


@functools.cache
def fields_of(record: type[Record]) -> Mapping[str, FieldSpec]:
    """The fields of a record or entity by their YAML key, in the order of declaration."""
    hints: dict[str, Any] = {}
    for base in reversed(record.__mro__):  # real types, not texts: the modules of the model evaluate their annotations
        hints.update(vars(base).get("__annotations__", {}))
    specs: dict[str, FieldSpec] = {}
    for attribute in record.__struct_fields__:
        hint = hints[attribute]
        if isinstance(hint, str) and attribute not in _OWN:
            raise TypeError(f"{record.__name__}.{attribute}: its module must not `from __future__ import annotations`")
        if get_origin(hint) is not Annotated:  # `unknown`, and the id that is the entity's key
            continue
        inner, *extras = get_args(hint)
        key = attribute.rstrip("_")
        specs[key] = FieldSpec(key=key, attribute=attribute, description=extras[-1], spec=_compile(inner, *extras[:-1]))
    return specs


def _compile(hint: Any, *extras: Any) -> TypeSpec:
    """The TypeSpec of a type annotation (None stripped) and what it was annotated with."""
    for extra in extras:
        if isinstance(extra, Ref):
            return TypeSpec(type="ref", ref=extra)
        if isinstance(extra, AttributeRef):
            return TypeSpec(type="attribute", wildcard=extra.wildcard)
        if extra == "date":
            return TypeSpec(type="date")
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *inner_extras = get_args(hint)
        return _compile(inner, *inner_extras)
    if origin is Union or origin is types.UnionType:
        remaining = [part for part in get_args(hint) if part is not type(None)]
        return _compile(remaining[0])
    if origin is tuple:
        return TypeSpec(type="list", item=_compile(get_args(hint)[0]))
    if origin in (dict, Mapping) or origin is typing.get_origin(Mapping[str, str]):
        key, value = get_args(hint)
        return TypeSpec(type="mapping", key=_compile(key), item=_compile(value))
    if origin is Literal:
        return TypeSpec(type="choice", choices=tuple(get_args(hint)))
    simple: dict[Any, FieldType] = {str: "string", bool: "bool", int: "integer"}
    if hint in simple:
        return TypeSpec(type=simple[hint])
    if isinstance(hint, type) and hint.__name__ in _VALUE_TYPES:
        return TypeSpec(type=_VALUE_TYPES[hint.__name__])
    if isinstance(hint, type) and issubclass(hint, Record):
        return TypeSpec(type="record", record=hint)
    raise TypeError(f"no field type for {hint!r}")
