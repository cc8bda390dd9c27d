"""CHAN109."""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Channel, Communication
from cx_map.model.chapter_service import AgentPool, Task, Touchpoint
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule

CRITERIA = ("purpose", "pilot", "ease", "skills", "training", "cost", "journeys", "benefits")
"""What a firm should know before it opens a channel."""


@rule("CHAN109", severity="minor", unlock=("channels.*.rollout", "channels.*.status"))
def new_channel_without_rollout_case(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A new channel is about to open, and nobody has said what for, with whom, or at what cost.

    ## Why it matters
    Each added channel makes integration, training, supervision and reporting harder. Starting small with a defined
    purpose is what separates a channel that eases a journey from one that disturbs it.

    ## How it decides
    A channel with status proposed or pilot breaks the rule when its `rollout` lacks one of purpose, pilot, ease, skills,
    training, cost, journeys and benefits. What the channel adds to run (pools, communications, touchpoints, tasks)
    is told with it. Channels that are in use already are not judged.

    ## Evidence it needs
    `status` and `rollout` of channels.

    ## Example
    ```yaml
    channels:
      messenger: {kind: messaging, status: pilot, rollout: {purpose: quick questions, cost: 2 agents}}  # CHAN109
    ```

    ## Mended
    ```yaml
    channels:
      messenger:
        kind: messaging
        status: pilot
        rollout:
          purpose: quick questions
          pilot: 500 customers for 3 months
          ease: one connector
          skills: writing
          training: two days
          cost: 2 agents
          journeys: [get-help]
          benefits: fewer calls
    touchpoints: {ask: {channel: messenger}}
    journeys: {get-help: {steps: [ask]}}
    ```

    ## References
    Six criteria for introducing a channel, as published practice of channel strategy.
    """
    inventory = eco.inventory
    for channel in inventory.of(Channel):
        if channel.status in ("proposed", "pilot"):
            yield _judge(inventory, channel)


def _judge(inventory: Inventory, channel: Channel) -> Verdict:
    rollout = channel.rollout
    if rollout is None and "rollout" not in channel.unknown and "rollout" not in channel.nothing:
        others = any(one.rollout is not None for one in inventory.of(Channel))
        if not others and channel.status == "proposed":
            return NotAssessed(channel.id, "no channel has a rollout case", ("channels.*.rollout",))
    missing = [name for name in CRITERIA if rollout is None or getattr(rollout, name) is None]
    if not missing:
        return Passed(channel.id)
    return Breach(
        subject=channel,
        message=f"{channel.status} channel '{channel.id}' has no {', '.join(missing)} in its rollout case",
        at=("rollout",) if rollout is not None else (),
        label=f"{len(missing)} of {len(CRITERIA)} criteria open",
        evidence=_burden(inventory, channel),
        measures={"open_criteria": len(missing)},
        fix=Fix(f"say of its rollout: {', '.join(missing)}"),
    )


def _burden(inventory: Inventory, channel: Channel) -> tuple[tuple[str, str], ...]:
    """What would have to be run for the channel."""
    communications = [
        one.id for one in inventory.of(Communication)
        if any(route.channel == channel.id for route in routes_of(one) or ())
    ]  # fmt: skip
    tasks = [one.id for one in inventory.of(Task) if any(item.channel == channel.id for item in one.channels or ())]
    rows = (
        ("pools to staff", [one.id for one in inventory.of(AgentPool) if channel.id in (one.channels or ())]),
        ("communications to adapt", communications),
        ("touchpoints to run", [one.id for one in inventory.of(Touchpoint) if one.channel == channel.id]),
        ("tasks to support", tasks),
    )
    return tuple((label, ", ".join(f"'{name}'" for name in names[:5])) for label, names in rows if names)
