"""What differs between two states, entity by entity and field by field."""

from __future__ import annotations

import pytest

from cx_map.compare.changes import compare
from cx_map.states.phases import states
from tests.states.small import FIRM, after, firm, roadmap_of
from tests.support import inventory_of


def told(changes):
    """The changes as (change, id, from_ids, level)."""
    return [(one.change, one.id, one.from_ids, one.level) for one in changes.entities]


def fields_of_change(changes, name):
    (one,) = [one for one in changes.entities if one.id == name]
    return [(field.field, field.before, field.after) for field in one.fields]


def between(old, new):
    return compare(inventory_of(old), inventory_of(new))


def test_nothing_differs_from_itself():
    assert compare(firm(), firm()).empty
    assert compare(firm(), firm()).capabilities.empty


def test_added_removed_changed():
    base = firm()
    got = compare(
        base,
        after(
            {"add": {"teams": {"ops": {}}}},
            {"remove": "grumble"},
            {"change": {"to-cx": {"on": ["complaint"]}}},
            base=base,
        ),
    )
    assert told(got) == [
        ("changed", "to-cx", (), "breaking"), ("removed", "grumble", (), "breaking"), ("added", "ops", (), "notable"),
    ]  # fmt: skip
    assert fields_of_change(got, "to-cx") == [("on", ["complaint", "grumble"], ["complaint"])]


def test_items_of_lists_go_by_name_and_not_by_position():
    base = "platforms: {p: {}, q: {}}\ncommunications: {c: {routes: [{channel: email, platforms: [p], share: 0.4}, {channel: sms, platforms: [p], share: 0.6}]}}"
    new = "platforms: {p: {}, q: {}}\ncommunications: {c: {routes: [{channel: sms, platforms: [p], share: unknown}, {channel: letter, platforms: [q]}, {channel: email, platforms: [p], share: unknown}]}}"
    got = between(base, new)
    assert fields_of_change(got, "c") == [
        ("routes[email].share", 0.4, "unknown"),
        ("routes[letter]", None, {"channel": "letter", "platforms": ["q"]}),
        ("routes[sms].share", 0.6, "unknown"),
    ]


def test_sets_have_no_order_and_sequences_have():
    base = "platforms: {p: {capabilities: [print, compose]}, q: {}}\ncommunications: {c: {channels: [email], platforms: [p, q]}}"
    assert between(base, base.replace("[print, compose]", "[compose, print]")).empty
    got = between(base, base.replace("[p, q]", "[q, p]"))
    assert fields_of_change(got, "c") == [("platforms", ["p", "q"], ["q", "p"])]


@pytest.mark.parametrize(
    ("old", "new", "differs"),
    [
        ("volume: 1000/month", "volume: 1000", False),
        ("volume: 1000/month", "volume: 1000.0000001/month", False),
        ("volume: 1000/month", "volume: 1001/month", True),
        ("volume: 12000/year", "volume: 1000/month", True),  # the same amount in another unit: peaks depend on it
        ("volume: 1000/month", "volume: {value: 1000, basis: measured}", True),
        ("volume: 1000/month", "volume: unknown", True),
        ("volume: unknown", "{}", True),
        ("segments: []", "{}", True),
        ("deadline: 90m", "deadline: PT1H30M", False),
        ("deadline: 1d", "deadline: 1bd", True),
        ("trigger: signup", "trigger: {what: signup}", False),
        ("needs: crm", "needs: [{any_of: [crm]}]", False),
        ("name: A", "name: {en: A}", True),
        ("x-cost: 1", "x-cost: 2", True),
        ("x-cost: 1", "x-cost: 1", False),
    ],
)
def test_values(old, new, differs):
    text = "data_sources: {crm: {}}\ncommunications:\n  c:\n    "
    assert between(text + old, text + new).empty is not differs


def test_short_and_long_routes_are_shown_as_what_they_are():
    base = "platforms: {p: {}}\ncommunications: {c: {channels: [email, sms], platforms: [p]}}"
    long = "platforms: {p: {}}\ncommunications: {c: {routes: [{channel: sms, platforms: [p]}, {channel: email, platforms: p}]}}"
    assert between(base, long).empty


