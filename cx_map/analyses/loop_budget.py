"""Which broken loops to close first: greedy by newly closed signal volume for the cost (analyses.md, C).

Each round computes the cheapest repair of every loop that is still open, applies the most promising ones to the state
reached so far and keeps the one that closes most volume for its cost; so a change that serves several loops counts for
all of them, and is free for the next. Closing is not known to be submodular, so no bound on the distance from the
best choice is claimed. At most ``MOST_TRIES`` states are evaluated, fewer in large inventories (``WORK``), O(edges log
edges) each; the result says how many, and whether loops were left.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.analyses.closed_loops import LoopVerdict, closed_loops
from cx_map.analyses.loop_repair import cheapest_repair
from cx_map.analyses.repair_candidates import candidates
from cx_map.analyses.repair_operators import Operator, plan_of
from cx_map.errors import InventoryError
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_feedback import Signal
from cx_map.states.apply import with_changes

MOST_TRIES = 60
MOST_ROUNDS = 10
WORK = 20_000
"""Entities times states evaluated: 20 states at 1,000 entities, none above 20,000."""
WIDTH = 12
"""Repairs applied in one round, the most hopeful by their own signal's volume for the cost."""
LEAST_COST = 0.5
"""What naming the stages of a loop costs, which needs no other change."""


class Closing(Struct, frozen=True):
    """One repair: its changes in words and as operators, what it costs, and the signals that come back because of it."""

    clauses: tuple[str, ...]
    operators: tuple[Operator, ...]
    cost: float
    signals: tuple[str, ...]
    volume: float
    """Signals a month of these, or their number where not every volume is known."""


class LoopBudget(Struct, frozen=True):
    """The repairs in order; ``open`` is what does not come back today, ``closed`` what does after all of them."""

    steps: tuple[Closing, ...]
    open: float
    weighted: bool
    """Whether by volume; else by number of signals."""
    tried: int
    more: bool
    """Whether loops were left that the tries did not suffice for."""

    @property
    def closed(self) -> float:
        """What comes back after all repairs and does not today."""
        return sum(one.volume for one in self.steps)


class _Option(Struct, frozen=True):
    verdict: LoopVerdict
    clauses: tuple[str, ...]
    operators: tuple[Operator, ...]
    cost: float


def loop_budget(eco: Ecosystem, budget: float | None = None) -> LoopBudget:
    """The repairs to make first, all of them together for at most ``budget`` (relative cost, as of repairs)."""
    weights, weighted = _weights(eco)
    state, back = eco, _coming_back(eco)
    open_ = sum(weight for name, weight in weights.items() if name not in back)
    steps: list[Closing] = []
    tried, left = 0, float("inf") if budget is None else budget
    most = min(MOST_TRIES, WORK // max(eco.inventory.size, 1))
    while len(steps) < MOST_ROUNDS and tried < most:
        options = [one for one in _options(state, back, weights) if one.cost <= left]
        found: list[tuple[float, float, str, Closing, Ecosystem]] = []
        for option in options[: min(most - tried, WIDTH)]:
            tried += 1
            after = _applied(state, option)
            if after is None:
                continue
            gained = tuple(sorted(_coming_back(after) - back))
            lost = sum(weights.get(name, 0.0) for name in back - _coming_back(after))
            gain = sum(weights.get(name, 0.0) for name in gained) - lost
            if gain > 0:
                closing = Closing(option.clauses, option.operators, option.cost, gained, gain)
                found.append((-gain / option.cost, option.cost, option.verdict.signal.id, closing, after))
        if not found:
            return LoopBudget(tuple(steps), open_, weighted, tried, more=False)
        *_, closing, state = min(found, key=lambda one: one[:3])
        back = _coming_back(state)
        steps.append(closing)
        left -= closing.cost
    return LoopBudget(tuple(steps), open_, weighted, tried, more=len(back) < len(weights))


def _weights(eco: Ecosystem) -> tuple[Mapping[str, float], bool]:
    """The volume a month of every signal that calls for a loop; 1 each where one is not known."""
    signals = {one.signal.id: one.signal for one in eco.once(closed_loops) if one.status != "by_design"}
    known = {name: signal.volume.value for name, signal in signals.items() if signal.volume is not None}
    weighted = len(known) == len(signals) and any(known.values())
    return (known, True) if weighted else (dict.fromkeys(signals, 1.0), False)


def _coming_back(eco: Ecosystem) -> frozenset[str]:
    """The signals all of whose loops are closed."""
    judged: dict[str, bool] = {}
    for one in eco.once(closed_loops):
        if one.status != "by_design":
            judged[one.signal.id] = judged.get(one.signal.id, True) and one.closed
    return frozenset(name for name, closed in judged.items() if closed)


def _options(eco: Ecosystem, back: frozenset[str], weights: Mapping[str, float]) -> list[_Option]:
    """The cheapest repair of each loop still open, the most hopeful first."""
    offers, found = candidates(eco), []
    for verdict in eco.once(closed_loops):
        signal: Signal = verdict.signal
        if signal.id in back or verdict.status not in ("broken", "condition", "late", "acted_on"):
            continue
        repair = cheapest_repair(verdict, offers)
        if repair is None:
            continue
        plan = plan_of(repair, verdict, offers)
        if plan.operators:
            found.append(_Option(verdict, plan.clauses, plan.operators, max(repair.cost, LEAST_COST)))
    return sorted(found, key=lambda one: (-weights.get(one.verdict.signal.id, 0.0) / one.cost, one.verdict.signal.id))


def _applied(eco: Ecosystem, option: _Option) -> Ecosystem | None:
    try:
        return Ecosystem(with_changes(eco.inventory, option.operators), eco.as_of)
    except InventoryError:
        return None
