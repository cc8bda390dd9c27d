"""A layout to one PowerPoint slide of native shapes: to be moved, recoloured and talked through.

python-pptx (MIT) writes the package; the shapes are written as the DrawingML they become, because connectors have to
lie below the cards that they are glued to, and ends, dashes and insets have no names in python-pptx. A card is a group
(box, stripe, badges), so it moves as one and its connectors follow. Source: ECMA-376, part 1, 19.3 (PresentationML) and
20.1 (DrawingML).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from cx_map.draw.geometry import Box, Card, Cell, Frame, Label, Layout, Pill, Point, Stroke, Swatch, Wire
from cx_map.draw.sheet import STATE_SIGNS
from cx_map.draw.text import TOOLTIP_LIMIT, clean
from cx_map.draw.words import Words, words_in
from cx_map.draw.writers import looks
from cx_map.draw.writers.connectors import ends_of
from cx_map.draw.writers.looks import Letters, Look
from cx_map.draw.writers.looks_sheet import cell_letters, cell_look, wall_of
from cx_map.draw.writers.paper import PaperFit
from cx_map.draw.writers.shapes import Drawing
from cx_map.draw.writers.svg import tooltip

_EMU_PER_MM = 36_000
_THEN = datetime(2000, 1, 1)  # noqa: DTZ001 - core properties are written without a zone; the same bytes every time


def to_pptx(layout: Layout, fit: PaperFit) -> bytes:
    """A presentation of one slide as large as the paper of the fit (at most 56 inches wide, as A0 is). O(parts)."""
    from pptx import Presentation
    from pptx.oxml import parse_xml
    from pptx.util import Emu

    deck = Presentation()
    wide, high = (side * _EMU_PER_MM for side in fit.page_mm)
    deck.slide_width, deck.slide_height = Emu(wide), Emu(high)
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    tree = slide.shapes._spTree
    for xml in _shapes(layout, Drawing(fit.width_mm * _EMU_PER_MM / layout.width, _border(fit, wide, high))):
        tree.append(parse_xml(xml))
    _about(deck, layout)
    stream = io.BytesIO()
    deck.save(stream)
    return _without_dates(stream.getvalue())


def _border(fit: PaperFit, wide: int, high: int) -> Point:
    return (wide - fit.width_mm * _EMU_PER_MM) / 2, (high - fit.height_mm * _EMU_PER_MM) / 2


def _about(deck: Any, layout: Layout) -> None:
    core = deck.core_properties
    core.title, core.subject = clean(layout.title, 255), clean(layout.about, 255)
    core.author = core.last_modified_by = core.keywords = core.comments = core.category = ""
    core.created = core.modified = core.last_printed = _THEN
    core.revision = 1
    package = deck.part.package
    for name, relation in list(package._rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            package._rels.pop(name)


def _without_dates(packed: bytes) -> bytes:
    """The same archive with every date the first that a ZIP file can hold."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, old.read(name))
    return stream.getvalue()


def _shapes(layout: Layout, draw: Drawing) -> Iterator[str]:
    """Every shape, from the back to the front."""
    ids = {card.node.id: draw.new_id() for card in layout.cards}
    disc = draw.new_id()
    for frame in layout.frames:
        if frame.role != "customer":
            yield _frame(frame, draw, disc)
    for cell in layout.cells:
        yield _cell(cell, draw)
    places = layout.place()
    names = {card.node.id: clean(card.node.label) or clean(card.node.id) for card in layout.cards}
    marks: list[str] = []
    for wire in layout.wires:
        edge = wire.edge
        ends = ends_of(places[edge.source], places[edge.target], straight=layout.view == "web")
        about = f"{names[edge.source]} → {names[edge.target]}"
        yield draw.connector(about, ends, looks.wire_pen(wire), (ids[edge.source], ids[edge.target]), edge.tooltip)
        marks += _wire_marks(wire, [ends.nearest(pill.box.centre) for pill in wire.pills], ends.middle, draw)
    centre = next((frame.box for frame in layout.frames if frame.role == "customer"), None)
    for spoke in layout.spokes:
        if centre is not None:
            ends = ends_of(places[spoke.node.id], centre, straight=True, round_target=True)
            pen = looks.spoke_pen(spoke.node.kind, spoke.node.mark)
            yield draw.connector(f"{names[spoke.node.id]} → customer", ends, pen, (ids[spoke.node.id], disc), "")
    for frame in layout.frames:
        if frame.role == "customer":  # above the connectors, as cards are
            yield _frame(frame, draw, disc)
    for stroke in layout.strokes:
        yield from _stroke(stroke, draw)
    for label in layout.labels:
        yield draw.text(label, looks.letters(label.role))
    for card in layout.cards:
        yield _card(card, ids[card.node.id], draw, words_in(layout.language))
    yield from marks
    for swatch in layout.swatches:
        yield from _swatch(swatch, draw)


def _frame(frame: Frame, draw: Drawing, disc: int) -> str:
    look, name = looks.frame_look(frame), clean(frame.name, TOOLTIP_LIMIT) or frame.role
    if frame.role == "sector":
        assert look.pen is not None
        return draw.line(name, (frame.box.x, frame.box.y), (frame.box.right, frame.box.bottom), look.pen)
    if frame.role in ("lane", "silo"):
        return draw.shape(name, frame.box, look)
    return draw.shape(name, frame.box, look, preset="ellipse", number=disc if frame.role == "customer" else None)


