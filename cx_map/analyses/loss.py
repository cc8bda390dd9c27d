"""What losing one thing would do to the whole: communications, customers, loops, preferences, owners.

The communications come from the production graph; loops and preferences from a what-if in which the thing is
retired. O(size of the inventory), twice.
"""

from __future__ import annotations

from msgspec import Struct

from cx_map.analyses.bounds import Bounds
from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.named_by import named_by
from cx_map.analyses.preference_reach import honoured
from cx_map.analyses.reach_of_impact import Impact, impact
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Preference
from cx_map.model.chapter_map import Channel
from cx_map.model.chapter_service import Touchpoint
from cx_map.states.apply import with_changes


class Loss(Struct, frozen=True):
    """The loss of ``lost``: what stops, what keeps another way, and what no longer comes back or is respected.

    ``loops`` are signals whose loop is closed today and would not be; ``preferences`` those that a communication
    which goes on would no longer respect, and those that are lost themselves or with their master. ``named_by`` has kind
    and id of what refers to it, and would have to be looked at if it changed.
    """

    lost: str
    stops: tuple[str, ...]
    degrades: tuple[str, ...]
    produces: bool
    customers: Bounds
    loops: tuple[str, ...]
    preferences: tuple[str, ...]
    owners: tuple[str, ...]
    named_by: tuple[tuple[str, str], ...]


def loss(eco: Ecosystem, lost: str) -> Loss:
    """What the loss of an entity of any kind, or of a failure domain, would do.

    Raises UsageError where the inventory has no such thing.
    """
    found = impact(eco, lost)
    loops, preferences = _without(eco, found)
    return Loss(
        found.lost,
        found.stops,
        found.degrades,
        found.produces,
        found.stopped.customers,
        loops,
        preferences,
        _owners(eco, found),
        named_by(eco.inventory, found.members),
    )


def _without(eco: Ecosystem, found: Impact) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Loops that open and preferences that are lost in the what-if."""
    inventory = eco.inventory
    gone_with_it = [one for name in found.members if (one := inventory.entities[name]).usable]
    if not gone_with_it:
        return (), ()
    retired: list[dict[str, object]] = []
    for one in gone_with_it:
        if isinstance(one, Channel) and one.id in inventory.shipped:
            retired.append({"add": {"channels": {one.id: {"status": "retired"}}}})
        else:
            retired.append({"change": {one.id: {"status": "retired"}}})
    after = Ecosystem(with_changes(inventory, retired), eco.as_of)
    closed = {verdict.signal.id for verdict in eco.once(closed_loops) if verdict.closed}
    still = {verdict.signal.id for verdict in after.once(closed_loops) if not verdict.closed}
    gone = {verdict.signal.id for verdict in after.once(closed_loops)}
    opened = {signal for signal in closed if signal in still or signal not in gone}
    broken = _stopped_preferences(after) - _stopped_preferences(eco)
    lost = {preference for communication, preference in broken if communication not in found.stops}
    members = set(found.members)
    lost |= {one.id for one in inventory.of(Preference) if one.usable and members.intersection((one.id, one.master))}
    return tuple(sorted(opened)), tuple(sorted(lost))


def _stopped_preferences(eco: Ecosystem) -> set[tuple[str, str]]:
    return {(one.communication.id, stop.preference.id) for one in eco.once(honoured) for stop in one.stops}


def _owners(eco: Ecosystem, found: Impact) -> tuple[str, ...]:
    """Teams that own the lost thing or something that stops or degrades."""
    names = (*found.members, *found.stops, *found.degrades)
    owners = {entity.owner for name in names if (entity := eco.inventory.entities.get(name)) is not None}
    lost = eco.inventory.entities.get(found.lost)
    if isinstance(lost, Touchpoint):
        owners.add(lost.team)
    return tuple(sorted(owner for owner in owners if owner is not None))
