"""Computed remedies as roadmap operators: plain data, ready to be pasted into a phase."""

from __future__ import annotations

from collections.abc import Mapping

from cx_map.graph.propagation import Link
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory
from cx_map.model.source import Map, Raw, Seq


def plain(raw: Raw) -> object:
    """A raw value without the places of its parts."""
    if isinstance(raw, Map):
        return {key: plain(value) for key, value in raw.items()}
    if isinstance(raw, Seq):
        return [plain(value) for value in raw]
    return raw


def written(inventory: Inventory, entity: Entity, field: str) -> list[object]:
    """The items of a list field as the inventory writes them; a single value is a list of one, absence none."""
    raw = inventory.source_of(entity)
    value = raw.fields.get(field) if raw is not None else None
    if value is None or value == "unknown":
        return []
    return [plain(item) for item in value] if isinstance(value, Seq) else [plain(value)]


def connected(source: str, target: str, attribute: str, via: str = "api") -> dict[str, object]:
    """A new flow that carries one attribute for everybody."""
    return {"connect": {"from": source, "to": target, "via": via, "carries": [attribute]}}


def carried_too(inventory: Inventory, link: Link, attribute: str) -> dict[str, object]:
    """A flow beside an existing one that carries one more attribute, for everybody, in the same way."""
    raw = inventory.source_of(link.flow)
    copied: dict[str, object] = {}
    for key in ("via", "latency", "every", "keeps_identity"):
        value = raw.fields.get(key) if raw is not None else None
        if value is not None:
            copied[key] = plain(value)
    name = attribute if link.flow.id != attribute else f"{attribute}-for-all"
    return {"connect": {"id": name, "from": link.source, "to": link.target, **copied, "carries": [attribute]}}


def item_set(
    inventory: Inventory, entity: Entity, field: str, index: int, shorthand: str, values: Mapping[str, object]
) -> dict[str, object]:
    """A change of one item of a list field: the whole list again, with more said of that item."""
    items = written(inventory, entity, field)
    item = items[index]
    items[index] = {**(item if isinstance(item, dict) else {shorthand: item}), **values}
    return {"change": {entity.id: {field: items}}}


def items_without(inventory: Inventory, entity: Entity, field: str, indexes: frozenset[int]) -> dict[str, object]:
    """A change that leaves some items of a list field out."""
    items = written(inventory, entity, field)
    return {"change": {entity.id: {field: [item for index, item in enumerate(items) if index not in indexes]}}}


def quicker(link: Link, attribute: str, seconds: float) -> dict[str, object]:
    """An event flow beside an existing one that brings an attribute within so many seconds."""
    return {
        "connect": {
            "id": f"{attribute}-events", "from": link.source, "to": link.target, "via": "event", "carries": [attribute],
            "latency": f"{max(int(seconds), 1)}s",
        }
    }  # fmt: skip
