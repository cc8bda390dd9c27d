"""What asking again costs customers: an ask known, or kept from being known by a silo, over its segments.

Effort is the visits of a month times the share that has been asked before times the seconds an answer takes. What
nobody states leaves a range open, never a zero; the seconds of shipped attributes are assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from cx_map.analyses.bounds import UNKNOWN, ZERO, Bounds, bounds_of
from cx_map.analyses.customers import customer_base
from cx_map.analyses.known_asks import Answer, Asked, Verdict, known_asks
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attributes import seconds_to_give
from cx_map.model.inventory import basis_of
from cx_map.model.values import HOUR_SECONDS, MONTH_SECONDS, Share

UP_TO_ALL = Bounds(0.0, None, 1.0, "measured")
"""A share that nobody states."""


class AskedAgain(Struct, frozen=True):
    """An ask with the segments in which it gets one answer (*known*, *silo*), and what that costs.

    ``times`` is how often a month a customer is asked again, ``hours`` customers' hours a month, ``fields`` the
    superfluous answers of a customer a year.
    """

    asked: Asked
    verdicts: tuple[Verdict, ...]
    times: Bounds
    hours: Bounds
    fields: Bounds

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments concerned; empty where the point names none."""
        return tuple(one.segment for one in self.verdicts if one.segment is not None)

    @property
    def greatest(self) -> Verdict:
        """The verdict whose earlier ask reaches most."""

        def key(one: Verdict) -> tuple[float, str]:
            reach = one.earlier.reach_of(one.segment) if one.earlier is not None else None
            return (-1.0 if reach is None else -1.0 - reach.value, one.segment or "")

        return min(self.verdicts, key=key)


def verdicts_by_ask(eco: Ecosystem) -> Mapping[tuple[str, int], tuple[Verdict, ...]]:
    """The verdicts of each ask, by collection point and item."""
    found: dict[tuple[str, int], list[Verdict]] = {}
    for verdict in eco.once(known_asks):
        found.setdefault((verdict.asked.point.id, verdict.asked.index), []).append(verdict)
    return {key: tuple(some) for key, some in found.items()}


def asked_again(eco: Ecosystem, verdicts: Sequence[Verdict], answer: Answer) -> AskedAgain | None:
    """The verdicts of one ask that have this answer, with their cost; None where there are none. O(segments)."""
    some = tuple(one for one in verdicts if one.answer == answer)
    if not some:
        return None
    asked = some[0].asked
    times = ZERO
    for verdict in some:
        visits = visits_of(eco, asked, verdict.segment)
        times = times + visits * share_asked(eco, verdict)
    total = bounds_of(asked.point.volume, basis_of(eco.inventory, asked.point))
    if total.high is not None and (times.high is None or times.high > total.high):
        times = Bounds(min(times.low, total.high), None, total.high, times.basis)
    customers = eco.once(customer_base).union(segment for one in some if (segment := one.segment) is not None)
    return AskedAgain(asked, some, times, times * _hours(eco, asked), _fields(times, customers))


def same_asks(eco: Ecosystem, asked: Asked) -> tuple[int, ...]:
    """The items of its point that ask for the same attribute, under whatever name, and have no better reason."""
    verdicts = eco.once(verdicts_by_ask)
    alike = (
        index
        for index in range(len(asked.point.asks or ()))
        if any(
            one.asked.attribute == asked.attribute and one.answer not in ("justified", "first")
            for one in verdicts.get((asked.point.id, index), ())
        )
    )
    return tuple(sorted({asked.index, *alike}))


def visits_of(eco: Ecosystem, asked: Asked, segment: str | None) -> Bounds:
    """Visits of a segment to the point in a month: its own figure, else that of the point, at most."""
    stated = basis_of(eco.inventory, asked.point)
    own = next((one.volume for one in asked.point.segments or () if one.segment == segment), None)
    if own is not None:
        return bounds_of(own, stated)
    total = bounds_of(asked.point.volume, stated)
    return total if len(asked.reach) == 1 else Bounds(0.0, None, total.high, total.basis)


def share_asked(eco: Ecosystem, verdict: Verdict) -> Bounds:
    """The share of a segment that the earlier ask has reached."""
    earlier = verdict.earlier
    reach: Share | None = earlier.reach_of(verdict.segment) if earlier is not None else None
    if earlier is None or reach is None:
        return UP_TO_ALL
    return bounds_of(reach, basis_of(eco.inventory, earlier.point))


def _hours(eco: Ecosystem, asked: Asked) -> Bounds:
    """Hours that one answer takes."""
    own = asked.ask.seconds
    if own is not None:
        seconds = bounds_of(own, basis_of(eco.inventory, asked.point))
    else:
        seconds = bounds_of(seconds_to_give(eco.inventory, asked.attribute))
    return seconds.scaled(1 / HOUR_SECONDS)


def _fields(times: Bounds, customers: Bounds) -> Bounds:
    """Answers a year of a customer."""
    year = 365.25 * 86400.0 / MONTH_SECONDS
    if customers.low <= 0 or times.high is None:
        return UNKNOWN
    low = 0.0 if customers.high is None else times.low * year / customers.high
    known = None if times.value is None or customers.value is None else times.value * year / customers.value
    return Bounds(low, known, times.high * year / customers.low, times.basis)
