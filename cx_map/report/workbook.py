"""Tables as CSV text and as a workbook (XLSX); no cell of either can start a formula."""

from __future__ import annotations

from collections.abc import Sequence

from cx_map.report.tables import Table


def csv_of(table: Table) -> str:
    """One table as CSV with a header line."""
    import csv
    import io

    from cx_map.report.formats import cell

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([cell(value) if isinstance(value, str) else value for value in row] for row in table.rows)
    return out.getvalue()


def workbook_of(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table; the same tables give the same bytes."""
    import datetime
    import io

    import pandas

    from cx_map.report.safe import visible

    out = io.BytesIO()
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pandas.ExcelWriter(out, engine="xlsxwriter", engine_kwargs=options) as writer:
        writer.book.set_properties({"created": datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)})
        for table in tables:
            rows = [[visible(value, 32000) if isinstance(value, str) else value for value in row] for row in table.rows]
            pandas.DataFrame(rows, columns=list(table.columns)).to_excel(writer, sheet_name=table.name, index=False)
    return out.getvalue()
