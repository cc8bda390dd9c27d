"""Which kinds of data come together at a store: its own and those of everything that feeds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.attributes import covers
from cx_map.model.chapter_map import DataKind, DataSource, Platform

KINDS: tuple[DataKind, ...] = ("experience", "operational", "behavioural", "preference")

IMPLIED: tuple[tuple[str, DataKind], ...] = (
    ("feedback", "experience"), ("complaint", "experience"), ("account", "operational"), ("order", "operational"),
    ("product", "operational"), ("payment", "operational"), ("behaviour", "behavioural"), ("interaction", "behavioural"),
    ("preference", "preference"),
)  # fmt: skip
"""The kind of data that held attributes speak for."""


class Kinds(Struct, frozen=True):
    """Kinds of data at a store, and the stores among its suppliers (itself included) that do not say what they keep."""

    kinds: frozenset[DataKind]
    silent: tuple[str, ...]


def neighbours(eco: Ecosystem, *, backward: bool) -> dict[str, list[str]]:
    """What each place is joined to by usable flows, whatever they carry."""
    found: dict[str, list[str]] = {}
    for link in eco.once(propagation).links:
        one, other = (link.target, link.source) if backward else (link.source, link.target)
        found.setdefault(one, []).append(other)
    return found


def feeders(eco: Ecosystem) -> dict[str, list[str]]:
    """What feeds each place directly."""
    return neighbours(eco, backward=True)


def fed(eco: Ecosystem) -> dict[str, list[str]]:
    """What each place feeds directly."""
    return neighbours(eco, backward=False)


def all_from(steps: Mapping[str, Sequence[str]], starts: Iterable[str]) -> frozenset[str]:
    """Everything that steps lead to, the starts included. O(steps)."""
    seen = set(starts)
    todo = list(seen)
    while todo:
        for other in steps.get(todo.pop(), ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return frozenset(seen)


def kinds_at(eco: Ecosystem, store: str) -> Kinds:
    """The kinds of data that come together at a store. O(flows)."""
    found: set[DataKind] = set()
    silent: list[str] = []
    for name in sorted(all_from(eco.once(feeders), (store,))):
        own, whole = own_kinds(eco, name)
        found |= own
        if not whole:
            silent.append(name)
    return Kinds(frozenset(found), tuple(silent))


def own_kinds(eco: Ecosystem, name: str) -> tuple[frozenset[DataKind], bool]:
    """The kinds that a place keeps itself: as it says, and as the attributes it holds imply; and whether these are all."""
    entity = eco.inventory.entities.get(name)
    if not isinstance(entity, (DataSource, Platform)):
        return frozenset(), True
    implied = {
        kind
        for holding in entity.holds or ()
        if holding.attribute is not None
        for root, kind in IMPLIED
        if covers(eco.inventory, root, holding.attribute)
    }
    said = entity.data_kinds if isinstance(entity, DataSource) else None
    if said is not None:
        return frozenset({*said, *implied}), True
    if isinstance(entity, DataSource):
        return frozenset(implied), False  # what it holds tells some kinds, but not which it lacks
    return frozenset(implied), True
