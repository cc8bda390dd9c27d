"""What has to be carried over suppliers with limits, as whole numbers, and by which ways (analyses.md, A2)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct

from cx_map.analyses.affected import volume_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Produced, Production, production

SCALE = 1000
"""Thousandths of an item are the unit of the flow."""

Stage: TypeAlias = tuple[str, ...]
Way: TypeAlias = tuple[Stage, ...]


class Commodity(Struct, frozen=True):
    """Items that take one of some ways; each way passes one supplier of each of its stages."""

    communications: tuple[str, ...]
    ways: tuple[Way, ...]
    demand: int

    @property
    def bound(self) -> bool:
        """Whether no way goes around every limit."""
        return all(self.ways)


def limits(eco: Ecosystem) -> Mapping[str, int]:
    """Capacity of a month, in thousandths rounded up, of every usable supplier that states one."""
    graph = eco.once(production)
    found = {}
    for name in graph.names[: graph.suppliers]:
        capacity = getattr(graph.inventory.entities[name], "capacity", None)
        if capacity is not None and graph.derivable(name):
            found[name] = math.ceil(capacity.value * SCALE - 1e-6)
    return found


def commodities(eco: Ecosystem) -> tuple[Commodity, ...]:
    """What can be carried over limited suppliers; communications with the same ways are one commodity.

    With ``send: all`` each primary route with its fallbacks is a commodity. What never passes a limit is
    left out, as are communications that do not work anyway.
    """
    graph = eco.once(production)
    limited = eco.once(limits)
    groups: dict[tuple[Way, ...], list[str]] = {}
    for name in sorted(graph.communications):
        if graph.derivable(name):
            for ways in ways_of(graph, graph.communications[name], limited):
                if any(ways):
                    groups.setdefault(ways, []).append(name)
    found = []
    for ways, names in groups.items():
        demand = sum(
            math.floor(volume_of(eco, graph.communications[name].communication).said * SCALE + 1e-6) for name in names
        )
        found.append(Commodity(tuple(names), ways, demand))
    return tuple(sorted(found, key=lambda one: (one.communications, one.ways)))


def ways_of(graph: Production, produced: Produced, limited: Mapping[str, int]) -> list[tuple[Way, ...]]:
    """The ways of a communication over limited suppliers, one set for each item that has to go out."""
    derivable = graph.failures.derivable

    def stages(groups: Iterable[tuple[int, ...]]) -> Way:
        found = []
        for group in groups:
            members = tuple(graph.names[node] for node in group if derivable[node])
            if members and all(name in limited for name in members):
                found.append(members)
        return tuple(found)

    needs = stages(produced.needs)
    if produced.routes is None:
        return [(needs,)]
    routes = {route.node: route for route in produced.routes}
    sets = []
    # with `send: all` an item passes what it needs once, not once a route
    for number, group in enumerate(graph.requirements[produced.node][len(produced.needs) :]):
        before = needs if number == 0 else ()
        ways = {
            before
            + stages((*routes[node].hops, *(((channel,),) if (channel := routes[node].channel) is not None else ())))
            for node in group
            if derivable[node]
        }
        sets.append(tuple(sorted(ways)))
    return sets
