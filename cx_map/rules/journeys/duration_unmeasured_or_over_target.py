"""JRNY104."""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_service import Journey, Step
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Range, Verdict, rule
from cx_map.rulekit.breach import Measure


@rule("JRNY104", severity="major", unlock=("journeys.*.duration", "journeys.*.highest_impact"))
def duration_unmeasured_or_over_target(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A journey takes longer than it should, or nobody knows how long it takes.

    ## Why it matters
    Customers judge opening an account or getting an answer from beginning to end; departments measure only their part.

    ## How it decides
    A journey breaks the rule when its actual duration is over its target (*major*); when it is among those of highest
    impact and its actual duration is not given (*minor*); or when nobody measures it and the longest gaps that its
    steps in order, or the transitions of its longest way without a way back, allow add up to more than the target (*minor*,
    because gaps are upper bounds).

    ## Evidence it needs
    `duration {target, actual}`, `highest_impact`, `max_gap` of steps.

    ## Example
    ```yaml
    journeys:
      open-account:
        duration: {target: 2d, actual: 9d}  # JRNY104
    ```

    ## Mended
    ```yaml
    journeys:
      open-account:
        duration: {target: 2d, actual: 1d}
    ```

    ## References
    Measuring tasks from beginning to end, as published practice of channel assessments.
    """
    for journey in eco.inventory.of(Journey):
        if journey.usable:
            yield _judge(journey)


def _judge(journey: Journey) -> Verdict:
    time = journey.duration
    actual = time.actual if time is not None else None
    target = time.target if time is not None else None
    steps = _waits(journey)
    gaps = sum(one.max_gap.seconds for one in steps if one.max_gap is not None)
    measures: dict[str, Measure] = {}
    if journey.volume is not None:
        volume = journey.volume
        measures["customers_per_month"] = Range(volume.lowest, volume.highest, volume.basis or "reported")
    if actual is not None and target is not None and actual.seconds > target.seconds:
        return Breach(
            subject=journey,
            message=f"journey '{journey.id}' takes {length(actual.seconds)}, aimed at are {length(target.seconds)}",
            at=("duration",),
            label=f"{length(actual.seconds - target.seconds)} too long",
            discriminator=("target",),
            measures={
                **measures,
                "hours": round(actual.seconds / 3600, 2),
                "hours_aimed_at": round(target.seconds / 3600, 2),
            },
            fix=Fix(_longest(steps)),
        )
    if actual is None and target is not None and gaps > target.seconds:
        return Breach(
            subject=journey,
            message=f"journey '{journey.id}' may take {length(gaps)} between its steps alone, aimed at are "
            f"{length(target.seconds)}, and nobody measures",
            severity="minor",
            at=("duration",),
            label=f"gaps of {length(gaps)}",
            discriminator=("gaps",),
            measures=measures,
            fix=Fix(_longest(steps)),
        )
    if actual is None and journey.highest_impact:
        return Breach(
            subject=journey,
            message=f"journey '{journey.id}' is of highest impact, and nobody knows how long it takes",
            severity="minor",
            at=("highest_impact",),
            label="not measured",
            discriminator=("unmeasured",),
            measures=measures,
            fix=Fix("measure it from its first touchpoint to its last"),
        )
    if actual is None or target is None:
        return NotAssessed(journey.id, "its duration or target is not known", ("journeys.*.duration",))
    return Passed(journey.id)


def _waits(journey: Journey) -> list[Step]:
    """The steps with a gap that one customer may go through: those in order, or the longest way along transitions.

    Transitions that lead in a circle have no longest way: then only steps in order count. O(steps * longest way).
    """
    steps = journey.steps or ()
    ordered = [one for one in steps if one.touchpoint is not None and one.max_gap is not None]
    leaving: dict[str, list[Step]] = {}
    coming: dict[str, int] = {}
    for one in steps:
        if one.from_ is not None and one.to is not None and one.from_ != one.to:
            leaving.setdefault(one.from_, []).append(one)
            coming[one.to] = coming.get(one.to, 0) + 1
    total = len(leaving.keys() | coming.keys())
    ready = [name for name in leaving if name not in coming]
    ways: dict[str, tuple[float, list[Step]]] = {name: (0.0, []) for name in ready}
    passed = 0
    while ready:
        name = ready.pop()
        passed += 1
        for one in leaving.get(name, ()):
            to, gap = one.to or "", one.max_gap.seconds if one.max_gap is not None else 0.0
            seconds, way = ways[name]
            if to not in ways or seconds + gap > ways[to][0]:
                ways[to] = (seconds + gap, [*way, one] if gap else way)
            coming[to] -= 1
            if not coming[to]:
                ready.append(to)
    longest = max(ways.values(), key=lambda way: way[0], default=(0.0, []))
    inorder = sum(one.max_gap.seconds for one in ordered if one.max_gap is not None)
    return longest[1] if passed == total and longest[0] > inorder else ordered


def _longest(steps: list[Step]) -> str:
    """The gap to shorten first."""
    longest = max(steps, key=lambda one: one.max_gap.seconds if one.max_gap is not None else 0.0, default=None)
    if longest is None or longest.max_gap is None:
        return "find out where customers wait, and measure each step"
    return f"shorten the wait before '{longest.touchpoint or longest.to}', up to {length(longest.max_gap.seconds)}"
