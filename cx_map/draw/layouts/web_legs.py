"""Where the legs of the web's threads run: from a card to its corridor, or across a ring, past the other cards.

A leg goes straight outwards or inwards where that is free, and slants to a near angle where a card is in the way. On
maps with more cards than ``MOST`` all go straight: there the lines are too many to follow one by one anyway.

Cost: O(1) tries for each leg, each over the cells of a grid that it passes.
"""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

from cx_map.draw.geometry import Card, Occupied, Point
from cx_map.draw.layouts.web_geometry import Rings, Spot, border

Leg = Callable[[float], tuple[Point, Point]]
MOST = 600
_TRIES, _SLANT, _GAP, _BESIDE = 9, 13.0, 4.0, 6.5


class Legs:
    """The angle at which each leg meets its corridor; one a card and side, so that its lines stay together."""

    def __init__(self, cards: dict[str, Card], spots: dict[str, Spot], rings: Rings) -> None:
        self._cards, self._spots, self._rings = cards, spots, rings
        self._taken = Occupied(card.box for card in cards.values()) if len(cards) <= MOST else None
        self._beside: dict[tuple[str, bool], float] = {}
        self._across: dict[tuple[float, float, float], float] = {}

    def beside(self, name: str, height: float) -> float:
        """The angle at which a card's lines enter the corridor at this half height."""
        spot = self._spots[name]
        key = (name, height > spot.height)
        if key not in self._beside:
            box = self._cards[name].box

            def leg(angle: float) -> tuple[Point, Point]:
                corner = self._rings.at(height, angle)
                return border(box, corner), corner

            self._beside[key] = self._best(leg, spot.angle, height)
        return self._beside[key]

    def across(self, one: float, other: float, angle: float) -> float:
        """The angle near the wished one at which a thread crosses from one half height to another."""
        key = (one, other, angle)
        if key not in self._across:

            def leg(tried: float) -> tuple[Point, Point]:
                return self._rings.at(one, tried), self._rings.at(other, tried)

            self._across[key] = self._best(leg, angle, max(one, other))
        return self._across[key]

    def _best(self, leg: Leg, wish: float, height: float) -> float:
        """The nearest angle whose leg meets no card, else the one that meets the least."""
        if self._taken is None:
            return wish
        step = _SLANT / max(height, 1.0)
        tried = [wish] + [wish + sign * step * rank for rank in range(1, _TRIES) for sign in (1, -1)]
        best, fewest = wish, -1.0
        for angle in tried:
            hits = self._hits(*leg(angle))
            if hits == 0:
                return angle
            if fewest < 0 or hits < fewest:
                best, fewest = angle, hits
        return best

    def _hits(self, start: Point, end: Point) -> float:
        """How much of a leg lies behind cards; its first bit, beside its own card, does not count."""
        length = hypot(end[0] - start[0], end[1] - start[1])
        if self._taken is None or length <= _BESIDE:
            return 0.0
        share = _BESIDE / length
        begin = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
        return self._taken.along(begin, end, _GAP)
