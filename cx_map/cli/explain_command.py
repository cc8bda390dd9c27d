"""``cxmap explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from cx_map.cli.options import Color, choice


def run(
    rule: Annotated[str, typer.Argument(metavar="CODE|NAME", help="A rule's code or name.", show_default=False)],
    format_: Annotated[
        str, typer.Option("--format", metavar="text|json|markdown", help="How the page is written.")
    ] = "text",
    color: Color = "auto",
) -> None:
    """Show a rule's page: what it finds, why it matters, how it decides, an example and its mending."""
    from cx_map.audit.own_codes import OWN_CODES
    from cx_map.audit.registry import find_rule
    from cx_map.cli.output import print_text
    from cx_map.report.pages import own_page, page_json, page_markdown

    choice(format_, ("text", "json", "markdown"), "--format")
    choice(color, ("auto", "always", "never"), "--color")
    found = find_rule(rule)
    if found is None:
        own = next(one for one in OWN_CODES.values() if rule.strip().upper() == one.code or rule.strip() == one.name)
        text = own_page(own)
        data: dict[str, object] = {
            "code": own.code,
            "name": own.name,
            "severity": own.severity,
            "page": own.page,
            "parameters": [],
        }
    else:
        text = page_markdown(found)
        data = page_json(found)
    if format_ == "json":
        from cx_map.report.json_form import dumps

        print_text(dumps(data))
    elif format_ == "markdown" or not _coloured(color):
        print_text(text)
    else:
        from rich.console import Console
        from rich.markdown import Markdown

        Console(force_terminal=True).print(Markdown(text))


def _coloured(color: str) -> bool:
    from cx_map.cli.output import wants_colour

    return wants_colour(color)
