"""Trunks of the layered view: many lines from one card, or to one card, drawn as one line with branches.

Lines that cross the same gutter from one source (or from one set of alternatives, see ``Edge.bundle``) or to one
target share a vertical piece in that gutter, as the wires of a circuit diagram do. Each keeps its own path from card
to card, so nothing is lost to a reader who points at it; on paper the shared pieces are one line. A line joins the
larger of its two possible trunks. Below ``FEWEST`` lines the smooth curves read better and stay.

Cost: O(e log e) for e edges.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cx_map.draw.scene import Edge

FEWEST = 8
_MARGIN, _STEP = 26.0, 11.0
_PASS_STEP = 2.6

Key = tuple[str, int, str]
"""Which way the lines fan (``out`` or ``in``), the track whose gutter holds the trunk, and what they share."""


@dataclass(frozen=True, slots=True)
class Line:
    """A forward edge as the grouping sees it: the gutter it may use, and the heights of its two cards."""

    index: int
    edge: Edge
    gutter: int
    source_y: float
    target_y: float


@dataclass(frozen=True, slots=True)
class Trunk:
    """The shared vertical piece: its x, and the small offset its lines keep where they pass between cards."""

    x: float
    offset: float


def trunks(lines: Sequence[Line], gutters: dict[int, tuple[float, float]]) -> tuple[dict[int, Key], dict[Key, Trunk]]:
    """The trunk's key of every line that has one, and where each trunk runs; ``gutters`` gives left and right x."""
    options = {line.index: _options(line) for line in lines}
    sizes = Counter(key for pair in options.values() for key in pair)
    chosen = {index: max(pair, key=lambda key: (sizes[key], key)) for index, pair in options.items()}
    members = Counter(chosen.values())
    # A line whose larger trunk did not come about may still find its place in the other one.
    chosen = {
        index: key if members[key] >= FEWEST else max(options[index], key=lambda one: (members[one], one))
        for index, key in chosen.items()
    }
    members = Counter(chosen.values())
    kept = {index: key for index, key in chosen.items() if members[key] >= FEWEST}
    heights: dict[Key, list[float]] = defaultdict(list)
    for line in lines:
        key = kept.get(line.index)
        if key is not None:
            heights[key].append(line.source_y if key[0] == "out" else line.target_y)
    return kept, _slots(heights, gutters)


def _options(line: Line) -> tuple[Key, Key]:
    shared = line.edge.bundle or line.edge.source
    return ("out", line.gutter, f"{shared}\0{line.edge.kind}"), ("in", line.gutter, line.edge.target)


def _slots(heights: dict[Key, list[float]], gutters: dict[int, tuple[float, float]]) -> dict[Key, Trunk]:
    """Trunks of a gutter side by side, in the order of the cards they belong to, top to bottom."""
    by_gutter: dict[int, list[Key]] = defaultdict(list)
    for key in sorted(heights, key=lambda one: (sum(heights[one]) / len(heights[one]), one)):
        by_gutter[key[1]].append(key)
    found: dict[Key, Trunk] = {}
    for gutter, keys in by_gutter.items():
        left, right = gutters[gutter]
        step = min(_STEP, (right - left - 2 * _MARGIN) / max(1, len(keys) - 1))
        first = (left + right) / 2 - step * (len(keys) - 1) / 2
        for rank, key in enumerate(keys):
            found[key] = Trunk(first + rank * step, (rank % 3 - 1) * _PASS_STEP)
    return found
