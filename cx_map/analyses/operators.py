"""Computed remedies as roadmap operators: plain data, ready to be pasted into a phase."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cx_map.graph.ecosystem import Ecosystem
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


def connected(source: str, target: str, attribute: str, via: str = "api", *, beside: bool = False) -> dict[str, object]:
    """A new flow that carries one attribute for everybody; ``beside`` one between the two it needs an id."""
    pair: dict[str, object] = {"from": source, "to": target, "via": via, "carries": [attribute]}
    return {"connect": {"id": attribute, **pair} if beside else pair}


def joined_pairs(eco: Ecosystem) -> frozenset[tuple[str | None, str | None]]:
    """The ends of all flows that a new one of the same ends would stand beside (``via: none`` is replaced)."""
    return frozenset((flow.from_, flow.to) for flow in eco.inventory.flows if flow.via != "none")


def together(changes: Iterable[Mapping[str, object]]) -> tuple[Mapping[str, object], ...]:
    """Changes without repetition, new flows of one pair (and way) made one that carries what each of them does."""
    found: list[Mapping[str, object]] = []
    flows: dict[tuple[object, ...], dict[str, object]] = {}
    for change in changes:
        flow = change.get("connect")
        if not isinstance(flow, dict) or not isinstance(flow.get("carries"), list) or "id" in flow:
            if change not in found:
                found.append(change)
            continue
        key = (flow["from"], flow["to"], flow.get("via"))
        if key in flows:
            carried = flows[key]["carries"]
            assert isinstance(carried, list)  # made so below
            carried += [name for name in flow["carries"] if name not in carried]
        else:
            flows[key] = {**flow, "carries": list(flow["carries"])}
            found.append({"connect": flows[key]})
    return tuple(found)


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
    return items_set(inventory, entity, field, shorthand, {index: values})


def items_set(
    inventory: Inventory, entity: Entity, field: str, shorthand: str, values: Mapping[int, Mapping[str, object]]
) -> dict[str, object]:
    """A change of some items of a list field, by their numbers: the whole list again, with more said of these."""
    items = written(inventory, entity, field)
    for index, more in values.items():
        item = items[index]
        items[index] = {**(item if isinstance(item, dict) else {shorthand: item}), **more}
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
