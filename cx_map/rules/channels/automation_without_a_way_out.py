"""CHAN110."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.handoffs import transitions
from cx_map.analyses.opening_hours import ALWAYS, gaps, minutes_of
from cx_map.analyses.staffing import Staffing, automated, staffing
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Channel
from cx_map.model.chapter_service import AgentPool, Journey, Touchpoint
from cx_map.model.inventory import Inventory
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule


class Parameters(Struct, frozen=True):
    """How far away a person may be."""

    steps: Annotated[int, "Most steps from a machine to a person."] = 3


@rule("CHAN110", severity="major", unlock=("channels.*.offramp", "journeys.*.steps"))
def automation_without_a_way_out(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A chat bot or voice menu from which no customer gets to a person.

    ## Why it matters
    A bot that leads back to its own menu is a doom loop: customers with the very problems that it cannot solve are the
    ones it keeps.

    ## How it decides
    A touchpoint at which a machine talks to customers (channel kind ivr, a platform with the capability chatbot or ivr,
    or self-service by chat) breaks the rule when no touchpoint with people is reached within `steps` steps of journeys,
    nor one whose channel has an `offramp` to a usable agent pool or staffed channel, and its own channel has none
    either. Where its channel says nothing of an `offramp` and no journey leads on from it, or where an off-ramp is
    `unknown` or leads to a channel of which nobody says whether people answer, it is not assessed. A way out only to
    pools that are closed at times when the channel is open is *minor*.

    ## Evidence it needs
    `offramp` of channels, or `journeys` with steps.

    ## Example
    ```yaml
    platforms: {bot: {capabilities: [chatbot]}}
    channels: {chat: {offramp: []}}
    touchpoints:
      bot-chat: {channel: chat, platform: bot}  # CHAN110
    ```

    ## Mended
    ```yaml
    platforms: {bot: {capabilities: [chatbot]}}
    channels: {chat: {offramp: chat-desk}}
    agent_pools: {chat-desk: {channels: [phone]}}
    touchpoints:
      bot-chat: {channel: chat, platform: bot}
    ```

    ## References
    CFPB, Chatbots in consumer finance, 2023 ("doom loops"). Three steps are a judgement.
    """
    known, following = eco.once(staffing), eco.once(_following)
    for touchpoint in eco.inventory.of(Touchpoint):
        if touchpoint.usable and automated(eco.inventory, touchpoint):
            yield _judge(eco.inventory, known, following, touchpoint, parameters.steps)


def _following(eco: Ecosystem) -> Mapping[str, tuple[str, ...]]:
    """The touchpoints that journeys lead to from each."""
    found: dict[str, set[str]] = {}
    for journey in eco.inventory.of(Journey):
        if journey.usable:
            for one in transitions(journey, eco.inventory):
                found.setdefault(one.before.id, set()).add(one.after.id)
    return {name: tuple(sorted(after)) for name, after in found.items()}


def _way_out(inventory: Inventory, known: Staffing, channel: Channel | None) -> tuple[AgentPool | None, bool] | None:
    """The pool that a channel's off-ramp leads to (None: not known which), and whether it surely leads to people.

    None where there is no off-ramp.
    """
    if channel is not None and "offramp" in channel.unknown:
        return (None, False)
    if channel is None or channel.offramp is None:
        return None
    pool = inventory.find(channel.offramp, AgentPool)
    if pool is not None:
        return (pool, True) if pool.usable else None
    target = inventory.find(channel.offramp, Channel)
    staffed = known.channel(target) if target is not None and target.usable else False
    return None if staffed is False else (None, staffed is True)


def _judge(
    inventory: Inventory, known: Staffing, following: Mapping[str, tuple[str, ...]], touchpoint: Touchpoint, steps: int
) -> Verdict:
    channel = inventory.find(touchpoint.channel, Channel)
    seen, edge = {touchpoint.id}, [touchpoint]
    unclear = False
    closed: tuple[AgentPool, str] | None = None
    for step in range(steps + 1):
        after: list[Touchpoint] = []
        for one in edge:
            if step > 0:
                staffed = known.touchpoint(inventory, one)
                if staffed:
                    return Passed(touchpoint.id)
                unclear = unclear or staffed is None
            way = _way_out(inventory, known, inventory.find(one.channel, Channel)) if step < steps else None
            if way is not None and not way[1]:
                unclear = True
            elif way is not None:
                shut = _shut(inventory, channel, way[0])
                if not shut or way[0] is None:
                    return Passed(touchpoint.id)
                closed = closed or (way[0], shut)
            for name in following.get(one.id, ()):
                entity = inventory.find(name, Touchpoint)
                if name not in seen and entity is not None:
                    seen.add(name)
                    after.append(entity)
        edge = after
    if closed is not None:
        return _closed(touchpoint, *closed)
    silent = channel is None or (channel.offramp is None and "offramp" not in channel.nothing)
    if unclear or (silent and not following.get(touchpoint.id)):
        reason = "whether people stand behind a step or off-ramp is not known"
        return NotAssessed(touchpoint.id, reason, ("channels.*.offramp", "journeys.*.steps"))
    return Breach(
        subject=touchpoint,
        message=f"touchpoint '{touchpoint.id}' is a machine from which no person is reached within {steps} steps",
        label="no way out",
        related=tuple(sorted(seen - {touchpoint.id})),
        evidence=(("leads to", ", ".join(f"'{name}'" for name in sorted(seen - {touchpoint.id})) or "nothing"),),
        measures={"steps": steps},
        fix=_fix(inventory, touchpoint, channel),
    )


def _shut(inventory: Inventory, channel: Channel | None, pool: AgentPool | None) -> str:
    """The longest time of the week in which the channel is open and the pool is not; empty where there is none."""
    hours = pool.hours if pool is not None else None
    business = inventory.organization.business_hours if inventory.organization is not None else None
    staffed = minutes_of(hours, business) if hours is not None else None
    if staffed is None or channel is None or channel.hours is None:
        return ""
    opened = minutes_of(channel.hours, business)
    if opened is None or opened & ~staffed == 0:
        return ""
    return gaps(ALWAYS & ~(opened & ~staffed))


def _closed(touchpoint: Touchpoint, pool: AgentPool, shut: str) -> Breach:
    return Breach(
        subject=touchpoint,
        message=f"touchpoint '{touchpoint.id}' leads to people only while '{pool.id}' is open, not from {shut}",
        severity="minor",
        label=f"nobody from {shut}",
        related=(pool.id,),
        discriminator=("hours",),
        fix=Fix("offer a call-back while the pool is closed, or extend its hours"),
    )


def _fix(inventory: Inventory, touchpoint: Touchpoint, channel: Channel | None) -> Fix:
    """An off-ramp from the machine's channel to a pool that is there: of the same team, else the first."""
    pools = [one for one in inventory.of(AgentPool) if one.usable and not _shut(inventory, channel, one)]
    if channel is None or not pools:
        return Fix("offer a person at each step, and name the pool in the channel's `offramp`")
    best = min(pools, key=lambda one: (one.team is None or one.team != touchpoint.team, one.id))
    operator = "add" if channel.id in inventory.shipped else "change"
    change: dict[str, object] = {channel.id: {"offramp": best.id}}
    return Fix(f"lead customers of '{channel.id}' to '{best.id}' on demand", (
        {operator: {"channels": change} if operator == "add" else change},
    ))  # fmt: skip
