"""What each operator does, on a small firm."""

from __future__ import annotations

import pytest

from cx_map.errors import InventoryError
from cx_map.model.chapter_map import Channel, Communication, DataSource, Platform
from cx_map.model.chapter_service import RoutingRule
from cx_map.states.apply import apply
from cx_map.states.lineage import lineage_of
from cx_map.states.parsing import Parser
from cx_map.states.plain import as_document
from tests.states.small import after, firm, plain, refused


def ends(inventory):
    return [(flow.from_, flow.to, flow.id, flow.via) for flow in inventory.flows]


def hops(inventory, name):
    return [[hop.any_of for hop in route.platforms or ()] for route in inventory.entities[name].routes]


def test_add_puts_entities_flows_and_overlaps_beside_the_others():
    got = after(
        {"add": {"platforms": {"hub": {"needs": ["crm"]}}, "flows": [{"from": "crm", "to": "hub", "via": "event"}]}}
    )
    assert got.entities["hub"].needs[0].any_of == ("crm",)
    assert ("crm", "hub", "", "event") in ends(got)
    assert got.size == firm().size + 1


def test_add_refines_a_shipped_channel():
    assert after({"add": {"channels": {"sms": {"capacity": "10/s"}}}}).entities["sms"].kind_ == "sms"


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"add": {"platforms": {"crm": {}}}}, "CX004", "the id 'crm' is already there, as one of data_sources"),
        ({"add": {"flows": [{"from": "crm", "to": "ccm"}]}}, "CX004", "a flow from 'crm' to 'ccm' is already there"),
        ({"connect": {"from": "crm", "to": "ccm"}}, "CX004", "a flow from 'crm' to 'ccm' is already there"),
        ({"add": {"overlaps": [{"between": ["cards", "loans"]}]}}, "CX004", "an overlap of these two"),
        ({"add": {"organization": {"name": "Another"}}}, "CX004", "an organization is already there"),
        ({"change": {"cmc": {"vendor": "Acme"}}}, "CX003", "nothing has the id 'cmc' here"),
        ({"change": {"ccm": {"vendor": None}}}, "CX003", "'ccm' has no `vendor` to unset"),
        ({"change": {"ccm": {"vendr": None}}}, "CX002", "a platform has no field 'vendr'"),
        ({"change": {"ccm": {"vendr": "Acme"}}}, "CX002", "a platform has no field 'vendr'"),
        ({"change": {"ccm": {"capabilities": {"add": "print"}}}}, "CX004", "`capabilities` of 'ccm' already has 'print'"),
        ({"change": {"ccm": {"capabilities": {"remove": "prnt"}}}}, "CX003", "`capabilities` of 'ccm' has no 'prnt' to remove"),
        ({"remove": ["crn"]}, "CX003", "nothing has the id 'crn' here"),
        ({"remove": ["email"]}, "CX005", "'email' is shipped with cxmap and cannot be removed"),
        ({"remove": "organization"}, "CX005", "the organization stays"),
        ({"replace": {"legacy": "nobody"}}, "CX003", "nothing has the id 'nobody' here"),
        ({"replace": {"nobody": "ccm"}}, "CX003", "nothing has the id 'nobody' here"),
        ({"merge": {"into": "ccm", "from": ["legcy"]}}, "CX003", "nothing has the id 'legcy' here"),
        ({"rename": {"legacy": "ccm"}}, "CX004", "the id 'ccm' is already there"),
        ({"rename": {"legacy": "sms"}}, "CX004", "the id 'sms' is already there"),
        ({"rename": {"sms": "texts"}}, "CX005", "'sms' is shipped with cxmap and keeps its id"),
        ({"disconnect": {"from": "ccm", "to": "crm"}}, "CX003", "no flow leads from 'ccm' to 'crm'"),
        ({"disconnect": {"from": "esp", "to": "crm"}}, "CX003", "no flow leads from 'esp' to 'crm'"),
        ({"disconnect": {"from": "crm", "to": "ccm", "id": "x"}}, "CX003", "no flow from 'crm' to 'ccm' has the id 'x'"),
        ({"for": "tidyup", "remove": "grumble"}, "CX003", "no initiative has the id 'tidyup'"),
        ({"for": "crm", "remove": "grumble"}, "CX003", "'crm' is a data source; `for` names an initiative"),
    ],
)  # fmt: skip
def test_what_is_absent_or_already_present_is_refused_at_the_operator(change, code, words):
    problems = refused(change)
    first = [problem for problem in problems if words in problem.message]
    assert [problem.code for problem in first] == [code], problems
    assert (first[0].location.path, first[0].location.line) == ("<changes>", 1)


