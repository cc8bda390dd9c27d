"""PREF102: every point of withdrawal, every enforcing platform, the shortest deadline."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
organization: {regulatory_profiles: [PROFILE]}
data_sources: {web-list: {}, sms-list: {}}
platforms: {esp: {enforces: [offers]}}
flows:
  - {from: web-list, to: esp, via: batch, every: 1d, latency: 1h, carries: [preference.offers]}
  - {from: sms-list, to: web-list, SMS, carries: [preference]}
collection_points: {web: {writes_to: [web-list]}, sms: {writes_to: [sms-list]}}
preferences: {offers: {kind: consent, withdrawn_at: [web, sms]}}
"""


def firm(profile: str = "eu-gdpr", sms: str = "latency: 1h") -> str:
    return FIRM.replace("PROFILE", profile).replace("SMS", sms)


def test_the_slowest_point_decides() -> None:
    assert said("PREF102", firm()).passed == {"offers"}
    (breach,) = said("PREF102", firm(sms="latency: 30h")).breaches
    assert breach.related == ("esp", "sms")
    assert breach.measures["worst_seconds"] == 55 * 3600


def test_profiles_set_deadlines() -> None:
    assert said("PREF102", firm("us-tcpa", "latency: 12d")).passed == {"offers"}
    assert said("PREF102", firm("us-tcpa", "latency: 14d")).subjects == ["offers"]
    assert said("PREF102", firm("us-bd", "latency: 14d")).open == {"offers"}
    own = firm("us-bd", "latency: 14d").replace("kind: consent,", "kind: consent, deadline: 1w,")
    assert said("PREF102", own).subjects == ["offers"]


def test_a_point_without_any_way_never_gets_there() -> None:
    (breach,) = said("PREF102", firm().replace("carries: [preference]}", "carries: [contact]}")).breaches
    assert "never gets there" in breach.message
    assert "worst_seconds" not in breach.measures


def test_unknown_latencies_are_a_lower_bound() -> None:
    assert said("PREF102", firm(sms="via: api")).open == {"offers"}
    assert said("PREF102", firm(sms="every: 1w")).subjects == ["offers"]
