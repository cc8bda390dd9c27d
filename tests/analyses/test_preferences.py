"""How far preferences get: the golden case of analyses.md, H5, the definition by simple paths, and monotony."""

from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.preference_reach import blame, customers_of, honoured
from cx_map.analyses.preferences import UNNAMED, deciding_platforms, least_fixpoint, preferences, products_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation, propagation_of
from cx_map.model.chapter_customers import Preference
from cx_map.model.chapter_map import Communication, Flow
from cx_map.model.inventory import Inventory
from tests.support import inventory_of

GOLDEN = """
products: {card: {}, deposit: {}, mortgage: {}, acquired: {}}
segments: {owners: {customers: 1000, products: [card, deposit, mortgage, acquired]}}
data_sources: {card-preferences: {}}
platforms: {hub: {}, card-engine: {}, deposit-engine: {}, loan-engine: {}, other-engine: {}}
collection_points: {app: {writes_to: [card-preferences]}}
preferences: {paperless: {kind: e_delivery, captured_at: [app], master: card-preferences, adoption: 40%}}
flows:
  - {from: card-preferences, to: hub, via: api, carries: [preference.paperless], products: [card], latency: 1h}
  - {from: hub, to: card-engine, carries: [preference]}
  - {from: hub, to: deposit-engine, carries: ["*"]}
  - {from: hub, to: loan-engine, carries: [preference.paperless]}
communications:
  card-bill: {products: [card], segments: [owners], governed_by: [paperless], routes: [{channel: letter, platforms: [card-engine]}]}
  deposit-bill: {products: [deposit], segments: [owners], governed_by: [paperless], routes: [{channel: letter, platforms: [deposit-engine]}]}
  loan-bill: {products: [mortgage], segments: [owners], governed_by: [paperless], routes: [{channel: letter, platforms: [loan-engine]}]}
  other-bill: {products: [acquired], segments: [owners], governed_by: [paperless], routes: [{channel: letter, platforms: [other-engine]}]}
"""


def the(inventory: Inventory, name: str = "paperless") -> Preference:
    found = inventory.find(name, Preference)
    assert found is not None
    return found


def test_a_card_scoped_first_hop_stops_paperless_for_every_other_product() -> None:
    inventory = inventory_of(GOLDEN)
    eco = Ecosystem(inventory)
    known = eco.once(preferences).known(the(inventory))
    assert known.of("card-preferences") == {"card", "deposit", "mortgage", "acquired", UNNAMED}
    assert known.of("card-engine") == known.of("deposit-engine") == {"card"}
    assert known.of("other-engine") == set()
    stopped = {one.communication.id: one.stops[0].products for one in honoured(eco) if one.stops}
    assert stopped == {"deposit-bill": ("deposit",), "loan-bill": ("mortgage",), "other-bill": ("acquired",)}
    arrival = eco.once(propagation).arrival("preference.paperless", ["card-preferences"])["card-engine"]
    assert (arrival.seconds, arrival.known) == (3600.0, False)


def test_blame_is_the_scoped_hop_and_a_missing_flow() -> None:
    eco = Ecosystem(inventory_of(GOLDEN))
    blamed = {one.communication.id: blame(eco, one.stops[0]) for one in honoured(eco) if one.stops}
    deposit, other = blamed["deposit-bill"], blamed["other-bill"]
    assert deposit is not None
    assert other is not None
    assert [(link.source, link.target) for link in deposit.widened] == [("card-preferences", "hub")]
    assert deposit.new is None
    assert (other.widened, other.new) == ((), ("card-preferences", "other-engine"))


def test_impact_is_customers_times_adoption() -> None:
    eco = Ecosystem(inventory_of(GOLDEN))
    one = next(one for one in honoured(eco) if one.communication.id == "loan-bill")
    assert customers_of(eco, one.communication, one.stops[0]).value == 400
    silent = Ecosystem(inventory_of(GOLDEN.replace(", adoption: 40%", "")))
    one = next(one for one in honoured(silent) if one.communication.id == "loan-bill")
    bounds = customers_of(silent, one.communication, one.stops[0])
    assert (bounds.low, bounds.high) == (0, 1000)


