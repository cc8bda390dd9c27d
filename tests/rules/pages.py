"""The examples in rules' pages, and ways to bend an inventory without changing what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding
from cx_map.audit.settings import Settings
from cx_map.load.build import build
from cx_map.model.chapter_map import Channel
from cx_map.model.fields import Record, TypeSpec, fields_of, shorthand_of
from cx_map.model.inventory import Inventory, RawEntity, RawInventory
from cx_map.model.kinds import KINDS
from cx_map.model.source import Map, Raw, Seq
from cx_map.rulekit import Rule
from tests.support import inventory_of

HEADINGS = ("Why it matters", "How it decides", "Evidence it needs", "Example", "Mended", "References")
QUANTITIES = ("number", "rate", "duration", "latency", "share", "money")

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sections(rule: Rule) -> dict[str, str]:
    """The text below each heading of a rule's page, in order."""
    parts = _HEADING.split(rule.page)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def fence(rule: Rule, heading: str) -> str:
    """The YAML of the example under a heading."""
    found = _FENCE.findall(sections(rule)[heading])
    assert len(found) == 1, f"{rule.code} has {len(found)} yaml examples under '{heading}'"
    return str(found[0])


def example(rule: Rule) -> Inventory:
    """The inventory that breaks the rule."""
    return inventory_of(fence(rule, "Example"))


def mended(rule: Rule) -> Inventory:
    """The inventory that keeps it."""
    return inventory_of(fence(rule, "Mended"))


def findings_of(rule: Rule, inventory: Inventory) -> list[Finding]:
    """The findings of one rule, whatever their confidence; other rules do not run."""
    settings = Settings(select=(rule.code,), min_confidence="low")
    return [finding for finding in audit(inventory, settings).findings if finding.code == rule.code]


def split(text: str) -> list[str]:
    """The same inventory in one file a kind; defaults, which hold for a file, go into each."""
    blocks = re.split(r"(?m)^(?=[a-z_]+:)", text)
    defaults = "".join(block for block in blocks if block.startswith("defaults:"))
    return [defaults + block for block in blocks if block.strip() and not block.startswith("defaults:")]


def rebuilt(inventory: Inventory, bend: Callable[[RawEntity], RawEntity]) -> Inventory:
    """The inventory with every raw entity bent."""
    raw = inventory.raw
    twin = RawInventory(
        files=raw.files,
        attributes={name: bend(one) for name, one in raw.attributes.items()},
        references=dict(raw.references),
        flows=[bend(one) for one in raw.flows],
        overlaps=[bend(one) for one in raw.overlaps],
        organization=raw.organization,
    )
    for one in raw.entities.values():
        moved = bend(one)
        twin.entities[moved.id] = moved
    return build(twin)


def renamed(inventory: Inventory) -> Inventory:
    """The inventory with every id of its own renamed, which `renamed_from` tells; channels keep theirs."""
    names = {
        name: f"new-{name}-too" for name in inventory.raw.entities if not isinstance(inventory.entities[name], Channel)
    }
    names_in_attributes = {f"preference.{old}": f"preference.{new}" for old, new in names.items()}

    def translate(value: Raw, spec: TypeSpec) -> Raw:
        if spec.type in ("ref", "string", "attribute") and isinstance(value, str):
            return (names_in_attributes if spec.type == "attribute" else names).get(value, value)
        if spec.type == "record" and spec.record is not None:
            if isinstance(value, Map):
                return fields(value, spec.record)
            short = shorthand_of(spec.record)
            return value if short is None else translate(value, fields_of(spec.record)[short].spec)
        if isinstance(value, Map) and spec.type == "list":
            return translate(value, spec.item) if spec.item is not None else value
        if isinstance(value, Map) and spec.type == "mapping" and spec.item is not None and spec.key is not None:
            twin = Map()
            for key, item, *marks in value.entries():
                twin.put(str(translate(key, spec.key)), translate(item, spec.item), *marks)
            return twin
        if isinstance(value, Seq):
            items = Seq()
            for item, start, end in value.entries():
                items.add(translate(item, spec.item if spec.item is not None else spec), start, end)
            return items
        return translate(value, spec.item) if spec.type == "list" and spec.item is not None else value

    def fields(own: Map, cls: type[Record]) -> Map:
        twin = Map()
        specs = fields_of(cls)
        for key, value, *marks in own.entries():
            twin.put(key, translate(value, specs[key].spec) if key in specs else value, *marks)
        return twin

    def bend(raw: RawEntity) -> RawEntity:
        own = fields(raw.fields, KINDS[raw.kind])
        if raw.id in names and raw.kind not in ("attributes", "flows"):
            own.put("renamed_from", raw.id, raw.mark, raw.mark, raw.end)
        identifier = names_in_attributes.get(raw.id, raw.id) if raw.kind == "attributes" else names.get(raw.id, raw.id)
        return RawEntity(raw.kind, identifier, own, raw.mark, raw.end)

    return rebuilt(inventory, bend)


class Evidence(NamedTuple):
    """A quantity somewhere in an entity; items of one list count as one place."""

    entity: RawEntity
    path: tuple[str, ...]


def quantities(inventory: Inventory) -> list[Evidence]:
    """Every place at which an inventory states a number, a rate, a time, a share or an amount."""
    raw = inventory.raw
    everything = [*raw.entities.values(), *raw.attributes.values(), *raw.flows, *raw.overlaps]
    return [Evidence(one, path) for one in everything for path in sorted(set(_places(one.fields, KINDS[one.kind])))]


def without(inventory: Inventory, evidence: Evidence) -> Inventory:
    """The inventory that does not state that quantity."""
    return rebuilt(
        inventory,
        lambda one: (
            RawEntity(one.kind, one.id, _drop(one.fields, evidence.path), one.mark, one.end)
            if one is evidence.entity
            else one
        ),
    )


def _places(own: Map, cls: type[Record]) -> Iterator[tuple[str, ...]]:
    specs = fields_of(cls)
    for key, value in own.items():
        if key in specs:
            yield from ((key, *path) for path in _inside(value, specs[key].spec))


def _inside(value: Raw, spec: TypeSpec) -> Iterator[tuple[str, ...]]:
    if spec.type in QUANTITIES or (spec.type == "mapping" and spec.item is not None and spec.item.type in QUANTITIES):
        yield ()
    elif spec.type == "list" and spec.item is not None:
        for item in value if isinstance(value, Seq) else [value]:
            yield from _inside(item, spec.item)
    elif spec.type == "record" and spec.record is not None:
        short = shorthand_of(spec.record)
        if isinstance(value, Map):
            yield from _places(value, spec.record)
        elif short is not None and fields_of(spec.record)[short].spec.type in QUANTITIES:
            yield ()


def _drop(value: Map, path: tuple[str, ...]) -> Map:
    twin = value.copy()
    key, rest = path[0], path[1:]
    if key not in twin:
        return twin
    if not rest:
        twin.drop(key)
        return twin
    inner = twin[key]
    if isinstance(inner, Map):
        twin[key] = _drop(inner, rest)
    elif isinstance(inner, Seq):
        items = Seq()
        for item, start, end in inner.entries():
            items.add(_drop(item, rest) if isinstance(item, Map) else item, start, end)
        twin[key] = items
    return twin
