"""Collapsing: nothing lost, nothing counted twice, and said so."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.draw.layouts.furniture import counts
from cx_map.draw.scene import Badge, Column, Edge, Lane, Node, Scene, edge_order, node_order
from cx_map.draw.scenes.collapse import collapse
from tests.draw.layouts.test_layers import scenes
from tests.draw.nordvik import big, nordvik


def members(scene: Scene) -> list[str]:
    return sorted(ident for node in scene.nodes for ident in (node.members or (node.id,)))


def canonical(scene: Scene) -> Scene:
    """The scene with its lists in the order that the layouts read them in."""
    return replace(
        scene,
        nodes=tuple(sorted(scene.nodes, key=node_order)),
        edges=tuple(sorted(scene.edges, key=edge_order)),
    )


def test_a_legible_scene_stays_itself() -> None:
    assert collapse(nordvik()) == nordvik()


@given(scenes(), st.integers(1, 30))
@settings(max_examples=120, deadline=None)
def test_every_entity_and_flow_is_accounted_for(scene: Scene, limit: int) -> None:
    small = collapse(scene, limit)
    assert members(small) == sorted(node.id for node in scene.nodes)
    drawn = sum(edge.count for edge in small.edges)
    inside = sum(int(n.split()[0].replace(",", "")) for n in small.notes if "inside collapsed cards" in n)
    assert drawn + inside == len(scene.edges)
    groups = {(n.column, n.kind) for n in scene.nodes}
    assert len(small.nodes) <= max(limit, len(groups))
    turned = collapse(replace(scene, nodes=scene.nodes[::-1], edges=scene.edges[::-1]), limit)
    assert canonical(turned) == canonical(small)


def test_the_biggest_groups_go_first_and_only_as_many_as_needed() -> None:
    small = collapse(big(1000), 400)
    assert len(small.nodes) <= 400
    groups = [node for node in small.nodes if node.members]
    assert {node.kind for node in groups} >= {"communications"}
    biggest_left = max(sum(n.lane == g.lane and n.kind == g.kind for n in small.nodes) for g in small.nodes)
    assert min(len(node.members) for node in groups) >= biggest_left


def test_merged_flows_carry_their_number_and_groups_their_findings() -> None:
    lanes, columns = (Lane("cards", "Cards"),), (Column("c", "C"), Column("p", "P"))
    nodes = tuple(
        Node(
            f"c{i}",
            f"C {i}",
            "communications",
            "cards",
            "c",
            badges=(Badge("BOT101", "major"),) * (i % 2),
            mark="added",
        )
        for i in range(5)
    )
    out = Node("p", "Print", "channels", "cards", "p")
    edges = tuple(Edge(node.id, "p", badges=(Badge("CHAN101", "minor"),)) for node in nodes)
    small = collapse(Scene("t", "", columns, lanes, (*nodes, out), (*edges, Edge("c0", "c1"))), 3)
    group = next(node for node in small.nodes if node.members)
    assert (group.label, group.mark, group.badges) == (
        "5 communications",
        "added",
        (Badge("BOT101", "major", count=2),),
    )
    assert group.id == "cards/c/communications"
    assert [(e.source, e.target, e.count, e.label) for e in small.edges] == [(group.id, "p", 5, "×5")]
    assert small.edges[0].badges == (Badge("CHAN101", "minor", count=5),)
    assert small.notes == (
        "2 cards stand for 6 of 6 entities; collapsed: 5 communications (Cards)",
        "1 flow inside collapsed cards is not drawn",
    )
    assert counts(small) == "6 of 6 entities shown (5 of them inside 1 collapsed card) · 5 flows shown"


def test_many_lanes_share_one() -> None:
    small = collapse(big(3000, lanes=200), 60)
    assert len(small.nodes) <= 60
    assert small.lanes[-1].label.endswith("other lines of business")
    assert any("smaller lines of business share one lane" in note for note in small.notes)
    assert small.total == 3000


def test_an_id_that_looks_like_a_group_is_not_taken_over() -> None:
    lanes, columns = (Lane("l", "L"),), (Column("c", "C"),)
    nodes = (
        Node("l/c/k", "odd", "x", "l", "c"),
        Node("a", "A", "k", "l", "c"),
        Node("b", "B", "k", "l", "c"),
    )
    small = collapse(Scene("t", "", columns, lanes, nodes), 2)
    assert sorted(node.id for node in small.nodes) == ["l/c/k", "l/c/k*"]


def test_two_lanes_become_one_when_the_limit_is_low() -> None:
    lanes, columns = (Lane("a", "A"), Lane("b", "B", silo=True)), (Column("c", "C"),)
    nodes = tuple(Node(f"{lane}{i}", "x", "platforms", lane, "c") for lane in "ab" for i in range(3))
    small = collapse(Scene("t", "", columns, lanes, nodes), 1)
    assert [lane.label for lane in small.lanes] == ["All 2 lines of business"]
    assert small.lanes[0].silo
    assert [node.label for node in small.nodes] == ["6 platforms"]
