"""The changes that resolve several findings: what they promise holds in an audit of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding, Report, RootCause
from cx_map.audit.root_causes import WORK, _cover, _customers, root_causes, tries_for
from cx_map.audit.settings import Settings
from cx_map.errors import Location
from cx_map.load.loader import load
from cx_map.model.inventory import Inventory
from cx_map.report.first_page import cause_text, first_lines
from cx_map.report.formats import FORMATS
from cx_map.report.json_form import report_json
from cx_map.report.lines import plain
from cx_map.rulekit import Range
from cx_map.rulekit.severity import at_least
from cx_map.states.apply import with_changes
from tests.support import inventory_of

ROOT = Path(__file__).parents[2]

BORDER = """
lines_of_business: {cards: {customers: 9000}, loans: {customers: 5000}}
overlaps: [{between: [cards, loans], customers: 4000}]
products: {card: {line_of_business: cards}, loan: {line_of_business: loans}}
segments: {people: {customers: 5000, products: [card, loan]}}
channels: {portal: {kind: portal}}
data_sources:
  card-crm: {line_of_business: cards, role: customer_master, holds: [contact.email, contact.postal_address]}
  loan-crm: {line_of_business: loans, holds: [account.number]}
collection_points:
  opening: {line_of_business: cards, segments: [{segment: people, volume: 100/month, reach: 100%}], writes_to: [card-crm],
    asks: [contact.email, contact.postal_address]}
  loan-form: {line_of_business: loans, segments: [{segment: people, volume: 50/month, reach: 50%}], writes_to: [loan-crm],
    reads: [loan-crm], asks: [contact.email]}
  loan-change: {line_of_business: loans, segments: [{segment: people, volume: 40/month, reach: 40%}], writes_to: [loan-crm],
    reads: [loan-crm], asks: [contact.postal_address]}
"""


def found(inventory: Inventory, tries: int | None = None) -> tuple[Report, tuple[RootCause, ...]]:
    settings = Settings()
    report = audit(inventory, settings)
    causes = root_causes(inventory, report, settings, tries)
    return replace(report, root_causes=causes), causes.found


@pytest.mark.parametrize("folder", ["inventories/nordvik-bank", "inventories/va-notifications"])
def test_every_change_resolves_what_it_says_and_brings_nothing_bad(folder: str) -> None:
    inventory = load(str(ROOT / folder))
    report, causes = found(inventory)
    assert causes
    before = {one.fingerprint for one in report.findings} | {
        each.fingerprint for one in report.findings for each in one.consequences
    }
    for cause in causes:
        assert len(cause.resolves) > 1
        after = audit(with_changes(inventory, cause.changes), Settings(), as_of=report.as_of)
        left = {one.fingerprint for one in after.findings} | {
            each.fingerprint for one in after.findings for each in one.consequences
        }
        assert set(cause.resolves) == {one.fingerprint for one in report.findings} - left
        assert not [one for one in after.findings if one.fingerprint not in before and at_least(one.severity, "major")]


def test_a_border_is_opened_by_one_flow_that_serves_all_who_ask_again() -> None:
    report, causes = found(inventory_of(BORDER))
    asked_again = {one.fingerprint for one in report.findings if one.code == "RED102"}
    assert len(asked_again) == 2
    best = causes[0]
    assert asked_again <= set(best.resolves)
    assert best.border == ("cards", "loans")
    flows = [one["connect"] for one in best.changes if "connect" in one]
    assert [(one["from"], one["to"]) for one in flows] == [("card-crm", "loan-crm")]
    assert set(flows[0]["carries"]) >= {"contact.email", "contact.postal_address"}
    assert "open the border between 'cards' and 'loans'" in cause_text(best)


def test_every_form_for_people_begins_with_them_and_json_has_them_as_data() -> None:
    report, causes = found(inventory_of(BORDER))
    assert plain(first_lines(report)).startswith(f"Start here: {len(causes)} change")
    assert "### Start here" in FORMATS["markdown"](report)
    told = report_json(report)["root_causes"]
    assert told["tried"] <= told["candidates"]
    assert told["found"][0]["resolves"] == list(causes[0].resolves)
    assert report_json(replace(report, root_causes=None))["root_causes"] is None


def test_the_order_of_files_does_not_matter() -> None:
    parts = [text + "\n" for text in BORDER.strip().split("\n")]
    kinds: list[str] = []
    for part in parts:
        if part.startswith(" "):
            kinds[-1] += part
        else:
            kinds.append(part)
    assert found(inventory_of(*kinds))[1] == found(inventory_of(*reversed(kinds)))[1]


def test_a_change_that_costs_as_much_as_mending_one_by_one_is_no_root_cause() -> None:
    text = "teams: {docs: {}}\ncommunications:\n" + "".join(
        f"  c{number}: {{purpose: regulatory, channels: [email], platforms: [ccm]}}\n" for number in range(4)
    )
    report, causes = found(inventory_of(text + "platforms: {ccm: {owner: docs}}\n"))
    assert sum(one.code == "GOV101" for one in report.findings) == 4
    assert not any(set(cause.codes) == {"GOV101"} for cause in causes)


def test_large_inventories_get_fewer_tries_and_say_so() -> None:
    assert tries_for(10) > tries_for(1_000) > tries_for(WORK + 1) == 0
    inventory = inventory_of(BORDER)
    report, causes = found(inventory, tries=0)
    assert causes == ()
    assert report.root_causes is not None
    assert report.root_causes.candidates > report.root_causes.tried == 0


def _finding(number: int, customers: int) -> Finding:
    return Finding(
        "RED101", "x", "major", "high", "", f"s{number}", "flows", (), None, Location("", 1, 1, 1, 1), str(number),
        measures={"customers_per_month": Range(customers, customers)},
    )  # fmt: skip


@given(
    st.lists(st.integers(0, 5), min_size=6, max_size=6),
    st.lists(st.tuples(st.frozensets(st.integers(0, 5), min_size=2), st.sampled_from([1, 5, 7.5])), max_size=6),
)
def test_each_pick_of_the_cover_is_the_best_for_what_is_left(
    customers: list[int], changes: list[tuple[frozenset[int], float]]
) -> None:
    findings = [_finding(number, size) for number, size in enumerate(customers)]
    causes = [
        RootCause(str(number), (), cost, tuple(str(one) for one in sorted(some)), ())
        for number, (some, cost) in enumerate(changes)
    ]
    open_ = {str(number) for number in range(6)}

    def worth(cause: RootCause) -> float:
        more = [customers[int(one)] for one in cause.resolves if one in open_]
        return len(more) * max(1, *more) / cause.cost if len(more) > 1 else 0.0

    picked = list(_cover(causes, findings))
    for cause in picked:
        assert worth(cause) == pytest.approx(max(worth(one) for one in causes))
        assert worth(cause) > 0
        open_ -= set(cause.resolves)
    assert all(worth(one) == 0 for one in causes)


def test_findings_of_one_subject_are_about_the_same_customers() -> None:
    one, other = _finding(0, 400), _finding(1, 300)
    same = msgspec.structs.replace(other, subject=one.subject)
    assert _customers([one, other]) == Range(400, 700)
    assert _customers([one, same]) == Range(400, 400)
