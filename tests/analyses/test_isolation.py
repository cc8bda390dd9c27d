from __future__ import annotations

import random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.isolation import Isolation, isolations
from cx_map.analyses.shared_customers import MOST_LINES
from cx_map.audit.engine import audit
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of


def isolation_of(text: str) -> dict[str, Isolation]:
    return {one.line.id: one for one in isolations(Ecosystem(inventory_of(text)))}


def firm(lines: int, stores: int, inside: int, across: int, seed: int) -> str:
    """Lines with random flows inside each and between the first ones; the last line is an island."""
    choose = random.Random(seed)
    names = [[f"l{line}s{store}" for store in range(stores)] for line in range(lines)]
    flows = []
    for line in range(lines):
        flows += [choose.sample(names[line], 2) for _ in range(inside)]
    for line in range(lines - 1):
        for _ in range(across):
            other = choose.choice([one for one in range(lines - 1) if one != line])
            flows.append([choose.choice(names[line]), choose.choice(names[other])])
    text = "lines_of_business:\n" + "".join(f"  line{line}: {{}}\n" for line in range(lines)) + "data_sources:\n"
    text += "".join(f"  {name}: {{line_of_business: line{line}}}\n" for line in range(lines) for name in names[line])
    text += "flows:\n" + "".join(
        f"  - {{from: {one}, to: {other}, carries: [contact.email]}}\n" for one, other in flows
    )
    return text


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_island_has_ratio_zero_and_normal_lines_about_half(seed: int) -> None:
    """The planted test: an acquired line that nothing crosses, among lines with some exchange."""
    found = isolation_of(firm(lines=5, stores=8, inside=20, across=14, seed=seed))
    island = found.pop("line4")
    assert island.ratio == 0.0
    assert island.cut == 0
    for normal in found.values():
        assert normal.ratio is not None
        assert 0.41 <= normal.ratio <= 0.65


def test_golden_ratio_by_hand() -> None:
    """Two lines of three stores: five attributes inside each, two across; obs 2/12, exp 12/24."""
    found = isolation_of("""
        lines_of_business: {a: {}, b: {}}
        data_sources:
          a1: {line_of_business: a}
          a2: {line_of_business: a}
          b1: {line_of_business: b}
          b2: {line_of_business: b}
        flows:
          - {from: a1, to: a2, carries: [contact.email, contact.phone, account.number, account.balance, language]}
          - {from: b1, to: b2, carries: [contact.email, contact.phone, account.number, account.balance, language]}
          - {from: a1, to: b1, carries: [contact.email, contact.phone]}
        """)
    line = found["a"]
    assert (line.cut, line.volume, line.total) == (2, 12, 24)
    assert line.observed == pytest.approx(2 / 12)
    assert line.expected == pytest.approx(1 / 2)
    assert line.ratio == pytest.approx(1 / 3)
    assert line.conductance == pytest.approx(2 / 12)
    assert line.ratio_with(0) == pytest.approx(1 / 3)
    assert line.ratio_with(2) == pytest.approx(4 / 14 / (14 / 28))


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_cut_and_volume_are_those_of_networkx(seed: int) -> None:
    text = firm(lines=4, stores=4, inside=6, across=4, seed=seed)
    graph = nx.MultiGraph()
    inventory = inventory_of(text)
    graph.add_edges_from((flow.from_, flow.to) for flow in inventory.flows)
    for line, found in isolation_of(text).items():
        nodes = {name for name in graph if inventory.entities[name].line_of_business == line}
        assert found.cut == nx.cut_size(graph, nodes)
        assert found.volume == nx.volume(graph, nodes)
        assert found.total == 2 * graph.number_of_edges()
        if found.conductance is not None:
            assert found.conductance == pytest.approx(nx.conductance(graph, nodes))


@given(st.integers(0, 10_000), st.integers(1, 20))
@settings(max_examples=25, deadline=None)
def test_a_flow_across_the_border_makes_the_line_no_more_isolated(seed: int, weight: int) -> None:
    island = isolation_of(firm(lines=4, stores=4, inside=6, across=4, seed=seed))["line3"]
    assert island.ratio == 0
    assert 0 < island.ratio_with(weight) < island.ratio_with(weight + 1)


