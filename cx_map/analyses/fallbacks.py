"""Ways that already exist in the firm and could stand in for a communication's own."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import reduce
from itertools import count
from operator import and_

from msgspec import Struct

from cx_map.analyses.channel_assurance import least_seconds, unfit_channels
from cx_map.analyses.route_edits import with_routes, written_route
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Production, production
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Channel, Communication, Platform, Route
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of

FLEETING = ("push", "in_app", "sms", "rcs")
"""Kinds of channel that give nothing to keep: no fallback for what the law wants delivered."""
UNWRITTEN = ("voice", "ivr", "video", "callback", "kiosk", "branch", "chat", "messaging", "social")
"""Kinds of channel that are no fallback, either, for what the law wants in writing."""


class Way(Struct, frozen=True):
    """Platforms in order and the channel they end in, as some communication uses them."""

    platforms: tuple[str, ...]
    channel: str


def ways(eco: Ecosystem) -> Mapping[Way, int]:
    """Every working way without alternatives inside, with all whose loss stops it, as bits; shortest first."""
    graph = eco.once(production)
    found: dict[Way, int] = {}
    for name in sorted(graph.communications):
        for route in graph.communications[name].routes or ():
            plain = route.complete and route.hops and all(len(group) == 1 for group in route.hops)
            if plain and route.channel is not None and graph.failures.derivable[route.node]:
                way = Way(tuple(graph.names[group[0]] for group in route.hops), graph.names[route.channel])
                if way not in found:
                    found[way] = graph.failures.bits(route.node)
    return dict(sorted(found.items(), key=lambda one: (len(one[0].platforms), one[0].platforms, one[0].channel)))


class RankedWay(Struct, frozen=True):
    """A way with its rank among all, what it needs (bits), and the seconds that it is known to take at worst, at least."""

    rank: int
    way: Way
    needed: int
    seconds: float


class ChannelWays(Struct, frozen=True):
    """The working ways that end in one channel, best first."""

    ranked: tuple[RankedWay, ...]
    shared: int
    """What all of them need, as bits."""
    seconds: float
    """How long the quickest of them takes."""

    def first_without(self, avoided: int, within: float = math.inf) -> tuple[int, Way] | None:
        """The best way that needs nothing avoided (bits, see :func:`avoided_by`) and is in time, and its rank.

        O(1) unless ways hang on what is avoided, or are too slow.
        """
        if self.seconds > within or self.shared & avoided:
            return None
        fit = (one for one in self.ranked if one.seconds <= within and not one.needed & avoided)
        return next(((one.rank, one.way) for one in fit), None)


def ways_by_channel(eco: Ecosystem) -> Mapping[str, ChannelWays]:
    """The working ways by the channel they end in."""
    found: dict[str, list[RankedWay]] = {}
    for rank, (way, needed) in enumerate(eco.once(ways).items()):
        one = RankedWay(rank, way, needed, _seconds(eco.inventory, way))
        found.setdefault(way.channel, []).append(one)
    return {
        channel: ChannelWays(
            tuple(ranked),
            reduce(and_, (one.needed for one in ranked)),
            min(one.seconds for one in ranked),
        )
        for channel, ranked in found.items()
    }


def avoided_by(graph: Production, names: Iterable[str]) -> int:
    """Suppliers and failure domains as bits, to look for ways without them."""
    return graph.failures.bits_with(graph.atom_of[name] for name in names if name in graph.atom_of)


def _seconds(inventory: Inventory, way: Way) -> float:
    """How long the channel and the platforms of a way take at worst, as far as is known."""
    channel = inventory.find(way.channel, Channel)
    platforms = [inventory.find(name, Platform) for name in way.platforms]
    times = [one.processing.worst or 0.0 for one in platforms if one is not None and one.processing is not None]
    return sum(times) + ((least_seconds(channel) or 0.0) if channel is not None else 0.0)


def fallback(eco: Ecosystem, communication: Communication, avoiding: Collection[str]) -> Way | None:
    """A working way that another communication uses and that does not hang on anything in ``avoiding``.

    Its channel must be one that reaches every segment served, as far as segments say, that the law lets stand in, and
    that is fit for what is shown (:func:`unfit_channels`); the way must keep the deadline, as far as times are known.
    None where there is none.
    """
    graph = eco.once(production)
    avoided = avoided_by(graph, frozenset(avoiding) | unfit_channels(eco.inventory, communication))
    within = communication.deadline.seconds if communication.deadline is not None else math.inf
    found = [
        first
        for channel, one in eco.once(ways_by_channel).items()
        if _reaches(graph, communication, channel)
        and lawful(eco.inventory, communication, channel)
        and (first := one.first_without(avoided, within)) is not None
    ]
    return min(found)[1] if found else None


def lawful(inventory: Inventory, communication: Communication, channel: str) -> bool:
    """Whether a channel may stand in for what the law demands: something to keep, in writing where that is asked for.

    Under E-SIGN (15 USC 7001(c)) writing is paper, for what is sent electronically has conditions of its own (PREF107).
    """
    entity = inventory.find(channel, Channel)
    kind = entity.kind_ if entity is not None else None
    if communication.in_writing:
        organization = inventory.organization
        if organization is not None and "us-esign" in (organization.regulatory_profiles or ()):
            return kind == "letter"
        return kind is not None and kind not in (*FLEETING, *UNWRITTEN)
    return communication.purpose != "regulatory" or kind not in FLEETING


def _reaches(graph: Production, communication: Communication, channel: str) -> bool:
    for name in communication.segments or ():
        segment = graph.inventory.find(name, Segment)
        if segment is not None and segment.reachable_by is not None:
            share = segment.reachable_by.get(channel)
            if share is None or share.highest <= 0:
                return False
    return True


def stood_in_for(communication: Communication, instead_of: Collection[str] = ()) -> list[Route]:
    """The routes that a fallback stands in for: the first primary one.

    With ``send: all`` every primary route that goes through one of ``instead_of``, the things that may be lost.
    """
    primary = [route for route in routes_of(communication) or () if route.fallback_for is None]
    lost = set(instead_of)
    failing = [route for route in primary if communication.send == "all" and not lost.isdisjoint(_through(route))]
    return failing or primary[:1]


def with_fallback(
    communication: Communication, way: Way, instead_of: Collection[str] = ()
) -> Mapping[str, object] | None:
    """The roadmap operator that adds a way as a fallback for the routes that it stands in for; None without routes."""
    routes = routes_of(communication)
    if not routes:
        return None
    taken = {route.id for route in routes}
    added: list[object] = []
    for route in stood_in_for(communication, instead_of):
        name = next(one for one in _names(way.channel) if one not in taken)
        taken.add(name)
        added.append({**_written_way(way, name, routes), "fallback_for": route.id})
    if communication.routes is not None:
        return {"change": {communication.id: {"routes": {"add": added}}}}
    written = [written_route(route) for route in routes]
    return with_routes(communication, [*written, *added])


def with_first(communication: Communication, way: Way) -> Mapping[str, object] | None:
    """The roadmap operator that lets a way go first, with all routes there are as its fallbacks; None without routes.

    With ``send: all`` it is one more route.
    """
    routes = routes_of(communication)
    if not routes:
        return None
    name = next(one for one in _names(way.channel) if one not in {route.id for route in routes})
    first = _written_way(way, name, routes)
    written = []
    for route in routes:
        one = written_route(route)
        if communication.send != "all":
            one.pop("share", None)
            one.setdefault("fallback_for", name)
        written.append(one)
    return with_routes(communication, [first, *written])


def _written_way(way: Way, name: str, routes: Iterable[Route]) -> dict[str, object]:
    """A way as a route beside others: whoever may switch one of them off may switch this one off, too."""
    governing = sorted({one for route in routes for one in route.governed_by or ()})
    written: dict[str, object] = {"id": name, "channel": way.channel, "platforms": list(way.platforms)}
    return {**written, "governed_by": governing} if governing else written


def _through(route: Route) -> set[str]:
    """The channel of a route and the platforms that it cannot do without."""
    needed = {name for hop in route.platforms or () if len(hop.any_of or ()) == 1 for name in hop.any_of or ()}
    return needed | ({route.channel} if route.channel is not None else set())


def _names(channel: str) -> Iterator[str]:
    """Names for a route over a channel, the plainest first."""
    yield channel
    yield f"{channel}-fallback"
    yield from (f"{channel}-fallback-{number}" for number in count(2))
