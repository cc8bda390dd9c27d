"""References rewritten: every mention of an id that the field declarations call a reference, and no other word.

Works on raw fields, because these keep their places and are what is converted again. What does not change
is returned as the same object, so that unchanged entities are recognised. O(values) an entity.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, cast

from cx_map.model.chapter_map import Communication
from cx_map.model.chapter_service import RoutingRule
from cx_map.model.fields import Record, TypeSpec, fields_of, shorthand_of
from cx_map.model.inventory import RawEntity
from cx_map.model.kinds import KINDS
from cx_map.model.source import Map, Raw, Seq
from cx_map.states.shape import LOOSE_CONDITIONS, ORDERED, canonical, spec_of, text_of


class _Gone:
    """The mark of a reference that would point from a thing to itself."""


GONE: Final = _Gone()
Rewritten: TypeAlias = "Raw | _Gone"


@dataclass(frozen=True, slots=True)
class Renames:
    """Old ids to new ones by namespace, and the kind of each old entity.

    An attribute takes those below it along (``subtree``): when ``address`` is renamed, so is ``address.city``.
    """

    entities: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    subtree: bool = False

    def of(self, name: str, spec: TypeSpec) -> str | None:
        """The new id for a reference of this type, or None where it stays."""
        if spec.type == "attribute":
            return self.attribute(name)
        kinds = spec.ref.kinds if spec.ref is not None else ()
        if kinds == ("references",):
            return self.references.get(name)
        if kinds and self.kinds.get(name) not in kinds:  # a plain word that happens to be an id of another kind
            return None
        return self.entities.get(name)

    def attribute(self, name: str) -> str | None:
        """The new id of an attribute, or None where it stays."""
        found = self.attributes.get(name)
        if found is not None or not self.subtree:
            return found
        head = name
        while "." in head:
            head = head.rpartition(".")[0]
            if head in self.attributes:
                return self.attributes[head] + name[len(head) :]
        return None


def rewrite(raw: RawEntity, renames: Renames, own: str | None = None) -> RawEntity:
    """An entity with its references rewritten; the same object where none was.

    ``own`` is the entity's id where others become *it*: what would then refer to itself is left out.
    """
    fields = _Rewriter(renames, own).fields(raw.fields, KINDS[raw.kind], top=True)
    if fields is raw.fields or isinstance(fields, _Gone):
        return raw
    return RawEntity(raw.kind, raw.id, fields, raw.mark, raw.end)


def _bears(spec: TypeSpec | None) -> bool:
    """Whether values of this type can hold references."""
    if spec is None:
        return False
    if spec.type in ("ref", "attribute"):
        return True
    if spec.type == "record":
        return bool(bearing(cast("type[Record]", spec.record)))
    return _bears(spec.item) or _bears(spec.key)


@functools.cache
def bearing(cls: type[Record]) -> Mapping[str, TypeSpec]:
    """The fields of a record that can hold references, loose ones included."""
    found = {key: spec_of(cls, key) for key in fields_of(cls)}
    return {key: spec for key, spec in found.items() if spec is not None and _bears(spec)}


class _Rewriter:
    def __init__(self, renames: Renames, own: str | None) -> None:
        self.renames = renames
        self.own = own

    def fields(self, fields: Map, cls: type[Record], *, top: bool = False) -> Map | _Gone:
        specs = bearing(cls)
        copy: Map | None = None
        for key, value in fields.items():
            new: Rewritten = value
            if cls is Communication and key == "routes" and value is not None:
                from cx_map.states.routes import rewritten_routes

                new = rewritten_routes(value, self.fields)
            elif cls is RoutingRule and key == "when" and isinstance(value, Map):
                new = self._conditions(value)
            elif key in specs and value is not None:
                new = self.value(value, specs[key], top=top, ordered=(cls, key) in ORDERED)
            if new is value:
                continue
            if isinstance(new, _Gone):
                if not top:
                    return GONE
                copy = copy if copy is not None else fields.copy()
                copy.drop(key)
                continue
            copy = copy if copy is not None else fields.copy()
            copy[key] = new
        return fields if copy is None else copy

    def _conditions(self, when: Map) -> Map:
        copy: Map | None = None
        for key, ref in LOOSE_CONDITIONS.items():
            value = when.get(key)
            if value is None:
                continue
            new = self.value(value, TypeSpec(type="list", item=TypeSpec(type="ref", ref=ref)), top=True, ordered=False)
            if new is not value and not isinstance(new, _Gone):
                copy = copy if copy is not None else when.copy()
                copy[key] = new
        return when if copy is None else copy

    def value(self, value: Raw, spec: TypeSpec, *, top: bool = False, ordered: bool = False) -> Rewritten:
        """A value with its references rewritten, or GONE where it would refer to its own entity."""
        if spec.type in ("ref", "attribute"):
            return self._name(value, spec)
        if spec.type == "list":
            return self._list(value, cast(TypeSpec, spec.item), top=top, ordered=ordered)
        if spec.type == "mapping":
            return self._mapping(value, spec) if isinstance(value, Map) else value
        if spec.type == "record":
            cls = cast("type[Record]", spec.record)
            if isinstance(value, Map):
                return self.fields(value, cls)
            inner = bearing(cls).get(shorthand_of(cls) or "")
            return value if inner is None else self.value(value, inner)
        return value

    def _name(self, value: Raw, spec: TypeSpec) -> Rewritten:
        name = text_of(value)
        new = None if name is None else self.renames.of(name, spec)
        if new is None:
            return value
        return GONE if spec.type == "ref" and new == self.own else new

    def _list(self, value: Raw, spec: TypeSpec, *, top: bool, ordered: bool) -> Rewritten:
        if not isinstance(value, Seq):
            return self.value(value, spec)
        results = [self.value(item, spec) for item in value]
        if all(new is old for new, old in zip(results, value, strict=True)):
            return value
        if not top and any(isinstance(new, _Gone) for new in results):
            return GONE
        return _without_repeats(value, results, spec, ordered=ordered)

    def _mapping(self, value: Map, spec: TypeSpec) -> Map:
        copy = Map()
        changed = False
        moved: list[tuple[str, Raw, int, int, int]] = []
        for key, item, key_mark, start, end in value.entries():
            new_key = self._name(key, spec.key) if spec.key is not None and _bears(spec.key) else key
            new_item = self.value(item, spec.item) if spec.item is not None and _bears(spec.item) else item
            if isinstance(new_key, _Gone) or isinstance(new_item, _Gone):
                changed = True
                continue
            changed = changed or new_key is not key or new_item is not item
            if new_key is key:
                copy.put(key, new_item, key_mark, start, end)
            else:
                moved.append((cast(str, new_key), new_item, key_mark, start, end))
        for new_name, item, key_mark, start, end in moved:
            if new_name not in copy:  # what the inventory says of the surviving id wins
                copy.put(new_name, item, key_mark, start, end)
        return copy if changed else value


def _without_repeats(old: Seq, results: list[Rewritten], spec: TypeSpec, *, ordered: bool) -> Seq:
    """The rewritten items, without those that now say again what another says.

    Only an item that was rewritten can go: what the inventory repeats itself stays. In an ordered list an
    item goes only beside its twin.
    """
    kept: list[tuple[Raw, bool, int, int]] = []
    for number, (new, before) in enumerate(zip(results, old, strict=True)):
        if not isinstance(new, _Gone):
            kept.append(
                (new, new is not before, *cast("tuple[int, int]", tuple(old.marks[2 * number : 2 * number + 2])))
            )
    keys = [canonical(item, spec) for item, *_ in kept]
    gone: set[int] = set()
    if ordered:
        for at in range(1, len(kept)):
            if keys[at] == keys[at - 1] and (kept[at][1] or kept[at - 1][1]):
                gone.add(at)
    else:
        written = {key for key, (_, rewritten, *_) in zip(keys, kept, strict=True) if not rewritten}
        for at, (key, (_, rewritten, *_)) in enumerate(zip(keys, kept, strict=True)):
            if rewritten and key in written:
                gone.add(at)
            elif rewritten:
                written.add(key)
    items = Seq()
    for at, (item, _, start, end) in enumerate(kept):
        if at not in gone:
            items.add(item, start, end)
    return items
