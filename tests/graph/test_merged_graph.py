"""The trap of analyses.md, H: one merged graph, in which joint needs and alternatives look alike, misses single points.

H3 gives its dominators a recall of about 14 % on the systems of its prototype; how little it is depends on the systems.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import networkx as nx

from cx_map.graph.and_or import Groups, failure_sets, working
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from tests.analyses.small_firm import SINGLE_POINTS, SMALL_FIRM
from tests.support import inventory_of


def layered(chance: random.Random) -> list[Groups]:
    """A system without cycles as firms have them: sources, then platforms, then messages over joint needs and routes."""
    sources: list[Groups] = [() for _ in range(12)]
    platforms: list[Groups] = [tuple((chance.randrange(12),) for _ in range(chance.randint(1, 2))) for _ in range(12)]
    messages: list[Groups] = [
        (*((chance.randrange(12),) for _ in range(chance.randint(0, 2))),
         tuple(chance.sample(range(12, 24), chance.randint(1, 3))))
        for _ in range(20)
    ]  # fmt: skip
    return [*sources, *platforms, *messages]


def dominators(requirements: Sequence[Groups], node: int) -> set[int]:
    """The nodes on every path of the merged graph to a node; the start and the node itself left out."""
    graph: nx.DiGraph = nx.DiGraph()
    for later, groups in enumerate(requirements):
        graph.add_edges_from((earlier, later) for group in groups for earlier in group)
        if not groups:
            graph.add_edge(-1, later)
    above = nx.immediate_dominators(graph, -1)
    found = set()
    at = node
    while above.get(at, at) not in (-1, at):  # from networkx 3.6 on the start is no key, before it stood for itself
        at = above[at]
        found.add(at)
    return found


def recall(requirements: Sequence[Groups], suppliers: int, nodes: Iterable[int]) -> tuple[int, int]:
    """How many of the single points of some nodes its dominators find, and how many there are."""
    exact = failure_sets(requirements)
    found = true = 0
    for node in nodes:
        single = {one for one in range(suppliers) if not working(requirements, [one])[node]}
        assert {one for one in exact.of(node) if one < suppliers} == single
        merged = {one for one in dominators(requirements, node) if one < suppliers}
        assert merged <= single, "what it finds is true, but it finds little"
        found += len(merged)
        true += len(single)
    return found, true


def test_dominators_of_the_merged_graph_find_few_of_the_single_points_of_random_systems() -> None:
    counts = [recall(layered(random.Random(seed)), 24, range(24, 44)) for seed in range(12)]
    found, true = (sum(column) for column in zip(*counts, strict=True))
    assert true > 300
    assert 0 < found < true / 5


def test_they_find_none_of_those_of_the_small_firm() -> None:
    graph = production(Ecosystem(inventory_of(SMALL_FIRM)))
    nodes = [one.node for one in graph.communications.values()]
    assert recall(graph.requirements, graph.suppliers, nodes) == (0, sum(map(len, SINGLE_POINTS.values())))
