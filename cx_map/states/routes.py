"""The routes of a communication when a channel or platform becomes another.

A route without an ``id`` is named after its channel, and ``fallback_for`` refers to that name; both follow
the channel. Routes that become the same are joined.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from cx_map.load.quantities import share as read_share
from cx_map.model.chapter_map import Route
from cx_map.model.fields import Record, TypeSpec
from cx_map.model.source import Map, Raw, Seq
from cx_map.states.shape import canonical, items_of, text_of

RewriteFields: TypeAlias = "Callable[[Map, type[Record]], object]"
_ROUTE = TypeSpec(type="record", record=Route)


def rewritten_routes(value: Raw, rewrite_fields: RewriteFields) -> Raw:
    """The routes with their references rewritten; the same object where nothing changed."""
    items = items_of(value)
    before = [item for item in items if isinstance(item, Map)]
    if len(before) != len(items):
        return value
    after = [new if isinstance(new := rewrite_fields(route, Route), Map) else route for route in before]
    changed = [new is not old for new, old in zip(after, before, strict=True)]
    if not any(changed):
        return value
    names, named = _renamed(before, after)
    after = [_repointed(route, names) for route in after]
    gone = _joined(after, changed)
    _plainly_named(after, named - gone, gone)
    if not isinstance(value, Seq):
        return after[0]
    result = Seq()
    for number, route in enumerate(after):
        if number not in gone:
            result.add(route, *value.marks[2 * number : 2 * number + 2])
    return result


def route_name(route: Map, number: int) -> str:
    """The name of a route: its id, else its channel, else its number from 1."""
    return text_of(route.get("id")) or text_of(route.get("channel")) or f"route-{number + 1}"


def _renamed(before: list[Map], after: list[Map]) -> tuple[dict[str, str], set[int]]:
    """Names of routes that follow their channel, old to new, and the routes that got an id because theirs was taken."""
    names: dict[str, str] = {}
    named: set[int] = set()
    settled = {
        route_name(new, at)
        for at, (old, new) in enumerate(zip(before, after, strict=True))
        if new.get("channel") == old.get("channel")
    }
    for at, (old, new) in enumerate(zip(before, after, strict=True)):
        was, now = route_name(old, at), route_name(new, at)
        if was == now:
            continue
        if now in settled:
            marks = new.place("channel") or (0, 0, 0)
            after[at] = new.copy()
            after[at].put("id", was, *marks)
            settled.add(was)
            named.add(at)
        else:
            names[was] = now
            settled.add(now)
    return names, named


def _plainly_named(routes: list[Map], named: set[int], gone: set[int]) -> None:
    """Take back an id that is not needed any more, because the route that had the name was joined."""
    for number in sorted(named):
        channel = text_of(routes[number].get("channel")) or ""
        others = {route_name(route, at) for at, route in enumerate(routes) if at != number and at not in gone}
        if channel in others:
            continue
        old = route_name(routes[number], number)
        routes[number] = routes[number].copy()
        routes[number].drop("id")
        for at, route in enumerate(routes):
            routes[at] = _repointed(route, {old: channel})


def _repointed(route: Map, names: dict[str, str]) -> Map:
    stands_for = text_of(route.get("fallback_for"))
    if stands_for is None or stands_for not in names:
        return route
    copy = route.copy()
    copy["fallback_for"] = names[stands_for]
    return copy


def _joined(routes: list[Map], changed: list[bool]) -> set[int]:
    """Numbers of routes that are left out because another one is now the same; that one takes their share."""
    gone: set[int] = set()
    seen: dict[Hashable, list[int]] = {}
    for number, route in enumerate(routes):
        plain = route.copy()
        for key in ("id", "share", "fallback_for"):
            plain.drop(key)
        twins = seen.setdefault(canonical(plain, _ROUTE), [])
        for twin in twins:
            if (changed[number] or changed[twin]) and _join(routes, twin, number):
                gone.add(number)
                break
        else:
            twins.append(number)
    return gone


def _join(routes: list[Map], kept: int, other: int) -> bool:
    """Let one route take over another where nothing is lost; routes that fall back on the other follow."""
    keeper, leaver = routes[kept], routes[other]
    kept_name, other_name = route_name(keeper, kept), route_name(leaver, other)
    stands, other_stands = text_of(keeper.get("fallback_for")), text_of(leaver.get("fallback_for"))
    if stands == other_name:  # the kept one was the fallback: it takes the place of the route it stood in for
        keeper = keeper.copy()
        for key in ("share", "fallback_for"):
            keeper.drop(key)
            marks = leaver.place(key)
            if marks is not None:
                keeper.put(key, leaver[key], *marks)
        routes[kept] = keeper
    elif other_stands != kept_name:
        if stands != other_stands:
            return False
        total = _sum(keeper.get("share"), leaver.get("share"))
        if total is None and (keeper.get("share") is not None or leaver.get("share") is not None):
            return False
        if total is not None:
            routes[kept] = keeper.copy()
            routes[kept]["share"] = total
    for number, route in enumerate(routes):
        if number != kept and text_of(route.get("fallback_for")) == other_name:
            routes[number] = route.copy()
            routes[number]["fallback_for"] = kept_name
    return True


def _sum(first: Raw, second: Raw) -> float | None:
    """Two plain shares together; None where one is unknown, or written with a range."""
    if isinstance(first, (Map, Seq)) or isinstance(second, (Map, Seq)) or first is None or second is None:
        return None
    try:
        return round(read_share(first) + read_share(second), 12)
    except ValueError:
        return None
