from __future__ import annotations

import random

import pytest

from cx_map.analyses.capacity import loads
from cx_map.analyses.max_flow import throughputs
from cx_map.analyses.rerouting import Rerouting, reroute
from cx_map.analyses.route_edits import with_shares
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication
from cx_map.states.apply import with_changes
from tests.analyses.small_firm import SMALL_FIRM
from tests.support import inventory_of


def rerouted(text: str, comfortable: float = 0.85) -> tuple[Ecosystem, Rerouting | None]:
    eco = Ecosystem(inventory_of(text))
    (part,) = throughputs(eco)
    return eco, reroute(eco, part, comfortable)


def test_the_small_firm_fits_with_other_shares() -> None:
    eco, found = rerouted(SMALL_FIRM)
    assert found is not None
    assert found.utilisation <= 1
    assert found.shares["notice"] == {"letter": 0.0, "email": 1.0}
    changes = tuple(
        with_shares(one, found.shares[one.id]) for one in eco.inventory.of(Communication) if one.id in found.shares
    )
    after = Ecosystem(with_changes(eco.inventory, changes))
    assert loads(after)["print"].said <= 600_000
    assert loads(after)["esp"].said <= 800_000
    assert throughputs(after)[0].fixed is not None
    assert (throughputs(after)[0].fixed or 0) >= 1


def test_no_channel_gets_more_than_its_customers_can_be_reached_by() -> None:
    _, found = rerouted(SMALL_FIRM.replace("email: 70%", "email: 55%"))
    assert found is None


TWO = """
channels: {email: {cost_per_contact: 0.1 EUR}, letter: {cost_per_contact: 1 EUR}, sms: {cost_per_contact: 0.2 EUR}}
platforms: {p: {capacity: 60/month}, q: {capacity: 1000/month}, r: {capacity: 1000/month}}
communications:
  c: {volume: 100/month, needs: [], routes: [
    {id: a, channel: email, platforms: [p], share: 100%}, {id: b, channel: letter, platforms: [q], share: 0%},
    {id: d, channel: sms, platforms: [r], share: 0%}]}
"""


def test_the_fewest_items_move_and_to_the_cheaper_channel() -> None:
    _, found = rerouted(TWO)
    assert found is not None
    assert found.shares["c"] == pytest.approx({"a": 0.51, "b": 0.0, "d": 0.49})
    assert found.moved == pytest.approx(49)
    assert found.cost == pytest.approx(4.9)


def test_what_is_returned_fits_on_random_firms() -> None:
    worked = 0
    for seed in range(120):
        chance = random.Random(seed)
        caps = {f"p{n}": chance.randint(20, 200) for n in range(3)}
        lines = ["platforms:"] + [f"  {name}: {{capacity: {cap}/month}}" for name, cap in caps.items()]
        lines.append("communications:")
        for number in range(chance.randint(1, 3)):
            share = chance.randint(0, 100)
            one, two = chance.sample(sorted(caps), 2)
            lines.append(
                f"  c{number}: {{volume: {chance.randint(1, 150)}/month, needs: [], routes: ["
                f"{{id: x, channel: email, platforms: [{one}], share: {share}%}}, "
                f"{{id: y, channel: sms, platforms: [{two}], share: {100 - share}%}}]}}"
            )
        eco = Ecosystem(inventory_of("\n".join(lines)))
        for part in throughputs(eco):
            if part.fixed is None or part.fixed >= 1:
                continue
            found = reroute(eco, part, 0.85)
            if found is None:
                # two routes a communication, one limit each: the relaxation is exact, so only a shortfall stays
                assert part.relaxed is not None
                assert part.relaxed < 1.01, seed
                continue
            worked += 1
            changes = tuple(
                with_shares(one, found.shares[one.id])
                for one in eco.inventory.of(Communication)
                if one.id in found.shares
            )
            after = loads(Ecosystem(with_changes(eco.inventory, changes)))
            for name in part.suppliers:
                assert after[name].said <= caps[name] * (1 + 1e-9), seed
    assert worked > 20
