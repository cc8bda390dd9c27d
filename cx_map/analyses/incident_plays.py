"""Whether an incident at a touchpoint is handled in all four ways (analyses.md, C): fix, self-service, pool, customers.

From the signals about a touchpoint that fills an agent pool, over the structure of the response graph and within a
limit (unknown times counted 0): an action that changes the touchpoint or what stands behind it is set off; an action
that changes a self-service or knowledge is set off; the pool hears of it; a message to customers is sent.
"""

from __future__ import annotations

import heapq
import math
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.loop_walks import STRUCTURE, Search, Stage, State
from cx_map.analyses.upstream import upstream_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import shown
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Action
from cx_map.model.chapter_map import Platform
from cx_map.model.chapter_service import AgentPool, Task, Touchpoint
from cx_map.model.inventory import Inventory

Obligation: TypeAlias = Literal["fix", "self-service", "pool", "inform"]
OBLIGATIONS: tuple[Obligation, ...] = ("fix", "self-service", "pool", "inform")
KNOWLEDGE = frozenset({"knowledge", "chatbot", "ivr"})


class IncidentPlay(Struct, frozen=True, eq=False):
    """A touchpoint that fills pools, the searches of its signals, and the obligations met and missed."""

    touchpoint: Touchpoint
    pools: tuple[str, ...]
    searches: tuple[Search, ...]
    self_service: tuple[str, ...]
    met: tuple[Obligation, ...]
    missed: tuple[Obligation, ...]


def incident_plays(eco: Ecosystem, limit: float) -> tuple[IncidentPlay, ...]:
    """The plays of all usable touchpoints that induce contacts of a known pool, within a limit in seconds."""
    inventory = eco.inventory
    heard: dict[str, list[Search]] = {}
    for search in {one.signal.id: one.search for one in eco.once(closed_loops)}.values():
        point = inventory.find(search.signal.from_, CollectionPoint)
        names = dict.fromkeys(search.signal.about or ())
        if point is not None and point.touchpoint is not None:
            names[point.touchpoint] = None
        for name in names:
            heard.setdefault(name, []).append(search)
    helps = _self_service(inventory)
    plays = []
    for touchpoint in inventory.of(Touchpoint):
        pools = tuple(dict.fromkeys(one.pool for one in touchpoint.induces or () if one.pool is not None))
        if touchpoint.usable and pools:
            searches = tuple(heard.get(touchpoint.id, ()))
            met = _met(inventory, touchpoint, pools, searches, helps, limit)
            due = [one for one in OBLIGATIONS if one != "self-service" or helps]
            missed = tuple(one for one in due if one not in met)
            plays.append(
                IncidentPlay(touchpoint, pools, searches, helps, tuple(one for one in due if one in met), missed)
            )
    return tuple(plays)


def _self_service(inventory: Inventory) -> tuple[str, ...]:
    """What customers help themselves with: self-service touchpoints, knowledge platforms, knowledge of tasks."""
    names = [one.id for one in inventory.of(Touchpoint) if one.usable and one.kind_ == "self_service"]
    names += [one.id for one in inventory.of(Platform) if one.usable and KNOWLEDGE & set(one.capabilities or ())]
    names += [one.knowledge for task in inventory.of(Task) for one in task.channels or () if one.knowledge is not None]
    return tuple(dict.fromkeys(names))


def _met(
    inventory: Inventory, touchpoint: Touchpoint, pools: tuple[str, ...], searches: tuple[Search, ...],
    helps: tuple[str, ...], limit: float,
) -> set[Obligation]:  # fmt: skip
    causes = upstream_of(inventory, (touchpoint.id,))
    desks = set(pools) | {team for name in pools if (pool := inventory.find(name, AgentPool)) and (team := pool.team)}
    met: set[Obligation] = set()
    for search in searches:
        for stage, node in within(search, limit):
            action = inventory.find(node, Action) if stage == Stage.ACTED else None
            changed = set(action.changes or ()) if action is not None else set()
            if changed & causes:
                met.add("fix")
            if changed & set(helps):
                met.add("self-service")
            if stage == Stage.OWNED and shown(node) in desks:
                met.add("pool")
            if stage == Stage.SENT:
                met.add("inform")
    return met


def within(search: Search, limit: float) -> set[tuple[Stage, str]]:
    """The states that a signal reaches within a limit in seconds; an action counts from when it is set off."""
    begin = search.begin()
    heap: list[tuple[float, State]] = [(0.0, begin)]
    least: dict[State, float] = {begin: 0.0}
    found: set[tuple[Stage, str]] = set()
    while heap:
        seconds, state = heapq.heappop(heap)
        if seconds > least[state]:
            continue
        found.add(state[:2])
        for edge, following in search.steps(state, STRUCTURE):
            later = seconds + (edge.seconds or 0.0)
            if following[0] == Stage.ACTED:
                found.add(following[:2])
            if later <= limit and later < least.get(following, math.inf):
                least[following] = later
                heapq.heappush(heap, (later, following))
    return found
