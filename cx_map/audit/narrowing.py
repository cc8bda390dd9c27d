"""A report judged and narrowed: whether it fails, what is new in it, one finding of it."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from cx_map.audit.findings import Finding, Report
from cx_map.audit.settings import Settings
from cx_map.errors import UsageError
from cx_map.rulekit.severity import CONFIDENCES, at_least


def fails(report: Report, settings: Settings) -> bool:
    """Whether a report holds a finding at or above the threshold that is sure enough to judge by; a hypothesis never is."""
    threshold = settings.fail_on
    if threshold == "none":
        return False
    sure = CONFIDENCES.index(settings.min_confidence)
    return any(
        at_least(one.severity, threshold) and CONFIDENCES.index(one.confidence) <= sure and not is_hypothesis(one)
        for one in report.findings
    )


def is_hypothesis(finding: Finding) -> bool:
    """Whether a finding rests on an assumption, and is there to be confirmed and not to be judged by."""
    return finding.confidence == "low"


def without(report: Report, before: Report) -> Report:
    """The report without the findings that an earlier one had."""
    old = {finding.fingerprint for finding in before.findings}
    new = tuple(
        structs.replace(one, folded_into=None) if one.folded_into in old else one
        for one in report.findings
        if one.fingerprint not in old
    )
    return replace(report, findings=new, aggregates=())


def only(report: Report, fingerprint: str) -> Report:
    """The report with one finding; raises UsageError unless exactly one fingerprint begins so."""
    found = [one for one in report.findings if one.fingerprint.startswith(fingerprint)]
    if len(found) != 1 or not fingerprint:
        why = "no finding has" if not found else f"{len(found)} findings have"
        raise UsageError(
            f"{why} a fingerprint that begins with {fingerprint!r}", hint="`--format json` shows the fingerprints"
        )
    return replace(report, findings=(structs.replace(found[0], folded_into=None),), aggregates=(), not_assessed=())
