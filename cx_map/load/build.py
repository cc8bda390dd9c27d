"""A raw inventory to a typed, resolved and checked one."""

from __future__ import annotations

import itertools
from typing import TypeVar, cast

import msgspec

from cx_map.errors import InventoryError, Location, Problem
from cx_map.load.checks import check
from cx_map.load.context import Context
from cx_map.load.convert import convert
from cx_map.load.limits import MAX_PROBLEMS_A_FILE
from cx_map.load.resolve import resolve
from cx_map.model.chapter_customers import Attribute, Overlap
from cx_map.model.chapter_governance import Roadmap
from cx_map.model.chapter_map import Channel, Flow, Organization
from cx_map.model.entity import Entity, Reference
from cx_map.model.inventory import Inventory, RawEntity, RawInventory
from cx_map.model.kinds import KINDS
from cx_map.model.shipped import SHIPPED_CHANNELS
from cx_map.model.source import Map, Raw, Seq

E = TypeVar("E", bound=Entity)


def build(
    raw: RawInventory, problems: list[Problem] | None = None, *, whole: bool = True, state: str = "current",
    before: Inventory | None = None, context: Context | None = None,
) -> Inventory:  # fmt: skip
    """Convert, resolve and check; raises InventoryError with every problem.

    ``problems`` are those found before; ``whole`` is False where a file could not be read, so that
    references into it are not called unknown. ``before`` lends the entities that have not changed. ``context`` (a new
    one) holds the references and amounts met, for whoever wants them afterwards.
    """
    found = list(problems or [])
    context = context if context is not None else Context(raw.files)
    context.ids = raw.entities.keys()
    converter = _Converter(context, raw, before)
    organization = converter.one(raw.organization, Organization)
    context.currency = organization.currency if organization is not None else None
    entities: dict[str, Entity] = {}
    for identifier, raw_entity in raw.entities.items():
        entities[identifier] = converter.entity(raw_entity, KINDS[raw_entity.kind])
    shipped = frozenset(SHIPPED_CHANNELS) - frozenset(entities)
    for identifier, channel in SHIPPED_CHANNELS.items():
        written = entities.get(identifier)
        if written is None:
            entities[identifier] = channel
        elif isinstance(written, Channel) and not converter.lent(raw.entities[identifier]):
            entities[identifier] = refine(channel, written)
    flows = ordered([(converter.entity(one, Flow), one) for one in raw.flows])
    overlaps = ordered([(converter.entity(one, Overlap), one) for one in raw.overlaps])
    inventory = Inventory(
        raw=raw,
        entities=entities,
        attributes={name: converter.entity(one, Attribute) for name, one in sorted(raw.attributes.items())},
        references={name: converter.entity(one, Reference) for name, one in sorted(raw.references.items())},
        flows=tuple(flow for flow, _ in flows),
        overlaps=tuple(overlap for overlap, _ in overlaps),
        organization=organization,
        roadmap=converter.one(raw.roadmap, Roadmap, skip=("changes",)),
        shipped=shipped,
        state=state,
        flow_sources=tuple(one for _, one in flows),
        overlap_sources=tuple(one for _, one in overlaps),
    )
    if converter.known and context.currency is None and context.amounts:
        return build(raw, problems, whole=whole, state=state)  # amounts are compared with all others: convert them too
    found += context.problems
    found += resolve(inventory, context, whole=whole)
    found += check(inventory, context)
    if not (raw.entities or raw.flows or raw.attributes or raw.overlaps) and not found:
        place = Location(raw.files[0].path) if raw.files else Location(".")
        found.append(Problem("CX001", "the inventory is empty: it describes nothing beyond the organization", place,
                             "add a communication, or start from `cxmap init`"))  # fmt: skip
    if found:
        raise InventoryError(_bounded(found))
    return inventory


def _bounded(problems: list[Problem]) -> list[Problem]:
    """At most so many problems a file, and how many more there are."""
    if len(problems) <= MAX_PROBLEMS_A_FILE:
        return problems
    by_path: dict[str, list[Problem]] = {}
    for problem in set(problems):
        by_path.setdefault(problem.location.path, []).append(problem)
    kept: list[Problem] = []
    for path in sorted(by_path):
        of_file = sorted(by_path[path], key=Problem.sort_key)
        kept += of_file[:MAX_PROBLEMS_A_FILE]
        more = len(of_file) - MAX_PROBLEMS_A_FILE
        if more > 0:
            place = of_file[MAX_PROBLEMS_A_FILE].location
            kept.append(
                Problem(
                    "CX001",
                    f"at least {more:,} more errors from here on in this file",
                    place,
                    "mend the first ones and run again",
                )
            )
    return kept


