"""The layered view: places that do not move, cards and texts that do not overlap, lines that stay clear of cards."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.draw.geometry import Box, Label, Layout, points_along
from cx_map.draw.layouts.layers import LANE_FOOT, ROW, layout_layers, suggest_folds, track_of
from cx_map.draw.layouts.trunks import FEWEST
from cx_map.draw.scene import Badge, Edge, Node, Scene
from tests.draw.nordvik import COLUMNS, LANES, big, nordvik, nordvik_diff


def overlaps(texts: list[Label]) -> list[tuple[str, str]]:
    boxes = sorted(((label.box, label.text) for label in texts if label.text), key=lambda pair: pair[0].x)
    found, active = [], []
    for box, text in boxes:
        active = [(other, words) for other, words in active if other.right > box.x]
        found += [(words, text) for other, words in active if other.meets(box, -0.3)]
        active.append((box, text))
    return found


def meeting_cards(layout: Layout, gap: float = 0.0) -> list[tuple[str, str]]:
    return [(a.node.id, b.node.id) for a, b in combinations(layout.cards, 2) if a.box.meets(b.box, gap)]


names = st.text("abcdefgh", min_size=1, max_size=3)
nodes = st.builds(
    lambda ident, lane, column, sub, badge: Node(
        ident, "Name of " + ident, COLUMNS[column].id, LANES[lane].id, COLUMNS[column].id, sub, badge
    ),
    names,
    st.integers(0, len(LANES) - 1),
    st.integers(0, len(COLUMNS) - 1),
    st.sampled_from(["", "monthly"]),
    st.sampled_from([(), (Badge("BOT101", "minor"),), (Badge("A1", "critical"), Badge("LOOP101", "major", count=12))]),
)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    found = draw(st.lists(nodes, max_size=40, unique_by=lambda node: node.id))
    ids = [node.id for node in found]
    ends = st.tuples(st.sampled_from(ids), st.sampled_from(ids)) if ids else st.nothing()
    pairs = draw(st.lists(ends, max_size=40)) if ids else []
    styles = st.sampled_from(["solid", "dashed", "missing"])
    edges = tuple(Edge(a, b, label=draw(st.sampled_from(["", "api"])), style=draw(styles)) for a, b in pairs)
    folds = draw(st.sampled_from([1, 1, 2]))
    columns = tuple(replace(column, folds=folds) for column in COLUMNS)
    return Scene("Bank", "now", columns, LANES, tuple(found), edges)


@given(scenes(), nodes)
@settings(max_examples=120, deadline=None)
def test_one_more_entity_moves_nothing_by_more_than_its_row(scene: Scene, extra: Node) -> None:
    rest = tuple(node for node in scene.nodes if node.id != extra.id)
    scene = replace(scene, nodes=rest, edges=())
    before, after = layout_layers(scene).place(), layout_layers(replace(scene, nodes=(*rest, extra))).place()
    moves = []
    for node in rest:
        assert after[node.id].x == before[node.id].x
        moves.append(abs(after[node.id].y - before[node.id].y))
    assert max(moves, default=0.0) <= ROW + 1e-6


def test_mean_displacement_over_every_single_removal_is_under_a_row() -> None:
    scene = nordvik()
    whole = layout_layers(scene).place()
    moves = []
    for gone in scene.nodes:
        rest = tuple(node for node in scene.nodes if node is not gone)
        place = layout_layers(replace(scene, nodes=rest, edges=())).place()
        moves += [abs(place[node.id].y - whole[node.id].y) for node in rest]
        assert all(place[node.id].x == whole[node.id].x for node in rest)
    assert 0 < sum(moves) / len(moves) < ROW / 2


def test_flows_findings_and_marks_move_no_card() -> None:
    scene = nordvik()
    bare = replace(scene, edges=(), nodes=tuple(replace(n, badges=(), mark="changed", label="x") for n in scene.nodes))
    assert {i: (b.x, b.y) for i, b in layout_layers(scene).place().items()} == {
        i: (b.x, b.y) for i, b in layout_layers(bare).place().items()
    }


def test_reserved_places_line_states_up_exactly() -> None:
    now, both = nordvik(), nordvik_diff()
    alone, lined_up = layout_layers(now).place(), layout_layers(replace(now, reserved=both.nodes)).place()
    target = layout_layers(both).place()
    assert set(lined_up) == {node.id for node in now.nodes}
    assert lined_up == {ident: target[ident] for ident in lined_up}
    assert alone != lined_up


def test_an_entity_keeps_its_fold_whatever_else_there_is() -> None:
    scene = suggest_folds(big(400))
    folds = {column.id: column.folds for column in scene.columns}
    assert folds["communications"] == 6
    assert folds["channels"] == 1
    place = layout_layers(scene).place()
    fewer = layout_layers(replace(scene, nodes=scene.nodes[::3], edges=())).place()
    assert all(place[ident].x == box.x for ident, box in fewer.items())
    assert {track_of(node, 6) for node in scene.nodes} == set(range(6))


@pytest.mark.parametrize("scene", [nordvik(), nordvik_diff(), suggest_folds(big(200)), suggest_folds(big(400))])
def test_nothing_overlaps(scene: Scene) -> None:
    layout = layout_layers(scene)
    assert len(layout.cards) == len(scene.nodes)
    assert meeting_cards(layout, 10) == []
    assert overlaps(list(layout.texts())) == []
    assert all(box.x >= 0 and box.right <= layout.width for box in (label.box for label in layout.texts()))


@given(scenes())
@settings(max_examples=80, deadline=None)
def test_nothing_overlaps_in_any_scene(scene: Scene) -> None:
    layout = layout_layers(scene)
    assert meeting_cards(layout, 10) == []
    assert overlaps(list(layout.texts())) == []


@given(scenes())
@settings(max_examples=60, deadline=None)
def test_no_line_runs_behind_a_card(scene: Scene) -> None:
    layout = layout_layers(scene)
    for wire in layout.wires:
        for x, y in points_along(wire.path):
            for card in layout.cards:
                box = card.box
                inside = box.x + 0.5 < x < box.right - 0.5 and box.y + 0.5 < y < box.bottom - 0.5
                assert not inside, (wire.edge, card.node.id)


def test_lines_start_and_end_on_the_sides_of_their_cards() -> None:
    layout = layout_layers(nordvik())
    place = layout.place()
    for wire in layout.wires:
        start, end = wire.path[0], wire.path[-1][-2:]
        one, other = place[wire.edge.source], place[wire.edge.target]
        assert start[0] in (one.x, one.right)
        assert end[0] in (other.x, other.right)
        assert one.y < start[1] < one.bottom
        assert other.y < end[1] < other.bottom


def test_ports_of_one_side_are_apart_and_in_the_order_of_the_other_ends() -> None:
    layout = layout_layers(nordvik())
    place = layout.place()
    ports = sorted((w.path[-1][-1], place[w.edge.source].y) for w in layout.wires if w.edge.target == "print")
    assert len(ports) == 7
    assert all(b[0] - a[0] > 2 and a[1] <= b[1] for a, b in pairwise(ports))


def hub(fan: int, alternatives: bool = False) -> Scene:
    """Two platforms that feed ``fan`` communications in two lanes, which all go out by one channel."""
    senders = [Node(i, i, "platforms", "shared", "platforms") for i in ("pa", "pb")]
    letters = [
        Node(f"c{i:02d}", f"Letter {i}", "communications", "retail" if i % 2 else "wealth", "communications")
        for i in range(fan)
    ]
    channel = Node("print", "Print", "channels", "shared", "channels")
    bundle = "pa|pb" if alternatives else ""
    style = "alternative" if alternatives else "solid"
    edges = [Edge(p.id, c.id, "composes", style=style, bundle=bundle) for p in senders for c in letters]
    edges += [Edge(c.id, "print", "channel") for c in letters]
    columns = tuple(replace(c, folds=2 if c.id == "communications" else 1) for c in COLUMNS)
    return Scene("t", columns=columns, lanes=LANES, nodes=(*senders, *letters, channel), edges=tuple(edges))


def upright(layout: Layout, source: str | None = None, target: str | None = None) -> set[float]:
    """The x of every long vertical piece of the chosen lines."""
    found = set()
    for wire in layout.wires:
        if (source is None or wire.edge.source == source) and (target is None or wire.edge.target == target):
            points = points_along(wire.path)
            found |= {round(a[0], 3) for a, b in pairwise(points) if a[0] == b[0] and abs(a[1] - b[1]) > 30}
    return found


def test_many_lines_from_one_card_share_one_trunk_and_one_port() -> None:
    layout = layout_layers(hub(24))
    one, other, gathered = upright(layout, "pa"), upright(layout, "pb"), upright(layout, target="print")
    assert len(one) == len(other) == len(gathered) == 1
    assert one != other
    assert len({w.path[0] for w in layout.wires if w.edge.source == "pa"}) == 1
    assert len({w.path[-1][-2:] for w in layout.wires if w.edge.target == "print"}) == 1
    ends = {w.path[-1][-2:] for w in layout.wires if w.edge.source == "pa"}
    assert len(ends) == 24


def test_alternatives_share_their_trunk() -> None:
    layout = layout_layers(hub(24, alternatives=True))
    assert upright(layout, "pa") == upright(layout, "pb")
    assert len(upright(layout, "pa")) == 1


def test_trunks_stay_in_the_gutter_and_few_lines_stay_curves() -> None:
    layout = layout_layers(hub(24))
    place = layout.place()
    (x,) = upright(layout, "pa")
    assert place["pa"].right + 20 < x < min(place[f"c{i:02d}"].x for i in range(24)) - 20
    assert upright(layout_layers(hub(FEWEST - 1))) == set()


@pytest.mark.parametrize("fan", [9, 24, 60])
def test_no_trunk_runs_behind_a_card(fan: int) -> None:
    layout = layout_layers(hub(fan))
    for wire in layout.wires:
        for x, y in points_along(wire.path):
            for card in layout.cards:
                box = card.box
                assert not (box.x + 0.5 < x < box.right - 0.5 and box.y + 0.5 < y < box.bottom - 0.5)


def test_feedback_runs_in_the_gaps_between_lanes() -> None:
    layout = layout_layers(nordvik())
    lanes = [frame.box for frame in layout.frames]
    wire = next(w for w in layout.wires if w.edge.source == "web-form")
    assert wire.feedback
    level = [a for a, b in pairwise(points_along(wire.path)) if abs(a[1] - b[1]) < 1e-6 and abs(a[0] - b[0]) > 200]
    assert level
    assert not any(box.y < y < box.bottom for _, y in level for box in lanes)


def test_a_lane_is_as_high_as_its_tallest_stack_and_an_empty_one_still_stands() -> None:
    scene = Scene("t", columns=COLUMNS, lanes=LANES, nodes=(Node("a", "A", "platforms", "retail", "platforms"),))
    frames = {frame.id: frame.box for frame in layout_layers(scene).frames}
    assert frames["retail"].h == frames["wealth"].h
    three = replace(scene, nodes=tuple(replace(scene.nodes[0], id=i) for i in "abc"))
    grown = {frame.id: frame.box for frame in layout_layers(three).frames}
    assert grown["retail"].h - frames["retail"].h == pytest.approx(2 * ROW)
    assert grown["wealth"].h == frames["wealth"].h
    assert frames["retail"].h > ROW - LANE_FOOT


def test_order_of_the_lists_does_not_matter() -> None:
    scene = nordvik()
    turned = replace(scene, nodes=scene.nodes[::-1], edges=scene.edges[::-1])
    one, other = layout_layers(scene), layout_layers(turned)
    assert one.place() == other.place()
    assert [(w.edge, w.path) for w in one.wires] == [(w.edge, w.path) for w in other.wires]


def test_a_silo_has_its_own_border_and_the_columns_their_names() -> None:
    layout = layout_layers(nordvik())
    assert [frame.id for frame in layout.frames if frame.role == "silo"] == ["mortgages"]
    assert "3  COMMUNICATIONS" in [label.text for label in layout.labels]


def test_five_thousand_entities_all_have_a_place() -> None:
    assert len(layout_layers(big(5000)).cards) == 5000


def test_badges_that_find_no_place_are_told() -> None:
    pair = (
        Node("a", "A", "platforms", "retail", "platforms"),
        Node("b", "B", "channels", "retail", "channels"),
    )
    badges = tuple(Badge(f"RULE{i}", "minor") for i in range(200))
    layout = layout_layers(Scene("t", columns=COLUMNS, lanes=LANES, nodes=pair, edges=(Edge("a", "b", badges=badges),)))
    drawn = len(layout.wires[0].pills)
    assert 0 < drawn < 200
    assert any(label.text.startswith(f"{200 - drawn} labels and badges") for label in layout.labels)


def test_box_distance() -> None:
    assert Box(0, 0, 10, 10).meets(Box(9, 9, 5, 5))
    assert not Box(0, 0, 10, 10).meets(Box(10, 0, 5, 5))
    assert Box(0, 0, 10, 10).meets(Box(12, 0, 5, 5), gap=3)
