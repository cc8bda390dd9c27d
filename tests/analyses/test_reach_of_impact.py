from __future__ import annotations

import random

import pytest

from cx_map.analyses.reach_of_impact import impact
from cx_map.errors import UsageError
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from tests.analyses.small_firm import SMALL_FIRM
from tests.graph.test_production import random_firm
from tests.support import inventory_of


def eco_of(text: str) -> Ecosystem:
    return Ecosystem(inventory_of(text))


@pytest.mark.parametrize(
    ("lost", "stops", "degrades"),
    [
        ("core", ("fraud", "notice", "stmt-card", "stmt-mort"), ()),
        ("prefs", ("stmt-card",), ()),
        ("ccm-a", ("stmt-card",), ("fraud", "notice")),
        ("letter", ("stmt-mort",), ("notice", "stmt-card")),
        ("email", ("fraud",), ("notice", "stmt-card")),
        ("sms", (), ()),
        ("notice", ("notice",), ()),
        ("card-holders", (), ()),
    ],
)
def test_losses_in_the_small_firm(lost: str, stops: tuple[str, ...], degrades: tuple[str, ...]) -> None:
    found = impact(eco_of(SMALL_FIRM), lost)
    assert (found.stops, found.degrades) == (stops, degrades)


def test_customers_are_bounded_and_unknown_things_are_refused() -> None:
    found = impact(eco_of(SMALL_FIRM), "core")
    assert (found.stopped.customers.low, found.stopped.customers.high) == (560000, 560000)
    assert found.stopped.items.value == 1350000
    assert not impact(eco_of(SMALL_FIRM), "borrowers").produces
    with pytest.raises(UsageError, match="cure"):
        impact(eco_of(SMALL_FIRM), "cure")


def test_send_all_stops_only_when_every_route_dies() -> None:
    eco = eco_of("""
    platforms: {esp: {site: x}, printer: {site: x}}
    communications:
      notice: {send: all, routes: [{channel: email, platforms: [esp]}, {channel: letter, platforms: [printer]}]}
    """)
    assert impact(eco, "esp").degrades == ("notice",)
    assert impact(eco, "esp").stops == ()
    assert impact(eco, "site:x").stops == ("notice",)


def test_losing_what_is_not_in_use_changes_nothing() -> None:
    eco = eco_of("""
    platforms: {old: {status: retired}, new: {}}
    communications: {notice: {routes: [{channel: email, platforms: [{any_of: [old, new]}]}]}}
    """)
    assert impact(eco, "old").stops == impact(eco, "old").degrades == ()


def test_stops_equal_failure_sets_on_random_firms_and_degrades_are_the_other_ancestors() -> None:
    for seed in range(40):
        eco = eco_of(random_firm(random.Random(seed)).replace("send: all", "send: one_of"))
        graph = production(eco)
        for lost in graph.names:
            found = impact(eco, lost)
            assert set(found.stops) == {name for name in graph.communications if lost in graph.failure_set(name)}
            assert not set(found.stops) & set(found.degrades)
            assert all(graph.derivable(name) for name in found.degrades)


@pytest.mark.parametrize("written", ["site:lyon", "site:Lyon", "network:mpls", "vendor:acme"])
def test_a_domain_of_one_member_is_lost_with_it(written: str) -> None:
    eco = eco_of("""
    platforms: {esp: {site: Lyon, network: MPLS, vendor: Acme}, twin: {site: nice, redundancy: active_active}}
    communications: {notice: {routes: [{channel: email, platforms: [esp, twin]}]}}
    """)
    found = impact(eco, written)
    assert (found.stops, found.members, found.produces) == (("notice",), ("esp",), True)
    safe = impact(eco, "site:nice")
    assert (safe.stops, safe.degrades, safe.members, safe.produces) == ((), (), (), True)
    with pytest.raises(UsageError, match="site:paris"):
        impact(eco, "site:paris")


def test_a_domain_is_found_however_it_is_written() -> None:
    eco = eco_of("""
    platforms: {one: {site: north}, two: {site: North}, old: {site: NORTH, status: retired}}
    communications: {notice: {routes: [{channel: email, platforms: [{any_of: [one, two]}]}]}}
    """)
    found = impact(eco, "site:nORTH")
    assert (found.stops, found.members) == (("notice",), ("one", "two"))
