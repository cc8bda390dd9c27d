"""What the inventory says of each entity, in its own words, for the page's panel."""

from __future__ import annotations

from collections.abc import Sequence

from cx_map.draw.page.union import Union
from cx_map.draw.text import clean, clean_lines
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory
from cx_map.model.source import Map, Raw, Seq

_TOLD = ("name", "owner", "line_of_business", "description")
_VALUE, _FIELDS = 300, 24


def details_of(union: Union, inventories: Sequence[Inventory]) -> list[list[object]]:
    """For each entity of the page: place, description, and its other fields as ``[key, value]`` as they are written.

    Taken from the first state that has the entity. O(size of the entities).
    """
    return [_details(*_first(node.id, inventories)) for node in union.nodes]


def _first(identifier: str, inventories: Sequence[Inventory]) -> tuple[Inventory, Entity | None]:
    for inventory in inventories:
        entity = inventory.entities.get(identifier)
        if entity is not None:
            return inventory, entity
    return inventories[0], None


def _details(inventory: Inventory, entity: Entity | None) -> list[object]:
    if entity is None:
        return ["", "", []]
    place = inventory.place(entity)
    raw = inventory.source_of(entity)
    shown = [
        [clean(key, 60), clean_lines(written(value), _VALUE)]
        for key, value in (raw.fields.items() if raw is not None else ())
        if key not in _TOLD and value is not None
    ]
    about = clean_lines(str(entity.description), 1000) if entity.description is not None else ""
    return [clean(f"{place.path}:{place.line}") if raw is not None else "", about, shown[:_FIELDS]]


def written(value: Raw, depth: int = 0) -> str:
    """A value in one line, much as a person would write it; what is long is cut. O(what is shown)."""
    if isinstance(value, Map):
        if depth > 3:
            return "{…}"
        inner = ", ".join(f"{key}: {written(item, depth + 1)}" for key, item in list(value.items())[:12])
        return f"{{{inner}}}" if depth else inner
    if isinstance(value, Seq):
        if depth > 3:
            return "[…]"
        more = f", and {len(value) - 12:,} more" if len(value) > 12 else ""
        return ("; " if any(isinstance(one, Map) for one in value) else ", ").join(
            written(item, depth + 1) for item in value[:12]
        ) + more
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "unknown" if value is None else str(value)[: 2 * _VALUE]
