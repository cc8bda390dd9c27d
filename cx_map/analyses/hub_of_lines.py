"""The store by which a line of business is best joined to the others."""

from __future__ import annotations

from collections.abc import Collection

from cx_map.analyses.holdings import NOT_OPERATIONAL
from cx_map.analyses.lines import lines_of
from cx_map.analyses.single_view import role_masters
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.chapter_map import DataSource


def common_store(eco: Ecosystem, inside: Collection[str]) -> str | None:
    """The customer master, else the golden store, else the store shared by most lines, outside these places; or None.

    A store is shared where no line owns it and flows join it to places of two or more lines. Stores that policy keeps from
    these places are left out. O(flows).
    """
    graph = eco.once(propagation)
    within = set(inside)
    barred = {
        end
        for link in graph.blocked
        if not within.isdisjoint((link.source, link.target))
        for end in (link.source, link.target)
    }
    for name in eco.once(role_masters):
        if name not in within and name not in barred:
            return name
    lines = eco.once(lines_of)
    joined: dict[str, set[str]] = {}
    for link in graph.links:
        for here, there in ((link.source, link.target), (link.target, link.source)):
            store = eco.inventory.find(here, DataSource)
            if store is not None and here not in lines and store.holds and store.role not in NOT_OPERATIONAL:
                joined.setdefault(here, set()).update(lines.get(there, ()))
    shared = [name for name, some in joined.items() if len(some) > 1 and name not in within and name not in barred]
    return min(shared, key=lambda name: (-len(joined[name]), name), default=None)
