"""JRNY105."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.chapter_service import Task
from cx_map.model.inventory import Inventory
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Range, Verdict, rule
from cx_map.rulekit.breach import Measure


@rule("JRNY105", severity="minor", unlock=("tasks.*.channels.support", "tasks.*.channels.knowledge"))
def same_task_different_answer(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """What a customer can get done, or is told, depends on the channel.

    ## Why it matters
    Many channels are not enough: customers expect the same support in all of them, and the same answer.

    ## How it decides
    A task breaks the rule when one of its channels supports it fully and another that the firm offers for it does not
    support it at all or informs only; or when two of its channels answer from different `knowledge` stores and no
    flow leads from one to the other, nor from one store to both.

    ## Evidence it needs
    `channels` of tasks, with `support` or `knowledge`.

    ## Example
    ```yaml
    tasks:
      change-limit:
        channels: [{channel: web, support: full}, {channel: branch, support: none}]  # JRNY105
    ```

    ## Mended
    ```yaml
    tasks:
      change-limit:
        channels: [{channel: web, support: full}, {channel: branch, support: full}]
    ```

    ## References
    The same support in all channels, as published practice of customer experience strategy.
    """
    after: dict[str, list[str]] = {}
    for link in eco.once(propagation).links:
        after.setdefault(link.target, []).append(link.source)
    for task in eco.inventory.of(Task):
        if task.usable:
            yield _judge(eco.inventory, task, after)


def _judge(inventory: Inventory, task: Task, before: Mapping[str, list[str]]) -> Verdict:
    idle = {
        name for one in task.channels or () for name in (one.channel, one.knowledge)
        if name is not None and name in inventory.entities and not inventory.entities[name].usable
    }  # fmt: skip
    channels = [one for one in task.channels or () if one.channel is not None and one.channel not in idle]
    levels = {one.channel: one.support for one in channels if one.support is not None}
    full = sorted(name for name, level in levels.items() if name is not None and level == "full")
    poor = sorted(name for name, level in levels.items() if name is not None and level in ("none", "info"))
    if full and poor:
        return _breach(task, f"is done by '{full[0]}', but not by '{poor[0]}'", ("support",), (full[0], *poor),
                       Fix(f"support it by '{poor[0]}' too, or lead customers on from there to '{full[0]}'"))  # fmt: skip
    stores = sorted({one.knowledge for one in channels if one.knowledge is not None} - idle)
    if len(stores) > 1:
        supplied = {name: _sources(before, name) for name in stores}
        if not frozenset.intersection(*supplied.values()):
            return _breach(task, f"is answered from '{stores[0]}' and from '{stores[1]}', which do not agree by themselves",
                           ("knowledge",), tuple(stores), Fix("answer from one store, or feed both from one"))  # fmt: skip
    if len(levels) < 2 and len([one for one in channels if one.knowledge is not None]) < 2:
        return NotAssessed(task.id, "the support of two of its channels is not known", ("tasks.*.channels.support",))
    return Passed(task.id)


def _sources(before: Mapping[str, list[str]], start: str) -> frozenset[str]:
    seen = {start}
    todo = [start]
    while todo:
        for earlier in before.get(todo.pop(), ()):
            if earlier not in seen:
                seen.add(earlier)
                todo.append(earlier)
    return frozenset(seen)


def _breach(task: Task, what: str, discriminator: tuple[str, ...], related: tuple[str, ...], fix: Fix) -> Breach:
    measures: dict[str, Measure] = {}
    if task.volume is not None:
        measures["items_per_month"] = Range(task.volume.lowest, task.volume.highest, task.volume.basis or "reported")
    return Breach(
        subject=task,
        message=f"task '{task.id}' {what}",
        at=("channels",),
        label=f"{discriminator[0]} differs",
        related=related,
        discriminator=discriminator,
        evidence=tuple(
            (one.channel or "", ", ".join(part for part in (f"support {one.support}" if one.support else "",
                                                          f"knowledge '{one.knowledge}'" if one.knowledge else "") if part))
            for one in task.channels or ()
        ),
        measures=measures,
        fix=fix,
    )  # fmt: skip
