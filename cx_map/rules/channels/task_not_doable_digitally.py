"""CHAN107."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.operators import item_set
from cx_map.analyses.staffing import Staffing, staffing
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Channel
from cx_map.model.chapter_service import Task, TaskChannel
from cx_map.model.inventory import Inventory
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Range, Verdict, rule


class Parameters(Struct, frozen=True):
    """How often a task must come up to matter."""

    items: Annotated[float, "Times a month from which a task that needs people is a finding."] = 1000.0


@rule("CHAN107", severity="major", unlock=("tasks.*.channels", "tasks.*.volume"))
def task_not_doable_digitally(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Customers have to call or come for something that they could do by themselves.

    ## Why it matters
    Is the order status in the app, or must the customer call? Most customers try self-service on the way and few get
    all the way there; what no digital channel completes ends up with agents.

    ## How it decides
    A task breaks the rule when it comes up at least `items` times a month, some channel supports it fully, and every
    channel that does has people behind it: voice, video, branch, call-back, or any that an agent pool serves.
    Channels of which neither is known, and channels whose `support` is not known, may do it without people: then
    it is not assessed.

    ## Evidence it needs
    `tasks` with `volume` and `channels`, each with `support`.

    ## Example
    ```yaml
    tasks:
      order-status:
        volume: 20000/month
        channels: [{channel: phone, support: full}, {channel: web, support: info}]  # CHAN107
    ```

    ## Mended
    ```yaml
    tasks:
      order-status:
        volume: 20000/month
        channels: [{channel: phone, support: full}, {channel: web, support: full}]
    ```

    ## References
    Self-service research (most customers use self-service on their way, few resolve there); the threshold is a
    judgement.
    """
    known = eco.once(staffing)
    for task in eco.inventory.of(Task):
        if task.usable:
            yield _judge(eco.inventory, known, task, parameters)


def _judge(inventory: Inventory, known: Staffing, task: Task, parameters: Parameters) -> Verdict:
    if task.channels is None:
        return NotAssessed(task.id, "which channels support it is not known", ("tasks.*.channels",))
    full: list[Channel] = []
    unclear = False
    for one in task.channels:
        channel = inventory.find(one.channel, Channel)
        if channel is None or not channel.usable:
            continue
        staffed = known.channel(channel)
        if one.support == "full":
            if staffed is False:
                return Passed(task.id)
            full.append(channel)
            unclear = unclear or staffed is None
        elif one.support is None and staffed is not True:
            unclear = True
    if unclear:
        return NotAssessed(
            task.id, "what a channel does for it, or with whom, is not known", ("tasks.*.channels.support",)
        )
    if not full:
        return Passed(task.id)
    if task.volume is None:
        return NotAssessed(task.id, "how often it comes up is not known", ("tasks.*.volume",))
    if task.volume.value < parameters.items:
        return Passed(task.id)
    return _breach(inventory, known, task, full)


def _breach(inventory: Inventory, known: Staffing, task: Task, full: list[Channel]) -> Breach:
    assert task.volume is not None  # judged before
    names = list(dict.fromkeys(one.id for one in full))
    pools = [pool.id for name in names for pool in known.pools.get(name, ())]
    return Breach(
        subject=task,
        message=f"task '{task.id}' can be completed only with people, by {' or '.join(repr(name) for name in names)}",
        at=("channels",),
        label="no digital channel completes it",
        related=(*names, *dict.fromkeys(pools)),
        evidence=tuple((one.channel or "", f"support {one.support or 'not known'}") for one in task.channels or ()),
        measures={"items_per_month": Range(task.volume.lowest, task.volume.highest, task.volume.basis or "reported")},
        basis=task.volume.basis or "reported",
        fix=_fix(inventory, known, task),
    )


def _fix(inventory: Inventory, known: Staffing, task: Task) -> Fix:
    """The digital channel that does something for the task already, the one that reaches most customers first."""
    segments = [one for name in task.segments or () if (one := inventory.find(name, Segment)) is not None]

    def reach(item: TaskChannel) -> tuple[int, float, str]:
        rank = ("none", "info", "partial", "full").index(item.support or "none")
        shares = [
            share.value for one in segments if (share := (one.reachable_by or {}).get(item.channel or "")) is not None
        ]
        return (-rank, -sum(shares), item.channel or "")

    digital = [
        one for one in task.channels or ()
        if (channel := inventory.find(one.channel, Channel)) is not None and channel.usable and known.channel(channel) is False
    ]  # fmt: skip
    if not digital:
        return Fix("let customers do it in a channel of their own, such as the portal")
    best = min(digital, key=reach)
    number = next(place for place, one in enumerate(task.channels or ()) if one is best)
    change = item_set(inventory, task, "channels", number, "channel", {"support": "full"})
    return Fix(f"let customers complete it by '{best.channel}'", (change,))
