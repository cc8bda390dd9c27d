"""``cxmap impact``."""

from __future__ import annotations

from typing import Annotated

import typer

from cx_map.cli.options import AsOf, Color, Output, Paths, choice, today


def run(
    identifier: Annotated[
        str,
        typer.Argument(metavar="ID", help="An entity's id, or a failure domain such as site:dc-1.", show_default=False),
    ],
    paths: Paths,
    format_: Annotated[str, typer.Option("--format", metavar="text|json", help="How the result is written.")] = "text",
    as_of: AsOf = None,
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Show what losing an entity would stop: communications, customers a month, loops, preferences, owners."""
    choice(format_, ("text", "json"), "--format")
    choice(color, ("auto", "always", "never"), "--color")
    from cx_map.analyses.loss import loss
    from cx_map.cli.output import emit, print_lines
    from cx_map.graph.ecosystem import Ecosystem
    from cx_map.model.inventory import newest_date
    from cx_map.report.impact_form import impact_json, impact_lines
    from cx_map.states.open import open_state

    inventory = open_state(*paths)
    day = today(as_of)
    result = loss(Ecosystem(inventory, day if day is not None else newest_date(inventory)), identifier)
    if format_ == "json":
        from cx_map.report.json_form import dumps

        emit(dumps(impact_json(inventory, result)), output)
    elif output is None:
        print_lines(impact_lines(inventory, result), color)
    else:
        from cx_map.report.lines import plain

        emit(plain(impact_lines(inventory, result)), output)
