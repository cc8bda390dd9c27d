"""The report for people at a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from cx_map.audit.findings import Aggregate, Finding, Report, Step, Unassessed
from cx_map.model.values import Confidence
from cx_map.report.first_page import first_lines
from cx_map.report.lines import Line, Span, line
from cx_map.report.safe import plural, visible
from cx_map.report.sources import Sources
from cx_map.rulekit import CONFIDENCES, SEVERITIES, Range
from cx_map.rulekit.breach import Measure


class TextOptions(Struct, frozen=True):
    """What the text form shows.

    ``verbose`` unfolds everything and lists the fields that unlock rules; ``groups`` gives, by fingerprint, the
    heading under which a finding stands (``--by owner``).
    """

    verbose: bool = False
    min_confidence: Confidence = "medium"
    problems: bool = False
    groups: Mapping[str, str] | None = None


def report_lines(report: Report, sources: Sources, options: TextOptions) -> list[Line]:
    """The whole report as styled lines."""
    if options.problems:
        return _problem_lines(report, sources)
    sure = [one for one in report.findings if _sure(one, options.min_confidence)]
    shown = [one for one in sure if options.verbose or one.folded_into is None]
    aggregates = {one.code: one for one in report.aggregates}
    lines: list[Line] = first_lines(report)
    told: set[str] = set()
    heading = None
    for finding in _grouped(shown, options.groups):
        if options.groups is not None and options.groups[finding.fingerprint] != heading:
            heading = options.groups[finding.fingerprint]
            size = sum(1 for one in sure if options.groups[one.fingerprint] == heading)
            lines += [line(Span(f"== {visible(heading)}", "bold"), f" ({plural(size, 'finding')})"), []]
        aggregate = aggregates.get(finding.code) if not options.verbose and finding.code not in told else None
        told.add(finding.code)
        lines += finding_lines(finding, sources, aggregate, () if options.verbose else _more(finding, sure))
        lines.append([])
    lines += _not_assessed(report.not_assessed, options.verbose)
    lines += summary_lines(report, len(shown), options)
    return lines


def _grouped(findings: Sequence[Finding], groups: Mapping[str, str] | None) -> list[Finding]:
    """The findings group by group, groups by name, each in the order of rank."""
    if groups is None:
        return list(findings)
    return sorted(findings, key=lambda finding: groups[finding.fingerprint])


def _sure(finding: Finding, threshold: Confidence) -> bool:
    return CONFIDENCES.index(finding.confidence) <= CONFIDENCES.index(threshold)


def _more(finding: Finding, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(one for one in findings if one.folded_into == finding.fingerprint)


_TOLD_AS_IMPACT = {"customers_per_month": "customers", "items_per_month": "items a month"}
"""Lines of evidence that the line of impact says again where the number is known."""

NAMED_MORE = 6
"""Subjects of folded findings that are named; the others are counted."""


def finding_lines(
    finding: Finding, sources: Sources, aggregate: Aggregate | None = None, more: tuple[Finding, ...] = ()
) -> list[Line]:
    """One finding: headline, source frame, proof, owner, fix; ``more`` are the findings folded into it."""
    sure = "" if finding.confidence == "high" else f" ({_hypothesis(finding)})"
    lines: list[Line] = [
        line(
            Span(f"{finding.severity}[{finding.code}]", finding.severity),
            " ",
            Span(finding.name, "bold"),
            f": {visible(finding.message)}{sure}",
        )
    ]
    lines += sources.frame(finding.location, finding.label, finding.severity)
    gutter = " " * len(str(finding.location.line))
    measured = {label for key, label in _TOLD_AS_IMPACT.items() if key in finding.measures}
    notes = [(label, text) for label, text in finding.evidence if label not in measured]
    if finding.path:
        notes.append(("path", path_text(finding.path)))
    size = measures_text(finding.measures)
    if size:
        notes.append(("impact", size))
    if finding.owner:
        notes.append(("owner", finding.owner))
    for consequence in finding.consequences:
        notes.append(("and so", f"{consequence.code}: {consequence.message}"))
    if aggregate is not None:
        notes.append(("scale", f"{aggregate.fired:,} of {aggregate.judged:,} that this rule could judge break it"))
    if more:
        names = ", ".join(f"'{one.subject}'" for one in more[:NAMED_MORE])
        rest = f" and {plural(len(more) - NAMED_MORE, 'other')}" if len(more) > NAMED_MORE else ""
        notes.append(("more", f"{len(more):,} like this: {names}{rest} (--verbose shows them whole)"))
    fix = f"{finding.fix.summary}; `cxmap explain {finding.code}`" if finding.fix else f"`cxmap explain {finding.code}`"
    notes.append(("fix" if finding.fix else "help", fix))
    lines.append(line(f"{gutter} |"))
    for label, text in notes:
        lines.append(line(f"{gutter} = ", Span(f"{label}: ", "bold"), visible(text)))
    return lines


PATH_PIECES = 3
"""Separate pieces of a proof that are shown in a text."""


def path_text(path: tuple[Step, ...]) -> str:
    """The steps as chains: a step that does not go on where the last one ended starts a new piece."""
    pieces: list[str] = []
    end = None
    for step in path:
        if step.source == end and pieces:
            pieces[-1] += f" → {step.edge} {step.target}"
        else:
            pieces.append(f"{step.source} → {step.edge} {step.target}")
        end = step.target
    rest = f"; and {len(pieces) - PATH_PIECES} more" if len(pieces) > PATH_PIECES else ""
    return "; ".join(pieces[:PATH_PIECES]) + rest


def _hypothesis(finding: Finding) -> str:
    return (
        "medium confidence"
        if finding.confidence == "medium"
        else "hypothesis: rests on an assumption, confirm it first"
    )


_UNITS = {
    "customers_per_month": "customers a month",
    "items_per_month": "items a month",
    "minutes_per_month": "minutes of customers' time a month",
    "clerk_hours_per_month": "hours of staff's hand work a month",
    "signals_per_month": "signals a month",
    "money_per_month": "{currency} a month by the given costs",
}
_UNDONE = {"irreversible": "cannot be taken back"}


def measures_text(measures: Mapping[str, Measure]) -> str:
    """The impact vector in words, only what is known: ``3,100 to 4,000 customers a month (estimated); regulated``."""
    parts = []
    currency = measures.get("currency", "in money")
    for key, words in _UNITS.items():
        value, unit = measures.get(key), words.format(currency=currency)
        if isinstance(value, Range):
            parts.append(f"{_span(value)} {unit} ({value.basis})")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            parts.append(f"{value:,.0f} {unit}")
    if measures.get("regulated") is True:
        parts.append("regulated")
    undone = _UNDONE.get(str(measures.get("reversibility")))
    return "; ".join([*parts, undone] if undone and parts else parts)


def _span(value: Range) -> str:
    if value.high is None:
        return f"at least {value.low:,.0f}"
    return f"{value.low:,.0f}" if round(value.low) == round(value.high) else f"{value.low:,.0f} to {value.high:,.0f}"


def _problem_lines(report: Report, sources: Sources) -> list[Line]:
    lines: list[Line] = []
    for finding in report.findings:
        lines.append(
            line(
                Span(f"error[{finding.code}]", "major"),
                " ",
                Span(finding.name, "bold"),
                f": {visible(finding.message)}",
            )
        )
        lines += sources.frame(finding.location, "", "major")
        if finding.fix:
            gutter = " " * len(str(finding.location.line))
            lines.append(line(f"{gutter} = ", Span("help: ", "bold"), visible(finding.fix.summary)))
        lines.append([])
    count = len(report.findings)
    if count:
        files = len({finding.location.path for finding in report.findings})
        lines.append(
            line(
                Span(plural(count, "error"), "bold"),
                f" in {plural(files, 'file')}; an inventory with errors is never audited",
            )
        )
    return lines


def _not_assessed(unassessed: tuple[Unassessed, ...], verbose: bool) -> list[Line]:
    if not (unassessed and verbose):
        return []
    lines: list[Line] = [line(Span("Not assessed (not the same as clean)", "bold"))]
    for one in unassessed:
        names = ", ".join(one.subjects[:4]) + (f" and {len(one.subjects) - 4:,} more" if len(one.subjects) > 4 else "")
        lines.append(line(f"  {one.code} {one.name}: {visible(one.reason)}", f" ({visible(names)})" if names else ""))
        lines.append(line(Span(f"    unlocked by {', '.join(one.unlock)}", "dim")))
    return [*lines, []]


def summary_lines(report: Report, shown: int, options: TextOptions) -> list[Line]:
    """The last lines: how many, how bad, in how much, and what was left out."""
    counts = ", ".join(f"{report.count(severity)} {severity}" for severity in SEVERITIES if report.count(severity))
    total = len(report.findings)
    rules_open = len(
        {one.code for one in report.not_assessed} - {finding.code for finding in report.findings} - set(report.clean)
    )
    partly = len({one.code for one in report.not_assessed}) - rules_open
    head = Span(plural(total, "finding"), "bold" if total else "good")
    unlock = (
        "" if options.verbose or not report.not_assessed else " (run with --verbose for the fields that unlock them)"
    )
    also = f" and {partly} in part" if partly else ""
    lines = [
        line(head, f" ({counts})" if counts else "", f" in {plural(report.size, 'entity', 'entities')}; "
             f"{plural(len(report.clean), 'rule')} clean, {rules_open} not assessed{also}{unlock}")
    ]  # fmt: skip
    hidden = sum(1 for one in report.findings if not _sure(one, options.min_confidence))
    if shown < total:
        why = f"; {plural(hidden, 'hypothesis', 'hypotheses')} hidden, see --min-confidence low" if hidden else ""
        lines.append(
            line(
                Span(
                    f"{shown:,} of {total:,} shown, the others are folded (--verbose, or any other format){why}", "dim"
                )
            )
        )
    held = [f"{number} by {what}" for what, number in
            (("comments", report.suppressed.comments), ("waivers", report.suppressed.waivers), ("baseline", report.suppressed.baseline)) if number]  # fmt: skip
    if held:
        lines.append(line(Span(f"held back: {', '.join(held)}", "dim")))
    if report.as_of:
        lines.append(line(Span(f"as of {report.as_of}, state: {visible(report.state)}", "dim")))
    return lines
