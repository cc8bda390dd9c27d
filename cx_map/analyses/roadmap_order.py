"""The jobs of a roadmap: what must come before what, said or derived, and an order that breaks nothing (analyses.md, G).

A set of jobs is *clean* where it can be done without the others and the state after it breaks no invariant that holds
today (:mod:`.phase_simulation`).
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from msgspec import Struct

from cx_map.analyses.phase_simulation import broken
from cx_map.analyses.plan_invariants import Violation
from cx_map.analyses.precedence import ancestors, circle
from cx_map.analyses.prerequisites import Prerequisites, prerequisites, with_certain
from cx_map.analyses.safe_order import SafeOrder, safe_order
from cx_map.graph.ecosystem import Ecosystem
from cx_map.states.jobs import after_jobs, declared, jobs_of


class RoadmapOrder(Struct, frozen=True):
    """What is known of the order of a roadmap's jobs.

    ``declared`` is what the inventory says must come first; ``derived`` what each job needs beyond that; ``breaks``
    what a job would break if nothing but what is declared were done before it (empty also where it could not be done);
    ``circle`` jobs that wait for one another, declared and derived together, else empty.
    """

    jobs: tuple[str, ...]
    declared: Mapping[str, frozenset[str]]
    derived: Mapping[str, Prerequisites]
    breaks: Mapping[str, tuple[Violation, ...]]
    circle: tuple[str, ...]
    order: SafeOrder

    @property
    def before(self) -> Mapping[str, Set[str]]:
        """What must come before each job, declared and derived for certain."""
        return with_certain(self.declared, self.derived)


def roadmap_order(eco: Ecosystem, most: int = 3) -> RoadmapOrder:
    """The order of the jobs of the roadmap of an ecosystem in its current state.

    One state for every set of jobs looked at: at worst jobs^(most + 1) for what is derived, and what
    :func:`.safe_order` says for the order.
    """
    plan = jobs_of(eco.inventory)
    names = tuple(job.id for job in plan)
    kept: dict[frozenset[str], tuple[Violation, ...] | None] = {frozenset(): ()}

    def broken_by(done: frozenset[str]) -> tuple[Violation, ...] | None:
        """What a set of jobs breaks; None where it cannot be done by itself."""
        if done not in kept:
            state = after_jobs(eco.inventory, plan, done)
            kept[done] = None if state is None else broken(eco, eco, Ecosystem(state, eco.as_of))
        return kept[done]

    def clean(done: frozenset[str]) -> bool:
        return broken_by(done) == ()

    said = declared(eco.inventory, plan)
    derived = prerequisites(names, clean, said, most)
    alone = {name: broken_by(_with_declared(said, name)) or () for name in names}
    before = with_certain(said, derived)
    return RoadmapOrder(names, said, derived, alone, circle(names, before), safe_order(names, clean, before))


def _with_declared(said: Mapping[str, frozenset[str]], name: str) -> frozenset[str]:
    return ancestors(said, (name,)) | {name}
