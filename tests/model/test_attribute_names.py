"""Names in any spelling and language find their attribute; similar ones are only suggested."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_map.model.attribute_names import attribute_names, normal_form
from cx_map.model.attributes import shipped_attributes
from tests.support import inventory_of

NAMES = attribute_names(inventory_of("attributes: {loyalty-points: {aliases: {en: [reward points]}}}"))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("contact.email", "contact.email"),
        ("E-Mail Address", "contact.email"),
        ("emailAddress", "contact.email"),
        ("номер телефону", "contact.phone"),
        ("Номер мобильного телефона", "contact.phone.mobile"),
        ("kod pocztowy", "contact.postal_address.postcode"),
        ("NUMERO DE PORTABLE", "contact.phone.mobile"),
        ("Straße", "contact.postal_address.street"),
        ("data urodzenia", "identity.date_of_birth"),
        ("Codice Fiscale", "identity.national_id"),
        ("morada", "contact.postal_address"),
        ("reward_points", "loyalty-points"),
        ("flux capacitor", None),
    ],
)
def test_names_are_found(written: str, found: str | None) -> None:
    assert NAMES.find(written) == found


def test_near_misses_are_suggested() -> None:
    suggestion = NAMES.suggest("mobile no.")
    assert suggestion is not None
    assert suggestion[0] == "contact.phone.mobile"
    assert 0.75 <= suggestion[1] < 1
    assert NAMES.suggest("flux capacitor") is None


def test_contrast_words_keep_different_things_apart() -> None:
    suggestion = NAMES.suggest("billing adress")
    assert suggestion is not None
    assert suggestion[0] == "contact.billing_address"
    assert NAMES.suggest("joint account numbr") is None


@pytest.mark.parametrize(
    "language", sorted({code for one in shipped_attributes().values() for code in one.aliases or {}})
)
def test_every_alias_finds_something(language: str) -> None:
    for one in shipped_attributes().values():
        for alias in (one.aliases or {}).get(language, ()):
            assert NAMES.find(alias) is not None, alias


@given(st.text(max_size=30))
def test_the_normal_form_is_normal(text: str) -> None:
    assert normal_form(normal_form(text)) == normal_form(text)
    assert normal_form(" ".join(reversed(normal_form(text).split()))) == normal_form(text)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("номерТелефона", "contact.phone"),
        ("датаНародження", "identity.date_of_birth"),
        ("tytułGrzecznościowy", "identity.title"),
        ("addressLine1", "contact.postal_address.street"),
        ("address_line1", "contact.postal_address.street"),
    ],
)
def test_humps_are_seen_in_every_script(written: str, found: str) -> None:
    assert NAMES.find(written) == found


def test_an_inventorys_own_alias_is_stronger_than_a_shipped_one() -> None:
    """`address` is shipped as a name of the postal address; a firm may mean where its premises are."""
    names = attribute_names(inventory_of("attributes: {premises.location: {aliases: {en: [address]}}}"))
    assert names.find("address") == "premises.location"
    assert names.find("postal address") == "contact.postal_address"


def test_one_more_alias_does_not_unlearn_the_shipped_ones() -> None:
    """RED108 advises to give the similar attribute one more alias: the others must stay."""
    names = attribute_names(inventory_of("attributes: {contact.email: {aliases: {en: [mailbox id]}}}"))
    assert {names.find(name) for name in ("mailbox id", "e-mail", "courriel", "mail address")} == {"contact.email"}


def test_a_name_of_one_branch_is_no_misspelling_in_another() -> None:
    assert NAMES.suggest("person.medication") is not None, "education, of the same branch"
    health = NAMES.suggest("health.medication")
    assert health is not None
    assert health[0] == "health.condition"
    iban = NAMES.suggest("payment.iban")
    assert iban is not None
    assert iban[0] == "account.iban", "the very word"
    assert NAMES.suggest("crm.medication") is not None, "of no branch that is known"
