from __future__ import annotations

from cx_map.rulekit import Range
from cx_map.rules.silos.line_isolated_though_it_shares_customers import Parameters
from cx_map.rules.silos.line_isolated_though_it_shares_customers import line_isolated_though_it_shares_customers as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import example, findings_of, without
from tests.rules.pages import quantities as quantities_of
from tests.support import inventory_of

FIRM = """
lines_of_business: {a: {customers: 1000}, b: {customers: 4000}}
defaults: {data_sources: {line_of_business: a}}
data_sources:
  a1: {holds: [contact.email, contact.phone]}
  a2: {}
  a3: {}
  b1: {line_of_business: b, holds: [contact.email, account.number, language]}
  b2: {line_of_business: b}
  b3: {line_of_business: b}
OVERLAP
flows:
  - {from: a1, to: a2, carries: [contact.email, contact.phone]}
  - {from: a2, to: a3, carries: [contact.email, contact.phone]}
  - {from: b1, to: b2, carries: [contact.email, account.number]}
  - {from: b2, to: b3, carries: [contact.email, account.number]}
MORE
"""


def firm(overlap: str = "overlaps: [{between: [a, b], customers: 200}]", more: str = "") -> str:
    return FIRM.replace("OVERLAP", overlap).replace("MORE", more)


def test_an_isolated_line_that_shares_customers() -> None:
    found = findings(rule, firm())
    assert [one.subject for one in found] == ["a"]  # only 200 of b's 4,000 customers are shared
    (finding,) = found
    assert finding.measures["ratio"] == 0
    assert finding.measures["overlap"] == 0.2
    assert finding.measures["index"] == 200
    assert finding.related == ("b",)
    assert ("no path", "from 'a1' to 'b1'") in finding.evidence
    assert passed(rule, firm()) == {"b"}


def test_overlap_zero_is_quiet_and_unknown_is_not_clean() -> None:
    assert passed(rule, firm("overlaps: [{between: [a, b], customers: 0}]")) == {"a", "b"}
    assert set(not_assessed(rule, firm(""))) == {"a", "b"}
    assert set(not_assessed(rule, firm("overlaps: [{between: [a, b]}]"))) == {"a", "b"}


def test_policy_silences_it() -> None:
    assert passed(rule, firm(more="  - {from: a1, to: b1, policy: blocked}")) == {"a", "b"}


def test_enough_exchange_passes_whatever_the_overlap() -> None:
    joined = (
        "  - {from: a1, to: b1, carries: [contact.email, contact.phone]}\n  - {from: b1, to: a1, carries: [language]}"
    )
    assert passed(rule, firm(more=joined)) == {"a", "b"}
    one = inventory_of(firm(more="  - {from: a1, to: b1, carries: [contact.email]}"))
    (finding,) = findings_of(rule, one)
    assert finding.path[0].source == "a1"


def test_small_lines_and_lines_without_flows_are_not_assessed() -> None:
    assert set(not_assessed(rule, firm().replace("  a3: {}\n", "  a3: {line_of_business: b}\n"))) == {"a"}
    lonely = firm().split("flows:")[0]
    assert set(not_assessed(rule, lonely)) == {"a", "b"}
    assert "a" in passed(rule, firm(), parameters=Parameters(overlap=0.3))


def test_the_fix_opens_the_border_far_enough() -> None:
    inventory = inventory_of(firm().replace("[contact.email, account.number, language]", "[contact.email]"))
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert len(finding.fix.changes) == 2  # two attributes one way are not enough
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []
    assert findings_of(rule, with_changes(inventory, finding.fix.changes[:1])) != []


def test_segments_alone_give_a_hypothesis_only() -> None:
    text = firm(
        "products: {p: {line_of_business: a}, q: {line_of_business: b}}\nsegments: {all: {customers: 900, products: [p, q]}}"
    )
    assert {one.confidence for one in findings(rule, text)} == {"low"}


def test_taking_the_customers_away_leaves_it_open() -> None:
    inventory = example(rule)
    for evidence in quantities_of(inventory):
        assert findings_of(rule, without(inventory, evidence)) == [] or evidence.entity.id == "cards"


def test_one_finding_is_the_island() -> None:
    assert one_finding(rule, firm()).severity == "major"


def test_the_fix_prefers_the_customer_master_then_a_shared_store() -> None:
    def ends(text: str) -> set[tuple[object, object]]:
        inventory = inventory_of(text)
        (finding,) = [one for one in findings_of(rule, inventory) if one.subject == "a"]
        assert finding.fix is not None
        assert "a" not in {one.subject for one in findings_of(rule, with_changes(inventory, finding.fix.changes))}
        connects = [change["connect"] for change in finding.fix.changes]
        return {(one["from"], one["to"]) for one in connects if isinstance(one, dict)}

    assert ends(firm()) == {("b1", "a1")}
    hub = "  hub: {role: customer_master, line_of_business: b, holds: [contact.email, contact.phone]}\nOVERLAP"
    master = FIRM.replace("OVERLAP", hub)
    assert ends(master.replace("OVERLAP", "overlaps: [{between: [a, b], customers: 200}]").replace("MORE", "")) <= {
        ("a1", "hub"), ("hub", "a1")
    }  # fmt: skip


def test_a_master_of_no_known_line_that_only_this_line_is_joined_to_does_not_open_the_border() -> None:
    master = firm().replace(
        "data_sources:\n",
        "data_sources:\n  hub: {role: customer_master, line_of_business: unknown, holds: [contact]}\n",
    )
    inventory = inventory_of(master)
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert finding.fix.changes
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []
    joined = inventory_of(master.replace("flows:\n", "flows:\n  - {from: b1, to: hub, carries: [contact.email]}\n"))
    (finding,) = findings_of(rule, joined)
    assert finding.fix is not None
    assert "'hub'" in finding.fix.summary, "joined to another line, it counts"
    assert findings_of(rule, with_changes(joined, finding.fix.changes)) == []


def test_customers_shared_with_several_lines_are_a_union() -> None:
    """200 with one line and 300 with another: between 300 and 500 customers, not 300."""
    more = firm("overlaps: [{between: [a, b], customers: 200}, {between: [a, c], customers: 300}]")
    text = more.replace("b: {customers: 4000}}", "b: {customers: 4000}, c: {customers: 9000}}")
    shared = one_finding(rule, text).measures["shared_customers"]
    assert isinstance(shared, Range)
    assert (shared.low, shared.high) == (300, 500)


def test_an_attribute_under_two_names_crosses_the_border_once() -> None:
    crossing = "  - {from: a3, to: b3, carries: [NAMES]}"
    once = one_finding(rule, firm(more=crossing.replace("NAMES", "contact.email")))
    twice = one_finding(rule, firm(more=crossing.replace("NAMES", "contact.email, e-mail")))
    assert once.measures["ratio"] == twice.measures["ratio"]
    assert ("crosses the border", "1 of 9 flow ends, counted by attributes carried") in once.evidence


def test_the_fix_joins_no_mailbox_where_there_is_another_store() -> None:
    """A mailbox that holds more than the line's system is nothing to bring data to: nothing is built on one."""
    text = firm().replace("  a2: {}", "  a2: {kind: mailbox, holds: [contact.email, contact.phone, language]}")
    fix = one_finding(rule, text).fix
    assert fix is not None
    ends = {
        end
        for change in fix.changes
        for one in change.values()
        if isinstance(one, dict)
        for end in (one["from"], one["to"])
    }
    assert ends == {"a1", "b1"}
