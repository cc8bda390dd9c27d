"""A part of a map: the cards that a selection keeps, the flows between them, and a note on what is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from cx_map.draw.scene import Scene
from cx_map.draw.words import words_in
from cx_map.graph.selectors import Selectable, properties_of, select, selectable
from cx_map.model.entity import Entity


def focus(
    scene: Scene,
    entities: Mapping[str, Entity],
    wanted: Sequence[str],
    excluded: Sequence[str] = (),
    severities: Mapping[str, Collection[str]] | None = None,
) -> Scene:
    """The scene with only what the selectors choose (see :mod:`cx_map.graph.selectors`).

    ``entities`` are those of the inventory by id, ``severities`` those of all findings by their subject (a rule that
    is too common has no badges). Lanes, columns and rings that become empty go (but the innermost
    ring stays, as only its cards face the customer); a note says what was chosen and how many flows lead out of it.
    Raises UsageError where a selector is wrong or where nothing is left. O(nodes + edges) for each selector.
    """
    from cx_map.errors import UsageError

    kept = select(wanted, choices(scene, entities, severities or {}), excluded)
    if not kept:
        raise UsageError(
            "the selection is empty: nothing on the map is left",
            hint="widen --focus, or leave something out of --exclude",
        )
    nodes = tuple(node for node in scene.nodes if node.id in kept)
    edges = tuple(edge for edge in scene.edges if edge.source in kept and edge.target in kept)
    lanes, columns = {node.lane for node in nodes}, {node.column for node in nodes}
    words = words_in(scene.language)
    told = " ".join(wanted)
    if excluded:
        told = words("{chosen} without {others}", chosen=told, others=" ".join(excluded)).strip()
    crossing = sum((edge.source in kept) != (edge.target in kept) for edge in scene.edges)
    note = words(
        "chosen: {selectors}; {n} of {m} flows lead out of the picture",
        selectors=told,
        n=words.number(crossing),
        m=words.number(len(scene.edges)),
    )
    return replace(
        scene,
        nodes=nodes,
        edges=edges,
        lanes=tuple(lane for lane in scene.lanes if lane.id in lanes),
        columns=tuple(column for column in scene.columns if column.id in columns),
        rings=tuple(ring for index, ring in enumerate(scene.rings) if index == 0 or ring.id in columns),
        reserved=(),
        notes=(note, *scene.notes),
        total=scene.entities if scene.total is None else scene.total,
    )


def choices(scene: Scene, entities: Mapping[str, Entity], severities: Mapping[str, Collection[str]]) -> Selectable:
    """What selectors choose from on a map: its cards with their fields, lane and findings, and its flows.

    A missing flow carries nothing and is not followed.
    """
    order = {column.id: index for index, column in enumerate(scene.columns)}
    at = {node.id: order[node.column] for node in scene.nodes}
    lanes = {lane.id for lane in scene.lanes if not lane.id.startswith("~")}
    properties = {}
    for node in scene.nodes:
        entity = entities.get(node.id)
        own: dict[str, tuple[str, ...]] = properties_of(entity) if entity is not None else {"kind": (node.kind,)}
        if node.lane in lanes:
            own["line_of_business"] = tuple(sorted({node.lane, *own.get("line_of_business", ())}))
        own["severity"] = tuple(sorted({badge.severity for badge in node.badges} | set(severities.get(node.id, ()))))
        properties[node.id] = own
    real = [(edge.source, edge.target) for edge in scene.edges if edge.style != "missing"]
    return selectable(
        properties,
        [(one, other) for one, other in real if at[one] <= at[other]],
        [(one, other) for one, other in real if at[one] > at[other]],
    )
