"""Boxes on a grid: how much of a straight piece lies behind them, against a count of points."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.draw.geometry import Box, Occupied

coordinates = st.integers(-300, 300).map(float)
boxes = st.lists(st.builds(Box, coordinates, coordinates, st.integers(1, 150), st.integers(1, 90)), max_size=6)
points = st.tuples(coordinates, coordinates)


@given(boxes, points, points, st.sampled_from([0.0, 4.0]))
@settings(max_examples=200, deadline=None)
def test_the_length_behind_boxes_is_that_of_many_points(
    some: list[Box], start: tuple[float, float], end: tuple[float, float], gap: float
) -> None:
    pieces = 2000
    length = hypot(end[0] - start[0], end[1] - start[1])
    counted = 0
    for piece in range(pieces):
        share = (piece + 0.5) / pieces
        x, y = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
        counted += sum(one.x - gap < x < one.right + gap and one.y - gap < y < one.bottom + gap for one in some)
    found = Occupied(some).along(start, end, gap)
    assert found == pytest.approx(counted / pieces * length, abs=length / pieces * 2 * (len(some) + 1) + 1e-9)


def test_the_size_of_the_cells_does_not_matter() -> None:
    some = [Box(10, 10, 200, 30), Box(300, -40, 20, 400)]
    lengths = {round(Occupied(some, cell).along((0, 20), (400, 60), 3), 9) for cell in (7.0, 64.0, 1000.0)}
    assert len(lengths) == 1
