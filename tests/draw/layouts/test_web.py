"""The web: rings, sectors, no overlaps, and angles that stay."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import atan2, hypot, pi

import pytest
from hypothesis import given, settings

from cx_map.draw.geometry import points_along
from cx_map.draw.layouts.layers import suggest_folds
from cx_map.draw.layouts.web import CLOSER, RING_STEP, layout_web
from cx_map.draw.layouts.web_geometry import CELL_H, CELL_W, DISC, STRETCH
from cx_map.draw.scene import Node, Scene
from tests.draw.layouts.test_layers import meeting_cards, overlaps, scenes
from tests.draw.nordvik import LANES, big, nordvik, nordvik_diff


def height_of(scene: Scene) -> dict[str, float]:
    layout = layout_web(scene)
    x, y = next(frame.box.centre for frame in layout.frames if frame.role == "customer")
    centres = {card.node.id: card.box.centre for card in layout.cards}
    return {ident: hypot((cx - x) / STRETCH, cy - y) for ident, (cx, cy) in centres.items()}


def turn_of(scene: Scene) -> dict[str, float]:
    layout = layout_web(scene)
    x, y = next(frame.box.centre for frame in layout.frames if frame.role == "customer")
    return {
        card.node.id: (atan2(card.box.centre[1] - y, (card.box.centre[0] - x) / STRETCH) + pi / 2) % (2 * pi)
        for card in layout.cards
    }


@pytest.mark.parametrize("scene", [nordvik(), nordvik_diff(), suggest_folds(big(200)), big(200), big(400, 12)])
def test_nothing_overlaps(scene: Scene) -> None:
    layout = layout_web(scene)
    assert len(layout.cards) == len(scene.nodes)
    assert meeting_cards(layout, 8) == []
    assert overlaps(list(layout.texts())) == []
    assert all(c.box.x >= 0 and c.box.right <= layout.width and c.box.bottom <= layout.height for c in layout.cards)


@given(scenes())
@settings(max_examples=60, deadline=None)
def test_nothing_overlaps_in_any_scene(scene: Scene) -> None:
    layout = layout_web(scene)
    assert meeting_cards(layout, 8) == []
    assert overlaps(list(layout.texts())) == []


def test_rings_stand_in_the_order_of_the_scene_around_the_customer() -> None:
    scene = nordvik()
    heights = height_of(scene)
    rings = [{round(heights[node.id], 3) for node in scene.nodes if node.column == ring.id} for ring in scene.rings]
    assert all(len(ring) == 1 for ring in rings)
    radii = [next(iter(ring)) for ring in rings]
    assert all(b - a >= CLOSER[0] * RING_STEP - 0.01 for a, b in pairwise(radii))
    assert hypot(CELL_W / STRETCH, CELL_H) <= RING_STEP


def test_sectors_follow_the_lanes_and_cards_their_kind_and_id() -> None:
    scene = nordvik()
    turns = turn_of(scene)
    placed = sorted((turns[n.id], n) for n in scene.nodes if n.column == "communications")
    order = [lane.id for lane in LANES]
    assert [n.id for _, n in placed] == [
        n.id for n in sorted((n for _, n in placed), key=lambda n: (order.index(n.lane), n.kind, n.id))
    ]


def test_one_more_entity_turns_only_its_own_ring_and_sector() -> None:
    scene = nordvik()
    # Three communications in a lane already weigh as four, so a fourth leaves every sector as it is.
    more = replace(scene, nodes=(*scene.nodes, Node("bill", "Bill", "communications", "cards", "communications")))
    before, after = turn_of(scene), turn_of(more)
    moved = {n.id for n in scene.nodes if abs(before[n.id] - after[n.id]) > 1e-6}
    assert moved
    assert moved <= {n.id for n in scene.nodes if n.column == "communications" and n.lane == "cards"}


def test_radii_grow_with_the_number_of_cards() -> None:
    small, large = layout_web(big(40)), layout_web(big(400))
    assert large.width > small.width * 1.5


def test_no_line_crosses_the_customer_and_every_inner_card_has_a_spoke() -> None:
    scene = nordvik()
    layout = layout_web(scene)
    x, y = next(frame.box.centre for frame in layout.frames if frame.role == "customer")
    assert len(layout.spokes) == sum(node.column == "channels" for node in scene.nodes)
    for wire in layout.wires:
        assert min(hypot(a - x, b - y) for a, b in points_along(wire.path)) > DISC


def test_a_column_without_a_ring_gets_one() -> None:
    scene = replace(nordvik(), rings=nordvik().rings[:2])
    assert len(layout_web(scene).cards) == len(scene.nodes)


def test_five_thousand_entities_all_have_a_place() -> None:
    assert len(layout_web(suggest_folds(big(5000))).cards) == 5000
