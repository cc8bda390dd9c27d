"""The arrows of a sheet: straight between neighbours, else through the gaps between columns and the gutters between rows.

First what each gap and gutter must hold is counted (:func:`plan_links`), then, when the cells have their places, the
arrows are drawn (:func:`strokes_of`). A gap between columns is: a lead-out, one track for each arrow that runs
vertically there, and room for the texts of arrows; so no arrow crosses a text. Tracks are shared by arrows that do not
meet (greedy colouring of intervals, which is optimal). Cost O(n log n) for n arrows.

Longer than most modules: what a gap must hold and where its arrows run is one arithmetic, kept in one place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Literal

from cx_map.draw.geometry import Label, Occupied, Path, Point, Stroke
from cx_map.draw.sheet import Head, Link, Table
from cx_map.draw.text import clean, clean_lines, fit, width_of
from cx_map.draw.words import Words

if TYPE_CHECKING:
    from cx_map.draw.layouts.sheet_bands import Band
    from cx_map.draw.layouts.sheet_cells import Placed

LEAD, TRACK, END = 12.0, 7.0, 14.0
_TEXT, _WIDEST = 9.0, 96.0
_BROKEN = 40.0
_GUTTER, _GUTTER_TEXT = 9.0, 17.0
_AWAY = 12.0
"""How far from the middle of its cell an arrow that is not straight leaves and arrives."""

Way = Literal["straight", "bend", "round", "out", "into"]


@dataclass(frozen=True, slots=True)
class Route:
    """One arrow within a band: columns and rows by number, and its tracks (-1 where it needs none).

    ``bend`` stays in the gap after its source; ``round`` goes through a gutter; ``out`` leaves the band, ``into``
    comes from another.
    """

    link: Link
    way: Way
    source: tuple[int, int]
    target: tuple[int, int]
    gutter: int = -1
    leave: int = -1
    along: int = -1
    arrive: int = -1


@dataclass(frozen=True, slots=True)
class Plan:
    """The arrows of a band, the least width of each gap and the height of each gutter; ``lead`` as in the module text."""

    routes: tuple[Route, ...]
    gaps: tuple[float, ...]
    tracks: tuple[int, ...]
    gutters: tuple[float, ...]
    labelled: tuple[bool, ...]


def plan_links(table: Table, columns: Sequence[Head], links: Sequence[Link]) -> Plan:
    """Which way each arrow goes and what it needs; the gaps count from the one before the first column."""
    column = {head.id: number for number, head in enumerate(columns)}
    row = {head.id: number for number, head in enumerate(table.rows)}
    filled: dict[int, list[int]] = {}
    # Strips leave a place without an entry blank; a matrix draws every place.
    drawn = table.entries if table.wide else [(one.id, head.id) for one in table.rows for head in columns]
    for place in drawn if links else ():
        if place[1] in column:
            filled.setdefault(row[place[0]], []).append(column[place[1]])
    for numbers in filled.values():
        numbers.sort()
    routes = [_route(link, column, row, filled) for link in links]
    routes.sort(key=lambda one: (one.source, one.target, one.link.style, one.link.label))
    gaps = _Tracks(len(columns) + 1)
    gutters = _Tracks(len(table.rows) + 1)
    for number, one in enumerate(routes):
        if one.way == "bend":
            low, high = sorted((one.source[0], one.target[0]))
            gaps.want(one.source[1] + 1, 2 * low, 2 * high, (number, "leave"))
        elif one.way == "round":
            level = 2 * one.gutter - 1
            for gap, end, who in (
                (one.source[1] + 1, one.source[0], "leave"),
                (one.target[1], one.target[0], "arrive"),
            ):
                low, high = sorted((2 * end, level))
                gaps.want(gap, low, high, (number, who))
            low, high = sorted((one.source[1] + 1, one.target[1]))
            gutters.want(one.gutter, 2 * low, 2 * high + 1, (number, "along"))
    slots = gaps.coloured() | gutters.coloured()
    placed = tuple(
        Route(
            one.link, one.way, one.source, one.target, one.gutter,
            slots.get((number, "leave"), -1), slots.get((number, "along"), -1), slots.get((number, "arrive"), -1),
        )
        for number, one in enumerate(routes)
    )  # fmt: skip
    labelled = [False] * (len(table.rows) + 1)
    for one in placed:
        if one.way == "round" and one.link.label:
            labelled[one.gutter] = True
    return Plan(
        placed,
        tuple(_gaps(placed, gaps.counts)),
        tuple(gaps.counts),
        tuple(
            count * (_GUTTER_TEXT if text else _GUTTER) + (4 if count else 0)
            for count, text in zip(gutters.counts, labelled, strict=True)
        ),
        tuple(labelled),
    )


def _route(link: Link, column: dict[str, int], row: dict[str, int], filled: dict[int, list[int]]) -> Route:
    (from_row, from_column), (to_row, to_column) = link.source, link.target
    if from_column not in column:
        return Route(link, "into", (row[from_row], -1), (row[to_row], column[to_column]))
    source = (row[from_row], column[from_column])
    if to_column not in column:
        return Route(link, "out", source, (row[to_row], -1))
    target = (row[to_row], column[to_column])
    if source[0] == target[0] and source[1] < target[1]:
        between = _any_between(filled.get(source[0], []), source[1], target[1])
        if not between:
            return Route(link, "straight", source, target)
    if source[0] != target[0] and target[1] in (source[1], source[1] + 1):
        return Route(link, "bend", source, target)
    return Route(link, "round", source, target, source[0] + (1 if target[0] >= source[0] else 0))


def _any_between(numbers: list[int], low: int, high: int) -> bool:
    return bisect_left(numbers, high) > bisect_right(numbers, low)


def _gaps(routes: Sequence[Route], tracks: Sequence[int]) -> Iterable[float]:
    """The least width of each gap: lead, tracks, the widest text, an end for the arrow head."""
    used = [False] * len(tracks)
    text = [0.0] * len(tracks)
    broken = [False] * len(tracks)
    for one in routes:
        gap = one.target[1] if one.way == "into" else one.source[1] + 1
        for touched in (gap, one.target[1]) if one.way in ("round", "straight") else (gap,):
            used[touched] = True
        if one.way != "round" and one.link.label:
            text[gap] = max(text[gap], min(width_of(clean(one.link.label), _TEXT), _WIDEST) + 6)
        if one.way in ("out", "into"):
            text[gap] = max(text[gap], 64.0)
        if one.link.style == "missing":
            broken[gap] = True
    for count, seen, wide, cut in zip(tracks, used, text, broken, strict=True):
        if not seen and not count:
            yield 0.0
        else:
            inside = max(wide, _BROKEN - LEAD if cut else 0.0, 4.0)
            yield LEAD + count * TRACK + inside + END


class _Tracks:
    """Intervals that want a track of their own among those they meet, by gap or gutter."""

    def __init__(self, size: int) -> None:
        self._wanted: list[list[tuple[int, int, tuple[int, str]]]] = [[] for _ in range(size)]
        self.counts = [0] * size

    def want(self, where: int, low: int, high: int, who: tuple[int, str]) -> None:
        """Ask for a track from low to high."""
        self._wanted[where].append((low, high, who))

    def coloured(self) -> dict[tuple[int, str], int]:
        """The track of everyone who asked; ``counts`` are then filled."""
        found: dict[tuple[int, str], int] = {}
        for where, wanted in enumerate(self._wanted):
            free: list[int] = []
            busy: list[tuple[int, int]] = []
            for low, high, who in sorted(wanted):
                while busy and busy[0][0] < low:
                    heappush(free, heappop(busy)[1])
                if not free:
                    free.append(self.counts[where])
                    self.counts[where] += 1
                track = heappop(free)
                heappush(busy, (high, track))
                found[who] = track
        return found


def strokes_of(band: Band, placed: Placed, words: Words) -> list[Stroke]:
    """The arrows of a band between its placed cells; a text that finds no free place is in the tooltip only."""
    if not band.plan.routes:
        return []
    names = {head.id: clean(head.label, 60) or clean(head.id, 60) for head in band.table.columns}
    taken = Occupied()
    return [_stroke(one, band, placed, names, taken, words) for one in band.plan.routes]


def _stroke(one: Route, band: Band, placed: Placed, names: dict[str, str], taken: Occupied, words: Words) -> Stroke:
    street = _Street(band, placed)
    cross: Point | None = None
    if one.way == "straight":
        gap = one.source[1] + 1
        y = street.middle(one.source[0])
        ends = (street.right(one.source[1]), street.left(one.target[1]))
        path: Path = ((ends[0], y), (ends[1], y))
        start = street.right(one.source[1])
        clear = (start + LEAD + band.plan.tracks[gap] * TRACK, street.left(gap) if gap < len(band.columns) else ends[1])
        cross = ((clear[0] + clear[1] - 4) / 2, y)
        spot = (*clear, y - (11.0 if one.link.style == "missing" else 4.0))
        text = one.link.label
    elif one.way in ("out", "into"):
        y = street.middle(one.source[0] if one.way == "out" else one.target[0]) - _AWAY
        if one.way == "out":
            zone = street.clear(one.source[1] + 1)
            path = ((street.right(one.source[1]), y), (zone + 60, y))
            text = words("to {place}", place=names[one.link.target[1]])
        else:
            end = street.left(one.target[1])
            zone = end - 60
            path = ((zone - LEAD, y), (end, y))
            text = words("from {place}", place=names[one.link.source[1]])
        cross = (zone + 30, y)
        spot = (zone, zone + 58, y - 3)
    elif one.way == "bend":
        path, spot, cross = street.bend(one)
        text = one.link.label
    else:
        path, spot, cross = street.round(one)
        text = one.link.label
    label = _label(text, spot, taken)
    about = [clean(one.link.label), clean_lines(one.link.tooltip)]
    if one.way in ("out", "into"):
        about.insert(0, text)
    return Stroke(
        path,
        one.link.style,
        one.link.emphasis,
        cross if one.link.style == "missing" else None,
        label,
        "\n".join(filter(None, about)),
    )


def _label(text: str, spot: tuple[float, float, float], taken: Occupied) -> Label | None:
    """The text between two x at a baseline, where that place is still free and wide enough to say anything."""
    left, right, y = spot
    if not clean(text) or right - left < 20:
        return None
    label = Label(fit(clean(text), right - left, _TEXT), (left + right) / 2, y, _TEXT, "edge-label", "middle")
    if not taken.free(label.box, 0.5):
        return None
    taken.add(label.box)
    return label


@dataclass(frozen=True, slots=True)
class _Street:
    """Where the cells, gaps and gutters of a placed band are."""

    band: Band
    placed: Placed

    def _origin(self) -> float:
        return self.placed.row_boxes[0].x

    def left(self, column: int) -> float:
        """The x at which a column begins."""
        return self._origin() + self.band.lefts[column]

    def right(self, column: int) -> float:
        """The x at which a column ends."""
        return self.left(column) + self.band.widths[column]

    def middle(self, row: int) -> float:
        """The y of the middle of a row."""
        return self.placed.row_boxes[row].centre[1]

    def _before(self, gap: int) -> float:
        """The x at which a gap begins."""
        return self.right(gap - 1) if gap else self._origin() + self.band.row_head

    def _track(self, gap: int, track: int) -> float:
        return self._before(gap) + LEAD + (track + 0.5) * TRACK

    def clear(self, gap: int) -> float:
        """The x in a gap beyond which no arrow runs up or down: where texts stand."""
        return self._before(gap) + LEAD + self.band.plan.tracks[gap] * TRACK

    def bend(self, one: Route) -> tuple[Path, tuple[float, float, float], Point]:
        """Through the gap after the source only."""
        gap = one.source[1] + 1
        y, end_y = self.middle(one.source[0]) + _AWAY, self.middle(one.target[0]) + _AWAY
        x = self._track(gap, one.leave)
        same = one.target[1] == one.source[1]
        end = self.right(one.target[1]) if same else self.left(one.target[1])
        zone = self.clear(gap)
        limit = self.left(gap) if gap < len(self.band.columns) else zone + 60
        path: Path = ((self.right(one.source[1]), y), (x, y), (x, end_y), (end, end_y))
        return path, (zone, limit - 2, end_y + 10), (x, (y + end_y) / 2)

    def round(self, one: Route) -> tuple[Path, tuple[float, float, float], Point]:
        """Out to the gap, through the gutter, and back from the gap before the target."""
        y, end_y = self.middle(one.source[0]) + _AWAY, self.middle(one.target[0]) + _AWAY
        out, back = self._track(one.source[1] + 1, one.leave), self._track(one.target[1], one.arrive)
        step = _GUTTER_TEXT if self.band.plan.labelled[one.gutter] else _GUTTER
        level = self.placed.gutters[one.gutter] + (one.along + 1) * step
        under = one.source[1] + 1 if one.target[1] > one.source[1] + 1 else one.source[1]
        path: Path = (
            (self.right(one.source[1]), y), (out, y), (out, level), (back, level), (back, end_y),
            (self.left(one.target[1]), end_y),
        )  # fmt: skip
        spot = (self.left(under) + 2, self.right(under) - 2, level - 3.5)
        return path, spot, (self.right(one.source[1]) + LEAD / 2 + 1, y)
