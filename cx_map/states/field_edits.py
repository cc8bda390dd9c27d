"""The fields of one entity changed, and the ids it had before."""

from __future__ import annotations

from cx_map.load.hints import article, did_you_mean
from cx_map.load.quantities import describe
from cx_map.model.chapter_map import Communication
from cx_map.model.entity import Entity
from cx_map.model.fields import fields_of
from cx_map.model.inventory import RawEntity
from cx_map.model.kinds import KINDS, singular
from cx_map.model.source import Map, Raw, Seq
from cx_map.states.lists import Report, edited, is_edit
from cx_map.states.operators import Named
from cx_map.states.shape import items_of, text_of


def changed_entity(raw: RawEntity, edits: Map, report: Report) -> RawEntity:
    """The entity with its fields merged: null unsets, a list is replaced or edited; nothing is merged deeper.

    Setting ``routes`` takes the place of their short form (``channels`` and ``platforms``); editing them
    starts from it.
    """
    cls = KINDS[raw.kind]
    fields = raw.fields.copy()
    what = f"{article(singular(raw.kind))} {singular(raw.kind)}"
    if cls is Communication and edits.get("routes") is not None:
        _long_form(fields, edits)
    for key, value, mark, start, end in edits.entries():
        field = fields_of(cls).get(key)
        if value is None:
            if key in fields:
                fields.drop(key)
            elif field is None and not key.startswith("x-"):
                report(
                    "CX002",
                    f"{what} has no field {describe(key)}",
                    mark,
                    mark + len(key),
                    did_you_mean(key, fields_of(cls)),
                )
            else:
                report(
                    "CX003",
                    f"'{raw.id}' has no `{key}` to unset",
                    mark,
                    mark + len(key),
                    did_you_mean(key, fields) or "leave it out",
                )
        elif field is not None and isinstance(value, Map) and is_edit(value, field.spec):
            items = edited(fields.get(key), value, field.spec, f"`{key}` of '{raw.id}'", report)
            fields.put(key, items, mark, start, end)
        else:
            fields.put(key, value, mark, start, end)
    return RawEntity(raw.kind, raw.id, fields, raw.mark, raw.end)


def _long_form(fields: Map, edits: Map) -> None:
    """Turn the short form of routes into the long one, unless the same change sets the short form too."""
    if "routes" in fields or any(edits.get(key) is not None for key in ("channels", "platforms")):
        return
    platforms = fields.get("platforms")
    routes = Seq()
    seen: set[str] = set()
    marks = fields.place("channels") or fields.place("platforms") or (0, 0, 0)
    if fields.get("channels") != "unknown":
        for channel, start, end in items_of(fields.get("channels")).entries():
            name = text_of(channel)
            if name is None or name in seen:
                continue
            seen.add(name)
            route = Map()
            route.put("channel", channel, start or marks[1], start or marks[1], end or marks[2])
            if platforms is not None:
                route.put("platforms", platforms, *(fields.place("platforms") or marks))
            routes.add(route, start or marks[1], end or marks[2])
    if not routes and platforms is not None:
        route = Map()
        route.put("id", "platforms", *marks)
        route.put("platforms", platforms, *marks)
        routes.add(route, marks[1], marks[2])
    for key in ("channels", "platforms"):
        if not (key in edits and edits[key] is None):  # a null in the same change unsets it itself
            fields.drop(key)
    if routes:
        fields.put("routes", routes, *marks)


def former_ids(raw: RawEntity, identifier: str, place: Named) -> RawEntity:
    """The entity under its new id, with the old one among ``renamed_from``; going back to a former id undoes it."""
    cls = KINDS.get(raw.kind, Entity)
    fields = raw.fields.copy()
    if "renamed_from" in fields_of(cls):
        known = [
            name
            for item in items_of(fields.get("renamed_from"))
            if (name := text_of(item)) is not None and name != "unknown"
        ]
        history = known[: known.index(identifier)] if identifier in known else [*known, raw.id]
        names = Seq()
        for name in history:
            names.add(name, place.mark, place.end)
        if names:
            fields.put("renamed_from", names, place.mark, place.mark, place.end)
        else:
            fields.drop("renamed_from")
    return RawEntity(raw.kind, identifier, fields, raw.mark, raw.end)


def without_initiative(roadmap: RawEntity, identifier: str) -> RawEntity:
    """The roadmap without mention of an initiative that is gone: its phases keep what they change."""
    phases = roadmap.fields.get("phases")
    plain = Seq()
    for phase, start, end in items_of(phases).entries():
        plain.add(_without(phase, identifier), start, end)
    if phases is None:
        return roadmap
    fields = roadmap.fields.copy()
    fields["phases"] = plain if isinstance(phases, Seq) else plain[0]
    return RawEntity(roadmap.kind, roadmap.id, fields, roadmap.mark, roadmap.end)


def _without(phase: Raw, identifier: str) -> Raw:
    if not isinstance(phase, Map) or phase.get("initiatives") is None:
        return phase
    rest = Seq()
    for item, start, end in items_of(phase["initiatives"]).entries():
        if text_of(item) != identifier:
            rest.add(item, start, end)
    copy = phase.copy()
    copy["initiatives"] = rest
    return copy
