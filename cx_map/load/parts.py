"""What each file of a valid inventory gives to it, as bytes to keep and as an inventory again.

A part holds the typed entities of one file beside what they were made of, and all that has to be looked at when the other
files change: what it refers to, its currencies, its exemptions. Parts are only made of inventories without any problem, and
:func:`merge` gives None as soon as something about their sum may be wrong: then everything is read again, which says what.

The bytes are msgpack, read against the model's own types: nothing in them can be executed, and what does not fit is
refused. The fields as written, with their places, are unpacked for the entities that somebody asks about.

Longer than most modules: what is written and how it is read back have to agree, and stand side by side.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Any, TypeAlias, cast

import msgspec
from msgspec import Struct

from cx_map.load.assemble import assemble_one
from cx_map.load.build import ordered, refine, without_changes
from cx_map.load.checks import across, within
from cx_map.load.context import Context
from cx_map.load.convert import convert
from cx_map.model.chapter_customers import Attribute, Overlap
from cx_map.model.chapter_governance import Roadmap
from cx_map.model.chapter_map import Channel, Communication, Flow, Organization
from cx_map.model.entity import Entity, Reference
from cx_map.model.inventory import Exemption, Inventory, RawEntity, RawInventory
from cx_map.model.kinds import KINDS
from cx_map.model.shipped import SHIPPED_CHANNELS
from cx_map.model.source import FILE_SHIFT, Map, Raw, Seq, SourceFile

Pair: TypeAlias = "tuple[RawEntity, Entity]"


class Part(Struct):
    """What one file gives to an inventory; entities in the order of the text."""

    currency: str | None
    pairs: list[Pair]
    references: frozenset[tuple[str, tuple[str, ...]]]
    """What it refers to: ids, and the kinds that each may be of."""
    currencies: frozenset[str]
    exemptions: tuple[Exemption, ...]


class _Shard(Struct, array_like=True):
    """A part as kept: its raw entities in columns, and the typed ones by kind, encoded, in the same order."""

    number: int
    currency: str | None
    kinds: list[str]
    ids: list[str]
    places: list[int]
    ends: list[int]
    fields: memoryview
    """The fields of all entities as plain data, one after the other."""
    field_ends: memoryview
    marks: memoryview
    """All marks inside the fields in the order of a walk, counted from the entity's own place."""
    mark_ends: memoryview
    far: frozenset[int]
    """Entities some of whose marks take eight bytes."""
    typed: dict[str, msgspec.Raw]
    references: list[tuple[str, tuple[str, ...]]]
    currencies: list[str]
    exemptions: tuple[Exemption, ...]

    def unpack(self, index: int, shift: int) -> Map:
        """The fields of an entity as written, in a file whose number has gone up by ``shift``."""
        (start, end), (first, last) = (_span(ends, index) for ends in (self.field_ends, self.mark_ends))
        numbers = array("q" if index in self.far else "I")
        numbers.frombytes(self.marks[first:last])
        base = self.places[index] + shift
        found, _ = _rebuild(
            msgspec.msgpack.decode(self.fields[start:end]), array("q", [base + one for one in numbers]), 0
        )
        return cast(Map, found)


def _span(ends: memoryview, index: int) -> tuple[int, int]:
    """From where to where an entry of a column goes."""
    columns = ends.cast("I")
    return (columns[index - 1] if index else 0), columns[index]


def parts_of(inventory: Inventory, context: Context) -> list[Part]:
    """The parts of a valid inventory, which was built with this context. O(entities + references)."""
    raw = inventory.raw
    parts = [Part(context.currency, [], frozenset(), frozenset(), ()) for _ in raw.files]
    for one, entity in _all_pairs(inventory):
        parts[one.mark >> FILE_SHIFT].pairs.append((one, entity))
    targets: list[set[tuple[str, tuple[str, ...]]]] = [set() for _ in parts]
    for reference in context.references:
        targets[reference.start >> FILE_SHIFT].add((reference.target, reference.ref.kinds))
    currencies: list[set[str]] = [set() for _ in parts]
    for currency, start, _ in context.amounts:
        currencies[start >> FILE_SHIFT].add(currency)
    for number, (part, file) in enumerate(zip(parts, raw.files, strict=True)):
        part.references = frozenset(targets[number])
        part.currencies = frozenset(currencies[number])
        part.exemptions = tuple(one for one in raw.exemptions if one.location.path == file.path)
    return parts


def _all_pairs(inventory: Inventory) -> Iterator[Pair]:
    raw = inventory.raw
    if raw.organization is not None and inventory.organization is not None:
        yield raw.organization, inventory.organization
    for name, one in raw.entities.items():
        yield one, inventory.entities[name]
    for name, one in raw.attributes.items():
        yield one, inventory.attributes[name]
    for name, one in raw.references.items():
        yield one, inventory.references[name]
    yield from zip(inventory.flow_sources, inventory.flows, strict=True)
    yield from zip(inventory.overlap_sources, inventory.overlaps, strict=True)
    if raw.roadmap is not None and inventory.roadmap is not None:
        yield raw.roadmap, inventory.roadmap


