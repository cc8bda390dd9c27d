"""The states along a roadmap, their names, and what is wrong with one."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from cx_map.errors import InventoryError, UsageError
from cx_map.load.loader import load
from cx_map.states.lineage import lineage_of
from cx_map.states.phases import phases_of, state_at, states, validate_roadmap
from tests.states.small import FIRM, firm, plain, roadmap_of
from tests.support import inventory_of

ROOT = Path(__file__).parents[2]
TWO = (
    "        - rename: {legacy: old}\n",
    "        - replace: {old: ccm}\n        - remove: grumble\n        - change: {to-cx: {on: [complaint]}}\n",
)


def test_states_are_the_current_one_and_one_a_phase():
    inventory = roadmap_of(*TWO)
    found = states(inventory)
    assert [state.state for state in found] == ["current", "p1", "p2"]
    assert found[0] is inventory
    assert ["legacy" in state.entities for state in found] == [True, False, False]
    assert ["old" in state.entities for state in found] == [False, True, False]
    assert states(inventory)[2] is found[2]
    assert lineage_of(found[2]).replaced == {"legacy": "ccm"}
    assert lineage_of(found[2]).since(lineage_of(found[1])).steps[0][0].before == "old"


def test_state_at_names():
    inventory = roadmap_of(*TWO)
    assert state_at(inventory, "current") is inventory
    assert state_at(inventory, "target") is state_at(inventory, "p2")
    with pytest.raises(UsageError, match="the roadmap has no phase 'p22'") as error:
        state_at(inventory, "p22")
    assert error.value.hint == "did you mean `p2`?"
    with pytest.raises(UsageError, match="no roadmap with phases"):
        state_at(firm(), "target")


def test_a_state_is_computed_no_further_than_asked():
    inventory = roadmap_of(TWO[0], "        - remove: nobody\n")
    assert state_at(inventory, "p1").state == "p1"
    with pytest.raises(InventoryError, match="nobody"):
        state_at(inventory, "p2")
    with pytest.raises(InventoryError, match="nobody"):
        states(inventory)


def test_an_empty_phase_changes_nothing():
    inventory = roadmap_of("        []\n")
    assert plain(state_at(inventory, "p1")) == plain(inventory)


def test_the_roadmap_stays_with_every_state_and_is_not_walked_again():
    inventory = roadmap_of("        - rename: {tidy-up: clean-up}\n")
    after = state_at(inventory, "p1")
    assert after.roadmap == inventory.roadmap
    assert phases_of(after) == ()


def test_initiatives_of_phases_follow_renames_and_removals():
    road = "roadmap: {phases: [{id: p1, initiatives: [tidy-up], changes: [{for: tidy-up, rename: {tidy-up: x}}]}, {id: p2, changes: [{remove: x}]}]}"
    inventory = inventory_of(FIRM + road)
    first, second = states(inventory)[1:]
    assert (first.roadmap.phases[0].initiatives, second.roadmap.phases[0].initiatives) == (("x",), ())


def test_a_dangling_reference_says_after_which_phase_and_why():
    inventory = roadmap_of("        - change: {ccm: {vendor: Acme}}\n", "        - remove: archive\n")
    problems = validate_roadmap(inventory)
    assert [one.code for one in problems] == ["CX003"]
    (problem,) = problems
    assert problem.message.startswith("after phase 'p2': no ")
    assert problem.message.endswith("has the id 'archive'")
    assert problem.location.line == inventory.place(inventory.entities["statement"], "archive").line
    assert problem.hint == "the phase takes it away: change what refers to it in the same phase"
    assert problem.related == (phases_of(inventory)[1].location,)


def test_a_wrong_reference_in_an_operator_is_shown_there():
    inventory = roadmap_of("        - change: {ccm: {needs: [archve]}}\n")
    (problem,) = validate_roadmap(inventory)
    assert problem.hint == "did you mean `archive`?"
    assert inventory.files[0].line(problem.location.line).strip() == "- change: {ccm: {needs: [archve]}}"


def test_references_are_judged_at_the_end_of_the_phase():
    inventory = roadmap_of("        - connect: {from: crm, to: hub}\n        - add: {platforms: {hub: {}}}\n")
    assert validate_roadmap(inventory) == []


def test_every_phase_is_checked_in_one_run_without_consequences():
    inventory = roadmap_of(
        "        - add: {platforms: {Hub: {}}}\n        - remove: nobody\n",
        "        - change: {Hub: {vendor: x}}\n        - rename: {legcy: y}\n        - disconnect: {from: nobody, to: crm}\n",
        "        - change: {y: {vendor: x}}\n        - remove: [grumble, noone]\n        - {fro: x}\n",
    )  # fmt: skip
    found = [(one.code, one.message.split("'")[1]) for one in validate_roadmap(inventory)]
    assert found == [("CX005", "Hub"), ("CX003", "nobody"), ("CX003", "legcy"), ("CX003", "noone"), ("CX002", "fro")]


@pytest.mark.parametrize(
    ("phases", "code", "words"),
    [
        ("[{id: a}, {id: a}]", "CX004", "a second phase 'a'"),
        ("[{id: target}]", "CX005", "'target' cannot be the id of a phase"),
        ("[{id: current}]", "CX005", "'current' cannot be the id of a phase"),
        ("[{id: Wave 1}]", "CX005", "'Wave 1' cannot be the id of a phase"),
        ("[{name: First}]", "CX005", "a phase needs an `id`"),
    ],
)
def test_phase_ids(phases, code, words):
    (problem,) = validate_roadmap(inventory_of(FIRM + f"roadmap: {{phases: {phases}}}\n"))
    assert (problem.code, words in problem.message) == (code, True)


def test_cutover():
    inventory = inventory_of(
        FIRM + "roadmap: {phases: [{id: a, cutover: {parallel: 4w}}, {id: b, cutover: 0d}, {id: c}]}\n"
    )
    assert [planned.parallel for planned in phases_of(inventory)] == [True, False, False]


def test_an_inventory_can_be_forgotten():
    inventory = roadmap_of(*TWO)
    last = states(inventory)[-1]
    seen = weakref.ref(inventory)
    del inventory
    gc.collect()
    assert seen() is None
    assert last.state == "p2"


@pytest.mark.parametrize("folder", ["examples/roadmap", "inventories/va-notifications"])
def test_roadmaps_of_this_repository_are_sound(folder, monkeypatch):
    monkeypatch.chdir(ROOT)
    inventory = load(folder)
    assert validate_roadmap(inventory) == []
    assert len(states(inventory)) == 1 + len(inventory.roadmap.phases) > 2
