"""A sheet and its layout to JSON: tables with their entries, and where each cell and arrow stands (``cxmap.sheet/1``).

Units are CSS pixels, y downwards; paths as in :mod:`cx_map.draw.geometry`. Text is as the sheet shows it: no control
characters, cut at the picture's limits.
"""

from __future__ import annotations

from cx_map.draw.geometry import Cell, Layout, Stroke
from cx_map.draw.sheet import Entry, Head, Sheet, Table
from cx_map.draw.text import clean, clean_lines
from cx_map.draw.writers.json_form import Json, badges_form, box_form, filled, json_lines, short

SCHEMA = "cxmap.sheet/1"


def sheet_to_json(sheet: Sheet, layout: Layout) -> str:
    """The sheet as one JSON object; fields without content are left out. O(cells + links)."""
    return json_lines(
        {
            "schema": SCHEMA,
            "title": clean(sheet.title),
            "subtitle": clean(sheet.subtitle),
            "view": sheet.view,
            "width": short(layout.width),
            "height": short(layout.height),
            "shown": clean(sheet.counted, 600),
            "notes": [clean(note, 1200) for note in sheet.notes],
            "tables": [_table(table) for table in sheet.tables],
            "cells": [_cell(cell) for cell in layout.cells],
            "arrows": [_stroke(stroke) for stroke in layout.strokes],
        }
    )


def _table(table: Table) -> Json:
    order = {row.id: number for number, row in enumerate(table.rows)}
    columns = {column.id: number for number, column in enumerate(table.columns)}
    places = sorted(table.entries, key=lambda place: (order[place[0]], columns[place[1]]))
    return filled(
        {
            "id": clean(table.id), "caption": clean(table.caption), "note": clean(table.note, 600),
            "rows": [_head(one) for one in table.rows], "columns": [_head(one) for one in table.columns],
            "entries": [_entry(place[0], place[1], table.entries[place]) for place in places],
            "links": [
                filled({
                    "source": [clean(part) for part in one.source], "target": [clean(part) for part in one.target],
                    "style": one.style, "label": clean(one.label), "tooltip": clean_lines(one.tooltip),
                })
                for one in table.links
            ],
        }
    )  # fmt: skip


def _head(head: Head) -> Json:
    return filled(
        {
            "id": clean(head.id), "label": clean(head.label), "sublabel": clean(head.sublabel), "kind": clean(head.kind),
            "group": clean(head.group), "tooltip": clean_lines(head.tooltip), "findings": badges_form(head.badges),
            "silo": head.wall or None,
        }
    )  # fmt: skip


def _entry(row: str, column: str, entry: Entry) -> Json:
    return filled(
        {
            "row": clean(row), "column": clean(column), "text": clean(entry.text), "sublabel": clean(entry.sublabel),
            "state": entry.state, "kind": clean(entry.kind), "heat": None if entry.heat is None else round(entry.heat, 4),
            "tooltip": clean_lines(entry.tooltip), "about": [clean(one) for one in entry.about],
            "findings": badges_form(entry.badges),
        }
    )  # fmt: skip


def _cell(cell: Cell) -> Json:
    return filled(
        {
            "role": cell.role, "box": box_form(cell.box), "lines": [label.text for label in cell.labels],
            "state": "" if cell.state == "plain" else cell.state, "about": [clean(one) for one in cell.about],
        }
    )  # fmt: skip


def _stroke(stroke: Stroke) -> Json:
    return filled(
        {
            "style": stroke.style, "label": stroke.label.text if stroke.label is not None else "",
            "tooltip": clean_lines(stroke.tooltip), "path": [[short(value) for value in part] for part in stroke.path],
        }
    )  # fmt: skip
