"""A roadmap gone through phase by phase: what each breaks, in its middle and at its end (analyses.md, G).

A plan may be fine at its start and at its end and still be impossible, because of what is missing on the way; that is
why every state is looked at.
"""

from __future__ import annotations

from msgspec import Struct

from cx_map.analyses.kept_invariants import lost
from cx_map.analyses.plan_invariants import Violation, standing
from cx_map.graph.ecosystem import Ecosystem
from cx_map.states.cutover import in_between
from cx_map.states.lineage import lineage_of
from cx_map.states.phases import phases_of, states


class SimulatedPhase(Struct, frozen=True):
    """A phase and the invariants that it breaks.

    ``inside`` are those broken in the middle only, in the worst order of what it does (or with old and new side by
    side, where its ``cutover`` says so); ``after`` those broken at its end.
    """

    id: str
    inside: tuple[Violation, ...]
    after: tuple[Violation, ...]

    @property
    def rejected(self) -> bool:
        """Whether it breaks anything."""
        return bool(self.inside or self.after)


def simulate(eco: Ecosystem) -> tuple[SimulatedPhase, ...]:
    """Every phase of the roadmap of an ecosystem in its current state; none where there is no roadmap.

    What is wrong by itself is compared with the current state, what held with the state before the phase. Two states
    a phase, each with its graphs and loops. Raises InventoryError where the roadmap is wrong.
    """
    planned = phases_of(eco.inventory)
    if not planned:
        return ()
    road = [eco, *(Ecosystem(state, eco.as_of) for state in states(eco.inventory)[1:])]
    found = []
    for phase, before, after in zip(planned, road, road[1:], strict=False):
        ends = broken(eco, before, after)
        middle = in_between(before.inventory, phase)
        on_the_way = broken(eco, before, Ecosystem(middle, eco.as_of)) if middle is not None else ()
        told = {one.key for one in ends}
        # what goes is still pointed at in the middle; its effect is told by the other invariants
        inside = tuple(one for one in on_the_way if one.invariant != "I6" and one.key not in told)
        found.append(SimulatedPhase(phase.id, inside, ends))
    return tuple(found)


def broken(start: Ecosystem, before: Ecosystem, after: Ecosystem) -> tuple[Violation, ...]:
    """What is wrong with a state that was not at the start, and what held before and no longer does."""
    known = {_moved(one, start, after) for one in start.once(standing)}
    new = {one for one in after.once(standing) if one.key not in known}
    return tuple(sorted({*new, *lost(before, after)}))


def _moved(one: Violation, start: Ecosystem, after: Ecosystem) -> tuple[str, str, tuple[str, ...]]:
    """The key of a violation once what it names has become something else."""
    way = lineage_of(after.inventory).since(lineage_of(start.inventory))
    if way is None:
        return one.key
    return one.invariant, way.target(one.subject), tuple(map(way.target, one.about))
