"""The web: rings around the customer, sectors by line of business.

Rings are similar ellipses (width : height = 1.55, cards are wide). A card's angle comes from its lane's sector and its
rank by (kind, id) in its ring; the cards of a crowded ring stand in two or three staggered rows (folds). A sector's
share of the circle comes from its most crowded ring, in coarse steps, so one more entity turns the cards of its own
sector and ring and, except where a step is passed, leaves every other angle alone.

No two cards overlap. Between rings: two ellipses whose half heights differ by ``hypot(w / 1.55, h)`` keep boxes of
w x h apart (the support functions of the inner ellipse plus the box never pass the outer one, by Cauchy-Schwarz);
closer distances, in a few steps, are taken where the cards that are there keep clear of each other.
In a ring: a density over the angle bounds how close cards may stand, which gives the radius; a last check grows it.
Between two rings a corridor stays free for the lines (see ``web_wires``).

Cost: O(n log n + e log e) for n cards and e edges.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import ceil, cos, hypot, sin

from cx_map.draw.geometry import Box, Card, Layout, Occupied, Path, Point, Spoke
from cx_map.draw.layouts.decorate import decorate
from cx_map.draw.layouts.furniture import MARGIN, NARROWEST, about, footer, header, small_card
from cx_map.draw.layouts.web_frames import frames_of
from cx_map.draw.layouts.web_geometry import (
    CELL_H,
    CELL_W,
    DISC,
    FIRST,
    STRETCH,
    Rings,
    Spot,
    angle_of,
    border,
    place_at,
    room,
)
from cx_map.draw.layouts.web_wires import web_wires
from cx_map.draw.scene import Node, Ring, Scene, held_places

RING_STEP = hypot(CELL_W / STRETCH, CELL_H)
CORRIDORS = (16.0, 30.0, 8.0)
"""Extra room outside the first rings, where most lines run, and (the last) outside all others."""
CLOSER = (0.62, 0.75, 0.88, 1.0)
"""The distances between rings that are tried, as parts of the one that is always enough."""
_LADDER = (1, 2, 4, 6, 8, 10, 12, 14, 17, 20, 24, 28, 34, 40, 48, 56, 68, 80, 96, 112, 136, 160, 192, 224, 272, 320)
_SHARES = {1: (1.0,), 2: (0.44, 0.56), 3: (0.26, 0.33, 0.41), 4: (0.2, 0.23, 0.27, 0.3)}
"""How the cards of a ring are dealt to its rows, inner first: the outer ones are longer."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where every node stands, and the half heights at which each ring begins and ends."""

    spots: dict[str, Spot]
    begins: list[float]
    ends: list[float]


def layout_web(scene: Scene) -> Layout:
    """Give every card, ring, sector and line of the scene its place in the web view."""
    rings = scene.rings or tuple(Ring(c.id, c.label) for c in reversed(scene.columns))
    missing = sorted({node.column for node in (*scene.nodes, *scene.reserved)} - {ring.id for ring in rings})
    rings += tuple(Ring(one, one) for one in missing)
    sectors = _sectors(scene, rings)
    places = _places(scene, rings, sectors)
    outer = max(places.ends[-1] if rings else FIRST, FIRST)
    width = max(2 * (outer * STRETCH + CELL_W / 2 + 40 + MARGIN), NARROWEST)
    labels, swatches, top = header(scene, width)
    centre = (width / 2, top + outer + CELL_H + 34)
    kept = {node.id: node for node in scene.nodes}
    cards = {
        name: small_card(kept[name], *place_at(centre, spot.height, spot.angle))
        for name, spot in places.spots.items()
        if name in kept
    }
    boxes = [box for c in cards.values() for box in (c.box, *(p.box for p in c.pills))]
    frames, names = frames_of(scene, rings, sectors, places.ends, centre, boxes)
    labels += names
    wires = web_wires(scene, cards, places.spots, Rings(centre, STRETCH, tuple(_corridors(places))))
    wires, left_out = decorate(wires, cards, labels, scene.language)
    inner = {node.id for node in scene.nodes if rings and node.column == rings[0].id}
    spokes = tuple(Spoke(card.node, _line(centre, DISC, card)) for name, card in cards.items() if name in inner)
    notes, height = footer(scene, width, centre[1] + outer + CELL_H + 30, left_out)
    return Layout(
        "web",
        width,
        height,
        tuple(cards.values()),
        wires,
        tuple(frames),
        (*labels, *notes),
        tuple(swatches),
        spokes,
        title=scene.title,
        about=about(scene),
        language=scene.language,
    )


def _corridors(places: _Places) -> list[tuple[float, float]]:
    """The free strip outside every ring: the half height of its middle, and half of its width."""
    found = []
    for index, end in enumerate(places.ends):
        begin = places.begins[index + 1] if index + 1 < len(places.begins) else end + RING_STEP
        found.append(((end + begin) / 2, _extra(index) / 2))
    return found


def _extra(ring: int) -> float:
    return CORRIDORS[min(ring, len(CORRIDORS) - 1)]


