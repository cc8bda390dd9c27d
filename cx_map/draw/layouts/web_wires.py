"""Lines of the web: they run along the rings, in the corridors between them, as the threads of a spider's web do.

A line leaves its card towards the other ring, bends into a corridor, follows it the shorter way round and leaves it
at the angle of the other card; no line passes the middle. Lines from one source (or one set of alternatives) and
lines to one target share their place in the corridor, whichever are more, so that a hub is one thread with short
legs instead of a fan. Neighbours are joined directly.

Cost: O(e log e) for e edges.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from math import atan2, ceil, cos, hypot, pi, sin

from cx_map.draw.geometry import Box, Card, Path, Point, Wire
from cx_map.draw.layouts.routing import drawing_rank
from cx_map.draw.layouts.web_geometry import Rings, Spot, border
from cx_map.draw.layouts.web_legs import Legs
from cx_map.draw.scene import Edge, Scene, edge_order

_NEAR = 150.0
_BEND = 26.0
_APART = 4.0

Key = tuple[str, int, str]


def web_wires(scene: Scene, cards: dict[str, Card], spots: dict[str, Spot], rings: Rings) -> tuple[Wire, ...]:
    """A wire for every edge, what matters last."""
    order = {column.id: index for index, column in enumerate(scene.columns)}
    edges = sorted(scene.edges, key=edge_order)
    keys = _keys(edges, spots)
    slots = _slots(keys, rings)
    middles = _middles(edges, keys, spots)
    legs = Legs(cards, spots, rings)
    wires = []
    for index, edge in enumerate(edges):
        one, other = cards[edge.source], cards[edge.target]
        feedback = order[one.node.column] > order[other.node.column]
        if edge.source == edge.target:
            path = _loop(one.box)
        elif _near(one.box, other.box):
            path = direct(one.box, other.box)
        else:
            path = _thread(edge, cards, spots, rings, slots[keys[index]], middles.get(keys[index]), legs)
        wires.append(Wire(edge, one.node.kind, path, feedback))
    return tuple(sorted(wires, key=drawing_rank))


def _keys(edges: list[Edge], spots: dict[str, Spot]) -> list[Key]:
    """The thread of every edge: the larger of its source's and its target's, each in the corridor beside it."""
    options: list[tuple[Key, Key]] = []
    for edge in edges:
        one, other = spots[edge.source].ring, spots[edge.target].ring
        # A fan from one source branches beside its targets, a fan to one target gathers beside its sources.
        out = other if one == other or one > other else other - 1
        into = one if one == other or one < other else one - 1
        shared = edge.bundle or edge.source
        options.append((("out", out, f"{shared}\0{edge.kind}"), ("in", into, edge.target)))
    sizes = Counter(key for pair in options for key in pair)
    return [max(pair, key=lambda key: (sizes[key], key)) for pair in options]


def _slots(keys: list[Key], rings: Rings) -> dict[Key, float]:
    """The half height at which each thread runs: side by side, centred in its corridor."""
    by_corridor: dict[int, list[Key]] = defaultdict(list)
    for key in sorted(set(keys)):
        by_corridor[key[1]].append(key)
    found: dict[Key, float] = {}
    for corridor, same in by_corridor.items():
        height, room = rings.corridors[corridor]
        step = min(_APART, 2 * room / max(1, len(same) - 1))
        for rank, key in enumerate(same):
            found[key] = height + (rank - (len(same) - 1) / 2) * step
    return found


def _middles(edges: list[Edge], keys: list[Key], spots: dict[str, Spot]) -> dict[Key, float]:
    """Where threads that cross a whole ring do so: together, at the mean angle of the many ends."""
    sums: dict[Key, list[Point]] = defaultdict(list)
    for edge, key in zip(edges, keys, strict=True):
        one, other = spots[edge.source], spots[edge.target]
        if abs(one.ring - other.ring) > 1:
            angle = other.angle if key[0] == "out" else one.angle
            sums[key].append((cos(angle), sin(angle)))
    return {key: atan2(sum(y for _, y in ends), sum(x for x, _ in ends)) for key, ends in sums.items()}


def _thread(
    edge: Edge,
    cards: dict[str, Card],
    spots: dict[str, Spot],
    rings: Rings,
    height: float,
    middle: float | None,
    legs: Legs,
) -> Path:
    """Out of the card, along the corridor, into the other card; with a middle, through two corridors."""
    one, other = spots[edge.source], spots[edge.target]
    if abs(one.ring - other.ring) <= 1 or middle is None:
        stops = [(height, legs.beside(edge.source, height)), (height, legs.beside(edge.target, height))]
    else:
        outwards = one.ring < other.ring
        first = rings.corridors[one.ring if outwards else one.ring - 1][0]
        last = rings.corridors[other.ring - 1 if outwards else other.ring][0]
        leg = legs.across(first, last, middle)
        ends = legs.beside(edge.source, first), legs.beside(edge.target, last)
        stops = [(first, ends[0]), (first, leg), (last, leg), (last, ends[1])]
    corners = [rings.at(*stop) for stop in stops]
    path: list[tuple[float, ...]] = [border(cards[edge.source].box, corners[0])]
    for number in range(0, len(stops), 2):
        (level, start), (_, end) = stops[number], stops[number + 1]
        turn = (end - start + pi) % (2 * pi) - pi
        bend = min(abs(turn) / 2, _BEND / max(level, 1.0)) * (1 if turn >= 0 else -1)
        into, out = rings.at(level, start + bend), rings.at(level, start + turn - bend)
        path.append((*_part(path[-1][-2:], corners[number]), *_part(into, corners[number]), *into))
        path += _arc(rings, level, start + bend, start + turn - bend)
        corner = corners[number + 1]
        goal = (
            border(cards[edge.target].box, corner) if number + 2 == len(stops) else _half(corner, corners[number + 2])
        )
        path.append((*_part(out, corner), *_part(goal, corner), *goal))
    return tuple(path)


def _half(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _part(point: tuple[float, ...], corner: Point) -> Point:
    """Most of the way to the corner: the control point of a round bend."""
    return point[0] + (corner[0] - point[0]) * 0.72, point[1] + (corner[1] - point[1]) * 0.72


def _arc(rings: Rings, height: float, start: float, end: float) -> list[tuple[float, ...]]:
    """The ellipse from one angle to another in cubics of at most 45 degrees each."""
    pieces = max(1, ceil(abs(end - start) / (pi / 4)))
    step = (end - start) / pieces
    reach = 4 / 3 * sin(step / 4) / cos(step / 4)
    found: list[tuple[float, ...]] = []
    for piece in range(pieces):
        a, b = start + piece * step, start + (piece + 1) * step
        (ax, ay), (bx, by) = rings.at(height, a), rings.at(height, b)
        wide, high = reach * height * rings.stretch, reach * height
        found.append((ax - sin(a) * wide, ay + cos(a) * high, bx + sin(b) * wide, by - cos(b) * high, bx, by))
    return found


def _near(one: Box, other: Box) -> bool:
    """Whether little more than a card's height or a gap lies between two boxes."""
    dx = max(0.0, other.x - one.right, one.x - other.right)
    dy = max(0.0, other.y - one.bottom, one.y - other.bottom)
    return hypot(dx, dy) < _NEAR / 2


def direct(one: Box, other: Box) -> Path:
    """A slightly bowed line between two cards."""
    (ax, ay), (bx, by) = one.centre, other.centre
    dx, dy = bx - ax, by - ay
    first, last = (
        (ax + dx * 0.3 - dy * 0.08, ay + dy * 0.3 + dx * 0.08),
        (ax + dx * 0.7 - dy * 0.08, ay + dy * 0.7 + dx * 0.08),
    )
    return border(one, first), (*first, *last, *border(other, last))


def _loop(box: Box) -> Path:
    x, y = box.x + box.w * 0.3, box.x + box.w * 0.7
    return (x, box.y), (x - 14, box.y - 24, y + 14, box.y - 24, y, box.y)
