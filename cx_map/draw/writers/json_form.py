"""Scene and layout to JSON: what the map shows and where, for other tools to draw (``cxmap.map/1``).

Units are CSS pixels, y downwards. Paths are as in :mod:`cx_map.draw.geometry`: a start, then lines of two numbers and
cubic curves of six. Text is as the map shows it: no control characters, cut at the map's limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from cx_map.draw.geometry import Box, Card, Layout, Wire
from cx_map.draw.scene import Badge, Scene, badge_order, edge_order, node_order
from cx_map.draw.text import clean, clean_lines

SCHEMA = "cxmap.map/1"
Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"


def to_json(scene: Scene, layout: Layout) -> str:
    """The map as one JSON object; fields without content are left out. O(n log n + e log e)."""
    cards = sorted(layout.cards, key=lambda card: node_order(card.node))
    wires = sorted(layout.wires, key=lambda wire: edge_order(wire.edge))
    found: dict[str, Json] = {
        "schema": SCHEMA,
        "title": clean(scene.title),
        "subtitle": clean(scene.subtitle),
        "view": layout.view,
        "width": short(layout.width),
        "height": short(layout.height),
        "shown": scene.entities,
        "total": scene.entities if scene.total is None else scene.total,
        "notes": [clean(note, 1200) for note in scene.notes],
        "columns": [{"id": clean(column.id), "label": clean(column.label)} for column in scene.columns],
        "rings": [{"id": clean(ring.id), "label": clean(ring.label)} for ring in scene.rings],
        "lanes": [
            filled({"id": clean(lane.id), "label": clean(lane.label), "silo": lane.silo}) for lane in scene.lanes
        ],
        "nodes": [_node(card) for card in cards],
        "edges": [_edge(wire) for wire in wires],
    }
    return json_lines(found)


def json_lines(found: Mapping[str, Json]) -> str:
    """An object as text, a line for each field, card and flow: short enough to read, and to compare with line tools."""
    import json

    fields = [f"{json.dumps(key)}: {_lines(value)}" for key, value in found.items()]
    return "{\n" + ",\n".join(fields) + "\n}\n"


def _lines(value: Json) -> str:
    import json

    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in value) + "\n]"
    return json.dumps(value, ensure_ascii=False)


def _node(card: Card) -> Json:
    node = card.node
    return filled(
        {
            "id": clean(node.id), "label": clean(node.label), "kind": clean(node.kind), "lane": clean(node.lane), "column": clean(node.column),
            "sublabel": clean(node.sublabel), "mark": "" if node.mark == "none" else node.mark,
            "tooltip": clean_lines(node.tooltip), "members": [clean(one) for one in node.members],
            "findings": badges_form(node.badges), "box": box_form(card.box),
            "heat": None if node.heat is None else round(node.heat, 4), "known": None if node.known else "no",
        }
    )  # fmt: skip


def _edge(wire: Wire) -> Json:
    edge = wire.edge
    return filled(
        {
            "source": clean(edge.source), "target": clean(edge.target), "kind": clean(edge.kind), "label": clean(edge.label),
            "style": edge.style, "mark": "" if edge.mark == "none" else edge.mark, "count": edge.count,
            "one_of": clean(edge.bundle).split("|") if edge.bundle else [], "feedback": wire.feedback,
            "findings": badges_form(edge.badges), "path": [[short(value) for value in part] for part in wire.path],
        }
    )  # fmt: skip


def badges_form(badges: tuple[Badge, ...]) -> list[Json]:
    """Findings, worst first."""
    return [
        filled({"code": clean(one.code), "severity": one.severity, "count": one.count, "message": clean(one.tooltip)})
        for one in sorted(badges, key=badge_order)
    ]


def box_form(box: Box) -> Json:
    """x, y, width, height."""
    return [short(box.x), short(box.y), short(box.w), short(box.h)]


def filled(values: dict[str, Json]) -> dict[str, Json]:
    """Without what says nothing (empty text, empty list, false)."""
    return {key: value for key, value in values.items() if value not in ("", [], False, None)}


def short(value: float) -> float | int:
    """A coordinate to one decimal."""
    rounded = round(value, 1) + 0.0
    return int(rounded) if rounded.is_integer() else rounded
