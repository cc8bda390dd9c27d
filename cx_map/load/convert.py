"""Raw entities to typed ones: every value checked against the model's own field declarations.

One parser is compiled for each declared type; all of them report to a :class:`Context` and go on, so that
one run finds every error. O(number of values).
"""

from __future__ import annotations

import functools
import re
from typing import Any, TypeVar, cast

from cx_map.load.context import INVALID, UNKNOWN, Context, Parser
from cx_map.load.hints import article
from cx_map.load.quantities import describe
from cx_map.load.reader import written
from cx_map.load.value_parsers import SIMPLE, attribute_parser, choice_parser, ref_parser
from cx_map.model.entity import Entity
from cx_map.model.fields import Record, Ref, TypeSpec, fields_of, shorthand_of
from cx_map.model.inventory import RawEntity
from cx_map.model.kinds import SINGLE_KINDS, singular
from cx_map.model.source import Map, Raw, Seq

R = TypeVar("R", bound=Record)


def convert(raw: RawEntity, cls: type[R], context: Context) -> R:
    """A typed entity from a raw one; fields with problems are left out and reported."""
    values = record_values(raw.fields, cls, context)
    if issubclass(cls, Entity) and raw.id:
        values["id"] = raw.id
    return cls(**values)


def record_values(fields: Map, cls: type[Record], context: Context) -> dict[str, Any]:
    """The attribute values of a record from its raw mapping."""
    parsers = _parsers_of(cls)
    values: dict[str, Any] = {}
    unknown: list[str] = []
    nothing: list[str] = []
    marks = fields.marks
    at = -3
    for key, value in fields.items():
        at += 3
        found = parsers.get(key)
        if found is None:
            if not key.startswith("x-"):
                _unknown_key(written(key), value, cls, marks[at], context)
            continue
        if value is None:
            continue
        attribute, parse, many = found
        if value == UNKNOWN:
            unknown.append(attribute)
            continue
        if isinstance(value, Seq):
            if not value and not many:
                nothing.append(attribute)
                continue
            if len(value) == 1 and value[0] == UNKNOWN:
                unknown.append(attribute)
                continue
        parsed = parse(value, marks[at + 1], marks[at + 2], context)
        if parsed is not INVALID:
            values[attribute] = parsed
    if unknown:
        values["unknown"] = frozenset(unknown)
    if nothing:
        values["nothing"] = frozenset(nothing)
    return values


def _unknown_key(key: str, value: Raw, cls: type[Record], key_mark: int, context: Context) -> None:
    if key in fields_of(cls):  # it stands twice, which the reader has reported
        return
    kind = getattr(cls, "kind", "")
    what = singular(kind) if kind else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).lower()
    hint = context.hint(key, fields_of(cls))
    if not hint and key == "id":
        hint = "the id is the key that the fields stand under"
    if kind in SINGLE_KINDS and isinstance(value, Map) and any(name in fields_of(cls) for name in value):
        hint = f"there is one {what} and it has no id: write its fields directly under `{kind}`"
    if not hint:
        names = list(fields_of(cls))
        hint = (
            f"its fields: {', '.join(names)}"
            if len(names) <= 8
            else "`cxmap schema inventory` lists the fields; own keys start with `x-`"
        )
    context.problem(
        "CX002", f"{article(what)} {what} has no field {describe(key)}", key_mark, key_mark + len(key), hint
    )


@functools.cache
def _parsers_of(cls: type[Record]) -> dict[str, tuple[str, Parser, bool]]:
    """By YAML key: the Python attribute, its parser, and whether it takes several values."""
    return {
        key: (field_spec.attribute, parser_for(field_spec.spec), field_spec.spec.type in ("list", "mapping"))
        for key, field_spec in fields_of(cls).items()
    }


@functools.cache
def parser_for(spec: TypeSpec) -> Parser:
    """The parser of a declared type."""
    if spec.type == "list":
        return _list_parser(parser_for(cast(TypeSpec, spec.item)))
    if spec.type == "mapping":
        return _mapping_parser(parser_for(cast(TypeSpec, spec.key)), parser_for(cast(TypeSpec, spec.item)))
    if spec.type == "record":
        return _record_parser(cast("type[Record]", spec.record))
    if spec.type == "choice":
        return choice_parser(spec.choices)
    if spec.type == "ref":
        return ref_parser(cast(Ref, spec.ref))
    if spec.type == "attribute":
        return attribute_parser(spec.wildcard)
    return SIMPLE[spec.type]


def _list_parser(item: Parser) -> Parser:
    def parse(raw: Raw, start: int, end: int, context: Context) -> Any:
        if not isinstance(raw, Seq):
            single = item(raw, start, end, context)
            return INVALID if single is INVALID else (single,)
        items = []
        marks = raw.marks
        at = -2
        for value in raw:
            at += 2
            if value is None:
                context.problem(
                    "CX005",
                    "an empty list item",
                    marks[at],
                    marks[at + 1],
                    "remove it, or write [] for known to be none",
                )
                continue
            if value == UNKNOWN:
                context.problem("CX005", "'unknown' stands for a whole field, not for one item of a list", marks[at], marks[at + 1],
                                "leave the item out, or write the field as `unknown`")  # fmt: skip
                continue
            parsed = item(value, marks[at], marks[at + 1], context)
            if parsed is not INVALID:
                items.append(parsed)
        return tuple(items)

    return parse


def _mapping_parser(key_parser: Parser, item: Parser) -> Parser:
    def parse(raw: Raw, start: int, end: int, context: Context) -> Any:
        if not isinstance(raw, Map):
            return context.problem(
                "CX005", f"expected a mapping, found {describe(raw)}", start, end, "write {one: value, another: value}"
            )
        result = {}
        for stored, value, key_mark, begin, finish in raw.entries():
            key = written(stored)
            if key.startswith("x-") and key not in context.ids:
                continue
            name = key_parser(key, key_mark, key_mark + len(key), context)
            if value is None or value == UNKNOWN:
                continue
            parsed = item(value, begin, finish, context)
            if parsed is not INVALID and name is not INVALID:
                result[name] = parsed
        return result

    return parse


def _record_parser(cls: type[Record]) -> Parser:
    shorthand = shorthand_of(cls)

    def parse(raw: Raw, start: int, end: int, context: Context) -> Any:
        if isinstance(raw, Map):
            if shorthand is not None and _is_shorthand_mapping(raw, cls):
                return _shorthand(raw, start, end, context)
            return cls(**record_values(raw, cls, context))
        if shorthand is not None and not isinstance(raw, Seq):
            return _shorthand(raw, start, end, context)
        names = list(fields_of(cls))
        keys = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
        return context.problem(
            "CX005", f"expected a mapping of fields, found {describe(raw)}", start, end, f"its fields: {keys}"
        )

    def _shorthand(raw: Raw, start: int, end: int, context: Context) -> Any:
        attribute, parser, _ = _parsers_of(cls)[cast(str, shorthand)]
        value = parser(raw, start, end, context)
        return INVALID if value is INVALID else cls(**{attribute: value})

    return parse


def _is_shorthand_mapping(raw: Map, cls: type[Record]) -> bool:
    """A mapping of languages where the shorthand is a text (``trigger: {en: ...}``)."""
    shorthand = cast(str, shorthand_of(cls))
    fields = fields_of(cls)
    return fields[shorthand].spec.type == "text" and bool(raw) and not any(key in fields or key.startswith("x-") for key in raw) \
        and all(2 <= len(key.split("-")[0]) <= 3 and key.isascii() for key in raw)  # fmt: skip
