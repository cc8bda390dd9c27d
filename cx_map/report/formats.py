"""Every machine-readable format of a report, by name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

from cx_map.audit.findings import Finding, Report
from cx_map.audit.own_codes import OWN_CODES
from cx_map.report.first_page import SHOWN, cause_text, headline, proof_text
from cx_map.report.json_form import dumps, finding_json, report_text
from cx_map.report.safe import plural, visible, xml
from cx_map.report.text import measures_text
from cx_map.rulekit import SEVERITIES
from cx_map.version import __version__

_LEVEL = {"critical": "error", "major": "error", "minor": "warning", "info": "note"}
_GITHUB = {"critical": "error", "major": "error", "minor": "warning", "info": "notice"}
_GITLAB = {"critical": "critical", "major": "major", "minor": "minor", "info": "info"}


def concise(report: Report) -> str:
    """One line a finding: ``path:line:column: severity[CODE] message``."""
    lines = [f"{one.location}: {one.severity}[{one.code}] {one.message}" for one in report.findings]
    return "".join(visible(text) + "\n" for text in lines)


def as_json(report: Report) -> str:
    """``cxmap.report/1``."""
    return report_text(report)


def github(report: Report) -> str:
    """Workflow commands that annotate the lines of a pull request."""

    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def prop(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    lines = []
    for one in report.findings:
        place = one.location
        last = f",endColumn={place.end_column}" if place.end_line == place.line else ""
        fix = f" (fix: {one.fix.summary})" if one.fix else ""
        lines.append(
            f"::{_GITHUB[one.severity]} file={prop(place.path)},line={place.line},endLine={place.end_line},col={place.column}{last},"
            f"title={prop(f'{one.code} {one.name}')}::{data(visible(one.message + fix))}\n"
        )
    return "".join(lines)


def gitlab(report: Report) -> str:
    """GitLab's code-quality report."""
    items = [
        {
            "description": visible(one.message), "check_name": one.code, "fingerprint": one.fingerprint,
            "severity": _GITLAB[one.severity], "location": {"path": one.location.path, "lines": {"begin": one.location.line}},
        }
        for one in report.findings
    ]  # fmt: skip
    return json.dumps(items, indent=2, ensure_ascii=False) + "\n"


def sarif(report: Report) -> str:
    """SARIF 2.1.0 with regions, logical locations and lasting fingerprints."""
    from cx_map.audit.registry import all_rules

    codes = sorted({one.code for one in report.findings})
    rules = {rule.code: rule for rule in all_rules()} if any(code not in OWN_CODES for code in codes) else {}
    descriptors: list[dict[str, Any]] = []
    for code in codes:
        known = rules.get(code) or OWN_CODES[code]
        page = known.page
        descriptors.append(
            {
                "id": code, "name": "".join(part.title() for part in known.name.split("-")),
                "shortDescription": {"text": page.split("\n", 1)[0].strip()}, "fullDescription": {"text": page.split("\n\n", 1)[0]},
                "help": {"text": page, "markdown": page}, "defaultConfiguration": {"level": _LEVEL[known.severity]},
            }
        )  # fmt: skip
    return dumps(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": {"name": "cxmap", "version": __version__, "rules": descriptors}},
                    "columnKind": "unicodeCodePoints",
                    "results": [_sarif_result(one, codes.index(one.code)) for one in report.findings],
                }
            ],
        }
    )


def _sarif_result(one: Finding, index: int) -> dict[str, Any]:
    place = one.location
    data = finding_json(one)
    text = one.message + (f". Fix: {one.fix.summary}" if one.fix else "")
    return {
        "ruleId": one.code,
        "ruleIndex": index,
        "level": _LEVEL[one.severity],
        "message": {"text": visible(text)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(place.path)},
                    "region": {
                        "startLine": place.line, "startColumn": place.column, "endLine": max(place.end_line, place.line),
                        "endColumn": max(place.end_column, 1),
                    },
                },
                "logicalLocations": [{"name": one.subject, "kind": one.kind}],
            }
        ],
        "partialFingerprints": {"cxmap/v1": one.fingerprint},
        "properties": {
            "severity": one.severity, "confidence": one.confidence, "owner": one.owner, "related": list(one.related),
            "measures": data["measures"],
        },
    }  # fmt: skip


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)


