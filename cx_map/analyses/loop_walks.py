"""The inner-loop automaton over the response graph: the quickest walk from a signal back to its customers.

The product of the graph and the automaton of analyses.md, C is walked by Dijkstra's algorithm on the worst-case
seconds (unknown ones count 0, so a time is a lower bound). A walk keeps the conditions it is asked to keep:
(ii) identity, (iii) an active and entitled owner, (iv) a reply that production can deliver. For a declared loop the
walk must also pass a named node at every named stage. O(edges log edges) for a signal and set of conditions.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from cx_map.analyses.entitlement import Entitlement
from cx_map.graph.number_sets import from_bits
from cx_map.graph.response import Edge, Label, ResponseGraph, active_team, shown
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Action, Signal
from cx_map.model.chapter_map import Communication


class Stage(IntEnum):
    """How far a signal has come; the states of the automaton."""

    CUSTOMER = 0
    SIGNALLED = 1
    CAPTURED = 2
    ANALYSED = 3
    OWNED = 4
    ACTED = 5
    COMPOSED = 6
    SENT = 7
    TOLD = 8


NEXT: Mapping[tuple[Label, Stage], Stage] = {
    ("captured_in", Stage.SIGNALLED): Stage.CAPTURED,
    ("feeds", Stage.CAPTURED): Stage.CAPTURED,
    ("analysed_by", Stage.CAPTURED): Stage.ANALYSED,
    ("feeds", Stage.ANALYSED): Stage.ANALYSED,
    ("analysed_by", Stage.ANALYSED): Stage.ANALYSED,
    ("delivered_to", Stage.ANALYSED): Stage.OWNED,
    ("assigned_to", Stage.CAPTURED): Stage.OWNED,
    ("assigned_to", Stage.ANALYSED): Stage.OWNED,
    ("hands_to", Stage.OWNED): Stage.OWNED,
    ("triggers", Stage.OWNED): Stage.ACTED,
    ("informs", Stage.ACTED): Stage.COMPOSED,
    ("route", Stage.COMPOSED): Stage.SENT,
}
"""Where each label leads; everything else is no step of a loop."""

SEEN_AT: Mapping[str, frozenset[Stage]] = {
    "capture": frozenset({Stage.CAPTURED}),
    "analyse": frozenset({Stage.CAPTURED, Stage.ANALYSED, Stage.OWNED}),
    "own": frozenset({Stage.OWNED}),
    "act": frozenset({Stage.ACTED}),
    "inform": frozenset({Stage.COMPOSED}),
}
"""The stages at which a node named in a declared loop counts; a store or a team may be what analyses."""


class Conditions(Struct, frozen=True):
    """The conditions that a walk must keep.

    Ownership is two: teams in use, and an entitled one among them. ``certain`` also refuses replies whose routes
    are not described and, where identity is asked for, flows of which nobody says whether they keep it.
    """

    identity: bool = True
    active: bool = True
    entitled: bool = True
    production: bool = True
    certain: bool = False
    whose: int = 0
    """The segments of which a walk must serve one at every step, as bits; 0: whoever."""


STRUCTURE = Conditions(identity=False, entitled=False)
"""What is in place today: teams in use and replies that can be delivered, whoever may own and be identified."""


class Walk(Struct, frozen=True):
    """A walk from a signal to a way that tells customers; seconds are lower bounds."""

    edges: tuple[Edge, ...]
    seconds: float

    @property
    def typical(self) -> float:
        """The typical seconds of the walk, unknown ones counted 0."""
        return sum(edge.typical or 0.0 for edge in self.edges)

    @property
    def timed(self) -> bool:
        """Whether the time of every step is known."""
        return all(edge.seconds is not None for edge in self.edges)


State: TypeAlias = tuple[Stage, str, bool, int]
"""Stage, node, whether an entitled owner was met, and the named stages passed, as bits."""


class Search(Struct, frozen=True, eq=False):
    """One signal's search: its graph, who may own it, and the nodes that a declared loop names by stage."""

    graph: ResponseGraph
    signal: Signal
    entitlement: Entitlement
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stores: frozenset[str] = frozenset()
    """Where the signal is captured: the places from which its routing rules take it."""

    @property
    def complete(self) -> int:
        """The bits of all named stages."""
        return (1 << len(self.named)) - 1

    def begin(self) -> State:
        """The signal itself. A collection point named at ``capture`` counts when the signal comes from it."""
        bits = 0
        for bit, (stage, nodes) in enumerate(sorted(self.named.items())):
            if stage == "capture" and (self.signal.from_ in nodes or self.signal.id in nodes):
                bits |= 1 << bit
        return (Stage.SIGNALLED, self.signal.id, False, bits)

    def routed_from(self, state: State) -> bool:
        """Whether a state is where the signal's own routing rules set in, which no other signal's reach tells of."""
        return state[0] == Stage.CAPTURED and state[1] in self.stores

    def passed(self, stage: Stage, node: str, before: int) -> int:
        """The named stages passed once a node is reached."""
        name = shown(node)
        for bit, (key, nodes) in enumerate(sorted(self.named.items())):
            if name in nodes and stage in SEEN_AT[key]:
                before |= 1 << bit
        return before

    def leaving(self, stage: Stage, node: str) -> Iterator[Edge]:
        """The edges out of a node, the signal's own routing included."""
        yield from self.graph.edges(node)
        if stage == Stage.CAPTURED and node in self.stores:
            yield from self.graph.edges(f"{self.signal.id}>{node}")

    def steps(self, state: State, conditions: Conditions) -> Iterator[tuple[Edge, State]]:
        """The steps that the automaton and the conditions allow."""
        stage, node, entitled, bits = state
        for edge in self.leaving(stage, node):
            following = NEXT.get((edge.label, stage))
            if following is None or not _allowed(edge, stage, conditions):
                continue
            owner = self._owner(edge, following)
            met = entitled or bool(owner)
            if (conditions.active and owner is None) or (conditions.entitled and following == Stage.ACTED and not met):
                continue
            passed = self.passed(following, edge.target, bits) if self.named else bits
            yield edge, (following, edge.target, met, passed)

    def _owner(self, edge: Edge, following: Stage) -> bool | None:
        """Whether a step meets an entitled owner (not known counts as yes); None where the owner is not in use."""
        inventory = self.graph.inventory
        if following == Stage.OWNED:
            team = edge.target
        elif following == Stage.ACTED:
            action = inventory.find(edge.target, Action)
            team = (action.team or "") if action is not None else ""
            if not team:
                return False
        else:
            return False
        if active_team(inventory, team) is None:
            return None
        return self.entitlement.of(team) is not False

    def walks(self, conditions: Conditions, wanted: int, hopeful: Callable[[State], bool]) -> dict[int, Walk]:
        """The quickest walk to each wanted segment (bits), by bit; segments without one are left out.

        ``hopeful`` tells which states may lead there, so that the others are left out. Among states reached equally
        soon the later stage goes first: many times are not known, and one walk is as good as another.
        """
        if conditions.identity and not identified(self):
            return {}
        if self.graph.scopes and not conditions.whose:
            each = (self.walks(replace(conditions, whose=one), one, hopeful) for one in self.graph.alike(wanted))
            return {bit: walk for walks in each for bit, walk in walks.items()}
        found: dict[int, Walk] = {}
        begin = self.begin()
        heap: list[tuple[float, int, int, State]] = [(0.0, 0, 0, begin)]
        reached: dict[State, float] = {begin: 0.0}
        came: dict[State, tuple[State, Edge]] = {}
        while heap and wanted:
            seconds, *_, state = heapq.heappop(heap)
            if reached[state] < seconds:
                continue
            if state[0] == Stage.SENT:
                told = self.graph.audience(state[1]) & wanted if state[3] == self.complete else 0
                wanted &= ~told
                if told:
                    walk = Walk(_trace(came, state), seconds)
                    found.update(dict.fromkeys(from_bits(told), walk))
                continue
            for edge, following in self.steps(state, conditions):
                time = seconds + (edge.seconds or 0.0)
                if time < reached.get(following, math.inf) and (following[0] == Stage.SENT or hopeful(following)):
                    reached[following] = time
                    came[following] = (state, edge)
                    heapq.heappush(heap, (time, -following[0], len(came), following))
        return found

    def trail(
        self,
        arrived: Callable[[State], bool],
        hopeful: Callable[[Stage, str], bool],
        conditions: Conditions = STRUCTURE,
    ) -> tuple[Edge, ...] | None:
        """The shortest way over the structure to a state that counts as arrived; None where there is none."""
        begin = self.begin()
        came: dict[State, tuple[State, Edge]] = {}
        queue, seen = deque([begin]), {begin}
        while queue:
            state = queue.popleft()
            if arrived(state):
                return _trace(came, state)
            for edge, following in self.steps(state, conditions):
                if following not in seen and (self.routed_from(following) or hopeful(*following[:2])):
                    seen.add(following)
                    came[following] = (state, edge)
                    queue.append(following)
        return None


