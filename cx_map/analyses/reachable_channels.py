"""By which channels the customers of some segments can be reached, as ``reachable_by`` says.

What is proposed goes by channels that a segment states: by none that it leaves out or states as 0; a segment that states
none may be reached by any. Segments come as the bits of the response graph, :data:`ANYONE` among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cx_map.graph.number_sets import from_bits
from cx_map.graph.response import ANYONE
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Channel
from cx_map.model.inventory import Inventory

USUAL = "email"
"""The channel of a reply where nobody says by which channels customers are reached."""


@dataclass(frozen=True, eq=False)
class Reachable:
    """What segments state of channels."""

    inventory: Inventory
    segments: Mapping[str, int]

    @cached_property
    def _idle(self) -> frozenset[str]:
        """Channels that nothing goes out by: not in use, or only for what customers send."""
        return frozenset(one.id for one in self.inventory.of(Channel) if not one.usable or one.direction == "in")

    @cached_property
    def _stated(self) -> Mapping[str, Mapping[str, float]]:
        """The channels that go out to each segment which states any, with the share they reach."""
        return {
            one.id: {
                name: share.value
                for name, share in one.reachable_by.items() if share.highest > 0 and name not in self._idle
            }
            for one in self.inventory.of(Segment) if one.reachable_by is not None and one.id in self.segments
        }  # fmt: skip

    def _of(self, wanted: int) -> list[Mapping[str, float]]:
        """What the wanted segments state; of :data:`ANYONE` all of them count."""
        if self._anyone(wanted):
            return list(self._stated.values())
        return [self._by_number[number] for number in from_bits(wanted) if number in self._by_number]

    @cached_property
    def _by_number(self) -> Mapping[int, Mapping[str, float]]:
        """What segments state, by their numbers in the response graph."""
        return {self.segments[name]: stated for name, stated in self._stated.items()}

    def share(self, wanted: int, channel: str) -> float:
        """The share that a channel reaches of the wanted segment it reaches least; 0 where none of them states any."""
        return min((stated.get(channel, 0.0) for stated in self._of(wanted)), default=0.0)

    def may_tell(self, wanted: int, channel: str) -> bool:
        """Whether a new message by a channel may tell every wanted segment; where none is named, anybody at all."""
        stated = self._of(wanted)
        if self._anyone(wanted):
            return self._some_silent or any(channel in one for one in stated)
        return all(channel in one for one in stated)

    def channels(self, wanted: int) -> tuple[str, ...]:
        """The channels by which every wanted segment is reached, best first; empty where some segment has none.

        One where one reaches them all; else the best of each segment. The usual one where nobody says.
        """
        stated = self._of(wanted)
        if self._anyone(wanted):
            stated = [one for one in stated if one]
            if not stated and not self._some_silent:
                return ()
        if not stated:
            return (USUAL,) if USUAL not in self._idle else ()
        if not all(stated):
            return ()
        common = [name for name in stated[0] if all(name in other for other in stated)]
        if common:
            return (min(common, key=lambda name: (-self._least(stated, name), name != USUAL, name)),)
        best = [min(one, key=lambda name: (-one[name], name != USUAL, name)) for one in stated]
        return tuple(dict.fromkeys(best))

    def _anyone(self, wanted: int) -> bool:
        return bool(wanted >> self.segments[ANYONE] & 1)

    @cached_property
    def _some_silent(self) -> bool:
        """Whether of some segment nobody says what reaches it, or no segment is described at all."""
        named = len(self.segments) - 1
        return named == 0 or named > len(self._stated)

    @staticmethod
    def _least(stated: list[Mapping[str, float]], channel: str) -> float:
        return min(one[channel] for one in stated)
