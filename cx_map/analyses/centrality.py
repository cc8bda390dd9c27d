"""Degree and betweenness of the whole web: a description for analysts, never a finding.

Source: U. Brandes, *A faster algorithm for betweenness centrality* (2001), as in networkx. Exact up to 1,000
entities, O(nm); above that from 200 sources chosen with a fixed seed.
"""

from __future__ import annotations

import itertools

from msgspec import Struct

from cx_map.model.chapter_map import Communication
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of

EXACT_UP_TO = 1000
SOURCES = 200


class Centrality(Struct, frozen=True):
    """An entity's number of neighbours and share of shortest paths through it."""

    id: str
    kind: str
    degree: int
    betweenness: float


def centrality(inventory: Inventory) -> tuple[Centrality, ...]:
    """Every connected entity, the most central first, then by id."""
    import networkx

    graph = networkx.DiGraph()
    edges: set[tuple[str, str]] = set()
    for flow in inventory.flows:
        if flow.from_ and flow.to and flow.via != "none" and flow.policy != "blocked":
            edges.add((flow.from_, flow.to))
    for communication in inventory.of(Communication):
        for need in communication.needs or ():
            edges |= {(one, communication.id) for one in need.any_of or ()}
        for route in routes_of(communication) or ():
            chain: list[tuple[str, ...]] = [(communication.id,), *((hop.any_of or ()) for hop in route.platforms or ())]
            if route.channel:
                chain.append((route.channel,))
            edges |= {(a, b) for before, after in itertools.pairwise(chain) for a in before for b in after}
    graph.add_edges_from(sorted(edges))
    sample = None if len(graph) <= EXACT_UP_TO else SOURCES
    between = networkx.betweenness_centrality(graph, k=sample, seed=0)
    found = [
        Centrality(
            node, inventory.entities[node].kind if node in inventory.entities else "", graph.degree(node), between[node]
        )
        for node in graph
    ]
    return tuple(sorted(found, key=lambda one: (-one.betweenness, -one.degree, one.id)))
