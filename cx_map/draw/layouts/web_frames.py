"""What stands behind the cards of the web: rings, sector borders and the customer, with their names."""

from __future__ import annotations

from math import pi

from cx_map.draw.geometry import Box, Frame, Label, Occupied, Point
from cx_map.draw.layouts.furniture import enlarged
from cx_map.draw.layouts.web_geometry import DISC, FIRST, STRETCH, angle_of, place_at
from cx_map.draw.scene import Ring, Scene
from cx_map.draw.text import clean, fit, width_of


def frames_of(
    scene: Scene,
    rings: tuple[Ring, ...],
    sectors: dict[str, tuple[float, float]],
    heights: list[float],
    centre: Point,
    boxes: list[Box],
) -> tuple[list[Frame], list[Label]]:
    """Ring ellipses (outermost first), sector borders, the customer disc, and the names of all of them."""
    frames: list[Frame] = []
    labels: list[Label] = []
    outer = heights[-1] if heights else FIRST
    f = enlarged(2 * centre[0])
    taken = Occupied(boxes)
    for index in range(len(rings) - 1, -1, -1):
        h = heights[index]
        frames.append(
            Frame("ring", str(index % 2), Box(centre[0] - h * STRETCH, centre[1] - h, 2 * h * STRETCH, 2 * h))
        )
    for index, ring in enumerate(rings):
        text = fit(f"{index + 1}  {clean(ring.label) or clean(ring.id)}".upper(), 190 * f, 12 * f)
        _name(
            labels,
            taken,
            text,
            "ring-name",
            11.0 * f,
            [
                place_at(centre, heights[index] - 13 - 11 * f, a / 24 * pi)
                for a in (-12, -11, -13, -10, -14, -9, -15, -8, -16, 12, 11, 13, 10, 14)
            ],
        )
    if len(scene.lanes) > 1:
        for before, lane in zip((scene.lanes[-1], *scene.lanes), scene.lanes, strict=False):
            angle = angle_of(sectors[lane.id][0])
            one, other = place_at(centre, DISC + 8, angle), place_at(centre, outer + 24, angle)
            frames.append(
                Frame("sector", lane.id, Box(*one, other[0] - one[0], other[1] - one[1]), wall=lane.silo or before.silo)
            )
    for lane in scene.lanes:
        start, end = sectors[lane.id]
        for room in (340.0 * f, 230.0 * f, 150.0 * f, 100.0 * f):
            text = fit(clean(lane.label) or clean(lane.id), room, 12.5 * f)
            half = width_of(text, 12.5 * f) / 2 + 4
            spots = [
                spot
                for tries, share in enumerate((0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9) * 8)
                if half
                <= (spot := place_at(centre, outer + 42 + 6 * (tries // 9), angle_of(start + (end - start) * share)))[0]
                and spot[0] + half <= 2 * centre[0]
            ]
            if _name(labels, taken, text, "sector-name", 12.5 * f, spots):
                break
    frames.append(Frame("customer", "customer", Box(centre[0] - DISC, centre[1] - DISC, 2 * DISC, 2 * DISC)))
    labels.append(
        Label(
            fit(clean(scene.customer), 2 * DISC - 10, 13),
            centre[0],
            centre[1] + 4.5,
            13,
            "customer",
            "middle",
        )
    )
    return frames, labels


def _name(labels: list[Label], taken: Occupied, text: str, role: str, size: float, spots: list[Point]) -> bool:
    """Write a name at the first spot where it meets nothing; whether there was one."""
    for x, y in spots:
        label = Label(text, x, y, size, role, "middle")
        if text and taken.free(label.box, 3):
            labels.append(label)
            taken.add(label.box)
            return True
    return False
