"""How many systems really do one job: the effective number of platforms for each capability (analysis A6).

A little over 300 lines: one pass over one model, whose parts read worse apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Signal
from cx_map.model.chapter_map import Capability, Channel, Communication, Platform, Route
from cx_map.model.chapter_service import Touchpoint
from cx_map.model.inventory import Inventory, basis_of
from cx_map.model.routes import routes_of
from cx_map.model.values import Basis, Quantity, worst_basis

CAPABILITIES: tuple[Capability, ...] = get_args(Capability)

DELIVERS: Mapping[str, frozenset[str]] = {
    "deliver_email": frozenset({"email"}),
    "deliver_sms": frozenset({"sms", "rcs"}),
    "deliver_push": frozenset({"push", "in_app"}),
    "print": frozenset({"letter"}),
}
"""Delivery capabilities and the kinds of channel that they serve."""


class System(Struct, frozen=True):
    """A platform that does a job, with what it does it for (``communications``, mostly) and items a month, if known.

    How much each of several alternatives does is not known; a fallback does nothing as long as all is well.
    """

    platform: Platform
    communications: tuple[str, ...]
    items: float | None


class Job(Struct, frozen=True):
    """The systems that do one job, the busiest first.

    Systems that are alternatives or fallbacks for each other make one unit: redundancy is not duplication.
    ``by_volume`` and ``by_communications`` are effective numbers of units; the first is None where no volume
    is known. ``volumes`` says of how many of the communications the volume is known; ``items`` are those of
    all units, None unless all are known.
    """

    capability: Capability
    systems: tuple[System, ...]
    units: tuple[tuple[str, ...], ...]
    items: float | None
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


class _Doer(Struct, frozen=True):
    """Alternatives that do a communication's job, with their share of its items, if known."""

    names: tuple[str, ...]
    share: float | None
    beside: bool = False
    """Whether they do it for all items, whatever the route."""


class _Use(Struct, frozen=True):
    """Somebody's use of a capability, and whether it is done on every route."""

    communication: Communication | CollectionPoint | Touchpoint | Signal
    doers: tuple[_Doer, ...]
    everywhere: bool

    def items(self, unit_of: Mapping[str, _Names]) -> Mapping[_Names, float] | None:
        """The items a month that each unit does; None where they are not known."""
        volume = _volume(self.communication)
        if volume is None:
            return None
        found: dict[_Names, float] = {}
        doing = {unit_of[one.names[0]] for one in self.doers if one.share != 0 and not one.beside}
        for one in self.doers:
            unit = unit_of[one.names[0]]
            if self.everywhere and doing == {unit}:
                found[unit] = 1.0  # it does all items, whatever the shares of the routes
            elif one.share is None:
                return None
            else:
                found[unit] = found.get(unit, 0.0) + one.share
        return {unit: share * volume.value for unit, share in found.items()}


