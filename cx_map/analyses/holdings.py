"""Which stores hold which attribute, as what, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Propagation, propagation
from cx_map.model.attributes import canonical, lineage
from cx_map.model.chapter_customers import CollectionPoint, Segment
from cx_map.model.chapter_map import DataSource, Holding, Platform
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory

NOT_OPERATIONAL = ("archive", "reporting", "cache", "suppression")
"""Roles of data sources that keep customer data for another purpose than serving the customer."""


class Held(Struct, frozen=True):
    """One item of a store's ``holds``."""

    store: DataSource | Platform
    index: int
    holding: Holding
    attribute: str

    @property
    def place(self) -> str:
        """The id of the store."""
        return self.store.id


@dataclass(frozen=True, eq=False)
class Holdings:
    """Everything that usable stores hold, by attribute."""

    inventory: Inventory
    by_attribute: Mapping[str, tuple[Held, ...]] = field(repr=False)
    _below: Mapping[str, tuple[str, ...]] = field(repr=False)
    silent: frozenset[str] = field(repr=False)
    """Usable data sources that do not say what they hold."""

    def covering(self, attribute: str) -> tuple[Held, ...]:
        """What is held of the attribute or something that covers it."""
        return tuple(held for name in lineage(self.inventory, attribute) for held in self.by_attribute.get(name, ()))

    def related(self, attribute: str) -> tuple[Held, ...]:
        """What is held of the attribute, of something that covers it, or of a part of it."""
        return self.covering(attribute) + self.below(attribute)

    def below(self, attribute: str) -> tuple[Held, ...]:
        """What is held of the parts of an attribute, it itself left out."""
        return tuple(held for name in self._below.get(attribute, ()) for held in self.by_attribute[name])

    def parts(self, attribute: str) -> tuple[str, ...]:
        """An attribute and what some store holds below it. O(these)."""
        return (attribute, *self._below.get(attribute, ()))


def holdings(eco: Ecosystem) -> Holdings:
    """What the usable stores of an ecosystem hold. O(items held)."""
    inventory = eco.inventory
    found: dict[str, list[Held]] = {}
    silent: set[str] = set()
    stores: Iterable[DataSource | Platform] = (*inventory.of(DataSource), *inventory.of(Platform))
    for store in stores:
        if not store.usable:
            continue
        if store.holds is None:
            if isinstance(store, DataSource):
                silent.add(store.id)
            continue
        for index, holding in enumerate(store.holds):
            if holding.attribute is not None:
                name = canonical(inventory, holding.attribute)
                found.setdefault(name, []).append(Held(store, index, holding, name))
    below: dict[str, list[str]] = {}
    for name in sorted(found):
        for wider in lineage(inventory, name):
            if wider != name:
                below.setdefault(wider, []).append(name)
    return Holdings(
        inventory,
        {name: tuple(some) for name, some in sorted(found.items())},
        {name: tuple(some) for name, some in below.items()},
        frozenset(silent),
    )


BY_HAND = ("spreadsheet", "mailbox", "desktop", "paper")
"""Kinds of store that people keep by hand: nothing is to be built on one, if there is another."""


def kept_by_hand(entity: Entity) -> bool:
    """Whether a place is a store that people keep by hand."""
    return isinstance(entity, DataSource) and entity.kind_ in BY_HAND


def meet(one: Iterable[str] | None, other: Iterable[str] | None) -> bool:
    """Whether two scopes have something in common; None is everything."""
    return one is None or other is None or not set(one).isdisjoint(other)


def overlap(inventory: Inventory, one: Holding, other: Holding) -> bool:
    """Whether two holdings are for some of the same customers.

    Customers of a segment are those of its products, where the segment says so and the holding names none.
    """
    return meet(_products(inventory, one), _products(inventory, other)) and meet(one.segments, other.segments)


def _products(inventory: Inventory, holding: Holding) -> Iterable[str] | None:
    """The products that a holding is for; None where it may be any."""
    if holding.products is not None or holding.segments is None:
        return holding.products
    found: set[str] = set()
    for name in holding.segments:
        segment = inventory.find(name, Segment)
        if segment is None or segment.products is None:
            return None
        found.update(segment.products)
    return found


@dataclass(eq=False)
class Learners:
    """Which of the stores that a collection point writes to learn one of its answers.

    A form may write different answers to different stores: a store that says what it holds, and holds nothing related to
    the answer, does not learn it. A store that does not say what it holds does.
    """

    holdings: Holdings
    graph: Propagation
    _holding: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _told: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, repr=False)

    def holding(self, point: CollectionPoint, attribute: str) -> frozenset[str]:
        """The usable stores written to that hold (part of) an attribute, or do not say what they hold."""
        kept = self._holding.get(attribute)
        if kept is None:
            kept = self._holding[attribute] = frozenset(one.place for one in self.holdings.related(attribute))
        entities = self.holdings.inventory.entities
        return frozenset(
            name
            for name in point.writes_to or ()
            if (store := entities.get(name)) is not None
            and store.usable
            and (name in kept or getattr(store, "holds", None) is None)
        )

    def told(self, point: CollectionPoint, attribute: str) -> frozenset[str]:
        """Those, and the usable stores written to that send the attribute on by name: these must have it, too."""
        found = self._told.get((point.id, attribute))
        if found is None:
            sending = self.graph.carriers(attribute)[0].forward
            sure = self.holding(point, attribute)
            found = sure | {name for name in point.writes_to or () if name in sending}
            self._told[point.id, attribute] = found
        return found

    def unclear(self, point: CollectionPoint, attribute: str) -> bool:
        """Whether nobody says where an answer goes: no store written to, or none of those that are, holds it.

        Of a store whose holdings are said to be unknown nobody knows whether it does.
        """
        if point.writes_to is None:
            return True
        entities = self.holdings.inventory.entities
        sure = (name for name in self.holding(point, attribute) if "holds" not in entities[name].unknown)
        return bool(point.writes_to) and not any(sure)


def learners(eco: Ecosystem) -> Learners:
    """Which stores learn which answers in an ecosystem."""
    return Learners(eco.once(holdings), eco.once(propagation))