def test_rename_is_one_change_and_no_change_of_those_who_refer_to_it():
    base = firm()
    got = compare(
        base, after({"rename": {"legacy": "old-letters", "paperless": "no-paper", "old-app": "app"}}, base=base)
    )
    assert told(got) == [
        ("renamed", "app", ("old-app",), "cosmetic"),
        ("renamed", "old-letters", ("legacy",), "cosmetic"),
        ("renamed", "no-paper", ("paperless",), "cosmetic"),
    ]
    assert got.flows == ()
    assert got.capabilities.empty


def test_renamed_from_counts_without_operators_and_likeness_never_does():
    new = (
        FIRM.replace("legacy:", "letters-2000:")
        .replace("[legacy]", "[letters-2000]")
        .replace("to: legacy", "to: letters-2000")
    )
    new = (
        new.replace("from: legacy", "from: letters-2000")
        .replace(", legacy]", ", letters-2000]")
        .replace("[legacy,", "[letters-2000,")
    )
    plainly = between(FIRM, new)
    assert ("added", "letters-2000", (), "notable") in told(plainly)
    assert ("removed", "legacy", (), "breaking") in told(plainly)
    assert [(one.kind, one.before, one.after) for one in plainly.suggestions] == [
        ("platforms", "legacy", "letters-2000")
    ]
    declared = between(FIRM, new.replace("letters-2000: {owner", "letters-2000: {renamed_from: legacy, owner"))
    assert told(declared) == [("renamed", "letters-2000", ("legacy",), "cosmetic")]
    back = between(new.replace("letters-2000: {owner", "letters-2000: {renamed_from: legacy, owner"), FIRM)
    assert told(back) == [("renamed", "legacy", ("letters-2000",), "cosmetic")]


def test_several_former_ids_are_a_merge_and_one_claimed_twice_a_split():
    two, one = "platforms: {a: {}, b: {}}", "platforms: {c: {renamed_from: [a, b]}}"
    assert told(between(two, one)) == [("merged", "c", ("a", "b"), "notable")]
    assert told(between(one, two)) == [("split", "a", ("c",), "notable"), ("split", "b", ("c",), "notable")]


def test_added_and_named_as_the_replacement_is_replaced():
    base = firm()
    got = compare(
        base, after({"add": {"platforms": {"hub": {"owner": "it-team"}}}}, {"replace": {"legacy": "hub"}}, base=base)
    )
    assert [one for one in told(got) if one[1] in ("hub", "legacy")] == [("replaced", "hub", ("legacy",), "breaking")]
    assert fields_of_change(got, "hub") == [("capabilities", ["compose"], None)]
    assert ("changed", "statement", (), "notable") in told(got)  # its letters go another way; nothing is lost
    assert ("changed", "welcome", (), "notable") in told(got)


def test_replaced_by_one_that_was_there_and_merged():
    base = firm()
    new = after({"replace": {"legacy": "ccm"}}, {"merge": {"into": "new-app", "from": ["old-app"]}}, base=base)
    forward, backward = told(compare(base, new)), told(compare(new, base))
    assert [one for one in forward if one[0] in ("replaced", "merged")] == [
        ("merged", "new-app", ("old-app",), "notable"), ("replaced", "ccm", ("legacy",), "notable"),
    ]  # fmt: skip
    assert [one for one in backward if one[0] in ("replaced", "split")] == [
        ("split", "old-app", ("new-app",), "notable"), ("replaced", "legacy", ("ccm",), "notable"),
    ]  # fmt: skip
    assert not {"added", "removed"} & {one[0] for one in forward + backward}


def test_between_two_phases_only_the_moves_between_them_count():
    inventory = roadmap_of("        - rename: {legacy: old}\n", "        - replace: {old: ccm}\n")
    current, first, second = states(inventory)
    assert [one[:3] for one in told(compare(first, second)) if one[0] != "changed"] == [("replaced", "ccm", ("old",))]
    assert [one[:3] for one in told(compare(second, first)) if one[0] != "changed"] == [("replaced", "old", ("ccm",))]
    assert [one[:3] for one in told(compare(current, second)) if one[0] != "changed"] == [
        ("replaced", "ccm", ("legacy",))
    ]


