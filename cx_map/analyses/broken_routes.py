"""Communications that do not get to their customers: why not, and the platforms that could mend their routes."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Produced, ProducedRoute, Production, production
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Channel, Communication, Platform, Route
from cx_map.model.entity import Entity
from cx_map.model.reaching import may_reach
from cx_map.model.values import Basis


class Unreached(Struct, frozen=True):
    """A communication that can be produced, by channels that reach nobody it is meant for.

    ``basis`` tells how sure that is: reported where every segment states each of the channels as 0, estimated where one
    is left out, assumed where that one may reach them all the same.
    """

    channels: tuple[str, ...]
    segments: tuple[str, ...]
    reachable: tuple[str, ...]
    """The channels that do reach one of the segments."""
    basis: Basis


def unreached(eco: Ecosystem) -> Mapping[str, Unreached]:
    """Communications all of whose segments state ``reachable_by``, none of them a channel of a working route.

    One that has a working route of unknown channel is not among them, nor one of :func:`perhaps_unreached`.
    """
    return {name: one for name, one in eco.once(_all_unreached).items() if one.basis != "assumed"}


def perhaps_unreached(eco: Ecosystem) -> Mapping[str, Unreached]:
    """The same for those whose channel may reach people though it is left out: post, branches, calls to a mobile."""
    return {name: one for name, one in eco.once(_all_unreached).items() if one.basis == "assumed"}


def _all_unreached(eco: Ecosystem) -> Mapping[str, Unreached]:
    """Both of them. O(routes + channels of the segments)."""
    graph = eco.once(production)
    found = {name: _unreached(graph, graph.communications[name]) for name in sorted(graph.communications)}
    return {name: one for name, one in found.items() if one is not None}


def _unreached(graph: Production, produced: Produced) -> Unreached | None:
    segments = produced.communication.segments
    if not segments or not graph.failures.derivable[produced.node]:
        return None
    working = [route for route in produced.routes or () if graph.failures.derivable[route.node]]
    if not working or any(route.channel is None for route in working):
        return None
    channels = {graph.names[route.channel] for route in working if route.channel is not None}
    reached: set[str] = set()
    left_out: set[str] = set()
    perhaps = False
    for name in segments:
        segment = graph.inventory.find(name, Segment)
        if segment is None or segment.reachable_by is None:
            return None
        missing = [
            one
            for name in sorted(channels - segment.reachable_by.keys())
            if (one := graph.inventory.find(name, Channel))
        ]
        left_out.update(one.id for one in missing)
        perhaps = perhaps or any(may_reach(graph.inventory, segment, one) for one in missing)
        reached |= {channel for channel, share in segment.reachable_by.items() if share.highest > 0}
    if reached & channels:
        return None
    basis: Basis = "assumed" if perhaps else "estimated" if left_out else "reported"
    return Unreached(tuple(sorted(channels)), tuple(segments), tuple(sorted(reached)), basis)


def working_routes(eco: Ecosystem, communication: Communication) -> tuple[Route, ...] | None:
    """The routes of which every platform and the channel can be had, as far as they are known; None without known routes."""
    graph = eco.once(production)
    produced = graph.communications[communication.id].routes
    if produced is None:
        return None
    return tuple(one.route for one in produced if graph.failures.derivable[one.node])


def dead_causes(graph: Production, node: int) -> tuple[str, ...]:
    """The suppliers not in use at the root of a node that does not work. O(ancestors)."""
    derivable = graph.failures.derivable
    roots: set[str] = set()
    seen: set[int] = set()
    todo = [node]
    while todo:
        current = todo.pop()
        if current in seen or derivable[current]:
            continue
        seen.add(current)
        if current < graph.suppliers and not graph.entity(current).usable:
            roots.add(graph.names[current])
            continue
        for group in graph.requirements[current]:
            if not any(derivable[member] for member in group):
                todo.extend(group)
    return tuple(sorted(roots))


def replacements(graph: Production, communication: Communication, route: ProducedRoute) -> Mapping[str, str] | None:
    """For each dead platform of a route a working one that can do the same; None where the route cannot be mended so.

    A replacement has every capability of the dead platform and is not on the route already. One that serves
    the communication's line of business comes first, then the one with the fewest other capabilities.
    """
    derivable = graph.failures.derivable
    if route.channel is not None and not derivable[route.channel]:
        return None
    on_route = {graph.names[node] for group in route.hops for node in group}
    found: dict[str, str] = {}
    for group in route.hops:
        if any(derivable[node] for node in group):
            continue
        for node in group:
            choice = _replacement(graph, communication, graph.entity(node), on_route)
            if choice is not None:
                found[graph.names[node]] = choice
                break
        else:
            return None
    return found


def _replacement(graph: Production, communication: Communication, dead: Entity, taken: set[str]) -> str | None:
    wanted = set(dead.capabilities or ()) if isinstance(dead, Platform) else set()
    if not wanted:
        return None
    line = communication.line_of_business
    choices = [
        (line is not None and line not in (one.serves or ()), len(set(one.capabilities or ()) - wanted), one.id)
        for one in graph.inventory.of(Platform)
        if one.id not in taken and graph.derivable(one.id) and wanted <= set(one.capabilities or ())
    ]
    return min(choices)[2] if choices else None
