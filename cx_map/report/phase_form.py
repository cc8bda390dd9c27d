"""The computed fixes of a report as a phase of a roadmap, ready to paste."""

from __future__ import annotations

from cx_map.audit.findings import Finding, Report
from cx_map.audit.phase import phase_of
from cx_map.audit.settings import Settings
from cx_map.load.emit import to_yaml
from cx_map.report.safe import visible
from cx_map.rulekit.severity import CONFIDENCES


def phase_text(report: Report, settings: Settings) -> str:
    """The computed fixes of the findings as one phase of a roadmap."""
    sure = CONFIDENCES.index(settings.min_confidence)
    phase = phase_of(one for one in report.findings if CONFIDENCES.index(one.confidence) <= sure)
    if not phase.changes:
        return "# no finding has a computed fix; `cxmap audit` shows what each needs\n"
    told = [_comment(one) for one in phase.kept]
    if phase.left_out:
        told.append("# left out, because one above changes the same thing: apply that, then audit again")
        told += [_comment(one) for one in phase.left_out]
    yaml = to_yaml(
        {"cxmap": 1, "roadmap": {"phases": [{"id": "fixes", "name": "Computed fixes", "changes": phase.changes}]}}
    )
    return (
        "\n".join(told)
        + f"\n# each fix was computed alone; `cxmap diff` shows what the phase as a whole changes\n{yaml}"
    )


def _comment(finding: Finding) -> str:
    return visible(f"# {finding.code} {finding.subject}: {finding.fix.summary if finding.fix else ''}")
