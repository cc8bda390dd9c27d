"""Whether causes are removed, and whether anybody looks if that helped: the outer loop as a conjunctive query.

For a signal g about things e: (W1) an action can be reached from g, identity not needed; (W2) it changes e or what
supplies e; (W4) a metric measures what was changed or complained of, is collected again, and reaches the team that
acts or owns. The tails share only action and thing, so each is judged by itself. O(edges * actions / 64 + metrics).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cx_map.analyses.closed_loops import LoopVerdict, closed_loops
from cx_map.analyses.entitlement import owners_of
from cx_map.analyses.loop_reach import Reach, reach, spread, strict
from cx_map.analyses.loop_walks import Stage
from cx_map.analyses.upstream import upstream_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import response_graph
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Action, Insight, Metric, Signal
from cx_map.model.inventory import Inventory

Checked: TypeAlias = Literal["verified", "not_known", "unverified"]


@dataclass(frozen=True, slots=True)
class OuterLoop:
    """A signal's outer loop: the actions reached, and those that change what the signal is about or its suppliers.

    ``fixes`` maps an action to the things it changes; ``unsaid`` are reached actions of which it is said to be unknown
    what they change, ``silent`` those that leave it out. ``check`` is about the fixes, ``metrics`` measure the subject.
    """

    signal: Signal
    actions: tuple[str, ...]
    fixes: Mapping[str, tuple[str, ...]]
    unsaid: tuple[str, ...]
    silent: tuple[str, ...]
    check: Checked
    metrics: tuple[str, ...]


def outer_loops(eco: Ecosystem) -> tuple[OuterLoop, ...]:
    """The outer loop of every signal that calls for a loop and says what it is about."""
    over = eco.once(reach)
    actions = [action for action in eco.inventory.of(Action) if action.usable]
    reached = _reached_actions(over, actions)
    audience = _takers(eco.inventory)
    seen: dict[str, LoopVerdict] = {one.signal.id: one for one in eco.once(closed_loops) if one.status != "by_design"}
    found = []
    for verdict in seen.values():
        if verdict.signal.about:
            bits = 0
            for stage, edge in over.first(verdict.search):
                if strict(over.graph, stage, edge):
                    bits |= reached.get((stage, edge.target), 0)
            mine = [action for number, action in enumerate(actions) if bits >> number & 1] if bits else []
            found.append(_outer_loop(eco, verdict.signal, mine, audience))
    return tuple(found)


def _reached_actions(over: Reach, actions: list[Action]) -> dict[tuple[Stage, str], int]:
    """The actions that each state leads to today, as bits."""
    number = {action.id: bit for bit, action in enumerate(actions)}
    own = [1 << number[node] if stage == Stage.ACTED and node in number else 0 for stage, node in over.states]
    return dict(zip(over.states, spread(over.steps, own, int.__or__), strict=True))


def _takers(inventory: Inventory) -> dict[str, set[str]]:
    """The teams that get each metric: its own, and those that an insight showing it is delivered to."""
    found: dict[str, set[str]] = {
        one.id: {one.team} if one.team else set() for one in inventory.of(Metric) if one.usable
    }
    for insight in inventory.of(Insight):
        if insight.usable:
            teams = {one.team for one in insight.delivered_to or () if one.team is not None}
            for metric in insight.metrics or ():
                found.setdefault(metric, set()).update(teams)
    return found


def _outer_loop(eco: Ecosystem, signal: Signal, actions: list[Action], takers: Mapping[str, set[str]]) -> OuterLoop:
    inventory = eco.inventory
    about = signal.about or ()
    causes = upstream_of(inventory, about)
    causes |= _about_products(eco, about)
    fixes = {one.id: tuple(name for name in one.changes or () if name in causes) for one in actions}
    fixes = {name: changed for name, changed in fixes.items() if changed}
    measured = {name for changed in fixes.values() for name in changed} | set(about)
    metrics = [one for one in inventory.of(Metric) if one.usable and not measured.isdisjoint(one.about or ())]
    close_up = [one for one in metrics if not _at_arms_length(inventory, one)]
    owners = {owner for name in measured for owner in owners_of(inventory.entities.get(name))}
    owners |= {one.team for one in actions if one.id in fixes and one.team is not None}
    checks = {_check(one, takers[one.id], owners) for one in close_up}
    check: Checked = "verified" if "verified" in checks else "not_known" if "not_known" in checks else "unverified"
    return OuterLoop(
        signal=signal,
        actions=tuple(one.id for one in actions),
        fixes=fixes,
        unsaid=tuple(one.id for one in actions if "changes" in one.unknown),
        silent=tuple(one.id for one in actions if one.changes is None and "changes" not in one.unknown),
        check=check,
        metrics=tuple(one.id for one in close_up),
    )


def _check(metric: Metric, teams: set[str], owners: set[str]) -> Checked:
    """Whether a metric comes again and reaches an owner."""
    if teams and not teams & owners:
        return "unverified"
    return "verified" if metric.every is not None and teams else "not_known"


def _at_arms_length(inventory: Inventory, metric: Metric) -> bool:
    """Whether a metric is collected about the whole relationship only, which shows no single fix."""
    points = [inventory.find(name, CollectionPoint) for name in metric.collected_at or ()]
    known = [point for point in points if point is not None]
    return bool(known) and all(point.scope == "relationship" for point in known)


def _about_products(eco: Ecosystem, about: tuple[str, ...]) -> frozenset[str]:
    """The communications about the products among some things."""
    by_product = eco.once(_communications_by_product)
    return frozenset(name for one in about for name in by_product.get(one, ()))


def _communications_by_product(eco: Ecosystem) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for way in eco.once(response_graph).ways.values():
        for product in way.communication.products or ():
            found.setdefault(product, []).append(way.communication.id)
    return found