def part_of_file(files: tuple[SourceFile, ...], currency: str | None, raw: RawInventory) -> Part | None:
    """The part of a file that was read by itself (see :func:`assemble_one`); None where something is wrong."""
    context = Context(files, currency)
    pairs: list[Pair] = []
    everything = [
        *raw.entities.values(), *raw.attributes.values(), *raw.references.values(), *raw.flows, *raw.overlaps,
        *(one for one in (raw.organization, raw.roadmap) if one is not None),
    ]  # fmt: skip
    for one in everything:
        written = without_changes(one) if one is raw.roadmap else one
        entity = convert(written, KINDS[one.kind], context)
        if isinstance(entity, Channel) and entity.id in SHIPPED_CHANNELS:
            entity = refine(SHIPPED_CHANNELS[entity.id], entity)
        pairs.append((one, entity))
    if context.problems:
        return None
    return Part(
        currency,
        pairs,
        frozenset((one.target, one.ref.kinds) for one in context.references),
        frozenset(currency for currency, _, _ in context.amounts),
        raw.exemptions,
    )


def completed(files: tuple[SourceFile, ...], known: Sequence[Part | None]) -> tuple[Inventory, list[Part]] | None:
    """The inventory of some known parts and of the other files, read now, with all parts; None where anything may be wrong.

    O(entities + size of the files that are not known).
    """
    fresh: dict[int, RawInventory] = {}
    for number, part in enumerate(known):
        if part is None:
            raw = assemble_one(files, number)
            if raw is None:
                return None
            fresh[number] = raw
    currency = next((part.currency for part in known if part is not None), None)
    parts: list[Part] = []
    for number, part in enumerate(known):
        whole = part if part is not None else part_of_file(files, currency, fresh[number])
        if whole is None:
            return None
        parts.append(whole)
    inventory = merge(files, parts, fresh)
    return None if inventory is None else (inventory, parts)


def merge(files: tuple[SourceFile, ...], parts: Sequence[Part], changed: Iterable[int]) -> Inventory | None:
    """The inventory of these parts, or None where anything may be wrong with it. O(entities + different references).

    ``changed`` are the numbers of the parts that no earlier inventory has shown to be right in themselves.
    """
    raw = RawInventory(files=files, exemptions=tuple(one for part in parts for one in part.exemptions))
    typed = _merged(raw, parts)
    if typed is None:
        return None
    entities, attributes, references = (typed.tables[name] for name in ("", "attributes", "references"))
    if not (raw.entities or raw.flows or raw.attributes or raw.overlaps):
        return None
    if any(name.startswith("x-") for name in raw.entities):
        return None  # such an id changes how other files are read: as a key it is then no extension
    flows, overlaps = ordered(typed.flows), ordered(typed.overlaps)
    shipped = frozenset(SHIPPED_CHANNELS) - frozenset(entities)
    for identifier, channel in SHIPPED_CHANNELS.items():
        entities.setdefault(identifier, channel)
    inventory = Inventory(
        raw=raw,
        entities=entities,
        attributes=cast("dict[str, Attribute]", dict(sorted(attributes.items()))),
        references=cast("dict[str, Reference]", dict(sorted(references.items()))),
        flows=tuple(flow for flow, _ in flows),
        overlaps=tuple(overlap for overlap, _ in overlaps),
        organization=typed.organization,
        roadmap=typed.roadmap,
        shipped=shipped,
        flow_sources=tuple(one for _, one in flows),
        overlap_sources=tuple(one for _, one in overlaps),
    )
    currency = typed.organization.currency if typed.organization is not None else None
    return inventory if _sound(inventory, parts, changed, currency) else None


class _Typed(Struct):
    """The typed entities of several parts."""

    tables: dict[str, dict[str, Entity]]
    flows: list[tuple[Flow, RawEntity]] = []
    overlaps: list[tuple[Overlap, RawEntity]] = []
    organization: Organization | None = None
    roadmap: Roadmap | None = None


def _merged(raw: RawInventory, parts: Sequence[Part]) -> _Typed | None:
    """Every entity put in its place, the raw ones in ``raw``; None where an id, or what there is once, comes twice."""
    typed = _Typed({"": {}, "attributes": {}, "references": {}})
    tables = {"": raw.entities, "attributes": raw.attributes, "references": raw.references}
    for part in parts:
        for one, entity in part.pairs:
            if isinstance(entity, Flow):
                raw.flows.append(one)
                typed.flows.append((entity, one))
            elif isinstance(entity, Overlap):
                raw.overlaps.append(one)
                typed.overlaps.append((entity, one))
            elif isinstance(entity, Organization):
                if typed.organization is not None:
                    return None
                raw.organization, typed.organization = one, entity
            elif isinstance(entity, Roadmap):
                if typed.roadmap is not None:
                    return None
                raw.roadmap, typed.roadmap = one, entity
            else:
                space = one.kind if one.kind in tables else ""
                if one.id in tables[space]:
                    return None
                tables[space][one.id] = one
                typed.tables[space][one.id] = entity
    return typed


