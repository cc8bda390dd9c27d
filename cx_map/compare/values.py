"""Typed values compared and written plainly.

Two quantities are the same when they have the same unit and differ by less than one part in a million, so
that ``1000/month`` written in another way is no change; a list without an order is a set.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from cx_map.model.fields import Record, TypeSpec, fields_of, shorthand_of
from cx_map.model.values import MONTH_SECONDS, SECONDS_PER, Duration, Latency, Money, Quantity, Rate, Text
from cx_map.states.shape import ORDERED, spec_of

TOLERANCE = 1e-6
"""Relative difference below which two numbers are one."""

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"
Rename: TypeAlias = "Callable[[str, TypeSpec], str]"
"""The id in the later state of an id in the earlier one, by the type of the reference."""


def same(before: Any, after: Any, spec: TypeSpec, rename: Rename, *, ordered: bool = False) -> bool:
    """Whether two values of a field mean the same; references in ``before`` are read under their new ids."""
    if before is None or after is None:
        return before is None and after is None
    if isinstance(before, Quantity):
        return _same_quantity(before, cast(Quantity, after))
    if isinstance(before, Duration):
        return before.business == after.business and _close(before.seconds, after.seconds)
    if isinstance(before, Latency):
        return all(
            (old is None) == (new is None) and (old is None or same(old, new, spec, rename))
            for old, new in ((before.p50, after.p50), (before.p95, after.p95))
        )
    if spec.type in ("ref", "attribute"):
        return bool(rename(before, spec) == after)
    if spec.type == "record":
        return _same_record(before, after, rename)
    if spec.type == "list":
        return _same_list(before, after, cast(TypeSpec, spec.item), rename, ordered=ordered)
    if spec.type == "mapping":
        key = cast(TypeSpec, spec.key)
        renamed = {
            rename(name, key) if key.type in ("ref", "attribute") else name: value for name, value in before.items()
        }
        item = cast(TypeSpec, spec.item)
        return renamed.keys() == after.keys() and all(
            same(value, after[name], item, rename) for name, value in renamed.items()
        )
    return bool(before == after)


def _close(before: float, after: float) -> bool:
    return math.isclose(before, after, rel_tol=TOLERANCE, abs_tol=1e-12)


def _same_quantity(before: Quantity, after: Quantity) -> bool:
    if before.basis != after.basis or before.as_of != after.as_of:
        return False
    if isinstance(before, Rate) and isinstance(after, Rate) and not _close(before.per, after.per):
        return False
    if isinstance(before, Money) and isinstance(after, Money) and before.currency != after.currency:
        return False
    ends = ((before.value, after.value), (before.low, after.low), (before.high, after.high))
    return all((old is None) == (new is None) and (old is None or new is None or _close(old, new)) for old, new in ends)


def _same_record(before: Record, after: Record, rename: Rename) -> bool:
    if before.unknown != after.unknown or before.nothing != after.nothing:
        return False
    cls = type(before)
    return all(
        same(
            getattr(before, one.attribute),
            getattr(after, one.attribute),
            spec_of(cls, one.key) or one.spec,
            rename,
            ordered=(cls, one.key) in ORDERED,
        )
        for one in fields_of(cls).values()
    )


def _same_list(before: Sequence[Any], after: Sequence[Any], item: TypeSpec, rename: Rename, *, ordered: bool) -> bool:
    if not ordered and item.type not in ("record", "list", "mapping"):
        return _as_set(before, item, rename) == _as_set(after, item, lambda name, _: name)
    if len(before) != len(after):
        return False
    if ordered:
        return all(same(old, new, item, rename) for old, new in zip(before, after, strict=True))
    rest = list(after)
    for old in before:
        found = next((at for at, new in enumerate(rest) if same(old, new, item, rename)), None)
        if found is None:
            return False
        del rest[found]
    return True


def _as_set(values: Sequence[Any], item: TypeSpec, rename: Rename) -> frozenset[Hashable]:
    if item.type in ("ref", "attribute"):
        return frozenset(rename(value, item) for value in values)
    return frozenset(values)


def plain(value: Any, spec: TypeSpec, *, ordered: bool = False) -> Plain:
    """A typed value as JSON can hold it, in the short form where nothing is lost."""
    if value is None:
        return None
    if isinstance(value, Quantity):
        return _plain_quantity(value)
    if isinstance(value, Duration):
        return value.written or f"{value.seconds:g}s"
    if isinstance(value, Latency):
        if value.p50 is not None and value.p50 == value.p95:
            return plain(value.p50, spec)
        return {name: plain(one, spec) for name, one in (("p50", value.p50), ("p95", value.p95)) if one is not None}
    if isinstance(value, Text):
        texts = dict(value.by_language)
        return texts[""] if set(texts) == {""} else cast("dict[str, Plain]", dict(sorted(texts.items())))
    if isinstance(value, Record):
        return _plain_record(value)
    if isinstance(value, Mapping):
        item = cast(TypeSpec, spec.item)
        return {str(name): plain(value[name], item) for name in sorted(value)}
    if isinstance(value, tuple):
        item = cast(TypeSpec, spec.item)
        items = [plain(one, item) for one in value]
        return items if ordered else sorted(items, key=_sort_key)
    return cast(Plain, value)


def _sort_key(value: Plain) -> tuple[str, str]:
    import json

    return (type(value).__name__, json.dumps(value, sort_keys=True, ensure_ascii=False))


def _plain_quantity(value: Quantity) -> Plain:
    bare = _bare(value, value.value)
    if value.low is None and value.high is None and value.basis is None and value.as_of is None:
        return bare
    parts: dict[str, Plain] = {"value": bare}
    for name, number in (("low", value.low), ("high", value.high)):
        if number is not None:
            parts[name] = _bare(value, number)
    if value.basis is not None:
        parts["basis"] = value.basis
    if value.as_of is not None:
        parts["as_of"] = value.as_of
    return parts


def _bare(quantity: Quantity, number: float) -> Plain:
    if isinstance(quantity, Rate):
        return f"{_number(number * quantity.per / MONTH_SECONDS)}/{_period(quantity.per)}"
    if isinstance(quantity, Money):
        return f"{_number(number)} {quantity.currency}"
    return _number(number)


def _number(value: float) -> int | float:
    rounded = float(f"{value:.9g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def _period(seconds: float) -> str:
    for name, length in SECONDS_PER.items():
        if _close(length, seconds):
            return name
    return f"{_number(seconds)}s" if seconds < 60 or seconds % 60 else f"{_number(seconds / 60)}m"


def _plain_record(value: Record) -> Plain:
    cls = type(value)
    parts: dict[str, Plain] = {}
    for one in fields_of(cls).values():
        state = field_plain(value, one.key)
        if state is not None:
            parts[one.key] = state
    shorthand = shorthand_of(cls)
    if shorthand is not None and set(parts) == {shorthand}:
        only = parts[shorthand]
        return (
            only[0]
            if isinstance(only, list) and len(only) == 1
            else only
            if not isinstance(only, (list, dict))
            else parts
        )
    return parts


def field_plain(record: Record, key: str) -> Plain:
    """A field as JSON: its value, ``"unknown"`` where nobody knows, ``[]`` for known to be none, None where left out."""
    one = fields_of(type(record))[key]
    if one.attribute in record.unknown:
        return "unknown"
    if one.attribute in record.nothing:
        return []
    return plain(getattr(record, one.attribute), one.spec, ordered=(type(record), one.key) in ORDERED)
