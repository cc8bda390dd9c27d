"""Load as routed (analyses.md, A1): how much passes through each thing, and how that compares with its capacity.

``load(x) = sum over communications c of v_c * ([x is needed by c] + sum over routes r of share_r * [x on r])``.
A volume or share that is not known leaves bounds, never a zero. Capacities given an hour or finer are compared
with the busiest hour, daily ones with the busiest day, others with what comes in their period.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct

from cx_map.analyses.affected import volume_of
from cx_map.analyses.bounds import UNKNOWN, Bounds, bounds_of, exactly, total
from cx_map.analyses.peaks import Peak, hourly_peak, period_peak
from cx_map.analyses.timing import DAY, Timing, timing_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Produced, Production, Supplier, production
from cx_map.model.inventory import basis_of
from cx_map.model.values import BASES, HOUR_SECONDS, MONTH_SECONDS, Basis, Rate, worst_basis

PEAK_FACTOR = 2.0
"""How much busier the busiest hour of event-driven traffic is than the average one: a default, so assumed."""

WHOLE, PERHAPS = exactly(1.0), Bounds(0.0, None, 1.0)


class Use(Struct, frozen=True):
    """A communication's use of a supplier: ``share`` of its items, 2 where it is both needed and on the way."""

    communication: str
    share: Bounds


class Utilisation(Struct, frozen=True):
    """A supplier's busiest period against its capacity, both in items in ``period`` seconds.

    ``load.value`` is the peak with the default factor for event-driven traffic where ``by_default`` says that
    it matters; ``load.low`` is certain without it. ``at`` is when the peak falls, in seconds after midnight.
    """

    supplier: Supplier
    capacity: Rate
    limit: Bounds
    period: float
    load: Bounds
    by_default: bool
    at: float | None
    users: tuple[str, ...]
    unknown: tuple[str, ...]
    """Communications whose volume, share or schedule leaves the load open."""

    @property
    def rho(self) -> float | None:
        """Utilisation as stated, None where the load is not known or the capacity is zero."""
        if self.load.value is None or not self.limit.value:
            return None
        return self.load.value / self.limit.value

    @property
    def least(self) -> float:
        """Utilisation that is certain, the capacity taken as stated."""
        return self.load.low / self.limit.value if self.limit.value else 0.0


def uses(eco: Ecosystem) -> Mapping[str, tuple[Use, ...]]:
    """For every supplier the usable communications that pass through it, with their shares. O(routes)."""
    graph = eco.once(production)
    found: dict[str, list[Use]] = {}
    for name in sorted(graph.communications):
        produced = graph.communications[name]
        if produced.communication.usable:
            for node, share in sorted(_shares(graph, produced).items()):
                found.setdefault(graph.names[node], []).append(Use(name, share))
    return {name: tuple(items) for name, items in sorted(found.items())}


def _shares(graph: Production, produced: Produced) -> dict[int, Bounds]:
    """The share of a communication's items that needs each supplier."""
    shares: dict[int, Bounds] = {}
    for group in produced.needs:
        chosen = _choices(graph, group)
        for node in chosen:
            # needed is needed, however often it is named
            shares[node] = WHOLE if len(chosen) == 1 or shares.get(node) is WHOLE else PERHAPS
    for node, part in route_shares(graph, produced).items():
        shares[node] = shares[node] + part if node in shares else part
    return shares


def _choices(graph: Production, group: tuple[int, ...]) -> tuple[int, ...]:
    """The usable members of a group; all of them where none is usable."""
    if len(group) == 1:
        return group
    return tuple(node for node in group if graph.entity(node).usable) or group


def route_shares(graph: Production, produced: Produced) -> dict[int, Bounds]:
    """The share of a communication's items that passes each supplier on its primary routes."""
    basis = basis_of(graph.inventory, produced.communication)
    primary = [route for route in produced.routes or () if route.route.fallback_for is None]
    certain: dict[int, set[int]] = {}
    perhaps: dict[int, set[int]] = {}
    for number, route in enumerate(primary):
        for group in route.hops:
            chosen = _choices(graph, group)
            for node in chosen:
                (certain if len(chosen) == 1 else perhaps).setdefault(node, set()).add(number)
        if route.channel is not None:
            certain.setdefault(route.channel, set()).add(number)
    given = [None if route.route.share is None else bounds_of(route.route.share, basis) for route in primary]
    every = produced.communication.send == "all"
    result: dict[int, Bounds] = {}
    for node in sorted(certain.keys() | perhaps.keys()):
        sure = certain.get(node, set())
        share = _together(given, sure, every=every)
        maybe = perhaps.get(node, set()) - sure
        if maybe:
            widest = _together(given, sure | maybe, every=every).high
            share = Bounds(share.low, share.value if widest == share.high else None, widest, share.basis)
        result[node] = share
    return result


