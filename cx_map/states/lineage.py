"""What became of an entity: the renames, replacements and merges that lead from one state to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias

from cx_map.model.inventory import Inventory

How: TypeAlias = Literal["renamed", "replaced", "merged"]


@dataclass(frozen=True, slots=True)
class Move:
    """One id that became another. ``namespace`` is empty for entities, else ``attributes`` or ``references``."""

    how: How
    before: str
    after: str
    namespace: str = ""


Step: TypeAlias = tuple[Move, ...]
"""Moves that took effect at once."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """All moves from the current state to another one, in the order in which they were made."""

    steps: tuple[Step, ...] = ()

    def then(self, steps: tuple[Step, ...]) -> Lineage:
        """This lineage and what followed."""
        return Lineage(self.steps + steps) if steps else self

    def since(self, earlier: Lineage) -> Lineage | None:
        """The moves made after an earlier state, or None where that state is not on the way to this one."""
        size = len(earlier.steps)
        return Lineage(self.steps[size:]) if self.steps[:size] == earlier.steps else None

    def target(self, identifier: str, namespace: str = "") -> str:
        """The id under which the entity that had this id is found afterwards. O(moves)."""
        return self.journey(identifier, namespace)[0]

    def journey(self, identifier: str, namespace: str = "") -> tuple[str, How | None]:
        """The last id, and how it came to be: the last replacement or merge, else a rename, else None."""
        current = identifier
        how: How | None = None
        for step in self.steps:
            move = next((one for one in step if one.namespace == namespace and one.before == current), None)
            if move is not None:
                current = move.after
                how = move.how if move.how != "renamed" or how is None else how
        if current == identifier and how == "renamed":  # there and back
            return current, None
        return current, how

    def starts(self, namespace: str = "") -> tuple[str, ...]:
        """The ids that moves began with; those that a rename made on the way are left out."""
        found: set[str] = set()
        arrived: set[str] = set()
        for step in self.steps:
            moves = [one for one in step if one.namespace == namespace]
            found.update(one.before for one in moves if one.before not in arrived)
            arrived.update(one.after for one in moves if one.how == "renamed")
        return tuple(sorted(found))

    def _all(self, how: How, namespace: str = "") -> Mapping[str, str]:
        arrived = {start: self.journey(start, namespace) for start in self.starts(namespace)}
        return {start: end for start, (end, last) in arrived.items() if last == how}

    @property
    def renamed(self) -> Mapping[str, str]:
        """Old id to new id of entities that were only renamed."""
        return self._all("renamed")

    @property
    def replaced(self) -> Mapping[str, str]:
        """Old id to the id that replaced it."""
        return self._all("replaced")

    @property
    def merged(self) -> Mapping[str, str]:
        """Old id to the id it was merged into."""
        return self._all("merged")


@dataclass(frozen=True, eq=False)
class State(Inventory):
    """An inventory computed from another by operators, with what became of its ids since the current state."""

    lineage: Lineage = field(default_factory=Lineage, repr=False)


def lineage_of(inventory: Inventory) -> Lineage:
    """How an inventory came about from the current state; empty for one that was loaded."""
    return inventory.lineage if isinstance(inventory, State) else Lineage()


def as_state(inventory: Inventory, lineage: Lineage) -> State:
    """The inventory with its lineage."""
    return State(**{one.name: getattr(inventory, one.name) for one in fields(Inventory)}, lineage=lineage)
