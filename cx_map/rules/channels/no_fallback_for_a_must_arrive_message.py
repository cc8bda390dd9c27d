"""CHAN104."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping

from cx_map.analyses.affected import affected
from cx_map.analyses.broken_routes import working_routes
from cx_map.analyses.channel_assurance import unfit_channels
from cx_map.analyses.failed_delivery import delivering, heard, told_to, word_of_failure
from cx_map.analyses.fallbacks import Way, avoided_by, lawful, stood_in_for, ways_by_channel, with_fallback
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Channel, Communication, Route
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.impact import impact_measures

MUST_ARRIVE = ("regulatory", "security", "collections")
DELIVERED_BY_HAND = ("letter", "branch")
"""Kinds of channel that are themselves the last resort."""
LASTING = ("letter", "voice")
"""Kinds of channel that reach people whose electronic address failed."""


@rule(
    "CHAN104", severity="major", unlock=("communications.*.purpose", "communications.*.routes", "platforms.*.events_to")
)
def no_fallback_for_a_must_arrive_message(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A message that must arrive has one channel only, or a fallback that nothing sets off.

    ## Why it matters
    E-mails bounce and numbers change. A message that has to arrive needs a second way, and word of the failure has to
    reach whoever sends by it.

    ## How it decides
    A usable communication with `must_arrive`, or with purpose regulatory, security or collections unless it says
    `must_arrive: false`, breaks the rule when all its routes that work (over nothing proposed or retired) end in one
    channel that is not a letter or branch (post is the usual last resort; its own failure is REG104's business); or
    when a fallback stands in for a working route whose last platform sends its delivery events (`events_to`) nowhere,
    or to stores from which no flow leads to the fallback's platforms or to where the channel is decided. Unknown
    `events_to` is not assessed. The fallback it proposes is a way that other communications use: for regulatory and
    collections messages a letter or call where there is one, never push or SMS for regulatory ones, else what reaches
    most of the segments.

    ## Evidence it needs
    `purpose` or `must_arrive`, `routes`, and `events_to` of the delivering platforms.

    ## Example
    ```yaml
    communications:
      rate-change:
        purpose: regulatory
        routes: [{channel: email}]  # CHAN104
    ```

    ## Mended
    ```yaml
    data_sources: {bounces: {}}
    platforms: {mailer: {events_to: bounces}, letters: {}}
    communications:
      rate-change:
        purpose: regulatory
        routes: [{channel: email, platforms: [mailer]}, {channel: letter, platforms: [letters], fallback_for: email}]
    flows: [{from: bounces, to: letters, via: event}]
    ```

    ## References
    Delivery failure handling as published practice of communications management.
    """
    for communication in eco.inventory.of(Communication):
        if not communication.usable:
            continue
        if communication.purpose is None and communication.must_arrive is None:
            yield NotAssessed(communication.id, "its purpose is not known", ("communications.*.purpose",))
        elif communication.must_arrive or (communication.must_arrive is None and communication.purpose in MUST_ARRIVE):
            yield _judge(eco, communication)


def _judge(eco: Ecosystem, communication: Communication) -> Verdict:
    inventory = eco.inventory
    routes = routes_of(communication)
    if not routes or any(route.channel is None for route in routes):
        return NotAssessed(communication.id, "its channels are not known", ("communications.*.routes.channel",))
    working = working_routes(eco, communication) or ()
    channels = {one.id: one for route in working if (one := inventory.find(route.channel, Channel)) is not None}
    if len(channels) == 1:
        (only,) = channels.values()
        if only.kind_ in DELIVERED_BY_HAND:
            return Passed(communication.id)
        return _alone(eco, communication, only)
    unclear = False
    for number, route in enumerate(routes):
        if route.fallback_for is None or route not in working:
            continue
        failing = next((one for one in routes if one.id == route.fallback_for), None)
        if failing is not None and failing not in working:
            continue  # nothing is delivered there that could fail: the fallback is the way
        known = None if failing is None else heard(eco, communication, failing, _hops(route))
        if known is False and failing is not None:
            return _unheard(eco, communication, failing, route, number)
        unclear = unclear or known is None
    if unclear:
        return NotAssessed(communication.id, "where delivery events go is not known", ("platforms.*.events_to",))
    return Passed(communication.id)


