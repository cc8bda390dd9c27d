"""A loop repaired within a limit of time equals brute force over all sets of candidates, and is closed once it is applied."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

import pytest
from hypothesis import assume, given, settings

from cx_map.analyses.closed_loops import LoopVerdict, closed_loops
from cx_map.analyses.loop_repair import cheapest_repair
from cx_map.analyses.loop_walks import NEXT, Stage, identified
from cx_map.analyses.repair_candidates import NEW, Candidates, Step, candidates
from cx_map.analyses.repair_operators import plan_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import active_team
from cx_map.model.chapter_feedback import Action
from cx_map.states.apply import with_changes
from tests.analyses.loops_firm import Firm, built, firms

Change = tuple[str, str, str, str]
Place = tuple[Stage, str, bool]
"""Where a signal is, and whether somebody who may own it has it, or had."""


def key(step: Step) -> Change:
    return (step.means, step.source, step.target, step.way or "")


class World:
    """One broken loop, with every step that is there and every change that may be made, in plain lists."""

    def __init__(self, verdict: LoopVerdict, offers: Candidates) -> None:
        self.verdict, self.offers, self.search = verdict, offers, verdict.search
        self.inventory = offers.inventory
        self.wanted = sum(1 << self.search.graph.segments[one] for one in verdict.failing)
        self.known = identified(self.search)
        self.steps: dict[Place, list[tuple[Place, float, Change | None]]] = {}
        self.costs: dict[Change, float] = {}
        self.begin: Place = (Stage.SIGNALLED, verdict.signal.id, False)
        queue = [self.begin]
        while queue:
            place = queue.pop()
            if place not in self.steps:
                self.steps[place] = list(self.leaving(place))
                queue += [following for following, _, _ in self.steps[place]]

    def leaving(self, place: Place) -> Iterable[tuple[Place, float, Change | None]]:
        stage, node, met = place
        there = set()
        for edge in self.search.leaving(stage, node):
            there.add(edge.target)
            following = NEXT.get((edge.label, stage))
            if following is None or not edge.works:
                continue
            after = self.after(following, edge.target, met, routed=False)
            if after is not None:
                lost = self.known and edge.kept is False and stage != Stage.SIGNALLED
                change = ("identity", edge.source, edge.target, "") if lost else None
                self.costs.setdefault(("identity", edge.source, edge.target, ""), 0.5)
                yield (following, edge.target, after), edge.seconds or 0.0, change
        for step in self.offers.added(self.search, stage, node, self.wanted):
            routed = step.means == "assign"
            if step.target in there and not (routed and self.search.entitlement.of(step.target) is False):
                continue  # what exists is not made anew, however slow it is
            after = self.after(step.following, step.target, met, routed=routed)
            if after is not None:
                latency = self.verdict.signal.latency
                seconds = (latency.worst or 0.0) if step.means == "capture" and latency is not None else step.seconds
                self.costs[key(step)] = step.cost
                yield (step.following, step.target, after), seconds, key(step)

    def after(self, following: Stage, target: str, met: bool, *, routed: bool) -> bool | None:
        """Whether an owner is met by then; None where the step may not be taken."""
        rights = self.search.entitlement
        if following == Stage.OWNED:
            if not target.startswith(NEW) and active_team(self.inventory, target) is None:
                return None
            return met or routed or rights.of(target) is not False
        if following == Stage.ACTED:
            action = self.inventory.find(target, Action)
            if action is not None and action.team is not None:
                if active_team(self.inventory, action.team) is None:
                    return None
                met = met or rights.of(action.team) is not False
            return met or None
        return met

    def seconds(self, chosen: frozenset[Change]) -> float:
        """The time of the quickest loop with some changes made; infinite where there is none. By relaxing until all is quiet."""
        times = {self.begin: 0.0}
        todo = [self.begin]
        while todo:
            place = todo.pop()
            for following, spent, change in self.steps[place]:
                time = times[place] + spent
                if (change is None or change in chosen) and time < times.get(following, math.inf):
                    times[following] = time
                    todo.append(following)
        goal = Stage.SENT if self.known else Stage.ACTED
        return min((time for place, time in times.items() if place[0] == goal and self.told(place)), default=math.inf)

    def told(self, place: Place) -> bool:
        stage, node, met = place
        audience = self.search.graph.audience
        return met and (stage == Stage.ACTED or node == NEW or audience(node) & self.wanted == self.wanted)

    def cheapest(self, limit: float) -> float:
        """The least cost of at most four changes with which the loop is closed within a limit."""
        best = math.inf
        for size in range(5):
            for chosen in itertools.combinations(sorted(self.costs), size):
                cost = sum(self.costs[one] for one in chosen)
                if cost < best and (time := self.seconds(frozenset(chosen))) <= limit and time < math.inf:
                    best = cost
        return best


@settings(max_examples=40, deadline=None)
@given(firms())
def test_the_cheapest_repair_in_time_equals_brute_force(firm: Firm) -> None:
    firm["signals"]["g"]["score"] = "detractor"  # which is to be answered within two days
    eco = Ecosystem(built(firm))
    (verdict,) = closed_loops(eco)
    assume(verdict.status in ("broken", "condition") and bool(verdict.failing) and verdict.limit is not None)
    world = World(verdict, candidates(eco))
    assume(len(world.costs) <= 10)
    repair = cheapest_repair(verdict, candidates(eco))
    assert repair is not None
    best = world.cheapest(verdict.limit or 0.0)
    if math.isinf(best):  # no set of changes is quick enough: what closes it at all
        best = world.cheapest(math.inf)
    assert repair.cost == pytest.approx(best)
    made = frozenset(key(step) for step in repair.changes)
    assert world.seconds(made) < math.inf


@settings(max_examples=40, deadline=None)
@given(firms())
def test_a_repair_that_is_applied_closes_the_loop(firm: Firm) -> None:
    inventory = built(firm)
    eco = Ecosystem(inventory)
    (verdict,) = closed_loops(eco)
    assume(verdict.status in ("broken", "condition"))
    offers = candidates(eco)
    repair = cheapest_repair(verdict, offers)
    assert repair is not None
    plan = plan_of(repair, verdict, offers)
    (after,) = closed_loops(Ecosystem(with_changes(inventory, plan.operators)))
    assert after.status != "broken", plan.clauses
    if plan.sure and identified(verdict.search) and verdict.limit is None:
        assert after.closed, plan.clauses
