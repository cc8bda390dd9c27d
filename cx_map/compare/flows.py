"""Flows compared: matched by their two ends and id, under the later names of renamed things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from cx_map.compare.levels import Level, level_of_fields
from cx_map.compare.links import Links
from cx_map.compare.records import FieldChange, lost_fields, record_changes
from cx_map.compare.values import Plain, field_plain
from cx_map.model.chapter_map import Flow
from cx_map.model.fields import fields_of
from cx_map.model.inventory import Inventory

_ENDS = ("from", "to", "id")


@dataclass(frozen=True, slots=True)
class FlowChange:
    """A flow that came, went or changed. ``flow`` is the later one (the earlier one where it went)."""

    change: Literal["added", "removed", "changed"]
    flow: Flow
    fields: tuple[FieldChange, ...] = ()
    level: Level = "notable"

    @property
    def ends(self) -> tuple[str, str, str]:
        """Where it comes from, where it goes, and its id (empty where it has none)."""
        return _key(self.flow)

    def as_plain(self) -> dict[str, Plain]:
        """The flow as JSON, every field that it has."""
        values = {key: field_plain(self.flow, key) for key in fields_of(Flow)}
        return {key: value for key, value in values.items() if value is not None and not (key == "id" and value == "")}


def _key(flow: Flow) -> tuple[str, str, str]:
    return (flow.from_ or "", flow.to or "", flow.id)


def flow_changes(before: Inventory, after: Inventory, links: Links) -> tuple[FlowChange, ...]:
    """Every flow that differs, ordered by its ends."""
    old: dict[tuple[str, str, str], list[Flow]] = {}
    new: dict[tuple[str, str, str], list[Flow]] = {}
    for flow in before.flows:
        source, target, name = _key(flow)
        key = (links.renamed.get(("", source), source), links.renamed.get(("", target), target), name)
        old.setdefault(key, []).append(flow)
    for flow in after.flows:
        new.setdefault(_key(flow), []).append(flow)
    carried_on = _carried_on(before, after, links)
    found = [one for key in sorted({*old, *new}) for one in _of_key(old.get(key, []), new.get(key, []), links)]
    found = [
        replace(one, level="notable") if one.change == "removed" and one.flow in carried_on else one for one in found
    ]
    return tuple(sorted(found, key=lambda one: (one.ends, one.change, repr(one.flow))))


def _differences(old: Flow, new: Flow, links: Links) -> tuple[FieldChange, ...]:
    return tuple(one for one in record_changes(old, new, links.rename) if one.field not in _ENDS)


def _of_key(old: list[Flow], new: list[Flow], links: Links) -> Iterator[FlowChange]:
    """The changes among flows of one pair and id: equal ones cancel, the rest are paired in order."""
    rest = list(new)
    left: list[Flow] = []
    for flow in old:
        twin = next(
            (at for at, other in enumerate(rest) if flow is other or not _differences(flow, other, links)), None
        )
        if twin is None:
            left.append(flow)
        else:
            del rest[twin]
    for before, after in zip(left, rest, strict=False):
        fields = _differences(before, after, links)
        yield FlowChange("changed", after, fields, level_of_fields("flows", fields, lost_fields(before, after, links)))
    for flow in left[len(rest) :]:
        yield FlowChange("removed", flow, level="breaking" if _works(flow) else "notable")
    for flow in rest[len(left) :]:
        yield FlowChange("added", flow)


def _carried_on(before: Inventory, after: Inventory, links: Links) -> list[Flow]:
    """The earlier flows whose end an operator replaced, where what replaced it has a working flow to the same place."""
    if not links.absorbed:
        return []
    old, new = (after, before) if links.turned else (before, after)
    there = {_key(flow)[:2] for flow in new.flows if _works(flow)}
    found: list[Flow] = []
    for flow in old.flows:
        source, target, _ = _key(flow)
        moved = (links.absorbed.get(("", source), source), links.absorbed.get(("", target), target))
        if moved != (source, target) and moved in there:
            found += [one for one in before.flows if _key(one)[:2] == moved] if links.turned else [flow]
    return found


def _works(flow: Flow) -> bool:
    return flow.usable and flow.via != "none" and flow.policy != "blocked"
