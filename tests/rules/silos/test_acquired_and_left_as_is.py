from __future__ import annotations

import pytest

from cx_map.rules.silos.acquired_and_left_as_is import acquired_and_left_as_is as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

FIRM = """
references: {r: {as_of: 2026-06-15}}
lines_of_business: {a: {customers: 1000}, b: {customers: 500, origin: acquired, acquired_on: DATE}}
data_sources: {a1: {line_of_business: a, holds: [contact.email]}, b1: {line_of_business: b, holds: [contact.email]}}
overlaps: [{between: [a, b], customers: 50}]
"""


def firm(flows: str, date: str = "2023-05") -> str:
    return FIRM.replace("DATE", date) + f"flows: [{flows}]"


@pytest.mark.parametrize("via", ["file", "manual", "rekey", "report"])
def test_files_and_hands_are_no_integration(via: str) -> None:
    inventory = inventory_of(firm(f"{{from: b1, to: a1, via: {via}, carries: [contact.email]}}"))
    (finding,) = findings_of(rule, inventory)
    assert (finding.subject, finding.severity) == ("b", "major")
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


@pytest.mark.parametrize("via", ["api", "event", "stream", "batch"])
def test_one_automated_flow_is_enough(via: str) -> None:
    assert passed(rule, firm(f"{{from: b1, to: a1, via: file}}, {{from: a1, to: b1, via: {via}}}")) == {"b"}


def test_no_flow_at_all_counts_only_where_flows_are_described() -> None:
    assert not_assessed(rule, firm("")) == {"b": "no flow from or to it is described"}
    text = firm("{from: b1, to: b2, via: api}").replace("data_sources: {", "data_sources: {b2: {line_of_business: b}, ")
    finding = one_finding(rule, text)
    assert "by no flow at all" in finding.message
    assert finding.fix is not None
    assert finding.fix.changes == ({"connect": {"from": "b1", "to": "a1", "via": "api", "carries": ["contact.email"]}},)


def test_flows_of_others_only_are_less_sure_evidence() -> None:
    text = firm("{from: a1, to: a2, via: api}").replace("data_sources: {", "data_sources: {a2: {line_of_business: a}, ")
    (finding,) = findings_of(rule, inventory_of(text))
    assert (finding.subject, finding.confidence) == ("b", "medium")
    assert "by no flow at all" in finding.message
    without = text.replace(", b1: {line_of_business: b, holds: [contact.email]}", "")
    assert not_assessed(rule, without) == {"b": "no flow from or to it is described"}


@pytest.mark.parametrize(
    ("date", "old"), [("2025-06-15", True), ("2025-06-16", False), ("2025", False), ("2024", True)]
)
def test_age_counts_from_the_last_possible_day(date: str, old: bool) -> None:
    text = firm("{from: b1, to: a1, via: file}", date)
    assert bool(findings(rule, text)) == old
    assert bool(passed(rule, text)) != old


def test_what_is_not_known() -> None:
    flow = "{from: b1, to: a1, via: file}"
    assert not_assessed(rule, firm(flow).replace("references: {r: {as_of: 2026-06-15}}", "")) == {
        "b": "there is no today to reckon from"
    }
    assert not_assessed(rule, firm(flow).replace(", acquired_on: 2023-05", "")) == {
        "b": "when it was acquired is not known"
    }
    assert set(not_assessed(rule, firm(flow).replace(", customers: 50", ""))) == {"b"}
    assert not_assessed(rule, firm(flow + ", {from: a1, to: b1}")) == {"b": "how data crosses its border is not known"}


def test_no_shared_customers_or_policy_pass() -> None:
    flow = "{from: b1, to: a1, via: file}"
    assert passed(rule, firm(flow).replace("customers: 50}", "customers: 0}")) == {"b"}
    assert passed(rule, firm(flow + ", {from: a1, to: b1, policy: blocked}")) == {"b"}


def test_an_acquired_platform_of_a_line_that_was_not() -> None:
    text = firm("{from: old, to: a1, via: file}").replace("origin: acquired, acquired_on: 2023-05", "origin: built")
    text += "\nplatforms: {old: {origin: acquired, acquired_on: 2020, line_of_business: b}}"
    assert one_finding(rule, text).subject == "old"
    assert passed(rule, text.replace("via: file", "via: api")) == {"old"}


