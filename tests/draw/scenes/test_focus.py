"""A part of the map: what stays, what the note says, and that it claims nothing that is not so."""

from __future__ import annotations

import pytest

from cx_map.draw.layouts.web import layout_web
from cx_map.draw.scene import Scene
from cx_map.draw.scenes.focus import choices, focus
from cx_map.draw.scenes.whole_map import scene_of
from cx_map.errors import UsageError
from cx_map.graph.selectors import select
from cx_map.model.inventory import Inventory
from tests.support import inventory_of


def bank() -> Inventory:
    return inventory_of(
        """
        lines_of_business: {cards: Cards, loans: Loans}
        teams: {it: {}}
        data_sources: {core: {owner: it}, lake: {}}
        platforms: {engine: {}, other: {tags: [legacy]}}
        communications:
          statement: {line_of_business: cards, needs: [core], routes: [{channel: email, platforms: [engine]}]}
          offer: {line_of_business: loans, needs: [lake], routes: [{channel: sms, platforms: [other]}]}
        collection_points: {form: {channel: email, writes_to: [core]}}
        flows: [{from: core, to: engine}, {from: lake, to: engine, via: none}]
        """
    )


def part(*wanted: str, without: tuple[str, ...] = ()) -> Scene:
    inventory = bank()
    return focus(scene_of(inventory), inventory.entities, wanted, without)


def ids(scene: Scene) -> set[str]:
    return {node.id for node in scene.nodes}


def test_only_the_chosen_cards_and_the_flows_between_them_stay() -> None:
    scene = part("+statement")
    assert ids(scene) == {"core", "engine", "statement"}
    assert {(edge.source, edge.target) for edge in scene.edges} == {
        ("core", "engine"),
        ("core", "statement"),
        ("engine", "statement"),
    }
    assert [lane.id for lane in scene.lanes] == ["cards", "~shared"]
    assert [column.id for column in scene.columns] == ["data", "platforms", "communications"]
    assert scene.total == len(scene_of(bank()).nodes)


def test_the_note_says_what_was_chosen_and_what_leads_out() -> None:
    scene = part("kind:communications", without=("offer",))
    assert ids(scene) == {"statement"}
    assert scene.notes[0] == "chosen: kind:communications without offer; 3 of 10 flows lead out of the picture"


def test_missing_flows_are_not_followed_and_feedback_only_first() -> None:
    assert "engine" not in ids(part("lake+"))
    assert ids(part("form+1")) == {"form", "core"}


def test_fields_lanes_and_severities_can_be_selected() -> None:
    inventory = bank()
    over = choices(scene_of(inventory), inventory.entities, {"engine": {"major", "minor"}})
    assert select(["severity:major"], over) == {"engine"}
    assert select(["owner:it"], over) == {"core"}
    assert select(["tag:legacy"], over) == {"other"}
    assert select(["line_of_business:loans"], over) == {"offer"}


def test_nothing_left_is_an_error() -> None:
    with pytest.raises(UsageError, match="nothing on the map is left"):
        part("core", without=("owner:it",))


def test_without_the_channels_nothing_faces_the_customer() -> None:
    inventory = bank()
    scene = focus(scene_of(inventory), inventory.entities, ["statement", "engine"])
    assert layout_web(scene).spokes == ()
