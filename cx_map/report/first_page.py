"""The first page of an audit: the changes that resolve several findings at once."""

from __future__ import annotations

from collections import Counter

from cx_map.audit.findings import Report, RootCause, RootCauses
from cx_map.report.lines import Line, Span, line
from cx_map.report.safe import plural, visible
from cx_map.rulekit import Range

SHOWN = 5


def first_lines(report: Report) -> list[Line]:
    """The section that comes before the findings; empty where no change resolves several."""
    causes = report.root_causes
    if causes is None or not causes.found:
        return []
    lines: list[Line] = [line(Span(headline(report, causes), "bold"))]
    for number, cause in enumerate(causes.found[:SHOWN], start=1):
        lines.append(line(Span(f"  {number}. ", "bold"), visible(cause_text(cause))))
    lines.append(line(Span(f"  {proof_text(causes)}", "dim")))
    return [*lines, []]


def headline(report: Report, causes: RootCauses) -> str:
    """*Start here: 3 changes resolve 12 of 41 findings*."""
    told = causes.found[:SHOWN]
    resolved = len({one for cause in told for one in cause.resolves})
    verb = "resolves" if len(told) == 1 else "resolve"
    return f"Start here: {plural(len(told), 'change')} {verb} {resolved:,} of {plural(len(report.findings), 'finding')}"


def cause_text(cause: RootCause) -> str:
    """One change: *7 findings (PREF101 x6, RED102), at least 41,000 customers a month: connect 'a' to 'b'*."""
    counts = Counter(cause.codes)
    codes = ", ".join(code if counts[code] == 1 else f"{code} x{counts[code]}" for code in sorted(counts))
    border = f"open the border between '{cause.border[0]}' and '{cause.border[1]}': " if cause.border else ""
    size = f", {customers_text(cause.customers)}" if cause.customers is not None and cause.customers.low > 0 else ""
    return f"{plural(len(cause.resolves), 'finding')} ({codes}){size}: {border}{cause.summary}"


def customers_text(customers: Range) -> str:
    """Customers of several findings: never their sum alone, for they may be the same people."""
    if customers.high is not None and round(customers.high) == round(customers.low):
        return f"{customers.low:,.0f} customers a month"
    return f"at least {customers.low:,.0f} customers a month"


def proof_text(causes: RootCauses) -> str:
    """How many candidates were tried, and how."""
    more = "; --root-causes all tries the others" if causes.tried < causes.candidates else ""
    return f"{causes.tried:,} of {plural(causes.candidates, 'candidate change')} tried, each applied alone and audited again{more}"
