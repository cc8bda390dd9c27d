"""Where a connector of a presentation leaves one shape and meets another, and how it runs between them.

Connectors are glued to the middles of sides. They are not the curves of the layout: a program draws them anew whenever
a card is moved, so they have to be of a form that it knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import Literal

from cx_map.draw.geometry import Box, Path, Point, point_at, points_along

Form = Literal["line", "curve", "loop"]
LOOP = 24.0
"""How far a connector between two cards of one column stands out, in CSS pixels."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Two glued ends: the points, the numbers of the connection sites, and the form between."""

    start: Point
    end: Point
    sites: tuple[int, int]
    form: Form

    @property
    def path(self) -> Path:
        """The connector as it is drawn."""
        (x1, y1), (x2, y2) = self.start, self.end
        if self.form == "line":
            return (self.start, self.end)
        if self.form == "loop":
            out = max(x1, x2) + LOOP * 4 / 3
            return (self.start, (out, y1, out, y2, x2, y2))
        middle = (x1 + x2) / 2
        return (self.start, (middle, y1, middle, y2, x2, y2))

    @property
    def middle(self) -> Point:
        """Half way along."""
        return point_at(points_along(self.path), 0.5)

    def nearest(self, point: Point) -> Point:
        """The place along the connector, off its ends, that is nearest to a point."""
        points = points_along(self.path)
        places = [point_at(points, share / 20) for share in range(3, 18)]
        return min(places, key=lambda one: hypot(one[0] - point[0], one[1] - point[1]))


def ends_of(source: Box, target: Box, *, straight: bool, round_target: bool = False) -> Ends:
    """The ends for two cards, ``straight`` between the nearest sides or curved between left and right sides."""
    if not straight:
        if target.x >= source.right:
            return Ends(_side(source, 3), _side(target, 1), (3, 1), "curve")
        if target.right <= source.x:
            return Ends(_side(source, 1), _side(target, 3), (1, 3), "curve")
        return Ends(_side(source, 3), _side(target, 3), (3, 3), "loop")
    sites = {number: _side(source, number) for number in range(4)}
    others = (
        {number: _round_side(target, number) for number in range(8)}
        if round_target
        else {number: _side(target, number) for number in range(4)}
    )
    first, second = min(
        ((a, b) for a in sites for b in others),
        key=lambda pair: hypot(sites[pair[0]][0] - others[pair[1]][0], sites[pair[0]][1] - others[pair[1]][1]),
    )
    return Ends(sites[first], others[second], (first, second), "line")


def _side(box: Box, number: int) -> Point:
    """The connection sites of a rectangle: top, left, bottom, right (ECMA-376, presetShapeDefinitions: roundRect)."""
    x, y = box.centre
    return ((x, box.y), (box.x, y), (x, box.bottom), (box.right, y))[number]


def _round_side(box: Box, number: int) -> Point:
    """The eight connection sites of an ellipse: from the top, against the clock."""
    x, y = box.centre
    angle = pi / 2 + number * pi / 4
    return x + cos(angle) * box.w / 2, y - sin(angle) * box.h / 2
