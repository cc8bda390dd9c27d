"""``cxmap inventory``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cx_map.cli.options import AsOf, Color, Config, Paths, choice, today

if TYPE_CHECKING:
    from cx_map.report.tables import Table


def run(
    paths: Paths,
    format_: Annotated[str, typer.Option("--format", metavar="text|json", help="How the tables are written.")] = "text",
    csv: Annotated[
        str | None, typer.Option("--csv", metavar="DIR", help="Write every table as CSV into this folder.")
    ] = None,
    xlsx: Annotated[
        str | None, typer.Option("--xlsx", metavar="DIR", help="Write every table into one workbook in this folder.")
    ] = None,
    centrality: Annotated[
        bool, typer.Option("--centrality", help="Also show betweenness and degree of the whole web; never findings.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every row.")] = False,
    as_of: AsOf = None,
    config: Config = None,
    color: Color = "auto",
) -> None:
    """Show the tables: counts, coverage by line, purpose and channel, completeness, and what one field would unlock."""
    choice(format_, ("text", "json"), "--format")
    choice(color, ("auto", "always", "never"), "--color")
    from cx_map.audit.kept import audit
    from cx_map.config.settings_file import configure
    from cx_map.graph.ecosystem import Ecosystem
    from cx_map.model.inventory import newest_date
    from cx_map.report import tables
    from cx_map.states.open import open_state

    inventory = open_state(*paths)
    day = today(as_of)
    eco = Ecosystem(inventory, day if day is not None else newest_date(inventory))
    report = audit(inventory, configure(tuple(paths), config).settings, as_of=day, eco=eco)
    overview = tables.overview(eco, report)
    if centrality:
        overview.append(_centrality(inventory))
    whole = [*overview, *tables.details(inventory, report)]
    if csv is not None:
        _write_csv(whole, csv)
    if xlsx is not None:
        _write_xlsx(whole, xlsx)
    if csv is None and xlsx is None:
        _print(overview, format_, color, verbose=verbose)


def _centrality(inventory: object) -> Table:
    from cx_map.analyses.centrality import centrality
    from cx_map.model.inventory import Inventory
    from cx_map.report.tables import Table

    assert isinstance(inventory, Inventory)
    rows = tuple((one.id, one.kind, one.degree, round(one.betweenness, 6)) for one in centrality(inventory))
    return Table(
        "centrality",
        "Centrality of the whole web (a description, never a finding)",
        ("id", "kind", "degree", "betweenness"),
        rows,
    )


def _print(tables: list[Table], format_: str, color: str, *, verbose: bool) -> None:
    from cx_map.cli.output import print_lines, print_text
    from cx_map.report.tables import table_lines

    if format_ == "json":
        from cx_map.report.json_form import dumps

        print_text(
            dumps({table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in tables})
        )
        return
    lines = [one for table in tables for one in table_lines(table, None if verbose else 25)]
    print_lines(lines, color)


def _write_csv(tables: list[Table], folder: str) -> None:
    from pathlib import Path

    from cx_map.cli.output import print_text, write_file
    from cx_map.report.workbook import csv_of

    for table in tables:
        target = Path(folder) / f"{table.name}.csv"
        write_file(target, csv_of(table))
        print_text(f"wrote {target.as_posix()}\n")


def _write_xlsx(tables: list[Table], folder: str) -> None:
    from pathlib import Path

    from cx_map.cli.output import print_text, write_file
    from cx_map.report.workbook import workbook_of

    target = Path(folder) / "inventory.xlsx"
    write_file(target, workbook_of(tables))
    print_text(f"wrote {target.as_posix()}\n")
