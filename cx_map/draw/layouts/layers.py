"""The layered view: columns from data source to collection point, swimlanes by line of business.

Where a card stands is a function of the entity alone plus the entities before it in its own stack: the lane and the
column come from the entity, the order in a stack is (kind, id), and in a column with several folds the track is a
checksum of the id. Stacks are centred in their lane, to whole rows. So adding or removing one entity moves the rest
of its stack by at most a row, and, only when the stack was its lane's tallest, everything below by one row; nothing ever
changes lane, column or track.

Crossings are not reduced by moving cards, as the usual methods do (there a card's place depends on all others), but by
the lines: ports in the order of the other ends, flows that share a source or target joined in trunks (:mod:`.trunks`), feedback in
the gaps between lanes. ``tests/benchmarks/crossings`` measures it: on the bank of the samples lines cross in 1,895
places, straight ones between the same cards in 5,096, and in 4,193 with the cards in barycentre order.

Cost: O(n log n + e log n) for n cards and e edges.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from zlib import crc32

from cx_map.draw.geometry import Box, Card, Frame, Label, Layout
from cx_map.draw.layouts.decorate import decorate
from cx_map.draw.layouts.furniture import CARD_H, CARD_W, MARGIN, NARROWEST, about, card, enlarged, footer, header
from cx_map.draw.layouts.routing import Street, Town, route
from cx_map.draw.scene import Column, Node, Scene, held_places
from cx_map.draw.text import clean, fit

ROW = CARD_H + 15.0
GUTTER, FOLD_GUTTER = 140.0, 56.0
LANE_PAD, LANE_HEAD, LANE_FOOT, LANE_GAP = 30.0, 34.0, 15.0, 26.0
HEADINGS = 24.0
_LANE_HEAD_MORE = 15.5
_CROWD, _FOLDS = 12, (1, 2, 3, 4, 6, 8)


@dataclass(frozen=True, slots=True)
class _Tracks:
    """Where the stacks stand: x of every track, its column's index, and the first track of each column."""

    left: tuple[float, ...]
    column: tuple[int, ...]
    first: dict[str, int]
    right: float


