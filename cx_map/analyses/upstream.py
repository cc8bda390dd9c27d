"""What stands behind a thing that customers complain of: where its cause may lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_map import Communication, Need, Platform
from cx_map.model.chapter_service import AgentPool, Journey, Touchpoint
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of


def upstream_of(inventory: Inventory, names: Iterable[str]) -> frozenset[str]:
    """Some things and all that supplies them: needs, platforms of routes, steps of journeys, what is read. O(what is found)."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _suppliers(inventory.entities.get(name))
    return frozenset(found)


def _suppliers(entity: Entity | None) -> Iterator[str]:
    match entity:
        case Communication():
            yield from _behind_message(entity)
        case Platform():
            yield from _members(entity.needs)
        case Touchpoint() | CollectionPoint():
            yield from (*(entity.reads or ()), *((entity.platform,) if entity.platform is not None else ()))
        case Journey():
            for step in entity.steps or ():
                yield from (one for one in (step.touchpoint, step.from_, step.to) if one is not None)
        case AgentPool():
            yield from (*(entity.desktops or ()), *(entity.reads or ()))
        case _:
            return


def _behind_message(communication: Communication) -> Iterator[str]:
    yield from _members(communication.needs)
    for route in routes_of(communication) or ():
        for hop in route.platforms or ():
            yield from hop.any_of or ()
    if communication.channel_decided_at is not None:
        yield communication.channel_decided_at


def _members(needs: Iterable[Need] | None) -> Iterator[str]:
    for need in needs or ():
        yield from need.any_of or ()
