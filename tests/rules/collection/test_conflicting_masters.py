"""RED103: overlapping masters, undeclared ones, and two-way flows without a policy."""

from __future__ import annotations

import textwrap

from tests.rules.collection.said import said


def masters(first: str, second: str) -> str:
    return f"""
    products: {{card: {{}}, loan: {{}}}}
    data_sources:
      crm: {{holds: [{{attribute: contact.email, mastery: master{first}}}]}}
      los: {{holds: [{{attribute: contact.email, mastery: master{second}}}]}}
    """


def test_scopes_that_overlap() -> None:
    assert said("RED103", masters("", "")).subjects == ["crm"]
    assert said("RED103", masters(", products: [card]", "")).subjects == ["los"]
    result = said("RED103", masters(", products: [card]", ", products: [loan]"))
    assert result.breaches == []
    assert result.passed == {"crm", "los"}


def test_a_segment_is_one_of_its_products() -> None:
    text = textwrap.dedent(masters(", segments: [owners]", ", products: [loan]"))
    assert said("RED103", text + "segments: {owners: {products: [card]}}").breaches == []
    assert said("RED103", text + "segments: {owners: {products: [card, loan]}}").subjects == ["crm"]
    assert said("RED103", text + "segments: {owners: {}}").subjects == ["crm"], "of whatever product"


def test_a_narrower_master_carves_itself_out() -> None:
    text = masters("", "").replace("contact.email", "contact", 1)
    assert said("RED103", text).passed == {"crm", "los"}
    twice = text.replace("los: {", "hr: {holds: [{attribute: contact.email, mastery: master}]}\n      los: {")
    (breach,) = said("RED103", twice).breaches
    assert breach.discriminator == ("contact.email",)
    assert {breach.subject.id, *breach.related} == {"hr", "los"}


def test_the_customer_master_is_kept() -> None:
    (breach,) = said("RED103", masters("", "").replace("los: {", "los: {role: customer_master, ")).breaches
    assert breach.subject.id == "los"
    assert breach.fix is not None
    assert {"connect": {"from": "los", "to": "crm", "via": "api", "carries": ["contact.email"]}} in breach.fix.changes


def test_written_to_twice_and_nobody_is_master() -> None:
    text = """
    data_sources: {crm: {holds: [{attribute: contact.email, mastery: MASTERY}]}, los: {}}
    collection_points:
      one: {asks: [contact.email], writes_to: [crm]}
      two: {asks: [contact.email], writes_to: [los]}
    """
    assert said("RED103", text.replace("MASTERY", "copy")).subjects == ["crm"]
    assert said("RED103", text.replace("MASTERY", "master")).breaches == []
    nobody = said("RED103", text.replace("{attribute: contact.email, mastery: MASTERY}", "contact.email"))
    assert nobody.breaches == []
    assert nobody.open == {"crm", "los"}


def test_two_way_flows_say_who_wins() -> None:
    text = "data_sources: {a: {}, b: {}}\nflows: [{from: a, to: b, via: api, two_way: true, carries: [contact]}]"
    assert said("RED103", text).subjects == ["a->b"]
    assert said("RED103", text.replace("two_way: true", "two_way: true, conflict_policy: latest wins")).passed == {
        "a->b"
    }


def test_a_store_for_other_answers_of_a_form_is_no_second_home() -> None:
    text = """
    data_sources: {crm: {holds: [{attribute: contact.email, mastery: copy}]}, meter: {HOLDS}}
    collection_points: {form: {asks: [contact.email, usage.meter], writes_to: [crm, meter]}}
    """
    assert said("RED103", text.replace("HOLDS", "vendor: X")).subjects == ["crm"]
    assert said("RED103", text.replace("HOLDS", "holds: [contact]")).subjects
    assert said("RED103", text.replace("HOLDS", "holds: [usage.meter]")).breaches == []


def test_what_says_not_what_it_holds_is_not_made_to_hold_one_thing_only() -> None:
    text = """
        data_sources: {crm: {}, app-db: {holds: [{attribute: contact.email, mastery: copy}]}}
        collection_points: {one: {asks: [contact.email], writes_to: [crm]}, two: {asks: [contact.email], writes_to: [app-db]}}
        """
    (breach,) = said("RED103", text).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ()


def test_every_name_of_the_attribute_in_a_store_becomes_a_copy() -> None:
    text = """
        data_sources:
          crm: {role: customer_master, holds: [{attribute: contact.email, mastery: master}]}
          old: {holds: [{attribute: E-Mail, mastery: master}, identity.name, {attribute: adres e-mail, mastery: master}]}
        """
    (breach,) = said("RED103", text).breaches
    assert breach.fix is not None
    assert breach.fix.changes[0] == {
        "change": {
            "old": {
                "holds": [
                    {"attribute": "E-Mail", "mastery": "copy"},
                    "identity.name",
                    {"attribute": "adres e-mail", "mastery": "copy"},
                ]
            }
        }
    }


