"""DATA101: a fed master, or stores that ask each other."""

from __future__ import annotations

from cx_map.rules.data.no_single_view import no_single_view
from cx_map.states.apply import with_changes
from tests.rules.collection.said import said
from tests.rules.pages import findings_of
from tests.support import inventory_of

FIRM = """
lines_of_business: {cards: {customers: CARDS}, loans: {customers: 1000}}
data_sources:
  a: {holds: [contact.email], line_of_business: cards}
  b: {holds: [contact.phone], line_of_business: loans}
  c: {holds: [contact], line_of_business: loans}
  old: {holds: [contact], role: archive}
flows: [FLOWS]
"""


def firm(*flows: str, cards: str = "1000") -> str:
    return FIRM.replace("FLOWS", ", ".join(flows)).replace("CARDS", cards)


def flow(source: str, target: str, via: str = "api") -> str:
    return f"{{from: {source}, to: {target}, via: {via}, carries: [contact]}}"


def test_the_score_is_the_share_of_pairs() -> None:
    (breach,) = said("DATA101", firm(flow("a", "b"))).breaches
    assert breach.subject.id == "b"
    assert breach.measures["joined_share"] == round(1 / 6, 3)
    assert (breach.measures["hub_flows"], breach.measures["mesh_flows"]) == (1, 5)
    assert said("DATA101", firm(flow("a", "b"), flow("b", "c"), flow("c", "a"))).passed == {"a", "b", "c"}


def test_files_do_not_join() -> None:
    assert (
        said("DATA101", firm(flow("a", "b", "file"), flow("b", "c", "file"), flow("c", "a", "file")))
        .breaches[0]
        .measures["joined_share"]
        == 0
    )


def test_customers_weigh() -> None:
    (breach,) = said("DATA101", firm(flow("a", "b"), cards="9000")).breaches
    assert breach.measures["joined_share"] == round(9 / (121 - 83), 3)


def test_a_fed_master_is_enough_even_by_file() -> None:
    text = firm(flow("a", "c", "file"), flow("b", "c", "file")).replace("c: {", "c: {role: customer_master, ")
    assert said("DATA101", text).passed == {"a", "b", "c"}


def test_one_store_is_not_assessed() -> None:
    assert said("DATA101", "data_sources: {a: {holds: [contact]}}").open == {"a"}


def test_the_hub_is_the_master_then_what_holds_most_then_what_is_fed() -> None:
    def hub(text: str) -> str | None:
        (breach,) = said("DATA101", text).breaches
        return breach.subject.id

    fed = firm(flow("a", "b"))
    assert hub(fed) == "b"
    wide = fed.replace("c: {holds: [contact]", "c: {holds: [contact.email, contact.phone]")
    assert hub(wide) == "c"
    assert (
        hub(wide.replace("a: {holds: [contact.email]", "a: {holds: [{attribute: contact.email, mastery: master}]"))
        == "a"
    )
    assert hub(wide.replace("a: {", "a: {role: customer_master, ")) == "a"


def test_flows_of_which_nobody_knows_what_they_carry_leave_it_open() -> None:
    round_ = [flow("a", "b"), flow("b", "c"), flow("c", "a")]
    vague = [round_[0], round_[1].replace("carries: [contact]", "carries: unknown"), round_[2]]
    assert said("DATA101", firm(*vague)).open == {"a", "b", "c"}
    assert said("DATA101", firm(vague[1])).subjects, "one such flow cannot join them all"
    assert said("DATA101", firm(round_[0], round_[1].replace(", carries: [contact]", ""), round_[2])).subjects


def test_copies_that_the_master_feeds_are_the_textbook_hub() -> None:
    hub = firm(flow("c", "a", "file"), flow("c", "b", "file"))
    assert said("DATA101", hub).subjects, "files without a master join nothing"
    role = hub.replace("c: {", "c: {role: customer_master, ")
    assert said("DATA101", role).passed == {"a", "b", "c"}
    declared = hub.replace("c: {holds: [contact]", "c: {holds: [{attribute: contact, mastery: master}]")
    assert said("DATA101", declared).passed == {"a", "b", "c"}
    several = declared.replace("a: {holds: [contact.email]", "a: {holds: [{attribute: contact.email, mastery: master}]")
    assert said("DATA101", several).subjects, "two masters are no master"
    narrow = declared.replace("mastery: master}", "mastery: master, segments: [s]}") + "\nsegments: {s: {}}"
    assert said("DATA101", narrow).subjects, "a master of some customers is not the master of all"
    assert said("DATA101", role.replace("carries: [contact]", "carries: [identity]")).subjects


