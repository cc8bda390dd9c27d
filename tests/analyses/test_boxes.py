from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.boxes import Box, largest, meet, minus, size, uncovered


def cells(box: Box) -> set[tuple[int, ...]]:
    return set(itertools.product(*([bit for bit in range(8) if side >> bit & 1] for side in box)))


WHOLE = (0b111, 0b11, 0b1111)
BOX = st.tuples(st.integers(1, 0b111), st.integers(1, 0b11), st.integers(1, 0b1111))


@given(BOX, BOX)
@settings(max_examples=200, deadline=None)
def test_meet_and_minus_are_those_of_sets_of_cells(one: Box, other: Box) -> None:
    common = meet(one, other)
    assert (cells(common) if common else set()) == cells(one) & cells(other)
    pieces = minus(one, other)
    assert set().union(*map(cells, pieces)) == cells(one) - cells(other)
    assert sum(map(size, pieces)) == len(cells(one) - cells(other)), "pieces are disjoint"
    assert len(pieces) <= len(one)


@given(st.lists(BOX, max_size=6))
@settings(max_examples=200, deadline=None)
def test_uncovered_is_what_brute_force_finds_and_the_largest_boxes_hold_all_of_it(cover: list[Box]) -> None:
    left = cells(WHOLE) - set().union(*map(cells, cover))
    pieces = uncovered(WHOLE, cover)
    assert pieces is not None
    assert sum(map(size, pieces)) == len(left)
    assert set().union(*map(cells, pieces)) == left
    big = largest(pieces, WHOLE, cover)
    assert set().union(*map(cells, big)) == left, "grown boxes touch no covered cell and miss none"
    assert len(big) <= max(len(pieces), 1)
    assert [size(box) for box in big] == sorted(map(size, big), reverse=True)


def test_dimensions_may_be_absent() -> None:
    assert uncovered((), []) == [()]
    assert uncovered((), [()]) == []
    assert size(()) == 1


def test_a_limit_keeps_pathological_covers_in_check() -> None:
    whole = (0b1111,) * 6
    cover = [tuple(1 << (number + axis) % 4 for axis in range(6)) for number in range(4)]
    assert uncovered(whole, cover) is not None
    assert uncovered(whole, cover, limit=5) is None
