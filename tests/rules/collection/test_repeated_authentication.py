"""RED110: twice in one session without passing the result on."""

from __future__ import annotations

import pytest

from cx_map.rulekit import Range
from tests.rules.collection.said import said

FIRM = """
touchpoints: {menu: {PASSES}, transfer: {}, agent: {}}
journeys: {call: {steps: STEPS, volume: 3600/month}}
collection_points:
  first: {touchpoint: menu, asks: [{attribute: identity.date_of_birth, purpose: verify}]}
  second: {touchpoint: agent, asks: [{attribute: identity.date_of_birth, purpose: verify, seconds: 20}]}
"""


def firm(steps: str = "[menu, transfer, agent]", passes: str = "") -> str:
    return FIRM.replace("STEPS", steps).replace("PASSES", passes)


def test_twice_in_a_journey() -> None:
    (breach,) = said("RED110", firm()).breaches
    assert (breach.subject.id, breach.related) == ("call", ("menu", "agent"))
    assert breach.measures["hours_per_month"].high == 20.0
    assert said("RED110", firm("[agent, menu]")).breaches[0].discriminator == ("menu",)


def test_passing_the_result_on_by_a_chain() -> None:
    assert said("RED110", firm(passes="passes_authentication_to: [agent]")).passed == {"call"}
    chain = firm(passes="passes_authentication_to: [transfer]").replace(
        "transfer: {}", "transfer: {passes_authentication_to: [agent]}"
    )
    assert said("RED110", chain).passed == {"call"}


def test_another_session_and_a_step_up_are_fine() -> None:
    assert said("RED110", firm("[menu, {touchpoint: agent, max_gap: 2d}]")).passed == {"call"}
    assert said("RED110", firm("[menu, {touchpoint: agent, max_gap: 5m}]")).subjects == ["call"]
    assert said("RED110", firm().replace("seconds: 20", "step_up: true")).passed == {"call"}


def test_journeys_without_checks_are_open() -> None:
    assert said("RED110", "touchpoints: {a: {}}\njourneys: {j: {steps: [a]}, k: {}}").open == {"j", "k"}


def test_only_those_who_come_to_the_second_check_lose_time() -> None:
    """30 % of 50,000 callers go on to the agent, 20 seconds each: 83 hours, not 278."""
    text = """
        touchpoints: {app: {}, menu: {}, agent: {}}
        journeys: {fault: {volume: 50000/month, steps: [{from: app, to: menu, share: 40%}, {from: menu, to: agent, SHARE}]}}
        collection_points:
          one: {touchpoint: menu, asks: [{attribute: identity.date_of_birth, purpose: verify, seconds: 20}]}
          two: {touchpoint: agent, asks: [{attribute: identity.date_of_birth, purpose: verify, seconds: 20}]}
        """
    (breach,) = said("RED110", text.replace("SHARE", "share: 30%")).breaches
    assert breach.measures["hours_per_month"] == Range(83.33, 83.33)
    (unknown,) = said("RED110", text.replace("SHARE", "share: unknown")).breaches
    assert unknown.measures["hours_per_month"] == Range(0, 277.78)


@pytest.mark.parametrize("touchpoint", ["menu", "agent"])
def test_nobody_proves_anything_at_a_touchpoint_that_is_not_in_use(touchpoint: str) -> None:
    gone = firm().replace("menu: {}", "menu: {NOTHING}").replace("agent: {}", "agent: {NOTHING}")
    gone = gone.replace(f"{touchpoint}: {{NOTHING}}", f"{touchpoint}: {{status: retired}}").replace("NOTHING", "")
    assert said("RED110", gone).passed == {"call"}


def test_what_is_known_of_a_way_can_be_enough_for_another_session() -> None:
    """Two days and a gap that nobody states are two days at least."""
    text = firm("[menu, {touchpoint: transfer, max_gap: 2d}, agent]")
    assert said("RED110", text).passed == {"call"}
    assert said("RED110", text.replace("2d", "5m")).subjects == ["call"]