def test_did_you_mean():
    (problem,) = refused({"remove": ["archve"]})
    assert problem.hint == "did you mean `archive`?"
    (problem,) = refused({"disconnect": {"from": "ccm", "to": "crm"}})
    assert problem.hint == "there is one from 'crm' to 'ccm'"


def test_change_merges_fields_and_null_unsets_one():
    got = after({"change": {"statement": {"name": None, "volume": "10/day", "segments": []}}}).entities["statement"]
    assert (got.name, got.volume.written, got.segments) == (None, "10/day", ())
    assert got.purpose == "regulatory"


def test_change_replaces_a_list_or_edits_it():
    assert after({"change": {"ccm": {"capabilities": ["archive"]}}}).entities["ccm"].capabilities == ("archive",)
    edited = after({"change": {"ccm": {"capabilities": {"add": ["archive"], "remove": "print"}}}})
    assert edited.entities["ccm"].capabilities == ("compose", "archive")


def test_records_are_removed_by_what_names_them():
    crm = after(
        {
            "change": {
                "crm": {"holds": {"remove": "preference.paperless", "add": {"attribute": "x.y", "mastery": "copy"}}}
            }
        }
    )
    assert [held.attribute for held in crm.entities["crm"].holds] == ["contact.email", "x.y"]
    routes = after({"change": {"statement": {"routes": {"remove": ["spare"]}}}}).entities["statement"].routes
    assert [route.channel for route in routes] == ["letter", "email"]
    by_field = after({"change": {"crm": {"holds": {"remove": {"mastery": "master"}}}}})
    assert [held.attribute for held in by_field.entities["crm"].holds] == ["contact.email"]


def test_editing_routes_starts_from_their_short_form():
    got = after({"change": {"welcome": {"routes": {"add": {"channel": "sms", "platforms": ["esp"]}}}}})
    assert [route.channel for route in got.entities["welcome"].routes] == ["email", "letter", "sms"]
    assert got.entities["welcome"].channels is None
    assert hops(got, "welcome")[0] == [("legacy",), ("esp",)]
    new = after({"change": {"welcome": {"routes": [{"channel": "sms"}]}}}).entities["welcome"]
    assert ([route.channel for route in new.routes], new.platforms) == (["sms"], None)


def test_change_of_a_shipped_channel_and_of_the_organization():
    got = after({"change": {"sms": {"status": "retired"}, "organization": {"languages": ["en"]}}})
    assert not got.entities["sms"].usable
    assert got.organization.languages == ("en",)
    assert got.organization.currency == "EUR"


def test_remove_takes_the_flows_and_overlaps_along():
    got = after(
        {"change": {"statement": {"routes": {"remove": "letter"}}}},
        {"change": {"statement": {"routes": [{"channel": "email", "platforms": ["ccm"]}]}}},
        {"change": {"welcome": {"platforms": ["esp"]}}},
        {"change": {"esp": {"needs": ["crm"]}}},
        {"change": {"tidy-up": {"touches": []}}},
        {"remove": ["legacy", "loans"]},
    )
    assert "legacy" not in got.entities
    assert [end[:2] for end in ends(got)] == [("crm", "ccm"), ("esp", "crm")]
    assert got.overlaps == ()


def test_a_reference_left_behind_is_an_error_where_it_stands():
    problems = refused({"remove": "legacy"})
    assert {problem.code for problem in problems} == {"CX003"}
    assert {problem.location.path for problem in problems} == {"file1.cxmap.yaml"}
    assert all(problem.message.startswith("after these changes: ") for problem in problems)
    assert len(problems) == 4  # a route, the short form, an alternative, an initiative


def test_replace_moves_references_and_flows_and_nothing_else():
    got = after({"replace": {"legacy": "ccm"}})
    assert "legacy" not in got.entities
    assert hops(got, "statement") == [[("ccm",)], [("ccm",), ("esp",)], [("ccm",)]]
    assert [hop.any_of for hop in got.entities["welcome"].platforms] == [("ccm",), ("esp",)]
    assert got.entities["esp"].needs[0].any_of == ("crm", "ccm")
    assert got.entities["tidy-up"].touches == ("ccm", "statement")
    assert str(got.entities["statement"].name) == "legacy"
    assert str(got.entities["welcome"].notes) == "legacy stays a word"
    assert got.entities["to-cx"].when["topic"] == ("legacy",)
    # crm-legacy differs from crm-ccm and is told apart, legacy-ccm would lead to itself
    assert ends(got) == [
        ("ccm", "archive", "", "file"),
        ("crm", "ccm", "", "api"),
        ("crm", "ccm", "flow-2", "batch"),
        ("esp", "crm", "", "none"),
    ]
    assert lineage_of(got).replaced == {"legacy": "ccm"}


