"""Flows and overlaps when the things they join become others."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

from cx_map.model.inventory import RawEntity
from cx_map.model.kinds import KINDS
from cx_map.model.source import Map
from cx_map.states.shape import canonical, items_of, spec_of, text_of


def ends(raw: RawEntity) -> tuple[str, str]:
    """The two ids that a flow leads between, or that an overlap is between; empty where they are not said."""
    if raw.kind == "flows":
        return (text_of(raw.fields.get("from")) or "", text_of(raw.fields.get("to")) or "")
    names = [text_of(item) or "" for item in items_of(raw.fields.get("between"))]
    first, second = (*names, "", "")[:2]
    return (first, second)


def of_pair(flows: Sequence[RawEntity], source: str, target: str) -> list[RawEntity]:
    """The flows from one to another. O(flows)."""
    return [flow for flow in flows if ends(flow) == (source, target)]


def same_overlap(overlaps: Sequence[RawEntity], new: RawEntity) -> RawEntity | None:
    """The overlap of the same two, in either order, or None."""
    wanted = frozenset(ends(new))
    return next((one for one in overlaps if frozenset(ends(one)) == wanted), None)


def joined(before: Sequence[RawEntity], flows: Sequence[RawEntity], absorbed: Collection[str]) -> list[RawEntity]:
    """Flows after some entities became others; ``before`` are the same flows before their references moved.

    A moved flow that now leads from a thing to itself goes; of flows that now say the same one stays. A flow
    that exists wins over a statement that there is none (``via: none``). Where a moved flow differs from one
    of the same pair and id, it gets an id of its own. ``absorbed`` are the ids that took others in. The
    result does not depend on the order of the flows. O(flows).
    """
    moved = [new for old, new in zip(before, flows, strict=True) if new is not old and ends(old) != ends(new)]
    leaving = {id(flow) for flow in moved}
    kept = {id(flow): flow for flow in flows if id(flow) not in leaving}
    by_pair: dict[tuple[str, str], list[RawEntity]] = {}
    pairs = {ends(flow) for flow in moved}
    for flow in kept.values():
        if ends(flow) in pairs:
            by_pair.setdefault(ends(flow), []).append(flow)
    for flow in sorted(moved, key=lambda one: repr(_content(one))):
        pair = ends(flow)
        others = by_pair.setdefault(pair, [])
        itself = pair[0] == pair[1] and pair[0] in absorbed
        if (
            itself
            or any(_content(flow) == _content(other) for other in others)
            or (others and flow.fields.get("via") == "none")
        ):
            continue
        denied = [other for other in others if other.fields.get("via") == "none"]
        for other in denied:
            others.remove(other)
            del kept[id(other)]
        taken = {other.id for other in others}
        own = _told_apart(flow, taken) if flow.id in taken else flow
        others.append(own)
        kept[id(own)] = own
    return list(kept.values())


def _content(flow: RawEntity) -> Hashable:
    cls = KINDS[flow.kind]
    pairs = ((key, canonical(value, spec_of(cls, key))) for key, value in flow.fields.items() if value is not None)
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


def _told_apart(flow: RawEntity, taken: set[str]) -> RawEntity:
    """The flow with the first free id ``ID-2``, ``ID-3``...; one without an id is called ``flow``."""
    stem = flow.id or "flow"
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    name = f"{stem}-{number}"
    fields: Map = flow.fields.copy()
    fields.put("id", name, flow.mark, flow.mark, flow.end)
    return RawEntity(flow.kind, name, fields, flow.mark, flow.end)


def joined_overlaps(before: Sequence[RawEntity], overlaps: Sequence[RawEntity]) -> list[RawEntity]:
    """Overlaps after some entities became others: one a pair stays (one that did not move, if there is), none of a thing with itself."""
    still = [new for old, new in zip(before, overlaps, strict=True) if ends(old) == ends(new)]
    moved = [new for old, new in zip(before, overlaps, strict=True) if ends(old) != ends(new)]
    for one in sorted(moved, key=lambda each: repr(_content(each))):
        pair = frozenset(ends(one))
        if len(pair) == 2 and not any(frozenset(ends(other)) == pair for other in still):
            still.append(one)
    return still
