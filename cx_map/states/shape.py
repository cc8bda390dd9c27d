"""What the field declarations leave open: which lists have an order, what names an item, which words may be ids."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Mapping
from typing import cast

from cx_map.model.chapter_governance import Committee, Initiative, Roadmap
from cx_map.model.chapter_map import Communication, Route, Team
from cx_map.model.chapter_service import Escalation, Journey, RoutingRule
from cx_map.model.fields import Record, Ref, TypeSpec, fields_of, shorthand_of
from cx_map.model.source import Map, Raw, Seq

ORDERED: frozenset[tuple[type[Record], str]] = frozenset(
    {
        (Journey, "steps"),
        (Route, "platforms"),
        (Communication, "platforms"),
        (Escalation, "levels"),
        (Roadmap, "phases"),
    }
)
"""Lists whose order has a meaning; all others are sets."""

LOOSE: Mapping[tuple[type[Record], str], Ref] = {
    (RoutingRule, "on"): Ref(("signals", "error_types")),
    (Team, "authority"): Ref(("error_types",)),
    (Committee, "sponsor"): Ref(("teams",)),
    (Initiative, "sponsor"): Ref(("teams",)),
    (Roadmap, "sponsor"): Ref(("teams",)),
}
"""Fields of plain words of which some may be ids: an id of these kinds is a reference, any other word is not."""

LOOSE_CONDITIONS: Mapping[str, Ref] = {"segment": Ref(("segments",)), "channel": Ref(("channels",))}
"""The conditions of a routing rule's ``when`` whose words may be ids."""


def spec_of(cls: type[Record], key: str) -> TypeSpec | None:
    """The type of a field as operators see it: loose references are references."""
    field = fields_of(cls).get(key)
    if field is None:
        return None
    loose = LOOSE.get((cls, key))
    if loose is None:
        return field.spec
    inner = TypeSpec(type="ref", ref=loose)
    return TypeSpec(type="list", item=inner) if field.spec.type == "list" else inner


@functools.cache
def item_key(cls: type[Record]) -> tuple[str, ...]:
    """The fields, the best first, whose value names an item of a list of records."""
    if cls is Route:
        return ("id", "channel")
    shorthand = shorthand_of(cls)
    return (shorthand,) if shorthand is not None else ()


def text_of(raw: Raw) -> str | None:
    """A scalar as an id is written, or None for what cannot be one."""
    if isinstance(raw, str):
        return raw
    if raw is None or isinstance(raw, (bool, Map, Seq)):
        return None
    return str(raw)


def items_of(raw: Raw) -> Seq:
    """A list field's items: a single value is a list of one, nothing is an empty list. Marks are kept."""
    if isinstance(raw, Seq):
        return raw
    items = Seq()
    if raw is not None:
        items.add(raw, 0, 0)
    return items


def canonical(raw: Raw, spec: TypeSpec | None) -> Hashable:
    """A form in which all ways to write the same value are equal: short and long, one item and a list of one."""
    if spec is not None and spec.type == "list":
        return ("list", *(canonical(item, spec.item) for item in items_of(raw)))
    if spec is not None and spec.type == "record":
        cls = cast("type[Record]", spec.record)
        shorthand = shorthand_of(cls)
        if not isinstance(raw, Map) and shorthand is not None:
            return ("map", (shorthand, canonical(raw, spec_of(cls, shorthand))))
        if isinstance(raw, Map):
            pairs = ((key, canonical(value, spec_of(cls, key))) for key, value in raw.items() if value is not None)
            return ("map", *sorted(pairs, key=lambda pair: pair[0]))
    if isinstance(raw, Map):
        inner = spec.item if spec is not None and spec.type == "mapping" else None
        return (
            "map",
            *sorted(((key, canonical(value, inner)) for key, value in raw.items()), key=lambda pair: pair[0]),
        )
    if isinstance(raw, Seq):
        return ("list", *(canonical(item, None) for item in raw))
    if isinstance(raw, bool) or raw is None:
        return raw
    return str(raw)


def name_of(raw: Raw, spec: TypeSpec | None) -> str | None:
    """The word that names an item of a list: itself, or the record's key; None where it has no single one."""
    if spec is None or spec.type != "record":
        return text_of(raw)
    if not isinstance(raw, Map):
        return text_of(raw)
    for key in item_key(cast("type[Record]", spec.record)):
        value = raw.get(key)
        if isinstance(value, Seq) and len(value) == 1:
            value = value[0]
        if value is not None:
            return text_of(value)
    return None
