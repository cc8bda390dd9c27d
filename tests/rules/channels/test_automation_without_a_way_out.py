from __future__ import annotations

import pytest

from cx_map.rules.channels.automation_without_a_way_out import Parameters
from cx_map.rules.channels.automation_without_a_way_out import automation_without_a_way_out as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of


def menu(steps: str = "", channel: str = "", more: str = "") -> str:
    return f"""
channels: {{tree: {{kind: ivr, {channel}}}}}
touchpoints:
  menu: {{channel: tree}}
  submenu: {{channel: tree}}
  third: {{channel: tree}}
  person: {{channel: phone}}
journeys: {{call: {{steps: [{steps}]}}}}
{more}"""


def test_a_loop_without_exit() -> None:
    text = menu("{from: menu, to: submenu}, {from: submenu, to: menu}")
    assert {one.subject for one in findings(rule, text)} == {"menu", "submenu"}
    assert set(not_assessed(rule, text)) == {"third"}


def test_a_person_within_three_steps() -> None:
    text = menu("menu, submenu, third, person")
    assert passed(rule, text) == {"menu", "submenu", "third"}
    assert passed(rule, text, parameters=Parameters(steps=2)) == {"submenu", "third"}


def test_an_offramp_is_a_way_out_if_somebody_is_there() -> None:
    pool = "agent_pools: {desk: {channels: [phone]}}"
    loop = "{from: menu, to: submenu}, {from: submenu, to: menu}"
    assert passed(rule, menu(loop, "offramp: desk", pool)) == {"menu", "submenu", "third"}
    assert passed(rule, menu(loop, "offramp: phone")) == {"menu", "submenu", "third"}
    gone = pool.replace("{channels", "{status: retired, channels")
    assert {one.subject for one in findings(rule, menu(loop, "offramp: desk", gone))} == {"menu", "submenu", "third"}
    assert {one.subject for one in findings(rule, menu(loop, "offramp: web"))} == {"menu", "submenu", "third"}


def test_an_offramp_known_to_be_missing() -> None:
    assert {one.subject for one in findings(rule, menu("", "offramp: []"))} == {"menu", "submenu", "third"}


@pytest.mark.parametrize("said", ["unknown", "chat"])
def test_an_offramp_of_which_nobody_knows_where_it_leads(said: str) -> None:
    loop = "{from: menu, to: submenu}, {from: submenu, to: menu}"
    assert set(not_assessed(rule, menu(loop, f"offramp: {said}"))) == {"menu", "submenu", "third"}


def test_closed_hours_are_minor() -> None:
    pool = "agent_pools: {desk: {channels: [phone], hours: mon-fri 08:00-20:00}}"
    finding = findings(rule, menu("", "offramp: desk, hours: 24x7", pool))[0]
    assert finding.severity == "minor"
    assert "not from fri 20:00 to mon 08:00" in finding.message
    assert findings(rule, menu("", "offramp: desk, hours: mon-fri 09:00-17:00", pool)) == []


def test_what_is_a_machine() -> None:
    assert findings(rule, "touchpoints: {t: {channel: web}}\njourneys: {j: {steps: [t]}}") == []
    bot = "platforms: {bot: {capabilities: [chatbot]}}\nchannels: {chat: {offramp: []}}\ntouchpoints: {t: {channel: chat, platform: bot, KIND}}"
    assert one_finding(rule, bot.replace(", KIND", "")).subject == "t"
    assert findings(rule, bot.replace("KIND", "kind: assisted")) == []


def test_the_offramp_of_the_fix_leads_out() -> None:
    pool = "agent_pools: {desk: {channels: [phone]}}"
    inventory = inventory_of(menu("{from: menu, to: submenu}, {from: submenu, to: menu}", "", pool))
    finding = findings_of(rule, inventory)[0]
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []
