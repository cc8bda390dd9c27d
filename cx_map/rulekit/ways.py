"""The way of a signal as the path of a finding, bounded: a chain of thousands of stores is proof of nothing more."""

from __future__ import annotations

from collections.abc import Sequence

from cx_map.graph.response import Edge, shown
from cx_map.rulekit.breach import PathStep

MOST_STEPS = 50
"""Steps of a way that are told: the first and the last of a longer one."""


def steps_of(edges: Sequence[Edge]) -> tuple[PathStep, ...]:
    """The steps of a way, no more than :data:`MOST_STEPS`."""
    half = MOST_STEPS // 2
    told = edges if len(edges) <= MOST_STEPS else (*edges[:half], *edges[-half:])
    return tuple(PathStep(shown(edge.source), edge.label, shown(edge.target), edge.entity, edge.at) for edge in told)


def shortened(edges: Sequence[Edge]) -> tuple[tuple[str, str], ...]:
    """As evidence, that a way is longer than what is told of it."""
    if len(edges) <= MOST_STEPS:
        return ()
    return (("way", f"{len(edges):,} steps, of which the first and the last {MOST_STEPS // 2} are told"),)
