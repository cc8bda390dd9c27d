"""RED102: only where no flow leads; the fix is the cheapest set of flows."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
segments: {retail: {customers: 500000}}
lines_of_business: {bank: {}, mortgages: {}}
data_sources: {crm: {line_of_business: bank}, hub: {line_of_business: bank}, loans: {line_of_business: mortgages}}
flows: [{from: crm, to: loans, via: file, every: 1d, carries: [account]}]
collection_points:
  opening: {segments: [{segment: retail, reach: 90%}], asks: [contact.email], writes_to: [crm]}
  loan-form: {segments: [{segment: retail, reach: 8%}], writes_to: [loans], asks: [contact.email]}
"""


def test_widening_a_flow_is_cheaper_than_a_new_one() -> None:
    (breach,) = said("RED102", FIRM).breaches
    assert breach.subject.id == "loan-form"
    assert breach.fix is not None
    widened, prefilled = breach.fix.changes
    assert widened == {
        "connect": {
            "id": "contact.email",
            "from": "crm",
            "to": "loans",
            "via": "file",
            "every": "1d",
            "carries": ["contact.email"],
        }
    }
    assert prefilled == {"change": {"loan-form": {"asks": [{"attribute": "contact.email", "prefilled_from": "loans"}]}}}


def test_a_new_flow_where_there_is_none() -> None:
    (breach,) = said("RED102", FIRM.replace("flows: [{from: crm, to: loans", "flows: [{from: loans, to: crm")).breaches
    assert breach.fix is not None
    assert breach.fix.changes[0] == {
        "connect": {"from": "crm", "to": "loans", "via": "api", "carries": ["contact.email"]}
    }


def test_a_silo_by_design_passes() -> None:
    result = said("RED102", FIRM.replace("via: file, every: 1d, carries: [account]", "policy: blocked"))
    assert result.breaches == []
    assert result.passed == {"opening", "loan-form"}


def test_unknown_stores_are_not_assessed() -> None:
    result = said("RED102", FIRM.replace("writes_to: [loans]", "writes_to: unknown"))
    assert result.breaches == []
    assert result.open == {"loan-form"}
