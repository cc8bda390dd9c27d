"""Two states of an inventory to a list of typed changes.

Entities are matched by kind and id, through the links of :mod:`cx_map.compare.links`. A rename is not a
change of those who refer to the renamed thing; a replacement is. O(entities + values that differ).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from cx_map.compare.capabilities import Capabilities, capabilities_between
from cx_map.compare.flows import FlowChange, flow_changes
from cx_map.compare.levels import RELIED_ON, Level, level_of_fields
from cx_map.compare.likeness import Suggestion, suggestions
from cx_map.compare.links import Link, Links, links_between
from cx_map.compare.records import FieldChange, entity_changes, lost_fields
from cx_map.compare.values import Plain
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory
from cx_map.model.source import Map, Seq
from cx_map.states.lineage import Lineage

ChangeKind: TypeAlias = Literal["added", "removed", "changed", "renamed", "replaced", "merged", "split"]
CHANGE_KINDS: tuple[ChangeKind, ...] = ("added", "removed", "changed", "renamed", "replaced", "merged", "split")


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one entity.

    ``id`` is the id in the later state (in the earlier one where the entity was removed), ``from_ids`` the
    ids in the earlier state that became it. ``fields`` are the differences where one became one.
    """

    change: ChangeKind
    kind: str
    id: str
    from_ids: tuple[str, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    level: Level = "notable"


@dataclass(frozen=True)
class Changes:
    """Everything that differs between two states; ``capabilities`` is what it means to customers."""

    before: Inventory = field(repr=False)
    after: Inventory = field(repr=False)
    links: Links = field(repr=False)
    entities: tuple[Change, ...]
    flows: tuple[FlowChange, ...]
    capabilities: Capabilities
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the two states say the same."""
        return not self.entities and not self.flows

    @property
    def counts(self) -> Mapping[str, int]:
        """Number of changes by kind and by level, flows under ``flows_added`` and so on; zeros included."""
        totals = dict.fromkeys(
            [*CHANGE_KINDS, "flows_added", "flows_removed", "flows_changed", "breaking", "notable", "cosmetic"], 0
        )
        for change in self.entities:
            totals[change.change] += 1
            totals[change.level] += 1
        for flow in self.flows:
            totals[f"flows_{flow.change}"] += 1
            totals[flow.level] += 1
        return totals


def compare(before: Inventory, after: Inventory, lineage: Lineage | None = None) -> Changes:
    """What changed from one state to another.

    ``lineage`` are the moves that lead from ``before`` to ``after``; left out, they are taken from the two
    states where one was computed from the other, in either direction, and ``renamed_from`` counts always.
    """
    links = links_between(before, after, lineage)
    found = [
        *_table("", before, after, links),
        *_table("attributes", before, after, links),
        *_table("references", before, after, links),
        *_organization(before, after, links),
        *_overlaps(before, after, links),
    ]
    found.sort(key=lambda one: (one.kind, one.id, CHANGE_KINDS.index(one.change), one.from_ids))
    entities = tuple(found)
    added = [one.id for one in entities if one.change == "added"]
    removed = [one.id for one in entities if one.change == "removed"]
    return Changes(
        before, after, links, entities, flow_changes(before, after, links),
        capabilities_between(before, after, links), suggestions(before, after, removed, added, links),
    )  # fmt: skip


def _entities(inventory: Inventory, namespace: str) -> Mapping[str, Entity]:
    tables: Mapping[str, Mapping[str, Entity]] = {
        "attributes": inventory.attributes,
        "references": inventory.references,
    }
    return tables.get(namespace, inventory.entities)


def _table(namespace: str, before: Inventory, after: Inventory, links: Links) -> Iterator[Change]:
    old, new = _entities(before, namespace), _entities(after, namespace)
    linked = [link for link in links.links if link.namespace == namespace]
    left, right = {link.before for link in linked}, {link.after for link in linked}
    paired = {
        name
        for name in old.keys() & new.keys()
        if (namespace, name) not in links.apart and old[name].kind == new[name].kind
    }
    for name in sorted(paired):
        yield from _pair("changed", before, after, old[name], new[name], (), links)
    for name in sorted(old.keys() - paired - left):
        yield _removed(old[name])
    for name in sorted(new.keys() - paired - right):
        yield Change("added", new[name].kind, name)
    yield from _linked(before, after, old, new, linked, paired, links)


def _removed(entity: Entity) -> Change:
    relied_on = entity.usable and entity.kind in RELIED_ON
    return Change("removed", entity.kind, entity.id, level="breaking" if relied_on else "notable")


def _linked(
    before: Inventory, after: Inventory, old: Mapping[str, Entity], new: Mapping[str, Entity], linked: list[Link],
    paired: set[str], links: Links,
) -> Iterator[Change]:  # fmt: skip
    groups: dict[tuple[str, str], list[str]] = {}
    for link in linked:
        key = f"{link.how}\n{link.before}" if link.how == "split" else link.how
        groups.setdefault((link.after, key), []).append(link.before)
    for (name, key), sources in sorted(groups.items()):
        how = key.partition("\n")[0]
        entity = new[name]
        origin = old[sources[0]]
        one_to_one = (
            how in ("renamed", "replaced") and len(sources) == 1 and name not in paired and sources[0] not in paired
        )
        if one_to_one and type(origin) is type(entity):
            yield from _pair(
                "renamed" if how == "renamed" else "replaced", before, after, origin, entity, (origin.id,), links
            )
        else:
            change: ChangeKind = (
                "replaced" if how in ("renamed", "replaced") else "merged" if how == "merged" else "split"
            )
            yield Change(change, entity.kind, name, tuple(sorted(sources)))


def _pair(
    change: Literal["changed", "renamed", "replaced"], before: Inventory, after: Inventory, old: Entity, new: Entity,
    sources: tuple[str, ...], links: Links,
) -> Iterator[Change]:  # fmt: skip
    """The change of one entity that is in both states, if any."""
    if change == "changed" and old is new:
        return
    differences = [one for one in entity_changes(old, new, links.rename) if not _follows(one, change)]
    fields = (*differences, *_own_keys(before, after, old, new))
    if not fields and change == "changed":
        return
    level: Level = level_of_fields(new.kind, fields, lost_fields(old, new, links))
    if change == "replaced" and level == "cosmetic":
        level = "notable"
    yield Change(change, new.kind, new.id, sources, fields, level)


def _follows(one: FieldChange, change: str) -> bool:
    """Whether a difference only says again that the entity was renamed."""
    return change == "renamed" and one.field == "renamed_from"


def _own_keys(before: Inventory, after: Inventory, old: Entity, new: Entity) -> Iterator[FieldChange]:
    """Differences in the firm's own keys (``x-...``)."""
    left, right = _own(before, old), _own(after, new)
    for key in sorted({*left, *right}):
        if left.get(key) != right.get(key):
            yield FieldChange(key, left.get(key), right.get(key), key not in right, key not in left)


def _own(inventory: Inventory, entity: Entity) -> dict[str, Plain]:
    raw = inventory.source_of(entity) if entity.kind not in ("flows", "overlaps") else None
    return (
        {key: _unmarked(value) for key, value in raw.fields.items() if key.startswith("x-")} if raw is not None else {}
    )


def _unmarked(value: object) -> Plain:
    if isinstance(value, Map):
        return {key: _unmarked(item) for key, item in value.items()}
    if isinstance(value, Seq):
        return [_unmarked(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) else None


def _organization(before: Inventory, after: Inventory, links: Links) -> Iterator[Change]:
    old, new = before.organization, after.organization
    if old is not None and new is not None:
        for one in _pair("changed", before, after, old, new, (), links):
            yield Change(one.change, one.kind, "organization", (), one.fields, one.level)
    elif new is not None:
        yield Change("added", "organization", "organization")
    elif old is not None:
        yield Change("removed", "organization", "organization")


def _overlaps(before: Inventory, after: Inventory, links: Links) -> Iterator[Change]:
    """Overlaps have no id; they go by the two things they join, as ``a+b``."""
    old = {
        "+".join(sorted(links.renamed.get(("", name), name) for name in one.between or ())): one
        for one in before.overlaps
    }
    new = {"+".join(sorted(one.between or ())): one for one in after.overlaps}
    for name in sorted({*old, *new}):
        if name not in new:
            yield Change("removed", "overlaps", "+".join(sorted(old[name].between or ())))
        elif name not in old:
            yield Change("added", "overlaps", name)
        else:
            for one in _pair("changed", before, after, old[name], new[name], (), links):
                yield Change(one.change, one.kind, name, (), one.fields, one.level)
