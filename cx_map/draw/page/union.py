"""All states of a page as one scene, so that every entity and flow has one place whatever state is shown.

A page with one state has exactly the places of that state's picture; with several, those of a picture drawn with
``--line-up-with`` all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cx_map.draw.scene import Edge, Node, Scene, node_order
from cx_map.draw.scenes.line_up import line_up

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Union:
    """The scene of everything, its nodes and edges in the order of the page, and where each stands in it."""

    scene: Scene
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    node_at: dict[str, int]
    edge_at: dict[Key, int]


def key_of(edge: Edge) -> Key:
    """What makes a flow the same one in another state."""
    return edge.source, edge.target, edge.kind


def union_of(scenes: Sequence[Scene], differences: Iterable[Scene] = ()) -> Union:
    """Everything that any of the states shows, the earliest words of each; flows of the differences as well.

    Nodes are ordered as one reads the layers: by column, lane, kind and id. O(n log n) for all nodes and edges.
    """
    lined = line_up(scenes)[0]
    nodes: dict[str, Node] = {}
    edges: dict[Key, Edge] = {}
    for scene in scenes:
        for node in scene.nodes:
            nodes.setdefault(node.id, replace(node, badges=()))
        for edge in scene.edges:
            known = edges.get(key_of(edge))
            # A place for the cross of a missing flow, and for the badge of a finding, is kept in every state.
            if known is None:
                edges[key_of(edge)] = replace(edge, badges=edge.badges[:1])
            elif edge.style == "missing" or (edge.badges and not known.badges):
                style = "missing" if "missing" in (edge.style, known.style) else known.style
                edges[key_of(edge)] = replace(known, style=style, badges=(known.badges or edge.badges)[:1])
    for scene in differences:
        for edge in scene.edges:
            if edge.source in nodes and edge.target in nodes:
                edges.setdefault(key_of(edge), replace(edge, mark="none", badges=()))
    column = {one.id: number for number, one in enumerate(lined.columns)}
    lane = {one.id: number for number, one in enumerate(lined.lanes)}
    ordered = sorted(nodes.values(), key=lambda one: (column[one.column], lane[one.lane], node_order(one)))
    flows = [edges[key] for key in sorted(edges)]
    scene = replace(lined, nodes=tuple(ordered), edges=tuple(flows), reserved=(), notes=())
    return Union(
        scene,
        tuple(ordered),
        tuple(flows),
        {node.id: number for number, node in enumerate(ordered)},
        {key_of(edge): number for number, edge in enumerate(flows)},
    )
