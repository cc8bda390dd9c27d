"""``cxmap schema``."""

from __future__ import annotations

from typing import Annotated

import typer

from cx_map.cli.options import Output, choice


def run(
    what: Annotated[str, typer.Argument(metavar="inventory|report|diff|impact", help="Which schema.")] = "inventory",
    output: Output = None,
) -> None:
    """Print a JSON Schema: of the inventory language (for editors) or of a JSON output."""
    from cx_map.cli.output import emit
    from cx_map.report.json_form import dumps
    from cx_map.schema import SCHEMAS

    choice(what, tuple(SCHEMAS), "schema")
    emit(dumps(SCHEMAS[what]()), output)
