"""The whole spider-web as labelled edges: for finding ways through it and drawing it, never for findings.

The three derived graphs answer questions; this union of them only says what stands next to what.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Action, Insight, Signal
from cx_map.model.chapter_map import Communication, Flow, Hop, Platform
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of


@dataclass(frozen=True, slots=True)
class WebEdge:
    """One thing leading to another.

    ``label`` says how; ``latency`` is the worst time in seconds, None where nobody says; ``carries`` the
    attributes, ``*`` for all, empty where none is named; ``evidence`` and ``at`` the entity (and the path into it) that
    states the edge. ``communications`` are those whose route takes the edge, empty for all other edges: a way may
    go on along a route only with a communication that came along it. ``least`` says that it can take longer than
    ``latency``: a median alone, or a batch of unknown interval.
    """

    source: str
    target: str
    label: str
    latency: float | None
    carries: tuple[str, ...]
    evidence: Entity
    at: tuple[str | int, ...] = ()
    communications: frozenset[str] = frozenset()
    least: bool = False


def web(eco: Ecosystem) -> dict[str, tuple[WebEdge, ...]]:
    """Edges by source, between usable things; parallel edges are kept, those of routes as one. O(entities + flows)."""
    inventory = eco.inventory
    found: dict[str, list[WebEdge]] = {}
    for edge in _merged(_edges(inventory)):
        ends = (inventory.entities.get(edge.source), inventory.entities.get(edge.target))
        if edge.source != edge.target and all(end is not None and end.usable for end in ends):
            found.setdefault(edge.source, []).append(edge)
    return {
        source: tuple(sorted(edges, key=lambda edge: (edge.target, edge.label, edge.carries)))
        for source, edges in found.items()
    }


def _merged(edges: Iterator[WebEdge]) -> Iterator[WebEdge]:
    """Edges of routes between the same two things and of the same sort as one, with all their communications."""
    routes: dict[tuple[str, str, str], list[WebEdge]] = {}
    for edge in edges:
        if edge.communications:
            routes.setdefault((edge.source, edge.target, edge.label), []).append(edge)
        else:
            yield edge
    for parts in routes.values():
        first = min(parts, key=lambda edge: edge.evidence.id)
        names = frozenset(name for edge in parts for name in edge.communications)
        yield first if len(names) == 1 else replace(first, communications=names, carries=())


def _edges(inventory: Inventory) -> Iterator[WebEdge]:
    for flow in inventory.flows:
        if flow.from_ and flow.to and flow.via != "none" and flow.policy != "blocked" and flow.usable:
            latency, least = _time(flow)
            style = flow.via or "flow"
            yield WebEdge(flow.from_, flow.to, style, latency, flow.carries or (), flow, least=least)
            if flow.two_way:
                yield WebEdge(flow.to, flow.from_, style, latency, flow.carries or (), flow, least=least)
    for platform in inventory.of(Platform):
        for number, need in enumerate(platform.needs or ()):
            for name in need.any_of or ():
                yield WebEdge(name, platform.id, "needed by", None, (), platform, ("needs", number))
    for communication in inventory.of(Communication):
        yield from _communication(inventory, communication)
    for point in inventory.of(CollectionPoint):
        asked = tuple(ask.attribute for ask in point.asks or () if ask.attribute is not None)
        for name in point.writes_to or ():
            yield WebEdge(point.id, name, "writes to", None, asked, point, ("writes_to",))
    yield from _feedback(inventory)


def _time(flow: Flow) -> tuple[float | None, bool]:
    """A flow's time at worst, a batch's whole interval and its run, and whether it can take longer."""
    run = flow.latency
    if run is None and flow.every is None:
        return None, False
    worst = run.worst or 0.0 if run is not None else 0.0
    if flow.every is None:
        return worst, flow.via == "batch" or (run is not None and not run.bounded)
    return worst + flow.every.seconds, run is not None and not run.bounded


def _communication(inventory: Inventory, communication: Communication) -> Iterator[WebEdge]:
    own = frozenset({communication.id})
    shows = tuple(item.attribute for item in communication.content or () if item.attribute is not None)
    for number, need in enumerate(communication.needs or ()):
        for name in need.any_of or ():
            yield WebEdge(name, communication.id, "needed by", None, (), communication, ("needs", number))
    for number, route in enumerate(routes_of(communication) or ()):
        at: tuple[str | int, ...] = ("routes", number) if communication.routes is not None else ("platforms",)
        hops: list[Hop] = list(route.platforms or ())
        names = [hop.any_of or () for hop in hops]
        for before, after in itertools.pairwise(names):
            for one in before:
                for other in after:
                    yield WebEdge(
                        one, other, "passes on", _processing(inventory, one), shows, communication, at, own,
                        _median_only(inventory, one),
                    )  # fmt: skip
        for one in names[0] if names else ():
            yield WebEdge(communication.id, one, "sent through", None, shows, communication, at, own)
        for one in names[-1] if names else (communication.id,):
            if route.channel is not None:
                yield WebEdge(
                    one, route.channel, "sends by", _processing(inventory, one), shows, communication, at, own,
                    _median_only(inventory, one),
                )  # fmt: skip


def _processing(inventory: Inventory, name: str) -> float | None:
    platform = inventory.find(name, Platform)
    return platform.processing.worst if platform is not None and platform.processing is not None else None


def _median_only(inventory: Inventory, name: str) -> bool:
    platform = inventory.find(name, Platform)
    return platform is not None and platform.processing is not None and not platform.processing.bounded


def _feedback(inventory: Inventory) -> Iterator[WebEdge]:
    for signal in inventory.of(Signal):
        if signal.from_ is not None:
            yield WebEdge(signal.from_, signal.id, "emits", None, (), signal, ("from",))
        for name in signal.captured_in or ():
            latency = signal.latency.worst if signal.latency is not None else None
            yield WebEdge(signal.id, name, "captured in", latency, (), signal, ("captured_in",))
    for insight in inventory.of(Insight):
        every = insight.every.seconds if insight.every is not None else None
        for name in insight.inputs or ():
            yield WebEdge(name, insight.id, "analysed by", every, (), insight, ("inputs",))
        for number, delivery in enumerate(insight.delivered_to or ()):
            if delivery.team is not None:
                latency = delivery.latency.worst if delivery.latency is not None else None
                yield WebEdge(insight.id, delivery.team, "delivered to", latency, (), insight, ("delivered_to", number))
    for action in inventory.of(Action):
        within = action.within.seconds if action.within is not None else None
        for name in action.triggered_by or ():
            yield WebEdge(name, action.id, "triggers", None, (), action, ("triggered_by",))
        for name in action.informs or ():
            yield WebEdge(action.id, name, "informs", within, (), action, ("informs",))
