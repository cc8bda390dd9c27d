"""LOOP106 and LOOP107: causes removed, and whether anybody looks."""

from __future__ import annotations

import pytest

from cx_map.audit.findings import Finding
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rulekit import NotAssessed
from cx_map.rules.feedback.fix_not_verified import fix_not_verified
from cx_map.rules.feedback.no_outer_loop import Parameters, no_outer_loop
from cx_map.states.apply import with_changes
from tests.rules.pages import findings_of
from tests.support import inventory_of

SINGLE = """
teams: {billing: {}}
platforms: {bill: {owner: billing}}
data_sources: {cases: {}}
signals: {g: {about: [bill], captured_in: [cases], volume: 900}}
actions: {explain: {team: billing, triggered_by: [billing], changes: []}}
flows: [{from: cases, to: billing, via: event}]
"""


def found(text: str) -> list[Finding]:
    return findings_of(no_outer_loop, inventory_of(text))


def reasons(text: str) -> list[str]:
    verdicts = no_outer_loop.check(Ecosystem(inventory_of(text)))
    return [one.reason for one in verdicts if isinstance(one, NotAssessed)]


def test_frequent_signals_need_somebody_who_changes_the_thing() -> None:
    (finding,) = found(SINGLE)
    assert finding.message == "'g' comes again and again, and nobody changes 'bill' (900 signals a month, reported)"
    assert finding.label == "'explain' changes nothing of it"
    assert found(SINGLE.replace("changes: []", "changes: [bill]")) == []


@pytest.mark.parametrize(("volume", "count"), [("99", 0), ("100", 1), ("{value: 200, low: 50}", 0)])
def test_frequent_is_from_a_hundred_a_month_for_sure(volume: str, count: int) -> None:
    assert len(found(SINGLE.replace("volume: 900", f"volume: {volume}"))) == count


def test_the_top_tenth_is_judged_whatever_its_number() -> None:
    rare = "".join(f"  g{n}: {{about: [bill], captured_in: [cases], volume: {n}}}\n" for n in range(1, 21))
    text = SINGLE.replace("signals: {g: {about: [bill], captured_in: [cases], volume: 900}}\n", f"signals:\n{rare}")
    assert sorted(one.subject for one in found(text)) == ["g19", "g20"]
    few = inventory_of(text)
    assert list(no_outer_loop.check(Ecosystem(few), Parameters(top_share=0.05)))


def test_unknown_is_not_judged_and_left_out_is_less_sure() -> None:
    assert reasons(SINGLE.replace(", volume: 900", "")) == ["nobody says how many signals there are"]
    assert reasons(SINGLE.replace("changes: []", "changes: unknown")) == [
        "what a reached action changes is said to be unknown"
    ]
    assert reasons(SINGLE.replace("about: [bill], ", "")) == ["nobody says what the signal is about"]
    assert [one.confidence for one in found(SINGLE.replace(", changes: []", ""))] == ["medium"]
    assert [one.confidence for one in found(SINGLE)] == ["high"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("captured_in: [cases], ", ""),
        ("to: billing, via: event", "to: billing, via: none"),
        ("owner: billing", "tags: [x]"),
    ],
)
def test_the_fix_makes_an_owner_change_it(before: str, after: str) -> None:
    inventory = inventory_of(SINGLE.replace(before, after))
    (finding,) = findings_of(no_outer_loop, inventory)
    assert finding.fix is not None
    assert findings_of(no_outer_loop, with_changes(inventory, finding.fix.changes)) == []


def test_a_fix_that_nobody_measures_is_not_verified() -> None:
    text = SINGLE.replace("changes: []", "changes: [bill]") + "metrics: {m: {about: [cases]}}"
    inventory = inventory_of(text)
    (finding,) = findings_of(fix_not_verified, inventory)
    assert finding.message == "'explain' changes 'bill' because of 'g', and nobody looks whether it helps"
    assert finding.fix is not None
    assert findings_of(fix_not_verified, with_changes(inventory, finding.fix.changes)) == []
    assert findings_of(fix_not_verified, inventory_of(text.replace("metrics: {m: {about: [cases]}}", ""))) == [], (
        "no metric at all"
    )
