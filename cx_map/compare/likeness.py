"""Removed and added entities that look alike: a question to the author, never taken for a rename."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cx_map.compare.links import Links
from cx_map.compare.values import same
from cx_map.model.entity import Entity
from cx_map.model.fields import fields_of
from cx_map.model.inventory import Inventory
from cx_map.states.shape import ORDERED

ALIKE = 0.75
"""Share of the fields given on either side that must be equal."""

_FEWEST_EQUAL = 2
_MOST_PAIRS = 2500
_SAYS_LITTLE = frozenset({"source", "as_of", "basis", "renamed_from", "notes", "status", "since", "until", "tags"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two entities of one kind that may be the same under another id; ``likeness`` is a share from 0 to 1."""

    kind: str
    before: str
    after: str
    likeness: float


def suggestions(
    before: Inventory, after: Inventory, removed: Sequence[str], added: Sequence[str], links: Links,
) -> tuple[Suggestion, ...]:  # fmt: skip
    """The likest partner of each removed entity, if like enough. O(removed x added of a kind), at most 2,500 pairs a kind."""
    gone: dict[str, list[Entity]] = {}
    come: dict[str, list[Entity]] = {}
    for groups, names, inventory in ((gone, removed, before), (come, added, after)):
        for name in names:
            entity = inventory.entities.get(name)
            if entity is not None:
                groups.setdefault(entity.kind, []).append(entity)
    found = []
    for kind in sorted(gone.keys() & come.keys()):
        if len(gone[kind]) * len(come[kind]) > _MOST_PAIRS:
            continue
        for old in gone[kind]:
            score, name = max(
                ((_likeness(old, new, links), new.id) for new in come[kind]), key=lambda pair: (pair[0], pair[1])
            )
            if score >= ALIKE:
                found.append(Suggestion(kind, old.id, name, round(score, 3)))
    return tuple(found)


def _likeness(old: Entity, new: Entity, links: Links) -> float:
    given = equal = 0
    for key, one in fields_of(type(old)).items():
        left, right = getattr(old, one.attribute), getattr(new, one.attribute)
        if key in _SAYS_LITTLE or (left is None and right is None):
            continue
        given += 1
        equal += same(left, right, one.spec, links.rename, ordered=(type(old), key) in ORDERED)
    return equal / given if equal >= _FEWEST_EQUAL else 0.0
