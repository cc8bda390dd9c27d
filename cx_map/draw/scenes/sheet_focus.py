"""A part of a sheet: the rows that tell of what a selection keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from cx_map.draw.scenes.connections import edges_of
from cx_map.draw.sheet import Sheet, Table
from cx_map.draw.words import words_in
from cx_map.errors import UsageError
from cx_map.graph.selectors import properties_of, select, selectable
from cx_map.model.inventory import Inventory


def focus_sheet(
    sheet: Sheet,
    inventory: Inventory,
    wanted: Sequence[str],
    excluded: Sequence[str] = (),
    severities: Mapping[str, Collection[str]] | None = None,
) -> Sheet:
    """The sheet with only the rows whose head or entries are about something the selectors choose.

    Selectors are those of the maps, over everything in the inventory; ``+`` follows the flows and uses that the maps draw.
    Columns stay: they are what the rows are compared by. Raises UsageError where a selector is wrong, and where no row
    is left. O(selectors * (entities + edges) + entries).
    """
    found = severities or {}
    properties = {
        name: properties_of(entity) | {"severity": tuple(sorted(found.get(name, ())))}
        for name, entity in inventory.entities.items()
    }
    properties |= {name: properties_of(entity) for name, entity in inventory.attributes.items()}
    edges = edges_of(inventory, frozenset(inventory.entities))
    kept = select(wanted, selectable(properties, [(edge.source, edge.target) for edge in edges]), excluded)
    tables = [_focused(table, kept) for table in sheet.tables]
    before = sum(len(table.rows) for table in sheet.tables)
    after = sum(len(table.rows) for table in tables)
    if not after:
        raise UsageError(
            "the selection is empty: no row of the sheet tells of it",
            hint="widen --focus, or leave something out of --exclude",
        )
    words = words_in(sheet.language)
    note = words(
        "chosen: {selectors}; {n} of {m} rows tell of it",
        selectors=" ".join((*wanted, *(f"−({one})" for one in excluded))),
        n=words.number(after),
        m=words.number(before),
    )
    return replace(sheet, tables=tuple(table for table in tables if table.rows), notes=(note, *sheet.notes))


def _focused(table: Table, kept: Collection[str]) -> Table:
    chosen = {row.id for row in table.rows if row.id in kept}
    chosen |= {row for (row, _), entry in table.entries.items() if any(one in kept for one in entry.about)}
    return replace(
        table,
        rows=tuple(row for row in table.rows if row.id in chosen),
        entries={place: entry for place, entry in table.entries.items() if place[0] in chosen},
        links=tuple(link for link in table.links if link.source[0] in chosen and link.target[0] in chosen),
    )
