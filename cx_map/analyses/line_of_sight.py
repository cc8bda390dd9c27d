"""Which teams hear from customers: how many steps away, how old the news is, and who is told of what in time.

Over the structure of the response graph up to ownership, from one signal or from all of them at once. Times are worst
cases with unknown ones counted 0, so a time is a lower bound. Dijkstra's algorithm; O(edges log edges).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator

from msgspec import Struct

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.entitlement import owners_of
from cx_map.analyses.loop_reach import Reach, reach, strict
from cx_map.analyses.loop_walks import NEXT, STRUCTURE, Search, Stage, State
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import Edge, shown
from cx_map.model.chapter_feedback import Action, Insight
from cx_map.model.chapter_map import Team
from cx_map.model.inventory import Inventory


class Sight(Struct, frozen=True):
    """The shortest and the quickest way of news from customers to a team: steps, and seconds at least."""

    hops: int
    seconds: float


class LinesOfSight(Struct, frozen=True, eq=False):
    """What every team hears of customers, and the insights that signals reach, nearest first."""

    teams: dict[str, Sight]
    insights: dict[str, Sight]


def lines_of_sight(eco: Ecosystem) -> LinesOfSight:
    """The sight of every team that hears anything; a team sees what the teams below it see.

    The owners of a store that keeps signals, and the teams that track their actions in it, see what is kept there.
    """
    over = eco.once(reach)
    hops = _from_all(eco, over, lambda _: 1.0)
    seconds = _from_all(eco, over, lambda edge: edge.seconds or 0.0)
    teams: dict[str, Sight] = {}
    for (stage, node), far in hops.items():
        if stage == Stage.OWNED and shown(node):
            _merge(teams, shown(node), Sight(int(far), seconds[stage, node]))
    for store, sight in _keeping(eco, over).items():
        for keeper in _keepers(eco, store):
            _merge(teams, keeper, sight)
    for team in eco.inventory.of(Team):
        if team.id in teams:
            for above in _above(eco.inventory, team):
                _merge(teams, above, teams[team.id])
    insights: dict[str, Sight] = {}
    for (stage, node), far in hops.items():
        if eco.inventory.find(node, Insight) is not None:
            _merge(insights, node, Sight(int(far), seconds[stage, node]))
    nearest = sorted(insights.items(), key=lambda one: (one[1].hops, one[0]))
    return LinesOfSight(teams, dict(nearest))


def _keeping(eco: Ecosystem, over: Reach) -> dict[str, Sight]:
    """The stores in which signals are captured, and how soon."""
    found: dict[str, Sight] = {}
    for signal in sorted({verdict.signal.id for verdict in eco.once(closed_loops)}):
        for edge in over.graph.edges(signal):
            _merge(found, edge.target, Sight(1, edge.seconds or 0.0))
    return found


def _keepers(eco: Ecosystem, store: str) -> list[str]:
    """The teams that own a store or track actions in it."""
    return [*owners_of(eco.inventory.entities.get(store)), *eco.once(_tracking).get(store, ())]


def _tracking(eco: Ecosystem) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for action in eco.inventory.of(Action):
        if action.usable and action.team is not None and action.tracked_in is not None:
            found.setdefault(action.tracked_in, []).append(action.team)
    return found


def _merge(teams: dict[str, Sight], team: str, seen: Sight) -> None:
    before = teams.get(team, seen)
    teams[team] = Sight(min(before.hops, seen.hops), min(before.seconds, seen.seconds))


def _above(inventory: Inventory, team: Team) -> Iterator[str]:
    above = inventory.find(team.parent, Team)
    while above is not None:
        yield above.id
        above = inventory.find(above.parent, Team)


def _from_all(eco: Ecosystem, over: Reach, weight: Callable[[Edge], float]) -> dict[tuple[Stage, str], float]:
    """The least weight from any signal to each state up to ownership."""
    least: dict[tuple[Stage, str], float] = {}
    heap: list[tuple[float, Stage, str]] = []

    def push(far: float, stage: Stage, node: str) -> None:
        if far < least.get((stage, node), math.inf):
            least[stage, node] = far
            heapq.heappush(heap, (far, stage, node))

    for search in {verdict.signal.id: verdict.search for verdict in eco.once(closed_loops)}.values():
        for edge in over.graph.edges(search.signal.id):
            push(weight(edge), Stage.CAPTURED, edge.target)
            for routing in over.graph.edges(f"{search.signal.id}>{edge.target}"):
                if strict(over.graph, Stage.OWNED, routing):
                    push(weight(edge) + weight(routing), Stage.OWNED, routing.target)
    while heap:
        far, stage, node = heapq.heappop(heap)
        if far > least[stage, node]:
            continue
        for edge in over.graph.edges(node):
            following = NEXT.get((edge.label, stage))
            if following is not None and following <= Stage.OWNED and strict(over.graph, following, edge):
                push(far + weight(edge), following, edge.target)
    return least


def teams_told(search: Search, over: Reach, wanted: frozenset[str], limit: float) -> dict[str, float]:
    """The seconds until each wanted team or pool hears of a signal, those later than the limit left out."""
    bits = sum(1 << over.team_bits[team] for team in wanted if team in over.team_bits)
    told: dict[str, float] = {}
    begin = search.begin()
    heap: list[tuple[float, State]] = [(0.0, begin)]
    least: dict[State, float] = {begin: 0.0}
    while heap:
        seconds, state = heapq.heappop(heap)
        if seconds > least[state]:
            continue
        stage, node = state[:2]
        if stage == Stage.OWNED and shown(node) in wanted:
            told.setdefault(shown(node), seconds)
        for edge, following in search.steps(state, STRUCTURE):
            later = seconds + (edge.seconds or 0.0)
            if following[0] > Stage.OWNED or later > limit or later >= least.get(following, math.inf):
                continue
            if search.routed_from(following) or over.owners_from(*following[:2]) & bits:
                least[following] = later
                heapq.heappush(heap, (later, following))
    return told
