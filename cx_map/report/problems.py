"""The errors of an invalid inventory as a report, so that every format can show them."""

from __future__ import annotations

from cx_map.audit.findings import Finding, Report, Suppressed, fingerprint
from cx_map.audit.own_codes import OWN_CODES
from cx_map.errors import Problem
from cx_map.rulekit import Fix


def report_of(problems: tuple[Problem, ...], paths: tuple[str, ...]) -> Report:
    """A report whose findings are the problems, in the order of their places."""
    return Report(
        state="current", as_of=None, paths=paths, counts={}, size=0, title="", findings=tuple(_finding(one) for one in problems),
        not_assessed=(), clean=(), suppressed=Suppressed(),
    )  # fmt: skip


def _finding(problem: Problem) -> Finding:
    own = OWN_CODES[problem.code]
    return Finding(
        code=problem.code, name=own.name, severity=own.severity, confidence="high", message=problem.message,
        subject=problem.location.path, kind="files", related=tuple(place.path for place in problem.related), owner=None,
        location=problem.location, fingerprint=fingerprint(problem.code, (problem.location.path, problem.message), ()),
        fix=Fix(problem.hint) if problem.hint else None,
    )  # fmt: skip
