"""``cxmap.report/1``: the report as JSON, the contract of scripts and dashboards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cx_map.audit.findings import Finding, Report, RootCauses
from cx_map.errors import Location
from cx_map.rulekit import Range
from cx_map.rulekit.breach import Measure
from cx_map.version import __version__

SCHEMA = "cxmap.report/1"


def report_json(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return _around(report, [finding_json(finding) for finding in report.findings])


def report_text(report: Report) -> str:
    """The report as JSON text."""
    return "".join(report_chunks(report))


def report_chunks(report: Report) -> Iterator[str]:
    """The report as JSON text, some findings at a time: the whole of a large one takes more memory than the inventory."""
    text = dumps(_around(report, []))
    if not report.findings:
        yield text
        return
    before, _, after = text.partition(_NO_FINDINGS)
    yield f"{before}{_NO_FINDINGS[:-1]}"
    for start in range(0, len(report.findings), _AT_ONCE):
        some = dumps([finding_json(one) for one in report.findings[start : start + _AT_ONCE]])
        yield ("," if start else "") + some.removeprefix("[").removesuffix("\n]\n").replace("\n", "\n  ")
    yield f"\n  ]{after}"


_AT_ONCE = 200
_NO_FINDINGS = '\n  "findings": []'
"""The place of the findings: no text in JSON holds a line break, or a quote that is not escaped."""


def _around(report: Report, findings: list[Any]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "tool": {"name": "cxmap", "version": __version__},
        "as_of": report.as_of,
        "state": report.state,
        "inventory": {"paths": list(report.paths), "counts": dict(report.counts)},
        "root_causes": causes_json(report.root_causes),
        "findings": findings,
        "not_assessed": [
            {
                "code": one.code,
                "name": one.name,
                "reason": one.reason,
                "subjects": list(one.subjects),
                "unlock": list(one.unlock),
            }
            for one in report.not_assessed
        ],
        "clean": list(report.clean),
        "suppressed": {
            "baseline": report.suppressed.baseline,
            "waivers": report.suppressed.waivers,
            "comments": report.suppressed.comments,
        },
        "summary": {
            "critical": report.count("critical"),
            "major": report.count("major"),
            "minor": report.count("minor"),
            "info": report.count("info"),
            "entities": report.size,
        },
    }


def causes_json(causes: RootCauses | None) -> dict[str, Any] | None:
    """The changes to begin with as plain data; None where nobody looked for them."""
    if causes is None:
        return None
    found = [
        {
            "summary": one.summary,
            "changes": [dict(change) for change in one.changes],
            "cost": _number(one.cost),
            "resolves": list(one.resolves),
            "codes": list(one.codes),
            "customers_per_month": None if one.customers is None else measure_json(one.customers),
            "border": None if one.border is None else list(one.border),
        }
        for one in causes.found
    ]
    return {"candidates": causes.candidates, "tried": causes.tried, "found": found}


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding as plain data."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        "subject": finding.subject,
        "kind": finding.kind,
        "related": list(finding.related),
        "owner": finding.owner,
        "location": location_json(finding.location),
        "path": [
            {"from": step.source, "edge": step.edge, "to": step.target, "location": location_json(step.location)}
            for step in finding.path
        ],
        "evidence": [{"label": label, "text": text} for label, text in finding.evidence],
        "measures": {key: measure_json(value) for key, value in sorted(finding.measures.items())},
        "consequences": [
            {"code": one.code, "message": one.message, "fingerprint": one.fingerprint} for one in finding.consequences
        ],
        "folded_into": finding.folded_into,
        "fix": None
        if finding.fix is None
        else {"summary": finding.fix.summary, "changes": [dict(change) for change in finding.fix.changes]},
        "fingerprint": finding.fingerprint,
    }


def location_json(location: Location | None) -> dict[str, Any]:
    """A place as plain data; empty where there is none."""
    if location is None:
        return {}
    return {
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
    }


def measure_json(value: Measure) -> Any:
    """A measure as plain data; whole numbers without a decimal point."""
    if isinstance(value, Range):
        return {
            "low": _number(value.low),
            "high": None if value.high is None else _number(value.high),
            "basis": value.basis,
        }
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> float | int:
    rounded = round(value, 6)
    return int(rounded) if float(rounded).is_integer() else rounded


def dumps(data: Mapping[str, Any] | list[Any]) -> str:
    """JSON text with stable bytes: two spaces, keys as given, ends in a newline.

    Lone surrogates, which UTF-8 cannot hold, are written as escapes.
    """
    try:
        return _indented(msgspec.json.encode(data))
    except UnicodeEncodeError:
        import json

        return json.dumps(data, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace").decode() + "\n"


def _indented(encoded: bytes) -> str:
    return (
        msgspec.json.format(encoded, indent=2) + b"\n"
    ).decode()  # a text takes up to four times the bytes: one only
