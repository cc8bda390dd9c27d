"""The attribute tree: containment, inherited meaning, refinement by an inventory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cx_map.model.attributes import (
    attribute,
    covers,
    declared,
    fides_category,
    known_attributes,
    lineage,
    parent_of,
    related,
    seconds_to_give,
    sensitivity_of,
    shipped_attributes,
    title_of,
    valid_for,
)
from tests.support import inventory_of

PLAIN = inventory_of("teams: {counter: {}}")
LANGUAGES = {"en", "ru", "uk", "pl", "de", "fr", "es", "it", "pt"}


def test_the_shipped_tree_has_what_the_language_promises() -> None:
    tree = shipped_attributes()
    assert {
        "contact.email",
        "contact.phone",
        "contact.postal_address",
        "account.balance",
        "preference.paperless",
    } <= tree.keys()
    assert len(tree) >= 120
    assert not any(name.startswith("user.") for name in tree)
    assert sum((one.aliases or {}).keys() >= LANGUAGES for one in tree.values()) >= 50
    assert all(one.sensitivity is not None for one in tree.values())
    assert all(parent_of(PLAIN, name) is None or parent_of(PLAIN, name) in tree for name in tree)
    assert all(one.seconds_to_give is None or one.seconds_to_give.basis == "assumed" for one in tree.values())
    assert fides_category("contact.email") == "user.contact.email"


def test_an_address_covers_its_postcode_and_not_the_reverse() -> None:
    assert covers(PLAIN, "contact.postal_address", "contact.postal_address.postcode")
    assert not covers(PLAIN, "contact.postal_address.postcode", "contact.postal_address")
    assert related(PLAIN, "contact.postal_address.postcode", "contact.postal_address")
    assert not related(PLAIN, "contact.email", "contact.phone")
    assert covers(PLAIN, "*", "anything.at.all")
    assert not covers(PLAIN, "contact.post", "contact.postal_address")


def test_own_parents_move_an_attribute() -> None:
    inventory = inventory_of("attributes: {zip: {parent: contact.postal_address}, contact.pager: {parent: []}}")
    assert covers(inventory, "contact.postal_address", "zip")
    assert covers(inventory, "contact", "zip")
    assert list(lineage(inventory, "contact.pager")) == ["contact.pager"]


def test_own_fields_refine_the_shipped_ones() -> None:
    inventory = inventory_of("attributes: {contact.email: {seconds_to_give: 3, sensitivity: unknown}}")
    refined = attribute(inventory, "contact.email")
    assert refined is not None
    assert title_of(inventory, "contact.email") == "E-mail address"
    seconds = seconds_to_give(inventory, "contact.email")
    assert seconds is not None
    assert (seconds.value, seconds.basis) == (3, None)
    assert sensitivity_of(inventory, "contact.email") is None
    assert sensitivity_of(PLAIN, "contact.email") == "personal"


def test_meaning_comes_from_the_nearest_above() -> None:
    assert sensitivity_of(PLAIN, "health.condition.detail") == "special"
    assert sensitivity_of(PLAIN, "nobody.knows") is None
    assert valid_for(PLAIN, "contact.email") is not None
    assert seconds_to_give(PLAIN, "contact.email.second") is None


def test_a_preference_defines_its_attribute() -> None:
    inventory = inventory_of("preferences: {quiet-hours: {name: Quiet hours}}")
    assert declared(inventory, "preference.quiet-hours")
    assert not declared(inventory, "preference.other")
    assert title_of(inventory, "preference.quiet-hours") == "Quiet hours"
    assert sensitivity_of(inventory, "preference.quiet-hours") == "personal"
    assert "preference.quiet-hours" in known_attributes(inventory)


@given(st.lists(st.sampled_from(sorted(shipped_attributes())), min_size=3, max_size=3))
def test_covering_is_an_order(names: list[str]) -> None:
    one, two, three = names
    assert covers(PLAIN, one, one)
    assert not (covers(PLAIN, one, two) and covers(PLAIN, two, one)) or one == two
    assert not (covers(PLAIN, one, two) and covers(PLAIN, two, three)) or covers(PLAIN, one, three)


def test_only_whole_written_names_are_aliases() -> None:
    assert sensitivity_of(PLAIN, "appointment") == sensitivity_of(PLAIN, "health.appointment") == "special"
    for name in ("appointment.time", "income.band", "balance.x"):
        assert sensitivity_of(PLAIN, name) is None, name
        assert not any("health." in wider or "finance." in wider for wider in lineage(PLAIN, name))
    own = inventory_of("attributes: {appointment.time: {}, slot: {parent: appointment}}")
    assert sensitivity_of(own, "appointment.time") is None
    assert sensitivity_of(own, "slot") == "special", "there somebody wrote the whole name"
    assert covers(PLAIN, "appointment", "appointment.time")
