"""The flow network in which items may change places behind a shared supplier, and its head-room (analyses.md, A2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from cx_map.analyses.commodities import Commodity
from cx_map.graph.flow_network import FlowNetwork


class RelaxedNetwork:
    """The flow network of some commodities; ``growth`` is a fraction by which demand grows."""

    def __init__(self, parts: list[Commodity], limited: Mapping[str, int], growth: Fraction) -> None:
        self.parts = parts
        self.network = FlowNetwork()
        self.source, self.target = self.network.node(), self.network.node()
        self.growth = growth
        self.inside: dict[str, tuple[int, int]] = {}
        self.starts: list[int] = []
        self.limited = limited
        unbounded = (sum(part.demand for part in parts) + 1) * growth.numerator
        joined: set[tuple[int, int]] = set()
        for part in parts:
            start = self.network.node()
            self.starts.append(start)
            self.network.arc(self.source, start, part.demand * growth.numerator)
            for way in part.ways:
                before = [start]
                for stage in way:
                    entries = [self._supplier(name) for name in stage]
                    self._join(before, [entry for entry, _ in entries], unbounded, joined)
                    before = [leave for _, leave in entries]
                self._join(before, [self.target], unbounded, joined)

    def _supplier(self, name: str) -> tuple[int, int]:
        if name not in self.inside:
            entry, leave = self.network.node(), self.network.node()
            self.network.arc(entry, leave, self.limited[name] * self.growth.denominator)
            self.inside[name] = (entry, leave)
        return self.inside[name]

    def _join(self, tails: list[int], heads: list[int], capacity: int, joined: set[tuple[int, int]]) -> None:
        for tail in tails:
            for head in heads:
                if (tail, head) not in joined:
                    joined.add((tail, head))
                    self.network.arc(tail, head, capacity)

    def solve(self) -> tuple[int, tuple[str, ...], list[Commodity]]:
        """The flow, the suppliers of a minimum cut, and the commodities that do not get through."""
        flow = self.network.maximize(self.source, self.target)
        side = self.network.reachable(self.source)
        cut = tuple(sorted(name for name, (entry, leave) in self.inside.items() if side[entry] and not side[leave]))
        starved = [part for part, start in zip(self.parts, self.starts, strict=True) if side[start]]
        return flow, cut, starved

    def raised(self) -> dict[str, int]:
        """What flows on top through suppliers once cut after cut is freed of its limits until all flows."""
        demand = sum(part.demand for part in self.parts)
        extra: dict[str, int] = {}
        flow, cut, _ = self.solve()
        while flow < demand and cut:
            for name in cut:
                extra[name] = self.network.arc(*self.inside[name], demand + 1)
            more, cut, _ = self.solve()
            cut = tuple(name for name in cut if name not in extra)
            flow += more
        return {name: amount for name, arc in extra.items() if (amount := self.network.flow(arc))}


def headroom(parts: Iterable[Commodity], limited: Mapping[str, int]) -> Fraction | None:
    """The largest factor by which all demand can grow and still flow; None where there is no demand.

    Newton's method on minimum cuts (Dinkelbach, 1967): every cut bounds the factor, and the cut of a factor
    that is too large gives a smaller one. A handful of flows.
    """
    carried = [part for part in parts if part.demand]
    demand = sum(part.demand for part in carried)
    if not demand:
        return None
    used = {name for part in carried for way in part.ways for stage in way for name in stage}
    factor = Fraction(sum(limited[name] for name in used), demand)
    while factor:
        flow, cut, starved = RelaxedNetwork(carried, limited, factor).solve()
        if flow == factor.numerator * demand:
            break
        factor = Fraction(sum(limited[name] for name in cut), sum(part.demand for part in starved))
    return factor
