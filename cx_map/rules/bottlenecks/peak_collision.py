"""BOT104."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.affected import affected
from cx_map.analyses.capacity import load_of
from cx_map.analyses.collisions import Run, Schedule, colliding, schedules, shift
from cx_map.analyses.operators import plain
from cx_map.analyses.wording import clock
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.impact import impact_measures

UNLOCK = ("communications.*.schedule.at", "communications.*.schedule.window", "communications.*.schedule.run")


class Parameters(Struct, frozen=True):
    """What counts as too full."""

    utilisation: Annotated[float, "Utilisation above which runs that meet are too much."] = 0.85


@rule("BOT104", severity="major", unlock=(*UNLOCK, "platforms.*.capacity"))
def peak_collision(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Runs that would each fit meet at one time and are too much together.

    ## Why it matters
    Each team planned its own night run, and none saw the others'. Moving one of them costs nothing.

    ## How it decides
    For a supplier whose capacity is given a day or finer, every scheduled communication spreads its run over its
    window. The busiest moment of all runs together, found by a sweep over the ends of their windows (across
    midnight; runs on different known days never meet), on top of the even traffic, exceeds `utilisation` of the
    capacity, while each run alone, on top of the same traffic, does not. Event-driven traffic counts with its
    average. Runs of unknown start, window, cadence or size are left out; a supplier that has some, and no collision
    without them, is not assessed.

    The fix moves the smallest of the runs to the earliest later start at which nothing that it passes is too full,
    within its deadline.

    ## Evidence it needs
    `schedule` with `run`, `at` and `window`, and `volume`, of two communications; `capacity` of a supplier.

    ## Example
    ```yaml
    platforms:
      printer: {capacity: 120000/h}  # BOT104
    communications:
      statements:
        volume: 18262500/month
        needs: []
        routes: [{channel: letter, platforms: [printer]}]
        schedule: {run: 1d, at: "00:00", window: 6h}
      notices:
        volume: 9000000/month
        needs: []
        routes: [{channel: letter, platforms: [printer]}]
        schedule: {run: 1d, at: "04:00", window: 4h}
    ```

    ## Mended
    ```yaml
    platforms:
      printer: {capacity: 120000/h}
    communications:
      statements:
        volume: 18262500/month
        needs: []
        routes: [{channel: letter, platforms: [printer]}]
        schedule: {run: 1d, at: "00:00", window: 6h}
      notices:
        volume: 9000000/month
        needs: []
        routes: [{channel: letter, platforms: [printer]}]
        schedule: {run: 1d, at: "06:00", window: 4h}
    ```

    ## References
    Peak-load shifting in capacity planning; 85 % as the highest sustained utilisation is queueing practice.
    """
    for name, one in eco.once(schedules).items():
        runs = colliding(one, parameters.utilisation * one.limit)
        if runs:
            yield _breach(eco, one, runs, parameters)
        elif one.untimed:
            yield NotAssessed(name, "when some runs start, or how long or large they are, is not known", UNLOCK)
        else:
            yield Passed(name)


def _breach(eco: Ecosystem, one: Schedule, runs: tuple[Run, ...], parameters: Parameters) -> Breach:
    name = one.supplier.id
    together, at = one.peak(one.runs)
    names = tuple(run.communication for run in runs)
    moment = clock(at or 0.0)
    reach = affected(eco, names)
    return Breach(
        subject=one.supplier,
        message=f"runs of {', '.join(names)} meet at {moment} and use {together / one.limit:.0%} of '{name}'",
        at=("capacity",),
        label=f"{together:,.0f} an hour at {moment} against {one.limit:,.0f}",
        related=names,
        evidence=(
            *((f"{run.communication} alone", f"{one.peak([run])[0] / one.limit:.0%}") for run in runs),
            ("together", f"{together / one.limit:.0%} at {moment}"),
        ),
        path=tuple(PathStep(run, "runs through", name, eco.inventory.entities[run], ("schedule",)) for run in names),
        measures={
            "utilisation": together / one.limit,
            "items_per_hour": together,
            **impact_measures(reach, load_of(eco, name, names)),
        },
        basis=one.basis,
        fix=_fix(eco, one, runs, parameters),
    )


def _fix(eco: Ecosystem, one: Schedule, runs: tuple[Run, ...], parameters: Parameters) -> Fix:
    found = shift(eco, one, runs, parameters.utilisation)
    if found is None:
        return Fix("make a window longer, or raise the capacity: no later start of one run alone is free")
    raw = eco.inventory.source_of(eco.inventory.entities[found.communication])
    written = plain(raw.fields["schedule"]) if raw is not None and "schedule" in raw.fields else {}
    schedule = {**(written if isinstance(written, dict) else {}), "at": clock(found.start)}
    return Fix(
        f"start '{found.communication}' at {clock(found.start)}",
        ({"change": {found.communication: {"schedule": schedule}}},),
    )
