"""Layouts as compact data: the places of cards, lines and names, exactly where the pictures have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cx_map.draw.geometry import Card, Label, Layout, Path
from cx_map.draw.layouts.layers import layout_layers
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.page.union import Union, key_of
from cx_map.draw.writers.svg_parts import path_data

Json = dict[str, object]
VIEWS: dict[str, Callable[..., Layout]] = {"layers": layout_layers, "web": layout_web}
"""The views a page can show: those whose places do not depend on the state."""
_LARGE = 1000
"""Entities above which lines are told in whole units: nobody sees a tenth, and it is a quarter of the file."""
_SIGNS = ("column", "lane", "ring-name", "sector-name", "customer")


@dataclass(frozen=True, slots=True)
class View:
    """A view as data, the line of every edge, and which edges run against the reading direction."""

    data: Json
    wires: tuple[str, ...]
    feedback: frozenset[int]


def view_of(union: Union, name: str) -> View:
    """Lay the union out in a view.

    A card is ``[x, y, w, h, pattern, text, ...]``: the pattern says where its lines of text stand and how big they
    are, counted from the card's corner. A wire is the ``d`` of an SVG path. O(n log n + e log e).
    """
    layout = VIEWS[name](union.scene)
    patterns: dict[str, int] = {}
    table: list[list[list[object]]] = []
    cards: list[list[object]] = [[] for _ in union.nodes]
    for card in layout.cards:
        shape = _pattern(card)
        number = patterns.setdefault(repr(shape), len(table))
        if number == len(table):
            table.append(shape)
        box = card.box
        place = [short(box.x), short(box.y), short(box.w), short(box.h), number]
        cards[union.node_at[card.node.id]] = [*place, *(label.text for label in _texts(card))]
    wires: list[str] = [""] * len(union.edges)
    spots: dict[int, list[float]] = {}
    back: set[int] = set()
    large = len(union.nodes) > _LARGE
    for wire in layout.wires:
        number = union.edge_at[key_of(wire.edge)]
        wires[number] = path_data(_whole(wire.path) if large else wire.path)
        if wire.feedback:
            back.add(number)
        if wire.cross is not None:
            spots[number] = [short(wire.cross[0]), short(wire.cross[1])]
        elif wire.pills:
            spots[number] = [short(part) for part in wire.pills[0].box.centre]
    data: Json = {
        "id": name,
        "bounds": [short(part) for part in _bounds(layout)],
        "stripe": short(layout.cards[0].stripe) if layout.cards else 0,
        "patterns": table,
        "cards": cards,
        "spots": {str(number): spot for number, spot in sorted(spots.items())},
        "spokes": [[union.node_at[spoke.node.id], path_data(spoke.path)] for spoke in layout.spokes],
        "frames": [
            [frame.role, frame.id, *map(short, (frame.box.x, frame.box.y, frame.box.w, frame.box.h)), frame.name]
            for frame in layout.frames
        ],
        "signs": [
            [label.role, label.text, short(label.x), short(label.y), short(label.size), label.anchor]
            for label in layout.labels
            if label.role in _SIGNS
        ],
    }
    return View(data, tuple(wires), frozenset(back))


def _whole(path: Path) -> Path:
    return tuple(tuple(float(round(value)) for value in part) for part in path)


def short(value: float) -> float | int:
    """A coordinate with at most one decimal."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def _texts(card: Card) -> list[Label]:
    return [label for label in card.labels if label.role in ("name", "sub")]


def _pattern(card: Card) -> list[list[object]]:
    """Where the name and the second line stand in a card."""
    return [
        [label.role, short(label.x - card.box.x), short(label.y - card.box.y), short(label.size)]
        for label in card.labels
        if label.role in ("name", "sub")
    ]


def _bounds(layout: Layout) -> tuple[float, float, float, float]:
    """The corner and size of what is drawn, without title, legend and footnotes, which a page has of its own."""
    boxes = [card.box for card in layout.cards]
    boxes += [frame.box for frame in layout.frames if frame.role != "sector"]
    boxes += [label.box for label in layout.labels if label.role in _SIGNS]
    if not boxes:
        return 0.0, 0.0, layout.width, layout.height
    left, top = min(box.x for box in boxes) - 12, min(box.y for box in boxes) - 12
    right, bottom = max(box.right for box in boxes) + 12, max(box.bottom for box in boxes) + 12
    return left, top, right - left, bottom - top
