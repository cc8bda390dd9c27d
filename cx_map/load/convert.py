"""Raw entities to typed ones: every value checked against the model's own field declarations.

One parser is compiled for each declared type; all of them report to a :class:`Context` and go on, so that
one run finds every error. O(number of values).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

import msgspec
from msgspec import Struct

from cx_map.errors import Problem
from cx_map.load import quantities
from cx_map.load.hints import article, did_you_mean, in_words
from cx_map.load.limits import MAX_HINTS, MAX_PROBLEMS
from cx_map.load.quantities import describe
from cx_map.load.reader import written
from cx_map.model.entity import Entity
from cx_map.model.fields import Record, Ref, TypeSpec, fields_of, shorthand_of
from cx_map.model.inventory import RawEntity, SourceFile, locate
from cx_map.model.kinds import singular
from cx_map.model.source import Map, Raw, Seq
from cx_map.model.values import (
    BASES,
    Duration,
    Latency,
    Money,
    Number,
    Quantity,
    Rate,
    Share,
    Text,
)

UNKNOWN = "unknown"
INVALID = object()
"""What a parser returns after it has reported a problem."""

R = TypeVar("R", bound=Record)
Parser = Callable[[Raw, int, int, "Context"], Any]


class Reference(Struct):
    """A reference met while converting, to be resolved when all entities are known."""

    target: str
    ref: Ref
    start: int
    end: int


class Context(Struct):
    """Collects problems and references while entities are converted."""

    files: tuple[SourceFile, ...]
    currency: str | None = None
    problems: list[Problem] = []
    references: list[Reference] = []
    amounts: list[tuple[str, int, int]] = []

    hints: int = 0

    def problem(self, code: str, message: str, start: int, end: int | None = None, hint: str = "") -> Any:
        """Report a problem at a place; returns INVALID for the caller to pass on."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(code, message, locate(self.files, start, end), hint))
        return INVALID

    def hint(self, word: str, candidates: Iterable[str]) -> str:
        """What may have been meant, for the first errors only: the search is not free."""
        self.hints += 1
        return did_you_mean(word, candidates) if self.hints <= MAX_HINTS else ""


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
                _unknown_key(written(key), cls, marks[at], context)
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


def _unknown_key(key: str, cls: type[Record], key_mark: int, context: Context) -> None:
    if key in fields_of(cls):  # it stands twice, which the reader has reported
        return
    kind = getattr(cls, "kind", "")
    what = singular(kind) if kind else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).lower()
    hint = context.hint(key, fields_of(cls))
    if not hint and key == "id":
        hint = "the id is the key that the fields stand under"
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
        return _choice_parser(spec.choices)
    if spec.type == "ref":
        return _ref_parser(cast(Ref, spec.ref))
    if spec.type == "attribute":
        return _attribute_parser(spec.wildcard)
    return _SIMPLE[spec.type]


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
            if key.startswith("x-"):
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


def _choice_parser(choices: tuple[str, ...]) -> Parser:
    known = {choice: choice for choice in choices}

    def parse(raw: Raw, start: int, end: int, context: Context) -> Any:
        if isinstance(raw, str) and raw in known:
            return known[raw]
        near = "" if isinstance(raw, (Map, Seq)) else context.hint(str(raw).lower(), choices)
        if len(choices) == 1:
            return context.problem(
                "CX005", f"{describe(raw)} is not possible here", start, end, f"the only value is `{choices[0]}`"
            )
        allowed = f"one of {', '.join(choices)}"
        if near:
            return context.problem("CX005", f"{describe(raw)} is not {allowed}", start, end, near)
        return context.problem("CX005", f"{describe(raw)} is not possible here", start, end, f"write {allowed}")

    return parse


def _ref_parser(ref: Ref) -> Parser:
    def parse(raw: Raw, start: int, end: int, context: Context) -> Any:
        name = _scalar_text(raw)
        if name is None:
            return context.problem(
                "CX005", f"expected the id of {in_words(ref.kinds)}, found {describe(raw)}", start, end, _unquoted(raw)
            )
        context.references.append(Reference(name, ref, start, end))
        return name

    return parse


def _attribute_parser(wildcard: bool) -> Parser:
    def parse(raw: Raw, start: int, end: int, context: Context) -> Any:
        name = _scalar_text(raw)
        if name is None or (name == "*" and not wildcard):
            hint = "name the attributes: only a flow's `carries` takes all" if name else _unquoted(raw)
            return context.problem("CX005", f"expected the id of an attribute, found {describe(raw)}", start, end, hint)
        return name

    return parse


