"""A loaded inventory: every entity by id, with the place of every field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

from msgspec import Struct

from cx_map.errors import Location
from cx_map.model.chapter_customers import Attribute, Overlap
from cx_map.model.chapter_governance import Roadmap
from cx_map.model.chapter_map import Flow, Organization
from cx_map.model.entity import Entity, Reference
from cx_map.model.source import Map, Raw, Seq, SourceFile, unmark
from cx_map.model.values import Basis, worst_basis

E = TypeVar("E", bound=Entity)


class RawEntity(Struct, eq=False):
    """An entity as written, file defaults included: its fields and the place of its id. Equal only to itself."""

    kind: str
    id: str
    written: Map | Callable[[], Map]
    """The fields, or what makes them when somebody first asks, as few do for most entities."""
    mark: int
    end: int

    @property
    def fields(self) -> Map:
        """The fields as written."""
        if not isinstance(self.written, Map):
            self.written = self.written()
        return self.written


class Exemption(Struct, frozen=True):
    """A comment ``# cxmap: ignore[CODE] reason``."""

    codes: tuple[str, ...]
    reason: str
    location: Location


@dataclass(slots=True)
class RawInventory:
    """An inventory as written, merged over files; what roadmap operators edit."""

    files: tuple[SourceFile, ...] = ()
    entities: dict[str, RawEntity] = field(default_factory=dict)
    attributes: dict[str, RawEntity] = field(default_factory=dict)
    references: dict[str, RawEntity] = field(default_factory=dict)
    flows: list[RawEntity] = field(default_factory=list)
    overlaps: list[RawEntity] = field(default_factory=list)
    organization: RawEntity | None = None
    roadmap: RawEntity | None = None
    exemptions: tuple[Exemption, ...] = ()

    def copy(self) -> RawInventory:
        """A copy that can be edited: collections are new, entities are shared."""
        return RawInventory(
            self.files, dict(self.entities), dict(self.attributes), dict(self.references), list(self.flows),
            list(self.overlaps), self.organization, self.roadmap, self.exemptions,
        )  # fmt: skip

    def location(self, start: int, end: int | None = None) -> Location:
        """The place of a mark, or from one mark to another."""
        return locate(self.files, start, end)


def locate(files: tuple[SourceFile, ...], start: int, end: int | None = None) -> Location:
    """The place between two marks, as a location in one of these files."""
    file, line, column = unmark(start)
    end_line, end_column = line, column
    if end is not None:
        end_file, *_ = unmark(end)
        if end_file == file and end >= start:
            _, end_line, end_column = unmark(end)
    path = files[file].path if file < len(files) else "<shipped>"
    return Location(path, line + 1, column + 1, end_line + 1, end_column + 1)


