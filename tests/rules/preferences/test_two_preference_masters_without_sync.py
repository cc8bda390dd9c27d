"""PREF103: stores that decide and do not feed the master, and permissions kept apart."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
data_sources: {web: {}, crm: {}}
collection_points: {settings: {writes_to: [web]}, agent: {writes_to: [crm]}}
preferences: {offers: {kind: consent, captured_at: [settings, agent], MASTER}}
flows: [FLOWS]
"""
FEED = "{from: crm, to: web, via: event, carries: [preference.offers]}"


def firm(master: str = "master: web", flows: str = "") -> str:
    return FIRM.replace("MASTER", master).replace("FLOWS", flows)


def test_what_does_not_feed_the_master() -> None:
    (breach,) = said("PREF103", firm()).breaches
    assert breach.related == ("web", "crm")
    assert said("PREF103", firm(flows=FEED)).passed == {"offers"}


def test_a_second_master_needs_a_policy() -> None:
    two = firm(flows=FEED).replace("crm: {}", "crm: {holds: [{attribute: preference.offers, mastery: master}]}")
    assert said("PREF103", two).subjects == ["offers"]
    settled = two.replace("via: event,", "via: event, two_way: true, conflict_policy: latest wins,")
    assert said("PREF103", settled).passed == {"offers"}


def test_without_a_master_both_must_know_the_same() -> None:
    assert said("PREF103", firm("adoption: 10%", FEED)).subjects == ["offers"]
    settled = FEED.replace("via: event,", "via: event, two_way: true, conflict_policy: latest wins,")
    assert said("PREF103", firm("adoption: 10%", settled)).passed == {"offers"}


def test_two_permissions_of_one_communication() -> None:
    text = """
    data_sources: {profile: {}, stop-list: {}}
    preferences: {setting: {kind: channel, master: profile}, stop: {kind: SORT, master: stop-list}}
    communications:
      reminder: {routes: [{id: one, channel: sms, governed_by: [setting, stop]}]}
      apart: {routes: [{id: one, channel: sms, governed_by: [setting]}, {id: two, channel: email, governed_by: [stop]}]}
    flows: [FLOWS]
    """
    kept_apart = text.replace("FLOWS", "")
    assert said("PREF103", kept_apart.replace("SORT", "do_not_contact")).subjects == ["reminder"]
    assert said("PREF103", kept_apart.replace("SORT", "language")).breaches == []
    told = text.replace("FLOWS", "{from: stop-list, to: profile, carries: [preference.stop]}").replace(
        "SORT", "consent"
    )
    assert said("PREF103", told).breaches == []


METER = """
data_sources: {crm: {}, meter: {holds: [usage.meter]}}
collection_points: {form: {asks: [preference.ads, usage.meter], writes_to: [crm, meter]}}
preferences: {ads: {kind: consent, captured_at: [form], master: crm}}
flows: [FLOWS]
"""


def test_a_store_for_other_answers_of_the_form_is_no_master() -> None:
    assert said("PREF103", METER.replace("FLOWS", "")).passed == {"ads"}
    for held in ("preference.ads", "preference"):
        assert said("PREF103", METER.replace("FLOWS", "").replace("[usage.meter]}}", f"[{held}]}}}}")).subjects == [
            "ads"
        ]
    assert said("PREF103", METER.replace("FLOWS", "").replace("meter: {holds: [usage.meter]}", "meter: {}")).subjects


def test_flows_of_which_nobody_knows_what_they_carry() -> None:
    assert said("PREF103", firm(flows="{from: crm, to: web, via: event, carries: unknown}")).open == {"offers"}
    assert said("PREF103", firm(flows="{from: web, to: crm, via: event, carries: unknown}")).subjects == ["offers"]
    assert said("PREF103", firm(flows="{from: crm, to: web, via: event}")).subjects == ["offers"]


def test_a_retired_master_decides_nothing() -> None:
    text = """
        data_sources: {one: {}, two: {STATUS}}
        preferences: {a: {kind: consent, master: one}, b: {kind: do_not_contact, master: two}}
        communications: {promo: {governed_by: [a, b], channels: [email]}}
        """
    assert "promo" in said("PREF103", text.replace("STATUS", "")).subjects
    assert "promo" not in said("PREF103", text.replace("STATUS", "status: retired")).subjects


def test_a_choice_that_its_point_of_capture_loses() -> None:
    """Consent ticked on a paper form goes into a till system that has no field for it."""
    text = """
        data_sources: {centre: {holds: [preference.news]}, till: {holds: [contact.email]}}
        collection_points: {site: {writes_to: [centre]}, card-form: {writes_to: [till]}}
        preferences: {news: {kind: consent, captured_at: [site, card-form], master: centre}}
        """
    (breach,) = said("PREF103", text).breaches
    assert (breach.subject.id, breach.basis) == ("news", "estimated")
    assert breach.related == ("card-form", "till", "centre")
    flow = "flows: [{from: till, to: centre, via: api, carries: [CARRIED]}]"
    assert said("PREF103", text + flow.replace("CARRIED", "preference.news")).passed == {"news"}
    assert said("PREF103", text + flow.replace("CARRIED", "contact.email")).subjects == ["news"]
    assert said("PREF103", text.replace("{holds: [contact.email]}", "{}")).subjects == ["news"], "then it may decide it"


LOST = """
data_sources: {web: {}, crm: {}, notes: {holds: [case]}, STORE}
collection_points: {settings: {writes_to: [web]}, agent: {writes_to: [crm]}, desk: {writes_to: [notes, planned]}}
preferences: {offers: {kind: consent, captured_at: [settings, agent, desk], master: web}}
"""


def test_what_is_decided_twice_and_what_is_lost_are_two_findings() -> None:
    found = said("PREF103", LOST.replace("STORE", "planned: {holds: [case]}")).breaches
    assert [one.discriminator for one in found] == [(), ("lost",)]


def test_a_flow_starts_at_a_store_in_use() -> None:
    for notes, start in (("holds: [case]", "notes"), ("holds: [case], status: retired", "desk")):
        text = LOST.replace("STORE", "planned: {status: proposed, holds: [case]}").replace(
            "holds: [case]}", notes + "}", 1
        )
        lost = said("PREF103", text).breaches[-1]
        assert lost.fix is not None
        assert lost.fix.changes == (
            {"connect": {"from": start, "to": "web", "via": "api", "carries": ["preference.offers"]}},
        )


def test_masters_for_other_products_are_no_rivals() -> None:
    """As for every attribute (RED103): masters for disjoint products do not contradict each other."""
    text = """
        products: {card: {}, loan: {}}
        data_sources:
          cards: {holds: [{attribute: preference.p, mastery: master, products: [card]}]}
          loans: {holds: [{attribute: preference.p, mastery: master, products: [LOAN]}]}
        preferences: {p: {kind: consent, MASTER}}
        """
    for master in ("default: in", "master: cards"):
        fine = text.replace("MASTER", master)
        assert said("PREF103", fine.replace("LOAN", "loan")).subjects == [], master
        assert said("PREF103", fine.replace("LOAN", "loan, card")).subjects == ["p"], master
