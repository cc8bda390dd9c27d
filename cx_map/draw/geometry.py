"""The result of a layout: boxes, lines of text, badges and curves with absolute places, for any writer.

Units are CSS pixels (1/96 inch), y grows downwards. A writer needs nothing but a :class:`Layout`; it decides no
place itself, so SVG, PDF, draw.io and the page all show the same map.

Longer than most modules: it is the list of shapes that every writer knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Literal

from cx_map.draw.scene import Edge, EdgeStyle, Emphasis, LegendEntry, Node, Severity
from cx_map.draw.sheet import State
from cx_map.draw.text import width_of

Anchor = Literal["start", "middle", "end"]
View = Literal["layers", "web", "heat", "loops", "data", "preference", "journey", "matrix"]
Point = tuple[float, float]
# The first item is the start (x, y); then (x, y) is a straight line and (x1, y1, x2, y2, x, y) a cubic curve.
Path = tuple[tuple[float, ...], ...]

ASCENT, DESCENT = 0.86, 0.22


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its top left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.h

    @property
    def centre(self) -> Point:
        """The middle of the box."""
        return self.x + self.w / 2, self.y + self.h / 2

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        """Whether the two boxes overlap, or come closer than ``gap`` in both directions."""
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text, already cut to its room; ``y`` is the baseline, ``role`` what it is (a CSS class)."""

    text: str
    x: float
    y: float
    size: float
    role: str
    anchor: Anchor = "start"

    @property
    def box(self) -> Box:
        """The room the line takes, by the built-in widths."""
        width = width_of(self.text, self.size)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return Box(left, self.y - ASCENT * self.size, width, (ASCENT + DESCENT) * self.size)


@dataclass(frozen=True, slots=True)
class Pill:
    """A finding's badge: a small rounded box with a sign and a code."""

    box: Box
    label: Label
    severity: Severity
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A node with its place; ``stripe`` is the width of the coloured bar at its left."""

    node: Node
    box: Box
    stripe: float
    labels: tuple[Label, ...]
    pills: tuple[Pill, ...] = ()


@dataclass(frozen=True, slots=True)
class Wire:
    """An edge with its curve; ``feedback`` runs against the reading direction; ``cross`` marks a missing edge."""

    edge: Edge
    kind: str
    path: Path
    feedback: bool = False
    cross: Point | None = None
    label: Label | None = None
    pills: tuple[Pill, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """Something behind the cards: a lane box, a ring ellipse, a sector border (a line), the customer disc.

    A sector border with ``wall`` is that of a silo.
    """

    role: Literal["lane", "silo", "ring", "sector", "customer"]
    id: str
    box: Box
    name: str = ""
    wall: bool = False


@dataclass(frozen=True, slots=True)
class Swatch:
    """A legend sample with its text beside it."""

    entry: LegendEntry
    box: Box
    label: Label


@dataclass(frozen=True, slots=True)
class Spoke:
    """The web's line from a card of the innermost ring to the customer."""

    node: Node
    path: Path


@dataclass(frozen=True, slots=True)
class Cell:
    """A box of a sheet: the head of a row or column, or an entry.

    ``state`` colours an entry and ``heat`` (0 to 1) tints it; ``kind`` gives it the stripe of a card, as wide as
    ``stripe``. ``about`` are the ids of the entities it tells of.
    """

    role: Literal["column", "group", "row", "entry"]
    box: Box
    state: State = "plain"
    labels: tuple[Label, ...] = ()
    pills: tuple[Pill, ...] = ()
    kind: str = ""
    stripe: float = 0.0
    heat: float | None = None
    tooltip: str = ""
    about: tuple[str, ...] = ()
    wall: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """An arrow between two entries of a sheet; ``cross`` marks the place where one is missing."""

    path: Path
    style: EdgeStyle = "solid"
    emphasis: Emphasis = "none"
    cross: Point | None = None
    label: Label | None = None
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture, all that a writer needs.

    Maps have ``cards``, ``wires`` and ``frames`` (only the web has ``spokes``), sheets have ``cells`` and ``strokes``;
    ``labels`` and ``swatches`` stand on both. ``about`` says in words what the picture shows, for those who cannot
    see it.
    """

    view: View
    width: float
    height: float
    cards: tuple[Card, ...]
    wires: tuple[Wire, ...]
    frames: tuple[Frame, ...]
    labels: tuple[Label, ...]
    swatches: tuple[Swatch, ...]
    spokes: tuple[Spoke, ...] = ()
    cells: tuple[Cell, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    title: str = ""
    about: str = ""
    language: str = "en"

    def texts(self) -> Iterator[Label]:
        """Every line of text of the picture."""
        yield from self.labels
        for swatch in self.swatches:
            yield swatch.label
        for card in self.cards:
            yield from card.labels
            yield from (pill.label for pill in card.pills)
        for wire in self.wires:
            if wire.label is not None:
                yield wire.label
            yield from (pill.label for pill in wire.pills)
        for cell in self.cells:
            yield from cell.labels
            yield from (pill.label for pill in cell.pills)
        yield from (stroke.label for stroke in self.strokes if stroke.label is not None)

    def place(self) -> dict[str, Box]:
        """The box of every card by its node's id."""
        return {card.node.id: card.box for card in self.cards}