@dataclass(frozen=True, eq=False)
class Inventory:
    """A whole, valid inventory in one state.

    ``entities`` maps the id of every entity (shipped channels included) to it; ``flows`` and ``overlaps``
    are in an order that does not depend on files; attributes and references have namespaces of their own.
    """

    raw: RawInventory = field(repr=False)
    entities: Mapping[str, Entity] = field(repr=False)
    attributes: Mapping[str, Attribute] = field(repr=False)
    references: Mapping[str, Reference] = field(repr=False)
    flows: tuple[Flow, ...] = field(repr=False)
    overlaps: tuple[Overlap, ...] = field(repr=False)
    organization: Organization | None
    roadmap: Roadmap | None
    shipped: frozenset[str]
    state: str = "current"
    flow_sources: tuple[RawEntity, ...] = field(default=(), repr=False)
    overlap_sources: tuple[RawEntity, ...] = field(default=(), repr=False)

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The files it was read from."""
        return self.raw.files

    @cached_property
    def _by_class(self) -> dict[type[Entity], tuple[Entity, ...]]:
        groups: dict[type[Entity], list[Entity]] = {}
        for identifier in sorted(self.entities):
            entity = self.entities[identifier]
            groups.setdefault(type(entity), []).append(entity)
        return {cls: tuple(group) for cls, group in groups.items()}

    def of(self, cls: type[E]) -> tuple[E, ...]:
        """All entities of a class, ordered by id (shipped channels included)."""
        return cast("tuple[E, ...]", self._by_class.get(cls, ()))

    def find(self, identifier: str | None, cls: type[E]) -> E | None:
        """The entity with this id if it is of this class, else None."""
        entity = self.entities.get(identifier) if identifier is not None else None
        return entity if isinstance(entity, cls) else None

    @cached_property
    def counts(self) -> dict[str, int]:
        """Written entities by kind, kinds without any left out; shipped ones do not count."""
        totals: dict[str, int] = {}
        for identifier in self.raw.entities:
            kind = self.entities[identifier].kind
            totals[kind] = totals.get(kind, 0) + 1
        sizes = {"flows": len(self.flows), "overlaps": len(self.overlaps), "attributes": len(self.raw.attributes)}
        totals |= {kind: size for kind, size in sizes.items() if size}
        return dict(sorted(totals.items()))

    @property
    def size(self) -> int:
        """Number of written entities, flows not counted."""
        return len(self.raw.entities) + len(self.raw.attributes)

    @cached_property
    def _list_sources(self) -> dict[int, RawEntity]:
        listed = [
            *zip(self.flows, self.flow_sources, strict=True),
            *zip(self.overlaps, self.overlap_sources, strict=True),
        ]
        return {id(entity): raw for entity, raw in listed}

    def source_of(self, entity: Entity) -> RawEntity | None:
        """The entity as written, or None where it is shipped."""
        if isinstance(entity, (Flow, Overlap)):
            return self._list_sources.get(id(entity))
        if isinstance(entity, Attribute):
            return self.raw.attributes.get(entity.id)
        if isinstance(entity, Reference):
            return self.raw.references.get(entity.id)
        if isinstance(entity, Organization):
            return self.raw.organization
        if isinstance(entity, Roadmap):
            return self.raw.roadmap
        return self.raw.entities.get(entity.id)

    def place(self, entity: Entity, *path: str | int) -> Location:
        """Where an entity stands (its id), or one of its fields or items; falls back to the entity's place."""
        raw = self.source_of(entity)
        if raw is None:
            return Location("<shipped>")
        start, end = raw.mark, raw.end
        value: Raw = raw.fields
        for step in path:
            if isinstance(value, Map) and isinstance(step, str):
                marks = value.place(step)
                if marks is None:
                    break
                start, end = marks[0], marks[2]
                value = value[step]
            elif isinstance(value, Seq) and isinstance(step, int) and step < len(value):
                start, end = value.marks[2 * step : 2 * step + 2]
                value = value[step]
            else:
                break
        return self.raw.location(start, end)

    def written(self) -> Iterator[Entity]:
        """Every written entity, by kind and id; shipped ones left out."""
        for identifier in sorted(self.raw.entities, key=lambda one: (self.entities[one].kind, one)):
            yield self.entities[identifier]


def basis_of(inventory: Inventory, entity: Entity) -> Basis:
    """How an entity's facts are known: its own basis, else the worst of its sources, else reported."""
    if entity.basis is not None:
        return entity.basis
    return worst_basis(*(ref.basis for name in entity.source or () if (ref := inventory.references.get(name))))


def date_of(inventory: Inventory, entity: Entity) -> str | None:
    """The date of an entity's facts: its own, else the oldest of its sources, else None."""
    if entity.as_of is not None:
        return entity.as_of
    dates = [ref.as_of for name in entity.source or () if (ref := inventory.references.get(name)) and ref.as_of]
    return min(dates, default=None)


def newest_date(inventory: Inventory) -> str | None:
    """The newest date of any fact in the inventory (``as_of`` of entities and references), or None."""
    everything: list[Entity] = [
        *inventory.entities.values(),
        *inventory.attributes.values(),
        *inventory.references.values(),
    ]
    everything += [*inventory.flows, *inventory.overlaps]
    return max((one.as_of for one in everything if one.as_of is not None), default=None)
