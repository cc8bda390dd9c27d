from __future__ import annotations

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.interactions import insights_of, interactions
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

STORES = ("w0", "w1", "c0", "c1", "x0", "x1")
FLOW = st.tuples(
    st.sampled_from(STORES), st.sampled_from(STORES), st.sampled_from(["api", "batch", "file, keeps_identity: false"])
)
INPUT = st.tuples(st.sampled_from(["i0", "i1"]), st.sampled_from(STORES))


@given(st.lists(FLOW, max_size=8), st.lists(INPUT, max_size=4))
@settings(max_examples=120, deadline=None)
def test_meetings_are_those_of_brute_force(flows: list[tuple[str, str, str]], inputs: list[tuple[str, str]]) -> None:
    text = f"data_sources: {{{', '.join(f'{name}: {{data_kinds: [behavioural]}}' for name in STORES)}}}\n"
    text += (
        "touchpoints: {web-page: {channel: web, writes_to: [w0, w1]}, line: {channel: phone, writes_to: [c0, c1]}}\n"
    )
    reads = {name: sorted({store for insight, store in inputs if insight == name}) for name in ("i0", "i1")}
    text += f"insights: {{i0: {{inputs: [{', '.join(reads['i0'])}]}}, i1: {{inputs: [{', '.join(reads['i1'])}]}}}}\n"
    text += f"flows: [{', '.join(f'{{from: {a}, to: {b}, via: {via}}}' for a, b, via in flows)}]\n"
    found = interactions(Ecosystem(inventory_of(text)))
    assert (found.digital, found.assisted) == (("w0", "w1"), ("c0", "c1"))
    for strict, field in ((("api",), "insight"), (("api", "batch"), "maybe"), (("api", "batch", "file"), "anonymous")):
        graph = nx.DiGraph()
        graph.add_nodes_from((*STORES, "i0", "i1"))
        graph.add_edges_from((a, b) for a, b, via in flows if via.split(",")[0] in strict)
        graph.add_edges_from((store, insight) for insight, store in inputs)
        fed = {name: {one for one in nx.descendants(graph, name) if one.startswith("i")} for name in STORES}
        for meeting in found.meetings:
            common = fed[meeting.store] & (fed["w0"] | fed["w1"])
            assert getattr(meeting, field) == min(common, default=None)
            if field == "anonymous":
                assert set(insights_of(Ecosystem(inventory_of(text)), meeting.store)) == fed[meeting.store]


def test_where_interactions_come_from() -> None:
    found = interactions(
        Ecosystem(
            inventory_of("""
        data_sources:
          a: {data_kinds: [experience]}
          b: {data_kinds: [behavioural]}
          c: {data_kinds: [operational]}
          d: {}
          e: {}
          f: {}
          g: {status: retired}
          h: {}
        platforms: {p: {holds: [account.balance]}, q: {}}
        touchpoints: {desk: {kind: assisted, channel: web, writes_to: [a, c, h, p, q]}, kiosk: {kind: self_service, writes_to: [b]}}
        collection_points:
          form: {kind: web_form, writes_to: [c, g]}
          bot: {kind: chat, writes_to: [d]}
          score: {kind: survey, channel: web, writes_to: [f]}
        signals: {rage: {kind: behavioural, captured_in: [e]}, ask: {kind: contact, from: bot, captured_in: [d]}}
        """)
        )
    )
    assert found.digital == ("b", "e")
    assert found.assisted == ("a", "d", "h", "q")
    assert [one.store for one in found.meetings if not one.keeps] == ["h", "q"]
