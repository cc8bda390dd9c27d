"""What a change means to customers: who can be reached by what, and how, that could not before.

The model alone says which channels a communication has and whom it reaches; what needs the graphs (loops,
preferences, single points of failure, pools) is filled in by whoever has audited both states.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cx_map.compare.links import Links
from cx_map.model.chapter_map import Channel, Communication, Platform, Route
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of

K = TypeVar("K", bound="str | tuple[str, str]")


@dataclass(frozen=True, slots=True, order=True)
class Gain:
    """What one subject (an id, or several joined by `` / ``) has that it had not, and the reverse; ids, sorted."""

    subject: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """The channels by which a segment is reached for a purpose, gained and lost."""

    segment: str
    purpose: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the later state can do that the earlier one could not, and the reverse.

    ``channels`` is by communication, ``reach`` by segment and purpose. The others are None until somebody
    who can has computed them: ``loops`` by signal, ``preferences`` by preference (products reached),
    ``single_points`` by communication (what it alone depends on), ``pools`` by agent pool.
    """

    channels: tuple[Gain, ...] = ()
    reach: tuple[Reach, ...] = ()
    loops: tuple[Gain, ...] | None = None
    preferences: tuple[Gain, ...] | None = None
    single_points: tuple[Gain, ...] | None = None
    pools: tuple[Gain, ...] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing that was computed differs."""
        parts = (self.channels, self.reach, self.loops, self.preferences, self.single_points, self.pools)
        return not any(parts)


def capabilities_between(before: Inventory, after: Inventory, links: Links) -> Capabilities:
    """Channels and reach gained and lost; communications without a known route or segment say nothing. O(routes)."""
    old_ways, new_ways = _ways(before), _ways(after)
    old = {_later(links, name): {_later(links, channel) for channel in ways} for name, ways in old_ways.items()}
    old_reach = {
        (_later(links, segment), purpose): {_later(links, channel) for channel in channels}
        for (segment, purpose), channels in _reach(before, old_ways).items()
    }
    return Capabilities(gains(old, new_ways), tuple(
        Reach(segment, purpose, *parts) for (segment, purpose), *parts in _differences(old_reach, _reach(after, new_ways))
    ))  # fmt: skip


def gains(before: Mapping[str, Iterable[str]], after: Mapping[str, Iterable[str]]) -> tuple[Gain, ...]:
    """What each subject gained and lost; subjects that differ in nothing are left out."""
    return tuple(Gain(subject, gained, lost) for subject, gained, lost in _differences(before, after))


def _differences(
    before: Mapping[K, Iterable[str]], after: Mapping[K, Iterable[str]]
) -> list[tuple[K, tuple[str, ...], tuple[str, ...]]]:
    found = []
    for key in sorted({*before, *after}):
        old, new = set(before.get(key, ())), set(after.get(key, ()))
        if old != new:
            found.append((key, tuple(sorted(new - old)), tuple(sorted(old - new))))
    return found


def _later(links: Links, name: str) -> str:
    return links.renamed.get(("", name), name)


def _ways(inventory: Inventory) -> dict[str, set[str]]:
    """The channels that each usable communication can be sent by."""
    found: dict[str, set[str]] = {}
    for communication in inventory.of(Communication):
        routes = routes_of(communication) if communication.usable else None
        if routes is not None:
            found[communication.id] = {
                route.channel for route in routes if route.channel is not None and _open(inventory, route)
            }
    return found


def _open(inventory: Inventory, route: Route) -> bool:
    """Whether a route can be used: its channel, and of each hop at least one platform, is in use."""
    channel = inventory.find(route.channel, Channel)
    if channel is None or not channel.usable:
        return False
    return all(
        not hop.any_of
        or any((platform := inventory.find(name, Platform)) is not None and platform.usable for name in hop.any_of)
        for hop in route.platforms or ()
    )


def _reach(inventory: Inventory, ways: Mapping[str, set[str]]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for communication in inventory.of(Communication):
        if communication.purpose is None or communication.id not in ways:
            continue
        for segment in communication.segments or ():
            found.setdefault((segment, communication.purpose), set()).update(ways[communication.id])
    return found
