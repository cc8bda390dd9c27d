"""Can any routing carry the volume? The max-flow relaxation, whose minimum cut proves a shortfall (analyses.md, A2).

Every communication sends its items of a month from a source through the suppliers on its ways, each split into
an arc of its capacity, to a common target. Items may change places after a shared supplier, so that the flow is
at most too large: where even it falls short of the demand, no routing helps. Whole numbers, demand rounded
down and capacity up, keep the proof exact. Suppliers that could take everything that might ever come are left out.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from cx_map.analyses.affected import volume_of
from cx_map.analyses.bounds import bounds_of
from cx_map.analyses.capacity import loads
from cx_map.analyses.commodities import SCALE, Commodity, commodities, limits
from cx_map.analyses.relaxed_network import RelaxedNetwork, headroom
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.model.inventory import basis_of
from cx_map.model.values import Basis, worst_basis

_MOST_ONE_BY_ONE = 20
"""Suppliers of a cut up to which one of them is raised for all."""

_MOST_ROUNDS = 1000

_MOST_FOR_THETA = 3000
"""Commodities and suppliers up to which the exact head-room of a network is computed."""


class Throughput(Struct, frozen=True):
    """What a part of the firm that shares limited suppliers can carry in a month.

    ``fixed`` is the head-room as routed (demand may grow by this factor), None where a load is not known;
    ``relaxed`` an upper bound of the head-room under any routing, None where nothing bounds it or the part is too
    large to compute it. ``cut`` and ``starved`` prove a shortfall: suppliers at their limit and the
    communications that depend on them.
    """

    communications: tuple[str, ...]
    suppliers: tuple[str, ...]
    demand: float
    carried: float
    fixed: float | None
    relaxed: float | None
    cut: tuple[str, ...]
    starved: tuple[str, ...]
    open: tuple[str, ...]
    """Communications of unknown volume, which count as nothing in the demand."""
    undecided: tuple[str, ...]
    """Those of them that cannot go around every limit: they may prove a shortfall."""
    pressing: float
    """Items a month that have to pass the cut, whatever the routing; 0 without one."""
    basis: Basis

    @property
    def shortfall(self) -> float:
        """Items a month that cannot be carried, whatever the routing; a lower bound."""
        return max(self.demand - self.carried, 0.0)

    @property
    def short(self) -> bool:
        """Whether a shortfall is proved."""
        return bool(self.cut)


def throughputs(eco: Ecosystem) -> tuple[Throughput, ...]:
    """Every connected part of the firm that shares limited suppliers, by its first communication.

    What can go around every limit proves no shortfall, so that it joins no part that is short. It joins the others,
    since it may be what overloads them as routed.
    """
    limited = eco.once(limits)
    every = eco.once(commodities)
    groups = _components([one for one in every if one.bound])
    parts = [_throughput(eco, group, limited) for group in groups]
    around = [one for one in every if not one.bound]
    if around:
        short = [part for part in parts if part.short]
        settled = {name for part in short for name in part.suppliers}
        others = [one for group, part in zip(groups, parts, strict=True) if not part.short for one in group]
        others += [left for one in around if any((left := _apart(one, settled)).ways)]
        parts = short + [_throughput(eco, group, limited) for group in _components(others)]
    return tuple(sorted(parts, key=lambda part: (part.communications, part.suppliers)))


def _apart(commodity: Commodity, settled: Collection[str]) -> Commodity:
    """A commodity without the ways that pass suppliers judged elsewhere."""
    kept = (way for way in commodity.ways if not any(name in settled for stage in way for name in stage))
    return Commodity(commodity.communications, tuple(kept), commodity.demand)


def _components(parts: Sequence[Commodity]) -> list[list[Commodity]]:
    """Commodities joined by suppliers they can use or communications they share."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for part in parts:
        first = root(f"c {part.communications[0]}")
        others = [f"c {name}" for name in part.communications]
        others += [f"s {name}" for way in part.ways for stage in way for name in stage]
        for other in others:
            parent[root(other)] = first
    groups: dict[str, list[Commodity]] = {}
    for part in parts:
        groups.setdefault(root(f"c {part.communications[0]}"), []).append(part)
    return list(groups.values())


