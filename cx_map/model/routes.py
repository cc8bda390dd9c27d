"""The routes of a communication, whichever form they were written in."""

from __future__ import annotations

from collections.abc import Container

import msgspec

from cx_map.model.chapter_map import Communication, Route
from cx_map.model.values import Share

_NOTHING, _EVERYTHING = Share(value=0.0), Share(value=1.0)

SHORT_FORM = ("channels", "platforms")
"""The fields of the short form of routes."""


def decided(kind: str, own: Container[str]) -> tuple[str, ...]:
    """The fields that no defaults give to an entity, because its own fields decide them in the other form of routes."""
    if kind != Communication.kind:
        return ()
    if "routes" in own:
        return SHORT_FORM
    return ("routes",) if any(name in own for name in SHORT_FORM) else ()


def routes_of(communication: Communication) -> tuple[Route, ...] | None:
    """Every route with its id, channel, platforms and share; None where no route is known.

    The short form (``channels`` and ``platforms``) gives one route a channel through all platforms. A
    single primary route takes everything (share 1), a fallback nothing (share 0); other shares left out
    stay unknown (None). Channels without platforms, or the reverse, give routes without the rest.
    """
    routes = communication.routes
    if routes is None:
        channels, platforms = communication.channels, communication.platforms
        if channels is None and platforms is None:
            return None
        if channels:
            names = dict.fromkeys(channels)
            all_of_it = _EVERYTHING if len(names) == 1 or communication.send == "all" else None
            return tuple([Route(id=name, channel=name, platforms=platforms, share=all_of_it) for name in names])
        return (
            (Route(id="platforms", platforms=platforms, share=_EVERYTHING),) if channels is None and platforms else ()
        )
    primaries = [route for route in routes if route.fallback_for is None]
    whole = communication.send == "all" or len(primaries) == 1
    finished: list[Route] = []
    for number, route in enumerate(routes, start=1):
        share = route.share
        if route.fallback_for is not None:
            share = _NOTHING
        elif whole and share is None:
            share = _EVERYTHING
        name = route.id or route.channel or f"route-{number}"
        same = name == route.id and share is route.share
        finished.append(route if same else msgspec.structs.replace(route, id=name, share=share))
    return tuple(finished)
