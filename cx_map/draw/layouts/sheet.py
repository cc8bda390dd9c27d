"""A sheet: title, legend, tables, and what is counted and noted below them.

Small tables stand side by side. Every text is cut to its cell, arrows run between the cells only (see :mod:`.sheet_links`). A table that is wider than
the page is continued below itself with its row heads repeated, and the page says so. Cost O(rows * columns + links).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cx_map.draw.geometry import Cell, Label, Layout, Stroke
from cx_map.draw.layouts.furniture import (
    LEGEND_ROW,
    LEGEND_TOP,
    MARGIN,
    NARROWEST,
    NOTE_ROW,
    legend_rows,
    title_block,
)
from cx_map.draw.layouts.sheet_bands import Band, bands_of, grouped, in_parts
from cx_map.draw.layouts.sheet_cells import cells_of
from cx_map.draw.layouts.sheet_links import strokes_of
from cx_map.draw.nouns import headed, noun
from cx_map.draw.scene import SEVERITIES, LegendEntry
from cx_map.draw.sheet import Sheet, State, Table, state_words
from cx_map.draw.text import clean, fit, width_of, wrap
from cx_map.draw.words import Words, words_in

WIDEST = 1640.0
"""The page is never wider: A3 landscape prints it with its smallest text at 6 pt."""
_BAND_GAP, _TABLE_GAP, _BESIDE = 18.0, 34.0, 40.0
_SHARES = (1.0, 0.86, 0.71, 0.6)
"""Page widths to try, as shares of the widest."""
_LONG, _MOST_PARTS = 9, 4
"""Fewest rows and headings of a part of a long table, and most parts."""
_CAPTION = 300.0
"""Room for a table's note, where another table stands beside it."""
_STATES: tuple[State, ...] = ("good", "weak", "bad", "unknown", "none")


def layout_sheet(sheet: Sheet, widest: float = WIDEST) -> Layout:
    """Give every table, cell, arrow and text of the sheet its place, on a page of at most ``widest``.

    Of several arrangements (narrower pages, long tables in parts side by side) it takes the one that prints largest.
    """
    room = max(widest, NARROWEST) - 2 * MARGIN
    usual = _laid_out(sheet, room, 1)
    most = max((_most_parts(table, room) for table in sheet.tables), default=1)
    pages = [usual]
    for parts in range(1, most + 1):
        for share in _SHARES:
            page = _laid_out(sheet, max(share * room, NARROWEST - 2 * MARGIN), parts)
            # A table cut into more bands than it has to be is harder to read than small print.
            if page.bands <= usual.bands:
                pages.append(page)
    return min(pages, key=lambda page: (page.parts > 1 and page.paper >= 0.95 * usual.paper, page.paper)).layout


@dataclass(frozen=True, slots=True)
class _Page:
    """A sheet laid out, how often its tables go on below themselves, and into how many parts long ones are broken at most."""

    layout: Layout
    bands: int
    parts: int

    @property
    def paper(self) -> float:
        """The short side of the smallest paper (sides as 1 to the root of 2) that has room for it, in CSS pixels."""
        short, long = sorted((self.layout.width, self.layout.height))
        return max(short, long / 2**0.5)


@dataclass(frozen=True, slots=True)
class _Block:
    """A table, or a part of one, that stands in one place: its bands one below another."""

    table: Table
    bands: Sequence[Band]
    caption: str
    width: float


def _laid_out(sheet: Sheet, room: float, parts: int) -> _Page:
    words = words_in(sheet.language)
    blocks = [block for table in sheet.tables for block in _blocks(table, room, parts, words)]
    shelves = _shelves(blocks, room)
    wide = max((sum(one.width + _BESIDE for one in shelf) - _BESIDE for shelf in shelves), default=0.0)
    width = max(NARROWEST, wide + 2 * MARGIN)
    labels = title_block(sheet.title, sheet.subtitle, width)
    swatches, rows = legend_rows(sheet.legend or legend_of(sheet.tables, words), width)
    y = LEGEND_TOP + rows * LEGEND_ROW + 16
    cells: list[Cell] = []
    strokes: list[Stroke] = []
    for shelf in shelves:
        x, bottom = MARGIN, y
        for block in shelf:
            # Alone on its shelf, a table's caption and note may be wider than its cells.
            across = block.width if len(shelf) > 1 else width - 2 * MARGIN
            low = _placed(block, x, y, across, labels, cells, strokes, words)
            x, bottom = x + block.width + _BESIDE, max(bottom, low)
        y = bottom + _TABLE_GAP
    split = [
        words(
            "“{table}” is too wide for the page: its columns go on in {n} parts, one below another, "
            "each with the rows that have something there.",
            table=clean(block.table.caption, 80),
            n=len(block.bands),
        )
        for block in blocks
        if len(block.bands) > 1
    ]
    lines = [
        part
        for line in (sheet.counted, *split, *sheet.notes)
        for part in wrap(clean(line, 1200), width - 2 * MARGIN, 10, 4)
        if part
    ]
    if not sheet.tables:
        # Nothing to show is an answer, too, and the only one on the page.
        said = [part for note in sheet.notes for part in wrap(clean(note, 1200), min(width - 2 * MARGIN, 760), 13, 6)]
        labels += [Label(line, MARGIN, y + 14 + 20 * row, 13, "said") for row, line in enumerate(said)]
        y, lines = y + 20 * len(said) + 30, lines[:1]
    labels += [Label(line, MARGIN, y + 2 + NOTE_ROW * row, 10, "note") for row, line in enumerate(lines)]
    layout = Layout(
        sheet.view,
        width,
        y + NOTE_ROW * len(lines) + 14,
        (),
        (),
        (),
        tuple(labels),
        tuple(swatches),
        cells=tuple(cells),
        strokes=tuple(strokes),
        title=sheet.title,
        about=clean(sheet.description, 1000)
        or ". ".join(filter(None, (clean(sheet.subtitle), clean(sheet.counted, 600)))),
        language=sheet.language,
    )
    return _Page(layout, sum(len(block.bands) - 1 for block in blocks), parts)


