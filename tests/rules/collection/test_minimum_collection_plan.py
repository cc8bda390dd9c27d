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


def test_who_is_asked_twice_at_one_point_is_no_second_customer() -> None:
    ask = "asks: [{attribute: contact.phone, seconds: 36}"
    twice = FIRM.replace("96%", "70%").replace(ask, f"{ask}, {{attribute: Telefonnummer, seconds: 40}}", 1)
    (breach,) = said("RED109", twice).breaches
    assert "a second time" in breach.message
    assert breach.subject.id == "opening"
    assert dict(breach.evidence)["known of at least"].startswith("70.0%"), "not 1 - 0.3 * 0.3"
    assert breach.fix is not None
    assert breach.fix.changes == (
        {"change": {"opening": {"asks": [{"attribute": "contact.phone", "seconds": 36}]}}},
    )  # fmt: skip


def test_all_that_a_point_asks_for_it_goes_together() -> None:
    ask = "asks: [{attribute: contact.phone, seconds: 36}"
    twice = f"{ask}, {{attribute: Telefonnummer, seconds: 40}}".join(FIRM.rsplit(ask, 1))
    (breach,) = said("RED109", twice).breaches
    assert breach.fix is not None
    assert breach.fix.changes == (
        {"change": {"card-form": {"asks": [
            {"attribute": "contact.phone", "seconds": 36, "prefilled_from": "cards"},
            {"attribute": "Telefonnummer", "seconds": 40, "prefilled_from": "cards"},
        ]}}},
    )  # fmt: skip


def test_anonymous_answers_are_known_of_nobody() -> None:
    """What a pop-up collects of whoever comes does not make the form superfluous."""
    assert said("RED109", FIRM.replace("  opening: {", "  opening: {anonymous: true, ")).breaches == []


def test_one_more_point_is_one() -> None:
    third = "  loan-form: {segments: [{segment: retail, reach: 20%}], volume: 2000/month, writes_to: [cards], asks: [{attribute: contact.phone, seconds: 36}]}\n"
    (breach,) = said("RED109", FIRM + third).breaches
    assert breach.message.startswith("'card-form' and 1 more point could stop asking")
