"""What must hold of operators whatever the inventory."""

from __future__ import annotations

import json

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cx_map.errors import InventoryError
from cx_map.load.assemble import assemble
from cx_map.load.build import build
from cx_map.model.source import SourceFile
from cx_map.states.apply import with_changes
from cx_map.states.lineage import lineage_of
from tests.states.generated import PLATFORMS, RENAMES, REPLACEMENTS, documents, inventory_from, operators
from tests.states.small import as_yaml, plain

FEW = settings(max_examples=30, deadline=None)


def without_route_names(value):
    """A route keeps its name when its channel becomes another one that has a route already."""
    if isinstance(value, list):
        return [without_route_names(item) for item in value]
    return (
        {key: item for key, item in value.items() if key not in ("id", "fallback_for")}
        if isinstance(value, dict)
        else value
    )


def mentions(inventory, name):
    """Whether any reference or id of an inventory is this word: names of things and free texts left out."""
    raw = inventory.raw
    fields = [
        (key, value)
        for table in (raw.entities, raw.attributes)
        for one in table.values()
        for key, value in one.fields.items()
    ]
    fields += [(key, value) for one in [*raw.flows, *raw.overlaps] for key, value in one.fields.items()]
    text = json.dumps(
        [without_route_names(value) for key, value in fields if key not in ("name", "renamed_from", "via", "id")]
    )
    return name in raw.entities or f'"{name}"' in text or f'"preference.{name}"' in text


@FEW
@given(documents())
def test_no_operator_no_change(document):
    inventory = inventory_from(document)
    assert plain(with_changes(inventory, [])) == plain(inventory)


@FEW
@given(documents(), st.sampled_from(["platforms", "communications", "data_sources"]))
def test_add_then_remove_is_nothing(document, kind):
    inventory = inventory_from(document)
    both = [
        {"add": {kind: {"new": {"name": "New"}}, "flows": [{"from": "s1", "to": "new"}, {"from": "new", "to": "p1"}]}},
        {"remove": "new"},
    ]
    assert plain(with_changes(inventory, both)) == plain(inventory)


@FEW
@given(documents())
def test_connect_then_disconnect_is_nothing(document):
    inventory = inventory_from(document)
    flow = {"from": "s1", "to": "p1", "id": "fresh"}
    assume(not any((one.from_, one.to, one.via) == ("s1", "p1", "none") for one in inventory.flows))
    assert plain(with_changes(inventory, [{"connect": flow}, {"disconnect": flow}])) == plain(inventory)


@FEW
@given(documents(), RENAMES)
def test_rename_there_and_back_is_nothing(document, name):
    inventory = inventory_from(document)
    there = with_changes(inventory, [{"rename": {name: "elsewhere"}}])
    assert not mentions(there, name)
    assert there.entities["elsewhere"].renamed_from == (name,)
    back = with_changes(there, [{"rename": {"elsewhere": name}}])
    assert plain(back) == plain(inventory)
    assert lineage_of(back).renamed == {}


@FEW
@given(documents(), RENAMES)
def test_a_rename_says_the_same_as_the_inventory_written_with_the_new_id(document, name):
    there = with_changes(inventory_from(document), [{"rename": {name: "elsewhere"}}])

    def renamed(value, key=""):
        if isinstance(value, dict):
            return {("elsewhere" if one == name else one): renamed(item, one) for one, item in value.items()}
        if isinstance(value, list):
            return [renamed(item, key) for item in value]
        if key == "name":
            return value
        return (
            {name: "elsewhere", f"preference.{name}": "preference.elsewhere"}.get(value, value)
            if isinstance(value, str)
            else value
        )

    written = renamed(document)
    for kind in ("channels", "data_sources", "platforms", "preferences", "segments", "communications"):
        if "elsewhere" in written[kind]:
            written[kind]["elsewhere"]["renamed_from"] = [name]
    assert plain(there) == plain(inventory_from(written))


@FEW
@given(documents(), REPLACEMENTS)
def test_after_replace_and_merge_nothing_speaks_of_the_old_one(document, pair):
    old, new = pair
    inventory = inventory_from(document)
    replaced = with_changes(inventory, [{"replace": {old: new}}])
    merged = with_changes(inventory, [{"merge": {"into": new, "from": [old]}}])
    assert not mentions(replaced, old)
    assert plain(replaced) == plain(merged)
    assert (lineage_of(replaced).replaced, lineage_of(merged).merged) == ({old: new}, {old: new})
    for flow in replaced.flows:
        assert (flow.from_, flow.to) != (new, new) or any((one.from_, one.to) == (new, new) for one in inventory.flows)


@FEW
@given(documents(), st.lists(operators(), max_size=4), st.randoms(use_true_random=False))
def test_the_order_and_number_of_files_is_irrelevant(document, changes, random):
    inventory = inventory_from(document)
    files = []
    items = [
        (kind, name, fields)
        for kind, table in document.items()
        if isinstance(table, dict)
        for name, fields in table.items()
    ]
    items += [("flows", "", flow) for flow in document["flows"]]
    random.shuffle(items)
    for number, (kind, name, fields) in enumerate(items):
        text = as_yaml({"cxmap": 1, kind: [fields] if kind == "flows" else {name: fields}})
        files.append(SourceFile(f"{number}.cxmap.yaml", text.encode()))
    raw, problems, whole = assemble(tuple(files))
    scattered = build(raw, problems, whole=whole)
    assert plain(scattered) == plain(inventory)
    results = []
    for one in (inventory, scattered):
        try:
            results.append(plain(with_changes(one, changes)))
        except InventoryError as error:
            results.append(
                sorted(
                    (problem.code, problem.location.line)
                    for problem in error.problems
                    if problem.location.path == "<changes>"
                )
            )
    assert results[0] == results[1]


@FEW
@given(documents(), st.lists(operators(), max_size=5))
def test_reusing_entities_gives_what_building_anew_gives(document, changes):
    inventory = inventory_from(document)
    current = inventory
    for change in changes:
        try:
            current = with_changes(current, [change])
        except InventoryError:
            continue
    assert plain(current) == plain(build(current.raw))


@FEW
@given(documents(), st.sampled_from(PLATFORMS))
def test_one_change_of_several_is_several_changes(document, name):
    inventory = inventory_from(document)
    at_once = with_changes(
        inventory,
        [{"change": {name: {"vendor": "Acme", "site": "north", "capabilities": {"remove": [], "add": ["crm"]}}}}],
    )
    in_turn = with_changes(inventory, [{"change": {name: {"vendor": "Acme"}}}, {"change": {name: {"capabilities": {"add": "crm"}}}},
                                       {"change": {name: {"site": "north"}}}])  # fmt: skip
    assert plain(at_once) == plain(in_turn)
