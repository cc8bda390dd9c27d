"""The changes that may repair a broken loop: typed steps between what exists, or to one new thing of a kind.

Costs are relative (analyses.md, C): to assign, route or deliver an existing report 1, to name an existing reply 1,
to keep identity on an existing flow a half, a new trigger or workflow 3, a new reply template 2, a new integration 5,
a new channel 8; a step between two lines of business costs half as much again. A team is a candidate only where it may
own the signal (no hijacking); among things with an equal way on, only the nearest is tried, which loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.analyses.loop_reach import Reach, reach
from cx_map.analyses.loop_walks import Search, Stage
from cx_map.analyses.policy import Blocked, blocked_flows
from cx_map.analyses.repair_places import Places, crosses
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import Edge, active_team, shown
from cx_map.graph.response_edges import ALL, on_of
from cx_map.model.chapter_feedback import Action, Insight, Signal
from cx_map.model.chapter_map import DataSource, Platform, Team
from cx_map.model.chapter_service import AgentPool, RoutingRule
from cx_map.model.inventory import Inventory

Means: TypeAlias = Literal[
    "existing", "identity", "capture", "analyse", "assign", "connect", "deliver", "hand", "trigger", "inform", "reply"
]  # fmt: skip
NEW = "+"
"""Stands for a new thing; ``+team`` is a new action of that team."""


class RepairCosts(Struct, frozen=True):
    """What changes cost, relative to assigning a task."""

    assign: float = 1.0
    deliver: float = 1.0
    inform: float = 1.0
    identity: float = 0.5
    trigger: float = 3.0
    reply: float = 2.0
    integrate: float = 5.0
    channel: float = 8.0
    border: float = 1.5


COSTS = RepairCosts()
"""The usual costs."""


class Step(Struct, frozen=True):
    """A step of a repaired loop: an existing edge, or a change and its cost."""

    means: Means
    source: str
    target: str
    following: Stage
    cost: float = 0.0
    edge: Edge | None = None
    way: str | None = None
    """The way whose route a new reply takes."""
    seconds: float = 0.0
    """The known time of that way; that of an existing step stands on its edge."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """What an inventory offers for repairs; indexes are filled as they are asked for."""

    inventory: Inventory
    reach: Reach
    costs: RepairCosts = COSTS
    cut_short: set[str] = field(default_factory=set, repr=False)
    """The signals for which looking for a repair was cut short."""
    _able: dict[tuple[str, bool], list[str]] = field(default_factory=dict, repr=False)
    _teams: dict[tuple[str, frozenset[str]], tuple[str, ...]] = field(default_factory=dict, repr=False)
    _passed_on: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def places(self) -> Places:
        """Where repairs best lead."""
        return Places(self.inventory, self.reach)

    def added(self, search: Search, stage: Stage, node: str, wanted: int) -> Iterator[Step]:
        """The changes that lead on from a state of a signal's loop, for a reply to the wanted segments."""
        match stage:
            case Stage.SIGNALLED:
                yield from self._captures(search, wanted)
            case Stage.CAPTURED | Stage.ANALYSED:
                yield from self._analyses(search, stage, node)
                yield from self._owners(search, stage, node)
            case Stage.OWNED if "@" in node:
                return  # a task that an insight sets: its team hears of that one action, and of nothing else
            case Stage.OWNED:
                team = shown(node)
                for other in self.teams(search):
                    if other != team and not self.forbidden(team, other):
                        yield self._step("hand", team, other, Stage.OWNED, self.costs.assign)
                yield from self._triggers(search, team, wanted)
            case Stage.ACTED:
                yield from self._replies(search, node, wanted)
            case _:
                return

    def _owners(self, search: Search, stage: Stage, node: str) -> Iterator[Step]:
        """A report is delivered, a signal routed from where it is kept, and anything else connected, to a fit team."""
        means: Means = "connect"
        if stage == Stage.ANALYSED and self.inventory.find(node, Insight) is not None:
            means = "deliver"
        elif stage == Stage.CAPTURED and not self.routed(search.signal) and self._routable(search, node):
            means = "assign"
        cost = self.costs.deliver if means == "deliver" else self.costs.assign
        for team in self.teams(search):
            if means != "connect" or not self.forbidden(node, team):
                yield self._step(means, node, team, Stage.OWNED, cost, search.signal.id)

    def routed(self, signal: Signal) -> bool:
        """Whether a routing rule in use takes the signal already: a second one would take nothing, or everything from it."""
        return not self._routed_already.isdisjoint((signal.id, signal.kind_, ALL))

    @cached_property
    def _routed_already(self) -> frozenset[str]:
        """What routing rules lead to a team or pool in use."""
        rules = (one for one in self.inventory.of(RoutingRule) if one.usable and one.to is not None)
        return frozenset(key for rule in rules if active_team(self.inventory, rule.to or "") for key in on_of(rule))

    def forbidden(self, source: str, target: str) -> bool:
        """Whether policy blocks what customers say from going straight from one place to another."""
        return (shown(source), shown(target)) in self._blocked

    @cached_property
    def _blocked(self) -> Blocked:
        return blocked_flows(self.inventory)

    def teams(self, search: Search) -> tuple[str, ...]:
        """The teams that may take a signal on: named, else entitled, else the nearest by what is known of them."""
        own = search.named.get("own", frozenset())
        key = (search.signal.id, own)
        if key not in self._teams:
            named = sorted(one for one in own if active_team(self.inventory, one))
            entitled = sorted(
                one for one in search.entitlement.teams if isinstance(active_team(self.inventory, one), Team)
            )
            self._teams[key] = tuple(named or entitled or self._plausible(search.signal, search.stores) or (NEW,))
        return self._teams[key]

    def _routable(self, search: Search, node: str) -> bool:
        """Whether a routing rule takes the signal from a store: one that keeps it, or is about to.

        A store that only gets it from another is no place where a signal's rules set in.
        """
        named = search.named.get("capture", frozenset())
        if node in search.stores:
            return True
        return node not in self._fed(search) if node in named else not (search.stores or named)

    def _fed(self, search: Search) -> frozenset[str]:
        """The stores that a signal comes to from those that keep it. O(flows), kept for each signal."""
        if search.signal.id not in self._passed_on:
            seen, todo = set(search.stores), sorted(search.stores)
            while todo:
                for edge in search.graph.edges(todo.pop()):
                    if edge.label == "feeds" and edge.target not in seen:
                        seen.add(edge.target)
                        todo.append(edge.target)
            self._passed_on[search.signal.id] = frozenset(seen)
        return self._passed_on[search.signal.id]

    def _plausible(self, signal: Signal, stores: frozenset[str]) -> list[str]:
        for owner in (signal.owner or "", *sorted({self._owner(store) for store in stores})):
            if owner and active_team(self.inventory, owner):
                return [owner]
        line, complaint = key = (self._line(signal.id), signal.kind_ == "complaint")
        if key not in self._able:
            wanted = {"cx", "service"} | ({"complaints"} if complaint else {"digital", "product"})
            teams = [one for one in self.inventory.of(Team) if one.usable and not crosses(line, self._line(one.id))]
            able = [one.id for one in teams if wanted & set(one.functions or ())]
            self._able[key] = able or [one.id for one in teams if one.functions is None][:1]
        return self._able[key]

    def _owner(self, identifier: str) -> str:
        entity = self.inventory.entities.get(identifier)
        return (entity.owner or "") if entity is not None else ""

    def _captures(self, search: Search, wanted: int) -> Iterator[Step]:
        line = self._line(search.signal.id)
        named = [one for one in sorted(search.named.get("capture", ())) if self._is_store(one)]
        home, nearest = self.places.home(line) or NEW, self.places.nearest(Stage.CAPTURED, wanted, line)
        places = [nearest, home] if nearest is not None else [home]
        for store in dict.fromkeys(named or places):
            yield self._step("capture", search.signal.id, store, Stage.CAPTURED, self.costs.integrate)

    def _analyses(self, search: Search, stage: Stage, node: str) -> Iterator[Step]:
        for insight in sorted(search.named.get("analyse", ())):
            entity = self.inventory.entities.get(insight)
            if isinstance(entity, Insight) and entity.usable and insight != node and stage == Stage.CAPTURED:
                yield self._step("analyse", node, insight, Stage.ANALYSED, self.costs.integrate)

    def _triggers(self, search: Search, team: str, wanted: int) -> Iterator[Step]:
        if isinstance(self.inventory.entities.get(team), AgentPool):
            return  # it is its team that acts
        for name in self.actions(search, team, wanted):
            yield self._step("trigger", team, name, Stage.ACTED, self.costs.trigger)
        if not search.named.get("act"):
            yield Step("trigger", team, NEW + team, Stage.ACTED, self.costs.trigger)

    def actions(self, search: Search, team: str, wanted: int) -> list[str]:
        """The actions a team may set off for a signal: named ones, else those that answer these customers or bear on it.

        They are the team's own, or of teams that may own the signal; actions of nobody must bear on what it is about.
        """
        if search.named.get("act"):
            return sorted(one for one in search.named["act"] if self.inventory.find(one, Action) is not None)
        about = set(search.signal.about or ())
        found: list[str] = []
        for owner in dict.fromkeys((team, *self.teams(search), "")):
            for action in self._actions_by_team.get(owner, ()):
                bears = not about.isdisjoint((*(action.changes or ()), *(action.informs or ())))
                answers = self.reach.answered_from(Stage.ACTED, action.id) & wanted == wanted
                if bears or (owner and answers):
                    found.append(action.id)
        return found

    @cached_property
    def _actions_by_team(self) -> dict[str, list[Action]]:
        found: dict[str, list[Action]] = {}
        for action in self.inventory.of(Action):
            if action.usable:
                found.setdefault(action.team or action.owner or "", []).append(action)
        return found

    def _replies(self, search: Search, node: str, wanted: int) -> Iterator[Step]:
        named = sorted(search.named.get("inform", ()))
        action = self.inventory.find(node, Action)
        owner = (action.team or "") if action is not None else node.removeprefix(NEW)
        for reply in named or self.replies(search, owner, wanted):
            yield self._step("inform", node, reply, Stage.COMPOSED, self.costs.inform)
        if not named and self.places.channels(wanted):
            ways = self.places.templates(wanted, self.line_of(search))
            for way in ways:
                yield Step("reply", node, NEW, Stage.SENT, self.costs.reply, way=way, seconds=self.places.seconds(way))
            if not ways:
                yield Step("reply", node, NEW, Stage.SENT, self.costs.reply + self.costs.channel)

    def replies(self, search: Search, owner: str, wanted: int) -> list[str]:
        """Known replies that tell these customers: those of the owner and of teams that may own, or about the subject."""
        about = search.signal.about or ()
        known = [name for team in (owner, *self.teams(search)) for name in self._replies_by_team.get(team, ()) if team]
        known += [name for name in about if name in self.replying]
        told = self.reach.answered_from
        return [one for one in dict.fromkeys(known) if told(Stage.COMPOSED, one) & wanted == wanted]

    @cached_property
    def _replies_by_team(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for team, actions in self._actions_by_team.items():
            found[team] = list(dict.fromkeys(name for action in actions for name in action.informs or ()))
        return found

    def line_of(self, search: Search) -> str:
        """The line of business of a signal, empty where nobody says."""
        return self._line(search.signal.id)

    @cached_property
    def replying(self) -> frozenset[str]:
        """The communications that some action sends already: what is known to answer customers."""
        return frozenset(one for action in self.inventory.of(Action) if action.usable for one in action.informs or ())

    def _is_store(self, identifier: str) -> bool:
        entity = self.inventory.entities.get(identifier)
        return isinstance(entity, DataSource | Platform) and entity.usable

    def _step(self, means: Means, source: str, target: str, following: Stage, cost: float, near: str = "") -> Step:
        factor = self.costs.border if self._border(near or source, target) else 1.0
        return Step(means, source, target, following, cost * factor)

    def _border(self, one: str, other: str) -> bool:
        return crosses(self._line(one), self._line(other))

    def _line(self, node: str) -> str:
        return self.places.line(node.removeprefix(NEW))


def candidates(eco: Ecosystem) -> Candidates:
    """What an ecosystem offers for repairs, at the usual costs."""
    return Candidates(eco.inventory, eco.once(reach))
