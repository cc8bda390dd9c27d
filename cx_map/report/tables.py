"""The tables of ``cxmap inventory``: as text, and as rows for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cx_map.analyses.completeness import CoverageCell, FieldCompleteness, completeness, coverage
from cx_map.analyses.data_communities import CommunityMatch, community_match
from cx_map.analyses.loop_budget import LoopBudget, loop_budget
from cx_map.analyses.loop_coverage import LoopCoverage, loop_coverage
from cx_map.analyses.scorecard import Score, scorecard
from cx_map.audit.findings import Report, Unassessed
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication, Flow
from cx_map.model.inventory import Inventory, date_of
from cx_map.model.routes import routes_of
from cx_map.report.lines import Line, Span, line
from cx_map.report.safe import plural, visible, width

Cell: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; cells are texts or numbers."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def overview(eco: Ecosystem, report: Report) -> list[Table]:
    """The tables that fit on a screen: what is described, covered and known, what comes back, what to find out."""
    inventory = eco.inventory
    return [
        counts_table(inventory),
        scores_table(scorecard(eco)),
        coverage_table(coverage(inventory)),
        completeness_table(completeness(inventory)),
        feedback_table(loop_coverage(eco)),
        loops_to_close_table(loop_budget(eco)),
        silo_table(community_match(eco)),
        unlock_table(report.not_assessed),
    ]


def details(inventory: Inventory, report: Report) -> list[Table]:
    """The long tables: everything described, and every finding."""
    return [entities_table(inventory), routes_table(inventory), flows_table(inventory), findings_table(report)]


def scores_table(scores: Sequence[Score]) -> Table:
    """How well it does, each share with how much of what could be checked."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.name, "not known" if one.share is None else round(100 * one.share), one.checked, one.total, one.of_what)
        for one in scores
    )
    return Table("scores", "How well it does", ("what", "%", "checked", "of", "which"), rows)


def counts_table(inventory: Inventory) -> Table:
    """How many entities of each kind."""
    rows = tuple((kind, count) for kind, count in inventory.counts.items())
    return Table("counts", "What is described", ("kind", "entities"), rows)


def coverage_table(cells: Sequence[CoverageCell]) -> Table:
    """Line of business and purpose by channel, in numbers of communications."""
    channels = sorted({cell.channel or "not known" for cell in cells}, key=lambda name: (name == "not known", name))
    grid: dict[tuple[str, str], dict[str, int]] = {}
    for cell in cells:
        row = grid.setdefault((cell.line_of_business or "not said", cell.purpose or "not said"), {})
        row[cell.channel or "not known"] = len(cell.communications)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (*key, *(row.get(channel, 0) for channel in channels)) for key, row in grid.items()
    )
    return Table(
        "coverage",
        "Communications by line of business, purpose and channel",
        ("line of business", "purpose", *channels),
        rows,
    )


def completeness_table(fields: Sequence[FieldCompleteness]) -> Table:
    """How many entities give each key field."""
    rows = tuple(
        (one.kind, one.field, one.given, one.unknown, one.absent,
         round(100 * one.given / (one.given + one.unknown + one.absent)))
        for one in fields
    )  # fmt: skip
    return Table(
        "completeness", "What is known of them", ("kind", "field", "given", "unknown", "left out", "complete %"), rows
    )


def feedback_table(coverage: LoopCoverage) -> Table:
    """How much of what customers say comes back to them, in all and by segment, line, channel and journey step."""
    groups = [("all", "", coverage.overall)]
    for label, parts in (
        ("segment", coverage.by_segment),
        ("line of business", coverage.by_line),
        ("channel", coverage.by_channel),
        ("journey step", {name: one for name, one in coverage.by_step.items() if one is not None}),
    ):
        groups += [(label, name, parts[name]) for name in sorted(parts)]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            label,
            name,
            round(100 * one.closed),
            round(100 * one.dead_end),
            "volume" if one.weighted else "number",
            one.assessed,
            one.signals,
        )
        for label, name, one in groups
        if one is not None
    )
    rows += tuple(
        ("journey step without a signal", name, 0, 0, "", 0, 0) for name, one in coverage.by_step.items() if one is None
    )
    columns = (
        "by",
        "which",
        "comes back % at least",
        "meets no action % at most",
        "weighted by",
        "signals judged",
        "of",
    )
    return Table("feedback", "How much of what customers say comes back to them", columns, rows)


def loops_to_close_table(found: LoopBudget) -> Table:
    """The repairs that bring most signals back for their cost, in order, each on top of those before it."""
    rows: list[tuple[Cell, ...]] = []
    closed = 0.0
    for number, step in enumerate(found.steps, start=1):
        closed += step.volume
        changes = "; ".join(step.clauses)
        rows.append((number, changes, round(step.cost, 2), ", ".join(step.signals), round(step.volume), round(closed)))
    unit = "signals a month" if found.weighted else "signals"
    rest = "; more could be tried" if found.more else ""
    title = f"Loops to close first: closes {closed:,.0f} of {found.open:,.0f} open {unit}{rest}"
    return Table("loops_to_close", title, ("order", "change", "cost", "signals", "closes", "in all"), tuple(rows))


