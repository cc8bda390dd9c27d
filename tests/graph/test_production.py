from __future__ import annotations

import random

import pytest

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Production, production
from tests.analyses.small_firm import SINGLE_POINTS, SMALL_FIRM
from tests.support import inventory_of


def graph_of(text: str) -> Production:
    return production(Ecosystem(inventory_of(text)))


@pytest.mark.parametrize("name", sorted(SINGLE_POINTS))
def test_single_points_of_the_small_firm(name: str) -> None:
    """analyses.md, H2; `fraud` has a fallback over another composer that shares its mailer and channel."""
    graph = graph_of(SMALL_FIRM)
    assert graph.derivable(name)
    assert set(graph.failure_set(name)) == SINGLE_POINTS[name]


def test_send_all_puts_primary_routes_under_and_with_their_fallbacks() -> None:
    text = """
    platforms: {esp: {}, printer: {}, spare: {}}
    communications:
      notice:
        send: all
        routes:
          - {channel: email, platforms: [esp]}
          - {channel: letter, platforms: [printer]}
          - {id: again, channel: letter, platforms: [spare], fallback_for: letter}
    """
    assert set(graph_of(text).failure_set("notice")) == {"esp", "email", "letter"}
    assert set(graph_of(text.replace("send: all", "send: one_of")).failure_set("notice")) == set()


def test_a_fallback_of_a_fallback_stands_in_for_the_first() -> None:
    text = """
    platforms: {a: {}, b: {}, c: {}}
    communications:
      notice:
        send: all
        routes:
          - {id: one, channel: email, platforms: [a]}
          - {id: two, channel: sms, platforms: [b], fallback_for: one}
          - {id: three, channel: letter, platforms: [c], fallback_for: two}
    """
    assert graph_of(text).failure_set("notice") == ()


def test_any_of_is_an_alternative_in_needs_hops_and_platform_needs() -> None:
    text = """
    data_sources: {one: {}, two: {}, root: {}}
    platforms:
      a: {needs: [{any_of: [one, two]}]}
      b: {needs: [root]}
      c: {needs: [root]}
    communications:
      notice:
        needs: [{any_of: [one, two]}]
        routes: [{channel: email, platforms: [a, {any_of: [b, c]}]}]
    """
    assert set(graph_of(text).failure_set("notice")) == {"a", "email", "root"}


def test_platforms_that_need_each_other_run_until_one_of_them_stops() -> None:
    text = """
    data_sources: {seed: {}}
    platforms:
      a: {needs: [b]}
      b: {needs: [%s]}
    communications:
      notice: {routes: [{channel: email, platforms: [a]}]}
    """
    assert set(graph_of(text % "a").failure_set("notice")) == {"a", "b", "email"}
    assert set(graph_of(text % "a, seed").failure_set("notice")) == {"a", "b", "seed", "email"}
    assert set(graph_of(text % "{any_of: [a, seed]}").failure_set("notice")) == {"a", "b", "email"}
    stopped = graph_of((text % "a, seed").replace("seed: {}", "seed: {status: retired}"))
    assert not any(stopped.derivable(name) for name in ("a", "b", "notice"))


@pytest.mark.parametrize("status", ["proposed", "retired"])
def test_what_is_not_in_use_cannot_be_had(status: str) -> None:
    text = f"""
    platforms: {{old: {{status: {status}}}, new: {{status: deprecated}}}}
    communications:
      only-old: {{routes: [{{channel: email, platforms: [old]}}]}}
      both: {{routes: [{{channel: email, platforms: [{{any_of: [old, new]}}]}}]}}
      gone: {{status: {status}, routes: [{{channel: email, platforms: [new]}}]}}
    """
    graph = graph_of(text)
    assert not graph.derivable("only-old")
    assert not graph.derivable("gone")
    assert not graph.derivable("old")
    assert set(graph.failure_set("both")) == {"new", "email"}
    assert graph.failure_set("only-old") == ()