def test_a_flow_for_some_customers_keeps_the_choices_of_the_others_back() -> None:
    text = GOLDEN.replace("segments: {owners: {", "segments: {staff: {customers: 7}, owners: {").replace(
        "carries: [preference.paperless]}", "carries: [preference.paperless], segments: [staff]}"
    ).replace("products: [card], latency: 1h", "latency: 1h")  # fmt: skip
    eco = Ecosystem(inventory_of(text))
    known, paperless = eco.once(preferences), the(eco.inventory)
    assert "mortgage" in known.known(paperless, "staff").of("loan-engine")
    assert known.known(paperless, "owners").of("loan-engine") == frozenset()
    assert "mortgage" in known.known(paperless, "owners").of("hub")
    stopped = {one.communication.id: one.stops[0].segments for one in honoured(eco) if one.stops}
    assert stopped["loan-bill"] == ("owners",)


def test_concerned_are_customers_who_hold_the_product_and_no_more_than_hold_it_or_are_asked() -> None:
    def concerned(product: str = "mortgage: {}", point: str = "app: {") -> tuple[float, float | None]:
        text = GOLDEN.replace(
            "segments: {owners: {",
            "segments: {savers: {customers: 70, products: [deposit]}, some: {customers: 300, products: [mortgage]}, owners: {",
        )
        text = text.replace("segments: [owners], governed_by: [paperless], routes: [{channel: letter, platforms: [loan-engine]}]",
                            "segments: [owners, savers], governed_by: [paperless], routes: [{channel: letter, platforms: [loan-engine]}]")  # fmt: skip
        if "desk" in point:
            text = text.replace("captured_at: [app]", "captured_at: [app, desk]")
        eco = Ecosystem(inventory_of(text.replace("mortgage: {}", product, 1).replace("app: {", point, 1)))
        one = next(one for one in honoured(eco) if one.communication.id == "loan-bill")
        found = customers_of(eco, one.communication, one.stops[0])
        return found.low, found.high

    assert concerned() == (400, 400), "savers hold no mortgage"
    assert concerned(product="mortgage: {customers: 250}") == (0, 100), "forty in a hundred of those who hold it"
    assert concerned(point="app: {segments: [some], ") == (0, 120), "only some are asked at all"
    assert concerned(point="app: {segments: [owners, savers], ") == (400, 400)
    anybody = concerned(point="desk: {writes_to: [card-preferences]}, app: {segments: [some], ")
    assert anybody == (400, 400), "nobody says whom the desk asks"


def test_expected_products() -> None:
    text = GOLDEN.replace("mortgage: {}", "mortgage: {paper_required: true}", 1)
    inventory = inventory_of(text)
    assert products_of(inventory, the(inventory)) == ("acquired", "card", "deposit")
    served = inventory_of(text.replace("app: {", "app: {segments: [few], ") + "  few: {}\n".replace("  few: {}\n", ""),
                          "segments: {few: {products: [card]}}")  # fmt: skip
    assert products_of(served, the(served)) == ("card",)


def test_who_decides_the_channel() -> None:
    inventory = inventory_of(
        """
        platforms: {a: {}, b: {}, c: {}, d: {status: retired}}
        communications:
          said: {channel_decided_at: c, routes: [{channel: email, platforms: [a, b]}]}
          parts: {routes: [{channel: email, platforms: [a, b]}, {channel: letter, platforms: [a, b, c]}]}
          apart: {routes: [{channel: email, platforms: [b]}, {channel: letter, platforms: [c]}]}
          single: {routes: [{channel: email, platforms: [a, b]}]}
          either: {routes: [{channel: email, platforms: [{any_of: [a, b]}]}]}
          gone: {channel_decided_at: d, routes: [{channel: email, platforms: [a]}]}
          nothing: {}
        """
    )
    found = {one.id: deciding_platforms(inventory, one) for one in inventory.of(Communication)}
    assert found == {
        "said": ("c",), "parts": ("b",), "apart": ("b", "c"), "single": ("a",), "either": ("a", "b"), "gone": (), "nothing": (),
    }  # fmt: skip


