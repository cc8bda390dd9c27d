"""The eight operators of a roadmap, a fix or a what-if, as plain data with their places.

``mark`` and ``end`` are marks into the files of the raw inventory (:mod:`cx_map.model.source`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from cx_map.model.inventory import RawEntity
from cx_map.model.source import Map


@dataclass(frozen=True, slots=True)
class Named:
    """An id where an operator wrote it."""

    id: str
    mark: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operator:
    """What all operators share: their place, and the initiative whose work they are (``for``)."""

    mark: int = 0
    end: int = 0
    initiative: Named | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Add(_Operator):
    """New entities, flows and overlaps, each as it would stand in a file."""

    items: tuple[RawEntity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(_Operator):
    """Fields merged into entities: null unsets one, a list is replaced or edited with ``{add, remove}``."""

    edits: tuple[tuple[Named, Map], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove(_Operator):
    """Entities that go, with their flows and overlaps."""

    ids: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace(_Operator):
    """Pairs of old and new: every reference and flow of the old one moves to the new one, the old one goes."""

    pairs: tuple[tuple[Named, Named], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(_Operator):
    """Several entities that become one of them, or another."""

    into: Named
    sources: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename(_Operator):
    """Pairs of old and new id of one and the same entity; all pairs take effect at once."""

    pairs: tuple[tuple[Named, Named], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect(_Operator):
    """A new flow; it takes the place of one of the same pair that is known not to exist (``via: none``)."""

    flow: RawEntity


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnect(_Operator):
    """A flow that goes; ``flow`` is its id where a pair has several."""

    source: Named
    target: Named
    flow: Named | None = None


Operator: TypeAlias = Add | Change | Remove | Replace | Merge | Rename | Connect | Disconnect

OPERATORS = ("add", "change", "remove", "replace", "merge", "rename", "connect", "disconnect")
"""The operators by the key that they are written with."""
