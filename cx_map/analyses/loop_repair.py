"""The cheapest repair of one broken loop (analyses.md, C).

Dijkstra's algorithm over the product of automaton and graph with the candidate changes added; what exists costs
nothing. Where the loop has a limit, a label also carries its seconds and only undominated labels are kept (a
resource-constrained shortest path, exact), so that the repaired loop is in time as far as times are known. The walk
answers all failing segments at once. Exact for one loop over the candidates; O(labels * steps * log labels), of which
each signal has a share: what is not found within that is not looked for, and the finding says so (:func:`cut_short`).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cx_map.analyses.closed_loops import LoopVerdict
from cx_map.analyses.loop_deadlines import STAGES
from cx_map.analyses.loop_walks import NEXT, Search, Stage, State, identified
from cx_map.analyses.repair_candidates import NEW, Candidates, Step
from cx_map.graph.response import Edge, active_team
from cx_map.model.chapter_feedback import Action, Signal
from cx_map.model.chapter_map import DataSource, Platform, Team
from cx_map.model.entity import Entity

MOST_STEPS, LEAST_STEPS = 1_000_000, 250
"""So many labels are settled for all signals together: each has its share, and no less than the second number."""

Cost: TypeAlias = tuple[float, int, float]
"""Cost, steps less welcome at the same cost (a routing rule of its own, one not described), seconds."""


class Repair(Struct, frozen=True):
    """A repaired loop: its steps in order, existing ones included, and the declared stages to name anew."""

    steps: tuple[Step, ...]
    cost: float
    renamed: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that are not there yet."""
        return tuple(step for step in self.steps if step.means != "existing")

    @property
    def sure(self) -> bool:
        """Whether every existing step is described, identity along flows included."""
        kept = [step.edge for step in self.steps if step.means == "existing" and step.edge is not None]
        return all(edge.certain and edge.kept is not None for edge in kept)


def cheapest_repair(verdict: LoopVerdict, offers: Candidates) -> Repair | None:
    """The cheapest changes that close a broken loop; None where the candidates cannot, or looking for them was cut short.

    Declared stages whose nodes are missing or not usable are free, and named anew afterwards.
    """
    search, renamed = _usable_names(verdict, offers)
    graph = search.graph
    wanted = sum(1 << graph.segments[segment] for segment in verdict.failing or verdict.segments)
    known = identified(search)
    goal = Stage.SENT if known or verdict.loop is not None else Stage.ACTED
    trail = frozenset(edge.target for edge in verdict.trail)
    problem = _Problem(search, offers, wanted, goal, known and verdict.kind == "inner", trail)
    steps = problem.solve(verdict.limit)
    if steps is None and verdict.limit is not None:
        steps = problem.solve(None)
    if steps is None:
        return None
    return Repair(tuple(steps), sum(step.cost for step in steps), renamed)


def cheapest_continuation(search: Search, offers: Candidates, stage: Stage, node: str) -> Repair | None:
    """The cheapest changes that lead from a place a signal has come to, to an action."""
    wanted = sum(1 << search.graph.segments[one] for one in search.graph.givers(search.signal))
    problem = _Problem(search, offers, wanted, Stage.ACTED, False, frozenset())
    steps = problem.solve(None, (stage, node, True, 0))  # whoever gets it, it is made use of
    return None if steps is None else Repair(tuple(steps), sum(step.cost for step in steps))


def cheapest_owner(search: Search, offers: Candidates) -> Repair | None:
    """The cheapest changes that bring a signal to a team that may own it."""
    wanted = sum(1 << search.graph.segments[one] for one in search.graph.givers(search.signal))
    problem = _Problem(search, offers, wanted, Stage.OWNED, False, frozenset())
    steps = problem.solve(None)
    return None if steps is None else Repair(tuple(steps), sum(step.cost for step in steps))


def cut_short(offers: Candidates, signal: Signal) -> str | None:
    """What is said instead of a repair where looking for one was cut short; None where it was not."""
    if signal.id not in offers.cut_short:
        return None
    return "let somebody decide: there are too many ways on to look for the cheapest change among all"


def _usable_names(verdict: LoopVerdict, offers: Candidates) -> tuple[Search, tuple[str, ...]]:
    """The search with only those named nodes that can serve, and the stages that have to be named anew."""
    search = verdict.search
    if verdict.loop is None or verdict.loop.stages is None:
        return search, ()
    bits = sum(1 << search.graph.segments[segment] for segment in verdict.failing or verdict.segments)
    kept: dict[str, frozenset[str]] = {}
    for stage, nodes in search.named.items():
        usable = frozenset(node for node in nodes if _serves(search, offers, stage, node, bits))
        if usable:
            kept[stage] = usable
    anew = [stage for stage in STAGES if stage in verdict.missing or (stage in search.named and stage not in kept)]
    return replace(search, named=kept), tuple(anew)


def _serves(search: Search, offers: Candidates, stage: str, node: str, wanted: int) -> bool:
    entity: Entity | None = offers.inventory.entities.get(node)
    if entity is None or not entity.usable:
        return False
    match stage:
        case "capture":
            return isinstance(entity, DataSource | Platform) or node in (search.signal.from_, search.signal.id)
        case "own":
            return active_team(offers.inventory, node) is not None
        case "act":
            return isinstance(entity, Action)
        case "inform":
            return offers.reach.answered_from(Stage.COMPOSED, node) & wanted == wanted
        case _:
            return True


