"""INV106: the composing platform must get what it is to show."""

from __future__ import annotations

from typing import Any

import pytest

from cx_map.analyses import cheapest_flows
from cx_map.graph.propagation import Link, Propagation
from tests.rules.collection.said import said

FIRM = """
products: {card: {}, loan: {}}
data_sources: {crm: {holds: [preference.branch, identity.name]}, other: {}}
platforms: {gate: {}, ccm: {capabilities: [compose]}}
flows: [{from: crm, to: ccm, via: api, carries: [CARRIED]SCOPE}]
communications:
  post: {products: [card, loan], needs: [NEEDS], personalises: [SHAPE], routes: [{channel: letter, platforms: [gate, ccm]}]}
"""


def firm(carried: str = "identity", shape: str = "preference.branch", needs: str = "", scope: str = "") -> str:
    return FIRM.replace("CARRIED", carried).replace("SHAPE", shape).replace("NEEDS", needs).replace("SCOPE", scope)


def test_no_flow_carries_it() -> None:
    (breach,) = said("INV106", firm()).breaches
    assert breach.related[0] == "ccm"
    assert breach.fix is not None
    assert len(breach.fix.changes) == 1
    assert said("INV106", firm("preference")).passed == {"post"}


def test_every_product_must_be_served() -> None:
    (breach,) = said("INV106", firm("preference", scope=", products: [card]")).breaches
    assert "for loan" in breach.message


def test_a_need_is_access() -> None:
    assert said("INV106", firm(needs="crm")).passed == {"post"}
    assert said("INV106", firm(needs="other")).subjects == ["post"]


def test_derived_attributes_need_all_they_come_from() -> None:
    assert said("INV106", firm(shape="{attribute: greeting, derived_from: [identity.name]}")).passed == {"post"}
    both = "{attribute: greeting, derived_from: [identity.name, preference.branch]}"
    assert said("INV106", firm(shape=both)).subjects == ["post"]


def test_what_nobody_has_is_not_judged_here() -> None:
    assert said("INV106", firm(shape="loyalty.tier")).open == {"post"}


def test_a_flow_of_which_nobody_knows_what_it_carries_leaves_it_open() -> None:
    vague = firm().replace("carries: [identity]", "carries: unknown")
    result = said("INV106", vague)
    assert (result.breaches, result.passed, result.open) == ([], set(), {"post"})
    sure = vague.replace("flows: [", "flows: [{from: crm, to: ccm, via: api, carries: [preference]}, ")
    assert said("INV106", sure).passed == {"post"}
    half = vague.replace("carries: unknown", "carries: unknown, products: [card]")
    (breach,) = said("INV106", half).breaches
    assert "for loan" in breach.message


def test_a_store_has_it_for_the_products_that_it_holds_it_for() -> None:
    text = firm("preference", scope=", products: [card]").replace(
        "preference.branch, identity", "{attribute: preference.branch, products: [card]}, identity"
    )
    assert said("INV106", text).breaches == [], "nobody has it for loans, which is the business of RED106"


def test_the_fix_does_not_go_around_a_policy() -> None:
    text = firm().replace(
        "flows: [",
        "flows: [{from: crm, to: ccm, policy: blocked, carries: [preference]}, {from: crm, to: other, via: api}, ",
    )
    (breach,) = said("INV106", text).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ()
    assert "policy keeps it from 'ccm'" in breach.fix.summary


def test_content_is_shown() -> None:
    assert "shows 'preference.branch'" in said("INV106", firm().replace("personalises", "content")).breaches[0].message


def test_who_sends_an_attribute_on_has_it() -> None:
    sends = firm().replace("flows: [", "flows: [{from: ccm, to: other, via: file, carries: [preference.branch]}, ")
    assert said("INV106", sends).passed == {"post"}
    everything = sends.replace("via: file, carries: [preference.branch]", 'via: file, carries: ["*"]')
    assert said("INV106", everything).subjects == ["post"], "all that it has, which need not be this"


def parts_of_one(count: int) -> str:
    """A firm that holds one attribute as a whole everywhere, with a message and a form for each of its parts."""
    lines = ["attributes:", "  a: {sensitivity: personal}", *(f"  a.b{i}: {{}}" for i in range(count))]
    lines += ["data_sources:", *(f"  store-{i}: {{holds: [a]}}" for i in range(count))]
    lines += ["collection_points:", *(f"  point-{i}: {{asks: [a.b{i}], writes_to: [store-{i}]}}" for i in range(count))]
    lines += ["platforms:", "  ccm: {capabilities: [compose]}", "communications:"]
    lines += [f"  mail-{i}: {{content: [a, a.b{i}], channels: [email], platforms: [ccm]}}" for i in range(count)]
    lines += ["flows:", *(f"  - {{from: store-{i}, to: store-{i + 1}, via: api}}" for i in range(0, count - 1, 20))]
    return "\n".join(lines)


def test_places_that_have_the_whole_are_gone_through_once_for_all_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    gone_through = 0
    walk, search = Propagation._walk, cheapest_flows._dijkstra

    def counted_walk(*args: Any) -> frozenset[str]:
        nonlocal gone_through
        found = walk(*args)
        gone_through += len(found)
        return found

    def counted_search(*args: Any, **more: Any) -> dict[str, tuple[float, Link | None]]:
        nonlocal gone_through
        found = search(*args, **more)
        gone_through += len(found)
        return found

    monkeypatch.setattr(Propagation, "_walk", counted_walk)
    monkeypatch.setattr(cheapest_flows, "_dijkstra", counted_search)
    count = 100
    breaches = said("INV106", parts_of_one(count)).breaches
    assert len(breaches) == 2 * count
    assert all(breach.fix is not None and breach.fix.changes for breach in breaches)
    assert gone_through < 20 * count, f"{count} attributes known in {count} places: {gone_through}"