def _blocks(table: Table, room: float, parts: int, words: Words) -> list[_Block]:
    """The table as one block, or as several side by side where it is long and they fit."""
    caption = clean(table.caption)
    several = min(parts, _most_parts(table, room))
    pieces = in_parts(table, several)
    found = []
    for number, piece in enumerate(pieces, 1):
        bands = bands_of(piece, room)
        text = caption
        if len(pieces) > 1:
            text = words(
                "{table} – part {part} of {parts}", table=fit(caption, room - 160, 14), part=number, parts=len(pieces)
            )
        wide = max(band.width for band in bands)
        told = max(width_of(text, 14), _CAPTION if table.note else 0.0)
        found.append(_Block(piece, bands, text, max(wide, min(told, room))))
    return found


def _most_parts(table: Table, room: float) -> int:
    """Into how many parts side by side a table can be broken: rows that belong together and have no arrows between."""
    length = len(table.rows) + len(grouped(table.rows))
    if table.wide or table.links or length < 2 * _LONG:
        return 1
    bands = bands_of(table, room)
    wide = max(bands[0].width, _CAPTION) + _BESIDE
    return 1 if len(bands) > 1 else max(1, min(_MOST_PARTS, length // _LONG, int((room + _BESIDE) // wide)))


def _shelves(blocks: Iterable[_Block], room: float) -> list[list[_Block]]:
    """Blocks in their order, as many side by side as fit."""
    shelves: list[list[_Block]] = []
    used = 0.0
    for block in blocks:
        if shelves and used + _BESIDE + block.width <= room:
            shelves[-1].append(block)
            used += _BESIDE + block.width
        else:
            shelves.append([block])
            used = block.width
    return shelves


def _placed(
    block: _Block, x: float, y: float, across: float, labels: list[Label], cells: list[Cell], strokes: list[Stroke],
    words: Words,
) -> float:  # fmt: skip
    """Add a block with its upper left corner at (x, y), and say where it ends."""
    for number, band in enumerate(block.bands, 1):
        y = _above(block, number, x, y, across, labels, words)
        found = cells_of(band.table, band, x, y, words)
        cells += found.cells
        strokes += strokes_of(band, found, words)
        y = found.bottom + (_BAND_GAP if number < len(block.bands) else 0.0)
    return y


def legend_of(
    tables: Sequence[Table], words: Words, meaning: Mapping[str, str] | None = None, ramp: str = ""
) -> tuple[LegendEntry, ...]:
    """What tables use: kinds in order of appearance, states, the ramp, severities, styles of arrows.

    ``meaning`` says what a state means on this sheet, ``ramp`` from what to what heat goes.
    """
    heads = [head for table in tables for head in (*table.rows, *table.columns)]
    entries = [entry for table in tables for entry in table.entries.values()]
    kinds = dict.fromkeys(
        [head.kind for head in heads if head.kind] + sorted({entry.kind for entry in entries if entry.kind})
    )
    found = [LegendEntry("kind", kind, headed(noun(kind, words))) for kind in kinds]
    told: dict[str, str] = dict(state_words(words).items())
    told |= meaning or {}
    states = {entry.state for entry in entries}
    found += [LegendEntry("state", state, told[state]) for state in _STATES if state in states]
    if any(entry.heat is not None for entry in entries):
        found.append(LegendEntry("heat", "ramp", ramp or words("little to much")))
    severities = {badge.severity for part in (heads, entries) for one in part for badge in one.badges}
    found += [LegendEntry("severity", one, words(one)) for one in SEVERITIES if one in severities]
    links = [link for table in tables for link in table.links]
    styles: set[str] = {link.style for link in links} | {link.emphasis for link in links}
    styles |= {"silo" for head in heads if head.wall}
    named = {
        "dashed": words("feedback, fallback or planned flow"),
        "missing": words("missing flow"),
        "thick": words("narrowest cut"),
        "silo": words("border of a silo"),
    }
    return (*found, *(LegendEntry("edge", key, text) for key, text in named.items() if key in styles))


def _above(block: _Block, part: int, x: float, y: float, room: float, labels: list[Label], words: Words) -> float:
    """The caption of a block, or of a band of it, and its note; the y where its cells begin."""
    text, parts = block.caption, len(block.bands)
    if parts > 1:
        text = words("{table} – part {part} of {parts}", table=fit(text, room - 160, 14), part=part, parts=parts)
    if text:
        labels.append(Label(fit(text, room, 14), x, y + 12, 14, "caption"))
        y += 20
    note = clean(block.table.note, 600) if part == 1 else ""
    lines = wrap(note, min(room, 1000), 10, 4) if note else ()
    for line in lines:
        labels.append(Label(line, x, y + 10, 10, "note"))
        y += 15
    return y + (6 if text or lines else 0)
