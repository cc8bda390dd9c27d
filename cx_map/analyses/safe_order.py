"""An order of the jobs of a plan in which nothing breaks on the way (analyses.md, G, *Order*)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cx_map.analyses.precedence import Before, layers
from cx_map.analyses.prerequisites import Clean

EXACT = 18
"""Up to so many jobs every order is tried, by the sets of jobs done: at most 2^18 states."""


class SafeOrder(Struct, frozen=True):
    """An order after each job of which the state is clean, and the jobs for which no place was found.

    ``proved``: where jobs are ``left``, no order gets further.
    """

    order: tuple[str, ...]
    left: tuple[str, ...]
    proved: bool


def safe_order(jobs: Sequence[str], clean: Clean, before: Before, exact: int = EXACT) -> SafeOrder:
    """The first safe order, in the sense of the order given; where there is none, one that gets as far as possible.

    For at most ``exact`` jobs a search over the sets of jobs done, each looked at once: exact, O(2^jobs * jobs) at
    worst, O(jobs^2) where the plan is nearly safe as it stands. Else layer by layer, a job that would break something
    put off until something later has been done: O(jobs^2) states, which may miss an order that exists.
    """
    names = tuple(jobs)
    needs = {job: frozenset(before.get(job, ())).intersection(names) for job in names}
    found = _searched(names, clean, needs) if len(names) <= exact else _put_off(names, clean, needs)
    left = tuple(job for job in names if job not in found)
    return SafeOrder(found, left, len(names) <= exact or not left)


def _searched(names: tuple[str, ...], clean: Clean, needs: Before) -> tuple[str, ...]:
    """Depth first over sets of jobs: the first complete order, else the first of the longest."""
    seen: set[frozenset[str]] = {frozenset()}
    best: tuple[str, ...] = ()
    todo: list[tuple[str, ...]] = [()]
    while todo:
        order = todo.pop()
        if len(order) > len(best):
            best = order
        if len(best) == len(names):
            break
        done = frozenset(order)
        following = []
        for job in names:
            further = done | {job}
            if needs[job] <= done and further not in seen:
                seen.add(further)
                if clean(further):
                    following.append((*order, job))
        todo += reversed(following)
    return best


def _put_off(names: tuple[str, ...], clean: Clean, needs: Before) -> tuple[str, ...]:
    """Layer by layer, whatever is ready and breaks nothing."""
    waiting = [job for layer in layers(names, needs) for job in layer]
    order: list[str] = []
    done: frozenset[str] = frozenset()
    while waiting:
        ready = (job for job in waiting if needs[job] <= done and clean(done | {job}))
        job = next(ready, None)
        if job is None:
            break
        order.append(job)
        waiting.remove(job)
        done |= {job}
    return tuple(order)
