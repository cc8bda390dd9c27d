"""What becomes known where: golden cases, a definition by relaxation, and what a further flow may never do."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_map.graph.propagation import ANYONE, Link, Propagation, Scope, propagation_of
from cx_map.model.attributes import related
from cx_map.model.chapter_map import Flow
from cx_map.model.inventory import Inventory
from tests.support import inventory_of

STORES = "abcdef"
ATTRIBUTES = ("contact.postal_address", "contact.postal_address.postcode", "contact.email", "*")
BASE = inventory_of(
    f"""
    products: {{card: {{}}, loan: {{}}}}
    segments: {{young: {{products: [card]}}, old: {{products: [card, loan]}}, all: {{}}}}
    data_sources: {{{", ".join(f"{name}: {{}}" for name in STORES[:-1])}, f: {{status: retired}}}}
    """
)


def with_flows(*flows: Flow) -> Inventory:
    return dataclasses.replace(BASE, flows=flows)


def flow(text: str, **said: object) -> Flow:
    source, target = text
    return Flow(from_=source, to=target, **said)  # type: ignore[arg-type]  # what a test says of a flow


def test_carried_attributes_pass_and_others_do_not() -> None:
    graph = propagation_of(with_flows(
        flow("ab", carries=("contact.postal_address",)), flow("bc", carries=("contact.postal_address.postcode",)),
        flow("cd"), flow("ce", carries=("*",)),
    ))  # fmt: skip
    assert graph.reach("contact.postal_address", "a") == set("abce")
    assert graph.reach("contact.postal_address.city", "a") == set("ab")
    assert graph.reach("contact.email", "a") == {"a"}
    assert graph.reach("contact.email", "c") == {"c", "e"}
    assert graph.reach("contact.postal_address", "e", backward=True) == set("abce")


def test_flows_that_carry_nothing() -> None:
    every = ("*",)
    graph = propagation_of(with_flows(
        flow("ab", carries=every, via="none"), flow("bc", carries=every, policy="blocked"), flow("cd", carries=every, status="proposed"),
        flow("ae", carries=every, status="pilot"), flow("ef", carries=every),
    ))  # fmt: skip
    assert graph.reach("contact.email", "abcd") == set("abcde")
    assert [(link.source, link.target) for link in graph.blocked] == [("b", "c")]


def test_two_way_flows_and_scopes() -> None:
    graph = propagation_of(with_flows(
        flow("ab", carries=("*",), two_way=True), flow("bc", carries=("contact",), segments=("young",)),
        flow("cd", carries=("contact",), products=("loan",)),
    ))  # fmt: skip
    assert graph.reach("contact.email", "b") == set("abcd")
    young, old, whoever = (graph.scope_for(name, "contact.email") for name in ("young", "old", None))
    assert graph.reach("contact.email", "a", young) == set("abc")
    assert graph.reach("contact.email", "a", old) == set("ab")
    assert whoever == ANYONE
    assert graph.reach("contact.email", "c", graph.scope_for("all", "contact.email")) == set("cd")
    assert graph.scope_for("young", "account.balance") == ANYONE


def test_latency_adds_up_and_unknown_is_a_lower_bound() -> None:
    inventory = inventory_of(
        """
        data_sources: {a: {}, b: {}, c: {}, d: {}}
        flows:
          - {from: a, to: b, carries: [contact], latency: {p50: 1m, p95: 5m}}
          - {from: b, to: c, carries: [contact], via: batch, every: 1d, latency: 1h}
          - {from: a, to: c, carries: [contact], latency: 3d}
          - {from: c, to: d, carries: [contact]}
        """
    )
    graph = propagation_of(inventory)
    worst = graph.arrival("contact.email", "a")
    assert worst["c"].seconds == 300 + 86400 + 3600
    assert worst["c"].known
    assert (worst["d"].seconds, worst["d"].known) == (worst["c"].seconds, False)
    assert graph.arrival("contact.email", "a", typical=True)["c"].seconds == 60 + 43200 + 3600
    assert [link.target for link in graph.path(worst, "d")] == ["b", "c", "d"]


FLOWS = st.builds(
    lambda ends, carries, products, segments, two_way: Flow(
        from_=ends[0], to=ends[1], carries=carries, products=products, segments=segments, two_way=two_way, via="api"
    ),
    st.tuples(st.sampled_from(STORES), st.sampled_from(STORES)),
    st.none() | st.lists(st.sampled_from(ATTRIBUTES), max_size=2).map(tuple),
    st.none() | st.lists(st.sampled_from(("card", "loan")), max_size=2).map(tuple),
    st.none() | st.lists(st.sampled_from(("young", "old")), max_size=2).map(tuple),
    st.booleans(),
)


def by_definition(inventory: Inventory, attribute: str, segment: str, start: str) -> set[str]:
    """The closure of the definition, by going through all flows until nothing changes."""
    holds = {"young": {"card"}, "old": {"card", "loan"}}[segment]
    known, size = {start}, 0
    while size != len(known):
        size = len(known)
        for one in inventory.flows:
            ends = (one.from_ or "", one.to or "")
            carried = any(name == "*" or related(inventory, name, attribute) for name in one.carries or ())
            for_them = (one.segments is None or segment in one.segments) and (
                one.products is None or holds & set(one.products)
            )
            if carried and for_them and "f" not in ends:
                for source, target in (ends, ends[::-1]) if one.two_way else (ends,):
                    if source in known:
                        known.add(target)
    return known


@given(
    st.lists(FLOWS, max_size=8),
    st.sampled_from(ATTRIBUTES[:3]),
    st.sampled_from(("young", "old")),
    st.sampled_from("abcde"),
)
def test_reach_is_the_definition(flows: list[Flow], attribute: str, segment: str, start: str) -> None:
    inventory = with_flows(*flows)
    graph = propagation_of(inventory)
    scope = graph.scope_for(segment, attribute)
    expected = by_definition(inventory, attribute, segment, start)
    assert graph.reach(attribute, start, scope) == expected
    assert graph.arrival(attribute, start, scope).keys() == expected
    for place in expected:
        assert start in graph.reach(attribute, place, scope, backward=True)


@given(st.lists(FLOWS, max_size=7), FLOWS, st.randoms(use_true_random=False))
def test_a_further_flow_never_takes_knowledge_away_and_order_is_irrelevant(
    flows: list[Flow], more: Flow, random: object
) -> None:
    shuffled = [*flows, more]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    asked = ("contact.postal_address", "a", Scope("old", ("card", "loan")))
    before = propagation_of(with_flows(*flows)).reach(*asked)
    after = propagation_of(with_flows(*flows, more)).reach(*asked)
    assert before <= after
    assert propagation_of(with_flows(*shuffled)).reach(*asked) == after


def test_only_flows_that_carry_an_attribute_are_walked() -> None:
    graph = propagation_of(with_flows(flow("ab", carries=("contact.email",)), flow("bc", carries=("account.balance",))))
    named, everything = graph.carriers("contact.email")
    links: list[Link] = [link for some in named.forward.values() for link in some]
    assert [(link.source, link.target) for link in links] == [("a", "b")]
    assert not everything.forward


def test_flows_of_which_nobody_knows_what_they_carry() -> None:
    graph = propagation_of(with_flows(
        flow("ab", unknown=frozenset({"carries"})), flow("bc", carries=("contact",)), flow("ad"),
        flow("be", unknown=frozenset({"carries"}), segments=("young",)),
    ))  # fmt: skip
    assert graph.reach("contact.email", "a") == {"a"}
    assert graph.reach("contact.email", "a", perhaps=True) == set("abce")
    assert graph.reach("account", "a", perhaps=True) == set("abe")
    assert graph.reach("account", "a", Scope("old"), perhaps=True) == set("ab")
    assert graph.reach("contact", "c", backward=True, perhaps=True) == set("abc")
    assert graph.arrival("contact", "a").keys() == {"a"}
    assert graph.arrival("contact", "a", perhaps=True).keys() == set("abce")
    assert graph.scope_for("young", "account").segment == "young", "it makes a difference to what is perhaps known"


def test_attributes_that_the_same_flows_carry_share_their_walks(monkeypatch: pytest.MonkeyPatch) -> None:
    walks = 0
    walk = Propagation._walk

    def counted(*args: Any) -> frozenset[str]:
        nonlocal walks
        walks += 1
        return walk(*args)

    monkeypatch.setattr(Propagation, "_walk", counted)
    graph = propagation_of(
        inventory_of(
            """
            data_sources: {a: {}, b: {}, c: {}}
            flows:
              - {from: a, to: b, via: api, carries: [contact]}
              - {from: b, to: c, via: api, carries: [contact.email]}
            """
        )
    )
    assert graph.reach("contact.phone", ("a",)) == graph.reach("contact.postal", ("a",)) == {"a", "b"}
    assert walks == 1
    assert graph.reach("contact.email", ("a",)) == {"a", "b", "c"}
    assert walks == 2
