"""How many customers some segments hold together: a union, so never the plain sum.

Upper bound: the sum less the overlaps on a maximum spanning tree (Hunter 1976, Worsley 1982). Lower bound:
the largest segment, the best pair with a known overlap, and, where every overlap is known, the sum less all
overlaps (Bonferroni 1936).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

from msgspec import Struct, field

from cx_map.analyses.bounds import UNKNOWN, ZERO, Bounds, bounds_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Communication
from cx_map.model.inventory import basis_of
from cx_map.model.values import worst_basis

_MOST_FOR_PAIRS = 60
"""Segments among which every pair of overlaps is looked at."""


class CustomerBase(Struct, frozen=True, eq=False):
    """Sizes of segments, and the customers that pairs of segments (ids in order) share."""

    sizes: Mapping[str, Bounds]
    shared: Mapping[tuple[str, str], Bounds]
    beside: Mapping[str, tuple[str, ...]]
    _cache: dict[frozenset[str], Bounds] = field(default_factory=dict)

    def union(self, segments: Iterable[str]) -> Bounds:
        """The customers in at least one of the segments. O(s + overlaps of the segments)."""
        wanted = frozenset(segments)
        if wanted not in self._cache:
            self._cache[wanted] = self._union(sorted(wanted))
        return self._cache[wanted]

    def _union(self, segments: list[str]) -> Bounds:
        if not segments:
            return ZERO
        sizes = [self.sizes.get(segment, UNKNOWN) for segment in segments]
        if len(segments) == 1:
            return sizes[0]
        inside = set(segments)
        pairs = [(one, two) for one in segments for two in self.beside.get(one, ()) if one < two and two in inside]
        basis = worst_basis(*(size.basis for size in sizes), *(self.shared[pair].basis for pair in pairs))
        low = self._low(segments, pairs)
        highs = [size.high for size in sizes if size.high is not None]
        high = max(sum(highs) - self._spanning(pairs), low) if len(highs) == len(sizes) else None
        return Bounds(low, low if low == high else None, high, basis)

    def _low(self, segments: list[str], pairs: list[tuple[str, str]]) -> float:
        low = max(self.sizes.get(segment, UNKNOWN).low for segment in segments)
        for one, two in pairs:
            common = self.shared[one, two].high
            if common is not None:
                low = max(low, self.sizes[one].low + self.sizes[two].low - common)
        if len(segments) <= _MOST_FOR_PAIRS and all(pair in self.shared for pair in combinations(segments, 2)):
            highs = [high for pair in pairs if (high := self.shared[pair].high) is not None]
            if len(highs) == len(pairs):
                low = max(low, sum(self.sizes.get(segment, UNKNOWN).low for segment in segments) - sum(highs))
        return low

    def _spanning(self, pairs: list[tuple[str, str]]) -> float:
        """The weight of a maximum spanning forest of the overlaps (Kruskal)."""
        parent: dict[str, str] = {}

        def root(name: str) -> str:
            while parent.setdefault(name, name) != name:
                name = parent[name]
            return name

        weight = 0.0
        for pair in sorted(pairs, key=lambda one: (-self.shared[one].low, one)):
            first, second = root(pair[0]), root(pair[1])
            if first != second:
                parent[second] = first
                weight += self.shared[pair].low
        return weight


def customer_base(eco: Ecosystem) -> CustomerBase:
    """Sizes and overlaps of the segments of an inventory; one that is not in use holds nobody. O(segments + overlaps)."""
    inventory = eco.inventory
    sizes = {
        one.id: bounds_of(one.customers, basis_of(inventory, one)) if one.usable else ZERO
        for one in inventory.of(Segment)
    }
    shared: dict[tuple[str, str], Bounds] = {}
    beside: dict[str, list[str]] = {}
    for overlap in inventory.overlaps:
        names = sorted(set(overlap.between or ()))
        if len(names) != 2 or any(sizes.get(name, ZERO) is ZERO for name in names):
            continue
        one, two = sizes[names[0]], sizes[names[1]]
        stated = basis_of(inventory, overlap)
        if overlap.customers is not None:
            common = bounds_of(overlap.customers, stated)
        elif overlap.share is not None:
            common = bounds_of(overlap.share, stated) * _smaller(one, two)
        else:
            continue
        shared[names[0], names[1]] = common
        beside.setdefault(names[0], []).append(names[1])
    return CustomerBase(sizes, shared, {name: tuple(sorted(set(others))) for name, others in beside.items()})


def _smaller(one: Bounds, two: Bounds) -> Bounds:
    """The bounds of the smaller of two numbers."""
    highs = [bound.high for bound in (one, two) if bound.high is not None]
    value = None if one.value is None or two.value is None else min(one.value, two.value)
    return Bounds(min(one.low, two.low), value, min(highs, default=None), worst_basis(one.basis, two.basis))


def recipients(eco: Ecosystem, communications: Iterable[Communication]) -> Bounds:
    """The customers who receive at least one of these communications; unbounded where segments are not known."""
    segments: set[str] = set()
    unknown = False
    for communication in communications:
        if communication.segments is None:
            unknown = True
        else:
            segments.update(communication.segments)
    return received_by(eco.once(customer_base), segments, unknown)


def received_by(base: CustomerBase, segments: Iterable[str], unknown: bool) -> Bounds:
    """The customers of some segments; unbounded where ``unknown`` other segments belong to them."""
    found = base.union(segments)
    return Bounds(found.low, None, None, found.basis) if unknown else found


def everybody(eco: Ecosystem) -> Bounds:
    """The customers of all segments together."""
    base = eco.once(customer_base)
    return base.union(base.sizes)
