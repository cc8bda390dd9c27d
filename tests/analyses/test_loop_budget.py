from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.loop_budget import LEAST_COST, loop_budget
from cx_map.analyses.loop_repair import cheapest_repair
from cx_map.analyses.repair_candidates import candidates
from cx_map.analyses.repair_operators import plan_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.inventory import Inventory
from cx_map.states.apply import with_changes
from tests.support import inventory_of

SHOP = """
segments: {shoppers: {}}
teams: {cx: {functions: [cx]}}
platforms: {mailer: {}, shop: {owner: cx}, till: {owner: cx}}
data_sources: {answers: {}, box: {}}
signals:
  web: {identity: known, segments: [shoppers], about: [shop], captured_in: [answers], volume: 3000}
  app: {identity: known, segments: [shoppers], about: [shop], captured_in: [answers], volume: 1000}
  desk: {identity: known, segments: [shoppers], about: [till], captured_in: [box], volume: 900}
insights: {board: {inputs: [answers], delivered_to: []}}
actions: {mend: {team: cx, triggered_by: [cx], informs: [sorry]}}
communications: {sorry: {segments: [shoppers], channels: [email], platforms: [mailer]}}
"""


def test_one_report_delivered_closes_two_loops_before_the_third() -> None:
    found = loop_budget(Ecosystem(inventory_of(SHOP)), budget=1)
    assert found.weighted
    assert (found.closed, found.open) == (4000, 4900)
    whole = loop_budget(Ecosystem(inventory_of(SHOP)))
    assert (whole.closed, whole.open, whole.more) == (4900, 4900, False)
    assert [step.signals for step in whole.steps] == [("app", "web"), ("desk",)]


def test_where_a_volume_is_not_known_signals_are_counted() -> None:
    found = loop_budget(Ecosystem(inventory_of(SHOP.replace(", volume: 900", ""))))
    assert (found.weighted, found.open) == (False, 3)


@st.composite
def shops(draw: st.DrawFn) -> dict[str, Any]:
    """A firm with three signals and a few ways that may be missing."""
    teams = ["t1", "t2"]
    stores = ["s1", "s2"]

    def some(values: list[str]) -> list[str]:
        return draw(st.lists(st.sampled_from(values), max_size=2, unique=True))

    return {
        "segments": {"m": {}},
        "teams": {name: {} for name in teams},
        "platforms": {"p": {}, "thing": {"owner": draw(st.sampled_from(teams))}},
        "data_sources": {name: {} for name in stores},
        "signals": {
            f"g{number}": {
                "identity": "known", "segments": ["m"], "about": ["thing"], "captured_in": some(stores),
                "volume": draw(st.sampled_from([10, 100, 350])),
            }
            for number in range(3)
        },
        "insights": {"i": {"inputs": some(stores), "delivered_to": some(teams)}},
        "actions": {"a": {"team": draw(st.sampled_from(teams)), "triggered_by": some(teams), "informs": some(["c"])}},
        "communications": {"c": {"segments": ["m"], "channels": ["email"], "platforms": ["p"]}},
    }  # fmt: skip


def closed(inventory: Inventory) -> set[str]:
    verdicts = closed_loops(Ecosystem(inventory))
    return {one.signal.id for one in verdicts} - {one.signal.id for one in verdicts if not one.closed}


def gain(inventory: Inventory, changes: Any, volumes: dict[str, float]) -> float:
    before, after = closed(inventory), closed(with_changes(inventory, changes))
    return sum(volumes[name] for name in after - before) - sum(volumes[name] for name in before - after)


def best_rate(inventory: Inventory, volumes: dict[str, float], budget: float = float("inf")) -> float:
    """The best volume for its cost of any repair within a budget, by trying them all."""
    eco = Ecosystem(inventory)
    rates = [0.0]
    for verdict in closed_loops(eco):
        if verdict.closed:
            continue
        offers = candidates(eco)
        repair = cheapest_repair(verdict, offers)
        if repair is not None and max(repair.cost, LEAST_COST) <= budget:
            changes = plan_of(repair, verdict, offers).operators
            rates.append(gain(inventory, changes, volumes) / max(repair.cost, LEAST_COST))
    return max(rates)


@settings(max_examples=40, deadline=None)
@given(shops())
def test_every_step_closes_what_it_says_and_is_the_best_of_its_round(shop: dict[str, Any]) -> None:
    inventory = inventory_of("".join(f"{key}: {json.dumps(value)}\n" for key, value in shop.items()))
    volumes = {name: float(one["volume"]) for name, one in shop["signals"].items()}
    found = loop_budget(Ecosystem(inventory))
    assert found.open == sum(volumes.values()) - sum(volumes[name] for name in closed(inventory))
    for step in found.steps:
        before = closed(inventory)
        assert step.volume / step.cost == pytest.approx(best_rate(inventory, volumes))
        inventory = with_changes(inventory, step.operators)
        assert set(step.signals) == closed(inventory) - before
        assert step.volume == sum(volumes[name] for name in step.signals)
    assert not found.more
    assert best_rate(inventory, volumes) == 0, "nothing is left that a repair would close"


@settings(max_examples=25, deadline=None)
@given(shops(), st.sampled_from([1.0, 4.0, 6.0]))
def test_a_budget_is_kept_and_not_left_unused(shop: dict[str, Any], budget: float) -> None:
    inventory = inventory_of("".join(f"{key}: {json.dumps(value)}\n" for key, value in shop.items()))
    volumes = {name: float(one["volume"]) for name, one in shop["signals"].items()}
    found = loop_budget(Ecosystem(inventory), budget)
    assert sum(step.cost for step in found.steps) <= budget
    for step in found.steps:
        inventory = with_changes(inventory, step.operators)
    left = budget - sum(step.cost for step in found.steps)
    assert best_rate(inventory, volumes, left) == 0, "nothing that the rest could pay for closes more"
