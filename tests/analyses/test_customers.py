from __future__ import annotations

import itertools
import random

import networkx as nx

from cx_map.analyses.customers import customer_base, everybody, recipients
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication
from tests.support import inventory_of


def test_bounds_hold_on_random_customer_bases() -> None:
    """Segments as sets of customers, some overlaps stated: the true union is always within the bounds."""
    tight = 0
    for seed in range(200):
        chance = random.Random(seed)
        people = range(60)
        sets = [set(chance.sample(people, chance.randint(1, 40))) for _ in range(chance.randint(1, 5))]
        lines = ["segments:"] + [f"  s{n}: {{customers: {len(one)}}}" for n, one in enumerate(sets)]
        stated = [pair for pair in itertools.combinations(range(len(sets)), 2) if chance.random() < 0.6]
        if stated:
            lines.append("overlaps:")
            for one, two in stated:
                common = len(sets[one] & sets[two])
                if chance.random() < 0.5:
                    lines.append(f"  - {{between: [s{two}, s{one}], customers: {common}}}")
                else:
                    share = common / min(len(sets[one]), len(sets[two]))
                    lines.append(f"  - {{between: [s{one}, s{two}], share: {share:.12f}}}")
        base = customer_base(Ecosystem(inventory_of("\n".join(lines))))
        found = base.union(f"s{n}" for n in range(len(sets)))
        truth = len(set().union(*sets))
        assert found.low - 1e-6 <= truth
        assert found.high is not None
        assert truth <= found.high + 1e-6
        low, high = by_definition(
            [len(one) for one in sets], {pair: len(sets[pair[0]] & sets[pair[1]]) for pair in stated}
        )
        assert abs(found.low - low) < 1e-6
        assert abs(found.high - high) < 1e-6
        tight += len(sets) > 1 and found.high - found.low < 1e-6
    assert tight > 20


def by_definition(sizes: list[int], common: dict[tuple[int, int], int]) -> tuple[int, int]:
    """The bounds as said: every set of overlaps without a circle is tried for the upper one."""
    total = sum(sizes)
    low = max([*sizes, *(sizes[one] + sizes[two] - shared for (one, two), shared in common.items())])
    if len(common) == len(sizes) * (len(sizes) - 1) // 2:
        low = max(low, total - sum(common.values()))
    spared = max(
        sum(common[pair] for pair in chosen)
        for size in range(len(sizes))
        for chosen in itertools.combinations(common, size)
        if nx.Graph(chosen).number_of_edges() == 0 or nx.is_forest(nx.Graph(chosen))
    )
    return low, max(total - spared, low)


def test_an_overlap_of_two_gives_their_union_exactly_in_either_form() -> None:
    for overlap, union in (("customers: 60", 190), ("share: 50%", 200), ("share: unknown", None)):
        text = f"segments: {{a: {{customers: 100}}, b: {{customers: 150}}}}\noverlaps: [{{between: [b, a], {overlap}}}]"
        found = everybody(Ecosystem(inventory_of(text)))
        assert found.value == union, overlap
        assert (found.low, found.high) == ((150, 250) if union is None else (union, union))


def test_unknown_sizes_and_segments_bound_from_below_only() -> None:
    inventory = inventory_of("""
    segments: {a: {customers: {value: 100, low: 80, high: 130, basis: estimated}}, b: {}}
    communications:
      one: {segments: [a]}
      two: {segments: [a, b]}
      open: {}
      none: {segments: []}
    """)
    eco = Ecosystem(inventory)
    by_name = {one.id: one for one in inventory.of(Communication)}
    one = recipients(eco, [by_name["one"]])
    assert (one.low, one.value, one.high, one.basis) == (80, 100, 130, "estimated")
    assert (recipients(eco, [by_name["two"]]).low, recipients(eco, [by_name["two"]]).high) == (80, None)
    assert (recipients(eco, [by_name["one"], by_name["open"]]).low, recipients(eco, [by_name["open"]]).high) == (
        80,
        None,
    )
    nobody = recipients(eco, [by_name["none"]])
    assert (nobody.low, nobody.high) == (0, 0)
    assert everybody(eco).high is None


def test_segments_that_are_not_in_use_hold_nobody() -> None:
    text = """
segments: {a: {customers: 100}, b: {customers: 9000, status: retired}, c: {status: proposed}}
overlaps: [{between: [a, b], customers: 60}]
"""
    eco = Ecosystem(inventory_of(text))
    found = customer_base(eco).union(["a", "b", "c"])
    assert (found.low, found.value, found.high) == (100, 100, 100)
    assert everybody(eco).high == 100
