"""The edges of the response graph, read from what the inventory says; see :mod:`cx_map.graph.response`.

Longer than most modules: one function for each label of the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.model.attributes import EVERYTHING, lineage
from cx_map.model.chapter_customers import CollectionPoint, Preference, Segment
from cx_map.model.chapter_feedback import Action, Insight, Signal
from cx_map.model.chapter_map import Channel, Communication, DataSource, Flow, Hop, Platform, Route, Team
from cx_map.model.chapter_service import AgentPool, RoutingRule
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of
from cx_map.model.values import Duration, Latency

Label: TypeAlias = Literal[
    "captured_in", "feeds", "analysed_by", "delivered_to", "assigned_to", "hands_to", "triggers", "informs", "route"
]
Derivable: TypeAlias = Callable[[str], bool]
"""Whether a platform can work, or a communication can reach a customer, in the production graph."""

EVENT_STYLES = ("api", "event", "stream")
ANYONE = "*"
"""Stands for customers of whom no segment is named."""
ALL = "*"
"""Stands for every signal and error type, where a routing rule names none."""
MASTER_DATA = frozenset({
    "identity", "contact", "credential", "preference", "language", "person", "relation", "account", "payment", "product",
})  # fmt: skip
"""Branches of the attribute tree that say who a customer is, what was chosen and what is held."""
HAPPENED = frozenset({"account.transactions", "payment.history"})
"""Of those, what tells of something that happened, and so may be what a signal says."""


class Edge(Struct, frozen=True):
    """A step from one node to another, and the field that states it.

    ``kept`` says whether the customer stays identifiable (None: a flow of which nobody says so); ``seconds`` and ``typical`` are the
    95th percentile and the median of the time it takes, a full and a half interval of a batch included (None:
    not known); ``certain`` is False where a reply's route is not described; ``works`` is False where production
    cannot deliver along it. ``only`` are the segments whose customers a flow is for, as bits (None: everybody).
    """

    source: str
    target: str
    label: Label
    entity: Entity
    at: tuple[str | int, ...] = ()
    kept: bool | None = True
    seconds: float | None = None
    typical: float | None = None
    certain: bool = True
    works: bool = True
    only: int | None = None


class Way(Struct, frozen=True):
    """A route of a communication, the way a reply takes: its channel and the segments served (None: not described)."""

    communication: Communication
    channel: str | None
    segments: tuple[str, ...] | None


def time_of(*parts: Latency | None, every: Duration | None = None) -> tuple[float | None, float | None]:
    """Worst and typical seconds of some delays and a batch interval; None where nothing is known of any."""
    known = [part for part in parts if part is not None and part.worst is not None]
    if not known and every is None:
        return None, None
    interval = every.seconds if every is not None else 0.0
    worst = sum(part.worst or 0.0 for part in known) + interval
    typical = sum(part.typical or 0.0 for part in known) + interval / 2
    return worst, typical


class EdgeReader:
    """Reads the edges of an inventory, one method a label."""

    def __init__(self, inventory: Inventory, derivable: Derivable) -> None:
        self.inventory = inventory
        self.derivable = derivable
        self.ways: dict[str, Way] = {}
        self.segments = {one.id: bit for bit, one in enumerate(one for one in inventory.of(Segment) if one.usable)}
        self.segments[ANYONE] = len(self.segments)
        self.flows_from: dict[str, list[Flow]] = {}
        for flow in inventory.flows:
            if flow.usable and flow.via != "none" and flow.policy != "blocked" and flow.from_ and flow.to:
                self.flows_from.setdefault(flow.from_, []).append(flow)
                if flow.two_way:
                    self.flows_from.setdefault(flow.to, []).append(flow)

    def all_edges(self) -> Iterator[Edge]:
        """Every edge, in an order that depends on ids only."""
        yield from self._signals()
        yield from self._flows()
        for insight in self.inventory.of(Insight):
            if insight.usable:
                yield from self._insight(insight)
        for pool in self.inventory.of(AgentPool):
            if pool.usable and pool.team is not None:
                yield Edge(pool.id, pool.team, "hands_to", pool, ("team",))
        for action in self.inventory.of(Action):
            if action.usable:
                yield from self._action(action)
        for communication in self.inventory.of(Communication):
            if communication.usable:
                yield from self._routes(communication)

    def _signals(self) -> Iterator[Edge]:
        routed: dict[str, list[RoutingRule]] = {}
        for rule in self.inventory.of(RoutingRule):
            if rule.usable and rule.to is not None:
                for key in on_of(rule):
                    routed.setdefault(key, []).append(rule)
        for signal in self.inventory.of(Signal):
            if signal.usable:
                captured = list(self._captures(signal))
                yield from captured
                yield from self._routings(signal, captured, routed)

    def _store(self, identifier: str | None) -> bool:
        entity = self.inventory.entities.get(identifier or "")
        return isinstance(entity, DataSource | Platform) and entity.usable

    def _captures(self, signal: Signal) -> Iterator[Edge]:
        """Where a signal is kept: named, else written to by its collection point; or flowing from either."""
        worst, typical = time_of(signal.latency)
        for number, store in enumerate(signal.captured_in or ()):
            if self._store(store):
                yield Edge(signal.id, store, "captured_in", signal, ("captured_in", number), True, worst, typical)
        point = self.inventory.find(signal.from_, CollectionPoint)
        origins = [signal.id]
        if point is not None and point.usable:
            origins.append(point.id)
            # a form may write more than one signal: what the signal says of itself wins
            for number, store in enumerate(point.writes_to or () if signal.captured_in is None else ()):
                if self._store(store):
                    yield Edge(signal.id, store, "captured_in", point, ("writes_to", number), True, worst, typical)
        for origin in origins:
            for flow, target in self._leaving(origin):
                if self._store(target) and tells(self.inventory, flow):
                    slow, usual = time_of(signal.latency, flow.latency, every=flow.every)
                    yield Edge(signal.id, target, "captured_in", flow, (), True, slow, usual, only=self._only(flow))

    def _routings(
        self, signal: Signal, captured: Iterable[Edge], routed: Mapping[str, list[RoutingRule]]
    ) -> Iterator[Edge]:
        """A routing rule takes a signal from where it is kept to a team; ``signal>store`` keeps it to this signal."""
        rules = [rule for key in (signal.id, signal.kind_ or "", ALL) for rule in routed.get(key, ())]
        stores = sorted({edge.target for edge in captured})
        for rule in sorted({rule.id: rule for rule in rules}.values(), key=lambda one: one.id):
            seconds = rule.within.seconds if rule.within is not None else None
            for store in stores:
                yield Edge(f"{signal.id}>{store}", rule.to or "", "assigned_to", rule, ("to",), True, seconds, seconds)

    def _only(self, flow: Flow) -> int | None:
        """The segments that a flow is for, as bits; customers of whom no segment is named may be among them."""
        if not flow.segments:
            return None
        return sum(1 << self.segments[one] for one in {*flow.segments, ANYONE} if one in self.segments)

    def _leaving(self, node: str) -> Iterator[tuple[Flow, str]]:
        for flow in self.flows_from.get(node, ()):
            yield flow, (flow.to if flow.from_ == node else flow.from_) or ""

    def _flows(self) -> Iterator[Edge]:
        """Flows between stores, insights and teams, by what stands at their ends and what they may carry."""
        entities = self.inventory.entities
        for node in sorted(self.flows_from):
            start = entities.get(node)
            for flow, target in self._leaving(node):
                label = _flow_label(start, entities.get(target))
                if label is not None and (label == "hands_to" or tells(self.inventory, flow)):
                    worst, typical = time_of(flow.latency, every=flow.every)
                    kept, only = keeps_identity(flow), self._only(flow)
                    yield Edge(node, target, label, flow, (), kept, worst, typical, only=only)

    def _insight(self, insight: Insight) -> Iterator[Edge]:
        """What an insight reads and who gets it; no field says that it loses the customer, so it is taken to keep them."""
        worst, typical = time_of(every=insight.every)
        for number, store in enumerate(insight.inputs or ()):
            if self._store(store):
                yield Edge(store, insight.id, "analysed_by", insight, ("inputs", number), True, worst, typical)
        for number, delivery in enumerate(insight.delivered_to or ()):
            if delivery.team is not None:
                at = ("delivered_to", number)
                yield Edge(insight.id, delivery.team, "delivered_to", insight, at, True, *time_of(delivery.latency))

    def _action(self, action: Action) -> Iterator[Edge]:
        seconds = action.within.seconds if action.within is not None else None
        team = action.team or action.owner or ""
        for number, cause in enumerate(action.triggered_by or ()):
            entity, at = self.inventory.entities.get(cause), ("triggered_by", number)
            if isinstance(entity, Insight) and entity.usable:
                task = f"{team}@{action.id}"
                yield Edge(cause, task, "assigned_to", action, ("team",) if team else at, True, 0.0, 0.0)
                yield Edge(task, action.id, "triggers", action, at, True, seconds, seconds)
            elif isinstance(entity, Team):
                yield Edge(cause, action.id, "triggers", action, at, True, seconds, seconds)
        for number, reply in enumerate(action.informs or ()):
            communication = self.inventory.find(reply, Communication)
            if communication is not None and communication.usable:
                yield Edge(action.id, reply, "informs", action, ("informs", number), True, 0.0, 0.0)

    def _routes(self, communication: Communication) -> Iterator[Edge]:
        """One edge a route; without any description, one uncertain edge."""
        supplied = self.derivable(communication.id)
        routes = routes_of(communication)
        described = "routes" if communication.routes is not None else "channels"
        for number, route in enumerate(routes if routes is not None else (Route(),)):
            channel = self.inventory.find(route.channel, Channel)
            if channel is not None and channel.direction == "in":
                continue
            certain = routes is not None and channel is not None and (route.platforms is not None or _staffed(channel))
            certain = certain and all(hop.any_of is not None for hop in route.platforms or ())
            open_ = channel is None or channel.usable
            works = supplied and open_ and all(self._group(hop) for hop in route.platforms or ())
            works = works and not forbidden(self.inventory, communication, route)
            node = f"{communication.id}/{route.id or '?'}"
            self.ways[node] = Way(communication, route.channel, communication.segments)
            worst, typical = self._sending(communication, route, channel)
            at = (described, number) if communication.routes is not None else (described,)
            yield Edge(communication.id, node, "route", communication, at, True, worst, typical, certain, works)

    def _group(self, group: Hop) -> bool:
        return group.any_of is None or any(self.derivable(one) for one in group.any_of)

    def _sending(
        self, communication: Communication, route: Route, channel: Channel | None
    ) -> tuple[float | None, float | None]:
        """The wait for its next run, processing of the quickest platform at each hop, and the channel's own time."""
        schedule = communication.schedule
        chosen: list[Latency | None] = [channel.latency if channel is not None else None]
        for hop in route.platforms or ():
            platforms = [self.inventory.find(one, Platform) for one in hop.any_of or ()]
            times = [one.processing for one in platforms if one is not None and one.usable]
            if times and all(time is not None for time in times):
                chosen.append(min((time for time in times if time is not None), key=lambda time: time.worst or 0.0))
        return time_of(*chosen, every=schedule.run if schedule is not None else None)


