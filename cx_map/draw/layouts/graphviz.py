"""A scene laid out by a Graphviz engine: its places and lines, with our own cards, title, legend and notes around.

Lanes are clusters for the engines that know them (dot, fdp, osage). Unlike the built-in views these places are not
stable: adding one entity may move any other, so states do not line up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cx_map.draw.engines import MOST_CARDS, Engine, place
from cx_map.draw.geometry import Box, Card, Frame, Label, Layout, Path, Point, Wire
from cx_map.draw.layouts.decorate import decorate
from cx_map.draw.layouts.furniture import MARGIN, NARROWEST, about, card, footer, header, small_card
from cx_map.draw.scene import Edge, Node, Scene, edge_order, node_order
from cx_map.draw.text import clean, fit
from cx_map.errors import UsageError

At = Callable[[float, float], Point]
"""From Graphviz's points, y upwards, to pixels of the picture."""
_PX = 96 / 72
_CLUSTERED = ("dot", "fdp", "osage")
_ROUTED, _RANKED = 80, 200
"""Most cards round which engines other than dot bend lines (above, straight), and that dot ranks by columns: slow above."""
_GRAPH: dict[Engine, str] = {
    "dot": "rankdir=LR nodesep=0.22 ranksep=0.95",
    "neato": 'overlap=prism overlap_scaling=-3 sep="+14,10"',
    "sfdp": 'overlap=prism overlap_scaling=-3 sep="+14,10" K=1.1 repulsiveforce=1.6',
    "fdp": 'overlap=prism sep="+14,10"',
    "twopi": 'overlap=prism overlap_scaling=-3 sep="+14,10" ranksep=2',
    "circo": 'overlap=prism overlap_scaling=-3 sep="+14,10" mindist=0.1',
    "osage": "pack=14",
}


def layout_graphviz(scene: Scene, engine: Engine) -> Layout:
    """The scene as the engine places it. UsageError above the engine's measured size and as of ``engines.place``."""
    if len(scene.nodes) > MOST_CARDS[engine]:
        raise UsageError(
            f"--engine {engine} takes too long for {len(scene.nodes):,} cards (at most {MOST_CARDS[engine]:,})",
            hint="show less with --focus or --limit, or leave --engine away",
        )
    make = card if engine == "dot" else small_card
    nodes = sorted(scene.nodes, key=node_order)
    drawn = {node.id: make(node, 0.0, 0.0) for node in nodes}
    edges = sorted(scene.edges, key=edge_order)
    found = place(_dot(scene, engine, drawn, nodes, edges), engine)
    graph = _bounds(found["bb"])
    width = max(graph.w + 2 * MARGIN, NARROWEST)
    labels, swatches, top = header(scene, width)
    left = (width - graph.w) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * _PX - graph.x, top + 16 + graph.bottom - y * _PX

    objects = {one["name"]: one for one in found.get("objects", ())}
    cards = {node.id: _placed(drawn[node.id], make, at(*_pair(objects[f"n{rank}"]["pos"])))
             for rank, node in enumerate(nodes)}  # fmt: skip
    frames = _frames(scene, objects, at) if engine in _CLUSTERED else []
    labels += [
        Label(
            fit(clean(frame.name) or clean(frame.id), max(20.0, frame.box.w - 24), 12.5),
            frame.box.x + 12,
            frame.box.y + 17,
            12.5,
            "lane",
        )
        for frame in frames
    ]
    lines = {one["id"]: one["pos"] for one in found.get("edges", ()) if "pos" in one}
    kinds = {node.id: node.kind for node in nodes}
    backward = _backward(scene)
    wires = tuple(
        Wire(edge, kinds[edge.source], _line(lines.get(f"e{rank}", ""), at, turned=edge in backward and engine == "dot")
             or _straight(cards[edge.source], cards[edge.target]), feedback=edge in backward)
        for rank, edge in enumerate(edges)
    )  # fmt: skip
    wires, left_out = decorate(wires, cards, labels, scene.language)
    notes, height = footer(scene, width, top + graph.h + 34, left_out)
    return Layout(
        "layers" if engine == "dot" else "web",
        width,
        height,
        tuple(cards.values()),
        wires,
        tuple(frames),
        (*labels, *notes),
        tuple(swatches),
        title=scene.title,
        about=about(scene),
        language=scene.language,
    )


