"""The document ``cxmap.diff/1``."""

from __future__ import annotations

import json

from cx_map.compare.capabilities import Capabilities, Gain
from cx_map.compare.changes import CHANGE_KINDS, compare
from cx_map.compare.json_form import to_json
from cx_map.compare.levels import COSMETIC, LEVELS, RELIED_ON
from cx_map.model.fields import fields_of
from cx_map.model.kinds import KINDS
from tests.states.small import after, firm


def document():
    base = firm()
    new = after(
        {"add": {"platforms": {"hub": {"owner": "it-team"}}}},
        {"replace": {"legacy": "hub"}},
        {"change": {"ccm": {"name": "X"}}},
        base=base,
    )
    return base, new


def test_the_contract():
    base, new = document()
    got = to_json(compare(base, new), before_paths=["bank"], after_paths=["bank@p1"], findings={"solved": ["f"]})
    assert json.loads(json.dumps(got)) == got
    assert list(got)[:7] == ["schema", "from", "to", "changes", "flows", "capabilities", "findings"]
    assert (got["schema"], got["from"]["paths"], got["to"]["state"]) == ("cxmap.diff/1", ["bank"], "current")
    assert {"change": "changed", "kind": "platforms", "id": "ccm", "from_ids": [], "level": "cosmetic",
            "fields": [{"field": "name", "before": None, "after": "X"}]} in got["changes"]  # fmt: skip
    assert {tuple(sorted(one)) for one in got["changes"]} == {("change", "fields", "from_ids", "id", "kind", "level")}
    assert {one["change"] for one in got["changes"]} <= set(CHANGE_KINDS)
    assert {one["level"] for one in got["changes"]} <= set(LEVELS)
    assert {"from": "crm", "to": "hub", "carries": ["contact.email"], "via": "batch", "level": "notable"} in got[
        "flows"
    ]["added"]
    assert got["findings"] == {"solved": ["f"], "introduced": [], "worse": [], "better": [], "unchanged": 0}
    assert got["summary"]["replaced"] == 1
    assert sum(got["summary"][kind] for kind in CHANGE_KINDS) == len(got["changes"])
    assert sum(got["summary"][level] for level in LEVELS) == len(got["changes"]) + sum(map(len, got["flows"].values()))


def test_capabilities_that_nobody_computed_are_null():
    base, new = document()
    changes = compare(base, new)
    assert to_json(changes)["capabilities"]["loops"] is None
    filled = Capabilities(changes.capabilities.channels, loops=(Gain("grumble", ("inner",), ()),), pools=())
    got = to_json(changes, capabilities=filled)["capabilities"]
    assert (got["loops"], got["pools"], got["preferences"]) == (
        [{"id": "grumble", "gained": ["inner"], "lost": []}],
        [],
        None,
    )


def test_same_input_same_bytes():
    assert json.dumps(to_json(compare(*document()))) == json.dumps(to_json(compare(*document())))


def test_the_tables_of_levels_name_fields_that_exist():
    for kind, fields in RELIED_ON.items():
        assert fields <= fields_of(KINDS[kind]).keys(), kind
    known = set().union(*(fields_of(cls) for cls in KINDS.values()))
    assert known >= COSMETIC
    assert not any(COSMETIC & fields for fields in RELIED_ON.values())
