"""Lines of the web: along the rings, shared by a hub, never through the middle, joined to their cards."""

from __future__ import annotations

from dataclasses import replace
from math import hypot

import pytest

from cx_map.draw.geometry import Layout, points_along
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.layouts.web_geometry import DISC, STRETCH
from cx_map.draw.scene import Edge, Node, Ring, Scene
from tests.draw.nordvik import COLUMNS, LANES, RINGS, big, nordvik, nordvik_diff


def hub(fan: int, alternatives: bool = False) -> Scene:
    senders = [Node(i, i, "platforms", "shared", "platforms") for i in ("pa", "pb")]
    letters = [
        Node(f"c{i:02d}", f"Letter {i}", "communications", LANES[i % 5].id, "communications") for i in range(fan)
    ]
    forms = [Node(f"f{i}", f"Form {i}", "collection_points", "wealth", "collection_points") for i in range(6)]
    channel = Node("web", "Web", "channels", "shared", "channels")
    bundle, style = ("pa|pb", "alternative") if alternatives else ("", "solid")
    edges = [Edge(p.id, c.id, "composes", style=style, bundle=bundle) for p in senders for c in letters]  # type: ignore[arg-type]  # one of two literals
    edges += [Edge("web", one.id, "collects") for one in forms]
    return Scene("t", "", COLUMNS, LANES, (*senders, *letters, *forms, channel), tuple(edges), RINGS)


def heights(layout: Layout, source: str) -> list[set[int]]:
    """For each line of a source the half heights (in pixels) of the ellipses that it follows for a while."""
    x, y = next(frame.box.centre for frame in layout.frames if frame.role == "customer")
    found = []
    for wire in layout.wires:
        if wire.edge.source == source:
            levels = [round(hypot((a - x) / STRETCH, b - y)) for a, b in points_along(wire.path, 24)]
            found.append({level for level in levels if levels.count(level) >= 20})
    return found


def test_the_lines_of_a_hub_follow_one_ellipse() -> None:
    followed = [one for one in heights(layout_web(hub(20)), "pa") if one]
    assert len(followed) >= 10
    assert set.intersection(*followed)


def test_alternatives_follow_the_same_ellipse_and_others_their_own() -> None:
    together, apart = layout_web(hub(20, alternatives=True)), layout_web(hub(20))
    for layout, shared in ((together, True), (apart, False)):
        one = set.intersection(*(levels for levels in heights(layout, "pa") if levels))
        other = set.intersection(*(levels for levels in heights(layout, "pb") if levels))
        assert bool(one & other) is shared


def test_a_thread_crosses_the_rings_in_one_place() -> None:
    layout = layout_web(hub(20))
    x, y = next(frame.box.centre for frame in layout.frames if frame.role == "customer")
    crossings = set()
    for wire in layout.wires:
        if wire.edge.source == "web":
            points = points_along(wire.path, 24)
            ring = next(f.box.h / 2 for f in layout.frames if f.role == "ring" and f.box.h / 2 > 250)
            first = next(p for p in points if hypot((p[0] - x) / STRETCH, p[1] - y) > ring / 2)
            crossings.add((round(first[0] / 12), round(first[1] / 12)))
    assert len(crossings) == 1


@pytest.mark.parametrize("scene", [nordvik(), nordvik_diff(), hub(40), big(120)])
def test_no_line_passes_the_middle_and_all_join_their_cards(scene: Scene) -> None:
    layout = layout_web(scene)
    x, y = next(frame.box.centre for frame in layout.frames if frame.role == "customer")
    place = layout.place()
    for wire in layout.wires:
        points = points_along(wire.path)
        assert min(hypot(a - x, b - y) for a, b in points) > DISC
        for (a, b), ident in ((points[0], wire.edge.source), (points[-1], wire.edge.target)):
            box = place[ident]
            assert box.x - 0.01 <= a <= box.right + 0.01
            assert box.y - 0.01 <= b <= box.bottom + 0.01


def test_lines_do_not_depend_on_the_order_of_the_scene() -> None:
    scene = hub(20)
    turned = replace(scene, edges=scene.edges[::-1], nodes=scene.nodes[::-1])
    one, other = layout_web(scene), layout_web(turned)
    assert [(w.edge, w.path) for w in one.wires] == [(w.edge, w.path) for w in other.wires]


def test_a_line_to_itself_and_inside_a_ring_have_paths() -> None:
    scene = Scene(
        "t", "", COLUMNS, LANES,
        tuple(Node(i, i, "platforms", lane, "platforms") for i, lane in (("a", "retail"), ("b", "wealth"), ("c", "cards"))),
        (Edge("a", "a"), Edge("a", "c"), Edge("c", "b")),
        (Ring("platforms", "Platforms"),),
    )  # fmt: skip
    assert all(len(wire.path) >= 2 for wire in layout_web(scene).wires)
