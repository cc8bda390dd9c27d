"""Bounds as measures and words of a finding: what nobody bounds is left out, never shown as zero."""

from __future__ import annotations

from collections.abc import Mapping

from cx_map.analyses.bounds import Bounds
from cx_map.rulekit.breach import Measure, Range


def range_of(bound: Bounds) -> Range | None:
    """The bounds as a measure; None where nothing at all is known."""
    if bound.high is None and bound.low <= 0:
        return None
    return Range(round(bound.low, 2), None if bound.high is None else round(bound.high, 2), bound.basis)


def measures_of(**bounds: Bounds) -> dict[str, Measure]:
    """A range for every number that is known at least from below; the others are left out.

    Keys end in their unit (``hours_per_month``, ``customers_per_month``).
    """
    found = {name: range_of(bound) for name, bound in bounds.items()}
    return {name: measure for name, measure in found.items() if measure is not None}


def merged(*parts: Mapping[str, Measure]) -> dict[str, Measure]:
    """Several measures together; a later one wins."""
    return {name: value for part in parts for name, value in part.items()}


def in_words(bound: Bounds, unit: str) -> str:
    """A bounded number for people: *120 h a month*, *20 to 45 h a month*, *not known*."""
    if bound.high is None:
        return f"at least {_number(bound.low)} {unit}" if bound.low > 0 else "not known"
    low, high = _number(bound.low), _number(bound.high)
    return f"{high} {unit}" if low == high else f"{low} to {high} {unit}" if bound.low > 0 else f"up to {high} {unit}"


def _number(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 10 or amount == round(amount) else f"{amount:,.1f}"
