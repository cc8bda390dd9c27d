"""The findings of all states as data, each told once however many states have it.

In three parts, by when a page needs them: what is counted and drawn at once, what the list shows, and the proof
of one finding when it is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cx_map.audit.findings import Finding, Report
from cx_map.draw.page.union import Union
from cx_map.draw.scenes.whole_map import COMMON
from cx_map.draw.text import clean, clean_lines
from cx_map.report.text import measures_text
from cx_map.rulekit.severity import SEVERITIES

Json = dict[str, object]
_MESSAGE, _LINE = 1200, 600


@dataclass(slots=True)
class Findings:
    """All different findings so far, and where each rule stands in the page's list of rules."""

    union: Union
    all: list[Finding] = field(default_factory=list)
    rules: dict[str, int] = field(default_factory=dict)
    names: list[list[str]] = field(default_factory=list)
    _known: dict[str, list[int]] = field(default_factory=dict)

    def add(self, finding: Finding) -> int:
        """The number of a finding; a new one where no state had exactly this one."""
        same = self._known.setdefault(finding.fingerprint, [])
        for number in same:
            if self.all[number] == finding:
                return number
        same.append(len(self.all))
        self.all.append(finding)
        self.rule(finding.code, finding.name)
        return len(self.all) - 1

    def rule(self, code: str, name: str = "") -> int:
        """The number of a rule."""
        if code not in self.rules:
            self.rules[code] = len(self.names)
            self.names.append([code, name])
        return self.rules[code]

    def of(self, report: Report | None) -> list[int]:
        """The numbers of a report's findings, in the order of their rank; those folded into another are left to it."""
        return [self.add(one) for one in report.findings] if report is not None else []

    def common(self, report: Report | None) -> list[int]:
        """Rules that fire on so much that a badge each would say nothing (as on the pictures)."""
        return [self.rule(one.code) for one in report.aggregates if one.fired > COMMON] if report is not None else []

    def head(self) -> Json:
        """What is needed to count, filter and draw: rule, severity and subject of each."""
        edges = {f"{edge.source}->{edge.target}": number for number, edge in enumerate(self.union.edges)}
        subjects, flows = [], []
        for one in self.all:
            flow = edges.get(one.subject, -1)
            subjects.append(self.union.node_at.get(one.subject.partition("->")[0] if flow < 0 else one.subject, -1))
            flows.append(flow)
        return {
            "rule": [self.rules[one.code] for one in self.all],
            "severity": [SEVERITIES.index(one.severity) for one in self.all],
            "subject": subjects,
            "edge": flows,
        }

    def texts(self, teams: Mapping[str, str]) -> Json:
        """What the list shows: message, owner, customers, and the fingerprint that links to it."""
        return {
            "message": [clean_lines(one.message, _MESSAGE) for one in self.all],
            "subject": [clean(one.subject) for one in self.all],
            "kind": [one.kind for one in self.all],
            "owner": [clean(teams.get(one.owner or "", one.owner or "")) for one in self.all],
            "impact": [_customers(one) for one in self.all],
            "print": [one.fingerprint for one in self.all],
        }

    def proofs(self) -> list[Json]:
        """The rest of each finding: place, proof, measures, consequences and the computed fix."""
        return [_proof(one) for one in self.all]


def _customers(finding: Finding) -> str:
    measures: dict[str, object] = {
        key: value for key, value in finding.measures.items() if key == "customers_per_month"
    }
    return measures_text(measures)  # type: ignore[arg-type]  # a part of the measures


def _proof(finding: Finding) -> Json:
    found: Json = {
        "place": clean(f"{finding.location.path}:{finding.location.line}"),
        "confidence": finding.confidence,
        "evidence": [[clean(label), clean_lines(text, _LINE)] for label, text in finding.evidence],
        "path": [[clean(step.source), clean(step.edge), clean(step.target)] for step in finding.path],
        "impact": clean_lines(measures_text(finding.measures), _LINE),
        "related": [clean(one) for one in finding.related],
        "label": clean_lines(finding.label, _LINE),
        "so": [[one.code, clean_lines(one.message, _LINE)] for one in finding.consequences],
    }
    if finding.fix is not None:
        found["fix"] = {"summary": clean_lines(finding.fix.summary, _LINE), "changes": list(finding.fix.changes)}
    return {key: value for key, value in found.items() if value}