def _sound(inventory: Inventory, parts: Sequence[Part], changed: Iterable[int], currency: str | None) -> bool:
    """Whether the whole is certainly valid."""
    if any(part.currency != currency for part in parts):
        return False
    if len(frozenset().union(*(part.currencies for part in parts), {currency} if currency is not None else ())) > 1:
        return False
    for target, kinds in frozenset().union(*(part.references for part in parts)):
        if kinds == ("references",):
            if target not in inventory.references:
                return False
            continue
        found = inventory.entities.get(target)
        if found is None or (kinds and found.kind not in kinds):
            return False
    for number in changed:
        pairs = parts[number].pairs
        if any(isinstance(entity, Overlap) for _, entity in pairs):
            return False  # rare, and small: not worth a way of its own
        communications = [entity for _, entity in pairs if isinstance(entity, Communication)]
        if within(inventory, communications, [one for one, entity in pairs if isinstance(entity, Flow)]):
            return False
    return not across(inventory)


def encode(part: Part, number: int) -> bytes | None:
    """A part as bytes; None where it holds what cannot be kept (half a character, more than 4 GB)."""
    encoder = msgspec.msgpack.Encoder()
    by_kind: dict[str, list[Entity]] = {}
    fields, marks = bytearray(), bytearray()
    field_ends, mark_ends = array("I"), array("I")
    far: list[int] = []
    try:
        for index, (one, entity) in enumerate(part.pairs):
            by_kind.setdefault(one.kind, []).append(entity)
            fields += encoder.encode(one.fields)
            inside: list[int] = []
            _collect(one.fields, inside)
            base = one.mark
            try:
                marks += array("I", [mark - base for mark in inside]).tobytes()
            except OverflowError:  # far away, or before the entity: defaults of the file, aliases
                marks += array("q", [mark - base for mark in inside]).tobytes()
                far.append(index)
            field_ends.append(len(fields))
            mark_ends.append(len(marks))
        return encoder.encode(
            (
                number,
                part.currency,
                [one.kind for one, _ in part.pairs],
                [one.id for one, _ in part.pairs],
                [one.mark for one, _ in part.pairs],
                [one.end for one, _ in part.pairs],
                fields,
                field_ends.tobytes(),
                marks,
                mark_ends.tobytes(),
                far,
                {kind: msgspec.Raw(encoder.encode(entities)) for kind, entities in by_kind.items()},
                sorted(part.references),
                sorted(part.currencies),
                part.exemptions,
            )
        )
    except (UnicodeEncodeError, OverflowError):
        return None


def decode(data: bytes | memoryview, number: int) -> Part | None:
    """A part from its bytes, for a file that is now the ``number``-th; None where they are not one."""
    try:
        shard = _shard_decoder().decode(data)
        typed = {kind: iter(_decoder(kind).decode(encoded)) for kind, encoded in shard.typed.items()}
        shift = (number - shard.number) << FILE_SHIFT
        columns = zip(shard.kinds, shard.ids, shard.places, shard.ends, strict=True)
        pairs: list[Pair] = [
            (RawEntity(kind, name, partial(shard.unpack, index, shift), start + shift, end + shift), next(typed[kind]))
            for index, (kind, name, start, end) in enumerate(columns)
        ]
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, StopIteration, RuntimeError, ValueError):
        return None
    return Part(shard.currency, pairs, frozenset(shard.references), frozenset(shard.currencies), shard.exemptions)


@cache
def _shard_decoder() -> msgspec.msgpack.Decoder[_Shard]:
    return msgspec.msgpack.Decoder(_Shard)


@cache
def _decoder(kind: str) -> msgspec.msgpack.Decoder[list[Entity]]:
    """Reads the typed entities of a kind; KeyError where there is no such kind."""
    return msgspec.msgpack.Decoder(list.__class_getitem__(KINDS[kind]))


def _collect(value: Map | Seq, marks: list[int]) -> None:
    marks += value.marks
    for item in value.values() if isinstance(value, Map) else value:
        if isinstance(item, (Map, Seq)):
            _collect(item, marks)


def _rebuild(value: Any, marks: array[int], at: int) -> tuple[Raw, int]:
    """A value with its marks, which begin at ``at``, and where the next one's begin."""
    if isinstance(value, dict):
        mapping = Map()
        count = 3 * len(value)
        mapping.marks = marks[at : at + count]
        at += count
        for key, item in value.items():
            mapping[key], at = _rebuild(item, marks, at) if isinstance(item, (dict, list)) else (item, at)
        return mapping, at
    sequence = Seq()
    count = 2 * len(value)
    sequence.marks = marks[at : at + count]
    at += count
    for item in value:
        found, at = _rebuild(item, marks, at) if isinstance(item, (dict, list)) else (item, at)
        sequence.append(found)
    return sequence, at