def test_a_two_way_flow_to_something_not_in_use_moves_nothing() -> None:
    text = "data_sources: {a: {}, b: {status: proposed}}\nflows: [{from: a, to: b, two_way: true, carries: [contact]}]"
    assert said("RED103", text).breaches == []
    assert said("RED103", text.replace("proposed", "pilot")).subjects == ["a->b"]


def test_stores_that_are_told_of_different_customers_do_not_contradict_each_other() -> None:
    """Two written-to stores without a master conflict where they keep some of the same customers."""
    text = """
        segments: {retail: {}, business: {}}
        data_sources: {a: {}, b: {}, old: {holds: [{attribute: contact.fax, mastery: copy}]}}
        collection_points:
          one: {segments: [retail], asks: [contact.fax], writes_to: [a]}
          two: {segments: [OTHER], asks: [contact.fax], writes_to: [b]}
    """
    assert said("RED103", text.replace("OTHER", "business")).breaches == []
    assert said("RED103", text.replace("OTHER", "retail")).subjects == ["a"]
    assert said("RED103", text.replace("segments: [OTHER], ", "")).subjects == ["a"]


def test_a_store_that_does_not_say_what_it_holds_may_be_the_master() -> None:
    text = """
        data_sources: {a: HOLDS, b: {holds: [contact.fax]}, old: {holds: [{attribute: contact.fax, mastery: copy}]}}
        collection_points: {one: {asks: [contact.fax], writes_to: [a, b]}}
    """
    (known,) = said("RED103", text.replace("HOLDS", "{holds: [contact.fax]}")).breaches
    assert known.basis == "reported"
    (silent,) = said("RED103", text.replace("HOLDS", "{}")).breaches
    assert silent.basis == "estimated"
    assert (
        silent.message
        == "'a' and 'b' are written to, and none of them is said to be master of 'contact.fax' for the same customers"
    )


def test_no_system_is_fed_from_a_spreadsheet_if_there_is_another() -> None:
    (breach,) = said("RED103", masters("", "").replace("crm: {", "crm: {kind: spreadsheet, ")).breaches
    assert breach.subject.id == "los"


def test_the_master_for_all_products_is_kept_before_one_for_some() -> None:
    (breach,) = said("RED103", masters(", products: [card]", "")).breaches
    assert breach.subject.id == "los"


def test_a_flow_that_feeds_two_of_the_others_is_added_once() -> None:
    master = "holds: [{attribute: contact.email, mastery: master}]"
    text = f"""
        lines_of_business: {{cards: {{}}, loans: {{}}}}
        data_sources:
          crm: {{role: customer_master, line_of_business: cards, {master}}}
          app: {{line_of_business: cards, {master}}}
          los: {{line_of_business: loans, {master}}}
        flows: [{{from: app, to: los, via: api, carries: [contact]}}]
        """
    (breach,) = said("RED103", text).breaches
    assert breach.fix is not None
    assert [change["connect"] for change in breach.fix.changes if "connect" in change] == [
        {"from": "crm", "to": "app", "via": "api", "carries": ["contact.email"]}
    ]


def test_a_line_s_system_is_master_of_its_own_customers() -> None:
    """Two lines' systems that say not for whom: rivals for an address where the lines share customers, not for orders."""
    text = """
        lines_of_business: {rail: {customers: 900}, coach: {customers: 500}, club: {parent: rail}}
        OVERLAPS
        data_sources:
          a: {line_of_business: LINE, holds: [{attribute: WHAT, mastery: master}]}
          b: {line_of_business: coach, holds: [{attribute: WHAT, mastery: master}]}
        """

    def told(what: str, customers: str | None, line: str = "rail") -> list[tuple[str, bool]]:
        overlaps = f"overlaps: [{{between: [rail, coach], customers: {customers}}}]" if customers is not None else ""
        inventory = text.replace("WHAT", what).replace("OVERLAPS", overlaps).replace("LINE", line)
        return [
            (one.basis, not one.message.endswith(", perhaps for the same customers"))
            for one in said("RED103", inventory).breaches
        ]

    assert told("contact.email", "100") == [("reported", True)]
    assert told("contact.email", None) == [("estimated", False)]
    assert told("contact.email", "0") == told("contact.email", "0", "club") == []
    assert told("order.ticket", "100") == [("estimated", False)]
    assert told("order.ticket", "100", "coach") == [("reported", True)], "one line, two masters"
    assert told("order.ticket", "0") == []
