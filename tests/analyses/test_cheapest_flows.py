"""The cheapest repair is as cheap as the best of all subsets of changes, and it works."""

from __future__ import annotations

import dataclasses
from itertools import combinations, pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.cheapest_flows import CROSSING, NEW, WIDEN, cheapest_flows, cheapest_flows_from
from cx_map.analyses.lines import lines_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import ANYONE, propagation_of
from cx_map.model.chapter_map import Flow
from cx_map.model.inventory import Inventory, RawEntity
from cx_map.model.source import Map
from tests.support import inventory_of

STORES = "abcd"
BASE = inventory_of(
    """
    lines_of_business: {one: {}, two: {}}
    data_sources: {a: {line_of_business: one}, b: {}, c: {line_of_business: two}, d: {line_of_business: two}}
    """
)
flows_ = st.builds(
    lambda ends, carries, blocked: Flow(
        from_=ends[0], to=ends[1], carries=carries, policy="blocked" if blocked else None
    ),
    st.tuples(st.sampled_from(STORES), st.sampled_from(STORES)).filter(lambda ends: ends[0] != ends[1]),
    st.sampled_from((("contact",), ("account",), None)),
    st.sampled_from((False, False, False, True)),
)


def best_by_brute_force(inventory: Inventory) -> float | None:
    """The cheapest of all ways from a to d over the other stores that goes around no policy."""
    graph = propagation_of(inventory)
    lines = lines_of(Ecosystem(inventory))
    there = {(link.source, link.target) for link in graph.links}
    free = {(link.source, link.target) for link in graph.links if link.flow.carries == ("contact",)}
    banned = {(link.source, link.target) for link in graph.blocked if link.flow.carries != ("account",)}

    def cost(source: str, target: str) -> float:
        one, other = lines.get(source), lines.get(target)
        new = NEW * (CROSSING if one and other and not one & other else 1)
        return 0.0 if (source, target) in free else WIDEN if (source, target) in there else new

    best: float | None = None
    for others in (between for size in range(3) for between in permutations("bc", size)):
        way = ("a", *others, "d")
        steps = [cost(source, target) for source, target in pairwise(way)]
        around = any((way[i], way[j]) in banned and any(steps[i:j]) for i, j in combinations(range(len(way)), 2))
        if not around and (best is None or sum(steps) < best):
            best = sum(steps)
    return best


@settings(max_examples=300, deadline=None)
@given(st.lists(flows_, max_size=7))
def test_the_repair_is_the_cheapest(flows: list[Flow]) -> None:
    inventory = dataclasses.replace(
        BASE, flows=tuple(flows), flow_sources=tuple(RawEntity("flows", "", Map(), 0, 0) for _ in flows)
    )
    repair = cheapest_flows(Ecosystem(inventory), "contact.email", "a", "d", ANYONE)
    expected = best_by_brute_force(inventory)
    if repair is None:
        assert expected is None or expected > NEW * CROSSING, "only policy can stand in the way of one new flow"
        return
    assert repair.cost == expected
    more = [Flow(from_=link.source, to=link.target, carries=("contact",)) for link in repair.widened]
    if repair.new is not None:
        more.append(Flow(from_=repair.new[0], to=repair.new[1], carries=("contact",)))
    assert "d" in propagation_of(dataclasses.replace(inventory, flows=(*flows, *more))).reach("contact.email", "a")


def test_what_is_there_costs_nothing() -> None:
    inventory = dataclasses.replace(BASE, flows=(Flow(from_="a", to="d", carries=("*",)),))
    repair = cheapest_flows(Ecosystem(inventory), "contact.email", "a", "d", ANYONE)
    assert repair is not None
    assert (repair.cost, repair.changes) == (0.0, ())


def test_nobody_asks_a_print_engine_for_customer_data() -> None:
    """A print engine beside the customer record could be fed and tapped for less; the record itself is connected."""
    inventory = inventory_of("""
        lines_of_business: {bank: {}, loans: {}}
        data_sources: {crm: {line_of_business: bank}, loan-db: {line_of_business: loans}}
        platforms:
          print: {line_of_business: bank, capabilities: [compose, print]}
          loan-print: {line_of_business: loans, capabilities: [print]}
        flows:
          - {from: crm, to: print, via: api, carries: [account]}
          - {from: print, to: loan-print, via: file, carries: ["*"]}
        """)
    repair = cheapest_flows(Ecosystem(inventory), "contact.email", ("crm",), ("loan-db",), ANYONE)
    assert repair is not None
    assert (repair.widened, repair.new) == ((), ("crm", "loan-db"))