def test_a_platform_is_judged_with_its_acquired_line() -> None:
    text = (
        firm("{from: b1, to: a1, via: file}") + "\nplatforms: {old: {origin: acquired, acquired_on: 2020, serves: [b]}}"
    )
    assert [one.subject for one in findings(rule, text)] == ["b"]


UNLINED = "data_sources: {lake: {}, "


def test_a_place_of_no_known_line_is_no_other_line() -> None:
    file = firm("{from: b1, to: a1, via: file}, {from: b1, to: lake, via: VIA}").replace("data_sources: {", UNLINED)
    assert not_assessed(rule, file.replace("VIA", "api")) == {
        "b": "which line of business 'lake' works for is not known"
    }
    assert not_assessed(rule, file.replace(", via: VIA", "")) == {
        "b": "which line of business 'lake' works for is not known"
    }
    assert passed(rule, file.replace("VIA", "api").replace("lake: {", "lake: {line_of_business: a")) == {"b"}
    finding = one_finding(rule, file.replace("lake: {", "lake: {line_of_business: b").replace("VIA", "api"))
    assert finding.measures["crossing_flows"] == 1


def test_a_file_that_may_not_even_cross_is_no_integration() -> None:
    text = firm("{from: b1, to: lake, via: file}").replace("data_sources: {", UNLINED)
    finding = one_finding(rule, text)
    assert finding.message.endswith("is joined to the firm by file at most")
    assert finding.evidence == (("may cross the border", "'b1' to 'lake' by file"),)


@pytest.mark.parametrize(
    ("date", "when"), [("2023-04-01", "on 2023-04-01"), ("2023-04", "in 2023-04"), ("2023", "in 2023")]
)
def test_a_day_is_on_and_a_month_is_in(date: str, when: str) -> None:
    assert f"acquired {when}, is" in one_finding(rule, firm("{from: b1, to: a1, via: file}", date)).message


def test_the_fix_goes_to_the_customer_master() -> None:
    def changes(text: str) -> list[object]:
        inventory = inventory_of(text)
        (finding,) = findings_of(rule, inventory)
        assert finding.fix is not None
        assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []
        return list(finding.fix.changes)

    hub = {"connect": {"from": "b1", "to": "hub", "via": "event", "carries": ["contact.email"]}}
    file = firm("{from: b1, to: a1, via: file, carries: [contact.email]}")
    for role in ("customer_master", "golden"):
        owned = f"data_sources: {{hub: {{role: {role}, line_of_business: a}}, "
        assert changes(file.replace("data_sources: {", owned)) == [hub]
    own = "data_sources: {hub: {role: customer_master, line_of_business: b}, "
    assert {"disconnect": {"from": "b1", "to": "a1"}} in changes(file.replace("data_sources: {", own))
    there = firm("{from: b1, to: a1, via: file, carries: [preference]}, {from: b1, to: hub, via: file}")
    there = there.replace("data_sources: {", "data_sources: {hub: {role: customer_master, line_of_business: a}, ")
    assert {"disconnect": {"from": "b1", "to": "hub"}} in changes(there)


def test_by_hand_is_said_in_words() -> None:
    finding = one_finding(rule, firm("{from: b1, to: a1, via: manual, carries: [contact.email]}"))
    assert finding.message.endswith("is joined to the firm only by hand")
    assert finding.fix is not None
    assert finding.fix.summary.startswith("replace the work by hand from ")


def test_ways_are_listed_like_words() -> None:
    flows = ", ".join(
        f"{{from: b1, to: a1, via: {via}, carries: [contact.email]}}" for via in ("file", "manual", "report")
    )
    assert one_finding(rule, firm(flows)).message.endswith("only by file, hand and report")


def test_a_new_flow_starts_at_no_spreadsheet_where_there_is_another_store() -> None:
    text = firm("{from: b1, to: b2, via: api}").replace(
        "data_sources: {",
        "data_sources: {b2: {line_of_business: b, kind: spreadsheet, holds: [contact.email, contact.phone]}, ",
    )
    fix = one_finding(rule, text).fix
    assert fix is not None
    assert fix.summary == "connect 'b1' to 'a1'"
