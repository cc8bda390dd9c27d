"""RED108: undeclared names are told once, aliases are known, similar names suggested."""

from __future__ import annotations

from tests.rules.collection.said import said


def test_each_name_is_told_once() -> None:
    text = "data_sources: {a: {holds: [loyalty.tier]}, b: {holds: [loyalty.tier, contact.email]}}"
    result = said("RED108", text)
    assert result.subjects == ["a"]
    assert result.passed == {"b"}


def test_aliases_in_any_language_are_known() -> None:
    names = "[номер телефону, Kod pocztowy, 'Adresse e-mail', preference.p, contact.email]"
    assert said("RED108", f"preferences: {{p: {{}}}}\ndata_sources: {{a: {{holds: {names}}}}}").passed == {"a"}


def test_similar_names_are_suggested_and_contrasts_are_not() -> None:
    (breach,) = said("RED108", "data_sources: {a: {holds: [mobile no.]}}").breaches
    assert breach.evidence[0][1].startswith("contact.phone.mobile (")
    (other,) = said("RED108", "data_sources: {a: {holds: [joint account numbr]}}").breaches
    assert other.evidence == ()


def test_every_place_that_names_attributes_is_looked_at() -> None:
    text = """
    data_sources: {s: {holds: [x.one]}}
    platforms: {p: {holds: [x.two]}}
    collection_points: {c: {asks: [x.three]}}
    communications: {m: {content: [x.four], personalises: [{attribute: x.five, derived_from: [x.six]}]}}
    touchpoints: {t: {needs_context: [x.seven]}}
    error_types: {e: {needs_attributes: [x.eight]}}
    flows: [{from: s, to: p, carries: [x.nine, "*"]}]
    """
    found = {one.discriminator[0] for one in said("RED108", text).breaches}
    assert found == {
        f"x.{number}" for number in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    }


def test_whole_groups_are_never_suggested() -> None:
    for name in ("preference.x", "contact.x", "contacts", "contact.email.x"):
        (breach,) = said("RED108", f"data_sources: {{a: {{holds: [{name}]}}}}").breaches
        suggested = breach.evidence[0][1].split(" (")[0] if breach.evidence else ""
        assert suggested not in ("preference", "contact", "contact.email"), name
