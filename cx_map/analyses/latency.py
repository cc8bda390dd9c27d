"""How long a communication takes from its trigger to the customer (analyses.md, A4).

``arrival(v) = max over required inputs of (min over alternatives of (arrival(u) + delay(u, v)))``; what passes a
platform then takes its processing time, what leaves takes the channel's. Walks the production graph, with the
delays of the flows between its nodes. Latencies that are not known count as nothing, so that times are lower
bounds, and :attr:`Way.open` names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from cx_map.analyses.supply_times import (
    START,
    Arrival,
    Delay,
    Mode,
    Step,
    at_worst,
    delays,
    joined,
    moved_on,
    processed_in,
    supply_of,
    typically,
)
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Produced, ProducedRoute, Production, production
from cx_map.model.chapter_map import Channel


class Way(Struct, frozen=True):
    """The time of one route at worst, and how it comes about."""

    route: str
    worst: float
    arrival: Arrival
    open: tuple[str, ...]
    """Fields that would complete the times (``platforms.esp.processing``)."""

    @property
    def chain(self) -> tuple[Step, ...]:
        """The critical chain: the steps that take longest, from the trigger on."""
        steps: list[Step] = []
        current = self.arrival
        while current.inputs:
            step, current = current.inputs[0]
            if step is not None:
                steps.append(step)
        return tuple(reversed(steps))


class Timeline(Struct, frozen=True):
    """The times of a communication: that of its fastest primary route, with ``send: all`` of its slowest."""

    communication: str
    decisive: Way
    ways: tuple[Way, ...]
    complete: bool
    """Whether the time at worst is also an upper bound."""


def timelines(eco: Ecosystem) -> Mapping[str, Timeline]:
    """The times of every working communication with known routes, by id. O(routes + suppliers log)."""
    found = ((name, timeline_of(eco, name)) for name in sorted(eco.once(production).communications))
    return {name: one for name, one in found if one is not None}


def timeline_of(eco: Ecosystem, communication: str) -> Timeline | None:
    """The times of one communication; None where it does not work, or its routes are not known."""
    graph = eco.once(production)
    produced = graph.communications[communication]
    if not produced.routes or not graph.derivable(communication):
        return None
    return _timeline(eco, graph, produced, produced.routes)


def _timeline(eco: Ecosystem, graph: Production, produced: Produced, routes: tuple[ProducedRoute, ...]) -> Timeline:
    working = [route for route in routes if graph.failures.derivable[route.node]]
    primary = [route for route in working if route.route.fallback_for is None] or working
    ways = tuple(_way(eco, graph, produced, route) for route in primary)
    order = sorted(ways, key=lambda way: (way.worst, way.route))
    if produced.communication.send == "all":
        return Timeline(produced.communication.id, order[-1], ways, all(not way.open for way in ways))
    known = [way for way in order if not way.open]
    # the fastest bound decides whether it can be in time, the fastest route known altogether whether it is
    return Timeline(produced.communication.id, order[0], ways, bool(known) and known[0].worst <= order[0].worst)


def average(eco: Ecosystem, timeline: Timeline) -> float:
    """How long the route that decides at worst takes on average, in seconds."""
    graph = eco.once(production)
    produced = graph.communications[timeline.communication]
    route = next(one for one in produced.routes or () if (one.route.id or "") == timeline.decisive.route)
    return _route_arrival(eco, graph, produced, route, "typical").seconds


def _way(eco: Ecosystem, graph: Production, produced: Produced, route: ProducedRoute) -> Way:
    arrival = _route_arrival(eco, graph, produced, route, "worst")
    unknown = arrival.open
    if route.route.platforms is None:
        unknown |= {f"communications.{produced.communication.id}.routes.platforms"}
    if produced.communication.needs is None:
        unknown |= {f"communications.{produced.communication.id}.needs"}
    return Way(route.route.id or "", arrival.seconds, arrival, tuple(sorted(unknown)))


def _route_arrival(eco: Ecosystem, graph: Production, produced: Produced, route: ProducedRoute, mode: Mode) -> Arrival:
    """When a communication arrives over a route."""
    supply = eco.once(supply_of)
    between = eco.once(delays)
    at_hand = supply.arrivals[mode]
    derivable = graph.failures.derivable
    hops = [[graph.names[node] for node in group if derivable[node]] for group in route.hops]
    inputs = list(_inputs(graph, produced, hops, between))
    before: dict[str, Arrival] = {}
    for place, hop in enumerate(hops):
        here: dict[str, Arrival] = {}
        for name in hop:
            waited: list[tuple[Step | None, Arrival, float]] = []
            if before:
                waited.append(_best(graph, before, name, between, mode))
            for needed, at in inputs:
                if at == place and name not in needed:  # what it passes anyway it does not pass once more
                    waited.append(_best(graph, {one: at_hand.get(one, START) for one in needed}, name, between, mode))
            own = at_hand.get(name, START)
            waited += [(None, own, own.seconds)]
            here[name] = joined(max(seconds for _, _, seconds in waited), waited)
        before = here
    if not hops and produced.needs:
        supplied = [
            _best(graph, {graph.names[one]: at_hand.get(graph.names[one], START) for one in group}, "", between, mode)
            for group in produced.needs
        ]
        before = {"": joined(max(seconds for _, _, seconds in supplied), supplied)}
    done = [processed_in(graph, name, arrival, mode) if name else arrival for name, arrival in sorted(before.items())]
    last = min(done, key=lambda one: one.seconds, default=START)
    channel = graph.entity(route.channel) if route.channel is not None else None
    if not isinstance(channel, Channel):
        return Arrival(
            last.seconds, last.inputs, last.open | {f"communications.{produced.communication.id}.routes.channel"}
        )
    if channel.latency is None:
        return Arrival(last.seconds, last.inputs, last.open | {f"channels.{channel.id}.latency"})
    seconds = at_worst(channel.latency) if mode == "worst" else typically(channel.latency)
    step = Step("channel", channel.id, channel.id, seconds)
    unknown = last.open if channel.latency.bounded else last.open | {f"channels.{channel.id}.latency"}
    return Arrival(last.seconds + seconds, ((step, last),), unknown)


def _best(
    graph: Production, sources: Mapping[str, Arrival], target: str, between: Mapping[tuple[str, str], Delay], mode: Mode
) -> tuple[Step | None, Arrival, float]:
    """The fastest of some alternatives."""
    choices = [
        moved_on(graph, source, target, between.get((source, target)), arrival, mode)
        for source, arrival in sorted(sources.items())
    ]
    return min(choices, key=lambda one: one[2])


def _inputs(
    graph: Production, produced: Produced, hops: list[list[str]], between: Mapping[tuple[str, str], Delay]
) -> Iterator[tuple[list[str], int]]:
    """What the communication needs, with the hop at which it enters: where a flow leads to, else the first.

    What sets it off (``trigger.by``) counts too where a flow leads from it to a hop.
    """
    groups = [[graph.names[node] for node in group if graph.failures.derivable[node]] for group in produced.needs]
    trigger = produced.communication.trigger
    started = trigger.by if trigger is not None else None
    if started is not None and all(started not in group for group in groups):
        leads = any((started, name) in between for hop in hops for name in hop)
        groups += [[started]] if leads else []
    for group in groups:
        yield group, _entrance(group, hops, between)


def _entrance(group: list[str], hops: list[list[str]], between: Mapping[tuple[str, str], Delay]) -> int:
    """The first hop that is one of the group, or to which a flow leads from one, else the first hop."""
    for place, hop in enumerate(hops):
        for name in hop:
            for source in group:
                if source == name or (source, name) in between:
                    return place
    return 0