def silo_table(match: CommunityMatch) -> Table:
    """How well the places that exchange data group by line of business: one headline number."""
    if match.information is None:
        return Table("data_communities", f"Data and lines of business: {match.reason}", ("places",), ((match.places,),))
    title = f"Data moves along lines of business: {match.information:.2f} (0 not at all, 1 entirely)"
    columns = ("places", "lines of business", "communities of data", "normalised mutual information")
    return Table(
        "data_communities", title, columns, ((match.places, match.lines, match.communities, match.information),)
    )


def unlock_table(unassessed: Sequence[Unassessed]) -> Table:
    """Fields by the number of rules, then subjects, that they would unlock."""
    rules: dict[str, set[str]] = {}
    subjects: dict[str, set[tuple[str, str]]] = {}
    for one in unassessed:
        for field in one.unlock:
            rules.setdefault(field, set()).add(one.code)
            subjects.setdefault(field, set()).update((one.code, subject) for subject in one.subjects)
    ordered = sorted(rules, key=lambda field: (-len(rules[field]), -len(subjects[field]), field))
    rows = tuple((field, len(rules[field]), len(subjects[field]), ", ".join(sorted(rules[field]))) for field in ordered)
    return Table(
        "unlock", "What one more field would let the audit judge", ("field", "rules", "subjects", "which"), rows
    )


def entities_table(inventory: Inventory) -> Table:
    """Every entity with its common fields and place."""
    rows: list[tuple[Cell, ...]] = []
    for entity in inventory.written():
        rows.append((entity.kind, entity.id, entity.title, entity.owner or "", entity.line_of_business or "", entity.status or "active",
                     date_of(inventory, entity) or "", str(inventory.place(entity))))  # fmt: skip
    return Table(
        "entities",
        "Entities",
        ("kind", "id", "name", "owner", "line of business", "status", "as of", "where"),
        tuple(rows),
    )


def flows_table(inventory: Inventory) -> Table:
    """Every flow."""
    rows = [_flow(inventory, flow) for flow in inventory.flows]
    return Table("flows", "Flows", ("from", "to", "via", "carries", "latency s", "policy", "where"), tuple(rows))


def _flow(inventory: Inventory, flow: Flow) -> tuple[Cell, ...]:
    latency = flow.latency.worst if flow.latency else None
    return (flow.from_ or "unknown", flow.to or "unknown", flow.via or "", "; ".join(flow.carries or ()),
            "" if latency is None else latency, flow.policy or "", str(inventory.place(flow)))  # fmt: skip


def routes_table(inventory: Inventory) -> Table:
    """Every route of every communication."""
    rows: list[tuple[Cell, ...]] = []
    for communication in inventory.of(Communication):
        for route in routes_of(communication) or ():
            hops = " > ".join(" | ".join(hop.any_of or ()) for hop in route.platforms or ())
            share: Cell = "" if route.share is None else route.share.value
            volume: Cell = "" if communication.volume is None else round(communication.volume.value, 2)
            rows.append(
                (communication.id, route.id or "", hops, route.channel or "", share, route.fallback_for or "", volume)
            )
    columns = ("communication", "route", "platforms", "channel", "share", "fallback for", "items a month")
    return Table("routes", "Routes", columns, tuple(rows))


def findings_table(report: Report) -> Table:
    """Every finding."""
    rows = tuple(
        (one.severity, one.code, one.subject, one.message, one.owner or "", str(one.location))
        for one in report.findings
    )
    return Table("findings", "Findings", ("severity", "code", "subject", "finding", "owner", "where"), rows)


def table_lines(table: Table, limit: int | None = None) -> list[Line]:
    """A table as aligned text, at most ``limit`` rows, saying how many were left out."""
    shown = table.rows if limit is None else table.rows[:limit]
    lines: list[Line] = [line(Span(table.title, "bold"))]
    if not table.rows:
        return [*lines, line("  none"), []]
    clean = [[visible(_text(cell), 60) for cell in row] for row in (table.columns, *shown)]
    widths = [max(width(row[column]) for row in clean) for column in range(len(table.columns))]
    for number, row in enumerate(clean):
        text = "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True))
        lines.append(line(Span(f"  {text}".rstrip(), "dim" if number == 0 else "")))
    if len(shown) < len(table.rows):
        lines.append(line(Span(f"  {len(shown)} of {plural(len(table.rows), 'row')} shown", "dim")))
    return [*lines, []]


def _text(cell: Cell) -> str:
    """A cell for people: thousands apart."""
    return cell if isinstance(cell, str) else f"{cell:,}" if isinstance(cell, int) else f"{cell:,g}"
