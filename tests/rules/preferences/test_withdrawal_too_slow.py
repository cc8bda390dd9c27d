"""PREF102: every point of withdrawal, every enforcing platform, the shortest deadline."""

from __future__ import annotations

import math
import random

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


def test_what_takes_as_long_as_it_may_is_in_time() -> None:
    exact = firm(sms="latency: 30h").replace("kind: consent,", "kind: consent, deadline: %s,")
    assert said("PREF102", exact % "55h").subjects == ["offers"], "the law allows 48 hours"
    allowed = firm("us-tcpa", "latency: 30h").replace("kind: consent,", "kind: consent, deadline: %s,")
    assert said("PREF102", allowed % "55h").passed == {"offers"}
    assert said("PREF102", allowed % "54h").subjects == ["offers"]


def test_where_no_way_is_described_nothing_is_too_slow() -> None:
    some = firm().replace("carries: [preference]}", "carries: [contact]}")
    result = said("PREF102", some.replace("preference.offers]", "contact]"))
    assert (result.breaches, result.passed, result.open) == ([], set(), {"offers"})


def test_a_point_without_any_way_where_another_has_one_never_gets_there() -> None:
    some = firm().replace("carries: [preference]}", "carries: [contact]}")
    (breach,) = said("PREF102", some).breaches
    assert breach.message == "a withdrawal of 'offers' at 'sms' never gets to 'esp', which is to respect it"
    assert "worst_seconds" not in breach.measures


def test_only_permissions_are_critical() -> None:
    late = firm(sms="latency: 30h")
    own = late.replace("kind: consent,", "kind: KIND, deadline: 1d,")
    for kind, severity in (("consent", "critical"), ("do_not_contact", "critical"), ("channel", "major")):
        (breach,) = said("PREF102", own.replace("KIND", kind)).breaches
        assert breach.severity == severity


def test_unknown_latencies_are_a_lower_bound() -> None:
    assert said("PREF102", firm(sms="via: api")).open == {"offers"}
    assert said("PREF102", firm(sms="every: 1w")).subjects == ["offers"]


def test_flows_of_which_nobody_knows_what_they_carry() -> None:
    vague = "{from: sms-list, to: esp, via: event, latency: 1m, carries: unknown}"
    late = firm(sms="latency: 30h")
    assert said("PREF102", late.replace("collection_points", f"  - {vague}\ncollection_points")).open == {"offers"}
    slow = vague.replace("latency: 1m", "latency: 49h")
    assert said("PREF102", late.replace("collection_points", f"  - {slow}\ncollection_points")).subjects == ["offers"]
    assert said("PREF102", firm().replace("collection_points", f"  - {vague}\ncollection_points")).passed == {"offers"}
    never = firm().replace("carries: [preference]}", "carries: unknown}")
    assert said("PREF102", never).open == {"offers"}


def test_a_store_of_other_things_still_gets_the_withdrawal_where_no_other_can() -> None:
    assert said("PREF102", firm().replace("sms-list: {}", "sms-list: {holds: [usage.meter]}")).passed == {"offers"}
    other = (
        firm()
        .replace("writes_to: [web-list]", "writes_to: [web-list, meter]")
        .replace("web-list: {}", "web-list: {}, meter: {holds: [usage.meter]}")
    )
    assert said("PREF102", other).passed == {"offers"}


def test_what_never_gets_there_is_brought_in_time() -> None:
    """Widening slow files would only replace *never* by *too late*."""
    text = """
        organization: {regulatory_profiles: [eu-gdpr]}
        data_sources: {web-store: {}, sms-store: {}}
        platforms: {mailer: {enforces: [offers]}}
        flows:
          - {from: web-store, to: mailer, via: event, latency: 1m, carries: [preference.offers]}
          - {from: sms-store, to: web-store, via: file, every: 30d, carries: [contact]}
        collection_points: {site: {writes_to: [web-store]}, stop-text: {writes_to: [sms-store]}}
        preferences: {offers: {kind: consent, withdrawn_at: [site, stop-text], master: web-store}}
        """
    (breach,) = said("PREF102", text).breaches
    assert breach.fix is not None
    assert breach.fix.changes == (
        {"connect": {"from": "sms-store", "to": "mailer", "via": "event", "carries": ["preference.offers"]}},
    )


def test_where_no_point_has_a_way_the_master_alone_may_be_too_slow() -> None:
    text = """
organization: {regulatory_profiles: [eu-gdpr]}
data_sources: {crm: {holds: [contact.email]}, list: {holds: [preference.offers]}}
platforms: {esp: {enforces: [offers]}}
flows: [{from: list, to: esp, via: manual, every: 1w, carries: [preference.offers]}]
collection_points: {web: {writes_to: [crm]}}
preferences: {offers: {kind: consent, withdrawn_at: [web], master: list}}
"""
    (breach,) = said("PREF102", text).breaches
    assert breach.message == "a withdrawal of 'offers' kept at 'list' may take 7 days or more before 'esp' respects it"
    assert ("from 'list'", "7 days or more") in breach.evidence, "it has to get there first"
    kept = text.replace("writes_to: [crm]", "writes_to: [list]")
    assert "may take 7 days or more before" in said("PREF102", kept).breaches[0].message, "its run is not stated"
    stated = kept.replace("every: 1w", "every: 1w, latency: 1h")
    assert "takes up to 7.04 days before" in said("PREF102", stated).breaches[0].message
    assert breach.basis == "estimated"
    assert said("PREF102", text.replace("every: 1w", "every: 1d")).open == {"offers"}