def _throughput(eco: Ecosystem, parts: list[Commodity], limited: Mapping[str, int]) -> Throughput:
    names = tuple(sorted({name for part in parts for name in part.communications}))
    suppliers = tuple(sorted({name for part in parts for way in part.ways for stage in way for name in stage}))
    demand = sum(part.demand for part in parts)
    fixed = _fixed(eco, suppliers, limited)
    flow = demand
    cut: tuple[str, ...] = ()
    starved: list[Commodity] = []
    relaxed: Fraction | None = None
    if fixed is None or fixed < 1:
        tight = _binding(parts, limited)
        through, full, blocked = RelaxedNetwork(tight, limited, Fraction(1)).solve()
        missing = sum(part.demand for part in tight) - through
        if missing:
            flow, cut, starved = demand - missing, full, blocked
        if len(parts) + len(suppliers) <= _MOST_FOR_THETA:
            relaxed = headroom([part for part in parts if part.bound], limited)
        if cut:
            # behind suppliers that never are too full items may not change places: this cut may prove more
            pressing = sum(part.demand for part in starved)
            proved = Fraction(pressing - missing, pressing)
            relaxed = proved if relaxed is None else min(relaxed, proved)
    graph = eco.once(production)
    volumes = {name: volume_of(eco, graph.communications[name].communication) for name in names}
    hungry = tuple(sorted({name for part in starved for name in part.communications}))
    facts: list[Basis] = [volumes[name].basis for name in hungry or names if volumes[name].known]
    for name in cut or suppliers:
        entity = graph.inventory.entities[name]
        facts.append(bounds_of(getattr(entity, "capacity", None), basis_of(graph.inventory, entity)).basis)
    return Throughput(
        names, suppliers, demand / SCALE, flow / SCALE, fixed, None if relaxed is None else float(relaxed), cut, hungry,
        tuple(name for name in names if not volumes[name].known),
        tuple(sorted({name for part in parts if part.bound for name in part.communications if not volumes[name].known})),
        sum(part.demand for part in starved) / SCALE, worst_basis(*facts),
    )  # fmt: skip


def _fixed(eco: Ecosystem, suppliers: tuple[str, ...], limited: Mapping[str, int]) -> float | None:
    """Head-room as routed: the smallest ratio of capacity to load; None where a load that may be too much is not known."""
    smallest = math.inf
    for name in suppliers:
        load = eco.once(loads).get(name)
        if load is None:
            continue
        if load.value is None:
            if load.high is None or load.high * SCALE > limited[name]:
                return None
            smallest = min(smallest, limited[name] / SCALE / load.high) if load.high > 0 else smallest
            continue
        if load.value > 0:
            smallest = min(smallest, limited[name] / SCALE / load.value)
    return smallest


def _binding(parts: list[Commodity], limited: Mapping[str, int]) -> list[Commodity]:
    """The commodities without the suppliers that could take all that might ever come; unlimited ones left out."""
    most: dict[str, int] = {}
    for part in parts:
        times: dict[str, int] = {}
        for way in part.ways:
            here: dict[str, int] = {}
            for stage in way:
                for name in stage:
                    here[name] = here.get(name, 0) + 1
            for name, number in here.items():
                times[name] = max(times.get(name, 0), number)
        for name, number in times.items():
            most[name] = most.get(name, 0) + number * part.demand
    loose = {name for name, load in most.items() if load <= limited[name]}
    found = []
    for part in parts:
        ways = tuple(tuple(stage for stage in way if not loose.intersection(stage)) for way in part.ways)
        if all(ways):
            found.append(Commodity(part.communications, ways, part.demand))
    return found


def raises(eco: Ecosystem, part: Throughput) -> Mapping[str, float]:
    """Capacities of a month, in items, that remove a proved shortfall.

    Of a small cut the largest supplier is raised by what is missing, and again until nothing is; the suppliers of a
    large cut are raised together, each by what then flows through it on top.
    """
    names = set(part.communications)
    limited = dict(eco.once(limits))
    parts = [one for one in eco.once(commodities) if names.issuperset(one.communications)]
    if len(part.cut) > _MOST_ONE_BY_ONE:
        more = RelaxedNetwork(_binding(parts, limited), limited, Fraction(1)).raised()
        return {name: (limited[name] + amount) / SCALE for name, amount in sorted(more.items())}
    raised: dict[str, float] = {}
    for _ in range(_MOST_ROUNDS):
        tight = _binding(parts, limited)
        flow, cut, _starved = RelaxedNetwork(tight, limited, Fraction(1)).solve()
        missing = sum(one.demand for one in tight) - flow
        if not missing or not cut:
            break
        chosen = max(cut, key=lambda name: (limited[name], name))
        limited[chosen] += missing
        raised[chosen] = limited[chosen] / SCALE
    return dict(sorted(raised.items()))