def _backward(scene: Scene) -> set[Edge]:
    """Flows against the reading direction."""
    order = {column.id: index for index, column in enumerate(scene.columns)}
    column = {node.id: order[node.column] for node in scene.nodes}
    return {edge for edge in scene.edges if column[edge.source] > column[edge.target]}


def _dot(scene: Scene, engine: Engine, drawn: dict[str, Card], nodes: list[Node], edges: list[Edge]) -> str:
    """The graph for Graphviz: sizes and generated names."""
    names = {node.id: f"n{rank}" for rank, node in enumerate(nodes)}
    ranked = engine == "dot" and len(nodes) <= _RANKED
    lines = [
        f"digraph map {{ graph [{_GRAPH[engine]}{' newrank=true' if ranked else ''}{_lines(engine, len(nodes))} start=7 margin=0]"
    ]
    lines.append('node [shape=box fixedsize=true label=""] edge [dir=none]')
    sizes = {
        one: f"{one} [width={drawn[node].box.w / 96:.3f} height={drawn[node].box.h / 96:.3f}]"
        for node, one in names.items()
    }
    if engine in _CLUSTERED:
        for rank, lane in enumerate(scene.lanes):
            inside = [sizes[names[node.id]] for node in nodes if node.lane == lane.id]
            if inside:
                lines.append(f'subgraph cluster_{rank} {{ label="Lane" fontsize=14 margin=14 {"; ".join(inside)} }}')
    else:
        lines += sizes.values()
    if ranked:
        for column in scene.columns:
            same = [names[node.id] for node in nodes if node.column == column.id]
            lines += [f"{{ rank=same; {'; '.join(same)} }}"] if same else []
    backward = _backward(scene)
    for rank, edge in enumerate(edges):
        ends = (names[edge.source], names[edge.target])
        if engine == "dot" and edge in backward:
            ends = ends[::-1]
        lines.append(f"{ends[0]} -> {ends[1]} [id=e{rank}]")
    return "\n".join((*lines, "}", ""))


def _lines(engine: Engine, cards: int) -> str:
    return "" if engine == "dot" else " splines=true" if cards <= _ROUTED else " splines=line"


def _placed(one: Card, make: Callable[[Node, float, float], Card], at: Point) -> Card:
    """The card with its middle where the engine put it: large cards are made from their corner, small from their middle."""
    return make(one.node, at[0] - one.box.w / 2, at[1] - one.box.h / 2) if make is card else make(one.node, *at)


def _frames(scene: Scene, objects: dict[str, Any], at: At) -> list[Frame]:
    found = []
    for rank, lane in enumerate(scene.lanes):
        cluster = objects.get(f"cluster_{rank}")
        if cluster is not None:
            x1, y1, x2, y2 = map(float, cluster["bb"].split(","))
            (left, top), (right, bottom) = at(x1, y2), at(x2, y1)
            found.append(
                Frame(
                    "silo" if lane.silo else "lane",
                    lane.id,
                    Box(left, top, right - left, bottom - top),
                    lane.label or lane.id,
                )
            )
    return found


def _line(pos: str, at: At, *, turned: bool) -> Path | None:
    """A spline of Graphviz (``p0 p1 p2 p3 …``, three points a curve) as a path; ``None`` where it drew none."""
    points = [at(*_pair(one)) for one in pos.partition(";")[0].split() if one[0] not in "es"]
    if len(points) < 4 or len(points) % 3 != 1:
        return None
    if turned:
        points.reverse()
    return (points[0], *((*points[i], *points[i + 1], *points[i + 2]) for i in range(1, len(points), 3)))


def _straight(source: Card, target: Card) -> Path:
    """Between the nearer sides of two cards."""
    if target.box.x >= source.box.right:
        return ((source.box.right, source.box.centre[1]), (target.box.x, target.box.centre[1]))
    if target.box.right <= source.box.x:
        return ((source.box.x, source.box.centre[1]), (target.box.right, target.box.centre[1]))
    down = target.box.y >= source.box.y
    return (
        (source.box.centre[0], source.box.bottom if down else source.box.y),
        (target.box.centre[0], target.box.y if down else target.box.bottom),
    )


def _bounds(text: str) -> Box:
    """A bounding box of Graphviz, in pixels."""
    x1, y1, x2, y2 = (float(one) * _PX for one in text.split(","))
    return Box(x1, y1, x2 - x1, y2 - y1)


def _pair(text: str) -> tuple[float, float]:
    x, y = text.rstrip("!").split(",")[-2:]
    return float(x), float(y)
