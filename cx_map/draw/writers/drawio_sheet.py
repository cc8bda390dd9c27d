"""A sheet to a draw.io file: its cells as boxes with text, its arrows as lines, to edit by hand.

Arrows are free lines, not glued: they run from cell to cell of a table, as the sheet draws them.
"""

from __future__ import annotations

from cx_map.draw.geometry import Cell, Layout, Stroke
from cx_map.draw.sheet import STATE_SIGNS, Sheet
from cx_map.draw.text import clean
from cx_map.draw.writers import looks
from cx_map.draw.writers.drawio import (
    box_of,
    box_style,
    document,
    geometry_of,
    html_lines,
    legend_of,
    line_style,
    text_of,
)
from cx_map.draw.writers.looks_sheet import cell_letters, cell_look, wall_of
from cx_map.draw.writers.svg_parts import attribute, escape, number


def sheet_to_drawio(sheet: Sheet, layout: Layout) -> str:
    """One page with the whole sheet; cells have generated ids, what they are about is in their tooltips. O(cells)."""
    body = [
        *(_cell(rank, cell) for rank, cell in enumerate(layout.cells, 1)),
        *(
            box_of(f"w{rank}", wall[0], box_style(wall[1]))
            for rank, cell in enumerate(layout.cells, 1)
            if (wall := wall_of(cell)) is not None
        ),
        *(_stroke(rank, stroke) for rank, stroke in enumerate(layout.strokes, 1)),
        *(text_of(f"t{rank}", label) for rank, label in enumerate(layout.labels, 1)),
        *legend_of(layout),
        *(
            text_of(f"a{rank}", label)
            for rank, label in enumerate((one.label for one in layout.strokes if one.label is not None), 1)
        ),
    ]
    return document(sheet.title, layout, body)


def _cell(rank: int, cell: Cell) -> str:
    centred = cell.role in ("entry", "column") and not cell.kind
    style = (
        f"rounded={int(bool(cell.kind) and cell.role == 'entry')};arcSize=8;whiteSpace=wrap;fontSize=10;spacing=4;"
        f"align={'center' if centred else 'left'};{box_style(cell_look(cell))}fontColor={cell_letters(cell, 'head').colour};"
    )
    return (
        f'<UserObject id="c{rank}" label="{html_lines(_lines(cell))}" tooltip="{attribute(cell.tooltip)}" '
        f'about="{attribute(" ".join(clean(one) for one in cell.about))}">'
        f'<mxCell style="{style}" vertex="1" parent="1">{geometry_of(cell.box)}</mxCell></UserObject>'
    )


def _lines(cell: Cell) -> list[str]:
    """The text of a cell: code of its kind, its lines, its badges."""
    found = []
    code = ""
    for label in cell.labels:
        text = escape(label.text)
        if label.role == "code":
            code = text
        elif label.role == "sub":
            found.append(f'<font style="font-size:9px">{text}</font>')
        elif cell.role in ("row", "column", "group") or cell.kind:
            found.append(f"<b>{text}</b>")
        else:
            found.append(text)
    if code and found:
        found[0] = f"{code} · {found[0]}"
    found += [f'<font style="font-size:9px"><b>{escape(pill.label.text)}</b></font>' for pill in cell.pills]
    return found


def _stroke(rank: int, stroke: Stroke) -> str:
    points = [(part[-2], part[-1]) for part in stroke.path]
    style = line_style(looks.stroke_pen(stroke.style, stroke.emphasis))
    told = STATE_SIGNS["bad"] if stroke.cross is not None else ""
    bends = "".join(f'<mxPoint x="{number(x)}" y="{number(y)}"/>' for x, y in points[1:-1])
    ends = "".join(
        f'<mxPoint x="{number(x)}" y="{number(y)}" as="{name}"/>'
        for (x, y), name in ((points[0], "sourcePoint"), (points[-1], "targetPoint"))
    )
    return (
        f'<mxCell id="e{rank}" value="{told}" style="{style}" edge="1" parent="1"><mxGeometry relative="1" as="geometry">'
        f'{ends}<Array as="points">{bends}</Array></mxGeometry></mxCell>'
    )
