"""Boxes over finite dimensions: which cells of a whole are left uncovered, without listing every cell.

A box is one set of values a dimension, each set the bits of an integer; its cells are the product.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Box: TypeAlias = tuple[int, ...]

MOST_GROWN = 1_000
"""No more pieces are grown to find the largest boxes."""


def size(box: Box) -> int:
    """Number of cells."""
    return math.prod(side.bit_count() for side in box)


def meet(one: Box, other: Box) -> Box | None:
    """The cells of both, or None where they share none."""
    common = tuple(a & b for a, b in zip(one, other, strict=True))
    return common if all(common) else None


def minus(one: Box, other: Box) -> list[Box]:
    """Disjoint boxes that make up the cells of one that are not in the other; at most one a dimension."""
    for mine, theirs in zip(one, other, strict=True):
        if not mine & theirs:
            return [one]
    pieces = []
    rest = list(one)
    for axis, side in enumerate(other):
        outside = rest[axis] & ~side
        if outside:
            pieces.append((*rest[:axis], outside, *rest[axis + 1 :]))
        rest[axis] &= side
    return pieces


def uncovered(whole: Box, cover: Iterable[Box], limit: int = 10_000) -> list[Box] | None:
    """Disjoint boxes that make up what no box of the cover holds; None where there are more than ``limit``.

    Each box of the cover is cut out in turn. The pieces can grow as (dimensions) to the number of boxes in
    the worst case, hence the limit; for rules that people write they stay few.
    """
    pieces = [whole] if all(whole) else []
    for box in cover:
        if not pieces:
            break
        pieces = [rest for piece in pieces for rest in minus(piece, box)]
        if len(pieces) > limit:
            return None
    return pieces


def largest(pieces: Sequence[Box], whole: Box, cover: Sequence[Box]) -> list[Box]:
    """Boxes, as large as they can be made, that together hold the cells of the pieces and no covered cell.

    Every piece is grown along each dimension in turn as far as it stays clear of the cover; boxes inside others
    are dropped. Large ones come first. Of very many pieces only the :data:`MOST_GROWN` largest are grown.
    O(pieces * log pieces + grown * (grown + dimensions * cover)).
    """
    grown: list[Box] = []
    for piece in heapq.nsmallest(MOST_GROWN, pieces, key=lambda one: (-size(one), one)):
        if any(_inside(piece, other) for other in grown):
            continue
        box = list(piece)
        for axis, side in enumerate(whole):
            box[axis] |= side & ~_taken(box, axis, cover)
        grown.append(tuple(box))
    kept: list[Box] = []
    for candidate in sorted(set(grown), key=lambda one: (-size(one), one)):
        if not any(_inside(candidate, other) for other in kept):
            kept.append(candidate)
    return kept


def _taken(box: Sequence[int], axis: int, cover: Sequence[Box]) -> int:
    """The values of one dimension at which the cover holds a cell that the box, grown there, would hold too."""
    others = [number for number in range(len(box)) if number != axis]
    taken = 0
    for one in cover:
        for number in others:
            if not box[number] & one[number]:
                break
        else:
            taken |= one[axis]
    return taken


def _inside(one: Box, other: Box) -> bool:
    return all(a & ~b == 0 for a, b in zip(one, other, strict=True))
