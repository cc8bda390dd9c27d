"""``cxmap diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cx_map.cli.options import AsOf, Color, Config, Output, choice, today

if TYPE_CHECKING:
    from cx_map.compare.states import Comparison


def run(
    before: Annotated[
        str,
        typer.Argument(
            metavar="A", help="The earlier state: DIR, DIR@phase, REVISION:DIR or REVISION:.", show_default=False
        ),
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="The later state.", show_default=False)],
    format_: Annotated[
        str, typer.Option("--format", metavar="text|json", help="How the differences are written.")
    ] = "text",
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 if the states differ.")] = False,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", metavar="introduced|worse", help="Exit 1 if findings are introduced (or get worse)."),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every field and finding.")] = False,
    as_of: AsOf = None,
    config: Config = None,
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Compare two states: entities, flows, what customers gain and lose, findings solved and introduced."""
    choice(format_, ("text", "json"), "--format")
    choice(color, ("auto", "always", "never"), "--color")
    if fail_on is not None:
        choice(fail_on, ("introduced", "worse"), "--fail-on")
    from cx_map.cli.output import emit, print_lines
    from cx_map.compare.states import compare_states
    from cx_map.config.settings_file import configure
    from cx_map.graph.ecosystem import Ecosystem
    from cx_map.model.inventory import newest_date
    from cx_map.report.diff_form import diff_json, diff_lines
    from cx_map.states.open import open_pair

    day = today(as_of)
    first, second = open_pair(before, after)
    if day is None:  # one today for both, so that only what was changed differs
        day = max((date for date in (newest_date(first), newest_date(second)) if date is not None), default=None)
    settings = configure((before, after), config).settings
    comparison = compare_states(Ecosystem(first, day), Ecosystem(second, day), settings)
    if format_ == "json":
        from cx_map.report.json_form import dumps

        emit(dumps(diff_json(comparison, (before,), (after,))), output)
    elif output is None:
        print_lines(diff_lines(comparison, verbose=verbose), color)
    else:
        from cx_map.report.lines import plain

        emit(plain(diff_lines(comparison, verbose=verbose)), output)
    raise typer.Exit(1 if _fails(comparison, fail_on, exit_code=exit_code) else 0)


def _fails(comparison: Comparison, fail_on: str | None, *, exit_code: bool) -> bool:
    if exit_code and not comparison.empty:
        return True
    if fail_on is None:
        return False
    from cx_map.audit.narrowing import is_hypothesis

    worse = [pair.after for pair in comparison.findings.worse] if fail_on == "worse" else []
    return not all(map(is_hypothesis, (*comparison.findings.introduced, *worse)))