def test_known_to_have_no_route_differs_from_routes_not_known() -> None:
    graph = graph_of("""
    data_sources: {core: {}}
    communications:
      none: {needs: [core], routes: []}
      open: {needs: [core]}
      half: {needs: [core], channels: [email]}
      whole: {needs: [core], channels: [email], platforms: []}
      asked: {needs: unknown, channels: [email], platforms: []}
    """)
    assert not graph.derivable("none")
    assert graph.failure_set("open") == ("core",)
    assert [graph.complete(name) for name in ("none", "open", "half", "whole", "asked")] == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_domains_are_compared_without_case_and_skip_twins_and_the_firm_itself() -> None:
    graph = graph_of("""
    organization: {name: Acme Bank}
    platforms:
      a: {site: North, vendor: Acme Bank}
      b: {site: " north ", vendor: acme bank}
      c: {site: north, redundancy: active_active}
      d: {site: south, vendor: in-house}
      e: {vendor: In-House, network: mpls}
    data_sources: {f: {network: MPLS}}
    """)
    assert [(one.name, one.members) for one in graph.domains] == [
        ("site:North", ("a", "b")),
        ("network:MPLS", ("e", "f")),
    ]


def random_firm(chance: random.Random) -> str:
    """A random production ecosystem with any_of, cycles among platforms, fallbacks and retired things."""
    stores = [f"s{n}" for n in range(chance.randint(1, 3))]
    platforms = [f"p{n}" for n in range(chance.randint(2, 5))]
    sites = ["x", "y", "z"]

    def item(names: list[str]) -> str:
        chosen = chance.sample(names, min(len(names), chance.choice([1, 1, 2])))
        return chosen[0] if len(chosen) == 1 else f"{{any_of: [{', '.join(chosen)}]}}"

    def some(names: list[str], most: int) -> str:
        return "[" + ", ".join(item(names) for _ in range(chance.randint(0, most))) + "]"

    lines = ["data_sources:"] + [f"  {s}: {{site: {chance.choice(sites)}}}" for s in stores]
    lines.append("platforms:")
    for name in platforms:
        status = ", status: retired" if chance.random() < 0.1 else ""
        lines.append(f"  {name}: {{needs: {some(stores + platforms, 2)}, site: {chance.choice(sites)}{status}}}")
    lines.append("communications:")
    for number in range(chance.randint(1, 3)):
        send = chance.choice(["", ", send: all", ", send: one_of"])
        lines.append(f"  c{number}: {{needs: {some(stores, 2)}{send}, routes: [")
        count = chance.randint(1, 3)
        for route in range(count):
            spare = ", fallback_for: r0" if route and chance.random() < 0.5 else ""
            channel = chance.choice(["email", "sms"])
            lines.append(f"    {{id: r{route}, channel: {channel}, platforms: {some(platforms, 2)}{spare}}},")
        lines.append("  ]}")
    return "\n".join(lines) + "\n"


def test_losing_a_thing_equals_retiring_it_on_random_firms() -> None:
    """D by the graph against the plain meaning: mark one thing retired, build again, see what still works."""
    checked = 0
    for seed in range(150):
        text = random_firm(random.Random(seed))
        inventory = inventory_of(text)
        graph = production(Ecosystem(inventory))
        for supplier in graph.names[: graph.suppliers]:
            lost = production(Ecosystem(_without(inventory, {supplier})))
            for name in graph.communications:
                if graph.derivable(name):
                    assert (supplier in graph.failure_set(name)) == (not lost.derivable(name)), (seed, supplier, name)
                    checked += 1
        for domain in graph.domains:
            lost = production(Ecosystem(_without(inventory, set(domain.members))))
            for name in graph.communications:
                if graph.derivable(name):
                    assert (domain.name in graph.failure_set(name)) == (not lost.derivable(name)), (seed, domain, name)
    assert checked > 1000


def _without(inventory, lost: set[str]):
    from dataclasses import replace

    import msgspec

    entities = {
        name: msgspec.structs.replace(one, status="retired") if name in lost else one
        for name, one in inventory.entities.items()
    }
    return replace(inventory, entities=entities)


def test_renaming_permutes_failure_sets() -> None:
    for seed in range(40):
        text = random_firm(random.Random(seed))
        renamed = text
        for old, new in (("p0", "zz0"), ("p1", "aa1"), ("s0", "mm0")):
            renamed = renamed.replace(old, new)
        names = {"p0": "zz0", "p1": "aa1", "s0": "mm0"}
        before, after = graph_of(text), graph_of(renamed)
        for name in before.communications:
            assert {names.get(one, one) for one in before.failure_set(name)} == set(after.failure_set(name))


def test_the_order_of_files_changes_nothing() -> None:
    first = "platforms: {a: {needs: [b]}, b: {}}"
    second = "communications: {c: {channels: [email], platforms: [a]}}"
    one = production(Ecosystem(inventory_of(first, second)))
    two = production(Ecosystem(inventory_of(second, first)))
    assert one.names == two.names
    assert one.failure_set("c") == two.failure_set("c") == ("a", "b", "email")
