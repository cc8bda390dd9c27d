"""Lines of the layered view: smooth curves forwards, dashed square routes through the gaps between lanes backwards.

A forward line leaves the right side of its card and enters the left side of the other; where it must pass a column
on its way it does so between two cards, never behind one. Lines that end at the same side of a card get ports
spread along it, in the order of where they come from, so that they do not cross near the card. A line against the
reading direction (feedback) climbs to the gap above or below its lane, runs there, and enters from the right;
all lines to the same target share one track in the gap, and read as one trunk. Above five targets neighbours share.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from cx_map.draw.geometry import Box, Path, Point, Wire
from cx_map.draw.layouts.furniture import CARD_H
from cx_map.draw.layouts.trunks import Key, Line, Trunk, trunks
from cx_map.draw.scene import Edge, Scene, edge_order

Route = Literal["forward", "loop", "back", "feedback"]
_CLEAR = 7.5
_PORT_MARGIN, _PORT_STEP = 7.0, 6.5
_TURN = 7.0
_TRUNKS, _APART = 5, 4.5


@dataclass(frozen=True, slots=True)
class Street:
    """One stack of cards: its left and right x, its column's index, and the sorted tops of its cards."""

    left: float
    right: float
    column: int
    tops: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Town:
    """The placed cards as the router sees them; ``gaps`` are the tops of the free strips around the lanes."""

    streets: tuple[Street, ...]
    boxes: dict[str, Box]
    track: dict[str, int]
    lane: dict[str, int]
    lanes: tuple[Point, ...]
    gaps: tuple[float, ...]
    gap_height: float


@dataclass(frozen=True, slots=True)
class _Trip:
    """An edge with the way it takes; ``gap`` is the strip a feedback line runs in."""

    edge: Edge
    way: Route
    start: int
    end: int
    gap: int = -1


def route(scene: Scene, town: Town) -> tuple[Wire, ...]:
    """A wire for every edge, in canonical order (faint first, so that what matters is drawn on top)."""
    kinds = {node.id: node.kind for node in scene.nodes}
    trips = [_trip(edge, town) for edge in sorted(scene.edges, key=edge_order)]
    shared, lanes = _trunks(trips, town)
    ports = _ports(trips, town, shared)
    slots = _Slots(trips, town)
    incoming = Counter(trip.edge.target for trip in trips)
    outgoing = Counter(trip.edge.source for trip in trips)
    wires = []
    for index, trip in enumerate(trips):
        one, other = ports[index, 0], ports[index, 1]
        if trip.way == "feedback":
            path = _square(slots.corners(trip, one, other))
        elif trip.way == "loop":
            path = _loop(one, other)
        elif index in shared:
            path = _branch(trip, town, one, other, shared[index], lanes[shared[index]])
        else:
            fan = incoming[trip.edge.target] - outgoing[trip.edge.source]
            path = _curve(_stops(trip, town, one, other), (fan > 0) - (fan < 0))
        wires.append(Wire(trip.edge, kinds[trip.edge.source], path, trip.way in ("feedback", "back")))
    return tuple(sorted(wires, key=drawing_rank))


def drawing_rank(wire: Wire) -> int:
    """Unmarked context first, then plain lines, then feedback, then what the map is about."""
    edge = wire.edge
    if edge.mark == "unchanged" or edge.emphasis == "faint":
        return 0
    if edge.style == "missing" or edge.badges or edge.emphasis == "thick" or edge.mark != "none":
        return 3
    return 2 if wire.feedback else 1


def _trip(edge: Edge, town: Town) -> _Trip:
    start, end = town.track[edge.source], town.track[edge.target]
    columns = town.streets[start].column, town.streets[end].column
    if start < end:
        return _Trip(edge, "forward", start, end)
    if start == end:
        return _Trip(edge, "loop", start, end)
    if columns[0] == columns[1] or (columns[0] == columns[1] + 1 and start == end + 1):
        return _Trip(edge, "back", start, end)
    here, there = town.lane[edge.source], town.lane[edge.target]
    if here == there:
        top, bottom = town.lanes[here]
        middle = (town.boxes[edge.source].y + town.boxes[edge.target].y + CARD_H) / 2
        return _Trip(edge, "feedback", start, end, here if middle <= (top + bottom) / 2 else here + 1)
    return _Trip(edge, "feedback", start, end, here + 1 if here < there else here)


