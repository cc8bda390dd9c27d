from __future__ import annotations

import random

from cx_map.analyses.affected import affected
from cx_map.analyses.blast_radii import blast_radii
from cx_map.analyses.single_points import single_points
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from tests.analyses.small_firm import SINGLE_POINTS, SMALL_FIRM
from tests.graph.test_production import random_firm
from tests.support import inventory_of


def eco_of(text: str) -> Ecosystem:
    return Ecosystem(inventory_of(text))


def test_blast_radii_of_the_small_firm() -> None:
    found = blast_radii(eco_of(SMALL_FIRM))
    expected: dict[str, set[str]] = {}
    for communication, points in SINGLE_POINTS.items():
        for point in points:
            expected.setdefault(point, set()).add(communication)
    assert {name: set(found.of(name)) for name in found.places} == expected
    assert not found.of("nothing of this name")


def test_series_chains_are_one_class_with_the_cheapest_member() -> None:
    text = SMALL_FIRM.replace("print: {", "print: {cost_per_year: 90000 EUR, ").replace(
        "ccm-b: {", "ccm-b: {cost_per_year: 250000 EUR, "
    )
    classes = {one.members: one for one in single_points(eco_of(text)).classes}
    assert set(classes) == {("core",), ("ccm-a", "prefs"), ("ccm-b", "letter", "print"), ("email", "esp")}
    assert classes["ccm-b", "letter", "print"].cheapest == "print"
    assert classes["email", "esp"].cheapest == "esp"
    assert tuple(classes["core",].stops) == ("fraud", "notice", "stmt-card", "stmt-mort")
    assert single_points(eco_of(text)).classes[0].members == ("core",)


def test_known_costs_come_before_unknown_ones_and_channels_last() -> None:
    text = SMALL_FIRM.replace("print: {", "print: {cost_per_year: 900000 EUR, ")
    classes = {one.members: one.cheapest for one in single_points(eco_of(text)).classes}
    assert classes["ccm-b", "letter", "print"] == "print", "the other platform may cost more"
    assert classes["email", "esp"] == "esp", "a channel is not duplicated where something else can be"


def test_an_active_twin_takes_over() -> None:
    text = SMALL_FIRM.replace("core: {}", "core: {redundancy: active_active}").replace(
        "esp: {", "esp: {redundancy: active_passive, "
    )
    stops = single_points(eco_of(text)).stops
    assert "core" not in stops
    assert tuple(stops["esp"]) == ("fraud",)


def test_customers_of_a_blast_radius_are_a_union() -> None:
    reach = affected(eco_of(SMALL_FIRM), ["notice", "fraud"])
    assert (reach.customers.low, reach.customers.high) == (560000, 560000)
    apart = affected(eco_of(SMALL_FIRM.replace("customers: 60000", "customers: unknown")), ["notice"])
    assert (apart.customers.low, apart.customers.high) == (500000, 620000)
    assert reach.items.value == 150000
    assert reach.regulated
    assert not affected(eco_of(SMALL_FIRM), ["stmt-card"]).regulated


def test_classes_partition_the_single_points_of_random_firms() -> None:
    for seed in range(60):
        eco = eco_of(random_firm(random.Random(seed)))
        graph = production(eco)
        found = single_points(eco)
        members = [name for one in found.classes for name in one.members]
        assert sorted(members) == sorted(found.stops)
        radii = [one.stops for one in found.classes]
        assert len(set(radii)) == len(radii)
        for one in found.classes:
            for name in one.stops:
                assert set(one.members) <= set(graph.failure_set(name))
