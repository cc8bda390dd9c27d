"""The order of jobs that brings the most the soonest, prerequisites first (analyses.md, G, *What is worth doing*).

Each job takes a time and brings a benefit a month from its end on. The best order makes the sum of benefit times
time of its end least (scheduling one machine with weighted completion times under precedence). Without prerequisites
it is that of the ratios benefit to time (Smith, 1956); with them it is hard, so that there are two ways: exact over sets of
jobs for few, and Sidney's decomposition (1975) for many, which every best order agrees with and which costs at most
twice the least (Chekuri and Motwani, 1999).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate

from msgspec import Struct

from cx_map.analyses.precedence import Before, circle
from cx_map.analyses.profit_closure import Worth, profit_closure

EXACT = 14
"""Up to so many jobs all sets of jobs are looked at: at most 2^14."""


class Effort(Struct, frozen=True):
    """What a job takes and brings: ``time`` above 0, ``benefit`` a unit of time, not below 0."""

    time: Fraction
    benefit: Fraction


class Ratio(Struct, frozen=True):
    """An order of jobs; ``exact`` where no other costs less waiting."""

    order: tuple[str, ...]
    exact: bool


def waiting(order: Sequence[str], efforts: Mapping[str, Effort]) -> Fraction:
    """The benefit that is lost by waiting: for each job its benefit times the time until its end."""
    ends = accumulate(efforts[job].time for job in order)
    return sum((efforts[job].benefit * end for job, end in zip(order, ends, strict=True)), Fraction(0))


def benefit_curve(order: Sequence[str], efforts: Mapping[str, Effort]) -> tuple[tuple[Fraction, Fraction], ...]:
    """For the end of each job the time and the benefit a unit of time from then on."""
    times = accumulate(efforts[job].time for job in order)
    benefits = accumulate(efforts[job].benefit for job in order)
    return tuple(zip(times, benefits, strict=True))


def ratio_order(efforts: Mapping[str, Effort], before: Before, exact: int = EXACT) -> Ratio:
    """The order of least :func:`waiting` for at most ``exact`` jobs, else one of at most twice it.

    O(2^jobs * jobs) against O(jobs) decompositions of some maximum flows each. Ties go to the order given. Raises
    ValueError for jobs that wait for one another in a circle, for a time that is not above 0, for a benefit below 0.
    """
    names = tuple(efforts)
    if any(one.time <= 0 or one.benefit < 0 for one in efforts.values()):
        raise ValueError("a job takes some time and its benefit is not below 0")
    needs = {job: frozenset(before.get(job, ())).intersection(names) for job in names}
    if found := circle(names, needs):
        raise ValueError(f"{', '.join(found)} wait for one another")
    if len(names) <= exact:
        return Ratio(_best(names, efforts, needs), exact=True)
    return Ratio(_decomposed(names, efforts, needs), exact=False)


def _best(names: tuple[str, ...], efforts: Mapping[str, Effort], needs: Before) -> tuple[str, ...]:
    """The best order by sets of jobs done, each from the best orders of the sets one smaller (Held and Karp, 1962)."""
    best: dict[frozenset[str], tuple[Fraction, Fraction, tuple[str, ...]]] = {
        frozenset(): (Fraction(0), Fraction(0), ())
    }
    for _ in names:
        larger: dict[frozenset[str], tuple[Fraction, Fraction, tuple[str, ...]]] = {}
        for done, (cost, end, order) in best.items():
            for job in names:
                if job not in done and needs[job] <= done:
                    later = end + efforts[job].time
                    then = cost + efforts[job].benefit * later
                    known = larger.get(done | {job})
                    if known is None or then < known[0]:
                        larger[done | {job}] = (then, later, (*order, job))
        best = larger
    return best[frozenset(names)][2]


def _decomposed(names: tuple[str, ...], efforts: Mapping[str, Effort], needs: Before) -> tuple[str, ...]:
    """Again and again the closed set of the best ratio; within it by the jobs' own ratios, as they become ready."""
    order: list[str] = []
    left = dict.fromkeys(names)
    while left:
        chosen = best_ratio({job: efforts[job] for job in left}, needs)
        for job in chosen:
            del left[job]
        ready = dict.fromkeys(chosen)
        while ready:
            job = max((one for one in ready if not needs[one] & ready.keys()),
                      key=lambda one: efforts[one].benefit / efforts[one].time)  # fmt: skip
            order.append(job)
            del ready[job]
    return tuple(order)


def best_ratio(efforts: Mapping[str, Effort], before: Before) -> tuple[str, ...]:
    """A set of jobs, closed under prerequisites, of the greatest ratio of its benefit to its time.

    Dinkelbach's method (1967): the closure of greatest profit where time is paid for at the best ratio so far, until none
    is above 0. Few rounds, each one maximum flow. Prerequisites that are no jobs are done already.
    """
    chosen = tuple(efforts)
    while True:
        ratio = sum((efforts[job].benefit for job in chosen), Fraction(0)) / sum(
            (efforts[job].time for job in chosen), Fraction(0)
        )
        worths = {job: Worth(one.benefit - ratio * one.time, "") for job, one in efforts.items()}
        better = profit_closure(worths, before)
        if better.profit <= 0:
            return chosen
        chosen = better.chosen
