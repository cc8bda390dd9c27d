"""A layout to a one-page PDF for paper: vector, searchable text in an embedded font, the same bytes every time.

reportlab (BSD) writes the file. The page is a sheet of paper with a border of 10 mm; text keeps the places that the
layout gave it. What a script without a font becomes is told in ``notes``, never left blank.

Longer than most modules: one function for each shape of a layout.
"""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from math import hypot
from typing import Any

from cx_map.draw.geometry import Box, Card, Cell, Frame, Label, Layout, Path, Pill, Point, Swatch
from cx_map.draw.text import TOOLTIP_LIMIT, clean
from cx_map.draw.writers import looks
from cx_map.draw.writers.font_cutting import Face
from cx_map.draw.writers.fonts import Faces, faces_for, ignorable
from cx_map.draw.writers.looks import Letters, Look, Pen
from cx_map.draw.writers.looks_sheet import cell_letters, cell_look, wall_of
from cx_map.draw.writers.paper import PaperFit
from cx_map.draw.writers.reading_order import visual_order

_PT_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Printed:
    """The file, and what to tell about it."""

    content: bytes
    notes: tuple[str, ...] = ()


def to_pdf(layout: Layout, fit: PaperFit) -> Printed:
    """The map on the paper of the fit. O(parts); fonts take about half a second."""
    from reportlab.pdfgen.canvas import Canvas

    faces = faces_for(_prepared(label.text) for label in _texts(layout))
    wide, high = (side * _PT_PER_MM for side in fit.page_mm)
    stream = io.BytesIO()
    names = {face: _register(face) for face in (faces.regular, faces.bold, *faces.others)}
    canvas = Canvas(
        stream,
        (wide, high),
        invariant=1,
        pageCompression=1,
        lang=clean(layout.language, 35) or "en",
        initialFontName=names[faces.regular],  # else the file names Helvetica, which it does not carry
    )
    canvas.setTitle(clean(layout.title, TOOLTIP_LIMIT) or "Map")
    canvas.setSubject(clean(layout.about, 1000))
    canvas.setAuthor("")
    canvas.setCreator("cxmap")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    scale = fit.width_mm * _PT_PER_MM / layout.width
    canvas.translate((wide - layout.width * scale) / 2, (high - layout.height * scale) / 2)
    canvas.scale(scale, scale)
    _Sheet(canvas, layout, faces, names).draw()
    canvas.showPage()
    canvas.save()
    return Printed(stream.getvalue(), faces.notes)


def _texts(layout: Layout) -> list[Label]:
    signs = [looks.sample_sign(one) for one in layout.swatches]
    return [*layout.texts(), *signs]


def _prepared(text: str) -> str:
    """Text as letters to draw: composed where Unicode can, in the order seen, without what has no shape."""
    return visual_order("".join(char for char in unicodedata.normalize("NFC", text) if not ignorable(char)))


