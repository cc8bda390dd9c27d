"""Why a communication cannot be produced, and the platforms that could mend its routes."""

from __future__ import annotations

from collections.abc import Mapping

from cx_map.graph.production import ProducedRoute, Production
from cx_map.model.chapter_map import Communication, Platform
from cx_map.model.entity import Entity


def dead_causes(graph: Production, node: int) -> tuple[str, ...]:
    """The suppliers at the root of a node that cannot be derived: those not in use, else those in a circle. O(ancestors)."""
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
    circle = {graph.names[one] for one in seen if one < graph.suppliers}
    return tuple(sorted(roots or circle))


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
