"""Where customers are listened to: touchpoints with a signal of their own, with only a survey of the relationship, deaf ones."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Signal
from cx_map.model.chapter_service import Journey, Touchpoint

LISTENING_KINDS = frozenset({"survey", "intercept", "complaint", "review", "social", "behavioural", "operational"})
"""Kinds of collection points that are there to listen."""


class Listening(Struct, frozen=True):
    """A touchpoint and who listens there; ``arm`` are listeners to the relationship only."""

    touchpoint: Touchpoint
    listeners: tuple[str, ...]
    arm: tuple[str, ...]
    matters: tuple[str, ...]
    """Why it matters most: a moment of truth, or journeys of highest impact."""
    neighbours: tuple[str, ...]
    """Signals with a subject that shares a journey, the platform or the channel, the nearest first."""


def listening(eco: Ecosystem) -> tuple[Listening, ...] | None:
    """Who listens at each usable touchpoint; None where no signal or point says what it is about. O(inventory)."""
    inventory = eco.inventory
    signals = [one for one in inventory.of(Signal) if one.usable]
    near: dict[str, list[str]] = {}
    far: dict[str, list[str]] = {}
    subjects: dict[str, list[Signal]] = {}
    for signal in signals:
        point = inventory.find(signal.from_, CollectionPoint)
        names = dict.fromkeys(signal.about or ())
        if point is not None and point.touchpoint is not None:
            names[point.touchpoint] = None
        aloof = point is not None and point.scope == "relationship"
        for name in names:
            (far if aloof else near).setdefault(name, []).append(signal.id)
            if not aloof and signal.about is not None:
                subjects.setdefault(name, []).append(signal)
    for point in inventory.of(CollectionPoint):
        if point.usable and point.touchpoint is not None and point.kind_ in LISTENING_KINDS:
            (far if point.scope == "relationship" else near).setdefault(point.touchpoint, []).append(point.id)
    if not near and not far:
        return None
    journeys = _journeys(eco)
    places = [one for one in inventory.of(Touchpoint) if one.usable]
    around = _around(places, journeys, subjects)
    return tuple(
        Listening(
            one, tuple(near.get(one.id, ())), tuple(far.get(one.id, ())), _matters(one, journeys.get(one.id, [])),
            tuple(around.get(one.id, ())),
        )
        for one in places
    )  # fmt: skip


def listeners_at(eco: Ecosystem) -> dict[str, set[str]]:
    """Who listens at each usable touchpoint, to be changed as one likes. O(touchpoints)."""
    return {one.touchpoint.id: set(one.listeners) for one in eco.once(listening) or ()}


def _journeys(eco: Ecosystem) -> dict[str, list[Journey]]:
    found: dict[str, list[Journey]] = {}
    for journey in eco.inventory.of(Journey):
        steps = journey.steps or () if journey.usable else ()
        for name in dict.fromkeys(one for step in steps for one in (step.touchpoint, step.from_, step.to) if one):
            found.setdefault(name, []).append(journey)
    return found


def _matters(touchpoint: Touchpoint, journeys: list[Journey]) -> tuple[str, ...]:
    moments = ("moment of truth",) if touchpoint.moment_of_truth else ()
    return (*moments, *(journey.id for journey in journeys if journey.highest_impact))


def _around(
    places: list[Touchpoint], journeys: Mapping[str, list[Journey]], subjects: Mapping[str, list[Signal]]
) -> dict[str, list[str]]:
    """For each touchpoint the first signal about its journey or heard elsewhere on it, else on its platform, else its channel."""
    keys = {one.id: _keys(one, journeys.get(one.id, [])) for one in places}
    own = (journey.id for some in journeys.values() for journey in some)
    first = {("journey", name): subjects[name][0].id for name in own if name in subjects}
    for one in places:
        for signal in subjects.get(one.id, ()):
            for key in keys[one.id]:
                first.setdefault(key, signal.id)
    return {one.id: list(dict.fromkeys(first[key] for key in keys[one.id] if key in first)) for one in places}


def _keys(touchpoint: Touchpoint, journeys: list[Journey]) -> list[tuple[str, str]]:
    keys = [("journey", journey.id) for journey in journeys]
    if touchpoint.platform is not None:
        keys.append(("platform", touchpoint.platform))
    if touchpoint.channel is not None:
        keys.append(("channel", touchpoint.channel))
    return keys
