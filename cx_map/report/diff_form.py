"""A comparison for people, in the style of a plan, and as ``cxmap.diff/1``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cx_map.audit.findings import Finding
from cx_map.compare.capabilities import Gain
from cx_map.compare.changes import Change, Changes
from cx_map.compare.findings import Pair
from cx_map.compare.flows import FlowChange
from cx_map.compare.json_form import to_json
from cx_map.compare.states import Comparison
from cx_map.model.kinds import singular
from cx_map.report.json_form import finding_json, measure_json
from cx_map.report.lines import Line, Span, line
from cx_map.report.safe import plural, visible

_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": ">", "replaced": "±", "merged": "⇄", "split": "⇄"}
_STYLES = {"added": "added", "removed": "removed"}
_CAPABILITIES = (
    ("channels", "channels"),
    ("loops", "feedback loops"),
    ("preferences", "preferences respected by"),
    ("single_points", "depends on one alone"),
    ("pools", "agent pools"),
)


def diff_json(comparison: Comparison, before_paths: Sequence[str], after_paths: Sequence[str]) -> dict[str, Any]:
    """``cxmap.diff/1``."""
    findings = comparison.findings
    told = {
        "solved": [finding_json(one) for one in findings.solved],
        "introduced": [finding_json(one) for one in findings.introduced],
        "worse": [_pair_json(one) for one in findings.worse],
        "better": [_pair_json(one) for one in findings.better],
        "unchanged": findings.unchanged,
    }
    data = to_json(
        comparison.changes,
        before_paths=before_paths,
        after_paths=after_paths,
        findings=told,
        capabilities=comparison.capabilities,
    )
    totals = {"before": len(comparison.before.findings), "after": len(comparison.after.findings)}
    return {**data, "summary": {**dict(comparison.changes.counts), "findings": totals}}


def _pair_json(pair: Pair) -> dict[str, Any]:
    before = {key: measure_json(value) for key, value in sorted(pair.before.measures.items())}
    return {**finding_json(pair.after), "before": {"severity": pair.before.severity, "measures": before}}


def diff_lines(comparison: Comparison, *, verbose: bool = False) -> list[Line]:
    """The comparison as a plan: entities, flows, what customers gain and lose, findings, one line of totals."""
    changes, findings = comparison.changes, comparison.findings
    lines = change_lines(changes, verbose=verbose)
    for suggestion in changes.suggestions:
        lines.append(
            line(
                Span(
                    f"  ? {suggestion.before} may have become {suggestion.after}; if so, say `renamed_from: [{suggestion.before}]`",
                    "dim",
                )
            )
        )
    if lines:
        lines.append([])
    lines += _capability_lines(comparison)
    for sign, title, style, found in (
        ("+", "introduced", "removed", findings.introduced),
        ("-", "solved", "good", findings.solved),
    ):
        lines += _finding_lines(sign, title, style, found, verbose=verbose)
    for title, pairs in (("worse", findings.worse), ("better", findings.better)):
        lines += _finding_lines("~", title, "changed", tuple(pair.after for pair in pairs), verbose=verbose)
    lines.append(summary_line(comparison))
    return lines


def change_lines(changes: Changes, *, verbose: bool = False) -> list[Line]:
    """What becomes of every entity and flow."""
    lines: list[Line] = []
    for change in changes.entities:
        lines += _change(change, verbose=verbose)
    for flow in changes.flows:
        lines += _flow(flow, verbose=verbose)
    return lines


def _change(change: Change, *, verbose: bool) -> list[Line]:
    sign = _SIGNS[change.change]
    origin = f" (was {', '.join(change.from_ids)})" if change.from_ids else ""
    breaking = Span("  breaking", "bad") if change.level == "breaking" else Span("")
    head = Span(f"  {sign} {singular(change.kind)} {change.id}", _STYLES.get(change.change, "changed"))
    lines: list[Line] = [line(head, f" {change.change}{visible(origin)}", breaking)]
    for one in change.fields if verbose else change.fields[:6]:
        lines.append(line(f"      {visible(one.field)}: {_value(one.before)} → {_value(one.after)}"))
    if not verbose and len(change.fields) > 6:
        lines.append(line(Span(f"      and {len(change.fields) - 6} more fields", "dim")))
    return lines


def _flow(flow: FlowChange, *, verbose: bool) -> list[Line]:
    source, target, name = flow.ends
    label = f"flow {source or 'unknown'} → {target or 'unknown'}" + (f" ({name})" if name else "")
    via = f" via {flow.flow.via}" if flow.flow.via else ""
    sign = _SIGNS[flow.change]
    breaking = Span("  breaking", "bad") if flow.level == "breaking" else Span("")
    lines: list[Line] = [
        line(Span(f"  {sign} {visible(label)}", _STYLES.get(flow.change, "changed")), f"{via} {flow.change}", breaking)
    ]
    for one in flow.fields if verbose else flow.fields[:4]:
        lines.append(line(f"      {visible(one.field)}: {_value(one.before)} → {_value(one.after)}"))
    return lines


def _value(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return visible("[" + ", ".join(_value(one) for one in value) + "]", 120)
    if isinstance(value, dict):
        return visible("{" + ", ".join(f"{key}: {_value(one)}" for key, one in value.items()) + "}", 120)
    return visible(str(value), 120)


def _capability_lines(comparison: Comparison) -> list[Line]:
    lines: list[Line] = []
    for key, title in _CAPABILITIES:
        gained: tuple[Gain, ...] | None = getattr(comparison.capabilities, key)
        for one in gained or ():
            parts = [f"+ {', '.join(one.gained)}"] if one.gained else []
            parts += [f"- {', '.join(one.lost)}"] if one.lost else []
            lines.append(line(f"  {title}: {one.subject}  {visible('; '.join(parts))}"))
    for reach in comparison.capabilities.reach:
        parts = [f"+ {', '.join(reach.gained)}"] if reach.gained else []
        parts += [f"- {', '.join(reach.lost)}"] if reach.lost else []
        lines.append(line(f"  reach: {reach.segment} for {reach.purpose}  {visible('; '.join(parts))}"))
    return [line(Span("What it means", "bold")), *lines, []] if lines else []


def _finding_lines(sign: str, title: str, style: str, findings: tuple[Finding, ...], *, verbose: bool) -> list[Line]:
    if not findings:
        return []
    shown = findings if verbose else findings[:12]
    lines: list[Line] = [line(Span(f"{plural(len(findings), 'finding')} {title}", "bold"))]
    for one in shown:
        lines.append(line(Span(f"  {sign} {one.severity}[{one.code}]", style), f" {visible(one.message)}"))
    if len(shown) < len(findings):
        lines.append(line(Span(f"  {len(shown)} of {len(findings)} shown (--verbose shows all)", "dim")))
    return [*lines, []]


def summary_line(comparison: Comparison) -> Line:
    """``+ 12 added  ~ 31 changed ... ; findings 41 -> 17 (-27 +3)``."""
    counts = comparison.changes.counts
    if comparison.empty:
        return line(
            Span("no difference", "good"),
            f"; findings {len(comparison.before.findings)} → {len(comparison.after.findings)}",
        )
    solved, introduced = len(comparison.findings.solved), len(comparison.findings.introduced)
    total = f"findings {len(comparison.before.findings)} → {len(comparison.after.findings)} (-{solved} +{introduced})"
    breaking = f"; {counts['breaking']} breaking" if counts["breaking"] else ""
    return line(Span(counts_text(comparison.changes), "bold"), f"; {total}{breaking}")


def counts_text(changes: Changes) -> str:
    """``+ 12 added, ~ 31 changed, flows +4 -1``."""
    counts = changes.counts
    parts = [f"{_SIGNS[kind]} {counts[kind]} {kind}" for kind in _SIGNS if counts[kind]]
    flows = [
        f"{sign}{counts[key]}"
        for sign, key in (("+", "flows_added"), ("~", "flows_changed"), ("-", "flows_removed"))
        if counts[key]
    ]
    if flows:
        parts.append(f"flows {' '.join(flows)}")
    return ", ".join(parts)
