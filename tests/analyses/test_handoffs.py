from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.handoffs import hand_offs, transitions
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_service import Journey
from tests.support import inventory_of

STORES = ("s0", "s1", "s2", "s3")
FLOW = st.tuples(st.sampled_from(STORES), st.sampled_from(STORES))
FLOWS = st.lists(FLOW, max_size=6)


def firm(flows: list[tuple[str, str]]) -> str:
    text = "data_sources: {s0: {holds: [case.number]}, s1: {holds: []}, s2: {holds: []}, s3: {holds: [case.number]}}\n"
    text += "touchpoints: {one: {channel: chat, writes_to: [s0]}, two: {channel: phone, reads: [s3], needs_context: [case.number]}}\n"
    text += "journeys: {j: {steps: [one, two]}}\n"
    return text + f"flows: [{', '.join(f'{{from: {a}, to: {b}, carries: [case]}}' for a, b in flows)}]\n"


def lost(flows: list[tuple[str, str]]) -> bool:
    (hand_off,) = hand_offs(Ecosystem(inventory_of(firm(flows))))
    return bool(hand_off.lost)


@given(FLOWS, FLOW)
@settings(max_examples=80, deadline=None)
def test_lost_is_no_path_and_a_flow_more_never_loses(flows: list[tuple[str, str]], more: tuple[str, str]) -> None:
    reached = {"s0"}
    for _ in STORES:
        reached |= {b for a, b in flows if a in reached}
    assert lost(flows) == ("s3" not in reached)
    assert lost(flows) or not lost([*flows, more])


def test_a_journey_in_which_every_touchpoint_is_come_to_starts_where_it_is_left_first() -> None:
    inventory = inventory_of("""
        touchpoints: {a: {}, b: {}}
        journeys: {round: {steps: [{from: a, to: b}, {from: b, to: a, share: 10%}]}}
        """)
    (journey,) = inventory.of(Journey)
    shares = [t.share.value if t.share else None for t in transitions(journey, inventory)]
    assert shares == [1.0, 0.1]


def test_transitions_of_both_forms() -> None:
    inventory = inventory_of("""
        touchpoints: {a: {}, b: {}, c: {}, gone: {status: retired}}
        journeys:
          ordered: {steps: [a, {touchpoint: b, max_gap: 1h}, gone, c]}
          written: {steps: [{from: a, to: b, share: 30%}, {from: a, to: c}, {from: b, to: c}]}
        """)
    found = {
        one.id: [
            (t.before.id, t.after.id, t.number, t.share.value if t.share else None) for t in transitions(one, inventory)
        ]
        for one in inventory.of(Journey)
    }
    assert found["ordered"] == [("a", "b", 1, 1.0)]
    assert found["written"] == [("a", "b", 0, 0.3), ("a", "c", 1, None), ("b", "c", 2, 0.3)]


def test_a_way_of_which_nobody_says_how_long_it_takes_is_in_time_only_perhaps() -> None:
    """inventory.md 5: unknown latencies count 0, and what keeps the limit only so is not assessed."""

    def judged(*flows: str) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
        text = firm([]).replace("[one, two]", "[one, {touchpoint: two, max_gap: 10m}]").replace("flows: []", "")
        text += "flows: [" + ", ".join(f"{{{flow}, carries: [case]}}" for flow in flows) + "]\n"
        (hand_off,) = hand_offs(Ecosystem(inventory_of(text)))
        return hand_off.carried, hand_off.late, [field for _, field in hand_off.open_]

    assert judged("from: s0, to: s3, latency: 1m") == (("case.number",), (), [])
    assert judged("from: s0, to: s3") == ((), (), ["flows.latency"])
    assert judged("from: s0, to: s3, latency: 1h") == ((), ("case.number",), [])
    around = "from: s0, to: s1", "from: s1, to: s3, latency: 1h"
    assert judged(*around) == ((), ("case.number",), []), "too late as far as it is known"
    assert judged("from: s0, to: s3, latency: 1m", "from: s0, to: s1", "from: s1, to: s3") == (("case.number",), (), [])


def test_nobody_of_a_segment_out_of_use_loses_anything() -> None:
    text = """
        segments: {retail: {}, gone: {STATUS}}
        data_sources: {a: {holds: [case.status]}, b: {}}
        touchpoints: {site: {channel: web, writes_to: a}, call: {channel: phone, reads: b, needs_context: case.status}}
        journeys: {j: {segments: [retail, gone], steps: [site, call]}}
        flows: [{from: a, to: b, carries: case.status, segments: retail}]
        """
    (found,) = hand_offs(Ecosystem(inventory_of(text.replace("STATUS", "status: retired"))))
    assert (found.carried, found.lost) == (("case.status",), ())
    (found,) = hand_offs(Ecosystem(inventory_of(text.replace("STATUS", ""))))
    assert (found.carried, found.lost) == ((), ("case.status",))


def test_what_its_master_feeds_needs_no_hand_over_unless_it_was_just_asked_for() -> None:
    text = """
        data_sources: {core: {holds: [{attribute: order.status, mastery: MASTERY}]}, desk: {holds: [case.number]}}
        flows: [{from: core, to: desk, via: api, latency: 1s, carries: [order.status]}]
        touchpoints:
          one: {channel: phone, writes_to: [desk], needs_context: [order.status]}
          two: {channel: web, reads: [desk], needs_context: [order.status]}
        collection_points: {form: {touchpoint: one, asks: [ASKED], writes_to: [desk]}}
        journeys: {j: {steps: [one, {touchpoint: two, max_gap: 1m}]}}
        """

    def judged(mastery: str, asked: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        (hand_off,) = hand_offs(Ecosystem(inventory_of(text.replace("MASTERY", mastery).replace("ASKED", asked))))
        return hand_off.carried, hand_off.lost

    assert judged("master", "case.number") == (("order.status",), ())
    assert judged("copy", "case.number") == ((), ("order.status",))
    assert judged("master", "order.status") == ((), ("order.status",)), "what customers said just now"
