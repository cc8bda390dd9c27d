"""``cxmap audit``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cx_map.cli.options import AsOf, Color, Config, Output, Paths, choice, today

if TYPE_CHECKING:
    from cx_map.audit.findings import Report
    from cx_map.audit.settings import Settings
    from cx_map.cli.case import Case
    from cx_map.errors import InventoryError
    from cx_map.report.sources import Sources
    from cx_map.report.text import TextOptions

_FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "html", "csv")
_SEVERITIES = ("critical", "major", "minor", "info", "none")
_CONFIDENCES = ("high", "medium", "low")
_ROOT_CAUSES = ("auto", "all", "none")


def run(
    paths: Paths,
    format_: Annotated[
        str, typer.Option("--format", metavar="|".join(_FORMATS), help="How findings are written.")
    ] = "text",
    report: Annotated[
        list[str], typer.Option("--report", metavar="FORMAT=FILE", help="Also write this; may be repeated.")
    ] = [],  # noqa: B006 - typer's way to say a repeated option
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on", metavar="|".join(_SEVERITIES), help="Exit 1 from this severity on.  [default: major]"
        ),
    ] = None,
    min_confidence: Annotated[
        str | None,
        typer.Option(
            "--min-confidence",
            metavar="|".join(_CONFIDENCES),
            help="Show and judge by findings at least this sure; those of low confidence never fail.  [default: medium]",
        ),
    ] = None,
    select: Annotated[
        list[str], typer.Option("--select", metavar="CODE", help="Only these rules: codes, their beginnings, or names.")
    ] = [],  # noqa: B006 - as above
    ignore: Annotated[list[str], typer.Option("--ignore", metavar="CODE", help="Not these rules.")] = [],  # noqa: B006 - as above
    by: Annotated[
        str | None, typer.Option("--by", metavar="owner|line_of_business|journey|rule", help="Group the text by this.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="REVISION", help="Only findings that this git revision did not have."),
    ] = None,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="FINGERPRINT", help="Only this finding, with its rule's page.")
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Print the computed fixes as a phase ready to paste into the roadmap.")
    ] = False,
    root_causes: Annotated[
        str,
        typer.Option(
            "--root-causes",
            metavar="|".join(_ROOT_CAUSES),
            help="How many changes that may resolve several findings are tried.",
        ),
    ] = "auto",
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show folded findings, and what would unlock rules.")
    ] = False,
    as_of: AsOf = None,
    config: Config = None,
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Find what is wrong, with proof, size, owner and fix.

    Exit 0 nothing at or above --fail-on, 1 findings, 2 no trustworthy answer.
    """
    from cx_map.cli.output import emit
    from cx_map.errors import UsageError

    for value, allowed, option in (
        (format_, _FORMATS, "--format"),
        (root_causes, _ROOT_CAUSES, "--root-causes"),
        (color, ("auto", "always", "never"), "--color"),
        (by, ("owner", "line_of_business", "journey", "rule"), "--by"),
        (fail_on, _SEVERITIES, "--fail-on"),
        (min_confidence, _CONFIDENCES, "--min-confidence"),
    ):
        if value is not None:
            choice(value, allowed, option)
    extra = [_report_target(one) for one in report]
    taken = _standard_output_taken(extra, alone=fix or format_ != "text", output=output)
    if fix and format_ != "text":
        raise UsageError(
            "--fix prints a phase in YAML, which has no other format", hint="leave --format out, or use --report"
        )
    from cx_map.audit.narrowing import fails, only, without
    from cx_map.cli.case import Case
    from cx_map.config.place import settings_file
    from cx_map.errors import InventoryError
    from cx_map.load.targets import read
    from cx_map.report.sources import Sources

    day = today(as_of)
    case = Case(read(*paths), settings_file(tuple(paths), config), _split(select), _split(ignore), day)
    try:
        result = case.report
    except InventoryError as error:
        _invalid(error, tuple(paths), [*extra, *([] if taken and output is None else [(format_, output)])])
        raise typer.Exit(2) from None
    settings = case.judged_by(fail_on, min_confidence)
    if since is not None:
        before = replace(case, read=read(*(f"{since}:{path}" for path in paths)), as_of=result.as_of)
        result = without(result, before.report)
    if explain is not None:
        result = only(result, explain)
        verbose = True
    elif not fix or extra:
        formats = {kind for kind, _ in extra} | ({format_} if not fix else set())
        result = _with_root_causes(result, case, settings, root_causes, formats)
    sources = Sources((*case.read.found.files, *([case.file] if case.file is not None else ())))
    for kind, target in extra:
        _write(result, sources, kind, target, settings, verbose=verbose)
    if fix:
        from cx_map.report.phase_form import phase_text

        emit(phase_text(result, settings), output)
    elif format_ != "text":
        _write(result, sources, format_, output, settings, verbose=verbose)
    elif output is not None or not taken:
        from cx_map.report.text import TextOptions

        options = TextOptions(verbose, settings.min_confidence, groups=_groups(result, case, by))
        _write_text(result, sources, options, "\n" + _page(result) if explain is not None else "", output, color)
    raise typer.Exit(1 if fails(result, settings) else 0)


