"""PREF105: consent that governs all of it and gets to the platform."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
organization: {regulatory_profiles: [PROFILE]}
data_sources: {consents: {}}
platforms: {esp: {}}
flows: [{from: consents, to: esp, carries: [CARRIED]}]
preferences: {offers: {kind: consent, master: consents}, stop: {kind: do_not_contact, master: consents}}
communications: {promo: {purpose: marketing, SAID routes: [{channel: email, platforms: [esp]}]}}
"""


def firm(governed: str, carried: str = "preference", profile: str = "uk-fca") -> str:
    return FIRM.replace("SAID", governed).replace("CARRIED", carried).replace("PROFILE", profile)


def test_consent_must_govern_it_and_get_there() -> None:
    assert said("PREF105", firm("governed_by: [offers],")).passed == {"promo"}
    assert said("PREF105", firm("governed_by: [offers],", "contact")).subjects == ["promo"]
    assert said("PREF105", firm("governed_by: [stop],")).subjects == ["promo"]
    assert said("PREF105", firm("governed_by: [],")).subjects == ["promo"]


def test_profiles_make_it_critical() -> None:
    assert said("PREF105", firm("governed_by: [],")).breaches[0].severity == "major"
    assert said("PREF105", firm("governed_by: [],", profile="eu-gdpr")).breaches[0].severity == "critical"


def test_legal_basis_and_silence() -> None:
    assert said("PREF105", firm("governed_by: [], legal_basis: soft opt-in,")).passed == {"promo"}
    assert said("PREF105", firm("")).open == {"promo"}


def test_a_flow_of_which_nobody_knows_what_it_carries_leaves_it_open() -> None:
    text = firm("governed_by: [offers],")
    assert said("PREF105", text.replace("carries: [preference]", "carries: unknown")).open == {"promo"}
    assert said("PREF105", text.replace(", carries: [preference]", "")).subjects == ["promo"]
    assert said("PREF105", firm("governed_by: [],").replace("carries: [preference]", "carries: unknown")).subjects


def test_consent_as_legal_basis_is_no_reason_to_have_none() -> None:
    for basis in ("consent", "Art. 6(1)(a): consent", "Einwilligung", "zgoda", "згода клієнта", "opt-in"):
        assert said("PREF105", firm(f"governed_by: [], legal_basis: '{basis}',")).subjects == ["promo"], basis
    for basis in ("legitimate interest", "soft opt-in", "existing customers, without consent"):
        assert said("PREF105", firm(f"governed_by: [], legal_basis: '{basis}',")).passed == {"promo"}, basis


def test_a_consent_for_other_products_is_no_matter_of_the_way_it_takes() -> None:
    text = firm("governed_by: [offers], products: [loans],", "contact")
    text = text.replace(
        "preferences: {offers: {", "products: {loans: {}, cards: {}}\npreferences: {offers: {products: [cards], "
    )
    (breach,) = said("PREF105", text).breaches
    assert breach.fix is not None
    assert "for loans" in breach.fix.summary
    assert not said("PREF101", text).breaches, "nothing to point to"
    (breach,) = said("PREF105", text.replace("[cards]", "[loans]")).breaches
    assert breach.fix is not None
    assert "see PREF101" in breach.fix.summary
    assert said("PREF101", text.replace("[cards]", "[loans]")).subjects == ["promo"]


TWO = """
data_sources: {consents: {}}
platforms: {hub: {}, mailer: {ENFORCES}, texter: {}}
flows: [{from: consents, to: mailer, via: api, carries: [preference.offers]}]
preferences: {offers: {kind: consent, master: consents}}
communications:
  promotion: {purpose: marketing, governed_by: [offers], routes: ROUTES}
"""


def test_a_consent_is_asked_for_where_it_is_enforced() -> None:
    """What is withheld at the platform that enforces the consent is not sent, whoever composes it (decision 16)."""
    text = TWO.replace("ROUTES", "[{channel: email, platforms: [hub, mailer]}]")
    assert said("PREF105", text.replace("ENFORCES", "enforces: [offers]")).passed == {"promotion"}
    assert said("PREF105", text.replace("ENFORCES", "")).subjects == ["promotion"]


def test_only_platforms_that_do_not_know_it_are_named() -> None:
    text = TWO.replace("ROUTES", "[{channel: email, platforms: [mailer]}, {channel: sms, platforms: [texter]}]")
    (breach,) = said("PREF105", text.replace("ENFORCES", "")).breaches
    assert breach.message == "'promotion' is marketing, and 'offers' is not known to texter"
    assert breach.related == ("offers", "texter")


def test_a_route_that_the_consent_leaves_out_is_named() -> None:
    text = firm("").replace("routes: [{channel: email, platforms: [esp]}]",
                            "routes: [{channel: email, platforms: [esp], governed_by: [offers]}, {channel: letter, platforms: [esp]}]")  # fmt: skip
    (breach,) = said("PREF105", text).breaches
    assert breach.message == "'promo' is marketing, and no consent governs its route 'letter'"
