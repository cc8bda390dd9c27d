"""DATA103."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.affected import volume_of
from cx_map.analyses.bounds import ZERO, Bounds, bounds_of, exactly, total
from cx_map.analyses.data_kinds import all_from, feeders
from cx_map.analyses.wording import percent
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication, DataSource, Platform
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.bounded import measures_of

_UNLOCK = ("platforms.*.events_to", "data_sources.*.role", "communications.*.volume", "communications.*.routes.share")


class Parameters(Struct, frozen=True):
    """How much may go unheard."""

    uncovered_share: Annotated[float, "Share of all items sent of which nobody centrally hears."] = 0.1


@rule("DATA103", severity="minor", unlock=_UNLOCK)
def delivery_events_not_reported(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Whether messages were delivered, bounced or read is not heard of where the firm reports.

    ## Why it matters
    Nobody can say what customers got, which channel works, or who was never reached; undeliverable letters are found
    by complaint.

    ## How it decides
    The last platform of each route delivers, and must say in `events_to` where its delivery events go. From one of
    these stores a chain of usable flows must lead to a store with the role `reporting` (or a platform with the
    capability `reporting`). Platforms for which it does not are *unheard*; the rule is broken, once for each of them,
    when the unheard platforms deliver more than `uncovered_share` of all items (with `send: all`, of one item a route),
    those whose routes nobody describes included. Where no volume is known communications are counted instead; where
    volumes or shares of routes are known in part and what is certain is not too much yet, nothing is assessed that
    hangs on them; nor are events that go somewhere where no place is said to report.

    ## Evidence it needs
    `events_to` of the platforms that deliver, a reporting store, flows, volumes.

    ## Example
    ```yaml
    data_sources: {warehouse: {role: reporting}}
    platforms:
      esp: {events_to: [warehouse]}
      print-vendor: {events_to: []}  # DATA103
    communications:
      newsletter: {volume: 5000/month, routes: [{channel: email, platforms: [esp]}]}
      statement: {volume: 40000/month, routes: [{channel: letter, platforms: [print-vendor]}]}
    ```

    ## Mended
    ```yaml
    data_sources: {warehouse: {role: reporting}}
    platforms:
      esp: {events_to: [warehouse]}
      print-vendor: {events_to: [warehouse]}
    communications:
      newsletter: {volume: 5000/month, routes: [{channel: email, platforms: [esp]}]}
      statement: {volume: 40000/month, routes: [{channel: letter, platforms: [print-vendor]}]}
    ```

    ## References
    Assessment of communications ecosystems: delivery reported centrally. 10 % is a judgement.
    """
    delivered = eco.once(_delivered)
    heard = eco.once(_heard)
    silent = {name for name in delivered if _platform(eco, name).events_to is None}
    somewhere = {name for name in delivered if not heard and _platform(eco, name).events_to}
    open_ = silent | somewhere
    unheard = dict.fromkeys(
        name for name in delivered if name not in open_ and heard.isdisjoint(_platform(eco, name).events_to or ())
    )
    share = _share(eco, delivered, unheard)
    for name in delivered:
        if name in silent:
            yield NotAssessed(name, "where its delivery events go is not known", _UNLOCK[:1])
        elif name in somewhere:
            yield NotAssessed(name, "no store is said to be where the firm reports", _UNLOCK[1:2])
        elif name not in unheard or (share.high is not None and share.high <= parameters.uncovered_share):
            yield Passed(name)
        elif share.low > parameters.uncovered_share:
            yield _breach(eco, name, delivered[name], share)
        else:
            yield NotAssessed(name, "some volumes, or shares of routes, are not known", _UNLOCK[2:])


def _platform(eco: Ecosystem, name: str) -> Platform:
    entity = eco.inventory.entities[name]
    assert isinstance(entity, Platform)  # only platforms stand on routes
    return entity


def _delivered(eco: Ecosystem) -> Mapping[str, tuple[Communication, ...]]:
    """Usable platforms that deliver, with what they deliver, by id."""
    found: dict[str, dict[str, Communication]] = {}
    for communication in eco.inventory.of(Communication):
        if not communication.usable:
            continue
        for route in routes_of(communication) or ():
            for name in (route.platforms[-1].any_of or ()) if route.platforms else ():
                if eco.inventory.entities[name].usable:
                    found.setdefault(name, {})[communication.id] = communication
    return {name: tuple(found[name].values()) for name in sorted(found)}


