"""Who uses which attribute, and where: communications, touchpoints, points that verify or prefill, errors, insights.

A consumer stands at places (stores, platforms) and either lists the attributes it uses or does not say. Sending through a
channel uses the contact detail it needs, whether content lists it or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from cx_map.analyses.known_asks import asks_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attributes import canonical, declared, lineage
from cx_map.model.chapter_feedback import Insight
from cx_map.model.chapter_map import Channel, ChannelKind, Communication
from cx_map.model.chapter_service import AgentPool, ErrorType, RoutingRule, Touchpoint
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of

ADDRESSED_BY: Mapping[ChannelKind, str] = {
    "email": "contact.email", "sms": "contact.phone", "rcs": "contact.phone", "messaging": "contact.phone", "voice": "contact.phone",
    "callback": "contact.phone", "letter": "contact.postal_address", "push": "device.push_token", "social": "contact.social_handle",
}  # fmt: skip
"""The attribute that reaching a customer through a kind of channel takes."""


class Consumer(Struct, frozen=True):
    """Something that uses attributes at some places; ``uses`` None: it does not say which."""

    entity: Entity
    places: frozenset[str]
    uses: frozenset[str] | None


class Uses(Struct, frozen=True, eq=False):
    """All consumers, by place, and the attributes used wherever they are."""

    consumers: tuple[Consumer, ...]
    at: Mapping[str, tuple[int, ...]]
    everywhere: frozenset[str]
    """Contact details that some channel in use takes, and what any consumer, error or routing rule names.

    A channel is in use where a communication goes by it, or a touchpoint or agent pool works on it: staff call back.
    """

    above: frozenset[str] = frozenset()
    """Those, and everything that contains one of them."""

    def anywhere(self, inventory: Inventory, attribute: str) -> bool:
        """Whether the attribute, something that contains it or a part of it is used wherever it is. O(depth)."""
        return attribute in self.above or not self.everywhere.isdisjoint(lineage(inventory, attribute))

    def of(self, places: Iterable[str]) -> tuple[Consumer, ...]:
        """The consumers that stand at one of these places."""
        numbers = {number for place in places for number in self.at.get(place, ())}
        return tuple(self.consumers[number] for number in sorted(numbers))


def attribute_uses(eco: Ecosystem) -> Uses:
    """Every consumer of an ecosystem. O(entities)."""
    inventory = eco.inventory
    consumers = tuple(_consumers(eco))
    at: dict[str, list[int]] = {}
    for number, consumer in enumerate(consumers):
        for place in sorted(consumer.places):
            at.setdefault(place, []).append(number)
    everywhere: set[str] = set()
    for communication in inventory.of(Communication):
        if communication.usable:
            everywhere.update(_addresses(inventory, (route.channel for route in routes_of(communication) or ())))
    everywhere.update(_addresses(inventory, (one.channel for one in inventory.of(Touchpoint) if one.usable)))
    for pool in inventory.of(AgentPool):
        everywhere.update(_addresses(inventory, pool.channels or () if pool.usable else ()))
    for error in inventory.of(ErrorType):
        everywhere.update(canonical(inventory, name) for name in error.needs_attributes or ())
    for rule in inventory.of(RoutingRule):
        conditions = rule.when or {}
        named = (*conditions, *(value for values in conditions.values() for value in values))
        everywhere.update(name for one in named if declared(inventory, name := canonical(inventory, one)))
    everywhere.update(_wanted(eco))
    above = frozenset(wider for name in sorted(everywhere) for wider in lineage(inventory, name))
    return Uses(consumers, {place: tuple(numbers) for place, numbers in at.items()}, frozenset(everywhere), above)


def _addresses(inventory: Inventory, names: Iterable[str | None]) -> Iterator[str]:
    """The contact details that reaching customers through some channels takes."""
    for name in names:
        channel = inventory.find(name, Channel)
        if channel is not None and channel.kind_ is not None and channel.kind_ in ADDRESSED_BY:
            yield ADDRESSED_BY[channel.kind_]


def _wanted(eco: Ecosystem) -> Iterator[str]:
    """What consumers anywhere list, whether a flow brings it there or not: content, context, and what is verified."""
    inventory = eco.inventory
    for communication in inventory.of(Communication):
        if communication.usable:
            yield from shown_by(inventory, communication) or ()
    for touchpoint in inventory.of(Touchpoint):
        if touchpoint.usable:
            yield from (canonical(inventory, name) for name in touchpoint.needs_context or ())
    for asked in eco.once(asks_of):
        if asked.purpose == "verify":
            yield asked.attribute


def used_by(inventory: Inventory, uses: frozenset[str], attribute: str) -> bool:
    """Whether one of the attributes used is the attribute, contains it or is a part of it."""
    above = frozenset(lineage(inventory, attribute))
    return not uses.isdisjoint(above) or any(attribute in lineage(inventory, name) for name in uses)


def shown_by(inventory: Inventory, communication: Communication) -> frozenset[str] | None:
    """The attributes that a communication shows or is shaped by; None where it does not say."""
    if communication.content is None and communication.personalises is None:
        return None
    names = [item.attribute for item in communication.content or ()]
    for item in communication.personalises or ():
        names += [item.attribute, *(item.derived_from or ())]
    return frozenset(canonical(inventory, name) for name in names if name is not None)


def places_of(inventory: Inventory, communication: Communication) -> frozenset[str]:
    """The usable stores and platforms a communication is made from: its needs and the platforms of its routes."""
    names = [name for need in communication.needs or () for name in need.any_of or ()]
    names += [
        name for route in routes_of(communication) or () for hop in route.platforms or () for name in hop.any_of or ()
    ]
    return frozenset(name for name in names if inventory.entities[name].usable)


def _consumers(eco: Ecosystem) -> Iterator[Consumer]:
    inventory = eco.inventory
    for communication in inventory.of(Communication):
        if communication.usable:
            yield Consumer(communication, places_of(inventory, communication), shown_by(inventory, communication))
    for touchpoint in inventory.of(Touchpoint):
        if touchpoint.usable and touchpoint.reads:
            context = touchpoint.needs_context
            uses = None if context is None else frozenset(canonical(inventory, name) for name in context)
            yield Consumer(touchpoint, frozenset(touchpoint.reads), uses)
    for pool in inventory.of(AgentPool):
        if pool.usable and pool.reads:
            yield Consumer(pool, frozenset(pool.reads), None)
    for insight in inventory.of(Insight):
        if insight.usable:
            yield Consumer(insight, frozenset((insight.id, *(insight.inputs or ()))), None)
    for asked in eco.once(asks_of):
        if (
            asked.ask.prefilled_from is not None
        ):  # to ask again with the answer filled in is no use of it, but for a law
            used = frozenset({asked.attribute}) if asked.ask.legal_basis is not None else frozenset[str]()
            yield Consumer(asked.point, frozenset({asked.ask.prefilled_from}), used)
        if asked.purpose == "verify":
            places = frozenset((*(asked.point.reads or ()), *(asked.point.writes_to or ())))
            yield Consumer(asked.point, places, frozenset({asked.attribute}))
