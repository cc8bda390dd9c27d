"""Values as people write them: quantities with a basis, rates, durations, shares, money, dates, texts.

Numbers keep how well they are known (:data:`Basis`), because a finding is only as sure as the worst
number in its proof.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

Basis: TypeAlias = Literal["measured", "reported", "estimated", "assumed"]
BASES: tuple[Basis, ...] = ("measured", "reported", "estimated", "assumed")
"""From the best known to the worst."""

Confidence: TypeAlias = Literal["high", "medium", "low"]

SECONDS_PER: dict[str, float] = {
    "s": 1.0,
    "min": 60.0,
    "h": 3600.0,
    "day": 86400.0,
    "week": 604800.0,
    "month": 30.4375 * 86400.0,
    "quarter": 3 * 30.4375 * 86400.0,
    "year": 365.25 * 86400.0,
}
"""Seconds in each unit of a rate; a month is 30.44 days, 730.5 hours."""

MONTH_SECONDS = SECONDS_PER["month"]
HOUR_SECONDS = SECONDS_PER["h"]


def worst_basis(*bases: Basis | None) -> Basis:
    """The least certain of some bases; a missing one counts as *reported* (a bare number)."""
    known = [basis or "reported" for basis in bases]
    return max(known, key=BASES.index, default="reported")


def confidence_of(basis: Basis) -> Confidence:
    """Measured or reported is high, estimated medium, assumed low."""
    if basis in ("measured", "reported"):
        return "high"
    return "medium" if basis == "estimated" else "low"


def duration_text(seconds: float) -> str:
    """A duration as an inventory writes it: whole seconds (rounded down) in the largest unit that is exact (``2h``, ``90s``)."""
    whole = int(seconds)
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if whole and whole % size == 0:
            return f"{whole // size}{unit}"
    return f"{whole}s"


class Quantity(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A number with its range and how it is known; ``basis`` None means a bare number."""

    value: float
    low: float | None = None
    high: float | None = None
    basis: Basis | None = None
    as_of: str | None = None

    @property
    def lowest(self) -> float:
        """The low end of the range, or the value itself."""
        return self.value if self.low is None else self.low

    @property
    def highest(self) -> float:
        """The high end of the range, or the value itself."""
        return self.value if self.high is None else self.high


class Number(Quantity, frozen=True, kw_only=True):
    """A plain non-negative number (customers, agents, scores)."""


class Share(Quantity, frozen=True, kw_only=True):
    """A part of a whole, from 0 to 1."""


class Rate(Quantity, frozen=True, kw_only=True):
    """So many a period. ``value``, ``low`` and ``high`` are per month; ``per`` is the period in seconds."""

    per: float = MONTH_SECONDS
    written: str = ""

    def over(self, seconds: float) -> float:
        """How many in a period of that many seconds."""
        return self.value * seconds / MONTH_SECONDS


class Money(Quantity, frozen=True, kw_only=True):
    """An amount in a currency (ISO 4217)."""

    currency: str


class Duration(Struct, frozen=True, omit_defaults=True):
    """A length of time in seconds; business days count as 7/5 of a day (stated where it matters)."""

    seconds: float
    written: str = ""
    business: bool = False


class Latency(Struct, frozen=True, kw_only=True):
    """How long something takes: the median and the 95th percentile (equal when one figure is given)."""

    p50: Duration | None = None
    p95: Duration | None = None

    @property
    def typical(self) -> float | None:
        """The median in seconds, else the 95th percentile, else None."""
        chosen = self.p50 or self.p95
        return None if chosen is None else chosen.seconds

    @property
    def worst(self) -> float | None:
        """The 95th percentile in seconds, else the median, which is a lower bound, else None."""
        chosen = self.p95 or self.p50
        return None if chosen is None else chosen.seconds

    @property
    def bounded(self) -> bool:
        """Whether the 95th percentile is known: a median alone says nothing of the worst."""
        return self.p95 is not None


class Text(Struct, frozen=True):
    """A text in one or several languages, as pairs of BCP 47 code and text; ``""`` is *no language said*."""

    by_language: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return self.into()

    def into(self, language: str | None = None) -> str:
        """The text in a language, else in English, else in the first language by code."""
        texts = dict(self.by_language)
        for code in (language, (language or "").split("-")[0], "", "en"):
            if code is not None and code in texts:
                return texts[code]
        return texts[min(texts)]