def jobs(eco: Ecosystem) -> tuple[Job, ...]:
    """Every capability that communications are known to use, in the order of the language.

    A communication uses a platform that stands on one of its routes, in its ``needs`` or as its
    ``archive``. On a route only the last platform with the capability does the job, and a delivery
    capability counts only at the very end of a route of its kind of channel. Two platforms that one
    communication uses one after the other, or that a flow with ``policy: blocked`` keeps apart, do not
    stand in for each other: the less used of them is left out. Where any one of several platforms is
    enough, or the doer on one route is the fallback for that on another, all of them are one unit. A platform that
    no communication uses for it does the jobs of listening (surveys, analysis of words, bots) for the collection
    points and touchpoints that name it as theirs, and for the signals it captures.
    O(hops * capabilities of a platform + capabilities * (platforms + pairs kept apart)).
    """
    inventory = eco.inventory
    can = {one.id: frozenset(one.capabilities or ()) for one in inventory.of(Platform) if one.usable}
    apart = _segregated(inventory)
    uses: dict[str, list[_Use]] = {}
    layers: dict[str, set[tuple[str, str]]] = {}
    stand_ins: dict[str, set[tuple[str, str]]] = {}
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
            by_route = _by_route(inventory, can, routes, lines, capability)
            doers = _doers(routes, by_route)
            if capability not in DELIVERS:
                on_route = {name for one in doers for name in one.names}
                doers += [_Doer(names, 1.0, beside=True) for names in sorted(set(extra)) if not on_route & set(names)]
            pairs = layers.setdefault(capability, set())
            for line in lines:
                pairs.update(_pairs(extra + _able(can, line, capability)))
            if doers:
                everywhere = all(by_route[route.id] for route in routes if route.fallback_for is None)
                uses.setdefault(capability, []).append(_Use(communication, tuple(doers), everywhere))
                stand_ins.setdefault(capability, set()).update(_stand_ins(routes, by_route, doers))
    for heard, found in _heard(inventory, can).items():
        told = {name for use in uses.get(heard, ()) for one in use.doers for name in one.names}
        uses.setdefault(heard, []).extend(use for use in found if use.doers[0].names[0] not in told)
        layers.setdefault(heard, set())
        stand_ins.setdefault(heard, set())
    return tuple(
        _job(inventory, capability, uses[capability], layers[capability] | apart, stand_ins[capability])
        for capability in CAPABILITIES
        if uses.get(capability)
    )


def _heard(inventory: Inventory, can: _Can) -> dict[str, list[_Use]]:
    """What platforms do for collection points and touchpoints that name them, and for the signals they capture."""
    found: dict[str, list[_Use]] = {}

    def add(user: CollectionPoint | Touchpoint | Signal, platform: str | None, jobs: tuple[Capability, ...]) -> None:
        for capability in jobs:
            if platform is not None and capability in can.get(platform, ()):
                found.setdefault(capability, []).append(_Use(user, (_Doer((platform,), 1.0),), everywhere=True))

    for point in inventory.of(CollectionPoint):
        if point.usable:
            add(point, point.platform, ("survey", "voc_analytics"))
    for touchpoint in inventory.of(Touchpoint):
        if touchpoint.usable:
            add(touchpoint, touchpoint.platform, ("chatbot", "ivr"))
    for signal in inventory.of(Signal):
        for store in dict.fromkeys(signal.captured_in or ()) if signal.usable else ():
            add(signal, store, ("voc_analytics", "speech_text"))
    return found


def _volume(user: Communication | CollectionPoint | Touchpoint | Signal) -> Quantity | None:
    """Items a month: invitations of a survey, else what is sent, asked, visited or told."""
    return (user.invites if isinstance(user, CollectionPoint) else None) or user.volume


_Can: TypeAlias = Mapping[str, frozenset[str]]
_Names: TypeAlias = tuple[str, ...]


def _only(can: _Can, names: Iterable[str]) -> _Names:
    """The usable platforms among some names."""
    return tuple(sorted({name for name in names if name in can}))


def _able(can: _Can, groups: Iterable[_Names], capability: str) -> list[_Names]:
    """The platforms of each group that have a capability, groups without any left out."""
    found = [tuple(name for name in names if capability in can[name]) for names in groups]
    return [names for names in found if names]


def _by_route(
    inventory: Inventory, can: _Can, routes: Sequence[Route], lines: Sequence[Sequence[_Names]], capability: str
) -> Mapping[str | None, _Names]:
    """Who does the job on each route, by the id of the route; nobody where it is not done there."""
    found: dict[str | None, _Names] = {}
    for route, line in zip(routes, lines, strict=True):
        if capability in DELIVERS:
            ends = line[-1:] if _goes_by(inventory, can, route, line, capability) else []
            found[route.id] = (_able(can, ends, capability) or [()])[-1]
        else:
            found[route.id] = (_able(can, line, capability) or [()])[-1]
    return found


