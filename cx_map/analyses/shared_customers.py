"""How many customers two lines of business share."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.analyses.lines import lines_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Overlap, Product, Segment
from cx_map.model.chapter_map import LineOfBusiness
from cx_map.model.inventory import Inventory, basis_of
from cx_map.model.values import Basis, Number, worst_basis

MOST_LINES = 50
"""Lines of business among whose pairs a segment's customers are read as shared: a segment that holds products of more
says nothing of any two of them, and has too many pairs."""


class Shared(Struct, frozen=True):
    """Customers that two lines of business have in common, at least and at most; None = some, nobody counted."""

    low: float | None
    high: float | None
    basis: Basis
    evidence: Overlap | None


def customers_of(inventory: Inventory, identifier: str) -> Number | None:
    """The stated number of customers of a line of business, product or segment."""
    entity = inventory.entities.get(identifier)
    return entity.customers if isinstance(entity, (LineOfBusiness, Product, Segment)) else None


def shared_customers(eco: Ecosystem) -> Mapping[tuple[str, str], Shared]:
    """Customers shared by each pair of lines of business (in order of id) that is said to share any.

    Overlaps between lines, products or segments count for the lines these belong to; several overlaps of
    one pair may be the same people, so that the largest counts. ``share`` is of the smaller of the two.
    Only where no overlap is stated at all, all customers of a segment whose customers hold products of
    several lines, but no more than :data:`MOST_LINES`, are read as shared by these, with the basis *assumed*.
    O(overlaps + segments * lines of a segment, of which no more than that, squared).
    """
    inventory = eco.inventory
    lines = eco.once(lines_of)
    found: dict[tuple[str, str], Shared] = {}
    for overlap in inventory.overlaps:
        if overlap.between is None or len(overlap.between) != 2:
            continue
        one, other = overlap.between
        stated = _stated(inventory, overlap)
        for a in sorted(lines.get(one, ())):
            for b in sorted(lines.get(other, ())):
                if a != b:
                    _keep(found, (min(a, b), max(a, b)), stated)
    if inventory.overlaps:
        return found
    for segment in inventory.of(Segment):
        of = sorted(lines.get(segment.id, ()))
        if not 2 <= len(of) <= MOST_LINES or not segment.usable:
            continue
        number = segment.customers
        assumed = Shared(number.lowest if number else None, number.highest if number else None, "assumed", None)
        for index, a in enumerate(of):
            for b in of[index + 1 :]:
                _keep(found, (a, b), assumed)
    return found


def too_wide(eco: Ecosystem) -> frozenset[str]:
    """The lines of business of segments that are not read as shared because they hold products of too many lines."""
    if eco.inventory.overlaps:
        return frozenset()
    lines = eco.once(lines_of)
    found = [lines.get(one.id, frozenset()) for one in eco.inventory.of(Segment) if one.usable]
    return frozenset().union(*(of for of in found if len(of) > MOST_LINES))


def sharing_lines(eco: Ecosystem) -> Mapping[str, tuple[tuple[str, Shared], ...]]:
    """For each line of business, those it shares customers with. O(pairs)."""
    found: dict[str, list[tuple[str, Shared]]] = {}
    for (one, other), shared in eco.once(shared_customers).items():
        found.setdefault(one, []).append((other, shared))
        found.setdefault(other, []).append((one, shared))
    return {line: tuple(others) for line, others in found.items()}


def _stated(inventory: Inventory, overlap: Overlap) -> Shared:
    basis = basis_of(inventory, overlap)
    if overlap.customers is not None:
        number = overlap.customers
        return Shared(number.lowest, number.highest, worst_basis(basis, number.basis), overlap)
    sizes = [customers_of(inventory, name) for name in overlap.between or ()]
    known = [size for size in sizes if size is not None]
    if overlap.share is None or len(known) < 2:
        return Shared(None, None, basis, overlap)
    share = overlap.share
    low, high = min(size.lowest for size in known), min(size.highest for size in known)
    worst = worst_basis(basis, share.basis, *(size.basis for size in known))
    return Shared(low * share.lowest, high * share.highest, worst, overlap)


def _keep(found: dict[tuple[str, str], Shared], pair: tuple[str, str], shared: Shared) -> None:
    before = found.get(pair)
    if before is None or (before.low or 0.0, before.high or 0.0) < (shared.low or 0.0, shared.high or 0.0):
        found[pair] = shared
