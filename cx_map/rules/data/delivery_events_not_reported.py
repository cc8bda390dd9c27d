"""DATA103."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.affected import volume_of
from cx_map.analyses.bounds import ZERO, Bounds, bounds_of
from cx_map.analyses.data_kinds import all_from, feeders
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication, DataSource, Platform
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.bounded import measures_of

_UNLOCK = ("platforms.*.events_to", "data_sources.*.role", "communications.*.volume")


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
    The last platform of each route delivers, and must say in `events_to` where its delivery events go. From one of these stores a
    chain of usable flows must lead to a store with the role `reporting` (or a platform with the capability `reporting`).
    Platforms for which it does not are *unheard*; the rule is broken, once for each of them, when the unheard platforms
    deliver more than `uncovered_share` of all items. Where no volume is known communications are counted instead; where only some
    are, nothing is assessed that hangs on them.

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
    unheard = dict.fromkeys(
        name for name in delivered if name not in silent and heard.isdisjoint(_platform(eco, name).events_to or ())
    )
    share = _share(eco, delivered, unheard)
    for name in delivered:
        if name in silent:
            yield NotAssessed(name, "where its delivery events go is not known", _UNLOCK[:1])
        elif name not in unheard or (share is not None and share <= parameters.uncovered_share):
            yield Passed(name)
        elif share is None:
            yield NotAssessed(name, "some volumes are not known", _UNLOCK[2:])
        else:
            yield _breach(eco, name, delivered[name], share)


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
    total = ZERO
    for communication in communications:
        volume = volume_of(eco, communication)
        for route in routes_of(communication) or ():
            last = (route.platforms[-1].any_of or ()) if route.platforms else ()
            if name in last:
                share = Bounds(0.0, None, 1.0) if route.share is None or len(last) > 1 else bounds_of(route.share)
                total = total + volume * share
    return total


def _share(eco: Ecosystem, delivered: Mapping[str, tuple[Communication, ...]], unheard: Iterable[str]) -> float | None:
    """The share of items (else of communications) that unheard platforms deliver; None where volumes are known in part."""
    everything = {one.id: one for some in delivered.values() for one in some}
    known = [one for one in everything.values() if one.volume is not None]
    if not known:
        touched = {one.id for name in unheard for one in delivered[name]}
        return len(touched) / len(everything) if everything else 0.0
    if len(known) < len(everything):
        return None
    total = sum(one.volume.value for one in known if one.volume is not None)
    lost = sum(_items(eco, name, delivered[name]).said for name in unheard)
    vague = sum(_items(eco, name, delivered[name]).high or 0.0 for name in unheard)
    if total <= 0:
        return 0.0
    return min(lost / total, 1.0) if lost > 0 or vague == 0 else None


def _breach(eco: Ecosystem, name: str, communications: tuple[Communication, ...], share: float) -> Breach:
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
        evidence=(("share of all items that nobody hears of", f"{share:.0%}"),),
        measures={**measures_of(items_per_month=_items(eco, name, communications)), "uncovered_share": round(share, 3)},
        fix=fix,
    )
