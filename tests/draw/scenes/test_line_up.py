"""States that line up: an entity at one point on the maps of all of them, in both views."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cx_map.compare.changes import compare
from cx_map.draw.geometry import Layout
from cx_map.draw.layouts.layers import layout_layers, suggest_folds
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.scene import Scene
from cx_map.draw.scenes.difference import scene_of_diff
from cx_map.draw.scenes.line_up import line_up
from cx_map.draw.scenes.whole_map import scene_of
from cx_map.model.inventory import Inventory
from tests.support import inventory_of


def firm(letters: int, loans: bool) -> Inventory:
    lines = ["lines_of_business: {cards: {}, loans: {}, retail: {}}", "platforms: {engine: {}}", "communications:"]
    lines += [
        f"  letter-{i:02d}: {{line_of_business: {('cards', 'retail')[i % 2]}, routes: [{{channel: email, platforms: [engine]}}]}}"
        for i in range(letters)
    ]
    if loans:
        lines.append("  a-loan: {line_of_business: loans, routes: [{channel: sms, platforms: [engine]}]}")
        lines.append("collection_points: {form: {channel: web}}")
    return inventory_of("\n".join(lines) + "\n")


def places(layout: Layout, scene: Scene) -> dict[str, tuple[float, float]]:
    at = layout.place()
    return {node.id: at[node.id].centre for node in scene.nodes}


@pytest.mark.parametrize("lay_out", [layout_layers, layout_web])
def test_every_entity_stands_at_one_point(lay_out: Callable[[Scene], Layout]) -> None:
    now, later = firm(30, loans=False), firm(24, loans=True)
    alone = [scene_of(now), scene_of(later)]
    scenes = line_up([*alone, scene_of_diff(compare(now, later))])
    layouts = [lay_out(scene) for scene in scenes]
    found = [places(layout, scene) for layout, scene in zip(layouts, scenes, strict=True)]
    both = set(found[0]) & set(found[1])
    assert len(both) == 26
    assert all(found[0][one] == pytest.approx(found[1][one]) for one in both)
    assert {**found[0], **found[1]} == {one: pytest.approx(place) for one, place in found[2].items()}
    assert {(layout.width, tuple(frame.box for frame in layout.frames)) for layout in layouts[:1]} == {
        (layouts[2].width, tuple(frame.box for frame in layouts[2].frames))
    }
    apart = [places(lay_out(suggest_folds(scene)), scene) for scene in alone]
    assert any(apart[0][one] != pytest.approx(apart[1][one]) for one in both)


def test_only_what_a_state_has_is_drawn_and_its_own_names_stay() -> None:
    now, later = line_up([scene_of(firm(3, loans=False)), scene_of(firm(2, loans=True))])
    assert {card.node.id for card in layout_layers(now).cards} == {
        "engine",
        "email",
        "letter-00",
        "letter-01",
        "letter-02",
    }
    assert (
        [lane.id for lane in now.lanes] == [lane.id for lane in later.lanes] == ["cards", "~shared", "loans", "retail"]
    )
    assert [column.id for column in now.columns] == ["platforms", "communications", "channels", "collection"]
    assert line_up([]) == ()
