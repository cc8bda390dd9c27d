"""What must be done before a job of a plan so that nothing breaks, found by trying (analyses.md, G, *Order*).

A job *breaks* something where the state after it alone is not clean. Its prerequisites are the minimal sets of other
jobs with which it is. One set is a conjunction: all of it must come first. Several sets are alternatives, a choice that
is left to people; only what all of them share must come first.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence, Set
from typing import TypeAlias

from msgspec import Struct

from cx_map.analyses.precedence import Before, ancestors

Clean: TypeAlias = Callable[[frozenset[str]], bool]
"""Whether the state with exactly these jobs done breaks nothing; also False where it cannot be had."""


class Prerequisites(Struct, frozen=True):
    """The minimal sets of jobs that make one safe, in the order of the plan, the smallest first.

    No set: none of those tried does. The set without any job: it breaks nothing by itself.
    """

    sets: tuple[tuple[str, ...], ...]

    @property
    def safe(self) -> bool:
        """Whether the job breaks nothing even without any other."""
        return self.sets == ((),)

    @property
    def certain(self) -> frozenset[str]:
        """The jobs that every alternative contains."""
        return frozenset.intersection(*map(frozenset, self.sets)) if self.sets else frozenset()


def prerequisites(jobs: Sequence[str], clean: Clean, known: Before, most: int = 3) -> Mapping[str, Prerequisites]:
    """The prerequisites of each job beyond what is ``known`` to come before it; at most ``most`` jobs are chosen a set.

    What must come before a chosen job comes with it, does not count and is part of the set. A job that waits for the one
    looked at can be chosen, too: both then wait for each other, which :func:`.circle` tells. A job for which no set is
    found is tried again once the certain prerequisites of the others are known, so that chains may be longer than
    ``most``. For a set limit of 3: O(n^3) states a job that breaks something, each judged once.
    """
    judged: dict[frozenset[str], bool] = {}

    def holds(done: frozenset[str]) -> bool:
        if done not in judged:
            judged[done] = clean(done)
        return judged[done]

    found: dict[str, Prerequisites] = {}
    before = {job: frozenset(known.get(job, ())).intersection(jobs) for job in jobs}
    open_ = list(jobs)
    while open_:
        fresh = {job: _sets(job, jobs, holds, before, most) for job in open_}
        found.update(fresh)
        gained = {job: one.certain - before[job] for job, one in fresh.items()}
        before = {job: before[job] | gained.get(job, frozenset()) for job in jobs}
        again = [job for job, one in fresh.items() if not one.sets]
        open_ = again if any(gained.values()) else []
    return {job: found[job] for job in jobs}


def _sets(job: str, jobs: Sequence[str], holds: Clean, before: Before, most: int) -> Prerequisites:
    first = ancestors(before, (job,))
    if job in first:
        return Prerequisites(())  # it waits for itself: told as a circle
    if holds(first | {job}):
        return Prerequisites(((),))
    others = [one for one in jobs if one != job and one not in first]
    minimal: list[frozenset[str]] = []
    for size in range(1, most + 1):
        for chosen in itertools.combinations(others, size):
            with_theirs = (frozenset(chosen) | ancestors(before, chosen)) - first - {job}
            if not any(one <= with_theirs for one in minimal) and holds(first | with_theirs | {job}):
                minimal = [one for one in minimal if not with_theirs < one] + [with_theirs]
    place = {one: number for number, one in enumerate(jobs)}
    ordered = sorted((sorted(one, key=place.__getitem__) for one in minimal),
                     key=lambda one: (len(one), [place[name] for name in one]))  # fmt: skip
    return Prerequisites(tuple(map(tuple, ordered)))


def with_certain(known: Before, derived: Mapping[str, Prerequisites]) -> dict[str, Set[str]]:
    """What is known to come before each job, and what is derived for certain."""
    return {job: frozenset(known.get(job, ())) | one.certain for job, one in derived.items()}
