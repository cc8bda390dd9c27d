"""What must be done before a job of a plan so that nothing breaks, found by trying (analyses.md, G, *Order*).

A job *breaks* something where the state after it alone is not clean. Its prerequisites are the minimal sets of other
jobs with which it is. One set is a conjunction: all of it must come first. Several sets are alternatives, a choice that
is left to people; only what all of them share must come first.

In small plans every set of a few jobs is tried. In larger ones the whole plan is shrunk to a minimal set, and again
without each of its members (the hitting-set tree of Reiter, A theory of diagnosis from first principles, 1987).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import TypeAlias

from msgspec import Struct

from cx_map.analyses.precedence import Before, ancestors

Clean: TypeAlias = Callable[[frozenset[str]], bool]
"""Whether the state with exactly these jobs done breaks nothing; also False where it cannot be had."""

TRIES = 300
"""Up to so many sets a job all are tried: plans of at most 13 jobs, three chosen at a time."""

CHOICES = 8
"""Most alternatives of a job that are looked for in a larger plan."""


FEW = 5
"""Jobs of which all parts are tried: at most 2^5."""


class Prerequisites(Struct, frozen=True):
    """The minimal sets of jobs that make one safe, in the order of the plan, the smallest first.

    No set: none of those tried does. The set without any job: it breaks nothing by itself. ``exhaustive``: every set of
    the size asked for was tried; else there may be further alternatives.
    """

    sets: tuple[tuple[str, ...], ...]
    exhaustive: bool = True

    @property
    def safe(self) -> bool:
        """Whether the job breaks nothing even without any other."""
        return self.sets == ((),)

    @property
    def certain(self) -> frozenset[str]:
        """The jobs that every alternative contains."""
        return frozenset.intersection(*map(frozenset, self.sets)) if self.sets else frozenset()


def prerequisites(
    jobs: Sequence[str], clean: Clean, known: Before, most: int = 3, tries: int = TRIES
) -> Mapping[str, Prerequisites]:
    """The prerequisites of each job beyond what is ``known`` to come before it; at most ``most`` jobs are chosen a set.

    What must come before a chosen job comes with it, does not count and is part of the set. A job that waits for the one
    looked at can be chosen, too: both then wait for each other, which :func:`.circle` tells. A job for which no set is
    found is tried again once the certain prerequisites of the others are known, so that chains may be longer than
    ``most``. At most ``tries`` states a job that breaks something; where that is not enough for all sets, about
    ``CHOICES`` * ``CHOICES`` * log2(jobs) of them. Each state is judged once.
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
        fresh = {job: _prerequisites(job, jobs, holds, before, most, tries) for job in open_}
        found.update(fresh)
        gained = {job: one.certain - before[job] for job, one in fresh.items()}
        before = {job: before[job] | gained.get(job, frozenset()) for job in jobs}
        again = [job for job, one in fresh.items() if not one.sets]
        open_ = again if any(gained.values()) else []
    return {job: found[job] for job in jobs}


def with_certain(known: Before, derived: Mapping[str, Prerequisites]) -> dict[str, Set[str]]:
    """What is known to come before each job, and what is derived for certain."""
    return {job: frozenset(known.get(job, ())) | one.certain for job, one in derived.items()}


def _prerequisites(job: str, jobs: Sequence[str], holds: Clean, before: Before, most: int, tries: int) -> Prerequisites:
    first = ancestors(before, (job,))
    if job in first:
        return Prerequisites(())  # it waits for itself: told as a circle
    if holds(first | {job}):
        return Prerequisites(((),))

    def works(more: frozenset[str]) -> bool:
        return holds(first | more | {job})

    others = [one for one in jobs if one != job and one not in first]
    every = sum(math.comb(len(others), size) for size in range(1, most + 1)) <= tries
    sets = _tried(job, others, works, before, first, most) if every else _shrunk(job, others, works, before)
    minimal = {one for one in sets if not any(other < one for other in sets)}
    place = {one: number for number, one in enumerate(jobs)}
    ordered = sorted((sorted(one, key=place.__getitem__) for one in minimal),
                     key=lambda one: (len(one), [place[name] for name in one]))  # fmt: skip
    return Prerequisites(tuple(map(tuple, ordered)), every)


def _tried(
    job: str, others: Sequence[str], works: Clean, before: Before, first: Set[str], most: int
) -> list[frozenset[str]]:
    """Every set of at most so many jobs, with what comes before them, that works and holds no smaller one found."""
    found: list[frozenset[str]] = []
    for size in range(1, most + 1):
        for chosen in itertools.combinations(others, size):
            with_theirs = (frozenset(chosen) | ancestors(before, chosen)) - first - {job}
            if not any(one <= with_theirs for one in found) and works(with_theirs):
                found.append(with_theirs)
    return found


def _shrunk(job: str, others: Sequence[str], works: Clean, before: Before) -> list[frozenset[str]]:
    """Minimal sets out of the whole plan: one, then for each of its members one without it, and so on."""
    needs = {one: ancestors(before, (one,)) for one in others}
    found: list[frozenset[str]] = []
    without: list[frozenset[str]] = [frozenset()]
    for out in without:  # grows while it is gone through
        left = [one for one in others if one not in out and not needs[one] & (out | {job})]
        if len(found) >= CHOICES or not works(frozenset(left)):
            continue
        smallest = frozenset(_smaller(left, works))
        if smallest not in found:
            found.append(smallest)
        branches = (out | {one} for one in others if one in smallest)
        without += [one for one in branches if one not in without]
    return found


def _smaller(jobs: Sequence[str], works: Clean) -> list[str]:
    """Jobs that work, less whatever can be left out, the later ones first, in halves, quarters and so on (Zeller, 1999).

    Of at most :data:`FEW` that are left every part is tried, since jobs that need one another go together or not at all.
    """
    kept = list(jobs)
    size = len(kept)
    while size:
        shorter = next((one for one in _less(kept, size) if works(frozenset(one))), None)
        if shorter is not None:
            kept = shorter
            size = min(size, len(kept))
        else:
            size //= 2
    if len(kept) > FEW:
        return kept
    parts = (list(part) for size in range(len(kept)) for part in itertools.combinations(kept, size))
    return next((part for part in parts if works(frozenset(part))), kept)


def _less(jobs: list[str], size: int) -> Iterator[list[str]]:
    """The jobs without each run of so many, from the end."""
    for end in range(len(jobs), 0, -size):
        yield jobs[: max(end - size, 0)] + jobs[end:]
