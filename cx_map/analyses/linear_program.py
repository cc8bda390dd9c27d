"""A small exact linear program: minimise a cost that is not negative under upper bounds on sums.

The dual simplex method (Lemke, 1954) on fractions, with Bland's smallest-index rule against cycling: exact and
finite, meant for a few hundred variables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

MOST_STEPS = 3000


def cheapest(costs: Sequence[int], rows: Sequence[tuple[Mapping[int, int], int]]) -> list[Fraction] | None:
    """Values ``x >= 0`` with ``sum(row[j] * x[j]) <= bound`` for every row that cost least, or None.

    ``rows`` are (coefficients by variable, bound); a bound may be negative, a cost may not (ValueError). None means
    that no values fit, or that ``MOST_STEPS`` were not enough.
    """
    if any(cost < 0 for cost in costs):
        raise ValueError("a cost is never negative")
    width = len(costs)
    # one slack a row; row i says basic[i] = right[i] - sum(table[i][j] * x[j]) over the variables that are not basic
    table: list[dict[int, Fraction]] = [
        {column: Fraction(value) for column, value in coefficients.items() if value} for coefficients, _ in rows
    ]
    right = [Fraction(bound) for _, bound in rows]
    basic = [width + number for number in range(len(rows))]
    price: dict[int, Fraction] = {column: Fraction(cost) for column, cost in enumerate(costs)}
    for _ in range(MOST_STEPS):
        leaving = min((row for row, value in enumerate(right) if value < 0), key=lambda row: basic[row], default=None)
        if leaving is None:
            values = [Fraction(0)] * width
            for row, variable in enumerate(basic):
                if variable < width:
                    values[variable] = right[row]
            return values
        choices = [
            (price.get(column, Fraction(0)) / -value, column) for column, value in table[leaving].items() if value < 0
        ]
        if not choices:
            return None
        _pivot(table, right, basic, price, leaving, min(choices)[1])
    return None


def _pivot(
    table: list[dict[int, Fraction]],
    right: list[Fraction],
    basic: list[int],
    price: dict[int, Fraction],
    row: int,
    column: int,
) -> None:
    """Swap the basic variable of a row with one that is not basic."""
    pivot = table[row].pop(column)
    left = basic[row]
    new = {one: value / pivot for one, value in table[row].items()}
    new[left] = 1 / pivot
    table[row] = new
    right[row] /= pivot
    basic[row] = column
    for other, entries in enumerate(table):
        factor = entries.pop(column, None) if other != row else None
        if factor:
            right[other] -= factor * right[row]
            _subtract(entries, new, factor)
    factor = price.pop(column, None)
    if factor:
        _subtract(price, new, factor)


def _subtract(entries: dict[int, Fraction], new: Mapping[int, Fraction], factor: Fraction) -> None:
    for one, value in new.items():
        changed = entries.get(one, Fraction(0)) - factor * value
        if changed:
            entries[one] = changed
        else:
            entries.pop(one, None)
