"""RED101: hours make it major, unknown effort leaves it minor, prefill is the fix."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
segments: {retail: {customers: 500000}}
data_sources: {crm: {}, cards: {}}
flows: [{from: crm, to: cards, via: api, carries: [contact]}]
collection_points:
  opening: {segments: [{segment: retail, reach: 90%}], asks: [contact.email], writes_to: [crm]}
  card-form:
    segments: [{segment: retail, reach: 30%}]
    volume: 20000/month
    writes_to: [cards]
    asks: [identity.name, {attribute: contact.email, seconds: 36}]
"""


def test_hours_decide_how_bad_it_is() -> None:
    (breach,) = said("RED101", FIRM).breaches
    assert (breach.subject.id, breach.severity, breach.at) == ("card-form", "major", ("asks", 1))
    hours = breach.measures["hours_per_month"]
    assert (hours.low, hours.high) == (180.0, 180.0)
    (minor,) = said("RED101", FIRM.replace("20000/month", "2000/month")).breaches
    assert minor.severity == "minor"
    (unknown,) = said("RED101", FIRM.replace("    volume: 20000/month\n", "")).breaches
    assert unknown.severity == "minor"
    assert "hours_per_month" not in unknown.measures


def test_the_fix_keeps_the_other_asks() -> None:
    (breach,) = said("RED101", FIRM).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ({
        "change": {"card-form": {"asks": ["identity.name", {"attribute": "contact.email", "seconds": 36, "prefilled_from": "cards"}]}}
    },)  # fmt: skip


def test_the_proof_is_the_way_of_the_answer() -> None:
    (breach,) = said("RED101", FIRM).breaches
    assert [(step.source, step.target) for step in breach.path] == [
        ("opening", "crm"),
        ("crm", "cards"),
        ("cards", "card-form"),
    ]
    assert breach.related == ("opening", "cards")


def test_without_a_flow_it_is_not_known() -> None:
    result = said("RED101", FIRM.replace("carries: [contact]", "carries: [account]"))
    assert result.breaches == []
    assert result.passed == {"opening", "card-form"}


def test_anonymous_points_neither_know_customers_nor_tell_of_them() -> None:
    """A pop-up that asks for a phone number of whoever comes cannot be prefilled, and fills nobody's record."""
    text = """
        segments: {all: {}}
        data_sources: {crm: {}}
        collection_points:
          ONE: {segments: [{segment: all, reach: 90%}], asks: [contact.phone], writes_to: [crm]}
          TWO: {segments: [{segment: all, reach: 10%}], asks: [contact.phone], writes_to: [crm], reads: [crm], anonymous: true}
        """
    form = text.replace("ONE", "form").replace("TWO", "pop-up")
    assert said("RED101", form).passed == {"form", "pop-up"}
    assert said("RED101", form.replace(", anonymous: true", "")).subjects == ["pop-up"]
    first = form.replace("writes_to: [crm]}", "writes_to: [crm], anonymous: true}")
    assert said("RED101", first.replace("reads: [crm], anonymous: true", "reads: [crm]")).passed == {"form", "pop-up"}


def test_an_attribute_asked_for_under_two_names_is_prefilled_under_both() -> None:
    text = """
        segments: {all: {}}
        data_sources: {crm: {}}
        collection_points:
          form: {segments: [{segment: all, reach: 90%}], asks: [contact.email], writes_to: [crm]}
          other: {segments: [{segment: all, reach: 10%}], asks: [E-Mail, contact.email], writes_to: [crm], reads: [crm]}
        """
    breach = said("RED101", text).breaches[0]
    assert breach.fix is not None
    assert breach.fix.changes == (
        {"change": {"other": {"asks": [
            {"attribute": "E-Mail", "prefilled_from": "crm"}, {"attribute": "contact.email", "prefilled_from": "crm"},
        ]}}},
    )  # fmt: skip


def test_what_is_known_of_the_time_between_can_be_enough_to_be_stale() -> None:
    text = """
        segments: {retail: {}}
        attributes: {finance.income: {valid_for: 30d}}
        data_sources: {crm: {}}
        touchpoints: {first: {}, then: {}, last: {}}
        journeys: {loan: {segments: [retail], steps: [first, {touchpoint: then, max_gap: GAP}, last]}}
        collection_points:
          one: {touchpoint: first, segments: [retail], asks: [finance.income], writes_to: [crm]}
          two: {touchpoint: last, segments: [retail], asks: [finance.income], writes_to: [crm]}
        """
    assert said("RED101", text.replace("GAP", "90d")).breaches == []
    assert said("RED101", text.replace("GAP", "5d")).subjects == ["two"]
