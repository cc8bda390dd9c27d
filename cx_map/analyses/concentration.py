"""How many systems really do one job: the effective number of platforms for each capability (analysis A6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Capability, Channel, Communication, Platform, Route
from cx_map.model.inventory import Inventory, basis_of
from cx_map.model.routes import routes_of
from cx_map.model.values import Basis, worst_basis

CAPABILITIES: tuple[Capability, ...] = get_args(Capability)

DELIVERS: Mapping[str, frozenset[str]] = {
    "deliver_email": frozenset({"email"}),
    "deliver_sms": frozenset({"sms", "rcs"}),
    "deliver_push": frozenset({"push", "in_app"}),
    "print": frozenset({"letter"}),
}
"""Delivery capabilities and the kinds of channel that they serve."""


@dataclass(frozen=True, slots=True)
class System:
    """A platform that does a job, with the communications it does it for and their items a month, if known."""

    platform: Platform
    communications: tuple[str, ...]
    items: float | None


@dataclass(frozen=True, slots=True)
class Job:
    """The systems that do one job in each other's stead, the busiest first.

    ``by_volume`` and ``by_communications`` are effective numbers of systems; the first is None where no
    volume is known. ``volumes`` says of how many of the communications the volume is known.
    """

    capability: Capability
    systems: tuple[System, ...]
    by_volume: float | None
    by_communications: float
    volumes: Literal["all", "some", "none"]
    basis: Basis


def effective_number(weights: Iterable[float]) -> float:
    """1 / HHI, the inverse of the sum of squared shares; 0 where all weights are 0.

    Two systems with half the work each are 2.0, with nine tenths and one tenth 1.22 (Herfindahl 1950;
    Laakso and Taagepera 1979).
    """
    given = [weight for weight in weights if weight > 0]
    largest = max(given, default=0.0)
    scaled = [weight / largest for weight in given]
    return sum(scaled) ** 2 / sum(one * one for one in scaled) if scaled else 0.0


@dataclass(frozen=True, slots=True)
class _Use:
    """A communication's use of a capability: groups of alternative platforms with their share, if known."""

    communication: Communication
    groups: tuple[tuple[tuple[str, ...], float | None], ...]

    @property
    def measurable(self) -> bool:
        """Whether it is known how many items each group does."""
        return self.communication.volume is not None and all(share is not None for _, share in self.groups)


def jobs(eco: Ecosystem) -> tuple[Job, ...]:
    """Every capability that communications are known to use, in the order of the language.

    A communication uses a platform that stands on one of its routes, in its ``needs`` or as its
    ``archive``. On a route only the last platform with the capability does the job, and a delivery
    capability counts only at the very end of a route of its kind of channel. Two platforms that one
    communication uses one after the other, or that a flow with ``policy: blocked`` keeps apart, do not
    stand in for each other: the less used of them is left out. Where any one of several platforms is
    enough, the busiest is taken to do the work (redundancy is not duplication).
    O(hops * capabilities of a platform).
    """
    inventory = eco.inventory
    can = {one.id: frozenset(one.capabilities or ()) for one in inventory.of(Platform) if one.usable}
    apart = _segregated(inventory)
    uses: dict[str, list[_Use]] = {}
    layers: dict[str, set[tuple[str, str]]] = {}
    for communication in inventory.of(Communication):
        if not communication.usable:
            continue
        routes = routes_of(communication) or ()
        lines = [[_only(can, hop.any_of or ()) for hop in route.platforms or ()] for route in routes]
        beside = [_only(can, need.any_of or ()) for need in communication.needs or ()]
        beside.append(_only(can, (communication.archive or "",)))
        named = {name for groups in (beside, *lines) for names in groups for name in names}
        for capability in {one for name in named for one in can[name]}:
            extra = _able(can, beside, capability)
            groups = _doers(inventory, can, routes, lines, capability)
            if capability not in DELIVERS:
                on_route = {name for names in groups for name in names}
                groups.update({names: 1.0 for names in extra if not on_route & set(names)})
            pairs = layers.setdefault(capability, set())
            for line in lines:
                pairs.update(_pairs(extra + _able(can, line, capability)))
            if groups:
                uses.setdefault(capability, []).append(_Use(communication, tuple(sorted(groups.items()))))
    return tuple(
        _job(inventory, capability, uses[capability], layers[capability] | apart)
        for capability in CAPABILITIES
        if capability in uses
    )


_Can: TypeAlias = Mapping[str, frozenset[str]]
_Names: TypeAlias = tuple[str, ...]


def _only(can: _Can, names: Iterable[str]) -> _Names:
    """The usable platforms among some names."""
    return tuple(sorted({name for name in names if name in can}))


