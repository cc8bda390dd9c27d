"""Badges, labels and the cross of a missing flow, put on lines where nothing else is written.

A badge or label slides along its line until its box meets no card and no other text. What finds no free place is
not dropped silently: the caller gets a sentence for the footnotes, and the tooltip still has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cx_map.draw.geometry import ASCENT, Box, Card, Label, Occupied, Pill, Wire, point_at, points_along
from cx_map.draw.layouts.furniture import BADGE, badge_text, pill
from cx_map.draw.scene import badge_order
from cx_map.draw.text import clean, fit, width_of
from cx_map.draw.words import words_in

_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9)
_SHIFTS = (0.0, -9.0, 9.0, -18.0, 18.0)
_SIZE = 9.0


def decorate(
    wires: tuple[Wire, ...], cards: Mapping[str, Card], labels: Iterable[Label], language: str
) -> tuple[tuple[Wire, ...], tuple[str, ...]]:
    """The wires with their badges, labels and crosses in place, and what to tell about those that found none."""
    busy = [
        (not wire.edge.badges, index)
        for index, wire in enumerate(wires)
        if wire.edge.badges or wire.edge.label or wire.edge.style == "missing"
    ]
    if not busy:
        return wires, ()
    taken = Occupied(label.box for label in labels)
    for one in cards.values():
        taken.add(one.box)
        for mark in one.pills:
            taken.add(mark.box)
    done: dict[int, Wire] = {}
    lost = 0
    # Findings choose their place before plain labels do.
    for _, index in sorted(busy):
        wire = wires[index]
        points = points_along(wire.path)
        cross = point_at(points, 0.5) if wire.edge.style == "missing" else None
        if cross is not None:
            taken.add(Box(cross[0] - 7, cross[1] - 7, 14, 14))
        pills: list[Pill] = []
        for badge in sorted(wire.edge.badges, key=badge_order):
            box = _place(points, width_of(badge_text(badge), BADGE) + 11, 13, taken)
            if box is None:
                lost += 1
            else:
                pills.append(pill(badge, box.right, box.y))
        label = None
        if wire.edge.label:
            text = fit(clean(wire.edge.label), 110, _SIZE)
            box = _place(points, width_of(text, _SIZE), 1.08 * _SIZE, taken)
            if box is None:
                lost += 1
            else:
                label = Label(text, box.x + box.w / 2, box.y + ASCENT * _SIZE, _SIZE, "edge-label", "middle")
        done[index] = replace(wire, cross=cross, label=label, pills=tuple(pills))
    note = (
        (
            words_in(language).many(
                "{n} label or badge of flows found no free place; see the flows' tooltips",
                "{n} labels and badges of flows found no free place; see the flows' tooltips",
                lost,
            ),
        )
        if lost
        else ()
    )
    return tuple(done.get(index, wire) for index, wire in enumerate(wires)), note


def _place(points: list[tuple[float, float]], wide: float, high: float, taken: Occupied) -> Box | None:
    for shift in _SHIFTS:
        for share in _SHARES:
            x, y = point_at(points, share)
            box = Box(x - wide / 2, y - high / 2 + shift, wide, high)
            if taken.free(box):
                taken.add(box)
                return box
    return None
