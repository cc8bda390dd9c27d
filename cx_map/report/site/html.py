"""How templates become pages: escaping always on, the filters they use, and a policy that lets nothing else run.

A page needs no script and loads nothing: its content security policy forbids both, and allows only the style
sheets that stand in it, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from cx_map.audit.findings import Finding, Report
from cx_map.report.safe import visible
from cx_map.report.text import measures_text, path_text
from cx_map.rulekit import Fix
from cx_map.rulekit.severity import SEVERITIES

if TYPE_CHECKING:
    import jinja2

SIGNS = {"critical": "!!", "major": "!", "minor": "~", "info": "i"}
MOST = 200
"""Findings or rows of one section of a page; the others are counted, and all are in the tables."""
_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The templates of this room; what is missing in one is an error, never an empty text."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("cx_map.report.site"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "visible": lambda value: visible(str(value)),
        "number": lambda value: f"{value:,}",
        "percent": percent,
        "cell": _cell,
        "measures": measures_text,
        "proof": _proof,
        "changes": _changes,
        "named": _named,
        "open_rules": _open_rules,
    }
    made.globals |= {"signs": SIGNS, "severities": SEVERITIES, "most": MOST}
    return made


def page(template: str, values: Mapping[str, object]) -> str:
    """One page from its template, with its policy. Raises jinja2.TemplateError only where a template is wrong."""
    from markupsafe import Markup

    style = Markup(_style_sheet())
    text = environment().get_template(template).render(style=style, **values)
    hashes = sorted({_hash(found) for found in _STYLE.findall(text)})
    policy = f"default-src 'none'; style-src {' '.join(hashes)}; base-uri 'none'; form-action 'none'"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return text.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{meta}', 1)


def most() -> int:
    """How many findings a section shows."""
    shown = environment().globals["most"]
    return shown if isinstance(shown, int) else MOST


def markdown_to_html(text: str) -> str:
    """A rule's page as HTML; raw HTML in it stays text."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def percent(share: float | None) -> str:
    """A share in whole percent; never rounded to 0 or 100 where it is not."""
    if share is None:
        return "not known"
    shown = round(100 * share)
    if shown == 100 and share < 1:
        return "over 99 %"
    return "under 1 %" if shown == 0 and share > 0 else f"{shown} %"


@lru_cache(maxsize=1)
def _style_sheet() -> str:
    from importlib.resources import files

    return (files("cx_map.report.site") / "templates" / "style.css").read_text("utf-8")


def _hash(style: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def _cell(value: object) -> str:
    return visible(value) if isinstance(value, str) else f"{value:,}" if isinstance(value, int) else f"{value:,g}"


def _proof(finding: Finding) -> list[tuple[str, str]]:
    """The labelled lines of evidence, and the path that proves it."""
    return [*finding.evidence, *([("proof", path_text(finding.path))] if finding.path else [])]


def _changes(fix: Fix) -> str:
    from cx_map.load.emit import to_yaml

    return str(to_yaml({"changes": [dict(change) for change in fix.changes]}))


def _named(names: Iterable[str]) -> str:
    some = list(names)
    more = f" and {len(some) - 5:,} more" if len(some) > 5 else ""
    return ", ".join(some[:5]) + more


def _open_rules(report: Report) -> int:
    """Rules that could judge nothing at all."""
    return len({one.code for one in report.not_assessed} - {one.code for one in report.findings} - set(report.clean))
