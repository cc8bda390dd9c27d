"""A set of places as several sets, most of which many others share.

Whoever has an attribute has its parts: what thousands of attributes below one are held by differs in a place or two. Written
out for each, the sets alone would take attributes * places; kept in parts, each part is looked through once.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

SharedSets: TypeAlias = tuple[frozenset[str], ...]
"""Sets whose union is meant; a place may be in several."""


def in_any(sets: SharedSets, place: str) -> bool:
    """Whether a place is in the union. O(sets)."""
    return any(place in some for some in sets)


def merged(ordered: Sequence[Iterable[str]]) -> Iterator[str]:
    """Places in order, from several in order; each once. What is not asked for costs nothing."""
    last: str | None = None
    for place in heapq.merge(*ordered):
        if place != last:
            yield place
        last = place