def test_an_id_given_away_and_taken_up_again_is_added():
    base = firm()
    got = compare(base, after({"rename": {"legacy": "old"}}, {"add": {"teams": {"legacy": {}}}}, base=base))
    assert told(got) == [("renamed", "old", ("legacy",), "cosmetic"), ("added", "legacy", (), "notable")]
    again = compare(base, after({"replace": {"legacy": "ccm"}}, {"add": {"platforms": {"legacy": {}}}}, base=base))
    assert [one for one in told(again) if one[1] == "legacy"] == [("added", "legacy", (), "notable")]
    assert ("replaced", "ccm", ("legacy",), "notable") in told(again)
    swapped = compare(base, after({"rename": {"cx-team": "it-team", "it-team": "cx-team"}}, base=base))
    assert told(swapped) == [
        ("renamed", "cx-team", ("it-team",), "cosmetic"),
        ("renamed", "it-team", ("cx-team",), "cosmetic"),
    ]


def test_another_kind_under_the_same_id_is_another_thing():
    got = between("platforms: {a: {}, b: {}}", "data_sources: {a: {}}\nplatforms: {b: {}}")
    assert [(one.change, one.kind, one.id) for one in got.entities] == [
        ("added", "data_sources", "a"),
        ("removed", "platforms", "a"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "level"),
    [
        ("platforms: {p: {name: A, notes: x}}", "platforms: {p: {name: B, tags: [t]}}", "cosmetic"),
        ("platforms: {p: {vendor: A}}", "platforms: {p: {vendor: B}}", "notable"),
        ("platforms: {p: {capabilities: [print]}}", "platforms: {p: {capabilities: [compose]}}", "breaking"),
        ("platforms: {p: {capabilities: [print]}}", "platforms: {p: {capabilities: [compose, print]}}", "notable"),
        ("platforms: {p: {capabilities: [print]}}", "platforms: {p: {}}", "breaking"),
        ("platforms: {p: {}}", "platforms: {p: {status: retired}}", "breaking"),
        ("platforms: {p: {status: proposed}}", "platforms: {p: {status: active}}", "notable"),
        (
            "data_sources: {p: {holds: [a.b]}}",
            "data_sources: {p: {holds: [{attribute: a.b, mastery: master}]}}",
            "notable",
        ),
        ("data_sources: {p: {holds: [a.b, c.d]}}", "data_sources: {p: {holds: [c.d]}}", "breaking"),
        ("data_sources: {p: {x-a: 1}}", "data_sources: {p: {}}", "cosmetic"),
    ],
)
def test_levels(old, new, level):
    assert told(between(old, new)) == [("changed", "p", (), level)]


def test_removed_things_that_were_not_in_use_break_nobody():
    assert told(between("platforms: {a: {status: retired}, b: {}}", "platforms: {b: {}}")) == [
        ("removed", "a", (), "notable")
    ]
    assert told(between("initiatives: {a: {}}\nplatforms: {b: {}}", "platforms: {b: {}}")) == [
        ("removed", "a", (), "notable")
    ]


def test_organization_overlaps_attributes_references():
    old = "organization: {languages: [en, pl]}\nproducts: {a: {}, b: {}, c: {}}\noverlaps: [{between: [a, b], share: 0.2}, {between: [b, c]}]\nattributes: {x.y: {}}\nreferences: {s: {}}"
    new = "organization: {languages: [en]}\nproducts: {a: {}, b: {}, c: {}}\noverlaps: [{between: [b, a], share: 0.3}, {between: [a, c]}]\nattributes: {x.y: {sensitivity: special}}"
    assert [(one.change, one.kind, one.id, one.level) for one in between(old, new).entities] == [
        ("changed", "attributes", "x.y", "notable"),
        ("changed", "organization", "organization", "breaking"),
        ("changed", "overlaps", "a+b", "notable"),
        ("added", "overlaps", "a+c", "notable"),
        ("removed", "overlaps", "b+c", "notable"),
        ("removed", "references", "s", "notable"),
    ]
