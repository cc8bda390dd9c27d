from __future__ import annotations

import itertools
import random

import pytest

from cx_map.analyses.commodities import SCALE, commodities, limits
from cx_map.analyses.max_flow import raises, throughputs
from cx_map.analyses.relaxed_network import headroom
from cx_map.graph.ecosystem import Ecosystem
from tests.analyses.small_firm import SMALL_FIRM
from tests.support import inventory_of


def eco_of(text: str) -> Ecosystem:
    return Ecosystem(inventory_of(text))


def theta(eco: Ecosystem) -> float | None:
    found = headroom(commodities(eco), limits(eco))
    return None if found is None else float(found)


def test_head_rooms_of_the_small_firm() -> None:
    """analyses.md, H2: 0.645 as routed, at most 1.037 by other routes."""
    (part,) = throughputs(eco_of(SMALL_FIRM))
    assert part.fixed == pytest.approx(0.645, abs=5e-4)
    assert part.relaxed == pytest.approx(1.037, abs=5e-4)
    assert not part.short
    assert part.demand == part.carried == 1_350_000
    assert theta(eco_of(SMALL_FIRM)) == part.relaxed


def test_a_shortfall_names_the_cut_and_the_starved() -> None:
    text = SMALL_FIRM.replace("esp: {capabilities: [deliver_email], capacity: 800000", "esp: {capacity: 500000")
    (part,) = throughputs(eco_of(text))
    assert part.short
    assert part.cut == ("esp", "print")
    assert part.shortfall == 250_000
    assert part.relaxed == pytest.approx(1_100_000 / 1_350_000)
    assert set(part.starved) == {"fraud", "notice", "stmt-card", "stmt-mort"}
    assert raises(eco_of(text), part) == {"print": 850_000}


def firm(chance: random.Random) -> tuple[str, dict[str, int], dict[str, tuple[int, list[list[str]]]]]:
    """A random firm: its text, capacities, and for each communication its volume and routes."""
    caps = {f"p{n}": chance.randint(0, 6) for n in range(chance.randint(1, 4))}
    sends: dict[str, tuple[int, list[list[str]]]] = {}
    lines = ["platforms:"] + [f"  {name}: {{capacity: {cap}/month}}" for name, cap in caps.items()]
    lines.append("communications:")
    for number in range(chance.randint(1, 3)):
        routes = [
            chance.sample(sorted(caps), chance.randint(1, min(2, len(caps)))) for _ in range(chance.randint(1, 3))
        ]
        volume = chance.randint(0, 4)
        sends[f"c{number}"] = (volume, routes)
        written = ", ".join(
            f"{{id: r{place}, channel: email, platforms: [{', '.join(route)}]}}" for place, route in enumerate(routes)
        )
        lines.append(f"  c{number}: {{volume: {volume}/month, needs: [], routes: [{written}]}}")
    return "\n".join(lines), caps, sends


def splits(volume: int, routes: int) -> list[tuple[int, ...]]:
    return [one for one in itertools.product(range(volume + 1), repeat=routes) if sum(one) == volume]


def possible(caps: dict[str, int], sends: dict[str, tuple[int, list[list[str]]]]) -> bool:
    """Whether whole items can be shared out so that everything fits, every way tried."""
    names = sorted(sends)
    for chosen in itertools.product(*(splits(sends[name][0], len(sends[name][1])) for name in names)):
        load = dict.fromkeys(caps, 0)
        for name, split in zip(names, chosen, strict=True):
            for items, route in zip(split, sends[name][1], strict=True):
                for platform in route:
                    load[platform] += items
        if all(load[name] <= caps[name] for name in caps):
            return True
    return False


def test_a_proved_shortfall_is_never_wrong() -> None:
    short = fine = 0
    for seed in range(250):
        text, caps, sends = firm(random.Random(seed))
        proved = any(part.short for part in throughputs(eco_of(text)))
        if possible(caps, sends):
            assert not proved, seed
            fine += 1
        short += proved
    assert short > 50
    assert fine > 50


def test_the_cut_is_a_proof_by_itself() -> None:
    """The starved send more in a month than the cut can take, and have no way around it."""
    for seed in range(150):
        text, caps, sends = firm(random.Random(seed))
        for part in throughputs(eco_of(text)):
            if not part.short:
                continue
            wanted = sum(sends[name][0] for name in part.starved)
            assert part.shortfall == pytest.approx(wanted - sum(caps[name] for name in part.cut))
            for name in part.starved:
                assert all(set(route) & set(part.cut) for route in sends[name][1])


