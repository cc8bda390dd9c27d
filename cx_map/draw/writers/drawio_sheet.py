"""A sheet to a draw.io file: its cells as boxes with text, its arrows as lines, to edit by hand.

Arrows are free lines, not glued: they run from cell to cell of a table, as the sheet draws them.
"""

from __future__ import annotations

from cx_map.draw.geometry import Box, Cell, Label, Layout, Stroke
from cx_map.draw.palette import HEAT, STATE_COLOURS, SURFACES, heat_step, ink_on, kind_colours, mix
from cx_map.draw.sheet import Sheet
from cx_map.draw.text import clean
from cx_map.draw.writers.drawio import document, geometry_of, html_lines
from cx_map.draw.writers.svg_parts import attribute, escape, number

_LIGHT = SURFACES["light"]


def sheet_to_drawio(sheet: Sheet, layout: Layout) -> str:
    """One page with the whole sheet; cells have generated ids, what they are about is in their tooltips. O(cells)."""
    body = [
        *(_cell(rank, cell) for rank, cell in enumerate(layout.cells, 1)),
        *(_stroke(rank, stroke) for rank, stroke in enumerate(layout.strokes, 1)),
        *(_text(f"t{rank}", label) for rank, label in enumerate(layout.labels, 1)),
        *(
            _text(f"l{rank}", label)
            for rank, label in enumerate((one.label for one in layout.strokes if one.label is not None), 1)
        ),
    ]
    return document(sheet.title, layout, body)


def _cell(rank: int, cell: Cell) -> str:
    fill, ink, stroke = _LIGHT["lane" if cell.role != "entry" else "card"], _LIGHT["ink"], _LIGHT["lane-line"]
    if cell.heat is not None:
        fill = HEAT["light"][heat_step(cell.heat)]
        ink = ink_on(fill)
    elif cell.state != "plain":
        colour = STATE_COLOURS["light"][cell.state]
        fill = mix(colour, _LIGHT["card"], 0.88)
        stroke = colour if cell.kind else stroke
    if cell.kind and cell.state in ("plain", "good"):
        stroke = kind_colours(cell.kind, "light")["stripe"]
    more = "dashed=1;" if cell.state == "unknown" else ""
    centred = cell.role in ("entry", "column") and not cell.kind
    style = (
        f"rounded={int(bool(cell.kind) and cell.role == 'entry')};arcSize=8;whiteSpace=wrap;html=1;fontSize=10;spacing=4;"
        f"align={'center' if centred else 'left'};{more}fillColor={fill};strokeColor={stroke};fontColor={ink};"
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
    colour = STATE_COLOURS["light"]["bad"] if stroke.style == "missing" else _LIGHT["muted"]
    dashed = "dashed=1;" if stroke.style in ("dashed", "missing") else ""
    width = "3" if stroke.emphasis == "thick" else "1.5"
    style = f"html=1;endArrow=classic;endSize=4;{dashed}strokeColor={colour};strokeWidth={width};"
    told = "✕" if stroke.style == "missing" else ""
    bends = "".join(f'<mxPoint x="{number(x)}" y="{number(y)}"/>' for x, y in points[1:-1])
    ends = "".join(
        f'<mxPoint x="{number(x)}" y="{number(y)}" as="{name}"/>'
        for (x, y), name in ((points[0], "sourcePoint"), (points[-1], "targetPoint"))
    )
    return (
        f'<mxCell id="e{rank}" value="{told}" style="{style}" edge="1" parent="1"><mxGeometry relative="1" as="geometry">'
        f'{ends}<Array as="points">{bends}</Array></mxGeometry></mxCell>'
    )


def _text(name: str, label: Label) -> str:
    box = label.box
    size = round(label.size)
    bold = "fontStyle=1;" if label.role in ("title", "caption") else ""
    style = f"text;html=1;align=left;verticalAlign=middle;strokeColor=none;fillColor=none;fontSize={size};{bold}"
    place = geometry_of(Box(box.x, box.y - 2, box.w + 12, box.h + 4))
    return (
        f'<mxCell id="{name}" value="{html_lines([escape(label.text)])}" style="{style}" vertex="1" parent="1">'
        f"{place}</mxCell>"
    )