def refine(shipped: Channel, written: Channel) -> Channel:
    """A shipped channel with what the inventory says of it; what it says wins."""
    said = {
        name: value
        for name in shipped.__struct_fields__
        if (value := getattr(written, name)) is not None or name in written.unknown or name in written.nothing
    }
    return msgspec.structs.replace(shipped, **said)


class _Converter:
    """Converts raw entities, reusing what an earlier inventory has already converted."""

    def __init__(self, context: Context, raw: RawInventory, before: Inventory | None) -> None:
        self.context = context
        self.known: dict[int, Entity] = {} if before is None else reusable(before, raw)

    def lent(self, raw: RawEntity) -> bool:
        """Whether the typed entity comes from the earlier inventory."""
        return id(raw) in self.known

    def entity(self, raw: RawEntity, cls: type[E]) -> E:
        """The typed entity of a raw one. The references of a lent one are known to lead somewhere."""
        known = self.known.get(id(raw))
        return convert(raw, cls, self.context) if known is None else cast(E, known)

    def one(self, raw: RawEntity | None, cls: type[E], skip: tuple[str, ...] = ()) -> E | None:
        """The typed form of a single kind, or None."""
        if raw is None:
            return None
        return convert(without_changes(raw) if skip else raw, cls, self.context)


def reusable(before: Inventory, raw: RawInventory) -> dict[int, Entity]:
    """Typed entities of an earlier, valid inventory by the identity of the raw entity they came from.

    Only those that would be the same now: places and currency must mean the same, and nothing they may refer
    to has gone or is of another kind. O(entities), and O(values) where something has gone.
    """
    if raw.files[: len(before.files)] != before.files or _currency(before.raw) != _currency(raw):
        return {}
    gone = {name for name, entity in before.entities.items() if _kind_now(raw, name) != entity.kind}
    gone |= before.raw.references.keys() - raw.references.keys()
    pairs: list[tuple[RawEntity, Entity]] = [(one, before.entities[name]) for name, one in before.raw.entities.items()]
    pairs += [(one, before.attributes[name]) for name, one in before.raw.attributes.items()]
    pairs += [(one, before.references[name]) for name, one in before.raw.references.items()]
    pairs += zip(before.flow_sources, before.flows, strict=True)
    pairs += zip(before.overlap_sources, before.overlaps, strict=True)
    return {id(one): entity for one, entity in pairs if not gone or not _mentions(one.fields, gone)}


def _currency(raw: RawInventory) -> Raw:
    return raw.organization.fields.get("currency") if raw.organization is not None else None


def _kind_now(raw: RawInventory, name: str) -> str:
    written = raw.entities.get(name)
    return written.kind if written is not None else SHIPPED_CHANNELS[name].kind if name in SHIPPED_CHANNELS else ""


def _mentions(value: Raw, names: set[str]) -> bool:
    """Whether any key or scalar is one of these words, reference or not."""
    if isinstance(value, Map):
        return not names.isdisjoint(value) or any(_mentions(item, names) for item in value.values())
    if isinstance(value, Seq):
        return any(_mentions(item, names) for item in value)
    return value is not None and str(value) in names


def without_changes(raw: RawEntity) -> RawEntity:
    """The roadmap without its operators, which the room ``states`` reads."""
    phases = raw.fields.get("phases")
    fields = raw.fields.copy()
    if isinstance(phases, Map) and "changes" in phases:
        single = phases.copy()
        single.drop("changes")
        fields["phases"] = single
        return RawEntity(raw.kind, raw.id, fields, raw.mark, raw.end)
    if not isinstance(phases, Seq):
        return raw
    plain = Seq()
    for item, start, end in phases.entries():
        stripped = item.copy() if isinstance(item, Map) else item
        if isinstance(stripped, Map):
            stripped.drop("changes")
        plain.add(stripped, start, end)
    fields["phases"] = plain
    return RawEntity(raw.kind, raw.id, fields, raw.mark, raw.end)


def ordered(pairs: list[tuple[E, RawEntity]]) -> list[tuple[E, RawEntity]]:
    """Flows or overlaps in an order that does not depend on files; all that they say decides only between equal ends."""
    first = sorted(pairs, key=lambda pair: _order_key(pair[0]))
    result: list[tuple[E, RawEntity]] = []
    for _, alike in itertools.groupby(first, key=lambda pair: _order_key(pair[0])):
        group = list(alike)
        result += sorted(group, key=lambda pair: repr(pair[0])) if len(group) > 1 else group
    return result


def _order_key(entity: Entity) -> tuple[str, ...]:
    if isinstance(entity, Flow):
        return (entity.from_ or "", entity.to or "", entity.id, entity.via or "")
    if isinstance(entity, Overlap):
        return entity.between or ()
    return (entity.id,)
