"""When what platforms and stores need is at hand: the part of latency that all communications share (A4).

The least solution with cycles is Knuth's generalization of Dijkstra's algorithm (1977); what only waits for itself
is let through, which keeps times lower bounds.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.graph.and_or import components
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Production, production
from cx_map.model.chapter_map import Flow, Platform
from cx_map.model.values import Latency

Mode: TypeAlias = Literal["worst", "typical"]
Missing: TypeAlias = Literal["every", "latency"]


class Delay(Struct, frozen=True):
    """A flow's delay in seconds: a batch waits up to its whole interval, half of it on average."""

    flow: Flow
    worst: float
    typical: float
    missing: Missing | None
    """The field without which the time at worst is only a lower bound."""

    def take(self, mode: Mode) -> float:
        """The delay at worst, or on average."""
        return self.worst if mode == "worst" else self.typical


class Step(Struct, frozen=True):
    """One piece of time on the way: waiting for a flow, processing in a platform, or delivery by a channel."""

    kind: Literal["flow", "processing", "channel"]
    source: str
    target: str
    seconds: float
    flow: Flow | None = None


class Arrival(Struct, frozen=True):
    """When something is at hand: seconds after the trigger, and the inputs that it waited for.

    ``inputs`` are the steps that lead here, each with what it started from; the first takes longest.
    """

    seconds: float
    inputs: tuple[tuple[Step | None, Arrival], ...] = ()
    open: frozenset[str] = frozenset()


START = Arrival(0.0)


@dataclass(slots=True)
class Supply:
    """What stands behind platforms and stores: groups of (supplier, delay), by node."""

    groups: Mapping[str, list[list[tuple[str, Delay | None]]]]
    arrivals: dict[Mode, dict[str, Arrival]] = field(default_factory=dict)


def delays(eco: Ecosystem) -> Mapping[tuple[str, str], Delay]:
    """The fastest flow between each pair that has one. Flows that do not exist or are blocked carry nothing."""
    return _fastest(flow for flow in eco.inventory.flows if _moves(flow))


def _moves(flow: Flow) -> bool:
    return (
        flow.from_ is not None
        and flow.to is not None
        and flow.via != "none"
        and flow.policy != "blocked"
        and flow.usable
    )


def _fastest(flows: Iterable[Flow]) -> dict[tuple[str, str], Delay]:
    found: dict[tuple[str, str], Delay] = {}
    for flow in flows:
        assert flow.from_ is not None
        assert flow.to is not None
        ends = [(flow.from_, flow.to), (flow.to, flow.from_)] if flow.two_way else [(flow.from_, flow.to)]
        delay = _delay(flow)
        for pair in ends:
            other = found.get(pair)
            if other is None or delay.worst < other.worst:
                found[pair] = delay
    return found


def _delay(flow: Flow) -> Delay:
    every = flow.every.seconds if flow.every is not None else 0.0
    run = flow.latency
    missing: Missing | None = None
    if flow.every is None and (flow.via == "batch" or "every" in flow.unknown):
        missing = "every"  # a batch of unknown interval may wait for any time
    elif not run.bounded if run is not None else flow.every is None or "latency" in flow.unknown:
        missing = "latency"
    return Delay(flow, every + at_worst(run), every / 2 + typically(run), missing)


def at_worst(latency: Latency | None) -> float:
    """Seconds at worst; nothing where not known."""
    return (latency.worst or 0.0) if latency is not None else 0.0


def typically(latency: Latency | None) -> float:
    """Seconds on average; nothing where not known."""
    return (latency.typical or 0.0) if latency is not None else 0.0


def supply_of(eco: Ecosystem) -> Supply:
    """The mandatory inputs of platforms and stores: their needs, and flows said to be required.

    What does not work (retired, planned, or without what it needs itself) is waited for by nobody.
    """
    graph = eco.once(production)
    between = eco.once(delays)
    works = graph.failures.derivable
    groups: dict[str, list[list[tuple[str, Delay | None]]]] = {}
    for node in range(graph.suppliers):
        name = graph.names[node]
        groups[name] = [
            [(graph.names[one], between.get((graph.names[one], name))) for one in group if works[one]]
            for group in graph.requirements[node]
            if group and group[0] < graph.suppliers and any(works[one] for one in group)
        ]
    required = _fastest(flow for flow in eco.inventory.flows if flow.required and _moves(flow))
    for (source, target), delay in sorted(required.items()):
        start = graph.index.get(source)
        if target in groups and (works[start] if start is not None else graph.inventory.entities[source].usable):
            groups.setdefault(source, [])
            groups[target].append([(source, delay)])
    supply = Supply(groups)
    for mode in ("worst", "typical"):
        supply.arrivals[mode] = _settle(graph, supply, mode)
    return supply


