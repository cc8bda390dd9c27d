"""A sheet: title, legend, tables one below another, and what is counted and noted below them.

Every text is cut to its cell, arrows run between the cells only (see :mod:`.sheet_links`). A table that is wider than
the page is continued below itself with its row heads repeated, and the page says so. Cost O(rows * columns + links).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from cx_map.draw.layouts.sheet_bands import bands_of
from cx_map.draw.layouts.sheet_cells import cells_of
from cx_map.draw.layouts.sheet_links import strokes_of
from cx_map.draw.nouns import headed, noun
from cx_map.draw.scene import SEVERITIES, LegendEntry
from cx_map.draw.sheet import Sheet, State, Table, state_words
from cx_map.draw.text import clean, fit, wrap
from cx_map.draw.words import Words, words_in

WIDEST = 1640.0
"""The page is never wider: A3 landscape prints it with its smallest text at 6 pt."""
_BAND_GAP, _TABLE_GAP = 18.0, 34.0
_STATES: tuple[State, ...] = ("good", "weak", "bad", "unknown", "none")


def layout_sheet(sheet: Sheet, widest: float = WIDEST) -> Layout:
    """Give every table, cell, arrow and text of the sheet its place, on a page of at most ``widest``."""
    words = words_in(sheet.language)
    room = max(widest, NARROWEST) - 2 * MARGIN
    planned = [(table, bands_of(table, room)) for table in sheet.tables]
    wide = max((band.width for _, bands in planned for band in bands), default=0.0)
    width = max(NARROWEST, wide + 2 * MARGIN)
    labels = title_block(sheet.title, sheet.subtitle, width)
    swatches, rows = legend_rows(sheet.legend or legend_of(sheet.tables, words), width)
    y = LEGEND_TOP + rows * LEGEND_ROW + 16
    cells: list[Cell] = []
    strokes: list[Stroke] = []
    split: list[str] = []
    for table, bands in planned:
        for number, band in enumerate(bands, 1):
            y = _above(table, number, len(bands), labels, width, y, words)
            found = cells_of(band.table, band, MARGIN, y, words)
            cells += found.cells
            strokes += strokes_of(band, found, words)
            y = found.bottom + (_BAND_GAP if number < len(bands) else _TABLE_GAP)
        if len(bands) > 1:
            split.append(
                words(
                    "“{table}” is too wide for the page: its columns go on in {n} parts, one below another, "
                    "each with the rows that have something there.",
                    table=clean(table.caption, 80),
                    n=len(bands),
                )
            )
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
    return Layout(
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
    styles = {link.style for link in links} | {link.emphasis for link in links}
    named = {
        "dashed": words("feedback, fallback or planned flow"),
        "missing": words("missing flow"),
        "thick": words("narrowest cut"),
    }
    return (*found, *(LegendEntry("edge", key, text) for key, text in named.items() if key in styles))


def _above(table: Table, part: int, parts: int, labels: list[Label], width: float, y: float, words: Words) -> float:
    """The caption of a table, or of a part of it, and its note; the y where its cells begin."""
    room = width - 2 * MARGIN
    text = clean(table.caption)
    if parts > 1:
        text = words("{table} – part {part} of {parts}", table=fit(text, room - 160, 14), part=part, parts=parts)
    if text:
        labels.append(Label(fit(text, room, 14), MARGIN, y + 12, 14, "caption"))
        y += 20
    note = clean(table.note, 600) if part == 1 else ""
    lines = wrap(note, min(room, 1000), 10, 4) if note else ()
    for line in lines:
        labels.append(Label(line, MARGIN, y + 10, 10, "note"))
        y += 15
    return y + (6 if text or lines else 0)
