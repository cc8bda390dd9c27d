"""The ellipses of the web: cells, the angle of a share of the turn, and how many cards there is room for."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin

from cx_map.draw.geometry import Box, Point
from cx_map.draw.layouts.furniture import SMALL_H, SMALL_W

STRETCH = 1.55
"""Width by height of every ring: that of a landscape page, and of cards, which are wide."""
CELL_W, CELL_H = SMALL_W + 9, SMALL_H + 13
DISC = 46.0
"""The radius of the customer in the middle."""
FIRST = DISC + 58.0
"""The half height of the innermost ring."""
_STEPS = 720


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a card stands: its ring, its half height and its angle."""

    ring: int
    height: float
    angle: float


@dataclass(frozen=True, slots=True)
class Rings:
    """The ellipses: centre, width by height, and the corridors (half height and half width of the free strip).

    Corridor ``k`` runs outside ring ``k``; the last one runs outside them all.
    """

    centre: Point
    stretch: float
    corridors: tuple[tuple[float, float], ...]

    def at(self, height: float, angle: float) -> Point:
        """The point of an ellipse at an angle."""
        return self.centre[0] + cos(angle) * height * self.stretch, self.centre[1] + sin(angle) * height


def angle_of(turn: float) -> float:
    """The angle, clockwise from the top, at a share of the turn: crowded where the ellipse has room, at the sides."""
    sums = _cumulated()
    wanted = (turn % 1.0) * sums[-1]
    index = min(max(bisect_right(sums, wanted) - 1, 0), _STEPS - 1)
    inside = (wanted - sums[index]) / (sums[index + 1] - sums[index])
    return (index + inside) / _STEPS * 2 * pi - pi / 2


@lru_cache(maxsize=1)
def _density() -> tuple[float, ...]:
    """How many cards an ellipse of half height 1 has room for a radian, over the angle from the top."""
    angles = ((i + 0.5) / _STEPS * 2 * pi - pi / 2 for i in range(_STEPS))
    return tuple(max(STRETCH * abs(sin(a)) / CELL_W, abs(cos(a)) / CELL_H) for a in angles)


@lru_cache(maxsize=1)
def room() -> float:
    """How many cards a whole ellipse of half height 1 has room for."""
    return sum(_density()) * 2 * pi / _STEPS


@lru_cache(maxsize=1)
def _cumulated() -> tuple[float, ...]:
    """The number of cards the ellipse has room for, with a little of an even spread, summed up over the angle."""
    density = _density()
    mean = sum(density) / _STEPS
    sums = [0.0]
    for value in density:
        sums.append(sums[-1] + 0.05 + 0.95 * value / mean)
    return tuple(sums)


def place_at(centre: Point, height: float, angle: float) -> Point:
    """The point of the ellipse with this half height at an angle."""
    return centre[0] + cos(angle) * height * STRETCH, centre[1] + sin(angle) * height


def border(box: Box, towards: Point) -> Point:
    """Where the straight line from the middle of the box leaves it."""
    x, y = box.centre
    dx, dy = towards[0] - x, towards[1] - y
    if dx == 0 and dy == 0:
        return x, box.y
    scale = min(box.w / 2 / abs(dx) if dx else 1e9, box.h / 2 / abs(dy) if dy else 1e9)
    return x + dx * scale, y + dy * scale