def _card(card: Card, number: int, draw: Drawing, words: Words) -> str:
    node, box, look = card.node, card.box, looks.card_look(card)
    name = clean(node.label) or clean(node.id)
    behind = [draw.shape(name, Box(box.x + 4, box.y + 4, box.w, box.h), look)] if node.members else []
    lines = [(one.text, one.size, looks.card_letters(card, one.role)) for one in card.labels if _inside(one)]
    left = min((one.x for one in card.labels if _inside(one)), default=box.x) - box.x
    signs = [(one.text, one.size, looks.card_letters(card, one.role)) for one in card.labels if not _inside(one)]
    bar = Box(box.x, box.y, card.stripe, box.h)
    colour = Look(looks.stripe(node.kind, node.mark), None, look.alpha)
    return draw.group(
        name,
        [
            *behind,
            draw.shape(name, box, look, lines, number=number, about=tooltip(node, words), left=left),
            draw.shape("kind", bar, colour, signs, preset="rect", middle=True),
            *(_pill(pill, draw) for pill in card.pills),
        ],
        box,
    )


def _inside(label: Label) -> bool:
    """Whether a label of a card is its text, not the code or sign on its stripe."""
    return label.role not in ("code", "sign")


def _cell(cell: Cell, draw: Drawing) -> str:
    look = cell_look(cell)
    texts = [one for one in cell.labels if _inside(one) or not cell.stripe]
    lines = [(one.text, one.size, cell_letters(cell, one.role)) for one in texts]
    centred = bool(texts) and all(one.anchor == "middle" for one in texts)
    left = min((one.x for one in texts if one.anchor == "start"), default=cell.box.x) - cell.box.x
    # Where a badge stands below the text, the text keeps its place; else it stands in the middle.
    top = min((one.box.y for one in texts), default=cell.box.y) - cell.box.y if cell.pills else None
    name = " ".join(one.text for one in texts) or cell.role
    parts = [draw.shape(name, cell.box, look, lines, about=cell.tooltip, left=left, top=top, middle=centred)]
    if cell.stripe and cell.kind:
        signs = [(one.text, one.size, cell_letters(cell, one.role)) for one in cell.labels if not _inside(one)]
        bar = Box(cell.box.x, cell.box.y, cell.stripe, cell.box.h)
        parts.append(draw.shape("kind", bar, Look(looks.stripe(cell.kind), None), signs, preset="rect", middle=True))
    if wall := wall_of(cell):
        parts.append(draw.shape("silo", *wall))
    parts += [_pill(pill, draw) for pill in cell.pills]
    return parts[0] if len(parts) == 1 else draw.group(name, parts, cell.box)


def _pill(pill: Pill, draw: Drawing, at: Point | None = None) -> str:
    x, y = at or pill.box.centre
    box = Box(x - pill.box.w / 2, y - pill.box.h / 2, pill.box.w, pill.box.h)
    words = [(pill.label.text, pill.label.size, Letters(looks.pill_ink(pill.severity), bold=True))]
    return draw.shape(pill.label.text, box, looks.pill_look(pill.severity), words, about=pill.tooltip, middle=True)


def _wire_marks(wire: Wire, pills: Iterable[Point], middle: Point, draw: Drawing) -> Iterator[str]:
    """What stands on a flow, moved from the curve of the layout to the connector."""
    if wire.cross is not None:
        yield _cross(middle, draw)
    for pill, at in zip(wire.pills, pills, strict=True):
        # A badge on the cross would hide it.
        lift = 14.0 if wire.cross is not None and abs(at[0] - middle[0]) < pill.box.w / 2 + 8 else 0.0
        yield _pill(pill, draw, (at[0], at[1] - lift))
    if wire.label is not None:
        yield draw.text(wire.label, looks.letters(wire.label.role))


def _cross(at: Point, draw: Drawing) -> str:
    words = [(STATE_SIGNS["bad"], 11.0, Letters(looks.cross_pen().colour, bold=True))]
    box = Box(at[0] - 8, at[1] - 8, 16, 16)
    return draw.shape("missing", box, looks.cross_back(), words, preset="ellipse", middle=True)


def _stroke(stroke: Stroke, draw: Drawing) -> Iterator[str]:
    yield draw.polyline(stroke.tooltip or "arrow", stroke.path, looks.stroke_pen(stroke.style, stroke.emphasis))
    if stroke.cross is not None:
        yield _cross(stroke.cross, draw)
    if stroke.label is not None:
        yield draw.text(stroke.label, looks.letters(stroke.label.role))


def _swatch(swatch: Swatch, draw: Drawing) -> Iterator[str]:
    box, sample, text = swatch.box, looks.sample(swatch), swatch.label.text
    if sample.line is not None:
        middle = box.y + box.h / 2
        yield draw.line(text, (box.x, middle), (box.right - 4, middle), sample.line)
    elif sample.ramp:
        wide = box.w / len(sample.ramp)
        for step, colour in enumerate(sample.ramp):
            yield draw.shape(text, Box(box.x + step * wide, box.y, wide, box.h), Look(colour, None))
    else:
        sign = looks.sample_sign(swatch)
        words = [(sign.text, sign.size, Letters(sample.ink, bold=True))]
        yield draw.shape(text, box, sample.look, words, middle=True)
    yield draw.text(swatch.label, looks.letters(swatch.label.role))
