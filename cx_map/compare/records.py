"""The fields in which two entities or records differ, items of lists found by their names and not by position."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from cx_map.compare.align import aligned
from cx_map.compare.links import Links
from cx_map.compare.values import Plain, Rename, field_plain, plain, same
from cx_map.model.fields import FieldSpec, Record, TypeSpec, fields_of
from cx_map.states.shape import ORDERED, item_key, spec_of


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs. ``field`` is its path (``routes[email].share``); None means left out.

    ``lost`` says that something was taken away (the field was unset, a list or mapping lost an item),
    ``gained`` that something came.
    """

    field: str
    before: Plain
    after: Plain
    lost: bool = False
    gained: bool = False

    @property
    def root(self) -> str:
        """The entity's own field that holds it."""
        return re.split(r"[.\[]", self.field, maxsplit=1)[0]


def entity_changes(before: Record, after: Record, rename: Rename) -> Iterator[FieldChange]:
    """Every field in which two entities of one class differ in meaning."""
    return record_changes(*aligned(before, after, rename), rename)


def record_changes(before: Record, after: Record, rename: Rename, path: str = "") -> Iterator[FieldChange]:
    """Every field in which two records of one class differ, in the order of declaration. O(values)."""
    cls = type(before)
    for one in fields_of(cls).values():
        old, new = getattr(before, one.attribute), getattr(after, one.attribute)
        marks = (_mark(before, one), _mark(after, one))
        ordered = (cls, one.key) in ORDERED
        spec = spec_of(cls, one.key) or one.spec
        if marks[0] == marks[1] and same(old, new, spec, rename, ordered=ordered):
            continue
        name = f"{path}.{one.key}" if path else one.key
        inside = _inside(old, new, spec, rename, name, ordered=ordered) if old is not None and new is not None else None
        if inside is not None:
            yield from inside
        else:
            lost, gained = _balance(old, new, spec, rename)
            yield FieldChange(name, field_plain(before, one.key), field_plain(after, one.key), lost, gained)


def lost_fields(old: Record, new: Record, links: Links) -> frozenset[str]:
    """The fields from which something was taken away that no operator replaced."""
    if links.turned:
        return frozenset(one.root for one in entity_changes(new, old, links.follow) if one.gained)
    return frozenset(one.root for one in entity_changes(old, new, links.follow) if one.lost)


def _mark(record: Record, one: FieldSpec) -> str:
    return "unknown" if one.attribute in record.unknown else "nothing" if one.attribute in record.nothing else ""


def _inside(
    old: Any, new: Any, spec: TypeSpec, rename: Rename, name: str, *, ordered: bool
) -> Iterator[FieldChange] | None:
    """The differences inside a value that has named parts, or None where the value is shown whole."""
    if spec.type == "record":
        return record_changes(old, new, rename, name)
    if spec.type == "mapping":
        return _mapping_changes(old, new, spec, rename, name)
    item = spec.item
    if spec.type == "list" and not ordered and item is not None and item.type == "record":
        return _item_changes(old, new, item, rename, name)
    return None


def _mapping_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], spec: TypeSpec, rename: Rename, path: str
) -> Iterator[FieldChange]:
    key, item = cast(TypeSpec, spec.key), cast(TypeSpec, spec.item)
    renamed = {rename(name, key) if key.type in ("ref", "attribute") else name: value for name, value in old.items()}
    for name in sorted({*renamed, *new}):
        before, after = renamed.get(name), new.get(name)
        if not same(before, after, item, rename):
            yield FieldChange(f"{path}[{name}]", plain(before, item), plain(after, item), after is None, before is None)


def _item_changes(
    old: Sequence[Record], new: Sequence[Record], item: TypeSpec, rename: Rename, path: str
) -> Iterator[FieldChange]:
    left, right = _by_name(old, rename), _by_name(new, lambda name, _: name)
    for name in sorted({*left, *right}):
        befores, afters = _unmatched(left.get(name, []), right.get(name, []), item, rename)
        for number in range(max(len(befores), len(afters))):
            place = f"{path}[{name}]" if number == 0 else f"{path}[{name}#{number + 1}]"
            if number >= len(afters):
                yield FieldChange(place, plain(befores[number], item), None, lost=True)
            elif number >= len(befores):
                yield FieldChange(place, None, plain(afters[number], item), gained=True)
            else:
                yield from record_changes(befores[number], afters[number], rename, place)


def _unmatched(
    old: list[Record], new: list[Record], item: TypeSpec, rename: Rename
) -> tuple[list[Record], list[Record]]:
    """The items of one name without those that are on both sides, in an order that does not depend on position."""
    rest = list(new)
    left = []
    for one in old:
        twin = next((at for at, other in enumerate(rest) if same(one, other, item, rename)), None)
        if twin is None:
            left.append(one)
        else:
            del rest[twin]
    return sorted(left, key=lambda one: repr(plain(one, item))), sorted(rest, key=lambda one: repr(plain(one, item)))


def _by_name(items: Sequence[Record], rename: Rename) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for item in items:
        groups.setdefault(item_name(item, rename), []).append(item)
    return groups


def item_name(item: Record, rename: Rename) -> str:
    """What an item of a list is called: its id, or what it is about (the attribute, team, channel...)."""
    fields = fields_of(type(item))
    for key in item_key(type(item)):
        value = getattr(item, fields[key].attribute)
        if value is None:
            continue
        spec = fields[key].spec
        if isinstance(value, tuple):
            inner = cast(TypeSpec, spec.item)
            return "|".join(
                sorted(rename(str(one), inner) if inner.type in ("ref", "attribute") else str(one) for one in value)
            )
        return rename(value, spec) if spec.type in ("ref", "attribute") else str(value)
    return "?"


def _balance(old: Any, new: Any, spec: TypeSpec, rename: Rename) -> tuple[bool, bool]:
    """Whether something was taken away, and whether something came."""
    if old is None or new is None:
        return (old is not None and old != (), new is not None and new != ())
    if spec.type != "list":
        return False, False
    item = cast(TypeSpec, spec.item)
    lost = any(not any(same(one, other, item, rename) for other in new) for one in old)
    gained = any(not any(same(other, one, item, rename) for other in old) for one in new)
    return lost, gained