def _settle(graph: Production, supply: Supply, mode: Mode) -> dict[str, Arrival]:
    """When everything is at hand in each node, before its own processing."""
    settled: dict[str, Arrival] = {}
    missing = {name: len(groups) for name, groups in supply.groups.items()}
    users = _users(supply)
    met: dict[tuple[str, int], tuple[Step | None, Arrival, float]] = {}
    coming: dict[tuple[str, int, str], tuple[Step | None, Arrival, float]] = {}
    # what comes next: all that a node needs (its number is -1), or one of the alternatives of one of its groups
    queue: list[tuple[float, str, int, str]] = [(0.0, name, -1, "") for name in sorted(missing) if not missing[name]]
    circles: list[list[str]] | None = None
    while True:
        while queue:
            seconds, name, number, member = heapq.heappop(queue)
            if name in settled or (name, number) in met:
                continue
            if number >= 0:
                met[name, number] = coming[name, number, member]
                missing[name] -= 1
                if not missing[name]:
                    heapq.heappush(queue, (_so_far(supply, met, name), name, -1, ""))
                continue
            inputs = [met[name, number] for number in range(len(supply.groups[name])) if (name, number) in met]
            settled[name] = joined(seconds, inputs)
            for user, group in users.get(name, ()):
                if (user, group) not in met and user not in settled:
                    delay = next(delay for member, delay in supply.groups[user][group] if member == name)
                    moved = coming[user, group, name] = moved_on(graph, name, user, delay, settled[name], mode)
                    heapq.heappush(queue, (moved[2], user, group, name))
        if circles is None:
            circles = _circles(supply, settled)
        if not circles:
            return settled
        # only things that wait for one another are left: let the first circle through with what it has
        circle = circles.pop()
        ready = {name: _so_far(supply, met, name) for name in circle}
        if all(len(group) == 1 for name in circle for group in supply.groups[name]):
            # no alternative inside: what any of them waits for, all of them wait for
            ready = dict.fromkeys(circle, max(ready.values()))
        for name in circle:
            heapq.heappush(queue, (ready[name], name, -1, ""))


def _so_far(supply: Supply, met: Mapping[tuple[str, int], tuple[Step | None, Arrival, float]], name: str) -> float:
    """When the last of the inputs at hand came."""
    times = [met[name, one][2] for one in range(len(supply.groups[name])) if (name, one) in met]
    return max(times, default=0.0)


def _users(supply: Supply) -> dict[str, list[tuple[str, int]]]:
    """By supplier, the things it supplies and the number of the group it is in."""
    users: dict[str, list[tuple[str, int]]] = {}
    for name, groups in supply.groups.items():
        for number, group in enumerate(groups):
            for member, _ in group:
                users.setdefault(member, []).append((name, number))
    return users


def _circles(supply: Supply, settled: Mapping[str, Arrival]) -> list[list[str]]:
    """Things that are not settled, in groups that wait for one another; the last waits for no other group."""
    names = sorted(supply.groups)
    index = {name: number for number, name in enumerate(names)}
    waiting = bytearray(name not in settled for name in names)
    requirements = [
        tuple(tuple(index[member] for member, _ in group) for group in supply.groups[name]) for name in names
    ]
    return [[names[one] for one in sorted(part)] for part in reversed(components(requirements, waiting))]


def joined(seconds: float, inputs: list[tuple[Step | None, Arrival, float]]) -> Arrival:
    """An arrival after all of its inputs, the slowest first."""
    ordered = sorted(inputs, key=lambda one: -one[2])
    return Arrival(
        seconds,
        tuple((step, before) for step, before, _ in ordered),
        _open(ordered),
    )


def _open(inputs: list[tuple[Step | None, Arrival, float]]) -> frozenset[str]:
    """What is open in any of the inputs."""
    found: frozenset[str] = frozenset()
    for _, before, _ in inputs:
        if before.open and before.open is not found:
            found = found | before.open if found else before.open
    return found


def moved_on(
    graph: Production, source: str, target: str, delay: Delay | None, before: Arrival, mode: Mode
) -> tuple[Step | None, Arrival, float]:
    """A supplier's arrival, processed there and moved on: the last step, what it started from, and the time."""
    processed = processed_in(graph, source, before, mode)
    if delay is None:
        return None, processed, processed.seconds
    seconds = delay.take(mode)
    if delay.missing is not None:
        unknown = processed.open | {f"flows.{source}->{target}.{delay.missing}"}
        processed = Arrival(processed.seconds, processed.inputs, unknown)
    return Step("flow", source, target, seconds, delay.flow), processed, processed.seconds + seconds


def processed_in(graph: Production, name: str, before: Arrival, mode: Mode) -> Arrival:
    """An arrival after the platform's own processing."""
    platform = graph.inventory.find(name, Platform)
    if platform is None:
        return before
    if platform.processing is None:
        return Arrival(before.seconds, before.inputs, before.open | {f"platforms.{name}.processing"})
    seconds = at_worst(platform.processing) if mode == "worst" else typically(platform.processing)
    step = Step("processing", name, name, seconds)
    unknown = before.open if platform.processing.bounded else before.open | {f"platforms.{name}.processing"}
    return Arrival(before.seconds + seconds, ((step, before),), unknown)
