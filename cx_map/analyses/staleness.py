"""How old a copy can be: the time from the master to the store, against how long the attribute stays fresh."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.analyses.holdings import Held, holdings, overlap
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Arrival, Link, propagation
from cx_map.model.attributes import covers, valid_for


class Copy(Struct, frozen=True):
    """A copy of an attribute: its age in seconds at worst (a lower bound unless ``known``) and the age allowed.

    ``links`` lead from the master, by the quickest way; ``refresh`` says that the copy's own rhythm is what takes long.
    """

    held: Held
    master: str | None
    age: float
    known: bool
    allowed: float
    links: tuple[Link, ...]
    refresh: bool
    vague: bool = False
    """Whether flows of which nobody knows what they carry may bring it in time."""


def copies(eco: Ecosystem, contact_seconds: float) -> tuple[Copy, ...]:
    """Every copy whose age is bounded: by ``valid_for``, for contact details also by ``contact_seconds``. By store."""
    inventory, graph, held = eco.inventory, eco.once(propagation), eco.once(holdings)
    found: list[Copy] = []
    for attribute, some in held.by_attribute.items():
        ttl = valid_for(inventory, attribute)
        limits = [ttl.seconds] if ttl is not None else []
        if covers(inventory, "contact", attribute):
            limits.append(contact_seconds)
        own = [one for one in some if one.holding.mastery == "copy"]
        if not limits or not own:
            continue
        masters = [one for one in held.covering(attribute) if one.holding.mastery == "master"]
        by_scope: dict[object, tuple[set[str], Mapping[str, Arrival]]] = {}
        for one in own:
            scope = (one.holding.products, one.holding.segments)
            if scope not in by_scope:
                places = {two.place for two in masters if overlap(inventory, one.holding, two.holding)}
                by_scope[scope] = (places, graph.arrival(attribute, sorted(places)))
            mine, times = by_scope[scope]
            arrival = times.get(one.place) if mine else None
            refresh = one.holding.refresh.seconds if one.holding.refresh is not None else None
            links = graph.path(times, one.place) if arrival is not None else ()
            age, known = (arrival.seconds, arrival.known) if arrival is not None else (0.0, False)
            slow = refresh is not None and refresh > age
            if refresh is not None:
                age, known = max(age, refresh), known or arrival is None
            vague = False
            if graph.vague and mine and age > min(limits) and not slow:
                sooner = graph.arrival(attribute, sorted(mine), perhaps=True).get(one.place)
                vague = sooner is not None and sooner.seconds <= min(limits)
            master = links[0].source if links else next(iter(mine)) if len(mine) == 1 else None
            found.append(Copy(one, master, age, known, min(limits), links, slow, vague))
    return tuple(sorted(found, key=lambda one: (one.held.place, one.held.attribute, one.held.index)))
