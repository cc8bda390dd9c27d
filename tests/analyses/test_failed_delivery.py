"""Word of a message that could not be delivered, on its way to the route that stands in."""

from __future__ import annotations

import pytest

from cx_map.analyses.failed_delivery import heard, word_of_failure
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication
from cx_map.model.routes import routes_of
from tests.support import inventory_of

FIRM = """
platforms: {esp: {EVENTS}, ccm: {}, hub: {}}
data_sources: {bounces: {}, lake: {}}
communications: {notice: {routes: [{channel: email, platforms: [esp]}], MORE}}
flows: [FLOWS]
"""
TO_LAKE = "{from: bounces, to: lake}"
ON = TO_LAKE + ", {from: lake, to: ccm}"


def test_word_goes_from_a_store_in_use_to_a_platform_in_use() -> None:
    text = FIRM.replace("EVENTS", "events_to: [bounces, lake]").replace("MORE", "").replace("FLOWS", "")
    text = text.replace("ccm: {}", "ccm: {status: retired}").replace("bounces: {}", "bounces: {status: retired}")
    eco = Ecosystem(inventory_of(text))
    notice = eco.inventory.find("notice", Communication)
    assert notice is not None
    (route,) = routes_of(notice) or ()
    word = word_of_failure(eco, notice, route, ("ccm", "hub"))
    assert word == {"connect": {"from": "lake", "to": "hub", "via": "event"}}
    assert word_of_failure(eco, notice, route, ("ccm",)) is None


@pytest.mark.parametrize(
    ("events", "more", "flows", "known", "needed"),
    [
        ("events_to: bounces", "", "", False, True),
        ("events_to: bounces", "", TO_LAKE, False, True),
        ("events_to: bounces", "", ON, True, False),
        ("events_to: bounces", "", ON + ", {from: lake, to: hub, via: none}", True, False),
        ("events_to: ccm", "", "", True, False),
        ("events_to: []", "", "", False, False),
        ("", "", "", None, False),
        ("", "undeliverable_to: lake", "{from: lake, to: ccm}", True, False),
        ("events_to: bounces", "channel_decided_at: hub", "{from: bounces, to: hub}", True, False),
        ("events_to: bounces", "channel_decided_at: esp", "", True, False),
    ],
)
def test_word_of_failure(events: str, more: str, flows: str, known: bool | None, needed: bool) -> None:
    text = FIRM.replace("EVENTS", events).replace("MORE", more).replace("FLOWS", flows)
    eco = Ecosystem(inventory_of(text))
    notice = eco.inventory.find("notice", Communication)
    assert notice is not None
    (route,) = routes_of(notice) or ()
    assert heard(eco, notice, route, ("ccm",)) is known
    word = word_of_failure(eco, notice, route, ("ccm",))
    assert (word == {"connect": {"from": "bounces", "to": "ccm", "via": "event"}}) == needed
