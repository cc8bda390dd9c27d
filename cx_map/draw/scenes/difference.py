"""Two states to one scene: what is in either, marked as added, removed, changed or unchanged.

Cards of both states stand where they would in either: lane, column and order come from the entity. A renamed thing is
one card under its later name; a replaced or merged one stays as removed beside what took its place.
"""

from __future__ import annotations

from dataclasses import replace

from cx_map.compare.changes import Change, Changes
from cx_map.draw.nouns import marks_told, nouns
from cx_map.draw.scene import Column, Edge, Mark, Node, Ring, Scene
from cx_map.draw.scenes.named import Names
from cx_map.draw.scenes.whole_map import COLUMNS, RINGS, lanes_in_order, scene_of
from cx_map.draw.words import Words, noted, words_in
from cx_map.model.inventory import Inventory, newest_date

_TOLD = 8
_TOLD_MARKS: tuple[Mark, ...] = ("added", "removed", "changed")


def scene_of_diff(changes: Changes, *, as_of: str | None = None, language: str = "en") -> Scene:
    """The scene of a comparison (see :func:`cx_map.compare.changes.compare`).

    The date on the map is ``as_of``, else the newest date in the later state. A flow that was missing and now runs is added, one that no longer runs removed. O(entities + flows + changes).
    """
    words = words_in(language)
    before = scene_of(changes.before, language=language)
    after = scene_of(changes.after, language=language)
    renamed = {first: last for (namespace, first), last in changes.links.renamed.items() if not namespace}
    nodes = _nodes(before, after, changes, renamed, words)
    ids = {node.id for node in nodes}
    edges = tuple(edge for edge in _edges(before, after, renamed) if edge.source in ids and edge.target in ids)
    used = {node.column for node in nodes}
    lanes = {lane.id: lane for lane in (*before.lanes, *after.lanes)}
    standing = {node.lane for node in nodes}
    return Scene(
        title=words(
            "Customer-communications ecosystem – {before} → {after}",
            before=_state(changes.before, words),
            after=_state(changes.after, words),
        ),
        subtitle=_subtitle(
            Names(changes.after, language).firm(), nodes, edges, as_of or newest_date(changes.after), words
        ),
        columns=tuple(Column(column, words(label)) for column, label, _ in COLUMNS if column in used),
        rings=tuple(Ring(ring, words(label), sectored) for ring, label, sectored in RINGS if ring in used),
        lanes=lanes_in_order(lane for lane in lanes.values() if lane.id in standing),
        nodes=nodes,
        edges=edges,
        notes=_notes(changes, ids, words),
        total=len(nodes),
        customer=words("Customer"),
        language=language,
    )


def _nodes(before: Scene, after: Scene, changes: Changes, renamed: dict[str, str], words: Words) -> tuple[Node, ...]:
    by_id: dict[str, list[Change]] = {}
    for one in changes.entities:
        if one.change != "removed":
            by_id.setdefault(one.id, []).append(one)
    became: dict[str, list[Change]] = {}
    for one in changes.entities:
        for source in one.from_ids:
            became.setdefault(source, []).append(one)
    old = {node.id: node for node in before.nodes}
    new = {node.id: node for node in after.nodes}
    earlier = {later: first for first, later in renamed.items()}
    found = []
    for node in after.nodes:
        own = by_id.get(node.id, [])
        if node.id not in old and earlier.get(node.id, "") not in old:
            found.append(_marked(node, "added", _origins(own, words)))
        elif own:
            found.append(_changed(node, own, words))
        else:
            found.append(replace(node, mark="unchanged"))
    for node in before.nodes:
        if node.id not in new and renamed.get(node.id, "") not in new:
            heirs = sorted(
                {words(_INTO[one.change], id=one.id) for one in became.get(node.id, ()) if one.change in _INTO}
            )
            found.append(_marked(node, "removed", ", ".join(heirs)))
    return tuple(sorted(found, key=lambda node: (node.kind, node.id)))