def _scalar_text(raw: Raw) -> str | None:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool) or raw is None or isinstance(raw, (Map, Seq)):
        return None
    return str(raw)


def _unquoted(raw: Raw) -> str:
    """The next step where a mapping or truth value stands for a text."""
    if isinstance(raw, Map):
        return 'quote a text with a colon: "like: this"'
    if isinstance(raw, Seq):
        return "write one value, not a list"
    return f'quote it: "{describe(raw)}"' if isinstance(raw, bool) else ""


def _string(raw: Raw, start: int, end: int, context: Context) -> Any:
    text = _scalar_text(raw)
    if text is None:
        return context.problem("CX005", f"expected a text, found {describe(raw)}", start, end, _unquoted(raw))
    return text


def _text(raw: Raw, start: int, end: int, context: Context) -> Any:
    if not isinstance(raw, Map):
        text = _string(raw, start, end, context)
        return INVALID if text is INVALID else Text((("", text),))
    pairs = []
    for stored, value, key_mark, begin, finish in raw.entries():
        code = written(stored)
        if code.startswith("x-"):
            continue
        if not (2 <= len(code.split("-")[0]) <= 3 and code.replace("-", "").isalnum() and code.isascii()):
            context.problem("CX005", f"{describe(code)} is not a language code (BCP 47), such as en, uk or pt-BR", key_mark,
                            key_mark + len(code), 'quote a text with a colon: "like: this"')  # fmt: skip
            continue
        if value is not None:
            text = _string(value, begin, finish, context)
            if text is not INVALID:
                pairs.append((code, text))
    if not raw:
        return context.problem(
            "CX005", "expected a text, found an empty mapping", start, end, "write the text, or leave the field out"
        )
    return Text(tuple(sorted(pairs))) if pairs else INVALID


_YES_NO = {"yes": "true", "no": "false", "on": "true", "off": "false", "y": "true", "n": "false"}


def _bool(raw: Raw, start: int, end: int, context: Context) -> Any:
    if isinstance(raw, bool):
        return raw
    hint = f"write {_YES_NO[raw.lower()]}" if isinstance(raw, str) and raw.lower() in _YES_NO else "write true or false"
    return context.problem("CX005", f"expected true or false, found {describe(raw)}", start, end, hint)


def _integer(raw: Raw, start: int, end: int, context: Context) -> Any:
    if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0:
        return raw
    return context.problem(
        "CX005", f"expected a whole number from 0, found {describe(raw)}", start, end, "write it in digits: 1"
    )


def _scalar_value(convert_scalar: Callable[[Any], Any]) -> Parser:
    def parse(raw: Raw, start: int, end: int, context: Context) -> Any:
        if isinstance(raw, (Map, Seq)):
            return context.problem(
                "CX005", f"expected a single value, found {describe(raw)}", start, end, "write one value"
            )
        try:
            return convert_scalar(raw)
        except ValueError as error:
            return _refused(error, start, end, context)

    return parse


def _refused(error: ValueError, start: int, end: int, context: Context) -> Any:
    """Report what a reader of quantities says: what is wrong; what to write."""
    message, _, hint = str(error).partition("; ")
    return context.problem("CX005", message, start, end, hint)


_duration = _scalar_value(quantities.duration)
_date = _scalar_value(quantities.date)


def _latency(raw: Raw, start: int, end: int, context: Context) -> Any:
    if not isinstance(raw, Map):
        one = _duration(raw, start, end, context)
        return INVALID if one is INVALID else Latency(p50=one, p95=one)
    values: dict[str, Duration] = {}
    for key, value, key_mark, begin, finish in raw.entries():
        if key not in ("p50", "p95"):
            if not key.startswith("x-") and written(key) == key:
                context.problem("CX002", f"unknown field {describe(key)} in a latency", key_mark, key_mark + len(key),
                                "write a duration, or {p50: 2m, p95: 10m}")  # fmt: skip
            continue
        if value is None or value == UNKNOWN:
            continue
        parsed = _duration(value, begin, finish, context)
        if parsed is not INVALID:
            values[key] = parsed
    if not raw:
        return context.problem(
            "CX005", "expected a duration, found an empty mapping", start, end, "write 2m, or {p50: 2m, p95: 10m}"
        )
    return Latency(**values) if values else INVALID


