"""RED109: what may be left out, and what must stay."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
segments: {retail: {customers: 1000}}
data_sources: {crm: {}, cards: {}}
flows: [{from: crm, to: cards, via: api, carries: [contact]}]
collection_points:
  opening: {segments: [{segment: retail, reach: 96%}], volume: 1000/month, writes_to: [crm], asks: [{attribute: contact.phone, seconds: 36}]}
  card-form: {segments: [{segment: retail, reach: 30%}], volume: 3000/month, writes_to: [cards], asks: [{attribute: contact.phone, seconds: 36}]}
"""


def test_the_dear_ask_goes_when_the_other_is_enough() -> None:
    (breach,) = said("RED109", FIRM).breaches
    assert breach.subject.id == "card-form"
    assert breach.measures["hours_per_month"].high == 30.0
    assert breach.fix is not None
    assert breach.fix.changes == (
        {"change": {"card-form": {"asks": [{"attribute": "contact.phone", "seconds": 36, "prefilled_from": "cards"}]}}},
    )


def test_a_store_that_learns_from_one_point_only_keeps_it() -> None:
    result = said("RED109", FIRM.replace("carries: [contact]", "carries: [account]"))
    assert result.breaches == []
    assert result.passed == {"opening", "card-form"}


def test_coverage_must_not_fall() -> None:
    assert said("RED109", FIRM.replace("96%", "60%")).breaches == []


def test_what_a_law_demands_stays() -> None:
    result = said("RED109", FIRM.replace("seconds: 36}]}\n", "seconds: 36, legal_basis: KYC}]}\n"))
    assert result.breaches == []


def test_small_savings_are_quiet_and_unknown_volumes_open() -> None:
    assert said("RED109", FIRM.replace("3000/month", "900/month")).breaches == []
    assert said("RED109", FIRM.replace("volume: 3000/month, ", "")).open == {"opening", "card-form"}
