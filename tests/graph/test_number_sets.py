from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cx_map.graph.number_sets import NumberSet, from_bits, numbers, union

SOME = st.sets(st.integers(0, 300), max_size=40)


@given(SOME)
def test_members_come_back_in_order_and_equal_sets_are_equal(members: set[int]) -> None:
    found = numbers(members)
    assert list(found) == sorted(members)
    assert len(found) == len(members)
    assert bool(found) == bool(members)
    assert found == from_bits(sum(1 << one for one in members)) == numbers(sorted(members, reverse=True))


@given(SOME, SOME, st.integers(0, 320))
def test_unions_and_views_from_a_number_on(one: set[int], other: set[int], shift: int) -> None:
    assert union([numbers(one), numbers(other), NumberSet()]) == numbers(one | other)
    seen = from_bits(numbers(one).seen_from(shift), shift)
    assert set(seen) == {member for member in one if member >= shift}