class Occupied:
    """Boxes on a coarse grid, to ask quickly whether a place is free."""

    def __init__(self, boxes: Iterable[Box] = (), cell: float = 64.0) -> None:
        self._cell = cell
        self._grid: dict[tuple[int, int], list[Box]] = {}
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        """Take the place of the box."""
        for key in self._keys(box):
            self._grid.setdefault(key, []).append(box)

    def free(self, box: Box, gap: float = 2.0) -> bool:
        """Whether nothing taken comes closer than ``gap``."""
        wide = Box(box.x - gap, box.y - gap, box.w + 2 * gap, box.h + 2 * gap)
        return not any(other.meets(wide) for key in self._keys(wide) for other in self._grid.get(key, ()))

    def along(self, start: Point, end: Point, gap: float) -> float:
        """How much of a straight piece lies closer than ``gap`` to what is taken (each box by itself). O(cells passed)."""
        (x, y), dx, dy = start, end[0] - start[0], end[1] - start[1]
        length, slope = hypot(dx, dy), dy / dx if dx else 0.0
        met: dict[int, Box] = {}
        low, high = (x, x + dx) if dx >= 0 else (x + dx, x)
        for column in range(int((low - gap) // self._cell), int((high + gap) // self._cell) + 1):
            if dx:
                # Where the piece stands at both sides of this column of cells.
                left, right = max(low, column * self._cell - gap), min(high, (column + 1) * self._cell + gap)
                top, bottom = sorted((y + (left - x) * slope, y + (right - x) * slope))
            else:
                top, bottom = sorted((y, y + dy))
            for row in range(int((top - gap) // self._cell), int((bottom + gap) // self._cell) + 1):
                for box in self._grid.get((column, row), ()):
                    met[id(box)] = box
        return sum(length * _part_inside(start, dx, dy, box, gap) for box in met.values())

    def _keys(self, box: Box) -> Iterator[tuple[int, int]]:
        for column in range(int(box.x // self._cell), int(box.right // self._cell) + 1):
            for row in range(int(box.y // self._cell), int(box.bottom // self._cell) + 1):
                yield column, row


def _part_inside(start: Point, dx: float, dy: float, box: Box, gap: float) -> float:
    """The part of a straight piece inside a box with a margin, by clipping (Liang and Barsky 1984)."""
    first, last = 0.0, 1.0
    for at, delta, low, high in (
        (start[0], dx, box.x - gap, box.x + box.w + gap),
        (start[1], dy, box.y - gap, box.y + box.h + gap),
    ):
        if delta == 0:
            if not low < at < high:
                return 0.0
            continue
        one, other = (low - at) / delta, (high - at) / delta
        first, last = max(first, min(one, other)), min(last, max(one, other))
    return max(0.0, last - first)


def points_along(path: Path, steps: int = 16) -> list[Point]:
    """The path as a polyline: ``steps`` pieces a curve, one a straight line."""
    x, y = path[0][0], path[0][1]
    points: list[Point] = [(x, y)]
    for part in path[1:]:
        if len(part) == 2:
            points.append((part[0], part[1]))
        else:
            ax, ay, bx, by, ex, ey = part
            for step in range(1, steps + 1):
                t = step / steps
                u = 1 - t
                points.append(
                    (
                        u * u * u * x + 3 * u * u * t * ax + 3 * u * t * t * bx + t * t * t * ex,
                        u * u * u * y + 3 * u * u * t * ay + 3 * u * t * t * by + t * t * t * ey,
                    )
                )
        x, y = points[-1]
    return points


def point_at(points: list[Point], share: float) -> Point:
    """The point at a share (0 to 1) of the length of a polyline."""
    lengths = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    left = share * sum(lengths)
    for (a, b), length in zip(pairwise(points), lengths, strict=True):
        if left <= length and length > 0:
            return a[0] + (b[0] - a[0]) * left / length, a[1] + (b[1] - a[1]) * left / length
        left -= length
    return points[-1]