class _Sheet:
    """Draws with y downwards, in CSS pixels, on a reportlab canvas that has y upwards."""

    def __init__(self, canvas: Any, layout: Layout, faces: Faces, names: dict[Face, str]) -> None:
        self._canvas, self._layout, self._faces, self._names = canvas, layout, faces, names

    def draw(self) -> None:
        """Everything, from the back to the front, in the order of the SVG."""
        layout = self._layout
        for frame in layout.frames:
            self._frame(frame)
        for spoke in layout.spokes:
            self._path(spoke.path, looks.spoke_pen(spoke.node.kind, spoke.node.mark))
        for wire in layout.wires:
            self._path(wire.path, looks.wire_pen(wire))
        for cell in layout.cells:
            self._cell(cell)
        for label in layout.labels:
            self._text(label, looks.letters(label.role))
        for card in layout.cards:
            self._card(card)
        for stroke in layout.strokes:
            self._path(stroke.path, looks.stroke_pen(stroke.style, stroke.emphasis))
        for cross, words in ((one.cross, one.label) for part in (layout.strokes, layout.wires) for one in part):
            if cross is not None:
                self._cross(cross)
            if words is not None:
                self._text(words, looks.letters(words.role))
        for wire in layout.wires:
            self._pills(wire.pills)
        for swatch in layout.swatches:
            self._swatch(swatch)

    def _up(self, y: float) -> float:
        return self._layout.height - y

    def _pen(self, pen: Pen) -> None:
        self._canvas.setStrokeColor(_colour(pen.colour))
        self._canvas.setLineWidth(pen.width)
        self._canvas.setDash(list(pen.dash), 0)
        self._canvas.setLineCap(1 if pen.round else 0)
        self._canvas.setLineJoin(1)
        self._canvas.setStrokeAlpha(pen.alpha)

    def _look(self, look: Look) -> dict[str, int]:
        if look.fill is not None:
            self._canvas.setFillColor(_colour(look.fill))
            self._canvas.setFillAlpha(look.alpha)
        if look.pen is not None:
            self._pen(look.pen)
            self._canvas.setStrokeAlpha(look.alpha * look.pen.alpha)
        return {"fill": int(look.fill is not None), "stroke": int(look.pen is not None)}

    def _box(self, box: Box, look: Look) -> None:
        done = self._look(look)
        if look.radius:
            radius = min(look.radius, box.w / 2, box.h / 2)
            self._canvas.roundRect(box.x, self._up(box.bottom), box.w, box.h, radius, **done)
        else:
            self._canvas.rect(box.x, self._up(box.bottom), box.w, box.h, **done)
        if look.hatch is not None:
            self._hatch(box, look.hatch)

    def _hatch(self, box: Box, colour: str) -> None:
        """Lines across a box, from lower left to upper right, seven pixels apart."""
        self._canvas.saveState()
        edge = self._canvas.beginPath()
        edge.rect(box.x, self._up(box.bottom), box.w, box.h)
        self._canvas.clipPath(edge, stroke=0, fill=0)
        self._pen(Pen(colour, 1.0))
        low = self._up(box.bottom)
        for step in range(-int(box.h // 7) - 1, int(box.w // 7) + 1):
            left = box.x + 7 * step
            self._canvas.line(left, low, left + box.h, low + box.h)
        self._canvas.restoreState()

    def _frame(self, frame: Frame) -> None:
        box, look = frame.box, looks.frame_look(frame)
        if frame.role in ("lane", "silo"):
            self._box(box, look)
        elif frame.role == "sector":
            self._look(look)
            self._canvas.line(box.x, self._up(box.y), box.right, self._up(box.bottom))
        else:
            self._canvas.ellipse(box.x, self._up(box.bottom), box.right, self._up(box.y), **self._look(look))

    def _path(self, path: Path, pen: Pen) -> None:
        self._pen(pen)
        line = self._canvas.beginPath()
        line.moveTo(path[0][0], self._up(path[0][1]))
        for part in path[1:]:
            if len(part) == 2:
                line.lineTo(part[0], self._up(part[1]))
            else:
                ax, ay, bx, by, x, y = part
                line.curveTo(ax, self._up(ay), bx, self._up(by), x, self._up(y))
        self._canvas.drawPath(line, stroke=1, fill=0)
        if pen.arrow:
            self._arrow(path, pen)

    def _arrow(self, path: Path, pen: Pen) -> None:
        """A head of 7.4 by 6.4, as the markers of the SVG."""
        (x, y), (from_x, from_y) = looks.direction(path)
        length = hypot(x - from_x, y - from_y)
        dx, dy = (x - from_x) / length, (y - from_y) / length
        self._canvas.setFillColor(_colour(pen.colour))
        self._canvas.setFillAlpha(pen.alpha)
        head = self._canvas.beginPath()
        head.moveTo(x + 0.6 * dx, self._up(y + 0.6 * dy))
        head.lineTo(x - 7.4 * dx - 3.2 * dy, self._up(y - 7.4 * dy + 3.2 * dx))
        head.lineTo(x - 7.4 * dx + 3.2 * dy, self._up(y - 7.4 * dy - 3.2 * dx))
        head.close()
        self._canvas.drawPath(head, stroke=0, fill=1)

    def _card(self, card: Card) -> None:
        box, look = card.box, looks.card_look(card)
        if card.node.members:
            self._box(Box(box.x + 4, box.y + 4, box.w, box.h), look)
        self._box(box, look)
        self._stripe(box, card.stripe, looks.stripe(card.node.kind, card.node.mark), look.alpha)
        for label in card.labels:
            self._text(label, looks.card_letters(card, label.role), look.alpha)
        self._pills(card.pills)

    def _stripe(self, box: Box, wide: float, colour: str, alpha: float = 1.0, *, rounded: bool = True) -> None:
        """The bar at the left of a card, round where the card is."""
        if not rounded:
            self._box(Box(box.x, box.y, wide, box.h), Look(colour, None, alpha))
            return
        self._canvas.setFillColor(_colour(colour))
        self._canvas.setFillAlpha(alpha)
        top, bottom, bend, r = self._up(box.y), self._up(box.bottom), 2.24, 5.0
        shape = self._canvas.beginPath()
        shape.moveTo(box.x + wide, top)
        shape.lineTo(box.x + r, top)
        shape.curveTo(box.x + r - (r - bend), top, box.x, top - bend, box.x, top - r)
        shape.lineTo(box.x, bottom + r)
        shape.curveTo(box.x, bottom + bend, box.x + bend, bottom, box.x + r, bottom)
        shape.lineTo(box.x + wide, bottom)
        shape.close()
        self._canvas.drawPath(shape, stroke=0, fill=1)

    def _cell(self, cell: Cell) -> None:
        self._box(cell.box, cell_look(cell))
        if cell.kind and cell.stripe:
            self._stripe(cell.box, cell.stripe, looks.stripe(cell.kind), rounded=cell.role == "entry")
        if wall := wall_of(cell):
            self._box(*wall)
        for label in cell.labels:
            self._text(label, cell_letters(cell, label.role))
        self._pills(cell.pills)

    def _pills(self, pills: tuple[Pill, ...]) -> None:
        for pill in pills:
            self._box(pill.box, looks.pill_look(pill.severity))
            self._text(pill.label, Letters(looks.pill_ink(pill.severity), bold=True))

    def _cross(self, at: Point) -> None:
        x, y = at[0], self._up(at[1])
        self._canvas.circle(x, y, 8, **self._look(looks.cross_back()))
        self._pen(looks.cross_pen())
        self._canvas.line(x - 3.5, y - 3.5, x + 3.5, y + 3.5)
        self._canvas.line(x - 3.5, y + 3.5, x + 3.5, y - 3.5)

    def _swatch(self, swatch: Swatch) -> None:
        box, sample = swatch.box, looks.sample(swatch)
        if sample.line is not None:
            middle = box.y + box.h / 2
            self._path(((box.x, middle), (box.right - 4, middle)), sample.line)
        elif sample.ramp:
            wide = box.w / len(sample.ramp)
            for step, colour in enumerate(sample.ramp):
                self._box(Box(box.x + step * wide, box.y, wide, box.h), Look(colour, None))
        else:
            self._box(box, sample.look)
            self._text(looks.sample_sign(swatch), Letters(sample.ink, bold=True))
        self._text(swatch.label, looks.letters(swatch.label.role))

    def _text(self, label: Label, letters: Letters, alpha: float = 1.0) -> None:
        text = _prepared(label.text)
        if not text:
            return
        runs = [(self._names[face], run) for face, run in self._faces.runs(text, bold=letters.bold)]
        width = sum(_width(name, run, label.size) for name, run in runs)
        # A font of the machine may be wider than the widths of the layout: the line is squeezed into its room.
        room = label.box.w
        squeeze = min(1.0, room / width) if width and room else 1.0
        x = label.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor] * width * squeeze
        if letters.halo:
            back = Box(x - 2, label.box.y, width * squeeze + 4, label.box.h)
            self._box(back, Look(letters.halo, None, 0.85, 2.0))
        self._canvas.setFillColor(_colour(letters.colour))
        self._canvas.setFillAlpha(alpha)
        written = self._canvas.beginText(x, self._up(label.y))
        written.setHorizScale(100 * squeeze)
        for name, run in runs:
            written.setFont(name, label.size)
            written.textOut(run)
        self._canvas.drawText(written)
        if letters.strike:
            self._pen(Pen(letters.colour, max(0.6, label.size / 14)))
            middle = self._up(label.y - 0.3 * label.size)
            self._canvas.line(x, middle, x + width * squeeze, middle)


def _width(name: str, text: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, name, size))


def _register(face: Face) -> str:
    """The face as a font that reportlab knows, under a name of its content."""
    from hashlib import sha256

    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name = f"{''.join(filter(str.isalnum, face.name))}-{sha256(face.data).hexdigest()[:12]}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(face.data)))
    return name


def _colour(code: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(code)
