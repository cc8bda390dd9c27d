"""An audit alone, as one page."""

from __future__ import annotations

from cx_map.audit.findings import Report
from cx_map.report.first_page import SHOWN, cause_text, headline, proof_text
from cx_map.report.site.html import page
from cx_map.version import __version__


def single_page(report: Report) -> str:
    """An audit alone as one page that leads nowhere else: ``cxmap audit --format html``."""
    invalid = any(one.code < "CX010" for one in report.findings if one.code.startswith("CX"))
    heading = "What is wrong with the files" if invalid else "What the audit found"
    told = {"heading": heading, "invalid": invalid, "pages": (), "here": "", "links": False, "root": ""}
    return page("single.html", {**about(report), **told, **_begin(report)})


def _begin(report: Report) -> dict[str, object]:
    """The changes to begin with, in words; nothing where none was looked for or found."""
    causes = report.root_causes
    if causes is None or not causes.found:
        return {"first": ()}
    first = [cause_text(one) for one in causes.found[:SHOWN]]
    return {"first": first, "headline": headline(report, causes), "proof": proof_text(causes)}


def about(report: Report) -> dict[str, object]:
    """What every page says of the audit that it tells of."""
    return {
        "firm": report.title or "Customer communications",
        "state": "current state" if report.state == "current" else f"state after {report.state}",
        "as_of": report.as_of,
        "size": report.size,
        "version": __version__,
        "sources": report.paths,
        "report": report,
    }
