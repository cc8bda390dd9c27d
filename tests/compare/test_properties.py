"""What must hold of every comparison."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.compare.changes import compare
from cx_map.errors import InventoryError
from cx_map.states.apply import with_changes
from tests.states.generated import RENAMES, documents, inventory_from, operators
from tests.states.small import plain

FEW = settings(max_examples=30, deadline=None)
MIRROR = {"added": "removed", "removed": "added", "merged": "split", "split": "merged"}


def steps(inventory, changes):
    """The inventory after those operators that fit, one after the other."""
    for change in changes:
        try:
            inventory = with_changes(inventory, [change])
        except InventoryError:
            continue
    return inventory


def pairs(changes, *, mirrored=False):
    """Every entity change as one or several (kind of change, earlier id, later id, differing fields)."""
    found = []
    for one in changes.entities:
        sources = one.from_ids or ((one.id,) if one.change == "changed" else ("",))
        for source in sources:
            later = "" if one.change == "removed" else one.id
            earlier = one.id if one.change == "removed" else source
            fields = Counter((field.field.split("[")[0], str(field.after if mirrored else field.before), str(field.before if mirrored else field.after))
                             for field in one.fields if "[" not in field.field)  # fmt: skip
            how = MIRROR.get(one.change, one.change) if mirrored else one.change
            found.append((how, *((later, earlier) if mirrored else (earlier, later)), tuple(sorted(fields.items()))))
    return sorted(found)


@FEW
@given(documents())
def test_nothing_differs_from_itself(document):
    changes = compare(inventory_from(document), inventory_from(document))
    assert changes.empty
    assert changes.capabilities.empty
    assert changes.suggestions == ()


@FEW
@given(documents(), st.lists(operators(), max_size=4))
def test_what_is_empty_says_the_same_and_what_is_not_does_not(document, changes):
    inventory = inventory_from(document)
    later = steps(inventory, changes)
    found = compare(inventory, later)
    if plain(inventory) == plain(later):
        assert found.empty
    if found.empty:
        assert inventory.entities.keys() == later.entities.keys()


@FEW
@given(documents(), st.lists(operators(), max_size=4), st.lists(operators(), max_size=2))
def test_the_other_way_round_is_the_mirror_image(document, first, then):
    one = steps(inventory_from(document), first)
    other = steps(one, then)
    for left, right in ((one, other), (inventory_from(document), inventory_from({**document, "flows": []}))):
        forward, backward = compare(left, right), compare(right, left)
        assert pairs(forward) == pairs(backward, mirrored=True)
        turn = {"added": "removed", "removed": "added", "changed": "changed"}
        there = sorted((turn[flow.change], *flow.ends[2:]) for flow in forward.flows)
        assert there == sorted((flow.change, *flow.ends[2:]) for flow in backward.flows)
        assert [len(gain.gained) for gain in forward.capabilities.channels if gain.gained] == [
            len(gain.lost) for gain in backward.capabilities.channels if gain.lost
        ]


@FEW
@given(documents(), RENAMES)
def test_a_rename_is_exactly_one_change(document, name):
    inventory = inventory_from(document)
    renamed = with_changes(inventory, [{"rename": {name: "elsewhere"}}])
    for left, right, before, after in (
        (inventory, renamed, name, "elsewhere"),
        (renamed, inventory, "elsewhere", name),
    ):
        changes = compare(left, right)
        assert [(one.change, one.id, one.from_ids, one.fields, one.level) for one in changes.entities] == [
            ("renamed", after, (before,), (), "cosmetic")
        ]
        assert changes.flows == ()
        assert changes.capabilities.empty


@FEW
@given(documents(), st.lists(operators(), min_size=1, max_size=4))
def test_every_id_is_accounted_for(document, changes):
    inventory = inventory_from(document)
    later = steps(inventory, changes)
    found = compare(inventory, later)
    gone = {one.id for one in found.entities if one.change == "removed"} | {
        name for one in found.entities for name in one.from_ids
    }
    come = {one.id for one in found.entities if one.change not in ("removed", "changed")}
    assert inventory.entities.keys() - later.entities.keys() <= gone
    assert later.entities.keys() - inventory.entities.keys() <= come
