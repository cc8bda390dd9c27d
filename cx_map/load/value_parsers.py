"""Parsers of single values: choices, references, texts, numbers with units.

Each takes a raw value with its marks, reports what is wrong to the context, and returns INVALID then.

Longer than most modules: one parser for each type of value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from cx_map.load import quantities
from cx_map.load.context import INVALID, UNKNOWN, Context, Parser, Reference
from cx_map.load.hints import in_words
from cx_map.load.quantities import describe
from cx_map.load.reader import written
from cx_map.model.fields import Ref
from cx_map.model.source import Map, Raw, Seq
from cx_map.model.values import BASES, Duration, Latency, Money, Number, Quantity, Rate, Share, Text


def choice_parser(choices: tuple[str, ...]) -> Parser:
    """One of some words; a near one is suggested."""
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


def ref_parser(ref: Ref) -> Parser:
    """The id of an entity, kept in the context to be resolved later."""

    def parse(raw: Raw, start: int, end: int, context: Context) -> Any:
        name = scalar_text(raw)
        if name is None:
            return context.problem(
                "CX005", f"expected the id of {in_words(ref.kinds)}, found {describe(raw)}", start, end, _unquoted(raw)
            )
        context.references.append(Reference(name, ref, start, end))
        return name

    return parse


def attribute_parser(wildcard: bool) -> Parser:
    """The id of an attribute; ``*`` where ``wildcard``."""

    def parse(raw: Raw, start: int, end: int, context: Context) -> Any:
        name = scalar_text(raw)
        if name is None or (name == "*" and not wildcard):
            hint = "name the attributes: only a flow's `carries` takes all" if name else _unquoted(raw)
            return context.problem("CX005", f"expected the id of an attribute, found {describe(raw)}", start, end, hint)
        return name

    return parse


def scalar_text(raw: Raw) -> str | None:
    """A text or number as it was written; None for anything else."""
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
    text = scalar_text(raw)
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
    if len(values) == 2 and values["p95"].seconds < values["p50"].seconds:
        return context.problem(
            "CX005", f"the p95 of {values['p95'].written} is less than the p50 of {values['p50'].written}", start, end,
            "p50 is the median, p95 what 95 of 100 keep within; swap them",
        )  # fmt: skip
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
                meta[key] = choice_parser(BASES)(value, begin, finish, context)
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


SIMPLE: dict[str, Parser] = {
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