def _trunks(trips: list[_Trip], town: Town) -> tuple[dict[int, Key], dict[Key, Trunk]]:
    """The trunk of every forward trip that shares one, in the gutter before the first track of the target's column."""
    first: dict[int, int] = {}
    for track, street in enumerate(town.streets):
        first.setdefault(street.column, track)
    lines = []
    for index, trip in enumerate(trips):
        gutter = first[town.streets[trip.end].column]
        if trip.way == "forward" and trip.start < gutter:
            source, target = town.boxes[trip.edge.source].y, town.boxes[trip.edge.target].y
            lines.append(Line(index, trip.edge, gutter, source, target))
    room = {line.gutter: (town.streets[line.gutter - 1].right, town.streets[line.gutter].left) for line in lines}
    return trunks(lines, room)


def _branch(trip: _Trip, town: Town, start: Point, end: Point, key: Key, trunk: Trunk) -> Path:
    """From the card to the trunk, along it, and from it to the other card; between cards on the way."""
    gutter = key[1]
    before, y = [start], start[1]
    for track in range(trip.start + 1, gutter):
        street = town.streets[track]
        y = _free_height(street.tops, y, trunk.offset)
        before += [(street.left, y), (street.right, y)]
    after: list[Point] = [end]
    y = end[1]
    for track in range(trip.end - 1, gutter - 1, -1):
        street = town.streets[track]
        y = _free_height(street.tops, y, trunk.offset)
        after += [(street.right, y), (street.left, y)]
    after.reverse()
    one, other = before[-1], after[0]
    if abs(one[1] - other[1]) < 2:
        return _curve([*before, *after], 0)
    middle = _square([one, (trunk.x, one[1]), (trunk.x, other[1]), other])
    return (*_curve(before, 0), *middle[1:], *_curve(after, 0, 0)[1:])


def _ports(trips: list[_Trip], town: Town, shared: dict[int, Key]) -> dict[tuple[int, int], Point]:
    """The point where trip ``i`` leaves (key ``(i, 0)``) and arrives (``(i, 1)``); trips of a trunk share theirs."""
    sides: dict[tuple[str, str], dict[tuple[str, ...] | int, list[tuple[float, int, int]]]]
    sides = defaultdict(lambda: defaultdict(list))
    for index, trip in enumerate(trips):
        edge = trip.edge
        out, into = {"forward": ("right", "left"), "loop": ("right", "right")}.get(trip.way, ("left", "right"))
        source, target = town.boxes[edge.source].y, town.boxes[edge.target].y
        if trip.way == "feedback":
            source = target = town.gaps[trip.gap]
        elif edge.source == edge.target:
            source, target = source - 1, target + 1
        group = tuple(map(str, shared[index])) if index in shared else index
        sides[edge.source, out][group].append((target, index, 0))
        sides[edge.target, into][group].append((source, index, 1))
    ports: dict[tuple[int, int], Point] = {}
    for (name, side), groups in sides.items():
        ends = sorted((sum(y for y, *_ in same) / len(same), same) for same in groups.values())
        box = town.boxes[name]
        step = min(_PORT_STEP, (CARD_H - 2 * _PORT_MARGIN) / max(1, len(ends) - 1))
        first = box.y + CARD_H / 2 - step * (len(ends) - 1) / 2
        x = box.right if side == "right" else box.x
        for rank, (_, same) in enumerate(ends):
            for _, index, end in same:
                ports[index, end] = (x, first + rank * step)
    return ports


def _stops(trip: _Trip, town: Town, start: Point, end: Point) -> list[Point]:
    """The points a curved line goes through: its ends, and a free height at both sides of every stack between."""
    step = 1 if trip.end > trip.start else -1
    stops, y = [start], start[1]
    home, goal = town.streets[trip.start].column, town.streets[trip.end].column
    between = range(trip.start + step, trip.end, step)
    for number, track in enumerate(between, 1):
        street = town.streets[track]
        if street.column == home:
            wish = y
        elif street.column == goal:
            wish = end[1]
        else:
            wish = y + (end[1] - y) / (len(between) - number + 2)
        y = _free_height(street.tops, wish)
        sides = (street.left, street.right)[::step]
        stops += [(sides[0], y), (sides[1], y)]
    return [*stops, end]


