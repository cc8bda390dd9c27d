"""Several states on maps that line up: every entity has one place, and keeps it where a state does not have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cx_map.draw.layouts.layers import suggest_folds
from cx_map.draw.scene import Lane, Scene
from cx_map.draw.scenes.whole_map import COLUMNS, RINGS, lanes_in_order


def line_up(scenes: Sequence[Scene]) -> tuple[Scene, ...]:
    """The scenes with the same lanes, columns, rings and folds, each keeping the places of what only others show.

    Laid out in the same view, an entity then stands at the same point on every map; a place that a state leaves empty
    stays empty. Columns and rings are those of :mod:`cx_map.draw.scenes.whole_map`. O(all nodes, sorted).
    """
    everything = {node.id: node for scene in reversed(scenes) for node in scene.nodes}
    lanes: dict[str, Lane] = {}
    for scene in scenes:
        for lane in scene.lanes:
            lanes.setdefault(lane.id, lane)
    columns = {column.id: column for scene in scenes for column in scene.columns}
    rings = {ring.id: ring for scene in scenes for ring in scene.rings}
    ordered = lanes_in_order(lanes.values())
    return tuple(
        suggest_folds(
            replace(
                scene,
                lanes=tuple(next((own for own in scene.lanes if own.id == lane.id), lane) for lane in ordered),
                columns=tuple(columns[one] for one, *_ in COLUMNS if one in columns),
                rings=tuple(rings[one] for one, *_ in RINGS if one in rings),
                reserved=tuple(node for _, node in sorted(everything.items())),
            )
        )
        for scene in scenes
    )