def _together(given: list[Bounds | None], chosen: set[int], *, every: bool) -> Bounds:
    """The share that some primary routes take together; ``every``: each item takes all routes."""
    if every:
        return exactly(float(len(chosen)))
    if len(chosen) == len(given):
        return WHOLE
    known = total(share for number in chosen if (share := given[number]) is not None)
    missing = {number for number, share in enumerate(given) if share is None}
    if not missing & chosen:
        return known
    elsewhere = total(share for number, share in enumerate(given) if share is not None and number not in chosen)
    most = max(0.0, 1.0 - elsewhere.low)
    if missing <= chosen and elsewhere.high is not None and elsewhere.value is not None:
        return Bounds(max(0.0, 1.0 - elsewhere.high), max(0.0, 1.0 - elsewhere.value), most, elsewhere.basis)
    return Bounds(known.low, None, most, known.basis)


def loads(eco: Ecosystem) -> Mapping[str, Bounds]:
    """Items a month through every supplier that carries any. O(routes)."""
    volumes = eco.once(_volumes)
    return {
        name: total(volumes[use.communication] * use.share for use in items) for name, items in eco.once(uses).items()
    }


def load_of(eco: Ecosystem, supplier: str, communications: Collection[str]) -> Bounds:
    """Items a month of some communications through a supplier. O(communications that pass it)."""
    volumes = eco.once(_volumes)
    chosen = set(communications)
    found = (use for use in eco.once(uses).get(supplier, ()) if use.communication in chosen)
    return total(volumes[use.communication] * use.share for use in found)


def _volumes(eco: Ecosystem) -> Mapping[str, Bounds]:
    return {name: volume_of(eco, one.communication) for name, one in eco.once(production).communications.items()}


def utilisations(eco: Ecosystem, peak_factor: float = PEAK_FACTOR, known: Basis = "assumed") -> tuple[Utilisation, ...]:
    """Every usable supplier that states a capacity and carries something, by id.

    ``peak_factor`` multiplies event-driven traffic where capacity is given an hour or finer. Amounts known worse than
    ``known`` count as not known. O(routes * log).
    """
    graph = eco.once(production)
    found = []
    for name, items in eco.once(uses).items():
        supplier = graph.inventory.entities[name]
        capacity: Rate | None = getattr(supplier, "capacity", None)
        if capacity is not None and supplier.usable:
            found.append(_utilisation(eco, graph, name, items, peak_factor, known))
    return tuple(found)


def _utilisation(
    eco: Ecosystem, graph: Production, name: str, items: tuple[Use, ...], factor: float, known: Basis
) -> Utilisation:
    supplier: Supplier = graph.inventory.entities[name]  # type: ignore[assignment]  # nodes of the graph are suppliers
    capacity = supplier.capacity
    assert capacity is not None
    volumes = eco.once(_volumes)
    every = (volumes[use.communication] * use.share for use in items)
    amounts = [UNKNOWN if BASES.index(one.basis) > BASES.index(known) else one for one in every]
    timings = [timing_of(graph.communications[use.communication].communication) for use in items]
    period = max(capacity.per, HOUR_SECONDS)
    limit = bounds_of(capacity, basis_of(graph.inventory, supplier)).scaled(period / MONTH_SECONDS)
    load, at, by_default = busiest(amounts, timings, period, factor if capacity.per <= HOUR_SECONDS else 1.0)
    return Utilisation(
        supplier, capacity, limit, period, load, by_default, at,
        tuple(use.communication for use in items),
        tuple(
            use.communication
            for use, amount, timing in zip(items, amounts, timings, strict=True)
            if amount.value is None or timing.burst is None
        ) if load.value is None else (),
    )  # fmt: skip


def busiest(
    amounts: list[Bounds], timings: list[Timing], period: float, factor: float
) -> tuple[Bounds, float | None, bool]:
    """The busiest period of some monthly amounts: its bounds, its moment, and whether the default factor counts."""

    def peak(numbers: list[float | None], events: float) -> Peak:
        if period < DAY:
            found = hourly_peak(numbers, timings, events)
            scale = period / HOUR_SECONDS
            return Peak(found.low * scale, None if found.high is None else found.high * scale, found.at)
        return period_peak(numbers, timings, period)

    stated = peak([one.value for one in amounts], factor)
    value = stated.low if stated.high is not None and stated.high <= stated.low * (1 + 1e-9) else None
    # what is certain, without the default factor; an amount open below still counts with its low bound
    least = peak([one.low for one in amounts], min(factor, 1.0))
    most = peak([one.high for one in amounts], factor)
    basis = worst_basis(*(one.basis for one in amounts)) if amounts else "measured"
    plain = peak([one.value for one in amounts], 1.0) if period < DAY else stated
    by_default = period < DAY and plain.low != stated.low
    high = most.high if value is None or most.high is None else max(most.high, value)
    return Bounds(least.low, value, high, basis), stated.at, by_default
