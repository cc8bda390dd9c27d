"""DATA102: four kinds of data at the master, and segments that move."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
data_sources:
  cdp: {role: customer_master, data_kinds: [operational, behavioural]}
  surveys: {data_kinds: [experience]}
  centre: {KEPT}
flows: [{from: surveys, to: centre}, {from: centre, to: cdp}]
"""


def test_feeders_count_at_any_distance() -> None:
    assert said("DATA102", FIRM.replace("KEPT", "data_kinds: [preference]")).passed == {"cdp"}
    (breach,) = said("DATA102", FIRM.replace("KEPT", "data_kinds: []")).breaches
    assert breach.discriminator == ("preference",)


def test_what_is_held_speaks_for_its_kind() -> None:
    assert said("DATA102", FIRM.replace("KEPT", "holds: [preference.language]")).passed == {"cdp"}


def test_silent_feeders_leave_it_open() -> None:
    assert said("DATA102", FIRM.replace("KEPT", "kind: crm")).open == {"cdp"}


def test_static_segments_of_personal_messages() -> None:
    text = "segments: {s: {definition: static}}\ncommunications: {c: {segments: [s], personalises: [language]}}"
    assert said("DATA102", text).subjects == ["s"]
    assert said("DATA102", text.replace("static", "dynamic")).passed == {"s"}
    assert said("DATA102", text.replace("personalises: [language]", "content: [language]")) == ([], set(), set())
