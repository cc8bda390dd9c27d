"""Failure sets: equal to brute force on random systems, with and without cycles (analyses.md, H3)."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.graph.and_or import NEVER, Groups, failure_sets, working


def by_force(requirements: list[Groups], node: int, atoms: int) -> tuple[int, ...]:
    """The atoms without which a node cannot be derived, each tried."""
    return tuple(atom for atom in range(atoms) if not working(requirements, [atom])[node])


def naive(requirements: list[Groups], without: set[int]) -> set[int]:
    """The nodes that work: everything that is not lost, less what lacks something, round by round."""
    found = set(range(len(requirements))) - without
    while True:
        less = {node for node in found if all(any(one in found for one in group) for group in requirements[node])}
        if less == found:
            return found
        found = less


def random_system(chance: random.Random, size: int) -> list[Groups]:
    return [
        tuple(
            tuple(chance.sample(range(size), chance.randint(0 if chance.random() < 0.05 else 1, min(3, size))))
            for _ in range(chance.choice([0, 0, 1, 1, 2]))
        )
        for _ in range(size)
    ]


def test_failure_sets_equal_brute_force_on_two_thousand_random_systems_with_cycles() -> None:
    cyclic = 0
    for seed in range(2000):
        chance = random.Random(seed)
        requirements = random_system(chance, chance.randint(1, 9))
        found = failure_sets(requirements)
        derivable = naive(requirements, set())
        assert {node for node, works in enumerate(working(requirements)) if works} == derivable
        for lost in range(len(requirements)):
            left = naive(requirements, {lost})
            assert {node for node, works in enumerate(working(requirements, [lost])) if works} == left
        cyclic += any(node in _below(requirements, node) for node in derivable)
        for node in range(len(requirements)):
            expected = by_force(requirements, node, len(requirements)) if node in derivable else ()
            assert found.of(node) == expected
    assert cyclic > 300


def _below(requirements: list[Groups], start: int) -> set[int]:
    seen: set[int] = set()
    todo = [start]
    while todo:
        for member in {one for group in requirements[todo.pop()] for one in group} - seen:
            seen.add(member)
            todo.append(member)
    return seen


@st.composite
def systems(draw: st.DrawFn) -> list[Groups]:
    size = draw(st.integers(1, 12))
    group = st.lists(st.integers(0, size - 1), min_size=1, max_size=4, unique=True).map(tuple)
    return [tuple(draw(st.lists(group, max_size=3))) for _ in range(size)]


@given(systems(), st.integers(1, 12))
@settings(max_examples=150, deadline=None)
def test_only_atoms_have_bits(requirements: list[Groups], count: int) -> None:
    atoms = min(count, len(requirements))
    # nodes past the atoms may not be required by atoms
    cut = [tuple(tuple(x for x in g if x < atoms) or (0,) for g in groups) for groups in requirements]
    found = failure_sets(cut, atoms)
    derivable = working(cut)
    for node in range(len(cut)):
        expected = by_force(cut, node, atoms) if derivable[node] else ()
        assert found.of(node) == expected


@given(systems(), st.data())
@settings(max_examples=100, deadline=None)
def test_an_alternative_never_enlarges_and_a_requirement_never_shrinks(
    requirements: list[Groups], data: st.DataObject
) -> None:
    before = failure_sets(requirements)
    node = data.draw(st.integers(0, len(requirements) - 1))
    other = data.draw(st.integers(0, len(requirements) - 1))
    wider = list(requirements)
    wider[node] = tuple((*group, other) for group in requirements[node])
    after = failure_sets(wider)
    for one in range(len(requirements)):
        if before.derivable[one]:
            assert set(after.of(one)) <= set(before.of(one))
    narrower = list(requirements)
    narrower[node] = (*requirements[node], (other,))
    stricter = failure_sets(narrower)
    for one in range(len(requirements)):
        if stricter.derivable[one]:
            assert set(stricter.of(one)) >= set(before.of(one))


def test_a_long_chain_and_a_long_cycle_need_no_recursion() -> None:
    size = 5000
    chain: list[Groups] = [(), *(((node - 1,),) for node in range(1, size))]
    assert failure_sets(chain).of(size - 1) == tuple(range(size))
    cycle: list[Groups] = [((size - 1,), (size,)), *(((node - 1,),) for node in range(1, size)), ()]
    assert failure_sets(cycle).of(2) == tuple(range(size + 1))


def test_a_cycle_runs_until_something_outside_stops_it() -> None:
    mutual: list[Groups] = [((1,),), ((0,),), ((0,),)]
    assert failure_sets(mutual).of(2) == (0, 1, 2)
    fed: list[Groups] = [((1,),), ((0,), (3,)), ((0,),), ()]
    assert failure_sets(fed).of(2) == (0, 1, 2, 3)
    dead: list[Groups] = [((1,),), ((0,), (3,)), ((0,),), NEVER]
    assert not any(failure_sets(dead).derivable)
    # either input is enough, and the other one comes back from what it feeds itself
    either: list[Groups] = [((1, 2),), ((0,),), ()]
    assert failure_sets(either).of(0) == (0,)


def test_what_is_never_to_be_had_is_not_derivable() -> None:
    found = failure_sets([NEVER, ((0,),), ((0, 3),), ()])
    assert [bool(one) for one in found.derivable] == [False, False, True, True]
    assert found.of(2) == (2, 3)
    assert found.of(1) == ()
