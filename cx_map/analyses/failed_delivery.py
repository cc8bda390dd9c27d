"""Whether word of a message that could not be delivered comes to where the route that stands in for it starts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from cx_map.analyses.data_kinds import all_from, fed
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication, Platform, Route
from cx_map.model.inventory import Inventory


def delivering(inventory: Inventory, route: Route) -> list[Platform]:
    """The platforms that deliver on a route."""
    names = route.platforms[-1].any_of if route.platforms else None
    return [one for name in names or () if (one := inventory.find(name, Platform)) is not None]


def told_to(inventory: Inventory, platforms: Iterable[Platform]) -> list[str]:
    """The stores in use to which some platforms send their delivery events."""
    names = {name for one in platforms for name in one.events_to or ()}
    return sorted(name for name in names if inventory.entities[name].usable)


def heard(eco: Ecosystem, communication: Communication, failing: Route, hops: Collection[str]) -> bool | None:
    """Whether word of a failure on one route comes to platforms of another; None where that is not known. O(flows)."""
    last = delivering(eco.inventory, failing)
    stores = {name for one in last for name in one.events_to or ()}
    if communication.undeliverable_to is not None:
        stores.add(communication.undeliverable_to)
    targets = set(hops)
    if communication.channel_decided_at is not None:
        targets.add(communication.channel_decided_at)
    if {one.id for one in last} & targets or stores & targets:
        return True
    if not last or not targets or any(one.events_to is None for one in last):
        return None if not stores or not _leads(eco, stores, targets) else True
    return _leads(eco, stores, targets)


def word_of_failure(
    eco: Ecosystem, communication: Communication, failing: Route, hops: Collection[str]
) -> Mapping[str, object] | None:
    """The flow that brings word of a failure to the first platform of another route; None where none is needed, or known.

    It starts at a store that hears of failures; both are in use.
    """
    stores = told_to(eco.inventory, delivering(eco.inventory, failing))
    first = next((name for name in hops if eco.inventory.entities[name].usable), None)
    if not stores or first is None or heard(eco, communication, failing, hops):
        return None
    return {"connect": {"from": stores[0], "to": first, "via": "event"}}


def _leads(eco: Ecosystem, starts: Iterable[str], targets: Collection[str]) -> bool:
    return not all_from(eco.once(fed), starts).isdisjoint(targets)