def _quantity(
    cls: type[Quantity], one: Callable[[Any, Context], dict[str, Any]], extra: tuple[str, ...] = ()
) -> Parser:
    keys = ("value", "low", "high", "basis", "as_of", *extra)

    def parse(raw: Raw, start: int, end: int, context: Context) -> Any:
        if isinstance(raw, Seq):
            return context.problem(
                "CX005",
                "expected one number, found a list",
                start,
                end,
                "write one number, or {value: 3, low: 2, high: 4}",
            )
        if not isinstance(raw, Map):
            return _one(raw, start, end, context)
        if raw.get("value", "") in (UNKNOWN, None):
            return context.problem(
                "CX005",
                "a number in long form needs its `value`",
                start,
                end,
                "write `unknown` in place of the mapping",
            )
        if "value" not in raw:
            first = next(iter(raw), "")
            hint = "" if first in keys else context.hint(first, keys)
            hint = hint or "write {value: 120000, basis: estimated}"
            return context.problem("CX005", "a number in long form needs `value`", start, end, hint)
        return _long(raw, start, end, context)

    def _one(raw: Raw, start: int, end: int, context: Context) -> Any:
        try:
            quantity = cls(**one(raw, context))
        except ValueError as error:
            return _refused(error, start, end, context)
        if isinstance(quantity, Money):
            context.amounts.append((quantity.currency, start, end))
        return quantity

    def _long(raw: Map, start: int, end: int, context: Context) -> Any:
        parts: dict[str, Any] = {}
        meta: dict[str, Any] = {}
        suffix = _long_suffix(raw, extra)
        for key, value, key_mark, begin, finish in raw.entries():
            if key not in keys:
                if not key.startswith("x-") and written(key) == key:
                    context.problem("CX002", f"unknown field {describe(key)} in a number", key_mark, key_mark + len(key),
                                    context.hint(key, keys) or f"its fields: {', '.join(keys)}")  # fmt: skip
                continue
            if value is None or (value == UNKNOWN and key != "value"):
                continue
            if key == "basis":
                meta[key] = _choice_parser(BASES)(value, begin, finish, context)
            elif key == "as_of":
                meta[key] = _date(value, begin, finish, context)
            elif key not in extra:
                if isinstance(value, (Map, Seq)):
                    context.problem(
                        "CX005", f"expected a number, found {describe(value)}", begin, finish, "write one number"
                    )
                    continue
                has_unit = isinstance(value, bool) or (
                    isinstance(value, str) and ("/" in value or value[-1:].isalpha())
                )
                parts[key] = _one(value if has_unit or not suffix else f"{value}{suffix}", begin, finish, context)
        if INVALID in parts.values() or "value" not in parts:
            return INVALID
        main = parts["value"]
        changes = {key: part.value for key, part in parts.items() if key != "value"}
        low, high = changes.get("low", main.value), changes.get("high", main.value)
        if not low <= main.value <= high:
            return context.problem(
                "CX005", "the range does not hold the value", start, end, "check that low <= value <= high"
            )
        changes.update({key: value for key, value in meta.items() if value is not INVALID})
        return msgspec.structs.replace(main, **changes)

    return parse


def _long_suffix(raw: Map, extra: tuple[str, ...]) -> str:
    if "per" in extra and isinstance(raw.get("per"), str):
        return f"/{raw['per']}"
    if "currency" in extra and isinstance(raw.get("currency"), str):
        return f" {raw['currency']}"
    return ""


def _rate_parts(raw: Any, _: Context) -> dict[str, Any]:
    value, per = quantities.rate(raw)
    return {"value": value, "per": per, "written": str(raw)}


def _money_parts(raw: Any, context: Context) -> dict[str, Any]:
    amount, currency = quantities.money(raw, context.currency)
    return {"value": amount, "currency": currency}


_SIMPLE: dict[str, Parser] = {
    "text": _text,
    "string": _string,
    "bool": _bool,
    "integer": _integer,
    "duration": _duration,
    "date": _date,
    "latency": _latency,
    "number": _quantity(Number, lambda raw, _: {"value": quantities.number(raw)}),
    "share": _quantity(Share, lambda raw, _: {"value": quantities.share(raw)}),
    "rate": _quantity(Rate, _rate_parts, ("per",)),
    "money": _quantity(Money, _money_parts, ("currency",)),
}

__all__ = ["INVALID", "UNKNOWN", "Context", "Reference", "convert", "did_you_mean", "parser_for", "record_values"]
