from __future__ import annotations

import random

import networkx as nx
import pytest

from cx_map.graph.flow_network import FlowNetwork


def test_flows_and_cuts_equal_networkx_on_random_networks() -> None:
    for seed in range(250):
        chance = random.Random(seed)
        size = chance.randint(2, 12)
        network = FlowNetwork()
        graph: nx.DiGraph = nx.DiGraph()
        for node in range(size):
            network.node()
            graph.add_node(node)
        arcs = []
        for _ in range(chance.randint(1, 40)):
            tail, head = chance.sample(range(size), 2)
            capacity = chance.choice([0, 1, 2, 5, 10**30 + chance.randrange(9)])
            arcs.append((tail, head, capacity, network.arc(tail, head, capacity)))
            before = graph.edges[tail, head]["capacity"] if graph.has_edge(tail, head) else 0
            graph.add_edge(tail, head, capacity=before + capacity)
        value = network.maximize(0, size - 1)
        assert value == nx.maximum_flow_value(graph, 0, size - 1, flow_func=nx.algorithms.flow.preflow_push)
        side = network.reachable(0)
        assert not side[size - 1]
        assert value == sum(capacity for tail, head, capacity, _ in arcs if side[tail] and not side[head])
        for node in range(1, size - 1):
            into = sum(network.flow(arc) for _, head, _, arc in arcs if head == node)
            assert into == sum(network.flow(arc) for tail, _, _, arc in arcs if tail == node)
        assert all(0 <= network.flow(arc) <= capacity for _, _, capacity, arc in arcs)


def test_negative_capacities_are_refused() -> None:
    network = FlowNetwork()
    network.node()
    network.node()
    with pytest.raises(ValueError, match="never negative"):
        network.arc(0, 1, -1)
