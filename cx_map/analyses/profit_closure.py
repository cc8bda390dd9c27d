"""What of a plan is worth doing: the selection of greatest profit that is closed under prerequisites (analyses.md, G).

One minimum cut: the source gives every job with a profit what it brings, every job with a loss pays its loss to the
target, and a job passes on to its prerequisites without bound (Picard, Maximal closure of a graph, 1976). Exact: amounts
are scaled to whole numbers, however they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from msgspec import Struct

from cx_map.graph.flow_network import FlowNetwork


class Worth(NamedTuple):
    """What a job brings (or costs, below 0), in a unit such as ``customers/month`` or ``EUR``."""

    amount: float | Fraction
    unit: str


class Selection(Struct, frozen=True):
    """The jobs worth doing and what they bring together; doing the others as well would change that by ``rest``."""

    chosen: tuple[str, ...]
    profit: Fraction
    rest: Fraction
    unit: str


def profit_closure(worths: Mapping[str, Worth], requires: Mapping[str, Iterable[str]]) -> Selection:
    """The smallest of the most profitable sets of jobs that contain all prerequisites of their members.

    Jobs keep the order of ``worths``. A prerequisite that is no job is done already. Jobs in a circle come together
    or not at all. One maximum flow over jobs and prerequisites.

    Raises ValueError where amounts are of several units, which nothing here turns into one another, or not finite.
    """
    units = sorted({worth.unit for worth in worths.values()})
    if len(units) > 1:
        raise ValueError(f"amounts of one unit only, not of {' and '.join(units)}")
    amounts = {job: _exact(worth.amount) for job, worth in worths.items()}
    scale = lcm(*(amount.denominator for amount in amounts.values()))
    whole = {job: int(amount * scale) for job, amount in amounts.items()}
    beyond = 1 + sum(amount for amount in whole.values() if amount > 0)
    network = FlowNetwork()
    source, target = network.node(), network.node()
    nodes = {job: network.node() for job in worths}
    for job, amount in whole.items():
        if amount > 0:
            network.arc(source, nodes[job], amount)
        elif amount < 0:
            network.arc(nodes[job], target, -amount)
        for other in dict.fromkeys(requires.get(job, ())):
            if other in nodes and other != job:
                network.arc(nodes[job], nodes[other], beyond)
    network.maximize(source, target)
    inside = network.reachable(source)
    chosen = tuple(job for job in worths if inside[nodes[job]])
    profit = sum((amounts[job] for job in chosen), Fraction(0))
    rest = sum(amounts.values(), Fraction(0)) - profit
    return Selection(chosen, profit, rest, units[0] if units else "")


def _exact(amount: float | Fraction) -> Fraction:
    """An amount as it is written: 0.1 is a tenth, not the nearest binary fraction."""
    try:
        return Fraction(str(amount)) if isinstance(amount, float) else Fraction(amount)
    except ValueError:
        raise ValueError(f"an amount is a finite number, not {amount}") from None