def _doers(routes: Sequence[Route], by_route: Mapping[str | None, _Names]) -> list[_Doer]:
    """Who does the job on the routes, with the share of the items, None where it is not known."""
    found: dict[_Names, float | None] = {}
    for route in routes:
        if names := by_route[route.id]:
            before = found.get(names, 0.0)
            found[names] = None if route.share is None or before is None else before + route.share.value
    return [_Doer(names, found[names]) for names in sorted(found)]


def _stand_ins(
    routes: Sequence[Route], by_route: Mapping[str | None, _Names], doers: Iterable[_Doer]
) -> set[tuple[str, str]]:
    """Pairs of platforms that are alternatives, or of which one is the fallback for the other."""
    found = {(one.names[0], name) for one in doers for name in one.names[1:]}
    for route in routes:
        if route.fallback_for is not None:
            found |= _pairs([by_route[route.id], by_route.get(route.fallback_for, ())])
    return found


def _units(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> Mapping[str, _Names]:
    """The unit of each platform: those that stand in for each other, if only through others."""
    unit: dict[str, set[str]] = {name: {name} for name in names}
    for a, b in sorted(pairs):
        if a in unit and b in unit and unit[a] is not unit[b]:
            larger, smaller = (unit[a], unit[b]) if len(unit[a]) >= len(unit[b]) else (unit[b], unit[a])
            larger |= smaller
            for name in smaller:
                unit[name] = larger
    units = {id(of): of for of in unit.values()}
    written = {number: tuple(sorted(of)) for number, of in units.items()}  # once a unit, not once a member
    return {name: written[id(of)] for name, of in unit.items()}


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


def _job(
    inventory: Inventory,
    capability: Capability,
    uses: list[_Use],
    apart: set[tuple[str, str]],
    stand_ins: set[tuple[str, str]],
) -> Job:
    counts: dict[str, set[str]] = {}
    certain: dict[str, float] = {}
    open_: set[str] = set()
    for use in uses:
        alone = use.items({name: (name,) for one in use.doers for name in one.names})
        for one in use.doers:
            for name in one.names:
                counts.setdefault(name, set()).add(use.communication.id)
            if len(one.names) > 1 or alone is None:
                open_.update(one.names)
            else:
                certain[one.names[0]] = certain.get(one.names[0], 0.0) + alone[one.names]
    kept = set(counts)
    for a, b in sorted(apart):
        if a in kept and b in kept:
            kept.discard(min((a, b), key=lambda name: (len(counts[name]), certain.get(name, 0.0), name)))
    unit_of = _units(counts, stand_ins)
    among = dict.fromkeys(unit_of[name] for name in sorted(kept))
    units = {unit: tuple(one for one in unit if one in kept) for unit in among}
    items: dict[_Names, float] = dict.fromkeys(units, 0.0)
    measurable = [(use, found) for use in uses if (found := use.items(unit_of)) is not None]
    for _, found in measurable:
        for unit in found.keys() & units.keys():
            items[unit] += found[unit]
    complete = len(measurable) == len(uses)
    order = sorted(kept, key=lambda name: (-certain.get(name, 0.0), -len(counts[name]), name))
    return Job(
        capability=capability,
        systems=tuple(
            System(
                _platform(inventory, name),
                tuple(sorted(counts[name])),
                certain.get(name, 0.0) if complete and name not in open_ else None,
            )
            for name in order
        ),
        units=tuple(sorted(units.values())),
        items=sum(items.values()) if complete else None,
        by_volume=(effective_number(items.values()) or None) if measurable else None,
        by_communications=effective_number(
            float(len({id_ for name in names for id_ in counts[name]})) for names in units.values()
        ),
        volumes="all" if complete else "some" if measurable else "none",
        basis=worst_basis(
            *(basis_of(inventory, use.communication) for use in uses),
            *(volume.basis for use, _ in measurable if (volume := _volume(use.communication)) is not None),
        ),
    )


def _platform(inventory: Inventory, name: str) -> Platform:
    platform = inventory.find(name, Platform)
    assert platform is not None  # groups hold platforms only
    return platform