def test_flows_that_become_the_same_are_one():
    got = after({"disconnect": {"from": "crm", "to": "legacy"}}, {"connect": {"from": "crm", "to": "legacy", "carries": "contact.email", "via": "api"}},
                {"replace": {"legacy": "ccm"}})  # fmt: skip
    assert [end for end in ends(got) if end[:2] == ("crm", "ccm")] == [("crm", "ccm", "", "api")]


def test_what_would_refer_to_itself_goes():
    got = after(
        {"change": {"ccm": {"needs": ["legacy", "crm"], "events_to": "legacy"}}}, {"replace": {"legacy": "ccm"}}
    )
    assert [need.any_of for need in got.entities["ccm"].needs] == [("crm",)]
    assert got.entities["ccm"].events_to is None
    inner = after({"replace": {"legacy": "esp"}}).entities["esp"]
    assert inner.needs == ()


def test_a_channel_takes_its_route_names_fallbacks_and_mapping_keys_along():
    got = after({"replace": {"old-app": "new-app"}})
    assert [(route.channel, route.fallback_for) for route in got.entities["alert"].routes] == [
        ("new-app", None),
        ("email", "new-app"),
    ]
    assert list(got.entities["all"].reachable_by) == ["email", "letter", "new-app"]
    assert list(got.entities["all"].preferred) == ["new-app"]
    same = after({"replace": {"old-app": "email"}})
    assert [(route.channel, route.fallback_for) for route in same.entities["alert"].routes] == [("email", None)]
    assert same.entities["all"].reachable_by["email"].value == 0.8  # what is said of the surviving id wins


def test_routes_that_become_the_same_join_their_shares():
    base = after({"change": {"statement": {"routes": [
        {"channel": "old-app", "platforms": ["ccm"], "share": 0.25}, {"channel": "email", "platforms": ["ccm"], "share": "35%"},
        {"channel": "letter", "platforms": ["legacy"], "share": 0.4}]}}})  # fmt: skip
    routes = after({"replace": {"old-app": "email"}}, base=base).entities["statement"].routes
    assert [(route.channel, route.id, route.share.value) for route in routes] == [
        ("email", None, 0.6),
        ("letter", None, 0.4),
    ]


def test_a_route_keeps_its_name_where_the_new_one_is_taken():
    base = after({"change": {"alert": {"routes": [{"channel": "old-app", "platforms": ["esp"]}, {"channel": "email", "platforms": ["ccm"]},
                                                  {"channel": "sms", "platforms": ["esp"], "fallback_for": "old-app"}]}}})  # fmt: skip
    routes = after({"replace": {"old-app": "email"}}, base=base).entities["alert"].routes
    assert [(route.id, route.channel, route.fallback_for) for route in routes] == [
        ("old-app", "email", None), (None, "email", None), (None, "sms", "old-app"),
    ]  # fmt: skip


def test_merge():
    got = after({"merge": {"into": "ccm", "from": ["legacy", "esp"]}})
    assert got.find("esp", Platform) is None
    assert [hop.any_of for hop in got.entities["welcome"].platforms] == [("ccm",)]
    assert hops(got, "statement") == [[("ccm",)], [("ccm",)], [("ccm",)]]
    assert lineage_of(got).merged == {"legacy": "ccm", "esp": "ccm"}


def test_rename_rewrites_every_reference_and_remembers_the_old_id():
    got = after({"rename": {"legacy": "old-letters", "paperless": "no-paper", "grumble": "moan", "cx-team": "care"}})
    assert got.entities["old-letters"].renamed_from == ("legacy",)
    assert hops(got, "statement")[0] == [("old-letters",)]
    assert got.entities["ccm"].enforces == ("no-paper",)
    assert [held.attribute for held in got.entities["crm"].holds] == ["contact.email", "preference.no-paper"]
    assert [ask.attribute for ask in got.entities["portal-form"].asks] == ["contact.email", "preference.no-paper"]
    assert got.entities["to-cx"].on == ("moan", "complaint")
    assert got.entities["to-cx"].to == "care"
    assert got.entities["tidy-up"].sponsor == "care"
    assert ("crm", "old-letters", "", "batch") in ends(got)
    assert str(got.entities["statement"].name) == "legacy"
    assert lineage_of(got).renamed == {
        "legacy": "old-letters",
        "paperless": "no-paper",
        "grumble": "moan",
        "cx-team": "care",
    }


def test_rename_can_swap():
    got = after({"rename": {"cx-team": "it-team", "it-team": "cx-team"}})
    assert (got.entities["cx-team"].functions, got.entities["it-team"].functions) == (("it",), ("cx",))
    assert got.entities["to-cx"].to == "it-team"
    assert lineage_of(got).renamed == {"cx-team": "it-team", "it-team": "cx-team"}


