"""What hangs on some communications: customers, items a month, regulation. Shown with every bottleneck."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from cx_map.analyses.bounds import Bounds, bounds_of, total
from cx_map.analyses.customers import recipients
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication
from cx_map.model.inventory import basis_of


class Affected(Struct, frozen=True):
    """How many communications, with their customers (a union, as bounds) and items a month."""

    communications: int
    customers: Bounds
    items: Bounds
    regulated: bool
    """Whether one of them is regulatory or security."""


def affected(eco: Ecosystem, communications: Iterable[str]) -> Affected:
    """The impact of something that touches these communications. O(communications + segments)."""
    inventory = eco.inventory
    chosen = [one for name in sorted(set(communications)) if (one := inventory.find(name, Communication)) is not None]
    volumes = eco.once(_volumes)
    return Affected(
        len(chosen),
        recipients(eco, chosen),
        total(volumes[one.id] for one in chosen),
        any(one.regulated for one in chosen),
    )


def _volumes(eco: Ecosystem) -> dict[str, Bounds]:
    """Items a month of every communication: things that are needed by many are asked for again and again."""
    return {one.id: volume_of(eco, one) for one in eco.inventory.of(Communication)}


def volume_of(eco: Ecosystem, communication: Communication) -> Bounds:
    """Items a month of a communication, with its basis."""
    return bounds_of(communication.volume, basis_of(eco.inventory, communication))
