"""RED105: nobody uses it, and enough consumers say what they use."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
data_sources: {crm: {}, archive: {}}
platforms: {ccm: {}}
flows: [{from: crm, to: ccm, via: api, carries: ["*"]}]
collection_points:
  opening: {writes_to: [crm], asks: [ASKED]}
communications:
  welcome: {content: [identity.name], routes: [{channel: email, platforms: [ccm]}]}
"""


def result(asked: str, more: str = "") -> tuple[list[str], set[str], set[str]]:
    found = said("RED105", FIRM.replace("ASKED", asked) + more)
    return found.subjects, found.passed, found.open


def test_what_is_used_and_what_is_not() -> None:
    assert result("contact.fax")[0] == ["opening"]
    assert result("identity.name.first")[1] == {"opening"}
    assert result("identity")[1] == {"opening"}


def test_the_channel_takes_an_address() -> None:
    assert result("contact.email")[1] == {"opening"}
    assert result("contact.phone")[0] == ["opening"]


def test_reasons_that_need_no_consumer() -> None:
    assert result("{attribute: contact.fax, legal_basis: AML}")[1] == {"opening"}
    assert result("preference.interests")[1] == {"opening"}
    assert result("contact.fax", "error_types: {e: {needs_attributes: [contact.fax]}}\n")[1] == {"opening"}


def test_consumers_that_do_not_say_leave_it_open() -> None:
    assert result("contact.fax", "insights: {report: {inputs: [crm]}}\n")[2] == {"opening"}
    assert said(
        "RED105", "data_sources: {a: {}}\ncollection_points: {p: {writes_to: [a], asks: [contact.fax]}}"
    ).open == {"p"}


def test_sensitive_data_are_major() -> None:
    (breach,) = said("RED105", FIRM.replace("ASKED", "finance.income")).breaches
    assert breach.severity == "major"
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"opening": {"asks": []}}},)
