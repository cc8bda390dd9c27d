"""Whether what the law demands is archived, whichever way it is sent, and its delivery proved (analyses.md, G and J, I2).

Every communication with purpose ``regulatory`` must have a path to its ``archive`` from every route that works: the
archive lies on the route, or flows lead to it from a platform that everything on the route passes (of alternatives, from
each). Proof is asked for only with ``proof_of_delivery: required``: the last platform must say in ``events_to`` where its
delivery events go, and one of these places must be in use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import ProducedRoute, production
from cx_map.graph.propagation import propagation
from cx_map.model.chapter_map import Communication, Hop, Platform

Lack: TypeAlias = Literal["archive", "proof"]


class Unkept(Struct, frozen=True, order=True):
    """A route (its id; empty for the communication as a whole) whose copies or proof of delivery are kept nowhere."""

    communication: str
    route: str
    lack: Lack


def unkept(eco: Ecosystem) -> tuple[Unkept, ...]:
    """All of them, in order. Where nobody says where the archive is, or where events go, nothing is said.

    One backward walk over the flows for each archive: O(archives * flows + routes).
    """
    return tuple(sorted(one for communication in regulatory(eco) for one in _unkept(eco, communication)))


def regulatory(eco: Ecosystem) -> Iterator[Communication]:
    """Communications in use that the law demands."""
    return (one for one in eco.inventory.of(Communication) if one.usable and one.purpose == "regulatory")


def _unkept(eco: Ecosystem, communication: Communication) -> Iterator[Unkept]:
    if "archive" in communication.nothing:
        yield Unkept(communication.id, "", "archive")
    graph = eco.once(production)
    working = [one for one in graph.communications[communication.id].routes or () if graph.failures.derivable[one.node]]
    leading = eco.once(_archives).get(communication.archive or "")
    for route in working:
        if leading is not None and not _passes(eco, route, leading):
            yield Unkept(communication.id, route.route.id or "", "archive")
        if communication.proof_of_delivery == "required" and _unproved(eco, route):
            yield Unkept(communication.id, route.route.id or "", "proof")


def _archives(eco: Ecosystem) -> Mapping[str, frozenset[str]]:
    """For each archive the places from which flows lead to it, itself included; none where it is not in use."""
    sources: dict[str, list[str]] = {}
    for link in eco.once(propagation).links:
        sources.setdefault(link.target, []).append(link.source)
    found: dict[str, frozenset[str]] = {}
    for name in dict.fromkeys(one.archive for one in regulatory(eco) if one.archive is not None):
        seen: set[str] = set()
        todo = [name] if eco.inventory.entities[name].usable else []
        while todo:
            place = todo.pop()
            if place not in seen:
                seen.add(place)
                todo += sources.get(place, ())
        found[name] = frozenset(seen)
    return found


def _passes(eco: Ecosystem, route: ProducedRoute, leading: frozenset[str]) -> bool:
    """Whether everything on a route passes a place that leads to the archive; a route of unknown platforms may."""
    hops = route.route.platforms
    return hops is None or any(names and leading.issuperset(names) for hop in hops if (names := _usable(eco, hop)))


def _usable(eco: Ecosystem, hop: Hop) -> tuple[str, ...]:
    graph = eco.once(production)
    return tuple(name for name in hop.any_of or () if graph.derivable(name))


def _unproved(eco: Ecosystem, route: ProducedRoute) -> bool:
    """Whether a platform that may deliver on a route is known to send its delivery events nowhere."""
    hops = route.route.platforms
    for name in _usable(eco, hops[-1]) if hops else ():
        platform = eco.inventory.find(name, Platform)
        if platform is not None and platform.events_to is not None:
            places = (eco.inventory.entities[one] for one in platform.events_to)
            if not any(place.usable for place in places):
                return True
    return False
