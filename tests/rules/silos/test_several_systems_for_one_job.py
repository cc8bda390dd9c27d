from __future__ import annotations

import pytest

from cx_map.audit.findings import Finding
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rulekit import Breach, NotAssessed, Passed
from cx_map.rules.silos.several_systems_for_one_job import Parameters, several_systems_for_one_job
from tests.rules.pages import findings_of
from tests.support import inventory_of

BANK = """
lines_of_business: {cards: {customers: 100000}, loans: {customers: 50000}}
platforms:
  a: {capabilities: [compose, print], serves: [cards]A}
  b: {capabilities: [compose], serves: [loans]B}
communications:
  card-bill: {VOLUMES routes: [{channel: letter, platforms: [a]}]}
  loan-bill: {VOLUMES routes: [{channel: letter, platforms: [b]}]}
"""


def bank(volumes: str = "volume: 1000/month,", a: str = "", b: str = "", more: str = "") -> str:
    return BANK.replace("VOLUMES", volumes).replace("A}", f"{a}}}").replace("B}", f"{b}}}") + more


def findings(text: str) -> list[Finding]:
    return findings_of(several_systems_for_one_job, inventory_of(text))


def test_two_equal_systems_of_two_lines_are_two_systems_in_effect() -> None:
    (finding,) = findings(bank())
    assert finding.measures["effective_systems"] == 2
    assert finding.subject == "a"
    assert set(finding.related) == {"b", "cards", "loans"}
    assert finding.severity == "minor"


def test_threshold_is_a_parameter() -> None:
    eco = Ecosystem(inventory_of(bank()))
    verdicts = list(several_systems_for_one_job.check(eco, Parameters(effective_systems=2.1)))
    assert {one.subject for one in verdicts if isinstance(one, Passed)} == {"a", "b"}


def test_one_line_may_run_two_systems() -> None:
    assert findings(bank().replace("[loans]", "[cards]")) == []


def test_a_line_and_its_part_are_one_line() -> None:
    assert findings(bank().replace("loans: {", "loans: {parent: cards, ")) == []


def test_lines_follow_from_the_communications_served() -> None:
    text = bank().replace(", serves: [cards]", "").replace(", serves: [loans]", "")
    assert findings(text) == []
    verdicts = list(several_systems_for_one_job.check(Ecosystem(inventory_of(text))))
    assert {one.subject for one in verdicts if isinstance(one, NotAssessed)} >= {"b"}
    text = text.replace("card-bill: {", "card-bill: {line_of_business: cards, ")
    text = text.replace("loan-bill: {", "loan-bill: {line_of_business: loans, ")
    assert len(findings(text)) == 1


def test_counting_communications_is_said() -> None:
    (finding,) = findings(bank(volumes=""))
    assert "items_per_month" not in finding.measures
    assert any("communications, because" in text for _, text in finding.evidence)


def test_shared_customers_on_different_systems_make_it_major() -> None:
    overlap = "overlaps: [{between: [cards, loans], customers: 20000}]"
    assert findings(bank(more=overlap))[0].severity == "major"
    assert findings(bank(more="overlaps: [{between: [cards, loans]}]"))[0].severity == "minor"


def test_the_keeper_is_not_on_its_way_out() -> None:
    assert dict(findings(bank())[0].evidence)["keep"] == "'a': end of support not stated, 1,000 items a month"
    leaving = findings(bank(a=", disposition: eliminate"))[0]
    assert dict(leaving.evidence)["keep"].startswith("'b'")
    assert leaving.fix is not None
    assert leaving.fix.summary.startswith("consolidate on 'b', in this order: 'a'")


