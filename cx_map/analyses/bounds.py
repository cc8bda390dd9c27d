"""Numbers known only in part: bounds that add and scale, so that what is unknown is never read as zero."""

from __future__ import annotations

import math
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from cx_map.model.values import Basis, Quantity, worst_basis


class Bounds(Struct, frozen=True):
    """A number between two bounds.

    ``low`` always holds; ``high`` is None where nothing bounds it from above; ``value`` is the number as
    stated, or None where a part of it is not known. ``basis`` is the worst of the facts it is made of.
    """

    low: float
    value: float | None
    high: float | None
    basis: Basis = "reported"

    @property
    def known(self) -> bool:
        """Whether a single number is known."""
        return self.value is not None

    @property
    def said(self) -> float:
        """The number as stated, or the low bound where none is."""
        return self.low if self.value is None else self.value

    def __add__(self, other: Bounds) -> Bounds:
        """The bounds of a sum."""
        return Bounds(
            self.low + other.low,
            None if self.value is None or other.value is None else self.value + other.value,
            None if self.high is None or other.high is None else self.high + other.high,
            _worse(self.basis, other.basis),
        )

    def __mul__(self, other: Bounds) -> Bounds:
        """The bounds of a product of numbers that are not negative; a factor known to be zero decides alone."""
        if 0 in (self.high, other.high):
            return replace(ZERO, basis=worst_basis(self.basis, other.basis))
        return Bounds(
            self.low * other.low,
            None if self.value is None or other.value is None else self.value * other.value,
            None if self.high is None or other.high is None else self.high * other.high,
            _worse(self.basis, other.basis),
        )

    def at_most(self, other: Bounds) -> Bounds:
        """The bounds of a number that is no more than another one; itself where nothing is known of it, or bounds the other."""
        if other.high is None or (self.high is None and self.low <= 0) or (self.high or math.inf) <= other.low:
            return self
        return Bounds(
            min(self.low, other.low),
            None if self.value is None or other.value is None else min(self.value, other.value),
            other.high if self.high is None else min(self.high, other.high),
            _worse(self.basis, other.basis),
        )

    def scaled(self, factor: float) -> Bounds:
        """Multiplied by a known number that is not negative."""
        return Bounds(
            self.low * factor,
            None if self.value is None else self.value * factor,
            None if self.high is None else self.high * factor,
            self.basis,
        )


def _worse(one: Basis, other: Basis) -> Basis:
    """The worse of two bases; most sums are of facts known alike."""
    return one if one == other else worst_basis(one, other)


ZERO = Bounds(0.0, 0.0, 0.0, "measured")
"""Nothing, for certain; leaves the basis of a sum as it is."""

UNKNOWN = Bounds(0.0, None, None, "measured")
"""Not known at all; its basis is that of a sum's known part."""


def exactly(value: float, basis: Basis = "measured") -> Bounds:
    """A number that is known."""
    return Bounds(value, value, value, basis)


def bounds_of(quantity: Quantity | None, stated: Basis | None = None) -> Bounds:
    """The bounds of a quantity; unknown for None. ``stated`` is the basis of the entity that states it.

    The quantity's own basis wins over the entity's.
    """
    if quantity is None:
        return UNKNOWN
    basis = quantity.basis or stated or "reported"
    return Bounds(quantity.lowest, quantity.value, quantity.highest, basis)


def total(parts: Iterable[Bounds]) -> Bounds:
    """The bounds of a sum; zero for no parts."""
    result = ZERO
    for part in parts:
        result = result + part
    return result