def test_a_platform_that_enforces_the_preference_decides_where_every_route_passes_one() -> None:
    inventory = inventory_of(
        """
        platforms: {a: {}, b: {enforces: [quiet]}, c: {enforces: [quiet]}, d: {status: retired, enforces: [quiet]}}
        preferences: {quiet: {kind: frequency}, loud: {kind: frequency}}
        communications:
          later: {routes: [{channel: email, platforms: [a, b, c]}]}
          each: {routes: [{channel: email, platforms: [a, c]}, {channel: letter, platforms: [b, a]}]}
          one: {routes: [{channel: email, platforms: [a, c]}, {channel: letter, platforms: [a]}]}
          perhaps: {routes: [{channel: email, platforms: [a, {any_of: [b, c]}]}]}
          gone: {routes: [{channel: email, platforms: [a, d]}]}
          said: {channel_decided_at: a, routes: [{channel: email, platforms: [a, b]}]}
        """
    )
    quiet, loud = the(inventory, "quiet"), the(inventory, "loud")
    found = {one.id: deciding_platforms(inventory, one, None, quiet) for one in inventory.of(Communication)}
    assert found == {
        "later": ("b",), "each": ("b", "c"), "one": ("a",), "perhaps": ("a",), "gone": ("a",), "said": ("a",),
    }  # fmt: skip
    assert deciding_platforms(inventory, inventory.of(Communication)[0], None, loud) == ("a", "b")


STORES = "abcde"
PRODUCTS = ("card", "loan")
BASE = inventory_of(
    "products: {card: {}, loan: {}}\ndata_sources: {a: {}, b: {}, c: {}, d: {}, e: {}}\nsegments: {x: {}}"
)
flows_ = st.builds(
    lambda ends, carries, products, two_way: Flow(
        from_=ends[0], to=ends[1], carries=carries, products=products, two_way=two_way
    ),
    st.tuples(st.sampled_from(STORES), st.sampled_from(STORES)),
    st.sampled_from((("preference.p",), ("preference",), ("*",), ("contact",), None)),
    st.none() | st.lists(st.sampled_from(PRODUCTS), max_size=2, unique=True).map(tuple),
    st.booleans(),
)


def fixpoint(flows: list[Flow]) -> dict[str, frozenset[str]]:
    graph = propagation_of(dataclasses.replace(BASE, flows=tuple(flows)))
    known = least_fixpoint(graph, "preference.p", "a", PRODUCTS)
    return {store: known.of(store) for store in STORES}


def by_paths(flows: list[Flow]) -> dict[str, set[str]]:
    """For each product on its own: what simple paths of flows that admit it lead to."""
    found: dict[str, set[str]] = {store: set() for store in STORES}
    for product in (*PRODUCTS, UNNAMED):

        def follow(store: str, path: tuple[str, ...], product: str = product) -> None:
            found[store].add(product)
            for one in flows:
                if one.carries not in (("preference.p",), ("preference",), ("*",)) or (
                    one.products is not None and product not in one.products
                ):
                    continue
                for source, target in (
                    ((one.from_, one.to), (one.to, one.from_)) if one.two_way else ((one.from_, one.to),)
                ):
                    if source == store and target is not None and target not in path:
                        follow(target, (*path, target))

        follow("a", ("a",))
    return found


@settings(max_examples=100)
@given(st.lists(flows_, max_size=6))
def test_the_fixpoint_is_what_simple_paths_give(flows: list[Flow]) -> None:
    assert fixpoint(flows) == by_paths(flows)


@settings(max_examples=100)
@given(st.lists(flows_, max_size=6), flows_)
def test_a_further_flow_never_shrinks_what_is_known(flows: list[Flow], more: Flow) -> None:
    before, after, first = fixpoint(flows), fixpoint([*flows, more]), fixpoint([more, *reversed(flows)])
    assert all(before[store] <= after[store] for store in STORES)
    assert after == first