def layout_layers(scene: Scene) -> Layout:
    """Give every card, lane, line and text of the scene its place in the layered view."""
    tracks = _tracks(scene.columns)
    width = max(tracks.right + LANE_PAD + MARGIN, NARROWEST)
    labels, swatches, top = header(scene, width)
    f = enlarged(width)
    labels += _headings(scene, tracks, top + (HEADINGS / 2 + 6) * f, f)
    cards, frames, gaps, bottom = _stack(scene, tracks, top + HEADINGS * f, width)
    for frame, lane in zip(frames, scene.lanes, strict=True):
        labels.append(
            Label(
                fit(clean(lane.label) or clean(lane.id), width - 2 * MARGIN - 24, 12.5 * f),
                frame.box.x + 12,
                frame.box.y + 6.5 + 12.5 * f,
                12.5 * f,
                "lane",
            )
        )
    wires = route(scene, _town(cards, tracks, frames, gaps))
    wires, left_out = decorate(wires, cards, labels, scene.language)
    notes, height = footer(scene, width, bottom, left_out)
    return Layout(
        "layers",
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


def suggest_folds(scene: Scene) -> Scene:
    """The scene with enough folds per column that no stack is much higher than about a dozen cards.

    The number of folds grows in steps (1, 2, 3, 4, 6, 8), so it rarely changes; call it on the union of the states that are
    to be compared and give all of them the same columns.
    """
    return replace(
        scene,
        columns=tuple(replace(c, folds=_folds(scene, c.id)) for c in scene.columns),
        rings=tuple(replace(r, folds=_ring_folds(scene, r.id)) for r in scene.rings),
    )


def track_of(node: Node, folds: int) -> int:
    """The fold of a column an entity stands in: a checksum of its id, so that no other entity can move it there."""
    return crc32(node.id.encode("utf-8", "replace")) % folds if folds > 1 else 0


def _folds(scene: Scene, column: str) -> int:
    sizes: dict[str, int] = defaultdict(int)
    for node in held_places(scene):
        if node.column == column:
            sizes[node.lane] += 1
    most = max(sizes.values(), default=0)
    return next((folds for folds in _FOLDS if most <= _CROWD * folds), _FOLDS[-1])


def _ring_folds(scene: Scene, ring: str) -> int:
    size, folds = sum(node.column == ring for node in held_places(scene)), 1
    while folds < 4 and size > 18 * folds:
        folds += 1
    return folds


def _tracks(columns: tuple[Column, ...]) -> _Tracks:
    left: list[float] = []
    owner: list[int] = []
    first: dict[str, int] = {}
    x = MARGIN + LANE_PAD
    for index, column in enumerate(columns):
        first[column.id] = len(left)
        for fold in range(column.folds):
            left.append(x)
            owner.append(index)
            x += CARD_W + (FOLD_GUTTER if fold + 1 < column.folds else GUTTER)
    return _Tracks(tuple(left), tuple(owner), first, max(x - GUTTER, MARGIN + LANE_PAD + CARD_W))


def _headings(scene: Scene, tracks: _Tracks, y: float, f: float) -> list[Label]:
    found = []
    for index, column in enumerate(scene.columns):
        start = tracks.left[tracks.first[column.id]]
        wide = column.folds * CARD_W + (column.folds - 1) * FOLD_GUTTER
        room = wide + (GUTTER - 20 if index + 1 < len(scene.columns) else 0)
        text = fit(f"{index + 1}  {clean(column.label) or clean(column.id)}".upper(), room, 12 * f)
        found.append(Label(text, start + wide / 2, y, 11 * f, "column", "middle"))
    return found


def _stack(
    scene: Scene, tracks: _Tracks, top: float, width: float
) -> tuple[dict[str, Card], list[Frame], list[float], float]:
    """Cards by id, lane frames, the y where each gap between lanes starts, and the y below the last gap."""
    folds = {column.id: column.folds for column in scene.columns}
    stacks: dict[tuple[str, int], list[Node]] = defaultdict(list)
    for node in held_places(scene):
        stacks[node.lane, tracks.first[node.column] + track_of(node, folds[node.column])].append(node)
    rows: dict[str, int] = defaultdict(lambda: 1)
    for (lane_id, _), stack in stacks.items():
        rows[lane_id] = max(rows[lane_id], len(stack))
    drawn = {node.id for node in scene.nodes}
    frames: list[Frame] = []
    cards: dict[str, Card] = {}
    gaps: list[float] = []
    y = top
    lane_head = LANE_HEAD + _LANE_HEAD_MORE * (enlarged(width) - 1)
    for lane in scene.lanes:
        gaps.append(y)
        y += LANE_GAP
        inside = rows[lane.id] * ROW - (ROW - CARD_H)
        frames.append(
            Frame(
                "silo" if lane.silo else "lane",
                lane.id,
                Box(MARGIN, y, width - 2 * MARGIN, lane_head + inside + LANE_FOOT),
                clean(lane.label),
            )
        )
        for track, x in enumerate(tracks.left):
            stack = stacks.get((lane.id, track), [])
            # Whole rows only: then the gaps between the cards of all stacks line up, and lines pass them straight.
            start = y + lane_head + (rows[lane.id] - len(stack)) // 2 * ROW
            for index, node in enumerate(stack):
                if node.id in drawn:
                    cards[node.id] = card(node, x, start + index * ROW)
        y += lane_head + inside + LANE_FOOT
    gaps.append(y)
    return cards, frames, gaps, y + LANE_GAP


def _town(cards: dict[str, Card], tracks: _Tracks, frames: list[Frame], gaps: list[float]) -> Town:
    at = {x: index for index, x in enumerate(tracks.left)}
    order = {frame.id: index for index, frame in enumerate(frames)}
    houses: list[list[float]] = [[] for _ in tracks.left]
    track = {}
    for one in cards.values():
        track[one.node.id] = at[one.box.x]
        houses[at[one.box.x]].append(one.box.y)
    streets = tuple(
        Street(x, x + CARD_W, column, tuple(sorted(tops)))
        for x, column, tops in zip(tracks.left, tracks.column, houses, strict=True)
    )
    lane = {one.node.id: order[one.node.lane] for one in cards.values()}
    return Town(
        streets,
        {i: one.box for i, one in cards.items()},
        track,
        lane,
        tuple((f.box.y, f.box.bottom) for f in frames),
        tuple(gaps),
        LANE_GAP,
    )
