"""``cxmap render`` for the views that are sheets: what may be asked of them, and the formats that can hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cx_map.audit.findings import Report
    from cx_map.draw.sheet import Sheet

MAPS_ONLY = (".dot", ".mmd", ".graphml")
"""Formats of nodes and edges: a table has none."""


def refuse(view: str, suffix: str, given: dict[str, bool]) -> None:
    """Raise UsageError for a format or an option (given or not) that makes no sense for a sheet."""
    from cx_map.draw.views import VIEWS
    from cx_map.errors import UsageError

    maps = ", ".join(name for name, one in VIEWS.items() if one.is_map)
    if suffix in MAPS_ONLY:
        raise UsageError(
            f"{suffix} holds nodes and edges, and the view {view} is a table",
            hint=f"write .svg, .png, .pdf, .pptx, .drawio or .json, or choose one of the views {maps}",
        )
    for option, used in given.items():
        if used:
            raise UsageError(
                f"{option} is for maps, and the view {view} is a table", hint=f"leave it away, or choose {maps}"
            )


def sheet(
    view: str,
    paths: list[str],
    focus: list[str],
    exclude: list[str],
    lang: str,
    as_of: str | None,
    config: str | None,
    *,
    findings: bool,
) -> Sheet:
    """The sheet of a state, and of it the rows that were asked for."""
    from cx_map.cli.audited import audited, severities_of
    from cx_map.draw.scenes.sheet_focus import focus_sheet
    from cx_map.draw.views import sheet_of
    from cx_map.states.open import open_state

    inventory = open_state(*paths)
    judged = any("severity:" in one for one in (*focus, *exclude))
    report: Report | None = audited(inventory, paths, config, as_of) if findings or judged else None
    filled = sheet_of(view, inventory, report if findings else None, as_of=as_of, language=lang)
    if not focus and not exclude:
        return filled
    return focus_sheet(filled, inventory, focus, exclude, severities_of(report))
