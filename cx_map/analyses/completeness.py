"""How much of the inventory is known: completeness by kind, and coverage by line, purpose and channel.

Counting only; a field said to be ``unknown`` counts apart from one left out. O(entities times fields).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.model.chapter_map import Communication
from cx_map.model.entity import Entity
from cx_map.model.fields import fields_of
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of

KEY_FIELDS: Mapping[str, tuple[str, ...]] = {
    "communications": ("owner", "line_of_business", "purpose", "volume", "segments", "trigger", "needs", "routes", "content", "governed_by"),
    "platforms": ("owner", "capabilities", "serves", "capacity", "site", "vendor", "processing", "availability"),
    "data_sources": ("owner", "kind", "role", "holds", "site"),
    "channels": ("kind", "direction", "confidentiality", "cost_per_contact", "latency"),
    "collection_points": ("kind", "channel", "asks", "writes_to", "volume", "segments"),
    "segments": ("customers", "products", "reachable_by"),
    "preferences": ("kind", "products", "captured_at", "withdrawn_at", "master", "deadline"),
    "flows": ("via", "carries", "latency"),
    "signals": ("kind", "from", "about", "volume", "identity", "captured_in"),
    "insights": ("inputs", "every", "delivered_to"),
    "actions": ("team", "triggered_by", "informs", "tracked_in"),
    "teams": ("functions", "customer_impact"),
    "agent_pools": ("arrivals", "handle_time", "agents", "target"),
}  # fmt: skip
"""The fields that most rules ask for, by kind."""


class FieldCompleteness(Struct, frozen=True):
    """How many entities of a kind give a field, say ``unknown``, or leave it out."""

    kind: str
    field: str
    given: int
    unknown: int
    absent: int


class CoverageCell(Struct, frozen=True):
    """Usable communications of a line of business and purpose that use a channel (None = not known)."""

    line_of_business: str | None
    purpose: str | None
    channel: str | None
    communications: tuple[str, ...]


def completeness(inventory: Inventory) -> tuple[FieldCompleteness, ...]:
    """Completeness of every key field of the kinds that the inventory describes."""
    groups: dict[str, list[Entity]] = {}
    for entity in (*inventory.written(), *inventory.flows):
        groups.setdefault(entity.kind, []).append(entity)
    result = []
    for kind, names in KEY_FIELDS.items():
        for name in names:
            entities = groups.get(kind, [])
            if not entities:
                continue
            given = sum(1 for one in entities if _given(one, name))
            unknown = sum(1 for one in entities if fields_of(type(one))[name].attribute in one.unknown)
            result.append(FieldCompleteness(kind, name, given, unknown, len(entities) - given - unknown))
    return tuple(result)


def _given(entity: Entity, name: str) -> bool:
    if isinstance(entity, Communication) and name == "routes":
        return routes_of(entity) is not None
    attribute = fields_of(type(entity))[name].attribute
    return getattr(entity, attribute) is not None or attribute in entity.nothing


def coverage(inventory: Inventory) -> tuple[CoverageCell, ...]:
    """Which communications cover which line of business, purpose and channel, ordered by those."""
    cells: dict[tuple[str | None, str | None, str | None], list[str]] = {}
    for communication in inventory.of(Communication):
        if not communication.usable:
            continue
        channels = {route.channel for route in routes_of(communication) or () if route.channel}
        for channel in sorted(channels) or (None,):
            key = (communication.line_of_business, communication.purpose, channel)
            cells.setdefault(key, []).append(communication.id)
    ordered = sorted(cells, key=lambda key: tuple((part is None, part or "") for part in key))
    return tuple(CoverageCell(*key, tuple(cells[key])) for key in ordered)