def test_sub_lines_count_with_their_line_and_shared_places_with_none() -> None:
    found = isolation_of("""
        lines_of_business: {retail: {}, cards: {parent: retail}, loans: {parent: retail}, firms: {}}
        data_sources: {c: {line_of_business: cards}, l: {line_of_business: loans}, f: {line_of_business: firms}}
        platforms: {both: {serves: [cards, loans]}, all: {serves: [cards, firms]}}
        flows: [{from: c, to: l}, {from: c, to: both}, {from: f, to: all}]
        """)
    assert found["retail"].nodes == ("both", "c", "l")
    assert found["cards"].nodes == ("c",)
    assert (found["retail"].cut, found["cards"].cut, found["firms"].cut) == (0, 2, 1)


def test_flows_that_carry_nothing_do_not_count() -> None:
    found = isolation_of("""
        lines_of_business: {a: {}, b: {}}
        data_sources: {x: {line_of_business: a}, y: {line_of_business: b}, z: {line_of_business: a, status: retired}}
        flows: [{from: x, to: y, via: none}, {from: y, to: x, policy: blocked}, {from: x, to: z}]
        """)
    assert found["a"].volume == 0
    assert found["a"].ratio is None


def test_everything_that_a_source_holds_is_what_a_star_carries() -> None:
    found = isolation_of("""
        lines_of_business: {a: {}, b: {}}
        data_sources: {x: {line_of_business: a, holds: [contact.email, contact.phone]}, y: {line_of_business: b}}
        flows: [{from: x, to: y, carries: "*"}, {from: y, to: x, carries: "*"}]
        """)
    assert found["a"].cut == 3


def test_sharing() -> None:
    text = """
        lines_of_business: {a: {customers: 1000}, b: {customers: 100}, c: {customers: {value: 500, low: 400, high: 500}}}
        overlaps:
          - {between: [a, b], share: 50%}
          - {between: [a, c], customers: 200}
        """
    found = isolation_of(text)
    assert found["a"].sharing.share == pytest.approx(0.2)
    assert found["a"].sharing.partners == ("c", "b")
    assert found["b"].sharing.share == pytest.approx(0.5)
    assert found["c"].sharing.share == pytest.approx(0.4)


def test_overlaps_of_products_count_for_their_lines() -> None:
    found = isolation_of("""
        lines_of_business: {a: {customers: 1000}, b: {}}
        products: {card: {line_of_business: a, customers: 900}, loan: {line_of_business: b, customers: 100}}
        overlaps: [{between: [card, loan], share: 30%}]
        """)
    assert found["a"].sharing.share == pytest.approx(0.03)
    assert found["b"].sharing.share is None


def test_without_any_overlap_segments_give_a_hypothesis() -> None:
    found = isolation_of("""
        lines_of_business: {a: {customers: 1000}, b: {customers: 500}}
        products: {card: {line_of_business: a}, loan: {line_of_business: b}}
        segments: {homes: {customers: 300, products: [card, loan]}}
        """)
    assert (found["a"].sharing.share, found["a"].sharing.basis) == (0.3, "assumed")


def test_what_policy_keeps_apart_is_by_design() -> None:
    found = isolation_of("""
        lines_of_business: {a: {customers: 1000}, b: {}, c: {}}
        data_sources: {x: {line_of_business: a}, y: {line_of_business: b}}
        overlaps: [{between: [a, b], customers: 500}, {between: [a, c], customers: 50}]
        flows: [{from: y, to: x, policy: blocked}]
        """)
    sharing = found["a"].sharing
    assert (sharing.share, sharing.partners, sharing.by_design) == (0.05, ("c",), ("b",))


def test_a_place_of_no_known_line_that_nobody_else_is_joined_to_counts_neither_way() -> None:
    text = """
        lines_of_business: {a: {}, b: {}}
        data_sources: {a1: {line_of_business: a}, a2: {line_of_business: a}, b1: {line_of_business: b}, lake: {}, mart: {}}
        flows: [{from: a1, to: lake}, {from: lake, to: mart}, {from: a1, to: a2}, {from: a1, to: b1}%s]
        """
    found = isolation_of(text % "")
    assert [(one.from_, one.to) for one in found["a"].crossing] == [("a1", "b1")]
    assert [(one.from_, one.to) for one in found["a"].unclear] == [("a1", "lake")]
    assert (found["a"].cut, found["a"].volume, found["a"].total) == (1, 3, 4)
    assert (found["b"].unclear, found["b"].cut, found["b"].total) == ((), 1, 8)