@pytest.mark.parametrize(
    ("a", "b", "keeper"),
    [
        ("2035", None, "a"), (None, "2035", "b"), ("2030", "2035", "b"), ("2031", "2031-06", "a"),
        ("2020", None, "b"), (None, "2020", "a"),
        (None, "2026-12", "a"), ("2027-12", None, "a"), ("2027-11", None, "b"),
    ],
)  # fmt: skip
def test_an_end_of_support_that_is_not_stated_is_not_a_late_one(a: str | None, b: str | None, keeper: str) -> None:
    ends = [f", end_of_support: {end}" if end else "" for end in (a, b)]
    (finding,) = findings(bank(a=ends[0], b=ends[1], more="references: {r: {as_of: 2026-06-15}}\n"))
    assert dict(finding.evidence)["keep"].startswith(f"'{keeper}'")


def test_a_capability_outside_the_job_makes_no_keeper() -> None:
    more = "  gold-bill: {volume: 500/month, routes: [{channel: letter, platforms: [b]}]}\n"
    wide = bank(more=more).replace("[compose, print]", "[compose, deliver_email, archive]")
    verdicts = several_systems_for_one_job.check(Ecosystem(inventory_of(wide)), Parameters(effective_systems=1.5))
    (breach,) = [one for one in verdicts if isinstance(one, Breach)]
    assert dict(breach.evidence)["keep"].startswith("'b': end of support not stated, 1,500 items")


def test_stand_ins_of_the_keeper_stay() -> None:
    text = bank(
        more="""
  code:
    volume: 100/month
    routes:
      - {id: x, channel: letter, platforms: [b]}
      - {id: y, channel: email, platforms: [c], fallback_for: x}
"""
    ).replace("platforms:\n", "platforms:\n  c: {capabilities: [compose], serves: [loans]}\n", 1)
    verdicts = several_systems_for_one_job.check(Ecosystem(inventory_of(text)), Parameters(effective_systems=1.9))
    (breach,) = [one for one in verdicts if isinstance(one, Breach)]
    assert ("stand in for each other", "'b', 'c'") in breach.evidence
    assert breach.fix is not None
    assert breach.fix.summary.startswith("consolidate on 'b', in this order: 'a';")
    supported = text.replace("serves: [cards]", "serves: [cards], end_of_support: 2035")
    verdicts = several_systems_for_one_job.check(Ecosystem(inventory_of(supported)), Parameters(effective_systems=1.9))
    (breach,) = [one for one in verdicts if isinstance(one, Breach)]
    assert breach.fix is not None
    assert breach.fix.summary.startswith(
        "consolidate on 'a', in this order: 'c', 'b', with a stand-in such as they have;"
    )


def test_systems_that_stand_in_for_each_other_are_not_duplicates() -> None:
    both = """
  alert: {volume: 9/month, routes: [{channel: letter, platforms: [{any_of: [b, a]}]}]}
"""
    assert findings(bank(more=both)) == []
    verdicts = list(several_systems_for_one_job.check(Ecosystem(inventory_of(bank(more=both)))))
    assert {one.subject for one in verdicts if isinstance(one, Passed)} == {"a", "b"}


def test_the_cost_saved_is_told_only_where_it_is_known() -> None:
    assert "saved_cost_per_year" not in findings(bank(a=", cost_per_year: 10 EUR"))[0].measures
    assert findings(bank(b=", cost_per_year: 10 EUR"))[0].measures["saved_cost_per_year"] == 10


def test_partly_known_volumes_must_agree_with_the_count() -> None:
    text = bank() + "  gold-bill: {volume: 90000/month, routes: [{channel: letter, platforms: [a]}]}\n"
    assert findings(text) == []
    unclear = bank().replace("volume: 1000/month,", "", 1)
    verdicts = list(several_systems_for_one_job.check(Ecosystem(inventory_of(unclear))))
    assert {one.subject for one in verdicts if isinstance(one, NotAssessed)} == {"b"}


def test_same_systems_for_two_jobs_are_one_finding() -> None:
    (finding,) = findings(bank().replace("[compose]", "[compose, print]"))
    assert "'compose', 'print'" in finding.message
