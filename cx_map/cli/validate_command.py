"""``cxmap validate``."""

from __future__ import annotations

from typing import Annotated

import typer

from cx_map.cli.options import Color, Output, Paths, choice

_FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "html", "csv")


def run(
    paths: Paths,
    format_: Annotated[
        str, typer.Option("--format", metavar="|".join(_FORMATS), help="How errors are written.")
    ] = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Load, resolve and check an inventory and its roadmap; every error in one run. Exit 0 valid, 2 not."""
    from cx_map.errors import InventoryError
    from cx_map.states.open import open_state

    choice(format_, _FORMATS, "--format")
    choice(color, ("auto", "always", "never"), "--color")
    error = None
    inventory = None
    try:
        inventory = open_state(*paths)
    except InventoryError as found:
        error = found
    _print(error, inventory, paths, format_, output, color)
    raise typer.Exit(2 if error is not None else 0)


def _print(error: object, inventory: object, paths: list[str], format_: str, output: str | None, color: str) -> None:
    from cx_map.cli.output import emit, print_lines
    from cx_map.errors import InventoryError
    from cx_map.model.inventory import Inventory

    if format_ == "text":
        from cx_map.report.lines import line, plain
        from cx_map.report.safe import plural

        if isinstance(error, InventoryError):
            from cx_map.cli.invalid import problem_lines

            lines = problem_lines(error)
        else:
            assert isinstance(inventory, Inventory)
            files = plural(len(inventory.files), "file")
            flows = plural(len(inventory.flows), "flow")
            lines = [line(f"valid: {plural(inventory.size, 'entity', 'entities')} and {flows} in {files}")]
        if output is None:
            print_lines(lines, color)
        else:
            emit(plain(lines), output)
        return
    from cx_map.report.formats import FORMATS
    from cx_map.report.problems import report_of

    problems = error.problems if isinstance(error, InventoryError) else ()
    shown = tuple(file.path for file in inventory.files) if isinstance(inventory, Inventory) else tuple(paths)
    emit(FORMATS[format_](report_of(problems, shown)), output)
