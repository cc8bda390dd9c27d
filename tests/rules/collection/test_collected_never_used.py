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
  statement: {content: [account.balance], routes: [{channel: email, platforms: [ccm]}]}
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


def test_whatever_anybody_wants_anywhere_is_used() -> None:
    assert result("finance.income")[0] == ["opening"]
    for more in (
        "touchpoints: {desk: {needs_context: [finance.income]}}",
        "touchpoints: {desk: {needs_context: [finance]}}",
        "error_types: {e: {needs_attributes: [finance.income]}}",
        "routing_rules: {r: {when: {finance.income: [high]}}}",
    ):
        assert result("finance.income", more + "\n") == ([], {"opening"}, set()), more
    for text in ("{content: [finance.income]}", "{personalises: [{attribute: offer, derived_from: [finance.income]}]}"):
        assert result("finance.income", f"  other: {text}\n") == ([], {"opening"}, set()), text
    retired = "  other: {content: [finance.income], status: retired}\n"
    assert result("finance.income", retired)[0] == ["opening"]


def test_one_consumer_is_not_enough_and_basics_need_them_all() -> None:
    alone = FIRM.replace("  statement: {", "  statement: {status: retired, ")
    assert said("RED105", alone.replace("ASKED", "finance.income")).open == {"opening"}
    more = "".join(f"  m{number}: {{content: [account], needs: [crm]}}\n" for number in range(6))
    silent = more + "  quiet: {needs: [crm]}\n"
    assert result("finance.income", silent)[0] == ["opening"]
    assert result("contact.fax", more)[0] == ["opening"]
    assert result("contact.fax", silent)[2] == {"opening"}


def test_consumers_behind_a_flow_that_perhaps_brings_it_count() -> None:
    more = (
        "flows: [{from: crm, to: archive, via: api, carries: unknown}, {from: crm, to: ccm, via: api, carries: ['*']}]"
    )
    text = FIRM.replace('flows: [{from: crm, to: ccm, via: api, carries: ["*"]}]', more)
    quiet = "".join(f"  m{number}: {{needs: [archive]}}\n" for number in range(3))
    assert said("RED105", text.replace("ASKED", "finance.income")).subjects == ["opening"]
    assert said("RED105", text.replace("ASKED", "finance.income") + quiet).open == {"opening"}


def test_the_number_of_those_who_are_called_back_is_used() -> None:
    text = """
        channels: {back: {kind: callback}}
        data_sources: {claims: {}}
        touchpoints:
          adjuster: {CHANNEL reads: [claims], needs_context: [case.description]}
          clerk: {reads: [claims], needs_context: [case.number]}
        collection_points: {claim-form: {asks: [contact.phone], writes_to: [claims]}}
        """
    assert said("RED105", text.replace("CHANNEL", "channel: back,")).passed == {"claim-form"}
    assert said("RED105", text.replace("CHANNEL", "")).subjects == ["claim-form"]


def test_points_that_only_verify_do_not_make_consumers_complete() -> None:
    text = """
        data_sources: {crm: {}}
        collection_points:
          form: {asks: [contact.fax], writes_to: [crm]}
          desk: {reads: [crm], writes_to: [], asks: [{attribute: identity.name, purpose: verify}, {attribute: contact.email, purpose: verify}]}
        """
    assert "form" in said("RED105", text).open


def test_asking_again_with_the_answer_filled_in_is_no_use_of_it() -> None:
    again = """
  again: {writes_to: [crm], asks: [{attribute: contact.fax, prefilled_from: crm}]}
"""
    firm = FIRM.replace("ASKED", "contact.fax").replace("communications:", again.lstrip("\n") + "communications:")
    assert said("RED105", firm).subjects == ["again", "opening"]
    lawful = firm.replace("prefilled_from: crm", "prefilled_from: crm, legal_basis: AML")
    assert said("RED105", lawful).passed == {"again", "opening"}, "what a law wants filled in is used"


def test_one_attribute_under_two_names_is_one_finding_and_its_fix_drops_both() -> None:
    twice = "Geburtsdatum, identity.name, identity.date_of_birth"
    (breach,) = said("RED105", FIRM.replace("ASKED", twice)).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"opening": {"asks": ["identity.name"]}}},)


def test_names_that_may_mean_one_thing_leave_it_open() -> None:
    """The form asks for a `loyality.tier` that nobody declares, the letters show the tier: nobody knows whether it is used."""
    text = """
        attributes: {loyalty.tier: {}}
        data_sources: {crm: {}}
        collection_points: {form: {asks: [loyality.tier], writes_to: [crm]}}
        communications:
          one: {needs: [crm], content: [loyalty.tier]}
          two: {needs: [crm], content: [identity.name]}
        """
    assert said("RED105", text).open == {"form"}
    assert said("RED105", text.replace("content: [loyalty.tier]", "content: [case.number]")).subjects == ["form"]
