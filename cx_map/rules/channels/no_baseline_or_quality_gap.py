"""CHAN108."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.dated import first_day, last_day, months_later, when
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Channel, Communication
from cx_map.model.chapter_service import AgentPool, Task, TaskChannel, Touchpoint
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of
from cx_map.model.values import worst_basis
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule


class Parameters(Struct, frozen=True):
    """How old a baseline may be, and how far channels may differ."""

    months: Annotated[int, "Months after which a baseline is out of date."] = 12
    gap: Annotated[float, "Difference of satisfied or resolved customers between two channels of one task."] = 0.1


MEASURES = ("volume", "csat", "resolution", "cost")


@rule("CHAN108", severity="minor", unlock=("channels.*.baseline", "tasks.*.channels.csat"))
def no_baseline_or_quality_gap(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A channel was never measured, or serves the same task much worse than another channel.

    ## Why it matters
    Without a starting point nobody can say whether a change helped; and digital channels often lag behind people in
    quality, which customers answer by calling.

    ## How it decides
    A channel in use breaks the rule when its `baseline` lacks one of volume, csat, resolution and cost, or is older than
    `months`, in inventories in which some channel has a baseline. A task breaks it when satisfaction (`csat`) or
    resolution of two of its channels that support it differ by more than `gap`.

    ## Evidence it needs
    `baseline` of at least one channel; `csat` or `resolution` of a task's channels.

    ## Example
    ```yaml
    tasks:
      change-address:
        channels: [{channel: web, csat: 60%}, {channel: phone, csat: 85%}]  # CHAN108
    ```

    ## Mended
    ```yaml
    tasks:
      change-address:
        channels: [{channel: web, csat: 80%}, {channel: phone, csat: 85%}]
    ```

    ## References
    UK Government Digital Service, key performance indicators (satisfaction, completion, digital take-up, cost). The
    thresholds are judgements.
    """
    inventory = eco.inventory
    measured = any(one.baseline is not None for one in inventory.of(Channel))
    used = _used(inventory)
    for channel in inventory.of(Channel):
        if channel.usable and channel.id in used:
            yield _channel(eco, channel, measured, parameters)
    for task in inventory.of(Task):
        if task.usable and task.channels is not None:
            yield _task(task, parameters)


def _used(inventory: Inventory) -> frozenset[str]:
    """Channels that communications, touchpoints or pools use."""
    names: set[str | None] = set()
    for communication in inventory.of(Communication):
        if communication.usable:
            names.update(route.channel for route in routes_of(communication) or ())
    names.update(one.channel for one in inventory.of(Touchpoint) if one.usable)
    for pool in inventory.of(AgentPool):
        names.update(pool.channels or () if pool.usable else ())
    return frozenset(name for name in names if name is not None)


def _channel(eco: Ecosystem, channel: Channel, measured: bool, parameters: Parameters) -> Verdict:
    baseline = channel.baseline
    if baseline is None and not measured:
        return NotAssessed(channel.id, "no channel has a baseline", ("channels.*.baseline",))
    missing = [name for name in MEASURES if baseline is None or getattr(baseline, name) is None]
    if missing:
        what = "no baseline" if baseline is None else f"no {', '.join(missing)} in its baseline"
        return Breach(
            subject=channel,
            message=f"channel '{channel.id}' has {what}",
            at=("baseline",) if baseline is not None else (),
            label=what,
            discriminator=("baseline",),
            fix=Fix(f"measure {', '.join(missing)}"),
        )
    as_of = baseline.as_of if baseline is not None else None
    if as_of is None or eco.as_of is None:
        return NotAssessed(channel.id, "the age of its baseline is not known", ("channels.*.baseline.as_of",))
    if months_later(last_day(as_of), parameters.months) >= first_day(eco.as_of):
        return Passed(channel.id)
    return Breach(
        subject=channel,
        message=f"channel '{channel.id}' was last measured {when(as_of)}",
        at=("baseline", "as_of"),
        label="out of date",
        discriminator=("old",),
        fix=Fix("measure it again"),
    )


def _task(task: Task, parameters: Parameters) -> Verdict:
    widest: tuple[float, str, TaskChannel, TaskChannel] | None = None
    judged = False
    for name in ("csat", "resolution"):
        known = [one for one in task.channels or () if one.support != "none" and getattr(one, name) is not None]
        known.sort(key=lambda one: (getattr(one, name).value, one.channel or ""))
        if len(known) < 2:
            continue
        judged = True
        gap = getattr(known[-1], name).value - getattr(known[0], name).value
        if widest is None or gap > widest[0]:
            widest = (gap, name, known[0], known[-1])
    if not judged or widest is None:
        unlock = ("tasks.*.channels.csat", "tasks.*.channels.resolution")
        return NotAssessed(task.id, "satisfaction and resolution are not known for two of its channels", unlock)
    gap, name, worse, better = widest
    if gap <= parameters.gap + 1e-9:
        return Passed(task.id)
    word = "satisfaction" if name == "csat" else name
    return Breach(
        subject=task,
        message=f"task '{task.id}' scores {gap * 100:.0f} points lower in {word} by '{worse.channel}' than by "
        f"'{better.channel}'",
        at=("channels",),
        label=f"{word} differs by {gap * 100:.0f} points",
        related=tuple(one.channel for one in (worse, better) if one.channel is not None),
        measures={"gap": round(gap, 3)},
        basis=worst_basis(getattr(worse, name).basis, getattr(better, name).basis),
        fix=Fix(f"find out what customers lack by '{worse.channel}'"),
    )
