"""PREF108: no choice, a choice without alternatives, a choice on some routes."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
preferences: {news: {kind: channel, default: DEFAULT}}
communications:
  mail: {purpose: PURPOSE, SAID routes: [{channel: email, FIRST}, {channel: sms, SECOND}]}
"""


def firm(
    said_: str,
    purpose: str = "marketing",
    default: str = "in",
    first: str = "share: unknown",
    second: str = "share: unknown",
) -> str:
    text = FIRM.replace("SAID", said_).replace("PURPOSE", purpose).replace("DEFAULT", default)
    return text.replace("FIRST", first).replace("SECOND", second)


def test_severity_follows_the_purpose() -> None:
    for purpose, severity in (
        ("marketing", "major"),
        ("relationship", "major"),
        ("survey", "major"),
        ("servicing", "minor"),
    ):
        assert [one.severity for one in said("PREF108", firm("governed_by: [],", purpose)).breaches] == [severity]
    for purpose in ("regulatory", "security", "collections", "transactional"):
        assert said("PREF108", firm("governed_by: [],", purpose)) == ([], set(), set())


def test_a_choice_without_alternatives_is_none() -> None:
    assert said("PREF108", firm("governed_by: [news],")).passed == {"mail"}
    assert said("PREF108", firm("governed_by: [news],", default="none")).subjects == ["mail"]


def test_some_routes_only() -> None:
    (breach,) = said("PREF108", firm("", first="governed_by: [news]")).breaches
    assert "'sms'" in breach.message
    assert breach.fix is not None
    assert breach.fix.changes[0]["change"]["mail"]["routes"][1]["governed_by"] == ["news"]
    assert said("PREF108", firm("", first="governed_by: [news]", second="governed_by: [news]")).passed == {"mail"}


def test_silence_is_open() -> None:
    assert said("PREF108", firm("")).open == {"mail"}
    assert said("PREF108", firm("", first="governed_by: []")).open == {"mail"}
    assert said("PREF108", firm("governed_by: [],").replace("purpose: marketing, ", "")).open == {"mail"}


def test_a_retired_preference_is_named() -> None:
    text = """
    preferences: {old: {kind: channel, status: retired}}
    communications: {mail: {purpose: marketing, governed_by: [old], channels: [email]}}
    """
    (breach,) = said("PREF108", text).breaches
    assert breach.message == "customers cannot switch 'mail' off: 'old', which governs it, is retired"
    assert "old" in breach.related
    (planned,) = said("PREF108", text.replace("retired", "proposed")).breaches
    assert planned.label.endswith("is not in use yet")
