"""How far a preference gets: for which products it is known where, and how late (analyses.md, D).

K(v), the products for which a preference is known at v, is the least fixpoint of: what customers give, at the master and at
the points of capture and the stores that learn it there; and what flows that carry ``preference.p`` bring, each for its products only. It is kept
as bits, one a product and one for *products that nobody names*, so that a flow restricted to products drops the last.
Monotone, so the order of flows does not matter; at most products * flows steps a preference and segment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cx_map.analyses.holdings import Learners, learners
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Link, Propagation, propagation
from cx_map.model.attributes import PREFERENCE
from cx_map.model.chapter_customers import CollectionPoint, Preference, Product, Segment
from cx_map.model.chapter_map import Communication, Hop, Platform, Route
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of

UNNAMED = "*"
"""Stands for products that nobody names."""


@dataclass(frozen=True, eq=False)
class Known:
    """Where one preference is known, for one segment (or whoever): products as bits, by place."""

    products: tuple[str, ...]
    """The product of each bit; the last is :data:`UNNAMED`."""
    starts: frozenset[str]
    at: Mapping[str, int] = field(repr=False)

    def of(self, place: str) -> frozenset[str]:
        """K: the products for which the preference is known at a place."""
        bits = self.at.get(place, 0)
        return frozenset(name for number, name in enumerate(self.products) if bits >> number & 1)


def attribute_of(preference: Preference) -> str:
    """The attribute that a preference defines."""
    return PREFERENCE + preference.id


def capture_points(inventory: Inventory, preference: Preference) -> tuple[CollectionPoint, ...]:
    """Usable points at which it is given: ``captured_at`` and ``changed_at``."""
    names = dict.fromkeys((*(preference.captured_at or ()), *(preference.changed_at or ())))
    return _points(inventory, names)


def withdrawal_points(inventory: Inventory, preference: Preference) -> tuple[CollectionPoint, ...]:
    """Usable points at which it is withdrawn: ``withdrawn_at`` and ``changed_at``."""
    names = dict.fromkeys((*(preference.withdrawn_at or ()), *(preference.changed_at or ())))
    return _points(inventory, names)


def _points(inventory: Inventory, names: Iterable[str]) -> tuple[CollectionPoint, ...]:
    found = (inventory.find(name, CollectionPoint) for name in names)
    return tuple(one for one in found if one is not None and one.usable)


def given_at(known: Learners, preference: Preference, points: Iterable[CollectionPoint]) -> frozenset[str]:
    """The points themselves and the usable stores they write to that learn a preference.

    A store learns it that holds it, says not what it holds, sends it on or is its master; where that is none of the
    stores of a point, its inventory is incomplete and all of them may.
    """
    names: set[str] = set()
    for point in points:
        names.add(point.id)
        written = _written(known.holdings.inventory, point)
        sure = known.holding(point, attribute_of(preference)) or preference.master in written
        names |= told_at(known, preference, point) if sure else written
    return frozenset(names)


def told_at(known: Learners, preference: Preference, point: CollectionPoint) -> frozenset[str]:
    """The usable stores a point writes to of which somebody says that they learn a preference."""
    own = {preference.master} if preference.master is not None else set()
    return known.told(point, attribute_of(preference)) | (_written(known.holdings.inventory, point) & own)


def _written(inventory: Inventory, point: CollectionPoint) -> frozenset[str]:
    return frozenset(name for name in point.writes_to or () if inventory.entities[name].usable)


def starts_of(known: Learners, preference: Preference) -> frozenset[str]:
    """Where it is known from the first: the master, and the points and stores of capture."""
    inventory = known.holdings.inventory
    points = capture_points(inventory, preference)
    master = inventory.entities.get(preference.master) if preference.master is not None else None
    if master is None or not master.usable:
        return given_at(known, preference, points)
    told = (name for point in points for name in told_at(known, preference, point))
    return frozenset((master.id, *(point.id for point in points), *told))


def origin_unknown(inventory: Inventory, preference: Preference) -> bool:
    """Whether it is said that nobody knows where it is given or kept: what seems not to reach a place may start there."""
    return not preference.unknown.isdisjoint(("captured_at", "changed_at", "master")) or any(
        "writes_to" in point.unknown for point in capture_points(inventory, preference)
    )


def products_of(inventory: Inventory, preference: Preference) -> tuple[str, ...]:
    """The products for which customers expect a preference to hold, in order of id.

    Its own; else all products of the segments that its points of capture serve; else all products there are.
    Products that the law wants on paper are no part of a preference for a channel or for e-delivery.
    """
    if preference.products is not None:
        chosen: set[str] = set(preference.products)
    else:
        chosen = {one.id for one in inventory.of(Product)}
        points = capture_points(inventory, preference)
        segments = [item.segment for point in points for item in point.segments or ()]
        if points and all(point.segments is not None for point in points):
            held = [inventory.find(name, Segment) for name in segments]
            if held and all(one is not None and one.products is not None for one in held):
                chosen = {name for one in held if one is not None for name in one.products or ()}
    usable = {name for name in chosen if (one := inventory.find(name, Product)) is not None and one.usable}
    if preference.kind_ in ("e_delivery", "channel"):
        usable = {name for name in usable if not _on_paper(inventory, name)}
    return tuple(sorted(usable))


def _on_paper(inventory: Inventory, name: str) -> bool:
    product = inventory.find(name, Product)
    return product is not None and bool(product.paper_required)


def least_fixpoint(
    graph: Propagation,
    attribute: str,
    starts: Iterable[str],
    products: tuple[str, ...],
    segment: str | None = None,
    *,
    perhaps: bool = False,
) -> Known:
    """K of an attribute from some starts; with ``perhaps`` flows of which nobody knows what they carry count, too.

    O(products * links that carry it).
    """
    names = (*products, UNNAMED)
    everything = (1 << len(names)) - 1
    bit = {name: 1 << number for number, name in enumerate(names)}
    chosen = graph.possible(attribute) if perhaps else graph.carriers(attribute)
    sides = [carriers.forward for carriers in chosen]
    begin = frozenset(starts)
    at = dict.fromkeys(begin, everything)
    todo = sorted(begin)
    while todo:
        node = todo.pop()
        for side in sides:
            for link in side.get(node, ()):
                bits = at[node] & _passing(link, bit, everything, segment)
                before = at.get(link.target, 0)
                if bits & ~before:
                    at[link.target] = before | bits
                    todo.append(link.target)
    return Known(names, begin, at)


def _passing(link: Link, bit: Mapping[str, int], everything: int, segment: str | None) -> int:
    flow = link.flow
    if segment is not None and flow.segments is not None and segment not in flow.segments:
        return 0
    if flow.products is None:
        return everything
    bits = 0
    for name in flow.products:
        bits |= bit.get(name, 0)
    return bits


@dataclass(eq=False)
class Preferences:
    """Where each preference is known; computed on the first question about it."""

    inventory: Inventory
    graph: Propagation
    learners: Learners
    _kept: dict[tuple[str, str | None, bool], Known] = field(default_factory=dict, repr=False)
    _by_segment: dict[str, bool] = field(default_factory=dict, repr=False)
    _expected: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def expected(self, preference: Preference) -> tuple[str, ...]:
        """The products for which customers expect a preference to hold."""
        found = self._expected.get(preference.id)
        if found is None:
            found = self._expected[preference.id] = products_of(self.inventory, preference)
        return found

    def known(self, preference: Preference, segment: str | None = None, *, perhaps: bool = False) -> Known:
        """K of a preference for a segment, or for whoever it may be (then every segment's flows count).

        With ``perhaps`` what comes by flows of which nobody knows what they carry counts as known, too.
        """
        perhaps = perhaps and bool(self.graph.vague)
        if segment is not None and not self._differs(preference):
            segment = None
        key = (preference.id, segment, perhaps)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = least_fixpoint(
                self.graph, attribute_of(preference), starts_of(self.learners, preference),
                self.expected(preference), segment, perhaps=perhaps,
            )  # fmt: skip
        return found

    def _differs(self, preference: Preference) -> bool:
        """Whether some flow that carries the preference is for some segments only."""
        found = self._by_segment.get(preference.id)
        if found is None:
            found = self._by_segment[preference.id] = any(
                link.flow.segments is not None
                for carriers in self.graph.possible(attribute_of(preference))
                for links in carriers.forward.values()
                for link in links
            )
        return found


def preferences(eco: Ecosystem) -> Preferences:
    """Where each preference of an ecosystem is known."""
    return Preferences(eco.inventory, eco.once(propagation), eco.once(learners))


def governing(
    inventory: Inventory, communication: Communication
) -> tuple[tuple[Preference, tuple[Route, ...] | None], ...]:
    """The usable preferences that govern a communication, with the routes each governs (None: all of them)."""
    found: list[tuple[Preference, tuple[Route, ...] | None]] = []
    whole = dict.fromkeys(communication.governed_by or ())
    for name in whole:
        preference = inventory.find(name, Preference)
        if preference is not None and preference.usable:
            found.append((preference, None))
    by_route: dict[str, list[Route]] = {}
    for route in routes_of(communication) or ():
        for name in dict.fromkeys(route.governed_by or ()):
            if name not in whole:
                by_route.setdefault(name, []).append(route)
    for name, routes in by_route.items():
        preference = inventory.find(name, Preference)
        if preference is not None and preference.usable:
            found.append((preference, tuple(routes)))
    return tuple(found)


def deciding_platforms(
    inventory: Inventory,
    communication: Communication,
    routes: tuple[Route, ...] | None = None,
    preference: Preference | None = None,
) -> tuple[str, ...]:
    """The platforms that decide the channel: ``channel_decided_at``, else the last before the channels part.

    Routes of one channel are decided at their first platform, or, where every route passes a platform that is said to
    enforce the preference, at the first such platform of each: what is withheld there is not sent. Alternatives
    (``any_of``) all decide. Empty where nobody says. Platforms not in use decide nothing.
    """
    if communication.channel_decided_at is not None:
        return _in_use(inventory, (communication.channel_decided_at,))
    every = [route for route in routes_of(communication) or () if route.platforms]
    chosen = [route for route in routes if route.platforms] if routes is not None else every
    enforcers = [_enforcer(inventory, route, preference) for route in chosen] if preference is not None else []
    if enforcers and None not in enforcers:
        return tuple(sorted({one for one in enforcers if one is not None}))
    common: list[Hop] = []
    if len({route.channel for route in every}) > 1:
        for hops in zip(*(route.platforms or () for route in every), strict=False):
            if any(hop.any_of != hops[0].any_of for hop in hops):
                break
            common.append(hops[0])
    if common:
        return _in_use(inventory, common[-1].any_of or ())
    return _in_use(inventory, (name for route in chosen for name in (route.platforms or ())[0].any_of or ()))


def _enforcer(inventory: Inventory, route: Route, preference: Preference) -> str | None:
    """The first platform of a route that everything on it passes and that enforces the preference."""
    for hop in route.platforms or ():
        if hop.any_of is not None and len(hop.any_of) == 1:
            platform = inventory.find(hop.any_of[0], Platform)
            if platform is not None and platform.usable and preference.id in (platform.enforces or ()):
                return platform.id
    return None


def _in_use(inventory: Inventory, names: Iterable[str]) -> tuple[str, ...]:
    found = (inventory.find(name, Platform) for name in dict.fromkeys(names))
    return tuple(one.id for one in found if one is not None and one.usable)
