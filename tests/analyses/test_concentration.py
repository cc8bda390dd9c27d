from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.concentration import Job, effective_number, jobs
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of


def jobs_of(text: str) -> dict[str, Job]:
    return {job.capability: job for job in jobs(Ecosystem(inventory_of(text)))}


def names(job: Job) -> list[str]:
    return [one.platform.id for one in job.systems]


def test_effective_number_golden() -> None:
    assert effective_number([]) == 0
    assert effective_number([0, 0]) == 0
    assert effective_number([7]) == 1
    assert effective_number([1, 1]) == 2
    assert effective_number([9, 1]) == pytest.approx(1 / 0.82)
    assert effective_number([50, 30, 20]) == pytest.approx(1 / 0.38)


@given(st.lists(st.floats(0.001, 1e9), min_size=1, max_size=8), st.floats(0.001, 1000))
@settings(max_examples=100, deadline=None)
def test_effective_number_lies_between_one_and_the_count_whatever_the_unit(weights: list[float], factor: float) -> None:
    number = effective_number(weights)
    assert 1 - 1e-9 <= number <= len(weights) + 1e-9
    assert effective_number([weight * factor for weight in weights]) == pytest.approx(number)
    assert effective_number(reversed(weights)) == pytest.approx(number)
    assert effective_number([*weights, 0.0]) == number


def test_items_are_split_by_route_shares() -> None:
    job = jobs_of("""
        platforms: {a: {capabilities: [compose]}, b: {capabilities: [compose]}}
        communications:
          bill:
            volume: 1000/month
            routes: [{channel: letter, platforms: [a], share: 75%}, {channel: email, platforms: [b], share: 25%}]
        """)["compose"]
    assert [(one.platform.id, one.items) for one in job.systems] == [("a", 750), ("b", 250)]
    assert job.by_volume == pytest.approx(1 / (0.75**2 + 0.25**2))
    assert job.by_communications == 2
    assert job.volumes == "all"


def test_delivery_counts_only_at_the_end_of_a_route_of_its_kind() -> None:
    found = jobs_of("""
        platforms:
          suite: {capabilities: [compose, deliver_email, deliver_sms]}
          gateway: {capabilities: [deliver_sms]}
          mailer: {capabilities: [deliver_email]}
        communications:
          alert: {volume: 10/month, routes: [{channel: sms, platforms: [suite, gateway]}]}
          notice: {volume: 20/month, routes: [{channel: email, platforms: [suite]}]}
          offer: {volume: 30/month, routes: [{channel: email, platforms: [mailer]}]}
        """)
    assert names(found["deliver_sms"]) == ["gateway"]
    assert names(found["deliver_email"]) == ["mailer", "suite"]
    assert names(found["compose"]) == ["suite"]


def test_print_is_not_what_an_email_route_does() -> None:
    found = jobs_of("""
        platforms: {house: {capabilities: [print, deliver_email]}}
        communications: {notice: {routes: [{channel: email, platforms: [house]}]}}
        """)
    assert "print" not in found
    assert "deliver_email" in found


def test_layers_of_one_route_do_not_stand_in_for_each_other() -> None:
    found = jobs_of("""
        platforms: {front: {capabilities: [compose]}, engine: {capabilities: [compose]}, other: {capabilities: [compose]}}
        communications:
          one: {volume: 10/month, routes: [{channel: letter, platforms: [front, engine]}]}
          two: {volume: 4/month, routes: [{channel: letter, platforms: [front]}]}
          three: {volume: 6/month, routes: [{channel: letter, platforms: [other]}]}
        """)
    assert names(found["compose"]) == ["engine", "other"]


def test_systems_kept_apart_by_policy_are_not_duplicates() -> None:
    text = """
        platforms: {here: {capabilities: [crm]}, there: {capabilities: [crm]}}
        communications: {a: {needs: [here], volume: 2/month}, b: {needs: [there], volume: 1/month}}
        """
    assert names(jobs_of(text)["crm"]) == ["here", "there"]
    assert names(jobs_of(text + "flows: [{from: there, to: here, policy: blocked}]")["crm"]) == ["here"]


def test_alternatives_are_one_unit_whoever_of_them_does_the_work() -> None:
    text = """
        platforms: {p1: {capabilities: [deliver_sms]}, p2: {capabilities: [deliver_sms]}, p3: {capabilities: [deliver_sms]}}
        communications:
          code: {volume: 100/month, routes: [{channel: sms, platforms: [{any_of: [p2, p1]}]}]}
          more: {volume: 100/month, routes: [{channel: sms, platforms: [p3]}]}
        """
    job = jobs_of(text)["deliver_sms"]
    assert job.units == (("p1", "p2"), ("p3",))
    assert {one.platform.id: one.items for one in job.systems} == {"p1": None, "p2": None, "p3": 100}
    assert {one.platform.id: one.communications for one in job.systems}["p2"] == ("code",)
    assert (job.by_volume, job.by_communications, job.volumes, job.items) == (2, 2, "all", 200)
    alone = jobs_of(text.replace("[p3]", "[p1]"))["deliver_sms"]
    assert (alone.units, alone.by_volume, alone.items) == ((("p1", "p2"),), 1, 200)


