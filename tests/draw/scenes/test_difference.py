"""Two states as one scene: marks, renames, replacements, missing flows that now run, and places that line up."""

from __future__ import annotations

from dataclasses import replace

from cx_map.compare.changes import compare
from cx_map.draw.layouts.layers import layout_layers
from cx_map.draw.scene import Scene
from cx_map.draw.scenes.difference import scene_of_diff
from cx_map.draw.scenes.whole_map import scene_of
from tests.support import inventory_of

BEFORE = """
lines_of_business: {cards: Cards}
data_sources: {core: {}, spare: {}}
platforms:
  letters: {name: Letter system}
  crm: {name: CRM, vendor: Acme}
communications:
  statement: {line_of_business: cards, needs: [core], routes: [{channel: letter, platforms: [letters]}]}
  notice: {line_of_business: cards, routes: [{channel: letter, platforms: [letters]}]}
flows:
  - {from: core, to: crm, via: none}
  - {from: spare, to: crm}
preferences: {paper: {}}
"""
AFTER = """
lines_of_business: {cards: Cards}
data_sources: {core: {}, spare: {}}
platforms:
  documents: {name: Document engine, renamed_from: [letters]}
  crm: {name: CRM, vendor: Other}
  pusher: {}
communications:
  statement: {line_of_business: cards, needs: [core], routes: [{channel: push, platforms: [pusher]}]}
flows:
  - {from: core, to: crm}
  - {from: spare, to: crm, via: none}
"""


def diff(before: str = BEFORE, after: str = AFTER) -> Scene:
    return scene_of_diff(compare(inventory_of(before), inventory_of(after)), as_of="2026-11-22")


def test_every_card_is_marked_once() -> None:
    marks = {node.id: node.mark for node in diff().nodes}
    assert marks == {
        "core": "unchanged", "spare": "unchanged", "documents": "changed", "crm": "changed", "pusher": "added",
        "statement": "changed", "notice": "removed", "letter": "removed", "push": "added",
    }  # fmt: skip


def test_a_changed_card_says_what_changed() -> None:
    by_id = {node.id: node for node in diff().nodes}
    assert by_id["crm"].sublabel == "vendor: Acme → Other"
    assert by_id["documents"].sublabel.startswith("renamed from letters")
    assert "routes" in by_id["statement"].sublabel
    assert "vendor: Acme → Other" in by_id["crm"].tooltip


def test_flows_are_marked_and_a_missing_flow_that_runs_is_added() -> None:
    marks = {(edge.source, edge.target, edge.kind): (edge.mark, edge.style) for edge in diff().edges}
    assert marks["core", "crm", "flow"] == ("added", "solid")
    assert marks["spare", "crm", "flow"] == ("removed", "solid")
    assert marks["core", "statement", "needs"] == ("unchanged", "solid")
    assert marks["pusher", "statement", "composes"] == ("added", "solid")
    assert marks["documents", "statement", "composes"] == ("removed", "solid")
    assert marks["notice", "letter", "channel"] == ("removed", "solid")


def test_the_title_counts_and_what_is_not_on_the_map_is_told() -> None:
    scene = diff()
    assert "2 added, 2 removed, 3 changed" in scene.subtitle
    assert "as of 2026-11-22" in scene.subtitle
    assert scene.notes == ("1 change not drawn in this view: 1 of preferences; `cxmap diff` lists them",)


def test_the_same_state_twice_has_no_marks_but_unchanged() -> None:
    scene = diff(BEFORE, BEFORE)
    assert {node.mark for node in scene.nodes} | {edge.mark for edge in scene.edges if edge.style != "missing"} == {
        "unchanged"
    }
    assert "elements: none changed" in scene.subtitle
    assert [edge.style for edge in scene.edges if edge.source == "core" and edge.target == "crm"] == ["missing"]


def test_both_ways_mirror_each_other() -> None:
    mirror = {"added": "removed", "removed": "added"}
    there, back = diff(), diff(AFTER, BEFORE)
    left = {node.id: mirror.get(node.mark, node.mark) for node in there.nodes if node.id != "documents"}
    right = {node.id: node.mark for node in back.nodes}
    assert {name: right[name] for name in left} == left


def test_a_state_with_the_union_reserved_stands_where_the_comparison_does() -> None:
    scene = diff()
    after = scene_of(inventory_of(AFTER))
    lined_up = replace(after, reserved=scene.nodes, columns=scene.columns, lanes=scene.lanes)
    place = layout_layers(scene).place()
    assert {name: (box.x, box.y) for name, box in layout_layers(lined_up).place().items()} == {
        node.id: (place[node.id].x, place[node.id].y) for node in after.nodes
    }
