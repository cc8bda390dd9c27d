"""How large blast radii are: customers, items a month, the shortest deadline, without counting each anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from cx_map.analyses.affected import Affected, volume_of
from cx_map.analyses.blast_radii import Radii, Radius, Stopped, blast_radii
from cx_map.analyses.bounds import Bounds, total
from cx_map.analyses.customers import customer_base, received_by
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.number_sets import NumberSet, from_bits, numbers, union
from cx_map.model.chapter_map import Communication


class RadiusSize(Struct, frozen=True):
    """The impact of a loss, and the shortest deadline known of what stops, in seconds."""

    reach: Affected
    deadline: float | None


class _Part(Struct, frozen=True):
    """Communications that have none in common with other parts of the same radius."""

    items: Bounds
    segments: NumberSet
    unknown: bool
    """Whether the segments of some are not known."""
    regulated: bool
    deadline: float | None


def size_of(eco: Ecosystem, stopped: Stopped) -> RadiusSize:
    """The size of a blast radius of this ecosystem."""
    return eco.once(radius_sizes)[stopped.numbers]


def radius_sizes(eco: Ecosystem) -> Mapping[NumberSet, RadiusSize]:
    """The size of every blast radius, by what it stops.

    A radius is the radii inside it that have nothing in common, largest first, and the communications left over:
    O(suppliers + communications) where radii are nested or apart; where they overlap, those left over are counted
    one by one.
    """
    radii = eco.once(blast_radii)
    names = sorted({name for one in eco.inventory.of(Communication) for name in one.segments or ()})
    number_of = {name: number for number, name in enumerate(names)}
    single = [_single(eco, name, number_of) for name in radii.every]
    parts: list[_Part] = []
    found: dict[NumberSet, RadiusSize] = {}
    for radius in radii.radii:
        part = _joined(_apart(radii, radius, parts, single))
        parts.append(part)
        if radius.stops not in found:
            customers = received_by(eco.once(customer_base), (names[one] for one in part.segments), part.unknown)
            reach = Affected(len(radius.stops), customers, part.items, part.regulated)
            found[radius.stops] = RadiusSize(reach, part.deadline)
    return found


def _single(eco: Ecosystem, name: str, number_of: Mapping[str, int]) -> _Part:
    communication = eco.inventory.entities[name]
    assert isinstance(communication, Communication)
    segments = communication.segments
    return _Part(
        volume_of(eco, communication),
        numbers(number_of[one] for one in segments or ()),
        segments is None,
        communication.regulated,
        communication.deadline.seconds if communication.deadline is not None else None,
    )


def _apart(radii: Radii, radius: Radius, parts: Sequence[_Part], single: Sequence[_Part]) -> list[_Part]:
    """Parts of a radius that together are all of it, and no two of which have a communication in common."""
    shift, left = radius.stops.shift, radius.stops.bits
    chosen = []
    for place in sorted(radius.inside, key=lambda one: (-len(radii.radii[one].stops), one)):
        bits = radii.radii[place].stops.seen_from(shift)
        if left & bits == bits:
            left ^= bits
            chosen.append(parts[place])
    return [*chosen, *(single[number] for number in from_bits(left, shift))]


def _joined(parts: Sequence[_Part]) -> _Part:
    if len(parts) == 1:
        return parts[0]
    deadlines = [one.deadline for one in parts if one.deadline is not None]
    return _Part(
        total(one.items for one in parts),
        union({one.segments for one in parts}),
        any(one.unknown for one in parts),
        any(one.regulated for one in parts),
        min(deadlines, default=None),
    )
