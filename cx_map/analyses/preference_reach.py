"""Where a preference is not known to the platform that decides the channel: the violations of analyses.md, D."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cx_map.analyses.bounds import Bounds, bounds_of
from cx_map.analyses.cheapest_flows import Repair, cheapest_flows
from cx_map.analyses.customers import customer_base
from cx_map.analyses.preferences import UNNAMED, attribute_of, deciding_platforms, governing, preferences
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Link, Scope
from cx_map.model.chapter_customers import Preference, Segment
from cx_map.model.chapter_map import Communication, Route
from cx_map.model.inventory import basis_of


@dataclass(frozen=True, slots=True)
class Stop:
    """One preference that does not get to one deciding platform, for these products and segments.

    ``products`` holds ``*`` where no product is named; ``segments`` is empty where none is.
    """

    preference: Preference
    decider: str
    products: tuple[str, ...]
    segments: tuple[str, ...]
    kept: tuple[str, ...]
    """Products of the communication for which it does get there."""


@dataclass(frozen=True, slots=True)
class Honoured:
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
                judged = judged or not vague
                if vague:
                    reason = "the products of the communication are not known"
                if stop is not None:
                    stops.append(stop)
    return Honoured(communication, tuple(stops), reason, judged)


def _stop(
    eco: Ecosystem, communication: Communication, preference: Preference, decider: str
) -> tuple[Stop | None, bool]:
    """Where it stops before a platform, and whether the answer hangs on products that nobody names."""
    inventory = eco.inventory
    known = eco.once(preferences)
    expected = known.expected(preference)
    about = communication.products
    wanted = expected if about is None else tuple(name for name in expected if name in about)
    if about and not wanted:
        return None, False  # customers do not expect it to hold here
    segments: tuple[str | None, ...] = communication.segments or (None,)
    missing: dict[str, None] = {}
    affected: dict[str, None] = {}
    reached: set[str] = set()
    for segment in segments:
        entity = inventory.find(segment, Segment) if segment is not None else None
        at = known.known(preference, segment).of(decider)
        names = wanted or (UNNAMED,)
        if entity is not None and entity.products is not None and wanted:
            names = tuple(name for name in wanted if name in entity.products)
        lost = [name for name in names if name not in at]
        reached.update(name for name in names if name in at)
        missing.update(dict.fromkeys(lost))
        if lost and segment is not None:
            affected[segment] = None
    if not missing:
        return None, False
    if about is None and wanted and reached:
        return None, True  # it depends on which of the products the communication is about
    return Stop(preference, decider, tuple(missing), tuple(affected), tuple(sorted(reached))), False


def customers_of(eco: Ecosystem, communication: Communication, stop: Stop) -> Bounds:
    """Customers whose choice is not respected: those concerned times the share that chose it, at most."""
    inventory = eco.inventory
    segments = [
        segment.id
        for name in stop.segments or communication.segments or ()
        if (segment := inventory.find(name, Segment)) is not None
        and (segment.products is None or UNNAMED in stop.products or set(segment.products) & set(stop.products))
    ]
    concerned = eco.once(customer_base).union(segments) if segments else Bounds(0.0, None, None)
    adoption = stop.preference.adoption
    share = Bounds(0.0, None, 1.0) if adoption is None else bounds_of(adoption, basis_of(inventory, stop.preference))
    return concerned * share


def blame(eco: Ecosystem, stop: Stop) -> Repair | None:
    """The fewest flows to widen or add so that the preference gets there for every product and segment concerned.

    None where policy forbids every way.
    """
    starts = eco.once(preferences).known(stop.preference).starts
    attribute = attribute_of(stop.preference)
    links: dict[tuple[str, str], Link] = {}
    new: tuple[str, str] | None = None
    cost = 0.0
    changes: list[Mapping[str, object]] = []
    for segment in stop.segments or (None,):
        for product in stop.products:
            scope = Scope(segment, () if product == UNNAMED else (product,))
            repair = cheapest_flows(eco, attribute, starts, (stop.decider,), scope)
            if repair is None:
                return None
            links.update({(link.source, link.target): link for link in repair.widened})
            new = repair.new or new
            cost = max(cost, repair.cost)
            changes += [change for change in repair.changes if change not in changes]
    return Repair(tuple(links[pair] for pair in sorted(links)), new, cost, tuple(changes))