@dataclass(frozen=True, eq=False)
class _Problem:
    """One signal's repair problem."""

    search: Search
    offers: Candidates
    wanted: int
    goal: Stage
    keep: bool
    trail: frozenset[str]
    """Where the signal comes today: followed whoever owns it."""

    @cached_property
    def _owners(self) -> int:
        """The teams worth reaching, as bits: those known to be entitled, and those on offer."""
        bits = self.offers.reach.team_bits
        teams = (*self.search.entitlement.teams, *self.offers.teams(self.search))
        return sum(1 << bits[team] for team in set(teams) if team in bits)

    def _worth(self, following: Stage, node: str) -> bool:
        """Whether an existing step leads towards an owner; where nothing is known of owners, today's way is followed."""
        if following in (Stage.SIGNALLED, Stage.OWNED) or following >= Stage.ACTED or self.search.named:
            return True
        if node in self.trail or node in self.search.stores:
            return True
        return self.offers.reach.owners_from(following, node) & self._owners != 0

    def solve(self, limit: float | None, begin: State | None = None) -> list[Step] | None:
        """The steps of the cheapest repaired loop within a limit in seconds, from the signal or another state."""
        begin = begin or self.search.begin()
        labels: list[tuple[State, int, Step | None]] = [(begin, -1, None)]
        heap: list[tuple[Cost, int]] = [((0.0, 0, 0.0), 0)]
        settled: dict[State, list[float]] = {}
        most = max(LEAST_STEPS, MOST_STEPS // max(1, len(self.offers.inventory.of(Signal))))
        steps = 0
        while heap:
            (cost, doubts, seconds), number = heapq.heappop(heap)
            state = labels[number][0]
            times = settled.setdefault(state, [])
            if times and (limit is None or min(times) <= seconds):
                continue
            times.append(seconds)
            steps += 1
            if steps > most:
                self.offers.cut_short.add(self.search.signal.id)
                return None
            if self._arrived(state):
                return _back(labels, number)
            for step, following in self._steps(state):
                spent = seconds + self._seconds(step)
                if limit is not None and spent > limit:
                    continue
                labels.append((following, number, step))
                label = (cost + step.cost, doubts + self._unwelcome(step), spent)
                heapq.heappush(heap, (label, len(labels) - 1))
        return None

    def _unwelcome(self, step: Step) -> bool:
        """Whether a step is taken only where no other of the same cost leads on in time."""
        if step.means == "reply" and step.way is not None:
            return step.way != self.offers.places.template(self.wanted, self.offers.line_of(self.search))
        return step.means in ("assign", "connect") or (step.means == "existing" and self._doubted(step))

    def _doubted(self, step: Step) -> bool:
        """Whether nobody says that an existing step can be taken, or that it keeps identity where that is asked for."""
        edge = step.edge
        return edge is not None and (not edge.certain or (self.keep and edge.kept is None))

    def _seconds(self, step: Step) -> float:
        """The known time of a step; a signal needs as long for a new store as for any other."""
        if step.means == "capture":
            latency = self.search.signal.latency
            return (latency.worst or 0.0) if latency is not None else 0.0
        return (step.edge.seconds or 0.0) if step.edge is not None else step.seconds

    def _arrived(self, state: State) -> bool:
        stage, node, met, bits = state
        if stage != self.goal or bits != self.search.complete or not met:
            return False
        if self.goal == Stage.OWNED:
            return (
                node == NEW or self.offers.inventory.find(node, Team) is not None
            )  # no task, no pool: it sets off more
        return self.goal < Stage.SENT or node == NEW or self.search.graph.audience(node) & self.wanted == self.wanted

    def _steps(self, state: State) -> Iterator[tuple[Step, State]]:
        stage, node, met, bits = state
        for edge in self.search.leaving(stage, node):
            following = NEXT.get((edge.label, stage))
            if following is None or not edge.works or not self._for_all(edge):
                continue
            if not self._worth(following, edge.target) or (
                following == Stage.OWNED and active_team(self.offers.inventory, edge.target) is None
            ):
                continue
            lost = self.keep and edge.kept is False and stage != Stage.SIGNALLED
            cost = self.offers.costs.identity if lost else 0.0
            step = Step("identity" if lost else "existing", edge.source, edge.target, following, cost, edge)
            yield from self._checked(step, met, bits)
        if stage < self.goal:
            there = {edge.target for edge in self.search.leaving(stage, node) if self._for_all(edge)}
            for step in self.offers.added(self.search, stage, node, self.wanted):
                if step.target in there and not self._entitles(step):
                    continue  # what exists is not made anew, however slow it is
                yield from self._checked(step, met, bits)

    def _for_all(self, edge: Edge) -> bool:
        """Whether an existing step is there for all the customers in question."""
        return edge.only is None or edge.only & self.wanted == self.wanted

    def _entitles(self, step: Step) -> bool:
        """Whether a routing rule says what an existing way does not: that the team it leads to may own the signal."""
        return step.means == "assign" and self.search.entitlement.of(step.target) is False

    def _checked(self, step: Step, met: bool, bits: int) -> Iterator[tuple[Step, State]]:
        """A step and where it leads, if an owner who may own is met by the time the signal is acted upon."""
        following, target = step.following, step.target
        rights = self.search.entitlement
        if following == Stage.OWNED:
            met = met or step.means == "assign" or rights.of(target) is not False
        if following == Stage.ACTED:
            action = self.offers.inventory.find(target, Action)
            if action is not None and action.team is not None:
                if active_team(self.offers.inventory, action.team) is None:
                    return
                met = met or rights.of(action.team) is not False
            if not met:
                return
        named = self.search.named
        yield step, (following, target, met, self.search.passed(following, target, bits) if named else bits)


def _back(labels: list[tuple[State, int, Step | None]], number: int) -> list[Step]:
    steps: list[Step] = []
    while number >= 0:
        _, number, step = labels[number]
        if step is not None:
            steps.append(step)
    return steps[::-1]
