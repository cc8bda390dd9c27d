"""All simple ways through the web, against networkx and by hand."""

from __future__ import annotations

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_map.analyses.paths import paths
from cx_map.errors import UsageError
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

FIRM = """
    data_sources: {core: , crm: , old: {status: retired}}
    platforms: {ccm: {processing: 10m}, printer: {processing: 1d}, mailer: }
    communications:
      bill: {needs: [core], routes: [{channel: letter, platforms: [ccm, printer]}, {channel: email, platforms: [ccm, mailer]}], content: [account.balance]}
    flows:
      - {from: core, to: crm, via: api, latency: 2s, carries: [contact.email, account.balance]}
      - {from: crm, to: ccm, via: file, latency: 1h, carries: [contact.email]}
      - {from: core, to: ccm, via: batch, every: 1d, latency: {p50: 1h, p95: 4h}, carries: "*"}
      - {from: core, to: mailer, via: none}
      - {from: crm, to: mailer, via: api, policy: blocked}
      - {from: core, to: old, via: api}
      - {from: old, to: mailer, via: api}
"""


def test_ways_with_latency_and_what_they_carry() -> None:
    found = paths(Ecosystem(inventory_of(FIRM)), "core", "ccm")
    told = [([edge.target for edge in way.edges], way.latency, way.timed, way.carries) for way in found.ways]
    assert told == [
        (["ccm"], 28 * 3600, True, ("*",)),
        (["bill", "ccm"], 0, False, ()),
        (["crm", "ccm"], 3602, True, ("contact.email",)),
    ]


def test_a_batch_of_unknown_interval_and_a_median_alone_may_take_longer() -> None:
    for old, new, seconds in (
        (" every: 1d,", "", 4 * 3600),
        ("p50: 1h, p95: 4h", "p50: 1h", 25 * 3600),
        (" latency: {p50: 1h, p95: 4h},", "", 86400),
    ):
        direct = paths(Ecosystem(inventory_of(FIRM.replace(old, new))), "core", "ccm").ways[0]
        assert (direct.latency, direct.timed) == (seconds, new == "" and "latency" in old)
    slow = FIRM.replace("processing: 10m", "processing: {p50: 10m}")
    assert not paths(Ecosystem(inventory_of(slow)), "bill", "letter").ways[0].timed


def test_a_retired_flow_is_no_way() -> None:
    retired = FIRM.replace("via: batch,", "via: batch, status: retired,")
    assert all(len(way.edges) > 1 for way in paths(Ecosystem(inventory_of(retired)), "core", "ccm").ways)


def test_a_way_along_a_route_belongs_to_one_communication() -> None:
    firm = """
    data_sources: {core: }
    platforms: {ccm: , printer: , mailer: }
    communications:
      bill: {needs: [core], routes: [{channel: letter, platforms: [ccm, printer]}]}
      news: {needs: [], routes: [{channel: email, platforms: [printer, mailer]}]}
    """
    eco = Ecosystem(inventory_of(firm))
    assert paths(eco, "core", "email").ways == ()
    assert [[edge.target for edge in way.edges] for way in paths(eco, "core", "letter").ways] == [
        ["bill", "ccm", "printer", "letter"]
    ]


def test_nothing_is_left_out_silently() -> None:
    found = paths(Ecosystem(inventory_of(FIRM)), "core", "ccm")
    assert found.complete


def test_routes_lead_on_to_channels() -> None:
    found = paths(Ecosystem(inventory_of(FIRM)), "bill", "letter")
    assert [[edge.target for edge in way.edges] for way in found.ways] == [["ccm", "printer", "letter"]]
    assert found.ways[0].latency == 600 + 86400


def test_what_is_retired_blocked_or_known_not_to_be_is_no_way() -> None:
    found = paths(Ecosystem(inventory_of(FIRM)), "core", "mailer")
    assert {"old"} & {edge.target for way in found.ways for edge in way.edges} == set()
    assert all(len(way.edges) > 1 for way in found.ways)


def test_the_bound_is_told() -> None:
    found = paths(Ecosystem(inventory_of(FIRM)), "core", "ccm", most=2)
    assert (len(found.ways), found.complete) == (2, False)


def test_an_end_that_is_not_there_is_named_with_a_suggestion() -> None:
    with pytest.raises(UsageError) as caught:
        paths(Ecosystem(inventory_of(FIRM)), "core", "ccmm")
    assert caught.value.hint == "did you mean `ccm`?"


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1]), max_size=14))
def test_ways_are_all_simple_paths(pairs: set[tuple[int, int]]) -> None:
    stores = "data_sources: {" + ", ".join(f"s{number}: " for number in range(6)) + "}\n"
    flows = "".join(f"  - {{from: s{a}, to: s{b}, via: api}}\n" for a, b in sorted(pairs))
    eco = Ecosystem(inventory_of(stores + ("flows:\n" + flows if flows else "")))
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(6))
    graph.add_edges_from(pairs)
    expected = {tuple(f"s{node}" for node in path) for path in networkx.all_simple_paths(graph, 0, 5)}
    found = {("s0", *(edge.target for edge in way.edges)) for way in paths(eco, "s0", "s5").ways}
    assert found == expected
