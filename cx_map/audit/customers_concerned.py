"""Whom a finding concerns: how readily they leave, and whether many of them are vulnerable (analyses.md, I).

``churn_sensitivity`` weighs the order of findings and never a count. Only its ratio to the mean of what the segments of a
firm state counts, so that its scale does not matter; segments that state none count as the mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import fmean

from msgspec import Struct

from cx_map.audit.findings import NOBODY, Concerned
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_feedback import Signal
from cx_map.model.chapter_map import Communication
from cx_map.model.chapter_service import Journey, Task
from cx_map.rulekit import Breach

MANY = 0.1
"""Above this share of vulnerable customers nothing about a segment is immaterial: where CHAN106 asks for a person, too."""


class _Stated(Struct, frozen=True):
    """What segments in use state: their weight, and which of them are vulnerable."""

    weights: Mapping[str, float]
    vulnerable: frozenset[str]


def concerned(eco: Ecosystem, breach: Breach) -> Concerned:
    """The customers of the subject of a breach and of what is related to it. O(related things)."""
    stated = eco.once(_stated)
    if not stated.weights and not stated.vulnerable:
        return NOBODY
    segments = dict.fromkeys(_segments(eco, breach))
    return Concerned(_mean(eco, stated, tuple(segments)), not stated.vulnerable.isdisjoint(segments))


def _stated(eco: Ecosystem) -> _Stated:
    segments = [one for one in eco.inventory.of(Segment) if one.usable]
    given = {one.id: one.churn_sensitivity.value for one in segments if one.churn_sensitivity is not None}
    mean = fmean(given.values()) if given else 0.0
    return _Stated(
        {name: number / mean for name, number in given.items()} if mean > 0 else {},
        frozenset(one.id for one in segments if one.vulnerable is not None and one.vulnerable.lowest > MANY),
    )


def _segments(eco: Ecosystem, breach: Breach) -> Iterator[str]:
    for entity in (breach.subject, *(eco.inventory.entities.get(name) for name in breach.related)):
        if isinstance(entity, Segment):
            yield entity.id
        elif isinstance(entity, Communication | Signal | Task | Journey):
            yield from entity.segments or ()


def _mean(eco: Ecosystem, stated: _Stated, names: tuple[str, ...]) -> float:
    """The mean weight of some segments, by their customers where these are known of all."""
    if not names:
        return 1.0
    weights = [stated.weights.get(name, 1.0) for name in names]
    sizes = [one.customers.value if one is not None and one.customers is not None else None
             for name in names for one in (eco.inventory.find(name, Segment),)]  # fmt: skip
    known = [size for size in sizes if size is not None]
    return fmean(weights, known) if len(known) == len(sizes) and sum(known) > 0 else fmean(weights)
