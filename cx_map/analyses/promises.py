"""Whether what is promised to customers is written down, owned, kept, in time, and watched (analysis F).

The walk: made_at -> recorded_in -> owner -> kept_by -> a way to the same customers; its total time at most
``within``; and something that monitors it.

Longer than most modules: the seven elements of one walk are judged together.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.graph.propagation import Link, propagation
from cx_map.graph.response_edges import tells
from cx_map.model.chapter_customers import CollectionPoint, Segment
from cx_map.model.chapter_feedback import Action
from cx_map.model.chapter_map import Channel, Communication, Platform, Route, Team
from cx_map.model.chapter_service import AgentPool, Journey, Promise, Touchpoint
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of

Element: TypeAlias = Literal["recorded", "owned", "kept", "delivered", "segment", "in time", "monitored"]
ELEMENTS: tuple[Element, ...] = ("recorded", "owned", "kept", "delivered", "segment", "in time", "monitored")
"""The elements of the walk, in order."""


class Missing(Struct, frozen=True):
    """An element of the walk that is not there, what is wrong with it, and the field that says so."""

    element: Element
    why: str
    at: tuple[str, ...]
    silent: bool = False
    """Whether nobody has said anything of it: the field is left out."""


class Walk(Struct, frozen=True):
    """How far a promise is kept; ``open_`` are elements that cannot be judged, with the fields that would tell."""

    promise: Promise
    missing: tuple[Missing, ...]
    open_: tuple[tuple[Element, str], ...]
    seconds: float
    """Time until it is kept, unknown times counted 0."""
    segments: tuple[str, ...]
    """Segments to whom it is made, as far as journeys tell."""


def promise_walks(eco: Ecosystem) -> tuple[Walk, ...]:
    """The walk of every usable promise, in order of id. O(promises * flows)."""
    inventory = eco.inventory
    index = _Index(
        pools=_grouped(inventory),
        segments=_segments(inventory),
        after=_after(eco),
        teams=bool(inventory.of(Team)),
    )
    return tuple(_walk(eco, index, promise) for promise in inventory.of(Promise) if promise.usable)


class _Index(Struct, frozen=True):
    """What every promise needs to know of the inventory."""

    pools: Mapping[str, tuple[AgentPool, ...]]
    segments: Mapping[str, frozenset[str]]
    after: Mapping[str, tuple[Link, ...]]
    teams: bool


def _grouped(inventory: Inventory) -> Mapping[str, tuple[AgentPool, ...]]:
    """Pools that serve a channel, by their team."""
    found: dict[str, list[AgentPool]] = {}
    for pool in inventory.of(AgentPool):
        if pool.usable and pool.team is not None and pool.channels:
            found.setdefault(pool.team, []).append(pool)
    return {team: tuple(pools) for team, pools in found.items()}


def _segments(inventory: Inventory) -> Mapping[str, frozenset[str]]:
    """The segments in use that pass each touchpoint, as far as journeys tell."""
    found: dict[str, set[str]] = {}
    for journey in inventory.of(Journey):
        asked = (inventory.find(one, Segment) for one in journey.segments or ())
        segments = [one.id for one in asked if one is not None and one.usable]
        if journey.usable and segments:
            for step in journey.steps or ():
                for touchpoint in (step.touchpoint, step.from_, step.to):
                    if touchpoint is not None:
                        found.setdefault(touchpoint, set()).update(segments)
    return {name: frozenset(segments) for name, segments in found.items()}


def _after(eco: Ecosystem) -> Mapping[str, tuple[Link, ...]]:
    found: dict[str, list[Link]] = {}
    for link in eco.once(propagation).links:
        if tells(eco.inventory, link.flow):
            found.setdefault(link.source, []).append(link)
    return {name: tuple(links) for name, links in found.items()}


def _walk(eco: Ecosystem, index: _Index, promise: Promise) -> Walk:
    missing: list[Missing] = []
    open_: list[tuple[Element, str]] = []
    seconds, known = 0.0, "recorded_in" not in promise.unknown
    for found in _recorded(eco.inventory, index, promise):
        if isinstance(found, Missing):
            missing.append(found)
        elif isinstance(found, str):
            open_.append(("recorded", found))
        else:
            seconds, known = found
    own, watch = _owned(eco.inventory, index, promise), _monitored(eco.inventory, promise)
    missing += [one for one in (own, watch) if isinstance(one, Missing)]
    open_ += [("owned", own)] if isinstance(own, str) else []
    open_ += [("monitored", watch)] if isinstance(watch, str) else []
    segments = tuple(sorted({one for name in promise.made_at or () for one in index.segments.get(name, ())}))
    keeping = _kept(eco, index, promise, segments)
    missing += keeping.missing
    open_ += keeping.open_
    total = seconds + keeping.seconds
    if promise.within is None:
        open_.append(("in time", "promises.*.within"))
    elif total > promise.within.seconds:
        missing.append(Missing("in time", "it takes longer than promised", ("within",)))
    elif not keeping.missing and not (known and keeping.timed):
        open_.append(("in time", "actions.*.within" if not keeping.timed else "flows.*.latency"))
    missing.sort(key=lambda one: ELEMENTS.index(one.element))
    return Walk(promise, tuple(missing), tuple(open_), total, segments)


def _lacks(promise: Promise, element: Element, field: str, none: str, silent: str) -> Missing | str:
    """A field without a value: known to be none, said to be unknown (then the field), or left out."""
    if field in promise.unknown:
        return f"promises.*.{field}"
    if field in promise.nothing or getattr(promise, field) == ():
        return Missing(element, none, (field,))
    return Missing(element, silent, (), silent=True)


def _recorded(inventory: Inventory, index: _Index, promise: Promise) -> Iterator[Missing | str | tuple[float, bool]]:
    """Whether it is recorded, from everywhere it is made: what is missing, not known, or the time that takes."""
    store = inventory.entities.get(promise.recorded_in or "")
    if store is None:
        yield _lacks(promise, "recorded", "recorded_in", "it is recorded nowhere", "nobody says where it is recorded")
        return
    if not store.usable:
        yield Missing("recorded", f"'{store.id}' is {store.status}", ("recorded_in",))
        return
    if promise.made_at is None:
        yield "promises.*.made_at"
    slowest = (0.0, True)
    for name in promise.made_at or ():
        places = _writes(inventory, name)
        if places is None:
            yield "touchpoints.*.writes_to"
            continue
        arrival = _arrival(index.after, places, store.id)
        if arrival is None:
            yield Missing("recorded", f"what is promised at '{name}' never reaches '{store.id}'", ("recorded_in",))
        elif arrival[0] >= slowest[0]:
            slowest = (arrival[0], arrival[1] and slowest[1])
    yield slowest


def _writes(inventory: Inventory, name: str) -> tuple[str, ...] | None:
    """Where a place that promises puts what it knows; None where that is not known."""
    entity = inventory.entities.get(name)
    if isinstance(entity, (Touchpoint, CollectionPoint)):
        if entity.writes_to is None:
            return None
        return (*entity.writes_to, *((entity.platform,) if entity.platform is not None else ()))
    return (name,) if isinstance(entity, Platform) else None


def _arrival(after: Mapping[str, tuple[Link, ...]], starts: tuple[str, ...], end: str) -> tuple[float, bool] | None:
    """Seconds until something known at the starts is known at the end (Dijkstra), and whether that is exact."""
    done: set[str] = set()
    queue: list[tuple[float, bool, str]] = [(0.0, False, name) for name in sorted(starts)]
    while queue:
        seconds, vague, name = heapq.heappop(queue)
        if name == end:
            return seconds, not vague
        if name in done:
            continue
        done.add(name)
        for link in after.get(name, ()):
            if link.target not in done:
                heapq.heappush(queue, (seconds + link.worst, vague or not link.known, link.target))
    return None


def _owned(inventory: Inventory, index: _Index, promise: Promise) -> Missing | str | None:
    """Whether a usable team has it: the promise's, the record's, or that of what keeps it."""
    names = [promise.owner]
    store = inventory.entities.get(promise.recorded_in or "")
    names.append(store.owner if store is not None else None)
    for name in promise.kept_by or ():
        entity = inventory.entities.get(name)
        names += [entity.owner if entity is not None else None, entity.team if isinstance(entity, Action) else None]
    teams = [team for name in names if (team := inventory.find(name, Team)) is not None]
    if any(team.usable for team in teams):
        return None
    at = ("owner",) if promise.owner is not None else ()
    if teams:
        return Missing("owned", f"'{teams[0].id}' is {teams[0].status}", at)
    if not index.teams:
        return "promises.*.owner"
    return _lacks(promise, "owned", "owner", "no team has it", "nobody says which team has it")


def _monitored(inventory: Inventory, promise: Promise) -> Missing | str | None:
    watching = [one for name in promise.monitored_by or () if (one := inventory.entities.get(name)) is not None]
    if any(one.usable for one in watching):
        return None
    if watching:
        return Missing("monitored", f"'{watching[0].id}' is {watching[0].status}", ("monitored_by",))
    return _lacks(
        promise,
        "monitored",
        "monitored_by",
        "nothing watches that it is kept",
        "nobody says what watches that it is kept",
    )


class _Keeping(Struct, frozen=True):
    """What keeps a promise: what is missing, what is not known, and the quickest way's time."""

    missing: tuple[Missing, ...] = ()
    open_: tuple[tuple[Element, str], ...] = ()
    seconds: float = 0.0
    timed: bool = False


