"""The middle of a phase: everything old gone and nothing new there, or both side by side."""

from __future__ import annotations

import pytest

from cx_map.model.chapter_map import Communication
from cx_map.model.inventory import Inventory
from cx_map.states.cutover import in_between
from cx_map.states.phases import phases_of, states
from tests.support import inventory_of

FIRM = """
platforms: {old: {}, new: {}, gone: {status: retired}}
data_sources: {store: {}}
communications: {note: {routes: [{channel: letter, platforms: [old]}]}}
flows: [{from: old, to: store, via: file}, {from: new, to: store, via: api, id: one}]
roadmap:
  phases: [{id: p, %schanges: %s}]
"""


def middle(changes: str, cutover: str = "") -> Inventory | None:
    inventory = inventory_of(FIRM % (cutover, changes))
    assert len(states(inventory)) == 2, "the phase itself is sound"
    return in_between(inventory, phases_of(inventory)[0])


def statuses(inventory: Inventory | None) -> dict[str, str | None]:
    assert inventory is not None
    return {name: inventory.entities[name].status for name in sorted(inventory.raw.entities) if name != "note"}


REST: dict[str, str | None] = {"gone": "retired", "new": None, "old": None, "store": None}


@pytest.mark.parametrize(
    "changes",
    [
        "[{add: {platforms: {newer: {}}}}, {change: {note: {routes: [{channel: letter, platforms: [newer]}]}}}, {remove: [old]}]",
        "[{add: {platforms: {newer: {}}}}, {replace: {old: newer}}]",
        "[{add: {platforms: {newer: {}}}}, {merge: {into: newer, from: [old]}}]",
        "[{change: {old: {status: retired}}}]",
        "[{replace: {old: gone}}]",
    ],
)
def test_what_goes_has_gone_before_anything_new_is_there(changes: str) -> None:
    found = middle(changes)
    assert statuses(found) == {**REST, "old": "retired"}
    assert found is not None
    assert len(found.flows) == 2


@pytest.mark.parametrize("changes", ["[{replace: {old: new}}]", "[{merge: {into: new, from: [old]}}]"])
def test_what_is_there_already_takes_over_in_one_step(changes: str) -> None:
    found = middle(changes)
    assert statuses(found) == {name: status for name, status in REST.items() if name != "old"}
    assert found is not None
    note = found.find("note", Communication)
    assert note is not None
    assert [hop.any_of for route in note.routes or () for hop in route.platforms or ()] == [("new",)]


def test_flows_go_too_unless_they_are_put_back_in_another_form() -> None:
    cut = middle("[{disconnect: {from: new, to: store, id: one}}]")
    assert cut is not None
    assert [(flow.from_, flow.to) for flow in cut.flows] == [("old", "store")]
    back = (
        "[{disconnect: {from: new, to: store}}, {connect: {from: new, to: store, via: stream}}, {remove: [note, old]}]"
    )
    kept = middle(back)
    assert kept is not None
    assert len(kept.flows) == 2
    assert statuses(kept)["old"] == "retired"


def test_of_several_flows_of_a_pair_the_named_one_goes() -> None:
    second = "{connect: {from: old, to: store, via: api, id: two}}, {disconnect: {from: new, to: store, id: one}}"
    inventory = inventory_of(
        FIRM.replace("id: one}]", "id: one}, {from: new, to: store, via: file, id: other}]") % ("", f"[{second}]")
    )
    found = in_between(inventory, phases_of(inventory)[0])
    assert found is not None
    assert [(flow.from_, flow.id) for flow in found.flows] == [("new", "other"), ("old", "")]


def test_an_entity_that_is_made_anew_does_not_go() -> None:
    assert middle("[{remove: [note]}, {add: {communications: {note: {channels: [email]}}}}]") is None


def test_side_by_side_the_new_is_there_and_the_old_still_is() -> None:
    found = middle("[{add: {platforms: {newer: {}}}}, {remove: [old, note]}]", "cutover: {parallel: 4w}, ")
    assert statuses(found) == {**REST, "newer": None}


@pytest.mark.parametrize("cutover", ["", "cutover: {parallel: 4w}, "])
def test_where_nothing_goes_there_is_no_middle(cutover: str) -> None:
    assert middle("[{add: {platforms: {newer: {}}}}]", cutover) is None