def test_nobody_is_to_retype_more() -> None:
    inventory = inventory_of("""
        data_sources: {forms: {}, core: {}}
        flows: [{from: forms, to: core, via: rekey, carries: [account]}]
        """)
    repair = cheapest_flows(Ecosystem(inventory), "contact.email", ("forms",), ("core",), ANYONE)
    assert repair is not None
    assert repair.changes == (
        {"connect": {"id": "contact.email", "from": "forms", "to": "core", "via": "api", "carries": ["contact.email"]}},
    )


BLOCKED = """
data_sources: {bureau: {}, lake: {}, crm: {}}
flows:
  - {from: bureau, to: crm, policy: blocked}
  - {from: bureau, to: lake, via: api, carries: [contact]}
"""


def test_what_policy_blocks_does_not_go_there_over_a_third_place() -> None:
    eco = Ecosystem(inventory_of(BLOCKED))
    assert cheapest_flows(eco, "contact.email", ("bureau",), ("crm",), ANYONE) is None
    assert cheapest_flows(eco, "contact.email", ("lake",), ("crm",), ANYONE) is not None


def test_policy_about_something_else_stands_in_no_way() -> None:
    eco = Ecosystem(inventory_of(BLOCKED.replace("policy: blocked", "policy: blocked, carries: [account]")))
    repair = cheapest_flows(eco, "contact.email", ("bureau",), ("crm",), ANYONE)
    assert repair is not None
    assert repair.new == ("bureau", "crm")


def test_another_start_that_may_send_it_is_taken() -> None:
    eco = Ecosystem(inventory_of(BLOCKED))
    repair = cheapest_flows(eco, "contact.email", ("bureau", "lake"), ("crm",), ANYONE)
    assert repair is not None
    assert repair.new == ("lake", "crm")


def test_nobody_asks_a_sender_for_its_copies() -> None:
    text = """
        lines_of_business: {one: {}, two: {}}
        data_sources: {file: {line_of_business: one}, crm: {line_of_business: two}}
        platforms: {mailer: {capabilities: [deliver_email], holds: [{attribute: contact.email, mastery: MASTERY}]}}
        flows: [{from: file, to: mailer, via: file, carries: [contact.email]}]
        """

    def start(mastery: str) -> str | None:
        eco = Ecosystem(inventory_of(text.replace("MASTERY", mastery)))
        repair = cheapest_flows(eco, "contact.email", ("file",), ("crm",), ANYONE)
        return repair.new[0] if repair is not None and repair.new is not None else None

    assert start("copy") == "file"
    assert start("master") == "mailer", "cheaper: of no known line"


def test_nothing_that_works_every_day_is_fed_from_the_reports() -> None:
    text = """
        lines_of_business: {one: {}, two: {}}
        data_sources: {file: {line_of_business: one}, lake: {role: ROLE}, crm: {line_of_business: two}}
        flows: [{from: file, to: lake, via: batch, carries: [account]}]
        """

    def start(role: str) -> str | None:
        eco = Ecosystem(inventory_of(text.replace("ROLE", role)))
        repair = cheapest_flows(eco, "contact.email", ("file",), ("crm",), ANYONE)
        return repair.new[0] if repair is not None and repair.new is not None else None

    assert start("golden") == "lake", "one flow to widen and one within no line cost less than one across lines"
    assert start("reporting") == start("archive") == "file"


def test_of_several_starts_one_of_no_known_line_is_cheaper_than_one_of_another() -> None:
    eco = Ecosystem(dataclasses.replace(BASE, flows=()))
    for starts in ("ab", "ba"):
        repair = cheapest_flows(eco, "contact.email", starts, ("d",), ANYONE)
        assert repair is not None
        assert (repair.new, repair.cost) == (("b", "d"), NEW)


@settings(max_examples=100, deadline=None)
@given(st.lists(flows_, max_size=7), st.lists(st.frozensets(st.sampled_from("abc")), max_size=3))
def test_starts_in_sets_are_starts(flows: list[Flow], sets: list[frozenset[str]]) -> None:
    inventory = dataclasses.replace(
        BASE, flows=tuple(flows), flow_sources=tuple(RawEntity("flows", "", Map(), 0, 0) for _ in flows)
    )
    starts = frozenset[str]().union(*sets)
    assert cheapest_flows_from(Ecosystem(inventory), "contact.email", tuple(sets), "d", ANYONE) == cheapest_flows(
        Ecosystem(inventory), "contact.email", starts, "d", ANYONE
    )