def _kept(eco: Ecosystem, index: _Index, promise: Promise, segments: tuple[str, ...]) -> _Keeping:
    """The best of what keeps it: a usable communication or action that comes to all of its segments."""
    inventory = eco.inventory
    if not promise.kept_by:
        lack = _lacks(promise, "kept", "kept_by", "nothing keeps it", "nobody says what keeps it")
        return _Keeping((lack,)) if isinstance(lack, Missing) else _Keeping(open_=(("kept", lack),))
    ways = [one for name in promise.kept_by if (one := inventory.entities.get(name)) is not None and one.usable]
    if not ways:
        lost = inventory.entities[promise.kept_by[0]]
        return _Keeping((Missing("kept", f"'{lost.id}' is {lost.status}", ("kept_by",)),))
    found: list[_Keeping] = []
    for way in ways:
        if isinstance(way, Communication):
            found.append(_message(eco, way, segments, 0.0, timed=True))
        elif isinstance(way, Action):
            found += _answer(eco, index, way, segments)
    return min(found, key=lambda one: (len(one.missing), one.seconds, len(one.open_), not one.timed))


def _answer(eco: Ecosystem, index: _Index, action: Action, segments: tuple[str, ...]) -> Iterator[_Keeping]:
    """An action keeps a promise by a message, or by people who call or write back."""
    seconds, timed = (action.within.seconds, True) if action.within is not None else (0.0, False)
    messages = [one for name in action.informs or () if (one := eco.inventory.find(name, Communication)) is not None]
    for message in messages:
        yield _message(eco, message, segments, seconds, timed=timed)
    if action.team is not None and index.pools.get(action.team):
        yield _Keeping(seconds=seconds, timed=timed)
    elif not messages and action.informs is None:
        yield _Keeping(open_=(("delivered", "actions.*.informs"),), seconds=seconds, timed=timed)
    elif not messages:
        why = f"action '{action.id}' tells the customer nothing"
        yield _Keeping((Missing("delivered", why, ("kept_by",)),), seconds=seconds, timed=timed)


