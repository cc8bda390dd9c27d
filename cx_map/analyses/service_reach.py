"""Whether a communication can reach and serve a segment: channels, languages, accessible formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from cx_map.analyses.broken_routes import working_routes
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Communication
from cx_map.model.routes import routes_of


class Reach(Struct, frozen=True):
    """The share of a segment that some channels reach, at least and at most; channels of unknown reach."""

    low: float
    high: float
    unknown: tuple[str, ...]


def usable_channels(eco: Ecosystem, communication: Communication) -> tuple[str, ...] | None:
    """The channels of a communication's routes that work, in order of id; None where some are not known."""
    routes = routes_of(communication)
    if routes is None or any(route.channel is None for route in routes):
        return None
    return tuple(
        sorted({route.channel for route in working_routes(eco, communication) or () if route.channel is not None})
    )


def reach_of(segment: Segment, channels: Iterable[str]) -> Reach:
    """The share of a segment that at least one of the channels reaches, as if reaches were independent.

    ``1 - product of (1 - reach)``; a channel whose reach is not stated may reach everybody or nobody.
    """
    missed_low = missed_high = 1.0
    unknown = []
    for channel in channels:
        share = (segment.reachable_by or {}).get(channel)
        if share is None:
            unknown.append(channel)
            missed_low = 0.0
        else:
            missed_high *= 1 - share.lowest
            missed_low *= 1 - share.highest
    return Reach(1 - missed_high, 1 - missed_low, tuple(unknown))


def variants(eco: Ecosystem) -> Mapping[tuple[str, str], tuple[Communication, ...]]:
    """The usable communications of each template family that go to each segment: one text in several languages or formats."""
    found: dict[tuple[str, str], list[Communication]] = {}
    for communication in eco.inventory.of(Communication):
        if communication.usable and communication.template_family is not None:
            for segment in communication.segments or ():
                found.setdefault((communication.template_family, segment), []).append(communication)
    return {key: tuple(some) for key, some in found.items()}


def missing_languages(texts: Sequence[Communication], segment: Segment) -> tuple[tuple[str, float], ...] | None:
    """Languages of a segment that none of some communications comes in, with the share of customers; None: not known.

    A regional variant serves its language: `en` is served by `en-GB` and the reverse.
    """
    if segment.languages is None or any(one.languages is None for one in texts):
        return None
    offered = {code.casefold().split("-")[0] for one in texts for code in one.languages or ()}
    missing = [
        (code, share.value)
        for code, share in segment.languages.items()
        if share.lowest > 0 and code.casefold().split("-")[0] not in offered
    ]
    return tuple(sorted(missing, key=lambda one: (-one[1], one[0])))


def missing_formats(texts: Sequence[Communication], segment: Segment) -> tuple[tuple[str, float], ...] | None:
    """Accessible formats needed in a segment that none of some communications has, with their share; None: not known."""
    if segment.access_needs is None or any(one.formats is None for one in texts):
        return None
    offered = {name for one in texts for name in one.formats or ()}
    missing = [
        (name, share.value) for name, share in segment.access_needs.items() if share.lowest > 0 and name not in offered
    ]
    return tuple(sorted(missing, key=lambda one: (-one[1], one[0])))