def test_a_point_of_which_nobody_knows_where_it_writes_reaches_nothing() -> None:
    """That one point has no way is told where another one is known to have one; unknown is no way, and no lack of one."""
    text = """
        data_sources: {web-store: {}, sms-store: {}}
        platforms: {mailer: {enforces: [offers]}}
        collection_points: {site: {WRITES}, stop-text: {writes_to: [sms-store]}}
        flows: [{from: web-store, to: mailer, via: event, latency: 1m, carries: [preference.offers]}]
        preferences: {offers: {kind: consent, withdrawn_at: [site, stop-text], deadline: 1d}}
        """
    assert said("PREF102", text.replace("WRITES", "writes_to: [web-store]")).subjects == ["offers"]
    unknown = said("PREF102", text.replace("WRITES", ""))
    assert (unknown.breaches, unknown.open) == ([], {"offers"})


def _quickest(flows: list[tuple[str, str, int]], start: str, goal: str) -> float:
    """The least sum of hours over all simple ways, by trying each of them."""

    def beyond(node: str, seen: frozenset[str]) -> float:
        if node == goal:
            return 0
        return min(
            (hours + beyond(to, seen | {to}) for frm, to, hours in flows if frm == node and to not in seen),
            default=math.inf,
        )

    return beyond(start, frozenset({start}))


def test_late_and_lost_withdrawals_are_those_of_all_simple_ways() -> None:
    """Random firms: the rule is broken where the quickest of all ways is too slow, or one point has none and another has."""
    broken = 0
    for seed in range(60):
        chance = random.Random(seed)
        places = ["s0", "s1", "s2", "s3", "esp"]
        flows = [(*chance.sample(places, 2), chance.choice((1, 5, 24, 48))) for _ in range(chance.randint(2, 8))]
        lines = [f"  - {{from: {a}, to: {b}, via: event, latency: {h}h, carries: [preference.p]}}" for a, b, h in flows]
        text = (
            "data_sources: {s0: {}, s1: {}, s2: {}, s3: {}}\nplatforms: {esp: {enforces: [p]}}\nflows:\n" + "\n".join(lines)
            + "\ncollection_points: {one: {writes_to: [s0]}, two: {writes_to: [s1]}}\n"
            + "preferences: {p: {kind: consent, withdrawn_at: [one, two], deadline: 1d}}\n"
        )  # fmt: skip
        ways = [_quickest(flows, start, "esp") for start in ("s0", "s1")]
        late = max(ways) > 24 and min(ways) < math.inf
        found = said("PREF102", text)
        assert found.subjects == (["p"] if late else []), text
        broken += late
        worst = max((way for way in ways if 24 < way < math.inf), default=None)
        if late and worst is not None and max(ways) < math.inf:
            assert found.breaches[0].measures["worst_seconds"] == worst * 3600
    assert 10 < broken < 50


def test_a_median_alone_is_no_worst_case() -> None:
    assert said("PREF102", firm(sms="latency: {p50: 1h}")).open == {"offers"}
    assert said("PREF102", firm(sms="latency: {p50: 1h, p95: 2h}")).passed == {"offers"}
    assert said("PREF102", firm(sms="latency: {p50: 30h}")).subjects == ["offers"]


SILENT = """
platforms: {esp: {}, gateway: {}}
communications: {promo: {governed_by: [offers], routes: [{channel: email, platforms: [esp, gateway]}]}}
"""


def test_where_nobody_says_what_respects_it_whatever_could_learns_too_late() -> None:
    """A withdrawal that no platform on the way learns in time is late, whichever of them is meant to respect it."""
    text = firm(sms="latency: 60h").replace("platforms: {esp: {enforces: [offers]}}", "") + SILENT
    (breach,) = said("PREF102", text).breaches
    assert (breach.related, breach.basis) == (("esp", "sms"), "estimated")
    assert "before 'esp' can respect it" in breach.message
    sooner = text.replace("flows:", "flows:\n  - {from: sms-list, to: gateway, latency: 1h, carries: [preference]}")
    assert said("PREF102", sooner).open == {"offers"}, "the gateway may be the one"
    said_not = sooner.replace("gateway: {}", "gateway: {enforces: []}")
    assert said("PREF102", said_not).subjects == ["offers"]
    assert said("PREF102", text.replace("latency: 60h", "latency: 1h")).open == {"offers"}
