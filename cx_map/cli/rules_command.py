"""``cxmap rules``."""

from __future__ import annotations

from typing import Annotated

import typer

from cx_map.cli.options import choice


def run(
    prefix: Annotated[str, typer.Argument(metavar="[PREFIX]", help="Only codes that begin so, for example LOOP.")] = "",
    format_: Annotated[
        str, typer.Option("--format", metavar="text|json|markdown", help="How the list is written.")
    ] = "text",
) -> None:
    """List all rules: code, name, severity and what each finds."""
    from cx_map.audit.own_codes import OWN_CODES
    from cx_map.audit.registry import all_rules
    from cx_map.cli.output import print_text
    from cx_map.errors import UsageError
    from cx_map.report.json_form import dumps
    from cx_map.report.pages import page_json

    choice(format_, ("text", "json", "markdown"), "--format")
    rules = [rule for rule in all_rules() if rule.code.startswith(prefix.upper())]
    own = [one for one in OWN_CODES.values() if one.code.startswith(prefix.upper())]
    if not rules and not own:
        raise UsageError(f"no rule's code begins with {prefix!r}")
    if format_ == "json":
        listed: list[dict[str, object]] = [page_json(rule) for rule in rules]
        listed += [
            {"code": one.code, "name": one.name, "family": "tool", "severity": one.severity, "page": one.page}
            for one in own
        ]
        print_text(dumps({"rules": listed}))
        return
    rows = [(one.code, one.name, one.severity, one.summary) for one in rules]
    rows += [(one.code, one.name, one.severity, one.page.split("\n", 1)[0]) for one in own]
    if format_ == "markdown":
        lines = ["| code | name | severity | finds |", "|---|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    else:
        name = max(len(row[1]) for row in rows)
        lines = [f"{code}  {title:<{name}}  {severity:<8}  {summary}" for code, title, severity, summary in rows]
    print_text("\n".join(lines) + "\n")
