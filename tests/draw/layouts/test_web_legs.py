"""Legs of the web's threads: straight where that is free, past other cards where it is not, together for one card."""

from __future__ import annotations

from math import pi

from cx_map.draw.geometry import Box, Occupied, points_along
from cx_map.draw.layouts.furniture import small_card
from cx_map.draw.layouts.layers import suggest_folds
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.layouts.web_geometry import Rings, Spot, border
from cx_map.draw.layouts.web_legs import MOST, Legs
from cx_map.draw.scene import Node
from tests.draw.nordvik import big

RINGS = Rings((0.0, 0.0), 1.55, ((300.0, 8.0), (500.0, 8.0)))


def legs(*places: tuple[str, float, float]) -> Legs:
    """Cards by name, half height and angle."""
    cards = {
        name: small_card(Node(name, name, "platforms", "l", "c"), *RINGS.at(height, angle))
        for name, height, angle in places
    }
    return Legs(cards, {name: Spot(0, height, angle) for name, height, angle in places}, RINGS)


def test_a_free_leg_goes_straight_and_a_blocked_one_beside_the_card() -> None:
    down = pi / 2
    free, blocked = legs(("a", 200, down)), legs(("a", 200, down), ("b", 260, down))
    assert free.beside("a", 300) == down
    angle = blocked.beside("a", 300)
    assert 0.03 < abs(angle - down) < 0.5
    other = Occupied([blocked._cards["b"].box])
    corner = RINGS.at(300, angle)
    start = border(blocked._cards["a"].box, corner)
    for share in range(21):
        x, y = start[0] + (corner[0] - start[0]) * share / 20, start[1] + (corner[1] - start[1]) * share / 20
        assert other.free(Box(x, y, 0.1, 0.1), 1.0)


def test_one_card_has_one_leg_a_side() -> None:
    found = legs(("a", 200, 0.3), ("b", 260, 0.3))
    assert found.beside("a", 300) == found.beside("a", 304)
    assert found.beside("a", 150) == 0.3


def test_a_thread_crosses_a_ring_between_its_cards() -> None:
    found = legs(("b", 400, 1.0))
    assert found.across(300, 500, 1.0) != 1.0
    assert found.across(300, 500, 2.0) == 2.0


def test_where_everything_is_full_the_wish_stays_near() -> None:
    found = legs(("a", 200, 0.0), *((f"b{i}", 260, i / 40) for i in range(-30, 31)))
    assert abs(found.beside("a", 300)) < 0.5


def test_few_points_of_a_crowded_web_lie_behind_cards() -> None:
    scene = suggest_folds(big(160))
    layout = layout_web(scene)
    boxes = {card.node.id: card.box for card in layout.cards}
    hidden = total = 0
    for wire in layout.wires:
        for x, y in points_along(wire.path):
            total += 1
            hidden += any(
                box.x < x < box.right and box.y < y < box.bottom
                for name, box in boxes.items()
                if name not in (wire.edge.source, wire.edge.target)
            )
    assert hidden < 0.05 * total


def test_huge_webs_go_straight() -> None:
    found = legs(*((f"n{i}", 200 + i, 0.0) for i in range(MOST + 1)))
    assert found.beside("n0", 300) == 0.0