def test_a_word_of_another_kind_is_not_a_reference():
    got = after({"add": {"signals": {"web": {}}}}, {"add": {"teams": {"all-hands": {}}}}, {"rename": {"all-hands": "everyone"}},
                {"change": {"to-cx": {"on": {"add": ["it-team"]}}}}, {"rename": {"it-team": "tech"}})  # fmt: skip
    assert got.find("to-cx", RoutingRule).on == ("grumble", "complaint", "it-team")


def test_attributes_are_renamed_with_those_below_them():
    base = after({"add": {"attributes": {"home": {}, "home.city": {"parent": "home"}, "homely": {}}}},
                 {"change": {"crm": {"holds": ["home.city", "home.street", "homely"]}}})  # fmt: skip
    got = after({"rename": {"home": "address"}}, base=base)
    assert sorted(got.attributes) == ["address", "address.city", "homely"]
    assert got.attributes["address.city"].parent == "address"
    assert [held.attribute for held in got.entities["crm"].holds] == ["address.city", "address.street", "homely"]


def test_connect_takes_the_place_of_a_flow_known_not_to_exist():
    got = after({"connect": {"from": "esp", "to": "crm", "via": "event", "id": "bounces"}})
    assert [end for end in ends(got) if end[0] == "esp"] == [("esp", "crm", "bounces", "event")]


def test_flows_of_a_pair_are_told_apart_by_id():
    two = after({"connect": {"id": "nightly", "from": "crm", "to": "ccm", "via": "batch"}})
    assert [end[2] for end in ends(two) if end[:2] == ("crm", "ccm")] == ["", "nightly"]
    one = after({"disconnect": {"from": "crm", "to": "ccm"}}, base=two)
    assert [end[2] for end in ends(one) if end[:2] == ("crm", "ccm")] == ["nightly"]
    none = after({"disconnect": {"from": "crm", "to": "ccm"}}, base=one)  # the only one needs no id
    assert not [end for end in ends(none) if end[:2] == ("crm", "ccm")]
    three = after(
        {"connect": {"id": "x", "from": "ccm", "to": "crm"}},
        {"connect": {"id": "y", "from": "ccm", "to": "crm"}},
        base=two,
    )
    (problem,) = refused({"disconnect": {"from": "ccm", "to": "crm"}}, base=three)
    assert problem.hint == "say which by `id`: x, y"


def test_the_given_inventory_is_not_touched():
    base = firm()
    untouched = plain(firm())
    after(
        {"replace": {"legacy": "ccm"}},
        {"rename": {"ccm": "x"}},
        {"change": {"crm": {"holds": {"remove": "contact.email"}}}},
        base=base,
    )
    assert plain(base) == untouched
    assert base.raw.entities["crm"].fields["holds"][0] == "contact.email"


def test_changes_upon_changes_keep_places():
    first = after({"add": {"platforms": {"hub": {"needs": ["crm"]}}}})
    (problem,) = refused(
        {"change": {"crm": {"status": "active"}}}, {"change": {"hub": {"needs": ["nowhere"]}}}, base=first
    )
    assert (problem.location.path, problem.location.line) == ("<changes>", 2)


def test_every_problem_in_one_run_and_none_twice():
    problems = refused(
        {"add": {"platforms": {"Hub": {}}}}, {"connect": {"from": "Hub", "to": "crm"}}, {"disconnect": {"from": "Hub", "to": "ccm"}},
        {"remove": ["nobody", "noone"]}, {"change": {"nobody": {"name": "x"}}}, {"banish": ["crm"]},
    )  # fmt: skip
    assert [(problem.location.line, problem.code) for problem in problems] == [
        (1, "CX005"),
        (4, "CX003"),
        (4, "CX003"),
        (6, "CX002"),
    ]


def test_apply_returns_a_raw_inventory_or_raises():
    inventory = firm()
    file, document = as_document([{"rename": {"crm": "customers"}}], len(inventory.files))
    operators = Parser((*inventory.files, file)).changes(document, 0, 0)
    raw = apply(inventory.raw, operators)
    assert "customers" in raw.entities
    assert raw.entities["ccm"] is not inventory.raw.entities["ccm"]
    assert raw.entities["legacy"] is inventory.raw.entities["legacy"]
    with pytest.raises(InventoryError, match="nothing has the id 'crm' here"):
        apply(raw, operators)


def test_kinds_are_judged_after_all_changes():
    (problem,) = [one for one in refused({"replace": {"archive": "it-team"}}) if "archive" not in one.message]
    assert (problem.code, "it-team" in problem.message) == ("CX003", True)
    assert after({"replace": {"archive": "ccm"}}).find("statement", Communication).archive == "ccm"
    assert (
        after({"remove": "grumble"}, {"change": {"to-cx": {"on": ["complaint"]}}}).find("grumble", DataSource) is None
    )
    assert isinstance(after({"change": {"new-app": {"kind": "sms"}}}).entities["new-app"], Channel)
