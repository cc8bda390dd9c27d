"""Whether causes are removed, and whether anybody looks if that helped: the outer loop as a conjunctive query.

For a signal g about things e: (W1) an action can be reached from g, identity not needed; (W2) it changes e or what
supplies e; (W4) a metric measures what was changed or complained of, is collected again, and reaches the team that
acts or owns. The tails share only action and thing, so each is judged by itself. O(edges * actions / 64 + metrics).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

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


class OuterLoop(Struct, frozen=True):
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
    actions, metrics = _Actions(eco.inventory), _Metrics(eco.inventory)
    reached = _reached_actions(over, actions.all)
    seen: dict[str, LoopVerdict] = {one.signal.id: one for one in eco.once(closed_loops) if one.status != "by_design"}
    found = []
    for verdict in seen.values():
        if verdict.signal.about:
            bits = 0
            for stage, edge in over.first(verdict.search):
                if strict(over.graph, stage, edge):
                    bits |= reached.get((stage, edge.target), 0)
            found.append(_outer_loop(eco, verdict.signal, bits, actions, metrics))
    return tuple(found)


class _Actions:
    """The actions in use as bits, in the inventory's order, and those of which something is said."""

    def __init__(self, inventory: Inventory) -> None:
        self.all = [action for action in inventory.of(Action) if action.usable]
        self.unsaid = self.silent = 0
        self._changing: dict[str, int] = {}
        self._named: dict[int, tuple[str, ...]] = {}
        for number, action in enumerate(self.all):
            if "changes" in action.unknown:
                self.unsaid |= 1 << number
            elif action.changes is None:
                self.silent |= 1 << number
            for name in action.changes or ():
                self._changing[name] = self._changing.get(name, 0) | 1 << number

    def changing(self, names: Iterable[str]) -> int:
        """The actions that change one of these things."""
        bits = 0
        for name in names:
            bits |= self._changing.get(name, 0)
        return bits

    def of(self, bits: int) -> Iterator[Action]:
        """The actions behind some bits."""
        while bits:
            yield self.all[(bits & -bits).bit_length() - 1]
            bits &= bits - 1

    def named(self, bits: int) -> tuple[str, ...]:
        """The ids of the actions behind some bits; signals kept in one place share them."""
        if bits not in self._named:
            self._named[bits] = tuple(action.id for action in self.of(bits))
        return self._named[bits]


class _Metrics:
    """The metrics in use by what they measure, and the teams that get each."""

    def __init__(self, inventory: Inventory) -> None:
        self.takers = _takers(inventory)
        self._all = [metric for metric in inventory.of(Metric) if metric.usable]
        self._about: dict[str, list[int]] = {}
        for number, metric in enumerate(self._all):
            for name in metric.about or ():
                self._about.setdefault(name, []).append(number)

    def measuring(self, names: Iterable[str]) -> list[Metric]:
        """The metrics about one of these things, in the inventory's order."""
        return [self._all[number] for number in sorted({one for name in names for one in self._about.get(name, ())})]


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


def _outer_loop(eco: Ecosystem, signal: Signal, reached: int, actions: _Actions, metrics: _Metrics) -> OuterLoop:
    """The outer loop of a signal from which the actions behind some bits are reached."""
    inventory = eco.inventory
    about = signal.about or ()
    causes = upstream_of(inventory, about)
    causes |= _about_products(eco, about)
    fixing = list(actions.of(reached & actions.changing(causes)))
    fixes = {one.id: tuple(name for name in one.changes or () if name in causes) for one in fixing}
    measured = {name for changed in fixes.values() for name in changed} | set(about)
    close_up = [one for one in metrics.measuring(measured) if not _at_arms_length(inventory, one)]
    owners = {owner for name in measured for owner in owners_of(inventory.entities.get(name))}
    owners |= {one.team for one in fixing if one.team is not None}
    checks = {_check(one, metrics.takers[one.id], owners) for one in close_up}
    check: Checked = "verified" if "verified" in checks else "not_known" if "not_known" in checks else "unverified"
    return OuterLoop(
        signal=signal,
        actions=actions.named(reached),
        fixes=fixes,
        unsaid=actions.named(reached & actions.unsaid),
        silent=actions.named(reached & actions.silent),
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
