"""CHAN106."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.channel_cost import yearly_costs
from cx_map.analyses.service_reach import usable_channels
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Channel, Communication
from cx_map.model.chapter_service import Journey, Task, Touchpoint
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Range, Verdict, rule


class Parameters(Struct, frozen=True):
    """When a segment needs care rather than economy."""

    vulnerable: Annotated[float, "Share of vulnerable customers above which a segment needs personal channels."] = 0.1


_UNLOCK = ("segments.*.value", "segments.*.vulnerable", "channels.*.cost_per_contact", "channels.*.touch")


@rule("CHAN106", severity="minor", unlock=_UNLOCK)
def channel_cost_against_customer_value(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Contacts with a segment cost more than it brings, or valuable and vulnerable customers get machines only.

    ## Why it matters
    Both ends lose customers or money: costly channels for contacts that nobody asked for, and cheap impersonal ones for
    those who need a person or would stay for one.

    ## How it decides
    A segment breaks the rule in two ways. What it is sent and helped with costs more in a year than it contributes: for
    each communication, its yearly items x the shares of its routes x `cost_per_contact`, and for each task its yearly
    volume x the cost of the cheapest channel that supports it, divided evenly among the customers of the segments;
    unknown costs and volumes count 0, and of routes whose shares are not known the cheapest counts, so that this is a
    lower bound. Regulatory, security and collections messages do not count (they are demanded, whatever a customer
    brings), nor do answers to complaints (what an action of a team with the function complaints informs by, or a
    declared loop of a complaint answers with), nor are segments judged whose share of vulnerable customers is not known
    or above `vulnerable`. Or it is of value tier high, or more than `vulnerable` of it are vulnerable, and every
    channel by which it gets communications, can do its tasks or takes its journeys is of `touch` low. The finding says
    that cost exceeds contribution; it is no advice to serve anybody worse.

    ## Evidence it needs
    `value` or `vulnerable` of segments; `touch` or `cost_per_contact` of channels; communications with segments.

    ## Example
    ```yaml
    segments:
      private-clients: {customers: 2000, value: {tier: high}}  # CHAN106
    communications:
      portfolio-news: {segments: [private-clients], channels: [email, push]}
    ```

    ## Mended
    ```yaml
    segments:
      private-clients: {customers: 2000, value: {tier: high}}
    communications:
      portfolio-news: {segments: [private-clients], channels: [email, push]}
    tasks:
      ask-for-advice: {segments: [private-clients], channels: [{channel: phone, support: full}]}
    ```

    ## References
    Serving customers in channels that fit their value and needs, as published practice of channel strategy. No default
    costs are shipped. The share is a judgement.
    """
    costs = eco.once(yearly_costs)
    served = eco.once(_channels)
    for segment in eco.inventory.of(Segment):
        if segment.usable:
            yield _judge(segment, costs.get(segment.id, 0.0), served.get(segment.id, ()), parameters)


def _channels(eco: Ecosystem) -> Mapping[str, tuple[Channel, ...]]:
    """The usable channels by which each segment gets communications, can do its tasks or takes its journeys."""
    inventory = eco.inventory
    found: dict[str, set[str]] = {}
    for communication in inventory.of(Communication):
        if communication.usable:
            for segment in communication.segments or ():
                found.setdefault(segment, set()).update(usable_channels(eco, communication) or ())
    for task in inventory.of(Task):
        names = {one.channel for one in task.channels or () if one.channel is not None and one.support != "none"}
        for segment in task.segments or () if task.usable else ():
            found.setdefault(segment, set()).update(names)
    for journey in inventory.of(Journey):
        if journey.usable and journey.segments:
            steps = {
                name
                for step in journey.steps or ()
                for name in (step.touchpoint, step.from_, step.to)
                if name is not None
            }
            places = [
                place
                for name in sorted(steps)
                if (place := inventory.find(name, Touchpoint)) is not None and place.usable
            ]
            for segment in journey.segments:
                found.setdefault(segment, set()).update(place.channel for place in places if place.channel is not None)
    return {
        name: tuple(
            one for channel in sorted(of) if (one := inventory.find(channel, Channel)) is not None and one.usable
        )
        for name, of in found.items()
    }


def _judge(segment: Segment, cost: float, channels: tuple[Channel, ...], parameters: Parameters) -> Verdict:
    vulnerable, value = segment.vulnerable, segment.value
    contribution = value.contribution_per_customer if value is not None else None
    needs_care = vulnerable is not None and vulnerable.lowest > parameters.vulnerable
    valuable = value is not None and (value.tier or "").casefold() == "high"
    if needs_care or valuable:
        if channels and all(one.touch == "low" for one in channels):
            return _impersonal(segment, channels, "many vulnerable customers" if needs_care else "value tier high")
        if not channels or (
            any(one.touch is None for one in channels) and not any(one.touch in ("medium", "high") for one in channels)
        ):
            return NotAssessed(segment.id, "how personal its channels are is not known", ("channels.*.touch",))
        return Passed(segment.id)
    if value is None or (contribution is None and value.tier is None):
        return NotAssessed(segment.id, "neither its value nor its vulnerable customers are known", _UNLOCK[:2])
    if contribution is None:
        return Passed(segment.id)
    if vulnerable is None:
        return NotAssessed(
            segment.id, "how many of its customers are vulnerable is not known", ("segments.*.vulnerable",)
        )
    if cost <= contribution.highest:
        return (
            Passed(segment.id)
            if cost > 0
            else NotAssessed(segment.id, "what its channels cost is not known", _UNLOCK[2:3])
        )
    return Breach(
        subject=segment,
        message=f"contacts with segment '{segment.id}' cost {cost:,.2f} {contribution.currency} a customer in a year, "
        f"more than the {contribution.value:,.2f} that a customer contributes",
        at=("value",),
        label="cost exceeds contribution",
        related=tuple(one.id for one in channels),
        discriminator=("cost",),
        measures={"cost_per_customer": round(cost, 2), "contribution_per_customer": contribution.value},
        basis=contribution.basis or "reported",
        fix=Fix("send fewer messages that nobody asked for, and let customers choose a channel that costs less"),
    )


def _impersonal(segment: Segment, channels: tuple[Channel, ...], why: str) -> Breach:
    names = tuple(one.id for one in channels)
    measures = {}
    if segment.customers is not None:
        size = segment.customers
        measures["customers"] = Range(size.lowest, size.highest, size.basis or "reported")
    return Breach(
        subject=segment,
        message=f"segment '{segment.id}' ({why}) has impersonal channels only: {', '.join(repr(name) for name in names)}",
        label="no person in any channel",
        related=names,
        discriminator=("touch",),
        evidence=tuple((one.id, f"touch {one.touch}") for one in channels),
        measures=measures,
        fix=Fix("offer a channel with people to this segment, such as a named adviser or a call-back"),
    )