def test_only_stores_apart_from_the_master_are_to_be_joined() -> None:
    text = firm(flow("c", "a", "file")).replace("c: {", "c: {role: customer_master, ")
    (breach,) = said("DATA101", text).breaches
    assert breach.measures["joined_share"] == round(2 / 6, 3)
    assert (breach.measures["hub_flows"], breach.measures["mesh_flows"]) == (1, 4)
    assert breach.fix is not None
    assert [change["connect"]["from"] for change in breach.fix.changes] == ["b"]  # type: ignore[index]  # plain data


def test_only_groups_that_are_apart_are_told() -> None:
    text = """
data_sources:
  a: {holds: [identity.name, contact.email]}
  b: {holds: [identity.name, contact.email]}
flows:
  - {from: a, to: b, via: api, carries: [identity]}
  - {from: b, to: a, via: api, carries: [identity]}
"""
    (breach,) = said("DATA101", text).breaches
    assert breach.message.startswith("customers' contact details come together neither")
    assert [name for name, _ in breach.evidence] == ["contact details", "hub plan", "mesh plan"]


def test_the_hub_is_fed_what_each_store_holds_and_no_more() -> None:
    stores = (
        "data_sources: {a: {holds: [contact.email, account]}, b: {holds: [contact.phone]}, c: {holds: [contact.email]}}"
    )
    (breach,) = said("DATA101", stores).breaches
    assert breach.fix is not None
    carried = {one["connect"]["from"]: one["connect"]["carries"] for one in breach.fix.changes if "connect" in one}  # type: ignore[index]  # plain data
    assert carried == {
        name: names
        for name, names in {"a": ["contact.email"], "b": ["contact.phone"], "c": ["contact.email"]}.items()
        if name != breach.subject.id
    }


def test_what_comes_together_without_a_master_is_not_called_apart() -> None:
    """Every store is joined to `c` by file: only that nobody calls it the master is to be told."""
    (breach,) = said("DATA101", firm(flow("a", "c", "file"), flow("b", "c", "file"))).breaches
    assert (breach.subject.id, breach.severity) == ("c", "minor")
    assert breach.message == "customers' contact details come together at 'c', which nobody calls the customer master"
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"c": {"role": "customer_master"}}},)
    (apart,) = said("DATA101", firm(flow("a", "c", "file"))).breaches
    assert apart.severity == "major"
    assert "neither" in apart.message


def test_no_spreadsheet_becomes_the_hub() -> None:
    text = firm().replace("a: {holds", "a: {kind: spreadsheet, holds")
    (breach,) = said("DATA101", text).breaches
    assert breach.subject.id == "b"
    (breach,) = said("DATA101", text.replace("kind: spreadsheet", "kind: database")).breaches
    assert breach.subject.id == "a"


def test_the_hub_is_the_platform_that_is_master_before_a_store_that_is_master_of_nothing() -> None:
    """A CRM suite that says it is master of contact details is what to feed, and needs no role for it."""
    text = firm() + "platforms: {crm: {holds: [{attribute: contact, mastery: master}]}}"
    (breach,) = said("DATA101", text).breaches
    assert breach.subject.id == "crm"
    part = text.replace("b: {holds: [contact.phone]", "b: {holds: [{attribute: contact.phone, mastery: master}]")
    assert said("DATA101", part).breaches[0].subject.id == "crm", "master of the whole before master of a part"
    assert breach.fix is not None
    assert findings_of(no_single_view, with_changes(inventory_of(text), breach.fix.changes)) == []


def test_nothing_is_claimed_of_stores_that_do_not_say_what_they_hold() -> None:
    def message(store: str) -> str:
        (breach,) = said("DATA101", firm().replace("  old:", f"  lake: {store}\n  old:")).breaches
        return breach.message

    assert message("{holds: unknown}").endswith("nor in any other store that says what it holds")
    assert message("{holds: []}").endswith("nor in any other store")
    assert message("{role: archive}").endswith("nor in any other store")