def on_of(rule: RoutingRule) -> tuple[str, ...]:
    """Ids and kinds that a routing rule takes; :data:`ALL` where it leaves ``on`` out, nothing where that is not known."""
    return (ALL,) if rule.on is None and "on" not in rule.unknown else rule.on or ()


def tells(inventory: Inventory, flow: Flow) -> bool:
    """Whether a flow can bring what customers say or do: not where all that it names is master data.

    A flow that does not say what it carries may bring it; so may an attribute that nobody knows.
    """
    if not flow.carries or EVERYTHING in flow.carries:
        return True
    lines = (list(lineage(inventory, attribute)) for attribute in flow.carries)
    return any(line[-1] not in MASTER_DATA or not HAPPENED.isdisjoint(line) for line in lines)


def keeps_identity(flow: Flow) -> bool | None:
    """Whether the customer stays identifiable along a flow: as said, true for api, event and stream, else not known."""
    if flow.keeps_identity is not None:
        return flow.keeps_identity
    return True if flow.via in EVENT_STYLES else None


def forbidden(inventory: Inventory, communication: Communication, route: Route) -> bool:
    """Whether a preference lets nobody have this route: refused by default, and nowhere to be given."""
    for name in route.governed_by if route.governed_by is not None else communication.governed_by or ():
        preference = inventory.find(name, Preference)
        if preference is not None and preference.usable and preference.default == "out":
            nowhere = preference.captured_at == () and not preference.changed_at
            if nowhere or (preference.adoption is not None and preference.adoption.highest == 0):
                return True
    return False


def _staffed(channel: Channel) -> bool:
    """Whether people carry the channel, so that a route needs no platform to be whole."""
    return channel.touch == "high" or channel.kind_ in ("voice", "branch", "video", "callback")


def _flow_label(start: Entity | None, end: Entity | None) -> Label | None:
    """What a flow between two things means in the response graph; None where nothing."""
    if start is None or end is None or not start.usable or not (end.usable or isinstance(end, Team | AgentPool)):
        return None
    match start, end:
        case (DataSource() | Platform() | Insight(), DataSource() | Platform()) | (Insight(), Insight()):
            return "feeds"
        case (DataSource() | Platform(), Insight()):
            return "analysed_by"
        case (Insight(), Team() | AgentPool()):
            return "delivered_to"
        case (DataSource() | Platform(), Team() | AgentPool()):
            return "assigned_to"
        case (Team() | AgentPool(), Team() | AgentPool()):
            return "hands_to"
        case (Team(), Action()):
            return "triggers"
        case _:
            return None