_INTO = {
    "replaced": noted("replaced by {id}"),
    "merged": noted("merged into {id}"),
    "split": noted("split into {id}"),
}
_FROM = {
    "renamed": noted("renamed from {ids}"),
    "replaced": noted("replaces {ids}"),
    "merged": noted("merged from {ids}"),
    "split": noted("split from {ids}"),
}


def _marked(node: Node, mark: Mark, about: str) -> Node:
    tooltip = "\n".join(filter(None, (about, node.tooltip)))
    return replace(node, mark=mark, sublabel=about or node.sublabel, tooltip=tooltip)


def _origins(own: list[Change], words: Words) -> str:
    """What the thing came from, where it has another id than before."""
    return "; ".join(
        words(_FROM[one.change], ids=", ".join(one.from_ids)) for one in own if one.change in _FROM and one.from_ids
    )


def _changed(node: Node, own: list[Change], words: Words) -> Node:
    """The card of something that is in both states, with what changed in place of its second line."""
    fields = [one for change in own for one in change.fields]
    told = [f"{one.field}: {_value(one.before, words)} → {_value(one.after, words)}" for one in fields[:_TOLD]]
    if len(fields) > _TOLD:
        told.append(words.many("and {n} more field", "and {n} more fields", len(fields) - _TOLD))
    roots = ", ".join(dict.fromkeys(one.root.replace("_", " ") for one in fields))
    origins = _origins(own, words)
    short = "; ".join(filter(None, (origins, told[0] if len(told) == 1 and len(told[0]) <= 40 else roots)))
    tooltip = "\n".join(filter(None, (origins, *told, node.tooltip)))
    return replace(node, mark="changed", sublabel=short or node.sublabel, tooltip=tooltip)


def _value(value: object, words: Words) -> str:
    if value is None:
        return words("nothing")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _edges(before: Scene, after: Scene, renamed: dict[str, str]) -> list[Edge]:
    old: dict[tuple[str, str, str], Edge] = {}
    for edge in before.edges:
        one, other = renamed.get(edge.source, edge.source), renamed.get(edge.target, edge.target)
        old[one, other, edge.kind] = replace(edge, source=one, target=other)
    new = {(edge.source, edge.target, edge.kind): edge for edge in after.edges}
    found = []
    for key in sorted({*old, *new}):
        first, last = old.get(key), new.get(key)
        ran, runs = first is not None and first.style != "missing", last is not None and last.style != "missing"
        chosen = last if runs or not ran else first
        if chosen is None:  # a flow that was missing and is not spoken of any more
            continue
        mark: Mark = "unchanged" if ran == runs else "added" if runs else "removed"
        found.append(replace(chosen, mark=mark))
    return found


def _state(inventory: Inventory, words: Words) -> str:
    return words("current state") if inventory.state == "current" else inventory.state


def _subtitle(firm: str, nodes: tuple[Node, ...], edges: tuple[Edge, ...], as_of: str | None, words: Words) -> str:
    elements = marks_told((node.mark for node in nodes), _TOLD_MARKS, words) or words("none changed")
    connections = marks_told((edge.mark for edge in edges), _TOLD_MARKS, words) or words("none changed")
    parts = [
        firm,
        words("elements: {numbers}", numbers=elements),
        words("connections: {numbers}", numbers=connections),
        words("as of {date}", date=words.date(as_of)) if as_of else "",
    ]
    return " · ".join(part for part in parts if part)


def _notes(changes: Changes, drawn: set[str], words: Words) -> tuple[str, ...]:
    """What differs and cannot be seen on this map."""
    hidden: dict[str, int] = {}
    for one in changes.entities:
        if one.id not in drawn:
            hidden[one.kind] = hidden.get(one.kind, 0) + 1
    if not hidden:
        return ()
    kinds = ", ".join(
        words("{n} of {kinds}", n=words.number(number), kinds=nouns(kind, words))
        for kind, number in sorted(hidden.items())
    )
    return (
        words.many(
            "{n} change not drawn in this view: {kinds}; `cxmap diff` lists them",
            "{n} changes not drawn in this view: {kinds}; `cxmap diff` lists them",
            sum(hidden.values()),
            kinds=kinds,
        ),
    )