def doubts_of(walk: Walk, conditions: Conditions) -> tuple[str, ...]:
    """The fields that would say whether a walk can be taken: routes of its reply, identity along its flows."""
    doubts: tuple[str, ...] = ()
    unsure = next((edge for edge in walk.edges if not edge.certain), None)
    if unsure is not None:
        named = isinstance(unsure.entity, Communication) and unsure.entity.channels
        doubts = ("communications.*.routes", f"communications.*.{'platforms' if named else 'channels'}")
    if conditions.identity and any(edge.kept is None for edge in walk.edges if edge.label != "captured_in"):
        doubts = (*doubts, "flows.*.keeps_identity")
    return doubts


def _allowed(edge: Edge, stage: Stage, conditions: Conditions) -> bool:
    """Whether an edge keeps identity (asked for after capture), can be produced, is described and for whom, as far as asked."""
    if (conditions.production and not edge.works) or (conditions.certain and not edge.certain):
        return False
    if conditions.whose and edge.only is not None and not edge.only & conditions.whose:
        return False
    if not conditions.identity or stage == Stage.SIGNALLED:
        return True
    return edge.kept is True or (edge.kept is None and not conditions.certain)


def _trace(came: Mapping[State, tuple[State, Edge]], state: State) -> tuple[Edge, ...]:
    edges: list[Edge] = []
    while state in came:
        state, edge = came[state]
        edges.append(edge)
    return tuple(reversed(edges))


def identity_of(search: Search) -> str | None:
    """How well the customers behind a signal are known: said of it, or anonymous where its collection point is."""
    if search.signal.identity is not None:
        return search.signal.identity
    point = search.graph.inventory.find(search.signal.from_, CollectionPoint)
    return "anonymous" if point is not None and point.anonymous else None


def identified(search: Search) -> bool:
    """Whether the customers can be answered one by one, as far as is known."""
    return identity_of(search) in (None, "known")
