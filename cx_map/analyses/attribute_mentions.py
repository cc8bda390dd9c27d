"""Where attributes are named, and which of two names may mean one thing.

A name that nobody declares is its own attribute. Where it is similar to a declared one (analyses.md, B: difflib, contrast
words), nobody can say whether the two are one: they are never merged, and what hangs on it is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attribute_names import names_of
from cx_map.model.attributes import EVERYTHING, canonical, declared
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_map import Communication, DataSource, Flow, Platform
from cx_map.model.chapter_service import ErrorType, Touchpoint
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory

SIMILAR = 0.75
"""How similar (difflib, 0 to 1) two names must be to be taken for one that may be meant by the other."""

LISTS: tuple[tuple[type[Entity], str], ...] = (
    (DataSource, "holds"), (Platform, "holds"), (CollectionPoint, "asks"), (Communication, "content"), (Communication, "personalises"),
    (Touchpoint, "needs_context"), (ErrorType, "needs_attributes"), (Flow, "carries"),
)  # fmt: skip
"""The fields that name attributes: a list of names, or of records with an ``attribute``."""


def mentions(inventory: Inventory) -> Iterator[tuple[str, Entity, tuple[str | int, ...]]]:
    """Every attribute named in the inventory, by kind and id of the entity that names it. O(names)."""
    for cls, field in LISTS:
        entities: tuple[Entity, ...] = inventory.flows if cls is Flow else inventory.of(cls)
        for entity in entities:
            for index, item in enumerate(getattr(entity, field) or ()):
                if isinstance(item, str):
                    yield item, entity, (field, index)
                    continue
                for name in (item.attribute, *(getattr(item, "derived_from", None) or ())):
                    if name is not None:
                        yield name, entity, (field, index)


def nobodys(inventory: Inventory, name: str) -> bool:
    """Whether a name is neither declared nor an alias of what is."""
    return name != EVERYTHING and not declared(inventory, name) and canonical(inventory, name) == name


def suggestions(eco: Ecosystem) -> Mapping[str, tuple[str, float]]:
    """For each name that nobody declares the most similar attribute, and how similar it is, where there is one.

    O(undeclared names times declared ones), a few milliseconds a name: kept for all who ask.
    """
    inventory = eco.inventory
    names = sorted({name for name, _, _ in mentions(inventory) if nobodys(inventory, name)})
    found = {name: names_of(inventory).suggest(name, SIMILAR) for name in names}
    return {name: one for name, one in found.items() if one is not None}


def perhaps_the_same(eco: Ecosystem) -> Mapping[str, tuple[str, ...]]:
    """For each attribute the names that may mean it: of a pair one is declared by nobody and similar to the other."""
    pairs: dict[str, set[str]] = {}
    for name, (similar, _) in eco.once(suggestions).items():
        pairs.setdefault(name, set()).add(similar)
        pairs.setdefault(similar, set()).add(name)
    return {name: tuple(sorted(others)) for name, others in pairs.items()}