def _free_height(tops: tuple[float, ...], wish: float, offset: float = 0.0) -> float:
    """The height nearest to ``wish`` that no card of the stack covers, beside the middle of a gap by ``offset``."""
    index = bisect_right(tops, wish + _CLEAR) - 1
    if index < 0 or wish >= tops[index] + CARD_H + _CLEAR:
        return wish
    above, below = tops[index] - _CLEAR, tops[index] + CARD_H + _CLEAR
    return offset + (above if wish - above <= below - wish else below)


def _curve(stops: list[Point], fan: int, along: int = 1) -> Path:
    """A line through the stops that is level at every one of them: cubics in the gutters, straight along cards.

    Lines that fan in (``fan`` 1) turn later the further they climb, lines that fan out (-1) earlier, so that lines
    of one fan nest instead of crossing. ``along`` is the number (0 or 1) of the first piece that runs along a card.
    """
    path: list[tuple[float, ...]] = [stops[0]]
    for number, (one, other) in enumerate(pairwise(stops)):
        climb = abs(other[1] - one[1])
        if number % 2 == along or climb < 0.05:
            path.append(other)
            continue
        bend = (other[0] - one[0]) * (0.5 + fan * 0.26 * climb / (climb + 260))
        path.append((one[0] + bend, one[1], one[0] + bend, other[1], other[0], other[1]))
    return tuple(path)


def _loop(start: Point, end: Point) -> Path:
    """Out of the right side and back into a right side of the same stack."""
    reach = min(72.0, 26.0 + abs(end[1] - start[1]) * 0.12)
    x = start[0] + reach
    return start, (x, start[1], x, end[1], end[0], end[1])


class _Slots:
    """The tracks of feedback lines: one x beside each stack and one y in each gap for every target."""

    def __init__(self, trips: list[_Trip], town: Town) -> None:
        self._town = town
        sides: dict[tuple[int, str], set[tuple[float, str]]] = defaultdict(set)
        gaps: dict[int, set[tuple[float, str]]] = defaultdict(set)
        for trip in trips:
            if trip.way == "feedback":
                key = (town.boxes[trip.edge.target].y, trip.edge.target)
                sides[trip.start, "left"].add(key)
                sides[trip.end, "right"].add(key)
                gaps[trip.gap].add(key)
        self._side = {place: _bundled(keys) for place, keys in sides.items()}
        self._gap = {gap: _bundled(keys) for gap, keys in gaps.items()}

    def corners(self, trip: _Trip, start: Point, end: Point) -> list[Point]:
        """The corners of a feedback line from port to port."""
        name = trip.edge.target
        out = start[0] - self._offset(trip.start, "left", name)
        into = end[0] + self._offset(trip.end, "right", name)
        ranks = self._gap[trip.gap]
        y = self._town.gaps[trip.gap] + self._town.gap_height / 2 + (ranks[name] - max(ranks.values()) / 2) * _APART
        return [start, (out, start[1]), (out, y), (into, y), (into, end[1]), end]

    def _offset(self, track: int, side: str, name: str) -> float:
        return 18.0 + self._side[track, side][name] * _APART


def _bundled(keys: set[tuple[float, str]]) -> dict[str, int]:
    """The track of every target, top to bottom: one each up to the limit, then neighbours share."""
    share = -(-len(keys) // _TRUNKS)
    return {name: rank // share for rank, (_, name) in enumerate(sorted(keys))}


def _square(corners: list[Point]) -> Path:
    """A level-and-upright line with rounded corners."""
    path: list[tuple[float, ...]] = [corners[0]]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        one, other = _towards(corner, before), _towards(corner, after)
        path += [one, (*_mid(one, corner), *_mid(other, corner), *other)]
    return (*path, corners[-1])


def _towards(corner: Point, other: Point) -> Point:
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(_TURN, length / 2) / length if length else 0.0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


def _mid(point: Point, corner: Point) -> Point:
    """The control point that makes a cubic corner look round."""
    return point[0] + (corner[0] - point[0]) * 0.6, point[1] + (corner[1] - point[1]) * 0.6
