"""The findings of two states matched: solved, introduced, worse, better, unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cx_map.audit.findings import Finding, Report
from cx_map.audit.ranking import low_end
from cx_map.rulekit import SEVERITIES, Range
from cx_map.rulekit.breach import Measure

WORSE_BY = 0.1
"""A measure that grows (or shrinks) by this share makes a finding worse (or better)."""

_SIZES = (
    "customers_per_month",
    "items_per_month",
    "signals_per_month",
    "hours_per_month",
    "clerk_hours_per_month",
    "money_per_month",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A finding that both states have."""

    before: Finding
    after: Finding


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """What became of the findings, each list in the order of rank of the state it is from."""

    solved: tuple[Finding, ...]
    introduced: tuple[Finding, ...]
    worse: tuple[Pair, ...]
    better: tuple[Pair, ...]
    unchanged: int


def match(before: Report, after: Report, moved: Mapping[str, str]) -> FindingChanges:
    """Match findings by fingerprint, then by rule and subject through ``moved`` (id before to id after). O(n)."""
    later = {finding.fingerprint: finding for finding in after.findings}
    pairs: list[Pair] = []
    left: list[Finding] = []
    for finding in before.findings:
        same = later.pop(finding.fingerprint, None)
        if same is not None:
            pairs.append(Pair(finding, same))
        else:
            left.append(finding)
    by_subject: dict[tuple[str, str], list[Finding]] = {}
    for finding in later.values():
        by_subject.setdefault((finding.code, finding.subject), []).append(finding)
    solved: list[Finding] = []
    for finding in left:
        target = moved.get(finding.subject)
        candidates = by_subject.get((finding.code, target)) if target is not None else None
        if candidates:
            same = candidates.pop(0)
            later.pop(same.fingerprint)
            pairs.append(Pair(finding, same))
        else:
            solved.append(finding)
    order = {finding.fingerprint: number for number, finding in enumerate(after.findings)}
    pairs.sort(key=lambda pair: order[pair.after.fingerprint])
    worse = tuple(pair for pair in pairs if _trend(pair) > 0)
    better = tuple(pair for pair in pairs if _trend(pair) < 0)
    return FindingChanges(tuple(solved), tuple(later.values()), worse, better, len(pairs) - len(worse) - len(better))


def _trend(pair: Pair) -> int:
    """1 worse, -1 better, 0 neither: by severity, then by the first size that differs enough."""
    severity = SEVERITIES.index(pair.before.severity) - SEVERITIES.index(pair.after.severity)
    if severity:
        return 1 if severity > 0 else -1
    for key in _SIZES:
        old, new = pair.before.measures.get(key), pair.after.measures.get(key)
        if old is None or new is None:
            continue
        for end in (low_end, _high_end):
            if end(new) > end(old) * (1 + WORSE_BY) + 1e-9:
                return 1
            if end(new) < end(old) * (1 - WORSE_BY) - 1e-9:
                return -1
    return 0


def _high_end(measure: Measure | None) -> float:
    return measure.high if isinstance(measure, Range) and measure.high is not None else low_end(measure)
