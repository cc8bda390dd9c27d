"""A roadmap gone through phase by phase; analyses.md, H7."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cx_map.analyses.phase_simulation import broken, simulate
from cx_map.analyses.roadmap_order import roadmap_order
from cx_map.graph.ecosystem import Ecosystem
from cx_map.load.loader import load
from cx_map.states.phases import states, validate_roadmap
from tests.analyses.roadmap_firm import PLAN
from tests.states.generated import documents, inventory_from, operators
from tests.support import inventory_of

INVENTORIES = Path(__file__).parents[2] / "inventories"


def told(text: str) -> dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]]:
    """By phase what it breaks in its middle and at its end: invariant and subject."""
    return {
        one.id: (
            [(violation.invariant, violation.subject) for violation in one.inside],
            [(violation.invariant, violation.subject) for violation in one.after],
        )
        for one in simulate(Ecosystem(inventory_of(text)))
    }


def test_the_plan_of_h7_is_rejected_in_phases_one_and_three_though_start_and_end_are_fine() -> None:
    eco = Ecosystem(inventory_of(PLAN))
    phases = simulate(eco)
    assert [one.id for one in phases if one.rejected] == ["one", "three"]
    assert [(one.invariant, one.subject, one.about) for one in phases[0].after] == [
        ("I2", "statement", ("archive", "letter"))
    ]
    assert {one.invariant for one in phases[2].after} == {"I4"}
    assert broken(eco, eco, Ecosystem(states(eco.inventory)[-1])) == ()


def test_without_running_side_by_side_the_old_goes_before_the_new_is_there() -> None:
    assert told(PLAN.replace("      cutover: {parallel: 4w}\n", ""))["one"] == (
        [("I1", "statement")],
        [("I2", "statement")],
    )


def test_what_stays_broken_is_told_in_every_phase_until_it_is_mended() -> None:
    later = PLAN.replace(
        "    - id: two\n      changes: [", "    - id: two\n      changes: []\n    - id: late\n      changes: ["
    )
    assert [bool(after) for _, after in told(later).values()] == [True, True, False, True, False]


def test_what_is_wrong_today_is_not_the_plans_doing() -> None:
    today = PLAN.replace("  - {from: ccm-b, to: archive, via: file}\n", "").replace(
        "    - id: two\n      changes: [{for: arch-link, connect: {from: ccm-a, to: archive, via: api}}]\n", ""
    )
    assert told(today)["one"] == ([], [])


def test_without_a_roadmap_there_is_nothing_to_go_through() -> None:
    assert simulate(Ecosystem(inventory_of(PLAN.partition("roadmap:")[0]))) == ()


def test_the_roadmap_of_the_invented_bank_breaks_nothing() -> None:
    phases = simulate(Ecosystem(load(str(INVENTORIES / "nordvik-bank"))))
    assert len(phases) == 3
    assert [(one.id, one.after) for one in phases if one.after] == []


@settings(max_examples=12, deadline=None)
@given(documents(), st.lists(st.lists(operators(), max_size=3), min_size=1, max_size=3), st.booleans())
def test_any_roadmap_can_be_gone_through_and_phases_that_do_nothing_bring_nothing(
    document: dict[str, Any], phases: list[list[dict[str, Any]]], parallel: bool
) -> None:
    for communication in document["communications"].values():
        communication["purpose"] = "regulatory"
        communication["archive"] = "s1"
    cutover = {"cutover": {"parallel": "1w"}} if parallel else {}
    written: list[dict[str, Any]] = []
    for number, changes in enumerate(phases):
        written += [{"id": f"p{number}", "changes": changes, **cutover}, {"id": f"idle{number}", "changes": []}]
    document["roadmap"] = {"phases": written}
    eco = Ecosystem(inventory_from(document))
    assume(not validate_roadmap(eco.inventory))
    found = simulate(eco)
    assert [one.id for one in found] == [one["id"] for one in written]
    for busy, idle in zip(found[::2], found[1::2], strict=True):
        assert idle.inside == ()
        assert {one.key for one in idle.after} <= {one.key for one in busy.after}
    assert found == simulate(Ecosystem(inventory_from(document)))
    assert roadmap_order(eco).jobs == tuple(f"@p{number}" for number, changes in enumerate(phases) if changes)
