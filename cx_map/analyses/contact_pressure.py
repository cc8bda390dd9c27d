"""How many invitations to surveys a customer gets, on average and at worst, and which caps work across tools (analyses.md, B).

*Expected*: three months of each survey's invitations over the customers of the segment. *Worst case*: what one customer can
get in 90 days when every survey invites as often as its quarantine allows; surveys that one working cap covers count once,
with their shortest quarantine. A cap works across two surveys where a store that counts invitations reaches the platforms of both
along usable flows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct

from cx_map.analyses.bounds import ZERO, Bounds, bounds_of
from cx_map.analyses.data_kinds import all_from, fed
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint, Segment
from cx_map.model.inventory import basis_of

QUARTER_DAYS = 90 * 86400.0
SURVEYS = ("survey", "intercept")


class Surveys(Struct, frozen=True, eq=False):
    """All usable surveys, by segment; ``None`` stands for surveys that name no segment."""

    all: tuple[CollectionPoint, ...]
    by_segment: Mapping[str | None, tuple[CollectionPoint, ...]]

    def of(self, segment: str) -> tuple[CollectionPoint, ...]:
        """The surveys that may invite customers of a segment, by id; those that name no segment are left out."""
        return self.by_segment.get(segment, ())


def surveys(eco: Ecosystem) -> Surveys:
    """The surveys of an ecosystem. O(collection points)."""
    found = tuple(one for one in eco.inventory.of(CollectionPoint) if one.usable and one.kind_ in SURVEYS)
    by_segment: dict[str | None, list[CollectionPoint]] = {}
    for survey in found:
        names = (None,) if survey.segments is None else tuple(dict.fromkeys(one.segment for one in survey.segments))
        for name in names:
            by_segment.setdefault(name, []).append(survey)
    return Surveys(found, {name: tuple(some) for name, some in by_segment.items()})


def invitations(eco: Ecosystem, survey: CollectionPoint, segment: str) -> Bounds:
    """Invitations a month that a survey sends to a segment: said for it, else all of them where it has one segment only."""
    stated = basis_of(eco.inventory, survey)
    own = next((one.volume for one in survey.segments or () if one.segment == segment), None)
    if own is not None:
        return bounds_of(own, stated)
    total = bounds_of(survey.invites, stated)
    return total if len(survey.segments or ()) == 1 else Bounds(0.0, None, total.high, total.basis)


def expected(eco: Ecosystem, some: Sequence[CollectionPoint], segment: Segment) -> Bounds:
    """Invitations that a customer of a segment gets in a quarter; unbounded where a number is not known."""
    total = ZERO
    for survey in some:
        total = total + invitations(eco, survey, segment.id).scaled(3.0)
    size = bounds_of(segment.customers, basis_of(eco.inventory, segment))
    low = total.low / size.high if size.high else 0.0
    value = total.value / size.value if total.value is not None and size.value else None
    high = total.high / size.low if total.high is not None and size.low > 0 else None
    return Bounds(low, value, high, total.basis)


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
    """The most invitations of one customer in 90 days, at least: a survey without quarantine counts once. O(surveys squared)."""
    left = list(some)
    total = 0
    while left:
        first = left.pop(0)
        group = [first]
        if first.quarantine is not None:
            together = [
                one
                for one in left
                if one.quarantine is not None and all(shared_cap(eco, one, member) is not None for member in group)
            ]
            group += together
            left = [one for one in left if one not in together]
        rests = [one.quarantine.seconds for one in group if one.quarantine is not None]
        total += max(math.ceil(QUARTER_DAYS / min(rests)), 1) if rests and min(rests) > 0 else 1
    return total


def to_drop(
    eco: Ecosystem, some: Sequence[CollectionPoint], segment: Segment, limit: float
) -> tuple[CollectionPoint, ...]:
    """Surveys to drop until the expected number is within a limit: the one with the fewest topics of its own first."""
    left = list(some)
    dropped: list[CollectionPoint] = []
    while left and expected(eco, left, segment).said > limit:
        pool = tuple(left)

        def key(survey: CollectionPoint, pool: tuple[CollectionPoint, ...] = pool) -> tuple[int, float, str]:
            others = {topic for one in pool if one is not survey for topic in one.topics or ()}
            return (len(set(survey.topics or ()) - others), -invitations(eco, survey, segment.id).said, survey.id)

        victim = min(left, key=key)
        left.remove(victim)
        dropped.append(victim)
    return tuple(dropped)
