from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest

from cx_map.analyses.linear_program import cheapest


def corners(costs: list[int], rows: list[tuple[dict[int, int], int]]) -> Fraction | None:
    """The least cost over all corners of the region, by solving every choice of active bounds; None if empty."""
    width = len(costs)
    planes = [([Fraction(row.get(j, 0)) for j in range(width)], Fraction(bound)) for row, bound in rows]
    planes += [([Fraction(-(j == axis)) for j in range(width)], Fraction(0)) for axis in range(width)]
    best: Fraction | None = None
    for chosen in itertools.combinations(planes, width):
        point = solve([list(plane[0]) for plane in chosen], [plane[1] for plane in chosen])
        if point is None:
            continue
        if all(sum(a * x for a, x in zip(row, point, strict=True)) <= bound for row, bound in planes):
            value = sum((cost * x for cost, x in zip(costs, point, strict=True)), Fraction(0))
            best = value if best is None else min(best, value)
    return best


def solve(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    size = len(right)
    for column in range(size):
        pivot = next((row for row in range(column, size) if matrix[row][column]), None)
        if pivot is None:
            return None
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        right[column], right[pivot] = right[pivot], right[column]
        for row in range(size):
            if row != column and matrix[row][column]:
                factor = matrix[row][column] / matrix[column][column]
                matrix[row] = [a - factor * b for a, b in zip(matrix[row], matrix[column], strict=True)]
                right[row] -= factor * right[column]
    return [right[row] / matrix[row][row] for row in range(size)]


def test_optima_equal_the_best_corner_of_random_programs() -> None:
    empty = 0
    for seed in range(300):
        chance = random.Random(seed)
        width = chance.randint(1, 3)
        costs = [chance.randint(0, 5) for _ in range(width)]
        rows = [
            ({j: chance.randint(-4, 4) for j in range(width)}, chance.randint(-6, 8))
            for _ in range(chance.randint(1, 5))
        ]
        expected = corners(costs, rows)
        found = cheapest(costs, rows)
        if expected is None:
            assert found is None
            empty += 1
            continue
        assert found is not None
        assert all(x >= 0 for x in found)
        assert all(sum(row.get(j, 0) * found[j] for j in range(width)) <= bound for row, bound in rows)
        assert sum(cost * x for cost, x in zip(costs, found, strict=True)) == expected
    assert empty > 20


def test_negative_costs_are_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        cheapest([-1], [])