def junit(report: Report) -> str:
    """JUnit XML: one test case a rule and subject; rules not assessed are skipped, clean ones pass."""
    by_rule: dict[str, list[Finding]] = {}
    for one in report.findings:
        by_rule.setdefault(one.code, []).append(one)
    skipped = sorted({one.code for one in report.not_assessed} - set(by_rule) - set(report.clean))
    cases: list[str] = []
    for code in sorted({*by_rule, *report.clean, *skipped}):
        for one in by_rule.get(code, []):
            place = f"{one.location}"
            body = f"{one.message}\n{place}" + (f"\nfix: {one.fix.summary}" if one.fix else "")
            cases.append(
                f'    <testcase classname="cxmap.{xml(code)}" name="{xml(visible(one.subject))} {xml(one.fingerprint)}" file="{xml(one.location.path)}" '
                f'line="{one.location.line}">\n      <failure type="{one.severity}" message="{xml(visible(one.message))}">'
                f"{xml(visible(body))}</failure>\n    </testcase>\n"
            )
        if code in report.clean:
            cases.append(f'    <testcase classname="cxmap.{xml(code)}" name="clean"/>\n')
        if code in skipped:
            cases.append(
                f'    <testcase classname="cxmap.{xml(code)}" name="not assessed">\n      <skipped/>\n    </testcase>\n'
            )
    total = len(report.findings) + len(report.clean) + len(skipped)
    head = f'tests="{total}" failures="{len(report.findings)}" errors="0" skipped="{len(skipped)}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites {head}>\n  <testsuite name="cxmap" {head}>\n{"".join(cases)}  </testsuite>\n</testsuites>\n'
    )


def markdown(report: Report) -> str:
    """A summary for a pull request: counts, a table of findings, what was not assessed."""
    counts = (
        ", ".join(f"{report.count(severity)} {severity}" for severity in SEVERITIES if report.count(severity)) or "none"
    )
    title = f" of {md(report.title)}" if report.title else ""
    lines = [f"## cxmap audit{title}", "", f"{plural(len(report.findings), 'finding')}: {counts}. "
             f"{plural(report.size, 'entity', 'entities')}, {plural(len(report.clean), 'rule')} clean.", ""]  # fmt: skip
    if report.root_causes is not None and report.root_causes.found:
        causes = report.root_causes
        lines += [f"### {headline(report, causes)}", ""]
        lines += [f"{number}. {md(cause_text(one))}" for number, one in enumerate(causes.found[:SHOWN], start=1)]
        lines += ["", f"{md(proof_text(causes))}.", ""]
    if report.findings:
        lines += ["| severity | rule | finding | where | owner | impact | fix |", "|---|---|---|---|---|---|---|"]
        for one in report.findings:
            fix = one.fix.summary if one.fix else ""
            cells = (
                one.severity,
                f"{one.code} {one.name}",
                one.message,
                str(one.location),
                one.owner or "",
                measures_text(one.measures),
                fix,
            )
            lines.append("| " + " | ".join(md(cell) for cell in cells) + " |")
        lines.append("")
    if report.not_assessed:
        lines += ["<details><summary>Not assessed (not the same as clean)</summary>", ""]
        lines += [
            f"- {one.code} {one.name}: {md(one.reason)}; unlocked by {md(', '.join(one.unlock))}"
            for one in report.not_assessed
        ]
        lines += ["", "</details>", ""]
    return "\n".join(lines)


def md(text: str) -> str:
    """User text as one line of Markdown that means nothing but itself."""
    clean = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for character in "\\`*_{}[]|#!~@":
        clean = clean.replace(character, f"\\{character}")
    return clean


def as_csv(report: Report) -> str:
    """A table for spreadsheets; cells that could start a formula are quoted with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    header = ["severity", "code", "name", "message", "subject", "kind", "owner", "confidence", "path", "line", "column", "related",
              "impact", "fix", "folded_into", "fingerprint"]  # fmt: skip
    writer.writerow(header)
    for one in report.findings:
        row = [one.severity, one.code, one.name, one.message, one.subject, one.kind, one.owner or "", one.confidence,
               one.location.path, str(one.location.line), str(one.location.column), "; ".join(one.related),
               measures_text(one.measures), one.fix.summary if one.fix else "", one.folded_into or "", one.fingerprint]  # fmt: skip
        writer.writerow([cell(value) for value in row])
    return out.getvalue()


def cell(text: str) -> str:
    """A spreadsheet cell that is never taken for a formula."""
    clean = visible(text)
    return f"'{clean}" if clean[:1] in ("=", "+", "-", "@") else clean


def as_html(report: Report) -> str:
    """One page for people, without scripts, that can be mailed."""
    from cx_map.report.site.single import single_page

    return single_page(report)


FORMATS: dict[str, Callable[[Report], str]] = {
    "concise": concise,
    "json": as_json,
    "sarif": sarif,
    "junit": junit,
    "github": github,
    "gitlab": gitlab,
    "markdown": markdown,
    "html": as_html,
    "csv": as_csv,
}
"""Formats that need nothing but the report; ``text`` also needs sources and options."""
