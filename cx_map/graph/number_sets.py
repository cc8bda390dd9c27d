"""Sets of small numbers in little room, for thousands of sets that hold one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

_PLACES = tuple(tuple(place for place in range(8) if byte >> place & 1) for byte in range(256))
"""The places of the ones in every byte."""


class NumberSet(Struct, frozen=True):
    """A set of numbers from 0: the bits of one integer from its smallest member on.

    The lowest bit is set unless the set is empty, so that equal sets are equal values. Room and time of every
    operation: the distance from the smallest to the largest member / 8 bytes, / 64 steps.
    """

    shift: int = 0
    bits: int = 0

    def __len__(self) -> int:
        return self.bits.bit_count()

    def __iter__(self) -> Iterator[int]:
        """The numbers in ascending order."""
        data = self.bits.to_bytes((self.bits.bit_length() + 7) // 8, "little")
        for place, byte in enumerate(data):
            if byte:
                first = self.shift + 8 * place
                for at in _PLACES[byte]:
                    yield first + at

    def seen_from(self, shift: int) -> int:
        """The bits from the number ``shift`` on: what is below it is left out."""
        return self.bits << (self.shift - shift) if shift <= self.shift else self.bits >> (shift - self.shift)


def numbers(members: Iterable[int]) -> NumberSet:
    """A set of its members. O(members + distance between them)."""
    chosen = list(members)
    if not chosen:
        return NumberSet()
    first = min(chosen)
    data = bytearray((max(chosen) - first) // 8 + 1)
    for one in chosen:
        data[(one - first) >> 3] |= 1 << ((one - first) & 7)
    return NumberSet(first, int.from_bytes(data, "little"))


def from_bits(bits: int, shift: int = 0) -> NumberSet:
    """The set of the places of the ones in an integer, counted from ``shift``."""
    if not bits:
        return NumberSet()
    zeros = (bits & -bits).bit_length() - 1
    return NumberSet(shift + zeros, bits >> zeros)


def union(sets: Iterable[NumberSet]) -> NumberSet:
    """The numbers in any of some sets."""
    held = [one for one in sets if one.bits]
    if len(held) < 2:
        return held[0] if held else NumberSet()
    shift = min(one.shift for one in held)
    bits = 0
    for one in held:
        bits |= one.seen_from(shift)
    return NumberSet(shift, bits)
