"""Two versions of an entity brought into one form, so that only what differs in meaning differs.

The routes of a communication are compared in their long form where one side uses the short one; names of
routes, and conditions of a routing rule, follow the things they are named after.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cx_map.compare.values import Rename
from cx_map.model.chapter_map import Communication, Route
from cx_map.model.chapter_service import RoutingRule
from cx_map.model.fields import Record, Ref, TypeSpec
from cx_map.model.routes import routes_of
from cx_map.states.shape import LOOSE_CONDITIONS

_CHANNEL = TypeSpec(type="ref", ref=Ref(("channels",)))


def aligned(before: Record, after: Record, rename: Rename) -> tuple[Record, Record]:
    """Both versions in one form; the same objects where there is nothing to do."""
    if isinstance(before, Communication) and isinstance(after, Communication):
        if (before.routes is None) != (after.routes is None):
            before, after = _long_form(before), _long_form(after)
        return _renamed_routes(before, rename), after
    if isinstance(before, RoutingRule) and before.when:
        return msgspec.structs.replace(before, when=_conditions(before.when, rename)), after
    return before, after


def _long_form(communication: Communication) -> Communication:
    routes = routes_of(communication)
    return (
        communication
        if routes is None
        else msgspec.structs.replace(communication, routes=routes, channels=None, platforms=None)
    )


def _renamed_routes(communication: Communication, rename: Rename) -> Communication:
    """``fallback_for`` names a route without an id by its channel: it follows the channel's rename."""
    routes = communication.routes or ()
    if not any(route.fallback_for is not None for route in routes):
        return communication
    names = {
        route.channel: rename(route.channel, _CHANNEL)
        for route in routes
        if route.id is None and route.channel is not None
    }
    moved = tuple(_repointed(route, names) for route in routes)
    return communication if moved == routes else msgspec.structs.replace(communication, routes=moved)


def _repointed(route: Route, names: Mapping[str, str]) -> Route:
    name = route.fallback_for
    return (
        route
        if name is None or names.get(name, name) == name
        else msgspec.structs.replace(route, fallback_for=names[name])
    )


def _conditions(when: Mapping[str, tuple[str, ...]], rename: Rename) -> dict[str, tuple[str, ...]]:
    result = dict(when)
    for key, ref in LOOSE_CONDITIONS.items():
        if key in result:
            result[key] = tuple(rename(word, TypeSpec(type="ref", ref=ref)) for word in result[key])
    return result