def _hops(route: Route) -> list[str]:
    """The platforms of a route, in order."""
    return [name for hop in route.platforms or () for name in hop.any_of or ()]


def _alone(eco: Ecosystem, communication: Communication, only: Channel) -> Breach:
    way = _way(eco, communication, {only.id} | unfit_channels(eco.inventory, communication))
    change = with_fallback(communication, way) if way is not None else None
    fix = Fix("add a fallback by another channel, such as a letter after a bounce")
    if way is not None and change is not None:
        routes = routes_of(communication) or ()
        last = [one for route in routes for one in delivering(eco.inventory, route)]
        words = (word_of_failure(eco, communication, route, way.platforms) for route in stood_in_for(communication))
        changes = [change, *(word for word in words if word is not None)]
        known = told_to(eco.inventory, last) or any(one.events_to is None for one in last) or not last
        fix = Fix(f"fall back on '{way.channel}', which is there already", tuple(changes) if known else ())
    return Breach(
        subject=communication,
        message=f"communication '{communication.id}' must arrive, and '{only.id}' is its only channel",
        at=("routes",) if communication.routes is not None else ("channels",),
        label="no fallback",
        related=(only.id,),
        measures=impact_measures(affected(eco, [communication.id])),
        fix=fix,
    )


def _way(eco: Ecosystem, communication: Communication, avoiding: Collection[str]) -> Way | None:
    """The working way, of those other communications use, that is the best fallback; None where there is none.

    For what the law or a debt demands a letter or call before all else, and, by law, nothing fleeting; then what
    reaches most of the segment it reaches least, then the shortest. Channels that reach none of a segment are out.
    """
    demanded = communication.purpose in ("regulatory", "collections")
    avoided = avoided_by(eco.once(production), avoiding)
    within = communication.deadline.seconds if communication.deadline is not None else math.inf
    found: list[tuple[bool, float, int, Way]] = []
    for name, group in eco.once(ways_by_channel).items():
        channel = eco.inventory.find(name, Channel)
        kind = channel.kind_ if channel is not None else None
        reach = _reach(eco.inventory, communication, name)
        first = group.first_without(avoided, within) if lawful(eco.inventory, communication, name) else None
        if reach is not None and first is not None:
            found.append((demanded and kind not in LASTING, -reach, *first))
    return min(found)[-1] if found else None


def _reach(inventory: Inventory, communication: Communication, channel: str) -> float | None:
    """The share that a channel surely reaches of the segment it reaches least, 0 if unstated; None: it misses one."""
    segments = [inventory.find(name, Segment) for name in communication.segments or ()]
    stated = [one.reachable_by for one in segments if one is not None and one.reachable_by is not None]
    if any(channel not in shares or shares[channel].highest <= 0 for shares in stated):
        return None
    return min((shares[channel].lowest for shares in stated), default=0.0)


def _unheard(eco: Ecosystem, communication: Communication, failing: Route, route: Route, number: int) -> Breach:
    last = delivering(eco.inventory, failing)
    stores = told_to(eco.inventory, last)
    word = word_of_failure(eco, communication, failing, _hops(route))
    changes: tuple[Mapping[str, object], ...] = ()
    summary = f"let '{last[0].id}' tell what could not be delivered"
    if word is not None:
        changes = (word,)
        ends = word["connect"]
        assert isinstance(ends, dict)  # made so
        summary = f"connect '{ends['from']}', where failures are known, to '{ends['to']}'"
    return Breach(
        subject=communication,
        message=f"communication '{communication.id}' falls back on '{route.id}', but no word of failed delivery by "
        f"'{failing.id}' gets there",
        at=("routes", number),
        label="nothing sets it off",
        related=(*(one.id for one in last), *stores),
        discriminator=(route.id or "",),
        measures=impact_measures(affected(eco, [communication.id])),
        fix=Fix(summary, changes),
    )
