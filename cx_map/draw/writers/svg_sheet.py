"""The cells and arrows of a sheet as SVG, the ramp of heat, and the pattern of what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.draw.geometry import Box, Cell, Label, Layout, Stroke
from cx_map.draw.palette import HEAT, heat_step
from cx_map.draw.scene import LegendEntry
from cx_map.draw.sheet import STATE_SIGNS
from cx_map.draw.text import clean, clean_lines
from cx_map.draw.writers.looks_sheet import wall_of
from cx_map.draw.writers.svg_parts import (
    attribute,
    cross_at,
    escape,
    path_data,
    pill_of,
    rect_of,
    stripe_of,
    text_of,
)
from cx_map.draw.writers.svg_style import css_name

_ROLES = {"column": "columnheader", "group": "columnheader", "row": "rowheader", "entry": "cell"}


def cells(layout: Layout) -> Iterator[str]:
    """The cells of a sheet, then its arrows: these run between the cells only."""
    if not layout.cells:
        return
    yield '<g class="cells">'
    yield from map(_cell, layout.cells)
    yield '</g>\n<g class="links">'
    yield from map(_stroke, layout.strokes)
    yield "</g>"


def _cell(cell: Cell) -> str:
    box = cell.box
    classes = [f"c-{cell.role}"]
    if cell.state != "plain":
        classes.append(f"st-{cell.state}")
    if cell.kind:
        classes.append(f"k-{css_name(cell.kind)}")
    if cell.heat is not None:
        classes.append(f"heat-{heat_step(cell.heat)}")
    card = bool(cell.kind) and cell.role == "entry"
    if card:
        classes.append("card")
    about = clean_lines(cell.tooltip)
    told = f' aria-label="{attribute(about)}"' if about else ' aria-hidden="true"'
    ids = f' data-about="{attribute(" ".join(clean(one) for one in cell.about))}"' if cell.about else ""
    hatch = rect_of(box, "hatch", 5 if card else 0) if cell.state == "unknown" else ""
    return (
        f'<g class="{" ".join(classes)}" role="graphics-symbol img" aria-roledescription="{_ROLES[cell.role]}"{told}{ids}>'
        f"{f'<title>{escape(about)}</title>' if about else ''}"
        f"{rect_of(box, 'back', 5 if card else 0)}{hatch}{_cell_stripe(cell, rounded=card)}{_wall(cell)}"
        f"{''.join(map(text_of, cell.labels))}{''.join(map(pill_of, cell.pills))}</g>"
    )


def _cell_stripe(cell: Cell, *, rounded: bool) -> str:
    if not cell.kind:
        return ""
    box = Box(cell.box.x, cell.box.y, cell.stripe, cell.box.h)
    return stripe_of(box) if rounded else rect_of(box, "stripe", 0)


def _wall(cell: Cell) -> str:
    wall = wall_of(cell)
    return "" if wall is None else rect_of(wall[0], "wall", 0)


def _stroke(stroke: Stroke) -> str:
    line = "e missing" if stroke.style == "missing" else "e link"
    classes = [line, *(part for part in (stroke.style, stroke.emphasis) if part in ("dashed", "thick", "faint"))]
    title = f"<title>{escape(clean_lines(stroke.tooltip))}</title>" if stroke.tooltip else ""
    return (
        f'<g><path class="{" ".join(classes)}" d="{path_data(stroke.path)}">{title}</path>'
        f"{cross_at(stroke.cross)}{text_of(stroke.label) if stroke.label is not None else ''}</g>"
    )


def heat_sample(entry: LegendEntry, box: Box) -> str:
    """The ramp, or the pattern of what is not known, for the legend."""
    if entry.key != "ramp":
        sign = text_of(Label(STATE_SIGNS["unknown"], box.x + box.w / 2, box.y + 11, 10, "value", "middle"))
        return f"<g>{rect_of(box, 'box', 3)}{rect_of(box, 'hatch', 3)}{sign}</g>"
    steps = len(HEAT["light"])
    wide = box.w / steps
    return "".join(
        rect_of(Box(box.x + step * wide, box.y, wide, box.h), f"heat-{step}", 0) for step in range(steps)
    ) + rect_of(box, "ramp", 0)


def sheet_markers(prefix: str) -> str:
    """The arrow head of a sheet's arrows."""
    return (
        f'<marker id="{prefix}m-plain" viewBox="0 0 8 8" refX="7.4" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path class="h-plain" d="M0 .8L8 4L0 7.2z"/></marker>'
    )


def hatch_pattern(prefix: str) -> str:
    """The pattern of what is not known."""
    return (
        f'<pattern id="{prefix}hatch" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<path class="hatch-line" d="M0 7L7 0M-1 1L1 -1M6 8L8 6"/></pattern>'
    )
