"""CHAN103."""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.analyses.affected import affected
from cx_map.analyses.broken_routes import working_routes
from cx_map.analyses.channel_assurance import least_seconds
from cx_map.analyses.fallbacks import fallback, with_first
from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Channel, Communication
from cx_map.model.routes import routes_of
from cx_map.model.values import Duration
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Severity, Verdict, rule
from cx_map.rulekit.impact import impact_measures


@rule("CHAN103", severity="major", unlock=("communications.*.deadline", "channels.*.latency"))
def urgent_message_on_a_slow_channel(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """An urgent message goes by channels that cannot be in time, whatever the systems before them do.

    ## Why it matters
    A warning of fraud by letter arrives when the money is gone. No faster system mends that, only another channel.

    ## How it decides
    A usable communication with a `deadline` breaks the rule when every channel of its routes that work, fallbacks included,
    takes longer than that by itself (95th percentile of its `latency`; a letter takes at least twelve hours, whatever
    is stated). It is *critical* for regulatory and security messages, else *major*; *minor* where the median of a channel is
    in time. Where the channels could be in time but the way to them is too slow, that is BOT107; where they could not, the
    BOT107 of the same message is a consequence of this finding. Channels of unknown latency may be in time: then it is not assessed.

    ## Evidence it needs
    `deadline` of communications and `latency` of channels.

    ## Example
    ```yaml
    communications:
      fraud-alert:
        purpose: security
        deadline: 5m  # CHAN103
        routes: [{channel: letter}]
    ```

    ## Mended
    ```yaml
    channels: {push: {latency: 2s}}
    communications:
      fraud-alert:
        purpose: security
        deadline: 5m
        routes: [{channel: push}, {channel: letter, fallback_for: push}]
    ```

    ## References
    Using channels that fit the interaction, as published practice of channel strategy. Twelve hours for a letter is a
    judgement.
    """
    for communication in eco.inventory.of(Communication):
        if communication.usable:
            yield _judge(eco, communication)


def _judge(eco: Ecosystem, communication: Communication) -> Verdict:
    deadline = communication.deadline
    if deadline is None:
        return NotAssessed(communication.id, "its deadline is not known", ("communications.*.deadline",))
    routes = routes_of(communication)
    if not routes or any(route.channel is None for route in routes):
        return NotAssessed(communication.id, "its channels are not known", ("communications.*.routes.channel",))
    working = working_routes(eco, communication) or ()
    channels = [one for route in working if (one := eco.inventory.find(route.channel, Channel)) is not None]
    if not channels:
        return NotAssessed(communication.id, "none of its routes works", ("communications.*.routes",))
    times = [least_seconds(one) for one in channels]
    known = [seconds for seconds in times if seconds is not None]
    if len(known) == len(times) and min(known) > deadline.seconds:
        return _breach(eco, communication, channels, min(known), deadline)
    bounded = [one for one in channels if one.latency is not None and one.latency.bounded]
    if any((least_seconds(one) or 0.0) <= deadline.seconds for one in bounded):
        return Passed(communication.id)
    return NotAssessed(communication.id, "how long a channel takes is not known", ("channels.*.latency",))


def _breach(
    eco: Ecosystem, communication: Communication, channels: list[Channel], fastest: float, deadline: Duration
) -> Breach:
    names = list(dict.fromkeys(one.id for one in channels))
    late = all(_usually(one) > deadline.seconds for one in channels)
    return Breach(
        subject=communication,
        message=f"communication '{communication.id}' must arrive within {length(deadline.seconds)}, "
        f"but its fastest channel takes {length(fastest)}" + ("" if late else " in one case of twenty"),
        severity=_severity(communication, late=late),
        at=("deadline",),
        label=f"{length(fastest)} at least",
        related=tuple(names),
        evidence=tuple(dict.fromkeys((one.id, f"takes {length(least_seconds(one) or 0.0)}") for one in channels)),
        measures={
            "hours_allowed": round(deadline.seconds / 3600, 4),
            "hours_needed": round(fastest / 3600, 4),
            **impact_measures(affected(eco, [communication.id])),
        },
        fix=_fix(eco, communication, deadline),
    )


def _usually(channel: Channel) -> float:
    """The median of a channel in seconds, but no less than any letter takes."""
    typical = channel.latency.typical if channel.latency is not None else None
    least = least_seconds(channel) or 0.0
    return least if channel.kind_ == "letter" or typical is None else typical


def _severity(communication: Communication, *, late: bool) -> Severity:
    if not late:
        return "minor"
    return "critical" if communication.regulated else "major"


def _fix(eco: Ecosystem, communication: Communication, deadline: Duration) -> Fix:
    """The fastest way in use that is in time, reaches the segments and may carry the content."""
    slow = {
        one.id for one in eco.inventory.of(Channel)
        if (seconds := least_seconds(one)) is None or seconds > deadline.seconds or one.touch == "high"
    }  # fmt: skip
    way = fallback(eco, communication, slow)
    change = with_first(communication, way) if way is not None else None
    if way is None or change is None:
        return Fix("add a channel that is in time, such as push or SMS, and tell the rest there")
    return Fix(f"send it by '{way.channel}' first, which is there already", (change,))