def _sectors(scene: Scene, rings: tuple[Ring, ...]) -> dict[str, tuple[float, float]]:
    """The part of the turn (0 to 1) of every lane, in lane order, by what its most crowded ring needs there.

    A ring twice as far out has room for twice as many cards. Numbers are rounded up to the steps of a ladder.
    """
    sizes: dict[tuple[str, str], int] = defaultdict(int)
    totals: dict[str, int] = defaultdict(int)
    for node in held_places(scene):
        sizes[node.lane, node.column] += 1
        totals[node.column] += 1
    needs: dict[str, float] = defaultdict(float)
    height = FIRST - RING_STEP
    for index, ring in enumerate(rings):
        height += RING_STEP + (_extra(index - 1) if index else 0.0)
        height = max(height, _ladder(totals[ring.id] * _shares(ring.folds)[0]) / room())
        for lane in scene.lanes:
            if ring.sectored:
                need = _ladder(sizes[lane.id, ring.id] * _shares(ring.folds)[0]) / height
                needs[lane.id] = max(needs[lane.id], need)
        height += (ring.folds - 1) * RING_STEP
    least = 0.03 * sum(needs.values()) or 1.0
    weights = [max(needs[lane.id], least) for lane in scene.lanes]
    start, found = 0.0, {}
    for lane, weight in zip(scene.lanes, weights, strict=True):
        share = weight / sum(weights)
        found[lane.id] = (start, start + share)
        start += share
    return found


def _shares(folds: int) -> tuple[float, ...]:
    return _SHARES.get(folds) or (1 / folds,) * folds


def _ladder(cards: float) -> int:
    """A number of cards, rounded up to a step of the ladder."""
    return next((step for step in _LADDER if step >= cards), ceil(cards)) if cards else 0


def _places(scene: Scene, rings: tuple[Ring, ...], sectors: dict[str, tuple[float, float]]) -> _Places:
    by_ring: dict[str, list[Node]] = defaultdict(list)
    for node in held_places(scene):
        by_ring[node.column].append(node)
    spots: dict[str, Spot] = {}
    begins: list[float] = []
    ends: list[float] = []
    taken = Occupied()
    previous = FIRST - RING_STEP * CLOSER[0]
    for index, ring in enumerate(rings):
        previous += _extra(index - 1) if index else 0.0
        rows = _rows(by_ring[ring.id], ring, sectors)
        for number, row in enumerate(rows):
            previous, cells = _row_height([angle_of(turn) for _, turn in row], previous, taken)
            for cell in cells:
                taken.add(cell)
            if number == 0:
                begins.append(previous)
            spots |= {node.id: Spot(index, previous, angle_of(turn)) for node, turn in row}
        ends.append(previous)
    return _Places(spots, begins, ends)


def _rows(nodes: list[Node], ring: Ring, sectors: dict[str, tuple[float, float]]) -> list[list[tuple[Node, float]]]:
    """The nodes of a ring, dealt to its rows in order, with their part of the turn: evenly inside their sector, or
    around the whole circle where the ring has no sectors.
    """
    shares = _shares(ring.folds)
    groups: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        groups[node.lane if ring.sectored else ""].append(node)
    rows: list[list[tuple[Node, float]]] = [[] for _ in range(ring.folds)]
    for lane, group in sorted(groups.items()):
        start, end = sectors[lane] if ring.sectored else (0.0, 1.0)
        dealt: list[list[Node]] = [[] for _ in shares]
        for index, node in enumerate(group):
            # The row that is furthest behind its share; the outermost of equal ones.
            behind = [(index + 1) * share - len(row) for share, row in zip(shares, dealt, strict=True)]
            dealt[max(range(len(shares)), key=lambda row: (round(behind[row], 9), row))].append(node)
        for row, part in zip(rows, dealt, strict=True):
            row += [(node, start + (end - start) * (rank + 0.5) / len(part)) for rank, node in enumerate(part)]
    return [sorted(row, key=lambda pair: (pair[1], pair[0].id)) for row in rows]


def _row_height(angles: list[float], previous: float, taken: Occupied) -> tuple[float, list[Box]]:
    """The half height of a row, the closest of a few at which its cards keep clear of all inside; and their cells."""
    for closer in CLOSER:
        height = _radius(angles, previous + RING_STEP * closer)
        cells = [
            Box(x - CELL_W / 2, y - CELL_H / 2, CELL_W, CELL_H)
            for x, y in (place_at((0, 0), height, a) for a in angles)
        ]
        if closer == 1.0 or all(taken.free(cell, 0.0) for cell in cells):
            break
    return height, cells


def _radius(angles: list[float], least: float) -> float:
    """The smallest tried half height, from ``least`` up, at which neighbours on the ellipse do not overlap."""
    height = least
    while len(angles) > 1 and not _apart(angles, height):
        height *= 1.02
    return height


def _apart(angles: list[float], height: float) -> bool:
    points = [(cos(a) * height * STRETCH, sin(a) * height) for a in angles]
    reach = min(3, len(points) - 1)
    return all(
        abs(points[i][0] - points[i - k][0]) >= CELL_W or abs(points[i][1] - points[i - k][1]) >= CELL_H
        for k in range(1, reach + 1)
        for i in range(len(points))
    )


def _line(centre: Point, radius: float, card: Card) -> Path:
    start = border(card.box, centre)
    away = hypot(start[0] - centre[0], start[1] - centre[1]) or 1.0
    return start, (
        centre[0] + (start[0] - centre[0]) * radius / away,
        centre[1] + (start[1] - centre[1]) * radius / away,
    )