def test_raising_what_is_computed_removes_the_shortfall() -> None:
    for seed in range(80):
        text, caps, _ = firm(random.Random(seed))
        for part in throughputs(eco_of(text)):
            if part.short:
                for name, amount in raises(eco_of(text), part).items():
                    text = text.replace(
                        f"  {name}: {{capacity: {caps[name]}/month}}", f"  {name}: {{capacity: {amount}/month}}"
                    )
        assert not any(part.short for part in throughputs(eco_of(text)))


def test_a_large_cut_is_raised_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cx_map.analyses.max_flow._MOST_ONE_BY_ONE", 0)
    test_raising_what_is_computed_removes_the_shortfall()


def test_a_fallback_never_lowers_the_head_room() -> None:
    for seed in range(80):
        chance = random.Random(seed)
        text, caps, sends = firm(chance)
        before = theta(eco_of(text))
        platform = chance.choice(sorted(caps))
        name = chance.choice(sorted(sends))
        spare = f", {{id: spare, channel: sms, platforms: [{platform}], fallback_for: r0}}]}}"
        more = "\n".join(
            line[: -len("]}")] + spare if line.startswith(f"  {name}:") else line for line in text.split("\n")
        )
        after = theta(eco_of(more))
        assert (before is None) == (after is None)
        assert before is None or after is None or after >= before


def test_what_can_go_around_every_limit_is_never_short() -> None:
    text = """
    platforms: {tight: {capacity: 1/month}, free: {}}
    communications:
      c: {volume: %s/month, needs: [], routes: [
        {id: a, channel: email, platforms: [tight]}, {id: b, channel: email, platforms: [free], fallback_for: a}]}
      e: {volume: 1/month, needs: [], routes: [{id: a, channel: sms, platforms: [tight]}]}
      d: {volume: 100/month, needs: [], routes: [{channel: email, platforms: [{any_of: [tight, free]}]}]}
    """
    (part,) = throughputs(eco_of(text % 100))
    assert part.communications == ("c", "e")
    assert not part.short
    (alone,) = throughputs(eco_of(text.replace("  e: {volume: 1/", "  e: {volume: 0/") % 100))
    assert not alone.short


def test_what_goes_around_does_not_join_a_part_that_is_short() -> None:
    text = """
    platforms: {short: {capacity: 1/month}, full: {capacity: 50/month}, free: {}}
    communications:
      a: {volume: 2/month, needs: [], routes: [{channel: sms, platforms: [short]}]}
      b: {volume: 100/month, needs: [], routes: [
        {id: a, channel: email, platforms: [full], share: 100%}, {id: b, channel: email, platforms: [free], share: 0%},
        {id: c, channel: email, platforms: [short], share: 0%}]}
    """
    one, other = throughputs(eco_of(text))
    assert (one.cut, one.suppliers) == (("short",), ("short",))
    assert (other.short, other.suppliers, other.fixed) == (False, ("full",), 0.5)


def test_send_all_sends_every_route_and_unknown_volumes_stay_open() -> None:
    text = """
    platforms: {a: {capacity: 150/month}, b: {capacity: 90/month}}
    communications:
      c: {send: all, volume: %s, needs: [], routes: [
        {channel: email, platforms: [a]}, {channel: letter, platforms: [b]}]}
    """
    (part,) = throughputs(eco_of(text % "100/month"))
    assert part.cut == ("b",)
    assert part.shortfall == 10
    (open_part,) = throughputs(eco_of(text % "unknown"))
    assert open_part.open == ("c",)
    assert not open_part.short


def test_an_item_sent_over_every_route_passes_what_it_needs_once() -> None:
    (part,) = throughputs(
        eco_of("""
    data_sources: {core: {capacity: 100/month}}
    platforms: {a: {capacity: 100/month}, b: {capacity: 90/month}}
    communications:
      c: {send: all, volume: 100/month, needs: [core], routes: [
        {channel: email, platforms: [a]}, {channel: letter, platforms: [b]}]}
    """)
    )
    assert (part.cut, part.shortfall) == (("b",), 10)


def test_capacities_of_other_periods_are_those_of_a_month() -> None:
    found = limits(eco_of("platforms: {a: {capacity: 2/h}, b: {capacity: 1.2345/month}}"))
    assert found == {"a": 1461 * SCALE, "b": 1235}


def test_a_load_that_cannot_be_too_much_need_not_be_known() -> None:
    text = """
platforms: {a: {capacity: 1000/month}, b: {capacity: 1000/month}, full: {capacity: 50/month}}
communications:
  one: {volume: 100/month, needs: [], routes: [{channel: sms, platforms: [{any_of: [a, b]}, full]}]}
"""
    (part,) = throughputs(Ecosystem(inventory_of(text)))
    assert part.fixed == 0.5
