"""``cxmap paths``."""

from __future__ import annotations

from typing import Annotated

import typer

from cx_map.cli.options import Color, Output, Paths, choice


def run(
    source: Annotated[
        str, typer.Argument(metavar="A", help="Where the ways begin: an entity's id.", show_default=False)
    ],
    target: Annotated[str, typer.Argument(metavar="B", help="Where they end.", show_default=False)],
    paths: Paths,
    format_: Annotated[str, typer.Option("--format", metavar="text|json", help="How the ways are written.")] = "text",
    most: Annotated[int, typer.Option("--most", min=1, help="Most ways that are looked for.")] = 1000,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every way found.")] = False,
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Show all simple ways from one thing to another, with latency and what they carry."""
    choice(format_, ("text", "json"), "--format")
    choice(color, ("auto", "always", "never"), "--color")
    from cx_map.analyses.paths import paths as compute
    from cx_map.cli.output import emit, print_lines
    from cx_map.graph.ecosystem import Ecosystem
    from cx_map.report.paths_form import paths_json, paths_lines
    from cx_map.states.open import open_state

    inventory = open_state(*paths)
    ways = compute(Ecosystem(inventory), source, target, most)
    if format_ == "json":
        from cx_map.report.json_form import dumps

        emit(dumps(paths_json(inventory, ways)), output)
        return
    lines = paths_lines(inventory, ways, None if verbose else 10)
    if output is None:
        print_lines(lines, color)
    else:
        from cx_map.report.lines import plain

        emit(plain(lines), output)
