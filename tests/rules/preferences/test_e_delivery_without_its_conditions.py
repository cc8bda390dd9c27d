"""PREF107: only under its profile; every condition by itself."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
organization: {regulatory_profiles: [us-esign]}
data_sources: {bounces: {}}
platforms: {esp: {events_to: [bounces]}, printer: {capabilities: [print]}}
collection_points: {settings: {channel: web}}
preferences: {paperless: {kind: e_delivery, changed_at: [settings]}, other: {kind: language, changed_at: [settings]}}
communications:
  notice:
    in_writing: true
    governed_by: [paperless]
    routes: [{channel: email, platforms: [esp]}, {channel: letter, platforms: [printer], fallback_for: email}]
"""


def test_all_conditions_met() -> None:
    assert said("PREF107", FIRM).passed == {"notice"}


def test_each_condition_counts() -> None:
    broken = {
        "governed_by: [paperless]": "governed_by: [other]",
        ", fallback_for: email": "",
        "events_to: [bounces]": "events_to: []",
        "kind: e_delivery, changed_at: [settings]": "kind: e_delivery, captured_at: [settings], withdrawn_at: []",
        ", {channel: letter, platforms: [printer], fallback_for: email}": "",
    }
    for old, new in broken.items():
        assert said("PREF107", FIRM.replace(old, new)).subjects == ["notice"], new


def test_sent_both_ways_needs_no_fallback() -> None:
    both = FIRM.replace(", fallback_for: email", "").replace("in_writing: true", "in_writing: true\n    send: all")
    assert said("PREF107", both).passed == {"notice"}


def test_only_under_the_profile_and_only_electronic() -> None:
    assert said("PREF107", FIRM.replace("us-esign", "uk-fca")) == ([], set(), set())
    assert said(
        "PREF107", FIRM.replace("{channel: email, platforms: [esp]}, ", "").replace(", fallback_for: email", "")
    ).passed == {"notice"}


def test_unknown_facts_leave_it_open() -> None:
    assert said("PREF107", FIRM.replace("{events_to: [bounces]}", "{}")).open == {"notice"}
    assert said("PREF107", FIRM.replace("    governed_by: [paperless]\n", "")).open == {"notice"}
