"""What the loss of one thing means: which communications stop, which lose a way, how many customers."""

from __future__ import annotations

from msgspec import Struct

from cx_map.analyses.affected import Affected, affected
from cx_map.analyses.broken_routes import unreached
from cx_map.errors import UsageError
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Produced, Production, production
from cx_map.graph.production_domains import domain_named
from cx_map.model.chapter_map import DataSource, Platform


class Impact(Struct, frozen=True):
    """The loss of ``lost``.

    ``stops`` are communications of which every way dies, ``degrades`` those that lose some way or
    alternative and keep another (analyses.md, J). ``produces`` is False where the thing is no part of
    producing communications (a team, a segment, an insight): then nothing is said about it. ``members`` are the
    things that are lost with it: itself, or what stands in a failure domain.
    """

    lost: str
    members: tuple[str, ...]
    stops: tuple[str, ...]
    degrades: tuple[str, ...]
    produces: bool
    stopped: Affected
    degraded: Affected


def impact(eco: Ecosystem, lost: str) -> Impact:
    """The impact of losing an entity of any kind, or a site, network or vendor (``vendor:Acme``), however few use it.

    Losing what is not in use changes nothing; a communication that does not work anyway, or reaches nobody, cannot
    stop. Raises UsageError where there is no such thing. O(size of the graph).
    """
    graph = eco.once(production)
    inventory = eco.inventory
    domain = None
    if lost not in inventory.entities:
        entities: list[Platform | DataSource] = [*inventory.of(Platform), *inventory.of(DataSource)]
        domain = domain_named(lost, entities, inventory.organization)
    if domain is not None:
        lost = domain.name
    # a domain of one member is no node of its own: it is lost with that member
    node_name = domain.members[0] if domain is not None and len(domain.members) == 1 else lost
    atom = next((number for number, name in enumerate(graph.names) if name == node_name), None)
    stops: list[str] = []
    degrades: list[str] = []
    if atom is not None:
        touched = _dependants(graph, atom)
        for name in sorted(graph.communications.keys() - eco.once(unreached).keys()):
            produced = graph.communications[name]
            if produced.node in touched:
                (stops if _dies(graph, produced, atom) else degrades).append(name)
    elif lost in graph.communications:
        stops = [lost] if graph.derivable(lost) and lost not in eco.once(unreached) else []
    elif domain is None and lost not in inventory.entities:
        raise UsageError(
            f"the inventory has no entity, site, network or vendor {lost!r}",
            hint="`cxmap inventory` lists the ids there are; a site is written site:NAME",
        )
    produces = atom is not None or domain is not None or lost in graph.communications
    members = domain.members if domain is not None else (lost,)
    return Impact(lost, members, tuple(stops), tuple(degrades), produces, affected(eco, stops), affected(eco, degrades))


def _dependants(graph: Production, atom: int) -> set[int]:
    """The nodes that some working way leads to from an atom, by one pass over the reversed graph."""
    derivable = graph.failures.derivable
    if not derivable[atom]:
        return set()
    users: dict[int, list[int]] = {}
    for node, groups in enumerate(graph.requirements):
        if derivable[node]:
            for group in groups:
                for member in group:
                    users.setdefault(member, []).append(node)
    seen = {atom}
    todo = [atom]
    while todo:
        for user in users.get(todo.pop(), ()):
            if user not in seen:
                seen.add(user)
                todo.append(user)
    return seen


def _dies(graph: Production, produced: Produced, atom: int) -> bool:
    """Whether every way dies: with ``send: all`` too, one surviving route is a way."""
    groups = produced.needs
    if produced.routes is not None:
        groups = (*groups, tuple(route.node for route in produced.routes))
    failures = graph.failures
    return atom in failures.atoms_in(failures.bits_of(groups))
