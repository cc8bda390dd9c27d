"""The head-room of the relaxation (analyses.md, A2) equals the best of all cuts, each tried."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from fractions import Fraction

from cx_map.analyses.commodities import Commodity, commodities, limits
from cx_map.analyses.relaxed_network import RelaxedNetwork, headroom
from cx_map.graph.ecosystem import Ecosystem
from tests.analyses.test_max_flow import firm
from tests.support import inventory_of


def gets_through(part: Commodity, parts: list[Commodity], without: frozenset[str]) -> bool:
    """Whether an item can get to the end if it may go on along any way of any commodity behind a supplier."""
    onward: dict[str, set[str]] = {}
    for way in (way for one in parts for way in one.ways):
        for stage, following in itertools.pairwise((*way, ("",))):
            for name in stage:
                onward.setdefault(name, set()).update(following)
    todo = [name for way in part.ways for name in (way[0] if way else ("",))]
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name == "":
            return True
        if name not in seen and name not in without:
            seen.add(name)
            todo += onward[name]
    return False


def by_cuts(parts: list[Commodity], limited: Mapping[str, int]) -> Fraction | None:
    """The least ratio, over all sets of suppliers, of what they can take to the demand that cannot go around them."""
    names = sorted({name for part in parts for way in part.ways for stage in way for name in stage})
    ratios = []
    for size in range(len(names) + 1):
        for cut in map(frozenset, itertools.combinations(names, size)):
            starved = sum(part.demand for part in parts if not gets_through(part, parts, cut))
            if starved:
                ratios.append(Fraction(sum(limited[name] for name in cut), starved))
    return min(ratios, default=None)


def test_head_room_is_the_least_ratio_of_all_cuts() -> None:
    tight = roomy = 0
    for seed in range(150):
        eco = Ecosystem(inventory_of(firm(random.Random(seed))[0]))
        parts = [part for part in commodities(eco) if part.demand]
        limited = limits(eco)
        found = headroom(parts, limited)
        expected = by_cuts(parts, limited)
        assert found == expected, seed
        if found is not None and found > 0:
            tight += found < 1
            roomy += found > 1
            demand = sum(part.demand for part in parts)
            assert RelaxedNetwork(parts, limited, found).solve()[0] == found.numerator * demand
            more = found + Fraction(1, 10**9)
            assert RelaxedNetwork(parts, limited, more).solve()[0] < more.numerator * demand
    assert tight > 15
    assert roomy > 15
