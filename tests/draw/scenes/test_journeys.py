"""The sheet of journeys: touchpoints in order, what is lost between them, and what is promised and heard."""

from __future__ import annotations

from cx_map.audit.engine import audit
from cx_map.draw.scenes import journeys
from cx_map.draw.scenes.journeys import journeys_sheet
from cx_map.draw.sheet import Table
from tests.support import inventory_of

HELP = """
organization: {name: Nordvik}
channels: {chat: {kind: chat}, phone: {kind: voice}}
teams: {care: {}}
platforms: {suite: {name: Contact suite}}
data_sources:
  chat-log: {holds: [case.description, case.number]}
  case-system: {holds: [case.description, case.number]}
touchpoints:
  web-chat: {channel: chat, team: care, writes_to: [chat-log], volume: 900/month, pains: [{text: It waits, cause: process, share: 20%}, Slow]}
  hotline: {name: Call us, channel: phone, platform: suite, reads: [case-system], needs_context: [case.description, case.number], moment_of_truth: true, friction: high}
  visit: {channel: phone, needs_context: [identity.name]}
journeys:
  get-help:
    volume: 4000/month
    highest_impact: true
    duration: {actual: 5d, target: 2d}
    steps:
      - {from: web-chat, to: hotline, share: 25%}
      - {from: hotline, to: visit}
  other: {steps: [web-chat]}
flows:
  - {from: chat-log, to: case-system, carries: [case.number], via: event}
signals: {said: {kind: survey, about: [hotline]}}
promises: {call-back: {name: We call back, made_at: [hotline], within: 1d}}
"""


def table(text: str = HELP, journey: str = "get-help") -> Table:
    inventory = inventory_of(text)
    return next(one for one in journeys_sheet(inventory, audit(inventory)).tables if one.id == journey)


def test_touchpoints_stand_in_order_with_what_is_behind_them() -> None:
    found = table()
    assert [column.label for column in found.columns] == ["1  web-chat", "2  Call us", "3  visit"]
    assert found.columns[1].sublabel == "moment of truth"
    assert (found.entries["platform", "hotline"].text, found.entries["platform", "hotline"].kind) == (
        "Contact suite",
        "platforms",
    )
    assert ("platform", "web-chat") not in found.entries
    assert found.caption == "get-help · matters most · 4,000 a month · takes 5 d · should take 2 d"


def test_a_hand_off_that_loses_something_is_broken_and_says_what() -> None:
    found = table()
    way = {(one.source[1], one.target[1]): one for one in found.links if one.source[0] == "way"}
    lost = way["web-chat", "hotline"]
    assert (lost.style, lost.label, lost.tooltip) == ("missing", "25 %", "lost here: case.description")
    assert way["hotline", "visit"].style == "solid"
    assert found.entries["needs-case.description", "hotline"].state == "bad"
    assert found.entries["needs-case.number", "hotline"].state == "good"
    assert found.entries["needs-case.description", "web-chat"].text == "known here"
    assert found.entries["needs-identity.name", "visit"].state == "plain", "no other channel, nothing to lose"
    first = next(row.id for row in found.rows if row.id.startswith("needs-"))
    assert first == "needs-case.description", "what is lost stands first"
    assert [badge.code for badge in found.rows[0].badges if badge.code == "JRNY101"] == ["JRNY101"]


def test_pains_by_cause_listening_and_promises_have_rows() -> None:
    found = table()
    assert found.entries["pains-process", "web-chat"].text == "It waits"
    assert found.entries["pains-process", "web-chat"].sublabel == "20 % of visits"
    assert found.entries["pains-unknown", "web-chat"].text == "Slow"
    assert found.entries["friction", "hotline"].state == "bad"
    assert found.entries["heard", "hotline"].text == "said"
    assert found.entries["heard", "web-chat"].state == "bad", "nobody listens on a journey that matters most"
    promise = found.entries["promised", "hotline"]
    assert (promise.text, promise.state, promise.sublabel) == (
        "We call back",
        "unknown",
        "nobody says where it is recorded",
    )


def test_journeys_that_matter_most_come_first_and_the_rest_is_counted() -> None:
    more = "".join(f"  j{number:02}: {{volume: {number}/month, steps: [web-chat, hotline]}}\n" for number in range(20))
    inventory = inventory_of(HELP.replace("  other:", more + "  other:"))
    sheet = journeys_sheet(inventory)
    assert [one.id for one in sheet.tables][:3] == ["get-help", "j19", "j18"]
    assert len(sheet.tables) == journeys.MOST
    assert sheet.counted == "12 of 22 journeys shown."


def test_a_long_journey_says_how_much_of_it_is_shown() -> None:
    places = [f"t{number}" for number in range(20)]
    text = "touchpoints: {" + ", ".join(f"{one}: {{volume: 1/month}}" for one in places) + "}\n"
    found = table(text + f"journeys: {{get-help: {{steps: [{', '.join(places)}]}}}}\n")
    assert len(found.columns) == 16
    assert "16 of 20 touchpoints shown." in found.note


def test_what_is_not_in_use_is_named_and_a_way_back_is_an_arrow() -> None:
    text = (
        "touchpoints: {a: {}, b: {}, old: {name: Old kiosk, status: retired}}\n"
        "journeys: {get-help: {steps: [{from: a, to: b}, {from: b, to: a, share: 10%}, {from: b, to: old}]}}\n"
    )
    found = table(text)
    assert [column.id for column in found.columns] == ["a", "b"]
    assert "Old kiosk" in found.note
    assert [(one.source[1], one.target[1], one.label) for one in found.links] == [("a", "b", ""), ("b", "a", "10 %")]


def test_without_journeys_the_sheet_says_what_to_write_down() -> None:
    sheet = journeys_sheet(inventory_of("platforms: {p: {}}"))
    assert sheet.tables == ()
    assert "needs_context" in " ".join(sheet.notes)
    assert journeys_sheet(inventory_of("journeys: {j: {}}")).notes[0] == "1 journey has no steps."
