"""What must come before what among the jobs of a plan: all that goes before a job, circles, and layers.

Jobs are names; ``before`` maps a job to the jobs that must be done first. Names that are no job of the plan stand for
what is done already and are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import TypeAlias

Before: TypeAlias = Mapping[str, Set[str]]
"""For each job, the jobs that must be done before it."""


def ancestors(before: Before, jobs: Iterable[str]) -> frozenset[str]:
    """Everything that must be done before some jobs, they themselves left out unless they wait for themselves.

    O(jobs + pairs).
    """
    found: set[str] = set()
    todo = [one for job in jobs for one in before.get(job, ())]
    while todo:
        job = todo.pop()
        if job not in found:
            found.add(job)
            todo.extend(before.get(job, ()))
    return frozenset(found)


def circle(jobs: Sequence[str], before: Before) -> tuple[str, ...]:
    """The first circle of jobs that wait for one another, each waiting for the next and the last for the first.

    Empty where there is none. Depth first without recursion, O(jobs * pairs) at worst; the order of the sets does not matter.
    """
    place = {job: number for number, job in enumerate(jobs)}
    done: set[str] = set()
    for start in jobs:
        trail: list[str] = []
        todo = [(start, False)]
        while todo:
            job, leaving = todo.pop()
            if leaving:
                done.add(trail.pop())
            elif job in trail:
                return tuple(trail[trail.index(job) :])
            elif job not in done:
                trail.append(job)
                todo.append((job, True))
                todo += [
                    (one, False)
                    for one in sorted(before.get(job, ()), key=lambda one: -place.get(one, -1))
                    if one in place
                ]
    return ()


def layers(jobs: Sequence[str], before: Before) -> tuple[tuple[str, ...], ...]:
    """Jobs by the least number of others that must follow one another before them, each layer in the order given.

    Jobs in a circle, and those that wait for one, are in no layer. O(jobs * layers + pairs).
    """
    left = {job: set(before.get(job, ())).intersection(jobs) for job in jobs}
    found: list[tuple[str, ...]] = []
    while ready := tuple(job for job in jobs if job in left and not left[job]):
        found.append(ready)
        for job in ready:
            del left[job]
        for waiting in left.values():
            waiting.difference_update(ready)
    return tuple(found)
