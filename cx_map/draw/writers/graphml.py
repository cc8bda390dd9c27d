"""Scene and layout to GraphML, for Gephi, yEd, Cytoscape and networkx: nodes and edges with all they say, and places.

Source: GraphML specification 1.0 (graphml.graphdrawing.org). Ids are those of the inventory.
"""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.draw.geometry import Layout
from cx_map.draw.scene import Edge, Node, Scene, badge_order, edge_order, node_order
from cx_map.draw.text import clean, clean_lines
from cx_map.draw.writers.svg_parts import attribute, escape, number

_NODE_KEYS = {
    "label": "string", "kind": "string", "line_of_business": "string", "column": "string", "sublabel": "string",
    "mark": "string", "findings": "string", "entities": "int", "x": "double", "y": "double",
}  # fmt: skip
_EDGE_KEYS = {
    "flow": "string", "label": "string", "style": "string", "mark": "string", "findings": "string", "count": "int", "one_of": "string",
}  # fmt: skip


def to_graphml(scene: Scene, layout: Layout) -> str:
    """The scene as one directed graph; x and y are the middles of the cards in pixels. O(n log n + e log e)."""
    places = {name: box.centre for name, box in layout.place().items()}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(f'<key id="n_{key}" for="node" attr.name="{key}" attr.type="{kind}"/>' for key, kind in _NODE_KEYS.items()),
        *(f'<key id="e_{key}" for="edge" attr.name="{key}" attr.type="{kind}"/>' for key, kind in _EDGE_KEYS.items()),
        '<key id="g_title" for="graph" attr.name="title" attr.type="string"/>',
        '<graph id="map" edgedefault="directed">',
        f'<data key="g_title">{escape(clean(scene.title))}</data>',
        *(_node(node, places[node.id]) for node in sorted(scene.nodes, key=node_order)),
        *(_edge(rank, edge) for rank, edge in enumerate(sorted(scene.edges, key=edge_order), 1)),
        "</graph>",
        "</graphml>",
        "",
    ]
    return "\n".join(lines)


def _node(node: Node, place: tuple[float, float]) -> str:
    values = {
        "label": node.label, "kind": node.kind, "line_of_business": "" if node.lane.startswith("~") else node.lane,
        "column": node.column, "sublabel": node.sublabel, "mark": "" if node.mark == "none" else node.mark,
        "findings": " ".join(badge.code for badge in sorted(node.badges, key=badge_order)),
        "entities": str(node.entities), "x": number(place[0]), "y": number(place[1]),
    }  # fmt: skip
    return f'<node id="{attribute(clean_lines(node.id, 400))}">{"".join(_data("n", values))}</node>'


def _edge(rank: int, edge: Edge) -> str:
    values = {
        "flow": edge.kind, "label": edge.label, "style": edge.style, "mark": "" if edge.mark == "none" else edge.mark,
        "findings": " ".join(badge.code for badge in sorted(edge.badges, key=badge_order)),
        "count": str(edge.count), "one_of": edge.bundle,
    }  # fmt: skip
    ends = f'source="{attribute(clean_lines(edge.source, 400))}" target="{attribute(clean_lines(edge.target, 400))}"'
    return f'<edge id="e{rank}" {ends}>{"".join(_data("e", values))}</edge>'


def _data(family: str, values: dict[str, str]) -> Iterator[str]:
    return (f'<data key="{family}_{key}">{escape(clean(value))}</data>' for key, value in values.items() if value)
