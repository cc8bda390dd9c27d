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
    assert "no preference data" in breach.message


def test_a_profile_that_gets_one_of_two_kinds_has_still_the_same_finding() -> None:
    alone = "data_sources: {cdp: {role: customer_master, data_kinds: [operational, KIND]}}"
    before, after = (said("DATA102", alone.replace("KIND", kind)).breaches[0] for kind in ("operational", "preference"))
    assert before.message != after.message
    assert before.discriminator == after.discriminator


def test_what_is_held_speaks_for_its_kind() -> None:
    assert said("DATA102", FIRM.replace("KEPT", "holds: [preference.language]")).passed == {"cdp"}


def test_silent_feeders_leave_it_open() -> None:
    assert said("DATA102", FIRM.replace("KEPT", "kind: crm")).open == {"cdp"}


def test_static_segments_of_personal_messages() -> None:
    text = "segments: {s: {definition: static}}\ncommunications: {c: {segments: [s], personalises: [language]}}"
    assert said("DATA102", text).subjects == ["s"]
    assert said("DATA102", text.replace("static", "dynamic")).passed == {"s"}
    assert said("DATA102", text.replace("personalises: [language]", "content: [language]")) == ([], set(), set())
