"""The rules that can take the same signals or errors, over their finite domain: what none takes, two take, or one never gets.

A cell is one combination of the values of all dimensions; rules and gaps are boxes of cells (``boxes``), never written
out cell by cell. :mod:`cx_map.analyses.routing_coverage` says which domain a signal or an error has.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice

from msgspec import Struct

from cx_map.analyses.boxes import Box, largest, meet, size, uncovered
from cx_map.model.chapter_service import RoutingRule

ANY_OTHER, OTHER_HOURS = "any other ", "all other hours"
"""The value that stands for all that no rule names: with the dimension's name, and of hours."""
OTHERS = (ANY_OTHER, OTHER_HOURS)

BIG_CELLS = 3
"""At most so many boxes of uncovered cells are told."""
MOST_RIVALS = 20
"""So many rules are told that take the same cases as one: rules alike come in dozens, and every pair of them would be a finding."""
MOST_COMPARED = 1_000
"""A rule is compared with no more rules of its priority that ask for some of the same values."""


class Placed(Struct, frozen=True):
    """A rule and the cells of a table that it asks for."""

    rule: RoutingRule
    box: Box
    rank: float
    """When it is tried; rules without a priority come last."""


@dataclass(frozen=True, eq=False)
class Table:
    """The rules that can take some signals or errors of the same kind, over the domain these share."""

    dimensions: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    rules: tuple[Placed, ...]
    known: bool
    """Whether every dimension that the rules ask for has a value."""
    clear: bool = True
    """Whether hours, if some rule asks for them, are understood: else nobody can say that they fill the week."""
    idle: tuple[RoutingRule, ...] = ()
    """Rules that name it and lead to nobody; kept where there are no others."""
    vague: str | None = None
    """A rule that may take what the others leave: its ``on`` or ``when`` is said to be unknown."""

    @property
    def whole(self) -> Box:
        """All cells."""
        return tuple((1 << len(values)) - 1 for values in self.values)

    @cached_property
    def gaps(self) -> tuple[Box, ...] | None:
        """Disjoint boxes of cells that no rule takes; None where there are too many pieces to tell."""
        found = uncovered(self.whole, [one.box for one in self.rules])
        return None if found is None else tuple(found)

    @cached_property
    def gap_texts(self) -> tuple[str, ...]:
        """The largest boxes of uncovered cells in words."""
        boxes = largest(self.gaps or (), self.whole, [one.box for one in self.rules])
        return tuple(self.words(box) for box in boxes[:BIG_CELLS])

    @cached_property
    def ambiguous(self) -> tuple[tuple[Placed, Placed, Box], ...]:
        """Pairs of rules of which either could take a cell, with the cells in question.

        Of one rule :data:`MOST_RIVALS` later ones and one more, looked for among the next :data:`MOST_COMPARED` (:attr:`uncompared`).
        """
        found = []
        for number, one in enumerate(self.rules):
            rivals = islice(self._rivals(number), MOST_COMPARED)
            common = ((other, cells) for other in rivals if (cells := self._contested(one, other)) is not None)
            found += [(one, other, cells) for other, cells in islice(common, MOST_RIVALS + 1)]
        return tuple(found)

    @cached_property
    def uncompared(self) -> frozenset[str]:
        """The rules that are not compared with all that may take the same, by id."""
        rules = enumerate(self.rules)
        further = ((one, next(islice(self._rivals(number), MOST_COMPARED, None), None)) for number, one in rules)
        return frozenset(one.rule.id for one, other in further if other is not None)

    def _contested(self, one: Placed, other: Placed) -> Box | None:
        """The cells that either of two rules of one rank could take, if there are any."""
        if one.rule.to == other.rule.to or None in (one.rule.to, other.rule.to):
            return None  # one place, or nobody says which
        common = meet(one.box, other.box)
        if common is None:
            return None
        if one.rule.priority is None and (_narrower(one.rule, other.rule) or _narrower(other.rule, one.rule)):
            return None  # without priorities, the special case comes before the general one
        return common if uncovered(common, self._before(common, one.rank)) != [] else None

    @cached_property
    def _widest(self) -> int | None:
        """The dimension that tells rules apart best."""
        return max(range(len(self.values)), key=lambda axis: len(self.values[axis]), default=None)

    def _sides(self, box: Box) -> Iterator[int]:
        """The values of the widest dimension that a box asks for, as bits one by one."""
        side = 1 if self._widest is None else box[self._widest]
        while side:
            yield side & -side
            side &= side - 1

    @cached_property
    def _by_rank(self) -> Mapping[tuple[float, int], Sequence[int]]:
        """The rules of a rank by value of the widest dimension, in order."""
        found: dict[tuple[float, int], list[int]] = {}
        for number, placed in enumerate(self.rules):
            for bit in self._sides(placed.box):
                found.setdefault((placed.rank, bit), []).append(number)
        return found

    @cached_property
    def _by_value(self) -> Mapping[int, Sequence[int]]:
        """The rules by value of the widest dimension, in order."""
        found: dict[int, list[int]] = {}
        for number, placed in enumerate(self.rules):
            for bit in self._sides(placed.box):
                found.setdefault(bit, []).append(number)
        return found

    def _rivals(self, number: int) -> Iterator[Placed]:
        """The later rules of a rule's rank that may share a cell with it, in order, each once: they do in the widest dimension."""
        placed = self.rules[number]
        buckets = (self._by_rank[placed.rank, bit] for bit in self._sides(placed.box))
        later = (islice(bucket, bisect_right(bucket, number), None) for bucket in buckets)
        return (self.rules[one] for one, _ in groupby(heapq.merge(*later)))

    def shadowed(self, placed: Placed) -> bool:
        """Whether rules of a better priority take every cell that a rule asks for."""
        return uncovered(placed.box, self._before(placed.box, placed.rank)) == []

    def _before(self, box: Box, rank: float) -> Iterator[Box]:
        """What rules of a better priority take, as far as it may be cells of a box; those that ask for other values take none."""
        numbers = {one for bit in self._sides(box) for one in self._by_value.get(bit, ())}
        return (self.rules[one].box for one in sorted(numbers) if self.rules[one].rank < rank)

    def words(self, box: Box) -> str:
        """A box in words: the dimensions in which it is not the whole."""
        parts = []
        for name, values, side in zip(self.dimensions, self.values, box, strict=True):
            chosen = [value for number, value in enumerate(values) if side >> number & 1]
            if len(chosen) < len(values) or len(values) == 1:
                parts.append(
                    chosen[0] if chosen[0].startswith(OTHERS) and len(chosen) == 1 else f"{name} {' or '.join(chosen)}"
                )
        return ", ".join(parts) or "everything"

    def cells(self, boxes: Sequence[Box]) -> int:
        """Number of cells of some disjoint boxes."""
        return sum(size(box) for box in boxes)


def _narrower(one: RoutingRule, other: RoutingRule) -> bool:
    """Whether a rule asks for all that another asks for, and for more."""
    mine, theirs = one.when or {}, other.when or {}
    same = {name: set(values) for name, values in mine.items()} == {
        name: set(values) for name, values in theirs.items()
    }
    return not same and all(name in mine and set(mine[name]) <= set(values) for name, values in theirs.items())
