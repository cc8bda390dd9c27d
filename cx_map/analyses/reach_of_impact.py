"""What the loss of one thing means: which communications stop, which lose a way, how many customers."""

from __future__ import annotations

from dataclasses import dataclass

from cx_map.analyses.affected import Affected, affected
from cx_map.errors import UsageError
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Produced, Production, production


@dataclass(frozen=True, slots=True)
class Impact:
    """The loss of ``lost``.

    ``stops`` are communications of which every way dies, ``degrades`` those that lose some way or
    alternative and keep another (analyses.md, J). ``produces`` is False where the thing is no part of
    producing communications (a team, a segment, an insight): then nothing is said about it.
    """

    lost: str
    stops: tuple[str, ...]
    degrades: tuple[str, ...]
    produces: bool
    stopped: Affected
    degraded: Affected


def impact(eco: Ecosystem, lost: str) -> Impact:
    """The impact of losing an entity of any kind, or a failure domain (``vendor:Acme``).

    Losing what is not in use changes nothing; a communication that does not work anyway cannot stop. Raises
    UsageError where there is no such thing. O(size of the graph).
    """
    graph = eco.once(production)
    atom = next((number for number, name in enumerate(graph.names) if name == lost), None)
    stops: list[str] = []
    degrades: list[str] = []
    if atom is not None:
        touched = _dependants(graph, atom)
        for name in sorted(graph.communications):
            produced = graph.communications[name]
            if produced.node in touched:
                (stops if _dies(graph, produced, atom) else degrades).append(name)
    elif lost in graph.communications:
        stops = [lost] if graph.derivable(lost) else []
    elif lost not in eco.inventory.entities:
        raise UsageError(f"the inventory has no entity {lost!r}", hint="`cxmap inventory` lists the ids there are")
    produces = atom is not None or lost in graph.communications
    return Impact(lost, tuple(stops), tuple(degrades), produces, affected(eco, stops), affected(eco, degrades))


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
