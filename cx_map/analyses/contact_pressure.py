"""How many invitations to surveys a customer gets, on average and at worst, and which caps work across tools (analyses.md, B).

*Expected*: three months of each survey's invitations over the customers of the segment. *Worst case*: what one customer can
get in 90 days when every survey invites as often as its quarantine allows; surveys that one working cap covers count once,
with their shortest quarantine. A cap works across two surveys where a store that counts invitations reaches the platforms of both
along usable flows.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from cx_map.analyses.bounds import ZERO, Bounds, bounds_of
from cx_map.analyses.data_kinds import all_from, fed
from cx_map.analyses.listening import listeners_at
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint, Segment
from cx_map.model.chapter_feedback import Signal
from cx_map.model.inventory import basis_of
from cx_map.model.values import worst_basis

QUARTER_DAYS = 90 * 86400.0
SURVEYS = ("survey", "intercept")
_SURELY = 1 + 1e-9
"""A running sum over the limit by more than this is over it however the sum is rounded."""

_Tool: TypeAlias = "tuple[str | None, str | None]"
"""The platform that runs a survey, and the store where its invitations are counted."""


class Surveys(Struct, frozen=True, eq=False):
    """All usable surveys, by segment; ``None`` stands for surveys that name no segment."""

    all: tuple[CollectionPoint, ...]
    by_segment: Mapping[str | None, tuple[CollectionPoint, ...]]

    def of(self, segment: str) -> tuple[CollectionPoint, ...]:
        """The surveys that may invite customers of a segment, by id; those that name no segment are left out."""
        return self.by_segment.get(segment, ())


def surveys(eco: Ecosystem) -> Surveys:
    """The surveys of an ecosystem; segments that are not in use hold nobody to ask. O(collection points)."""
    idle = {one.id for one in eco.inventory.of(Segment) if not one.usable}
    found = tuple(one for one in eco.inventory.of(CollectionPoint) if one.usable and one.kind_ in SURVEYS)
    by_segment: dict[str | None, list[CollectionPoint]] = {}
    for survey in found:
        names = (None,) if survey.segments is None else tuple(dict.fromkeys(one.segment for one in survey.segments))
        for name in names:
            if name in idle:
                continue
            by_segment.setdefault(name, []).append(survey)
    return Surveys(found, {name: tuple(some) for name, some in by_segment.items()})


def invitations(eco: Ecosystem, survey: CollectionPoint, segment: str) -> Bounds:
    """Invitations a month that a survey sends to a segment.

    All of them where it has one segment only; else they are split like the volumes of its segments, where these are known:
    not everybody who passes is invited. Without a number of invitations the volume of the segment is that number. Segments
    not in use get none.
    """
    stated = basis_of(eco.inventory, survey)
    total = bounds_of(survey.invites, stated)
    volumes = {
        one.segment: None if one.volume is None else bounds_of(one.volume, stated)
        for one in survey.segments or ()
        if (entity := eco.inventory.find(one.segment, Segment)) is not None and entity.usable
    }
    own = volumes.get(segment)
    if survey.invites is not None and len(volumes) == 1:
        return total
    if own is None:
        return Bounds(0.0, None, total.high, total.basis)
    if survey.invites is None:
        return own
    passing = [one.value for one in volumes.values() if one is not None and one.value is not None]
    everybody = sum(passing, 0.0)
    if own.value is not None and total.value is not None and len(passing) == len(volumes) and everybody:
        split = total.scaled(own.value / everybody)
        return Bounds(split.low, split.value, split.high, worst_basis(total.basis, own.basis))
    most = min((one for one in (own.high, total.high) if one is not None), default=None)
    return Bounds(0.0, None, most, worst_basis(own.basis, total.basis))


def expected(eco: Ecosystem, some: Sequence[CollectionPoint], segment: Segment) -> Bounds:
    """Invitations that a customer of a segment gets in a quarter; unbounded where a number is not known."""
    total = ZERO
    for survey in some:
        total = total + _a_quarter(eco, survey, segment)
    return _a_customer(eco, total, segment)


def _a_quarter(eco: Ecosystem, survey: CollectionPoint, segment: Segment) -> Bounds:
    return invitations(eco, survey, segment.id).scaled(3.0)


def _a_customer(eco: Ecosystem, total: Bounds, segment: Segment) -> Bounds:
    """Invitations to a segment as invitations of one of its customers."""
    size = bounds_of(segment.customers, basis_of(eco.inventory, segment))
    low = total.low / size.high if size.high else 0.0
    value = total.value / size.value if total.value is not None and size.value else None
    high = total.high / size.low if total.high is not None and size.low > 0 else None
    return Bounds(low, value, high, worst_basis(total.basis, size.basis))


def shared_cap(eco: Ecosystem, one: CollectionPoint, other: CollectionPoint) -> str | None:
    """The store by which a cap works across two surveys, or None."""
    for store in dict.fromkeys((one.cap_store, other.cap_store)):
        if store is None or not eco.inventory.entities[store].usable:
            continue
        reached = _reached(eco, store)
        if all(survey.platform is not None and survey.platform in reached for survey in (one, other)):
            return store
    return None


def _reached(eco: Ecosystem, store: str) -> frozenset[str]:
    kept = eco.once(_kept)
    if store not in kept:
        kept[store] = all_from(eco.once(fed), (store,))
    return kept[store]


def _kept(_: Ecosystem) -> dict[str, frozenset[str]]:
    return {}


def worst_case(eco: Ecosystem, some: Sequence[CollectionPoint]) -> int:
    """The most invitations of one customer in 90 days, at least: a survey without quarantine counts once.

    Each survey in turn, with those left across which one cap works. Whether it does depends on their platforms and
    cap stores alone. O(surveys * different pairs of these).
    """
    left: dict[_Tool, dict[int, CollectionPoint]] = {}
    for number, one in enumerate(some):
        if one.quarantine is not None:
            left.setdefault((one.platform, one.cap_store), {})[number] = one
    total = sum(1 for one in some if one.quarantine is None)
    for number, first in enumerate(some):
        tool = (first.platform, first.cap_store)
        if first.quarantine is None or left[tool].pop(number, None) is None:
            continue
        group = [first]
        for alike in left.values():
            if alike and shared_cap(eco, first, next(iter(alike.values()))) is not None:
                group += alike.values()
                alike.clear()
        rest = min(one.quarantine.seconds for one in group if one.quarantine is not None)
        total += max(math.ceil(QUARTER_DAYS / rest), 1) if rest > 0 else 1
    return total


def to_drop(
    eco: Ecosystem, some: Sequence[CollectionPoint], segment: Segment, limit: float
) -> tuple[CollectionPoint, ...]:
    """Surveys to drop until the expected number is within a limit: the one with the fewest topics of its own first.

    What alone listens at a touchpoint goes last.

    O(surveys log surveys): a survey's own topics only become more, so an entry of the heap that is out of date is put back;
    the expected number is computed exactly only where a running sum comes near the limit.
    """
    victims = _by_own_topics(eco, some, segment)
    sums = [ZERO]  # of the last victims, from the end
    for survey in reversed(victims):
        sums.append(sums[-1] + _a_quarter(eco, survey, segment))
    for count in range(len(victims)):
        if _a_customer(eco, sums[len(victims) - count], segment).said > limit * _SURELY:
            continue
        gone = {one.id for one in victims[:count]}
        if expected(eco, [one for one in some if one.id not in gone], segment).said <= limit:
            return victims[:count]
    return victims


def _by_own_topics(eco: Ecosystem, some: Sequence[CollectionPoint], segment: Segment) -> tuple[CollectionPoint, ...]:
    """Surveys in the order in which they are dropped."""
    having: dict[str, int] = {}
    for survey in some:
        for topic in set(survey.topics or ()):
            having[topic] = having.get(topic, 0) + 1

    listeners = listeners_at(eco)
    voices = {one.id: {one.id, *(signal.id for signal in signals_of(eco, (one,)))} for one in some}
    places: dict[str, list[str]] = {}
    for at, those in listeners.items():
        for one in sorted(those):
            places.setdefault(one, []).append(at)
    heard = {name: sorted({at for one in own for at in places.get(one, ())}) for name, own in voices.items()}

    def own(survey: CollectionPoint) -> tuple[bool, int]:
        alone = any(listeners[at] <= voices[survey.id] for at in heard[survey.id])
        return alone, sum(having[topic] == 1 for topic in set(survey.topics or ()))

    heap = [(own(one), -invitations(eco, one, segment.id).said, one.id, number) for number, one in enumerate(some)]
    heapq.heapify(heap)
    order: list[CollectionPoint] = []
    while heap:
        topics, many, name, number = heapq.heappop(heap)
        survey = some[number]
        now = own(survey)
        if now != topics:
            heapq.heappush(heap, (now, many, name, number))
            continue
        order.append(survey)
        for at in heard[survey.id]:
            listeners[at] -= voices[survey.id]
        for topic in set(survey.topics or ()):
            having[topic] -= 1
    return tuple(order)


def signals_of(eco: Ecosystem, some: Sequence[CollectionPoint]) -> tuple[Signal, ...]:
    """The signals in use that come from some surveys."""
    return tuple(signal for one in some for signal in eco.once(_signals).get(one.id, ()))


def _signals(eco: Ecosystem) -> Mapping[str, list[Signal]]:
    found: dict[str, list[Signal]] = {}
    for signal in eco.inventory.of(Signal):
        if signal.usable and signal.from_ is not None:
            found.setdefault(signal.from_, []).append(signal)
    return found


def deafened(eco: Ecosystem, dropped: Sequence[CollectionPoint]) -> tuple[str, ...]:
    """The touchpoints at which nobody listens any more once some surveys, and the signals from them, are gone."""
    gone = {one.id for one in (*dropped, *signals_of(eco, dropped))}
    return tuple(name for name, listeners in sorted(listeners_at(eco).items()) if listeners and listeners <= gone)
