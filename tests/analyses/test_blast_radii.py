from __future__ import annotations

import random

import pytest

from cx_map.analyses.affected import affected
from cx_map.analyses.blast_radii import blast_radii
from cx_map.analyses.radius_sizes import radius_sizes, size_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.model.chapter_map import Communication
from tests.graph.test_production import random_firm
from tests.inventories.random_firms import firm, inventory_from
from tests.support import inventory_of


def firms() -> list[Ecosystem]:
    some = [Ecosystem(inventory_of(random_firm(random.Random(seed)))) for seed in range(60)]
    return some + [Ecosystem(inventory_from(firm(seed))) for seed in range(60)]


def test_radii_are_the_failure_sets_turned_around() -> None:
    for eco in firms():
        graph, radii = production(eco), blast_radii(eco)
        for name in graph.names:
            expected = [one for one in radii.every if name in graph.failure_set(one)]
            assert list(radii.of(name)) == expected
            assert radii.of(name).first(2) == tuple(expected[:2])


def test_sizes_are_those_of_the_communications_one_by_one() -> None:
    for eco in firms():
        radii = blast_radii(eco)
        for name in radii.places:
            found = size_of(eco, radii.of(name))
            plain = affected(eco, radii.of(name))
            assert (found.reach.communications, found.reach.regulated) == (plain.communications, plain.regulated)
            for mine, other in ((found.reach.customers, plain.customers), (found.reach.items, plain.items)):
                assert (mine.low, mine.value, mine.high) == pytest.approx((other.low, other.value, other.high))
                assert mine.basis == other.basis
            letters = [eco.inventory.find(one, Communication) for one in radii.of(name)]
            times = [one.deadline.seconds for one in letters if one is not None and one.deadline is not None]
            assert found.deadline == min(times, default=None)


def chain(length: int) -> Ecosystem:
    platforms = "\n".join(f"  p{i}: {{needs: [p{i - 1}]}}" for i in range(1, length))
    letters = "\n".join(
        f"  c{i}: {{needs: [], volume: {i}/month, channels: [email], platforms: [p{i}]}}" for i in range(length)
    )
    return Ecosystem(inventory_of(f"platforms:\n  p0: {{}}\n{platforms}\ncommunications:\n{letters}\n"))


def test_a_chain_is_counted_link_by_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each radius is the one inside it and one communication more: the work must not grow with the square of the chain."""
    from cx_map.analyses import radius_sizes as module

    joined: list[int] = []
    plain = module._joined

    def counted(parts):  # type: ignore[no-untyped-def]  # the private type is no concern of this test
        joined.append(len(parts))
        return plain(parts)

    monkeypatch.setattr(module, "_joined", counted)
    eco = chain(300)
    sizes = radius_sizes(eco)
    assert sum(joined) <= 3 * 301
    first = sizes[blast_radii(eco).of("p0").numbers]
    assert (first.reach.communications, first.reach.items.value) == (300, 299 * 300 / 2)
