"""Runs that meet: each would fit alone, together they exceed what a supplier can take (BOT104)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from cx_map.analyses.affected import volume_of
from cx_map.analyses.bounds import bounds_of
from cx_map.analyses.capacity import uses
from cx_map.analyses.peaks import hourly_peak
from cx_map.analyses.timing import DAY, Timing, pieces, timing_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Supplier, production
from cx_map.model.inventory import basis_of
from cx_map.model.values import HOUR_SECONDS, Basis, Rate, worst_basis

STEP = 900.0
"""Starts of runs are tried every quarter of an hour."""


class Run(Struct, frozen=True):
    """What a communication sends through a supplier: items a month, and when."""

    communication: str
    items: float
    timing: Timing
    basis: Basis


class Schedule(Struct, frozen=True):
    """A supplier with its capacity an hour, the steady traffic, and the runs whose times are known."""

    supplier: Supplier
    limit: float
    steady: tuple[Run, ...]
    runs: tuple[Run, ...]
    untimed: tuple[str, ...]
    """Runs of unknown start, window, cadence or size."""
    basis: Basis

    def peak(self, runs: Sequence[Run]) -> tuple[float, float | None]:
        """The busiest rate an hour of the steady traffic and some runs that is certain, and its moment."""
        everything = (*self.steady, *runs)
        found = hourly_peak([one.items for one in everything], [one.timing for one in everything], 1.0)
        return found.low, found.at


class Shift(Struct, frozen=True):
    """A new start for a run, in seconds after midnight, at which nothing it passes is too full."""

    communication: str
    start: float


def schedules(eco: Ecosystem) -> Mapping[str, Schedule]:
    """Every usable supplier with a capacity given a day or finer that scheduled communications pass. O(routes)."""
    graph = eco.once(production)
    found: dict[str, Schedule] = {}
    for name, items in eco.once(uses).items():
        supplier: Supplier = graph.inventory.entities[name]  # type: ignore[assignment]  # only suppliers are used
        capacity = supplier.capacity
        if not isinstance(capacity, Rate) or capacity.per > DAY or capacity.value <= 0 or not supplier.usable:
            continue
        steady: list[Run] = []
        runs: list[Run] = []
        untimed: list[str] = []
        for use in items:
            communication = graph.communications[use.communication].communication
            amount = volume_of(eco, communication) * use.share
            timing = timing_of(communication)
            if amount.value is None:
                untimed += [use.communication] if timing.scheduled else []
                continue
            run = Run(use.communication, amount.value, timing, amount.basis)
            if timing.steady:
                steady.append(run)
            elif pieces(timing, 0):
                runs.append(run)
            else:
                untimed.append(use.communication)
        if len(runs) + len(untimed) > 1:
            limit = bounds_of(capacity, basis_of(graph.inventory, supplier))
            basis = worst_basis(limit.basis, *(one.basis for one in (*steady, *runs)))
            hourly = capacity.over(HOUR_SECONDS)
            found[name] = Schedule(supplier, hourly, tuple(steady), tuple(runs), tuple(untimed), basis)
    return found


def colliding(schedule: Schedule, limit: float) -> tuple[Run, ...]:
    """The runs of a supplier that meet and exceed ``limit`` items an hour though each alone does not; may be none."""
    together, at = schedule.peak(schedule.runs)
    if together <= limit or at is None or schedule.peak(())[0] > limit:
        return ()
    if any(schedule.peak([run])[0] > limit for run in schedule.runs):
        return ()
    # the runs without which the peak would be lower are those that meet in it
    return tuple(
        run for run in schedule.runs if schedule.peak([one for one in schedule.runs if one is not run])[0] < together
    )


def shift(eco: Ecosystem, schedule: Schedule, runs: Sequence[Run], utilisation: float) -> Shift | None:
    """The smallest of the runs moved to the earliest later start with which nothing that it passes is too full.

    A run with a ``deadline`` may only be put off so far that it still ends within it. None where there is no such
    start.
    """
    graph = eco.once(production)
    known = eco.once(schedules)
    for run in sorted(runs, key=lambda one: (one.items, one.communication)):
        timing = run.timing
        if timing.start is None or timing.window is None:
            continue
        deadline = graph.communications[run.communication].communication.deadline
        touched = [one for one in known.values() if any(other.communication == run.communication for other in one.runs)]
        for number in range(1, int(DAY / STEP)):
            later = number * STEP
            if deadline is not None and later + timing.window > deadline.seconds:
                break
            moved = replace(timing, start=(timing.start + later) % DAY)
            if all(
                _fits(one, run.communication, moved, utilisation, one.supplier is schedule.supplier) for one in touched
            ):
                return Shift(run.communication, (timing.start + later) % DAY)
    return None


def _fits(schedule: Schedule, communication: str, moved: Timing, utilisation: float, must: bool) -> bool:
    """Whether a supplier stays below its limit, or, if it need not, gets no fuller than it is."""
    new = [replace(run, timing=moved) if run.communication == communication else run for run in schedule.runs]
    peak = schedule.peak(new)[0]
    allowed = utilisation * schedule.limit
    return peak <= allowed or (not must and peak <= schedule.peak(schedule.runs)[0])