def test_mutual_fallbacks_are_one_unit() -> None:
    text = """
        platforms: {a: {capabilities: [deliver_sms]}, b: {capabilities: [deliver_sms]}}
        communications:
          one: {volume: 60/month, routes: [{id: x, channel: sms, platforms: [a]}, {id: y, channel: sms, platforms: [b], fallback_for: x}]}
          two: {volume: 40/month, routes: [{id: x, channel: sms, platforms: [b]}]}
        """
    job = jobs_of(text)["deliver_sms"]
    assert job.units == (("a", "b"),)
    assert (job.by_volume, job.by_communications, job.items) == (1, 1, 100)
    assert [(one.platform.id, one.items) for one in job.systems] == [("a", 60), ("b", 40)]
    assert jobs_of(text.replace(", fallback_for: x", ""))["deliver_sms"].units == (("a",), ("b",))


def test_shares_do_not_matter_where_one_unit_does_all_routes() -> None:
    text = """
        platforms: {a: {capabilities: [compose]}, b: {capabilities: [compose]}}
        communications:
          one: {volume: 8/month, routes: [{channel: email, platforms: [a]}, {channel: letter, platforms: [b]}]}
          two: {volume: 2/month, routes: [{channel: letter, platforms: [{any_of: [a, b]}]}]}
        """
    job = jobs_of(text)["compose"]
    assert (job.volumes, job.items, job.units) == ("all", 10, (("a", "b"),))
    assert jobs_of(text.replace("any_of: [a, b]", "any_of: [a]"))["compose"].volumes == "some"


def test_unknown_shares_do_not_matter_where_one_system_does_all_routes() -> None:
    job = jobs_of("""
        platforms: {a: {capabilities: [compose]}}
        communications: {bill: {volume: 8/month, channels: [email, letter], platforms: [a]}}
        """)["compose"]
    assert job.volumes == "all"
    assert job.systems[0].items == 8


def test_unknown_volumes_are_counted_not_read_as_zero() -> None:
    text = """
        platforms: {a: {capabilities: [compose]}, b: {capabilities: [compose]}}
        communications:
          one: {VOLUME routes: [{channel: letter, platforms: [a]}]}
          two: {routes: [{channel: letter, platforms: [b]}]}
        """
    nothing = jobs_of(text.replace("VOLUME", ""))["compose"]
    assert (nothing.by_volume, nothing.by_communications, nothing.volumes) == (None, 2, "none")
    some = jobs_of(text.replace("VOLUME", "volume: 5/month,"))["compose"]
    assert (some.by_volume, some.volumes) == (1, "some")
    assert all(one.items is None for one in some.systems)


def test_unusable_things_do_no_job() -> None:
    found = jobs_of("""
        platforms: {a: {capabilities: [compose], status: retired}, b: {capabilities: [compose]}}
        communications:
          one: {routes: [{channel: letter, platforms: [a]}]}
          two: {status: proposed, routes: [{channel: letter, platforms: [b]}]}
        """)
    assert found == {}


def test_listening_tools_count_by_what_comes_in_through_them() -> None:
    found = {
        one.capability: one
        for one in jobs(Ecosystem(inventory_of("""
        platforms:
          asker: {capabilities: [survey]}
          pulse: {capabilities: [survey]}
          bot: {capabilities: [chatbot]}
          aide: {capabilities: [chatbot]}
          ears: {capabilities: [voc_analytics]}
          sent: {capabilities: [survey]}
        collection_points:
          nps: {kind: survey, platform: asker, invites: 900/month, volume: 90/month}
          tab: {kind: intercept, platform: pulse, volume: 900/month}
          more: {kind: survey, platform: sent, volume: 7/month}
        touchpoints: {help: {platform: bot, volume: 300/month}, ask: {platform: aide, volume: 100/month}}
        signals: {words: {captured_in: [ears]}}
        communications: {invite: {volume: 900/month, routes: [{channel: email, platforms: [sent]}]}}
        """)))
    }  # fmt: skip
    assert found["survey"].by_volume == pytest.approx(3), "invitations, what came in, and what communications send"
    assert {one.platform.id: one.items for one in found["chatbot"].systems} == {"bot": 300, "aide": 100}
    assert found["chatbot"].by_volume == pytest.approx(16 / 10)
    assert (found["voc_analytics"].by_volume, found["voc_analytics"].volumes) == (None, "none")
