"""Where a preference is not known to the platform that decides the channel: the violations of analyses.md, D."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct

from cx_map.analyses.bounds import UNKNOWN, Bounds, bounds_of, total
from cx_map.analyses.cheapest_flows import Repair, cheapest_flows
from cx_map.analyses.customers import customer_base
from cx_map.analyses.preferences import (
    UNNAMED,
    attribute_of,
    capture_points,
    deciding_platforms,
    governing,
    origin_unknown,
    preferences,
)
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Link, Scope
from cx_map.model.chapter_customers import Preference, Product, Segment
from cx_map.model.chapter_map import Communication, LineOfBusiness, Route
from cx_map.model.inventory import Inventory, basis_of
from cx_map.model.values import worst_basis


class Stop(Struct, frozen=True):
    """One preference that does not get to one deciding platform, for these products and segments.

    ``products`` holds ``*`` where no product is named; ``segments`` is empty where none is.
    """

    preference: Preference
    decider: str
    products: tuple[str, ...]
    segments: tuple[str, ...]
    kept: tuple[str, ...]
    """Products of the communication for which it does get there."""


class Honoured(Struct, frozen=True):
    """What is known of the preferences that govern a communication; ``open`` says why something is not known."""

    communication: Communication
    stops: tuple[Stop, ...]
    open: str | None
    judged: bool


def honoured(eco: Ecosystem) -> tuple[Honoured, ...]:
    """For each usable communication governed by a preference: where the preference stops. By id."""
    found: list[Honoured] = []
    for communication in eco.inventory.of(Communication):
        if communication.usable:
            governed = governing(eco.inventory, communication)
            if governed:
                found.append(_of(eco, communication, governed))
    return tuple(found)


def _of(
    eco: Ecosystem, communication: Communication, governed: Sequence[tuple[Preference, tuple[Route, ...] | None]]
) -> Honoured:
    stops: list[Stop] = []
    reason: str | None = None
    judged = False
    for preference, routes in governed:
        deciders = deciding_platforms(eco.inventory, communication, routes, preference)
        if not deciders:
            reason = "the platform that decides the channel is not known"
        elif not eco.once(preferences).known(preference).starts:
            reason = f"it is not known where '{preference.id}' is given or kept"
        else:
            for decider in deciders:
                stop, vague = _stop(eco, communication, preference, decider)
                judged = judged or vague is None
                reason = vague or reason
                if stop is not None:
                    stops.append(stop)
    return Honoured(communication, tuple(stops), reason, judged)


def _stop(
    eco: Ecosystem, communication: Communication, preference: Preference, decider: str
) -> tuple[Stop | None, str | None]:
    """Where it stops before a platform; what is missing where that cannot be said."""
    inventory = eco.inventory
    known = eco.once(preferences)
    expected = known.expected(preference)
    about = communication.products
    wanted = expected if about is None else tuple(name for name in expected if name in about)
    if about and not wanted:
        return None, None  # customers do not expect it to hold here
    segments: list[str | None] = [name for name in communication.segments or () if inventory.entities[name].usable]
    if not communication.segments:
        segments.append(None)
    missing: dict[str, None] = {}
    affected: dict[str, None] = {}
    reached: set[str] = set()
    vague = False
    for segment in segments:
        entity = inventory.find(segment, Segment) if segment is not None else None
        at = known.known(preference, segment).of(decider)
        names = wanted or (UNNAMED,)
        if entity is not None and entity.products is not None and wanted:
            names = tuple(name for name in wanted if name in entity.products)
        lost = [name for name in names if name not in at]
        if lost:
            perhaps = known.known(preference, segment, perhaps=True).of(decider)
            vague = vague or not perhaps.isdisjoint(lost)
            lost = [name for name in lost if name not in perhaps]
        reached.update(name for name in names if name in at)
        missing.update(dict.fromkeys(lost))
        if lost and segment is not None:
            affected[segment] = None
    if missing and origin_unknown(inventory, preference):
        return None, f"it is not known where '{preference.id}' is given or kept"
    if missing and wanted and "products" in preference.unknown:
        return None, f"for which products '{preference.id}' is expected to hold is not known"
    if not missing:
        return None, "what a flow on the way carries is not known" if vague else None
    if about is None and wanted and (reached or vague):
        return None, "the products of the communication are not known"
    return Stop(preference, decider, tuple(missing), tuple(affected), tuple(sorted(reached))), None


def customers_of(eco: Ecosystem, communication: Communication, stop: Stop) -> Bounds:
    """Customers whose choice is not respected: those concerned times the share that chose it, at most.

    Concerned are customers of the segments that hold a product for which it does not get there: never more than hold
    these products, nor more than the segments asked where the preference is given.
    """
    inventory = eco.inventory
    segments = [
        segment.id
        for name in stop.segments or communication.segments or ()
        if (segment := inventory.find(name, Segment)) is not None
        and (segment.products is None or UNNAMED in stop.products or set(segment.products) & set(stop.products))
    ]
    concerned = eco.once(customer_base).union(segments) if segments else Bounds(0.0, None, None)
    concerned = _at_most(concerned, _holders(eco, stop))
    concerned = _at_most(concerned, _asked(eco, stop, segments))
    adoption = stop.preference.adoption
    share = Bounds(0.0, None, 1.0) if adoption is None else bounds_of(adoption, basis_of(inventory, stop.preference))
    return concerned * share


def _at_most(number: Bounds, cap: Bounds | None) -> Bounds:
    """A number with a cap: where the cap binds, what is below it is not known."""
    if cap is None or cap.high is None or (number.high is not None and number.high <= cap.high):
        return number
    return Bounds(0.0, None, cap.high, worst_basis(number.basis, cap.basis))


def _holders(eco: Ecosystem, stop: Stop) -> Bounds | None:
    """How many customers hold the products for which it does not get there, counted twice who holds two; None: not known.

    A product of which nobody says how many hold it has at most the customers of its line of business.
    """
    if UNNAMED in stop.products:
        return None
    found = (eco.inventory.find(name, Product) for name in stop.products)
    return total(_held_by(eco.inventory, one) for one in found if one is not None)


def _held_by(inventory: Inventory, product: Product) -> Bounds:
    """The customers who hold a product."""
    if product.customers is not None:
        return bounds_of(product.customers, basis_of(inventory, product))
    line = inventory.find(product.line_of_business, LineOfBusiness)
    if line is None or line.customers is None:
        return UNKNOWN
    most = bounds_of(line.customers, basis_of(inventory, line))
    return Bounds(0.0, None, most.high, most.basis)


def _asked(eco: Ecosystem, stop: Stop, segments: Sequence[str]) -> Bounds | None:
    """How many customers of other segments are asked for it at all; None where all of these are, or nobody says."""
    points = capture_points(eco.inventory, stop.preference)
    if not points or any(point.segments is None for point in points):
        return None
    asked = {item.segment for point in points for item in point.segments or () if item.segment is not None}
    if asked.issuperset(segments) and segments:
        return None
    return eco.once(customer_base).union(asked)


def blame(eco: Ecosystem, stop: Stop) -> Repair | None:
    """The fewest flows to widen or add so that the preference gets there for every product and segment concerned.

    None where policy forbids every way.
    """
    links: dict[tuple[str, str], Link] = {}
    more: dict[tuple[str, str], dict[str, None]] = {}
    new: tuple[str, str] | None = None
    cost = 0.0
    changes: list[Mapping[str, object]] = []
    for segment in stop.segments or (None,):
        for product in stop.products:
            scope = Scope(segment, () if product == UNNAMED else (product,))
            repair = brought(eco, stop.preference, stop.decider, scope)
            if repair is None:
                return None
            for pair, names in repair.more.items():
                more.setdefault(pair, {}).update(dict.fromkeys(names))
            links.update({(link.source, link.target): link for link in repair.widened})
            new = repair.new or new
            cost = max(cost, repair.cost)
            changes += [change for change in repair.changes if change not in changes]
    wider = {pair: tuple(names) for pair, names in more.items()}
    return Repair(tuple(links[pair] for pair in sorted(links)), new, cost, tuple(changes), wider)


SOON = 2 * 86400.0
"""Seconds that a permission may take on its way where the preference does not say (PREF102 has the law's figures)."""


def brought(eco: Ecosystem, preference: Preference, place: str, scope: Scope) -> Repair | None:
    """The cheapest flows that bring a preference to a place; None where policy forbids every way.

    They start at its master, where the choices of all points come together: a store of one point knows nothing of what
    customers say at the others, unless the master tells it. Where there is no master, or policy keeps it from the place,
    they start wherever the preference is known. No flow is widened that alone would be too slow for a withdrawal.
    """
    starts = eco.once(preferences).known(preference).starts
    attribute = attribute_of(preference)
    within = SOON if preference.kind_ in ("consent", "do_not_contact") else math.inf
    if preference.deadline is not None:
        within = preference.deadline.seconds
    if preference.master in starts:
        repair = cheapest_flows(eco, attribute, (preference.master,), (place,), scope, within)
        if repair is not None:
            return repair
    return cheapest_flows(eco, attribute, starts, (place,), scope, within)
