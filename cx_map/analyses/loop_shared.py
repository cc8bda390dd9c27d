"""Searches of signals that set out alike, made once: thousands of signals kept in one store have one way back.

Two signals set out alike when the same steps lead from them and from where they are kept, to the same places, in the same time and under
the same conditions; the same teams may own them; and the same nodes are named for the same stages. From the second
step on their searches are one, and a walk of the one is a walk of the other but for the steps that are its own.
O(a signal's own steps and teams) for each signal after the first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeAlias

from cx_map.analyses.loop_reach import Reach
from cx_map.analyses.loop_walks import STRUCTURE, Conditions, Search, Stage, State, Walk, identified
from cx_map.graph.response import Edge

_Steps: TypeAlias = tuple[Edge, ...]


@dataclass(frozen=True, eq=False)
class SharedSearches:
    """Walks and trails that were found before, with the steps of the signal for which they were."""

    reach: Reach
    _walks: dict[Hashable, tuple[_Steps, dict[int, Walk]]] = field(default_factory=dict, repr=False)
    _trails: dict[Hashable, tuple[_Steps, _Steps | None]] = field(default_factory=dict, repr=False)

    def walks(self, search: Search, conditions: Conditions, wanted: int) -> dict[int, Walk]:
        """The quickest walk to each wanted segment that can be reached: :meth:`Search.walks`."""
        own = _own(search)
        key = (_likeness(search, own), conditions, wanted)
        found = self._walks.get(key)
        if found is None:
            walks = search.walks(conditions, wanted, self.reach.hopeful(search, wanted, conditions))
            self._walks[key] = (own, walks)
            return walks
        theirs, walks = found
        return {bit: Walk(_in_place(walk.edges, theirs, own), walk.seconds) for bit, walk in walks.items()}

    def trail(
        self,
        search: Search,
        goal: Hashable,
        arrived: Callable[[State], bool],
        hopeful: Callable[[Stage, str], bool],
        conditions: Conditions = STRUCTURE,
    ) -> tuple[Edge, ...] | None:
        """The shortest way to a state that counts as arrived: :meth:`Search.trail`; ``goal`` stands for what the two functions tell."""
        own = _own(search)
        key = (_likeness(search, own), conditions, goal)
        found = self._trails.get(key)
        if found is None:
            trail = search.trail(arrived, hopeful, conditions)
            self._trails[key] = (own, trail)
            return trail
        theirs, trail = found
        return None if trail is None else _in_place(trail, theirs, own)


def _own(search: Search) -> _Steps:
    """The steps that are a signal's own: into the stores that keep it, and from them by its routing rules."""
    graph, name = search.graph, search.signal.id
    return (*graph.edges(name), *(edge for store in sorted(search.stores) for edge in graph.edges(f"{name}>{store}")))


def _likeness(search: Search, own: _Steps) -> Hashable:
    """Equal for two signals exactly where all that a search asks of them is."""
    rights, name = search.entitlement, search.signal.id
    return (
        tuple(
            (edge.source.removeprefix(name), edge.target, edge.label, edge.kept, edge.seconds, edge.certain, edge.works, edge.only)
            for edge in own
        ),
        search.stores,
        search.begin()[3],
        tuple(sorted(search.named.items())),
        identified(search),
        rights.teams,
        bool(rights.open) or not rights.about_known,
    )  # fmt: skip


def _in_place(edges: _Steps, theirs: _Steps, own: _Steps) -> _Steps:
    """A walk with the steps of one signal in place of another's."""
    number = {id(edge): place for place, edge in enumerate(theirs)}
    return tuple(own[number[id(edge)]] if id(edge) in number else edge for edge in edges)
