"""Applying a phase converts what the phase changes, and no more."""

from __future__ import annotations

import cx_map.load.build as build_module
from cx_map.load.convert import convert
from cx_map.states.phases import states
from tests.states.small import after, as_yaml, firm
from tests.support import inventory_of

SIZE = 1000


def large():
    phases = [
        {
            "id": "p1",
            "changes": [{"add": {"platforms": {"hub": {}}}}, {"connect": {"from": "crm", "to": "hub", "via": "api"}}],
        },
        {"id": "p2", "changes": [{"change": {"c1": {"volume": 5}, "c2": {"needs": {"add": ["hub"]}}}}]},
        {"id": "p3", "changes": [{"rename": {"pool-platform": "p-two"}}]},
        {"id": "p4", "changes": [{"remove": ["c3"]}]},
        {"id": "p5", "changes": [{"replace": {"p-two": "hub"}}]},
        {"id": "p6", "changes": [{"disconnect": {"from": "crm", "to": "hub"}}]},
    ]
    platforms = {"ccm": {}, "pool-platform": {}}
    communications = {
        f"c{number}": {"name": f"Letter {number}", "purpose": "servicing", "volume": "100/day", "needs": ["crm"],
                       "routes": [{"channel": "letter", "platforms": ["pool-platform" if number < 5 else "ccm"]}]}
        for number in range(SIZE)
    }  # fmt: skip
    return inventory_of(
        as_yaml(
            {
                "platforms": platforms,
                "data_sources": {"crm": {}},
                "communications": communications,
                "roadmap": {"phases": phases},
            }
        )
    )


def test_six_phases_over_a_thousand_entities_convert_only_what_changes(monkeypatch):
    inventory = large()
    converted = []

    def counting(raw, cls, context):
        converted.append(raw.id)
        return convert(raw, cls, context)

    monkeypatch.setattr(build_module, "convert", counting)
    found = states(inventory)
    assert len(found) == 7
    converted = [name for name in converted if name != "roadmap"]
    # p1: hub and its flow; p2: two; p3: the platform and five letters; p4: nothing; p5: four or five letters; p6: nothing
    assert len(converted) <= 2 + 2 + 6 + 0 + 6 + 1, converted
    assert found[6].entities["c900"] is inventory.entities["c900"]
    assert found[6].entities["c1"] is not inventory.entities["c1"]


def test_a_lent_entity_is_read_again_where_its_reference_is_gone_or_of_another_kind():
    kinds = after({"add": {"teams": {"vault": {}}}}, {"change": {"statement": {"archive": "crm"}}}, {"remove": "archive"},
                  {"change": {"tidy-up": {"touches": ["statement"]}, "esp": {"needs": ["crm"]}, "welcome": {"platforms": ["ccm"]}}},
                  {"change": {"statement": {"routes": [{"channel": "email", "platforms": ["ccm"]}]}}}, {"remove": "legacy"})  # fmt: skip
    base = firm()
    assert kinds.entities["statement"].archive == "crm"
    assert after({"change": {"ccm": {"vendor": "x"}}}, base=base).entities["esp"] is base.entities["esp"]


def test_the_currency_decides_what_is_lent():
    base = after({"change": {"ccm": {"cost_per_year": 100}}})
    assert base.entities["ccm"].cost_per_year.currency == "EUR"
    got = after({"change": {"organization": {"currency": "GBP"}}}, base=base)
    assert got.entities["ccm"].cost_per_year.currency == "GBP"


def test_amounts_are_compared_with_those_of_lent_entities():
    from tests.states.small import refused

    base = inventory_of("platforms: {a: {cost_per_year: 5 EUR}, b: {}}")
    problems = refused({"change": {"b": {"cost_per_year": "5 GBP"}}}, base=base)
    assert len(problems) == 1
    assert "GBP" in problems[0].message
    assert after({"change": {"b": {"cost_per_year": "5 EUR"}}}, base=base).entities["b"].cost_per_year.currency == "EUR"


def test_refined_channels_are_lent_too():
    base = after({"add": {"channels": {"sms": {"capacity": "10/s"}}}})
    got = after({"rename": {"legacy": "old"}}, base=base)
    assert got.entities["sms"] is base.entities["sms"]
