"""What losing one thing would do: communications, loops, preferences, owners."""

from __future__ import annotations

import pytest

from cx_map.analyses.loss import loss
from cx_map.errors import UsageError
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

FIRM = """
    teams: {desk: {functions: [complaints]}, print-room: {}}
    segments: {all: {customers: 1000, products: [card]}}
    products: {card: {}}
    data_sources: {cases: {owner: desk}, choices: {}}
    platforms: {printer: {owner: print-room}, mailer: {enforces: [paperless]}}
    flows:
      - {from: choices, to: mailer, via: api, carries: [preference.paperless]}
      - {from: choices, to: relay, via: api, carries: [preference.paperless]}
      - {from: relay, to: printer, via: api, carries: [preference.paperless]}
    collection_points: {form: {kind: complaint, writes_to: [cases]}, app: {writes_to: [choices], segments: [all]}}
    preferences: {paperless: {kind: e_delivery, captured_at: [app], master: choices, products: [card]}}
    communications:
      statement:
        segments: [all]
        products: [card]
        needs: []
        governed_by: [paperless]
        channel_decided_at: printer
        routes: [{channel: letter, platforms: [printer]}]
      answer: {segments: [all], needs: [], routes: [{channel: email, platforms: [mailer]}, {id: paper, channel: letter, platforms: [printer]}]}
    signals: {complaint: {kind: complaint, from: form, about: [statement], segments: [all], identity: known, captured_in: [cases], volume: 10/month}}
    insights: {queue: {inputs: [cases], delivered_to: [desk]}}
    actions: {reply: {team: desk, triggered_by: [queue, desk], informs: [answer], tracked_in: cases, within: 1d}}
"""


@pytest.fixture(scope="module")
def eco() -> Ecosystem:
    return Ecosystem(inventory_of(FIRM + "    x-note: 1\n", "platforms: {relay: {}}"))


def test_what_stops_and_what_keeps_another_way(eco: Ecosystem) -> None:
    found = loss(eco, "printer")
    assert (found.stops, found.degrades) == (("statement",), ("answer",))
    assert (found.customers.low, found.customers.high) == (1000, 1000)
    assert found.owners == ("print-room",)


def test_a_loop_that_would_open(eco: Ecosystem) -> None:
    assert loss(eco, "desk").loops == ("complaint",)
    assert loss(eco, "cases").loops == ("complaint",)
    assert loss(eco, "printer").loops == ()


def test_a_preference_that_would_no_longer_be_respected(eco: Ecosystem) -> None:
    assert loss(eco, "relay").preferences == ("paperless",)
    assert loss(eco, "choices").preferences == ("paperless",)
    assert loss(eco, "paperless").preferences == ("paperless",), "who loses the choice itself respects it no longer"
    assert loss(eco, "mailer").preferences == ()


def test_a_shipped_channel_can_be_lost(eco: Ecosystem) -> None:
    assert loss(eco, "email").degrades == ("answer",)
    assert loss(eco, "letter").stops == ("statement",)


def test_what_is_not_there_is_a_usage_error(eco: Ecosystem) -> None:
    with pytest.raises(UsageError):
        loss(eco, "nobody")