def _message(
    eco: Ecosystem, communication: Communication, segments: tuple[str, ...], seconds: float, *, timed: bool
) -> _Keeping:
    """A communication keeps a promise when it can reach a customer of every segment it is made to."""
    missing: list[Missing] = []
    if not eco.once(production).derivable(communication.id):
        missing.append(Missing("delivered", f"'{communication.id}' cannot reach a customer", ("kept_by",)))
    if communication.segments is not None and segments:
        left = [one for one in segments if one not in communication.segments]
        if left:
            missing.append(Missing("segment", f"'{communication.id}' never goes to '{left[0]}'", ("kept_by",)))
    sending, exact = _sending(eco.inventory, communication)
    return _Keeping(tuple(missing), (), seconds + sending, timed and exact)


def _sending(inventory: Inventory, communication: Communication) -> tuple[float, bool]:
    """Seconds from the cause to the customer: the quickest route's worst time as far as known, at least its deadline."""
    deadline = communication.deadline.seconds if communication.deadline is not None else 0.0
    allowed = communication.deadline is not None
    schedule = communication.schedule
    wait = schedule.run.seconds if schedule is not None and schedule.run is not None else 0.0
    times = [_route_time(inventory, route) for route in routes_of(communication) or ()]
    if not times:
        return max(wait, deadline), allowed
    quickest = wait + min(seconds for seconds, _ in times)
    return max(quickest, deadline), allowed or all(exact for _, exact in times)


def _route_time(inventory: Inventory, route: Route) -> tuple[float, bool]:
    """The worst time of a route (the quickest of alternatives), unknown times counted 0, and whether that is exact."""
    total, exact = 0.0, route.platforms is not None
    for hop in route.platforms or ():
        platforms = [one for name in hop.any_of or () if (one := inventory.find(name, Platform)) is not None]
        worst = [one.processing.worst if one.processing is not None else None for one in platforms]
        known = [seconds for seconds in worst if seconds is not None]
        exact = exact and len(known) == len(worst) and bool(worst)
        total += min(known) if known and len(known) == len(worst) else 0.0
    channel = inventory.find(route.channel, Channel)
    latency = channel.latency.worst if channel is not None and channel.latency is not None else None
    return total + (latency or 0.0), exact and latency is not None
