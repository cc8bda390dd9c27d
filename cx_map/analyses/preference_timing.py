"""How long the withdrawal of a preference takes from each point of withdrawal to each platform that enforces it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from cx_map.analyses.holdings import learners
from cx_map.analyses.preferences import attribute_of, deciding_platforms, given_at, governing, withdrawal_points
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Link, propagation
from cx_map.model.chapter_customers import CollectionPoint, Preference
from cx_map.model.chapter_map import Communication, DataSource, Platform, Route
from cx_map.model.routes import routes_of


class Way(Struct, frozen=True):
    """From a point of withdrawal (or the master) to an enforcing platform: seconds at least (None: it never gets there).

    ``known`` is False where some latency, or where the point writes to, is not stated.
    """

    point: CollectionPoint | DataSource | Platform
    platform: str
    seconds: float | None
    known: bool
    links: tuple[Link, ...]
    perhaps: float | None = None
    """Seconds at least by a quicker way along flows of which nobody knows what they carry, or from wherever the point writes."""

    def late(self, deadline: float) -> bool | None:
        """Whether it takes longer than the deadline; None where that is not known, or it has no way at all."""
        if self.seconds is None:
            return None
        if self.seconds <= deadline:
            return False if self.known else None
        return None if self.perhaps is not None and self.perhaps <= deadline else True


def governed(eco: Ecosystem) -> dict[str, list[tuple[Communication, tuple[Route, ...] | None]]]:
    """The usable communications that each preference governs, with the routes concerned (None: all)."""
    found: dict[str, list[tuple[Communication, tuple[Route, ...] | None]]] = {}
    for communication in eco.inventory.of(Communication):
        if communication.usable:
            for preference, routes in governing(eco.inventory, communication):
                found.setdefault(preference.id, []).append((communication, routes))
    return found


def platforms_concerned(eco: Ecosystem, preference: Preference) -> tuple[str, ...]:
    """Usable platforms that make, send or decide about what the preference governs, by id."""
    names: set[str] = set()
    for communication, routes in eco.once(governed).get(preference.id, ()):
        names.update(deciding_platforms(eco.inventory, communication, routes))
        for route in routes if routes is not None else routes_of(communication) or ():
            names.update(name for hop in route.platforms or () for name in hop.any_of or ())
    return tuple(sorted(name for name in names if eco.inventory.entities[name].usable))


def enforcing(eco: Ecosystem) -> dict[str, tuple[str, ...]]:
    """The usable platforms that say they enforce each preference, by id."""
    found: dict[str, list[str]] = {}
    for platform in eco.inventory.of(Platform):
        if platform.usable:
            for name in dict.fromkeys(platform.enforces or ()):
                found.setdefault(name, []).append(platform.id)
    return {name: tuple(some) for name, some in found.items()}


def silent(eco: Ecosystem, preference: Preference) -> tuple[str, ...]:
    """The platforms concerned that do not say what they enforce: one of them has to respect it where none says so."""
    concerned = (eco.inventory.find(name, Platform) for name in platforms_concerned(eco, preference))
    return tuple(one.id for one in concerned if one is not None and one.enforces is None)


def withdrawals(eco: Ecosystem, preference: Preference, platforms: tuple[str, ...]) -> Iterator[Way]:
    """Every way of a withdrawal to some platforms. O(points * links that carry the preference)."""
    graph = eco.once(propagation)
    attribute = attribute_of(preference)
    for point in withdrawal_points(eco.inventory, preference):
        starts = given_at(eco.once(learners), preference, (point,))
        arrivals = graph.arrival(attribute, starts) if platforms else {}
        sooner = graph.arrival(attribute, starts, perhaps=True) if platforms and graph.vague else arrivals
        for platform in platforms:
            arrival = arrivals.get(platform)
            other = sooner.get(platform)
            perhaps = other.seconds if other is not None and other != arrival else None
            if arrival is not None:
                links = graph.path(arrivals, platform)
                yield Way(point, platform, arrival.seconds, arrival.known, links, perhaps)
            elif point.writes_to is None:
                yield Way(point, platform, None, False, (), 0.0)
            else:
                yield Way(point, platform, None, True, (), perhaps)


def from_master(eco: Ecosystem, preference: Preference, platform: str) -> Way | None:
    """The way from where the choice is kept: what any withdrawal takes at least, however it gets there; None without one."""
    inventory = eco.inventory
    master = inventory.find(preference.master, DataSource) or inventory.find(preference.master, Platform)
    if master is None or not master.usable:
        return None
    graph = eco.once(propagation)
    attribute = attribute_of(preference)
    arrivals = graph.arrival(attribute, (master.id,))
    arrival = arrivals.get(platform)
    if arrival is None:
        return None
    sooner = graph.arrival(attribute, (master.id,), perhaps=True).get(platform) if graph.vague else arrival
    perhaps = sooner.seconds if sooner is not None and sooner != arrival else None
    return Way(master, platform, arrival.seconds, False, graph.path(arrivals, platform), perhaps)