def _able(can: _Can, groups: Iterable[_Names], capability: str) -> list[_Names]:
    """The platforms of each group that have a capability, groups without any left out."""
    found = [tuple(name for name in names if capability in can[name]) for names in groups]
    return [names for names in found if names]


def _doers(
    inventory: Inventory, can: _Can, routes: Sequence[Route], lines: Sequence[Sequence[_Names]], capability: str
) -> dict[_Names, float | None]:
    """Who does the job on the routes, with the share of the items, None where it is not known."""
    doers: list[_Names] = []
    for route, line in zip(routes, lines, strict=True):
        if capability in DELIVERS:
            ends = line[-1:] if _goes_by(inventory, can, route, line, capability) else []
            doers.append((_able(can, ends, capability) or [()])[-1])
        else:
            doers.append((_able(can, line, capability) or [()])[-1])
    everywhere = {doer for route, doer in zip(routes, doers, strict=True) if route.fallback_for is None}
    found: dict[_Names, float | None] = {}
    for route, doer in zip(routes, doers, strict=True):
        if not doer:
            continue
        if everywhere == {doer}:
            found[doer] = 1.0  # it does all items, whatever the shares of the routes
            continue
        before = found.get(doer, 0.0)
        found[doer] = None if route.share is None or before is None else before + route.share.value
    return found


def _goes_by(inventory: Inventory, can: _Can, route: Route, line: Sequence[_Names], capability: str) -> bool:
    """Whether a route's channel is one that this delivery capability serves."""
    channel = inventory.find(route.channel, Channel)
    if channel is not None and channel.kind_ is not None:
        return channel.kind_ in DELIVERS[capability]
    others = [one for one in DELIVERS if one != capability and _able(can, line[-1:], one)]
    return not others  # the channel is not known: only what the platform can deliver tells


def _pairs(groups: Sequence[_Names]) -> set[tuple[str, str]]:
    """Pairs of different platforms from different groups."""
    return {
        (min(a, b), max(a, b))
        for index, first in enumerate(groups)
        for second in groups[index + 1 :]
        for a in first
        for b in second
        if a != b
    }


def _segregated(inventory: Inventory) -> set[tuple[str, str]]:
    return {
        (min(flow.from_, flow.to), max(flow.from_, flow.to))
        for flow in inventory.flows
        if flow.policy == "blocked" and flow.from_ and flow.to
    }


def _job(inventory: Inventory, capability: Capability, uses: list[_Use], apart: set[tuple[str, str]]) -> Job:
    measurable = [use for use in uses if use.measurable]
    counts = _shared_out([(use, names, 1.0) for use in uses for names, _ in use.groups])
    items = _shared_out(
        [
            (use, names, use.communication.volume.value * (share or 0.0))
            for use in measurable
            if use.communication.volume is not None
            for names, share in use.groups
        ]
    )
    weight = {name: (len(counts[name]), sum(items.get(name, {}).values())) for name in counts}
    kept = set(counts)
    for a, b in sorted(apart):
        if a in kept and b in kept:
            kept.discard(min((a, b), key=lambda name: (weight[name], name)))
    known = {name: sum(items.get(name, {}).values()) for name in kept}
    basis = worst_basis(
        *(basis_of(inventory, use.communication) for use in uses),
        *(use.communication.volume.basis for use in measurable if use.communication.volume is not None),
    )
    complete = len(measurable) == len(uses)
    by_volume = effective_number(known.values()) if measurable else None
    order = sorted(kept, key=lambda name: (-known[name], -len(counts[name]), name))
    return Job(
        capability=capability,
        systems=tuple(
            System(_platform(inventory, name), tuple(sorted(counts[name])), known[name] if complete else None)
            for name in order
        ),
        by_volume=by_volume or None,
        by_communications=effective_number(float(len(counts[name])) for name in kept),
        volumes="all" if complete else "some" if measurable else "none",
        basis=basis,
    )


def _platform(inventory: Inventory, name: str) -> Platform:
    platform = inventory.find(name, Platform)
    assert platform is not None  # groups hold platforms only
    return platform


def _shared_out(shares: list[tuple[_Use, tuple[str, ...], float]]) -> dict[str, dict[str, float]]:
    """What each platform does, by communication; of alternatives the one that does most else does it all."""
    found: dict[str, dict[str, float]] = {}
    totals: dict[str, float] = {}

    def add(name: str, use: _Use, amount: float) -> None:
        of = found.setdefault(name, {})
        of[use.communication.id] = of.get(use.communication.id, 0.0) + amount
        totals[name] = totals.get(name, 0.0) + amount

    for use, names, amount in shares:
        if len(names) == 1:
            add(names[0], use, amount)
    for use, names, amount in shares:
        if len(names) > 1:
            add(min(names, key=lambda name: (-totals.get(name, 0.0), name)), use, amount)
    return found