def _groups(result: Report, case: Case, by: str | None) -> dict[str, str] | None:
    if by is None:
        return None
    from cx_map.audit.grouping import group

    return group(result, case.inventory, by)  # type: ignore[arg-type]  # a choice


def _with_root_causes(result: Report, case: Case, settings: Settings, asked: str, formats: set[str]) -> Report:
    """The report with the changes to begin with: by themselves for people, for JSON alone only in small inventories."""
    people = bool(formats & {"text", "markdown", "html"}) or ("json" in formats and result.size <= _SMALL)
    if asked == "none" or (asked == "auto" and not people):
        return result
    tries = None
    if asked == "all":
        from cx_map.audit.root_causes import MOST_WHEN_ASKED

        tries = MOST_WHEN_ASKED
    return replace(result, root_causes=case.root_causes(result, settings, tries))


_SMALL = 500
"""Entities up to which JSON alone tells of root causes by itself: scripts rather wait for less."""


def _standard_output_taken(extra: list[tuple[str, str]], *, alone: bool, output: str | None) -> bool:
    """Whether a ``--report FORMAT=-`` takes the place of the text on standard output, where only one result can stand.

    ``alone``: what the command writes by itself was asked for by name, so it does not give way.
    """
    from cx_map.errors import UsageError

    wanting = sum(target == "-" for _, target in extra)
    if wanting + (alone and output in (None, "-")) > 1:
        raise UsageError(
            "only one result can go to standard output", hint="give the others a file: --report sarif=findings.sarif"
        )
    return wanting > 0


def _write_text(
    report: Report, sources: Sources, options: TextOptions, page: str, output: str | None, color: str
) -> None:
    from cx_map.cli.output import emit, print_lines
    from cx_map.report.lines import plain
    from cx_map.report.text import report_lines

    lines = report_lines(report, sources, options)
    if output is None:
        print_lines(lines, color)
        emit(page, None)
    else:
        emit(plain(lines) + page, output)


def _page(report: Report) -> str:
    """The page of the rule that the report's one finding comes from."""
    from cx_map.audit.own_codes import OWN_CODES
    from cx_map.audit.registry import find_rule
    from cx_map.report.pages import own_page, page_markdown

    code = report.findings[0].code
    rule = find_rule(code)
    return page_markdown(rule) if rule is not None else own_page(OWN_CODES[code])


def _split(patterns: list[str]) -> tuple[str, ...]:
    """``--select LOOP,GOV101`` means the same as ``--select LOOP --select GOV101``."""
    return tuple(one.strip() for pattern in patterns for one in pattern.split(",") if one.strip())


def _report_target(written: str) -> tuple[str, str]:
    from cx_map.errors import UsageError

    kind, equals, target = written.partition("=")
    if not equals or not target:
        raise UsageError(f"--report {written!r} is not FORMAT=FILE", hint="for example --report sarif=findings.sarif")
    return choice(kind, _FORMATS, "--report"), target


def _write(
    report: Report, sources: Sources, kind: str, target: str | None, settings: Settings, *, verbose: bool
) -> None:
    from cx_map.cli.output import emit

    if kind == "text":
        from cx_map.report.lines import plain
        from cx_map.report.text import TextOptions, report_lines

        emit(plain(report_lines(report, sources, TextOptions(verbose, settings.min_confidence))), target)
    elif kind == "json":
        from cx_map.report.json_form import report_chunks

        emit(report_chunks(report), target)
    else:
        from cx_map.report.formats import FORMATS

        emit(FORMATS[kind](report), target)


def _invalid(error: InventoryError, paths: tuple[str, ...], targets: list[tuple[str, str | None]]) -> None:
    """The errors in the format asked for, so that CI shows them like findings."""
    from cx_map.cli.invalid import problem_lines
    from cx_map.cli.output import emit
    from cx_map.report.formats import FORMATS
    from cx_map.report.lines import plain
    from cx_map.report.problems import report_of

    for kind, target in targets:
        if kind == "text":
            emit(plain(problem_lines(error)), target)
        else:
            emit(FORMATS[kind](report_of(error.problems, paths)), target)
