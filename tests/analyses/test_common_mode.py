from __future__ import annotations

import itertools
import random

from cx_map.analyses.common_mode import common_modes, failing_pairs, suppliers_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.model.inventory import Inventory
from tests.analyses.small_firm import SMALL_FIRM
from tests.graph.test_production import _without, random_firm
from tests.support import inventory_of

TWO_GATEWAYS = """
platforms: {a: {site: north, vendor: X}, b: {site: north, vendor: Y}, c: {site: south, vendor: Y}}
communications:
  same: {routes: [{id: m, channel: sms, platforms: [a]}, {id: f, channel: email, platforms: [b], fallback_for: m}]}
  apart: {routes: [{id: m, channel: sms, platforms: [a]}, {id: f, channel: email, platforms: [c], fallback_for: m}]}
  vendor: {routes: [{id: m, channel: sms, platforms: [b]}, {id: f, channel: email, platforms: [c], fallback_for: m}]}
"""


def test_ways_that_share_a_site_or_vendor() -> None:
    found = common_modes(Ecosystem(inventory_of(TWO_GATEWAYS)))
    assert [(one.domain.name, one.stops) for one in found] == [("site:north", ("same",)), ("vendor:Y", ("vendor",))]
    assert found[0].alternatives == {"same": ("a", "b")}


def test_a_member_that_is_a_single_point_is_no_common_mode() -> None:
    text = TWO_GATEWAYS.replace("platforms: [b], fallback_for", "platforms: [a, b], fallback_for")
    assert [one.domain.name for one in common_modes(Ecosystem(inventory_of(text)))] == ["vendor:Y"]


def stopped(inventory: Inventory, works: set[str], lost: set[str]) -> set[str]:
    """What no longer works when these things are retired."""
    left = production(Ecosystem(_without(inventory, lost)))
    return {name for name in works if not left.derivable(name)}


def test_common_modes_and_pairs_equal_brute_force() -> None:
    domains = pairs = 0
    for seed in range(150):
        inventory = inventory_of(random_firm(random.Random(seed)))
        eco = Ecosystem(inventory)
        graph = production(eco)
        works = {name for name in graph.communications if graph.derivable(name)}
        suppliers = graph.names[: graph.suppliers]
        alone = {name: stopped(inventory, works, {name}) for name in suppliers}
        expected = {}
        for domain in graph.domains:
            stops = stopped(inventory, works, set(domain.members))
            stops -= set().union(*(alone[name] for name in domain.members))
            if stops:
                expected[domain.name] = stops
        assert {one.domain.name: set(one.stops) for one in common_modes(eco)} == expected
        domains += len(expected)
        together = {pair: stopped(inventory, works, set(pair)) for pair in itertools.combinations(sorted(suppliers), 2)}
        for name in sorted(works):
            truth = {
                pair for pair, stops in together.items()
                if name in stops and name not in alone[pair[0]] | alone[pair[1]]
            }  # fmt: skip
            assert set(failing_pairs(eco, name) or ()) == truth, (seed, name)
            pairs += len(truth)
    assert domains >= 8
    assert pairs > 50


def test_pairs_of_the_small_firm_and_the_limit() -> None:
    eco = Ecosystem(inventory_of(SMALL_FIRM))
    found = failing_pairs(eco, "notice")
    assert found is not None
    assert ("ccm-a", "ccm-b") in found
    assert ("email", "letter") in found
    assert all("core" not in pair for pair in found)
    assert failing_pairs(eco, "notice", limit=3) is None
    assert suppliers_of(production(eco), "stmt-mort") == ("ccm-b", "core", "letter", "print")