def test_a_place_of_no_known_line_that_joins_two_lines_is_outside_both() -> None:
    found = isolation_of("""
        lines_of_business: {a: {}, b: {}}
        data_sources: {a1: {line_of_business: a}, b1: {line_of_business: b}, lake: {}, mart: {}}
        flows: [{from: a1, to: lake}, {from: lake, to: mart}, {from: mart, to: b1}]
        """)
    assert [(one.from_, one.to) for one in found["a"].crossing] == [("a1", "lake")]
    assert [(one.cut, one.volume, one.total, one.unclear) for one in found.values()] == [(1, 1, 6, ()), (1, 1, 6, ())]


def test_a_place_joined_to_two_parts_of_a_line_is_outside_each_part_and_perhaps_inside_the_whole() -> None:
    found = isolation_of("""
        lines_of_business: {retail: {}, cards: {parent: retail}, loans: {parent: retail}}
        data_sources: {c: {line_of_business: cards}, l: {line_of_business: loans}, lake: {}}
        flows: [{from: c, to: lake}, {from: lake, to: l}]
        """)
    assert (found["cards"].cut, found["loans"].cut, found["retail"].cut) == (1, 1, 0)
    assert len(found["retail"].unclear) == 2


LINES = st.sampled_from(["", "", "one", "two", "part"])
PLACES = [f"p{number}" for number in range(6)]


@given(
    st.lists(LINES, min_size=6, max_size=6),
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES)).filter(lambda pair: pair[0] != pair[1]), max_size=9
    ),
)
def test_what_counts_follows_from_walks_over_places_of_no_line(lines: list[str], pairs: list[tuple[str, str]]) -> None:
    """Brute force from the definition: a place of no line is outside a line if a walk over such places leads out of it."""
    of = dict(zip(PLACES, lines, strict=True))
    text = "lines_of_business: {one: {}, two: {}, part: {parent: one}}\ndata_sources:\n"
    text += "".join(f"  {name}: {{{f'line_of_business: {line}' if line else ''}}}\n" for name, line in of.items())
    text += "flows:\n" + "".join(
        f"  - {{from: {one}, to: {other}, id: f{number}}}\n" for number, (one, other) in enumerate(pairs)
    )
    inside = {"one": {"one", "part"}, "two": {"two"}, "part": {"part"}}

    def touched(place: str) -> set[str]:
        seen, todo, met = {place}, [place], set()
        while todo:
            here = todo.pop()
            for one, other in (*pairs, *((b, a) for a, b in pairs)):
                if one == here and of[other]:
                    met.add(of[other])
                elif one == here and other not in seen:
                    seen.add(other)
                    todo.append(other)
        return met

    for line, found in isolation_of(text if pairs else text.replace("flows:\n", "")).items():

        def perhaps(place: str, line: str = line) -> bool:
            return not of[place] and bool(touched(place)) and touched(place) <= inside[line]

        counted = [pair for pair in pairs if not perhaps(pair[0]) and not perhaps(pair[1])]
        ends = [[of[place] in inside[line] for place in pair] for pair in counted]
        assert found.total == 2 * len(counted)
        assert found.volume == sum(map(sum, ends))
        assert found.cut == sum(one != other for one, other in ends)


def test_a_segment_of_very_many_lines_is_not_read_as_shared_and_that_is_told() -> None:
    def text(count: int) -> str:
        lines = ", ".join(f"l{i}: {{customers: 100}}" for i in range(count))
        products = ", ".join(f"p{i}: {{line_of_business: l{i}}}" for i in range(count))
        names = ", ".join(f"p{i}" for i in range(count))
        stores = ", ".join(f"{letter}{i}: {{line_of_business: l{i}}}" for i in range(count) for letter in "abc")
        flows = "".join(f"  - {{from: a{i}, to: b{i}}}\n  - {{from: b{i}, to: c{i}}}\n" for i in range(count))
        return (
            f"lines_of_business: {{{lines}}}\nproducts: {{{products}}}\nsegments: {{all: {{customers: 90, products: [{names}]}}}}\n"
            f"data_sources: {{{stores}}}\nflows:\n{flows}"
        )

    assert len(isolation_of(text(MOST_LINES))["l0"].sharing.partners) == MOST_LINES - 1
    assert isolation_of(text(MOST_LINES + 1))["l0"].sharing.partners == ()
    told = audit(inventory_of(text(MOST_LINES + 1))).not_assessed
    reasons = [one.reason for one in told if one.code == "SILO101" and "l0" in one.subjects]
    assert reasons == ["no overlap is stated, and of a segment of more than 50 lines of business none is read"]