def _reporting(eco: Ecosystem) -> tuple[str, ...]:
    stores = [one.id for one in eco.inventory.of(DataSource) if one.usable and one.role == "reporting"]
    return (
        *stores,
        *(one.id for one in eco.inventory.of(Platform) if one.usable and "reporting" in (one.capabilities or ())),
    )


def _heard(eco: Ecosystem) -> frozenset[str]:
    """Places from which word gets to where the firm reports."""
    return all_from(eco.once(feeders), eco.once(_reporting))


def _items(eco: Ecosystem, name: str, communications: tuple[Communication, ...]) -> Bounds:
    """Items a month that a platform delivers: at least, where shares of routes are not known, none of them."""
    items = ZERO
    for communication in communications:
        volume = volume_of(eco, communication)
        for route in routes_of(communication) or ():
            last = (route.platforms[-1].any_of or ()) if route.platforms else ()
            if name in last:
                share = Bounds(0.0, None, 1.0) if route.share is None or len(last) > 1 else bounds_of(route.share)
                items = items + volume * share
    return items


def _share(eco: Ecosystem, delivered: Mapping[str, tuple[Communication, ...]], unheard: Iterable[str]) -> Bounds:
    """The share of all items that unheard platforms deliver, of communications where no volume is known at all."""
    placed = {one.id: one for some in delivered.values() for one in some}
    unplaced = [
        one for one in eco.inventory.of(Communication) if one.usable and one.id not in placed and routes_of(one) != ()
    ]
    everything = [*placed.values(), *unplaced]
    if not any(one.volume is not None for one in everything):
        touched = {one.id for name in unheard for one in delivered[name]}
        return _at_least(len(touched), len(unplaced), len(everything)) if everything else ZERO
    sent = total(volume_of(eco, one).scaled(_copies(one)) for one in everything)
    lost = total(_items(eco, name, delivered[name]) for name in unheard)
    if lost.high == 0:
        return ZERO
    if not sent.known:
        return Bounds(0.0, None, None, sent.basis)
    if not sent.said:
        return ZERO
    if unplaced:
        more = total(volume_of(eco, one).scaled(_copies(one)) for one in unplaced)
        low = lost.low if lost.value is None else lost.value
        found = _at_least(low, more.said, sent.said)
        return Bounds(found.low, found.value, found.high if lost.value is not None else None, lost.basis)
    low = min((lost.low if lost.value is None else lost.value) / sent.said, 1.0)
    high = lost.high if lost.value is None else lost.value
    return Bounds(
        low, None if lost.value is None else low, None if high is None else min(high / sent.said, 1.0), lost.basis
    )


def _at_least(sure: float, perhaps: float, whole: float) -> Bounds:
    """A share to which what nobody knows the deliverer of may add."""
    return exactly(sure / whole) if not perhaps else Bounds(sure / whole, None, min((sure + perhaps) / whole, 1.0))


def _copies(communication: Communication) -> int:
    """How often an item is sent: once, or by each primary route."""
    if communication.send != "all":
        return 1
    return max(sum(route.fallback_for is None for route in routes_of(communication) or ()), 1)


def _breach(eco: Ecosystem, name: str, communications: tuple[Communication, ...], share: Bounds) -> Breach:
    platform = _platform(eco, name)
    target = next(iter(eco.once(_reporting)), None)
    fix = Fix("send its delivery events to a store that reports")
    if target is not None:
        more: object = {"add": [target]} if platform.events_to else [target]
        fix = Fix(f"send its delivery events to '{target}'", ({"change": {name: {"events_to": more}}},))
    where = ", ".join(platform.events_to or ()) or "nowhere"
    return Breach(
        subject=platform,
        message=f"delivery events of '{name}' do not get to where the firm reports",
        at=("events_to",) if platform.events_to is not None else (),
        label=f"its events go {where}" if where == "nowhere" else f"its events stay at {where}",
        related=tuple(one.id for one in communications[:8]),
        evidence=(
            ("share of all items that nobody hears of", f"{'' if share.known else 'at least '}{percent(share.low)}"),
        ),
        measures={
            **measures_of(items_per_month=_items(eco, name, communications)),
            "uncovered_share": round(share.low, 3),
        },
        basis=share.basis,
        fix=fix,
    )
