"""Which lines of business a thing works for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Product, Segment
from cx_map.model.chapter_map import Communication, LineOfBusiness, Platform
from cx_map.model.inventory import Inventory


def lines_of(eco: Ecosystem) -> Mapping[str, frozenset[str]]:
    """The lines of business of every entity that has any. O(entities).

    A thing works for its own ``line_of_business``; a platform also for the lines it ``serves``; a
    communication that names none for the lines of its products; a segment for those of its products; a
    line for itself. Things of no known line are left out: that they work for all lines is not concluded.
    """
    inventory = eco.inventory
    found: dict[str, frozenset[str]] = {}
    for identifier in sorted(inventory.entities):
        entity = inventory.entities[identifier]
        lines: set[str] = set() if entity.line_of_business is None else {entity.line_of_business}
        if isinstance(entity, LineOfBusiness):
            lines = {identifier}
        elif isinstance(entity, Platform):
            lines.update(entity.serves or ())
        elif isinstance(entity, Segment) or (isinstance(entity, Communication) and not lines):
            products = [inventory.find(name, Product) for name in entity.products or ()]
            lines.update(one.line_of_business for one in products if one is not None and one.line_of_business)
        if lines:
            found[identifier] = frozenset(lines)
    return found


def ancestors(inventory: Inventory, line: str) -> tuple[str, ...]:
    """The lines of business that a line is part of, nearest first."""
    found: dict[str, None] = {}
    entity = inventory.find(line, LineOfBusiness)
    while entity is not None and entity.parent is not None and entity.parent not in found:
        found[entity.parent] = None
        entity = inventory.find(entity.parent, LineOfBusiness)
    return tuple(found)


def distinct(inventory: Inventory, lines: Iterable[str]) -> tuple[str, ...]:
    """The lines without those that others of them are part of, in order of id."""
    given = sorted(set(lines))
    wider = {ancestor for line in given for ancestor in ancestors(inventory, line)}
    return tuple(line for line in given if line not in wider)
