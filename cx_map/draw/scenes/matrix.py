"""The matrix sheet: who depends on whom (lines of business, teams), what is covered where, and what channels can do.

The first two tables are design structure matrices: a row sends to a column. Counted are the flows of the propagation graph
between the things of the two, and the different attributes they carry.

Longer than most modules: four small tables of one sheet, each a function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cx_map.analyses.completeness import coverage
from cx_map.analyses.isolation import isolations
from cx_map.analyses.lines import lines_of
from cx_map.audit.findings import Finding, Report
from cx_map.draw.layouts.sheet import legend_of
from cx_map.draw.scenes.named import Names, badges_of, date_of
from cx_map.draw.scenes.whole_map import SHARED
from cx_map.draw.sheet import Entry, Head, Place, Sheet, State, Table
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Link, propagation
from cx_map.model.attributes import EVERYTHING
from cx_map.model.chapter_map import LineOfBusiness, Team
from cx_map.model.chapter_service import Task
from cx_map.model.inventory import Inventory

MOST = 40
"""Teams, tasks, lines of business and channels in a table at most: those with most entries."""
MOST_ROWS = 160
"""Rows of the coverage table at most."""


def matrix_sheet(
    inventory: Inventory, report: Report | None = None, *, as_of: str | None = None, language: str = "en"
) -> Sheet:
    """Lines, teams, coverage and tasks, as far as the inventory has any; with a report, badges on lines and teams.

    A firm with none of them gets a sentence on what to write down.
    """
    names = Names(inventory, language)
    words = names.words
    day = date_of(inventory, report, as_of)
    eco = Ecosystem(inventory, day)
    findings = report.findings if report is not None else ()
    parts = [
        _lines(eco, names, findings),
        _teams(eco, names, findings),
        _coverage(eco, names),
        _tasks(eco, names, findings),
    ]
    tables = tuple(part.table for part in parts if part.table is not None)
    told = [names.firm(), *([words("as of {date}", date=words.date(day))] if day else [])]
    notes = [note for part in parts for note in part.notes]
    if not tables:
        notes = [
            words("The inventory has no lines of business, teams, routes or tasks to set against one another."),
            words(
                "Write down line_of_business and owner with what there is, the flows between them, and the routes of "
                "communications."
            ),
        ]
    return Sheet(
        "matrix",
        words("Who depends on whom, and what is covered – {state}", state=names.state()),
        " · ".join(one for one in told if one),
        tables,
        " ".join(part.counted for part in parts if part.counted) or words("{n} of {m} tables shown.", n=0, m=0),
        legend=legend_of(
            tables,
            words,
            {
                "good": words("fully supported"),
                "weak": words("in part, or information only"),
                "bad": words("silo"),
                "none": words("nothing flows, or no support"),
            },
            words("few to the most of its table"),
        ),
        notes=tuple(notes),
        description=words(
            "How much flows between lines of business and between teams, which purposes each line covers on which channel, "
            "and how far channels get customers with their tasks."
        ),
        language=language,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A table with the sentence that counts it; no table where the inventory has nothing for it."""

    table: Table | None = None
    counted: str = ""
    notes: tuple[str, ...] = ()


@dataclass
class _Traffic:
    """What flows from one to another: flows, the attributes they name, and flows of which nobody knows what they carry."""

    flows: int = 0
    attributes: set[str] = field(default_factory=set)
    everything: bool = False
    silent: int = 0
    ends: set[str] = field(default_factory=set)

    def add(self, link: Link) -> None:
        """Count a flow."""
        self.flows += 1
        self.ends |= {link.source, link.target}
        carries = link.flow.carries
        if not carries:
            self.silent += 1
        elif EVERYTHING in carries:
            self.everything = True
        else:
            self.attributes.update(carries)


def _traffic(eco: Ecosystem, belongs: Mapping[str, Iterable[str]], other: str) -> dict[Place, _Traffic]:
    """What flows between groups of things; what belongs to none stands under ``other``. O(flows * groups of an end)."""
    found: dict[Place, _Traffic] = {}
    for link in eco.once(propagation).links:
        for source in belongs.get(link.source) or (other,):
            for target in belongs.get(link.target) or (other,):
                found.setdefault((source, target), _Traffic()).add(link)
    return found


def _dsm(
    table: str, caption: str, note: str, heads: tuple[Head, ...], traffic: Mapping[Place, _Traffic], names: Names
) -> Table:
    """A design structure matrix; the diagonal is what stays inside and has no heat."""
    words = names.words
    most = max((one.flows for (a, b), one in traffic.items() if a != b), default=0)
    entries = {}
    for row in heads:
        for column in heads:
            one = traffic.get((row.id, column.id))
            inside = row.id == column.id
            if one is None:
                entries[row.id, column.id] = Entry("", "none")
                continue
            told = (
                words("everything")
                if one.everything
                else words.many("{n} attribute", "{n} attributes", len(one.attributes))
                if one.attributes
                else ""
            )
            lines = [words("stays inside")] if inside else []
            if one.attributes:
                lines.append(", ".join(sorted(one.attributes)))
            if one.silent:
                lines.append(
                    words.many(
                        "Of {n} flow nobody says what it carries (flows.carries).",
                        "Of {n} flows nobody says what they carry (flows.carries).",
                        one.silent,
                    )
                )
            silent = words.many("? content of {n}", "? content of {n}", one.silent) if one.silent else ""
            entries[row.id, column.id] = Entry(
                words.number(one.flows),
                sublabel=" · ".join(part for part in (told, silent) if part),
                heat=None if inside else one.flows / most,
                tooltip="\n".join(lines),
                about=tuple(sorted(one.ends)),
            )
    return Table(table, caption, heads, heads, entries, note=note, corner=words("from ↓ to →"))


def _lines(eco: Ecosystem, names: Names, findings: Iterable[Finding]) -> _Part:
    """Lines of business against each other, in the order of the map, with the border of a silo."""
    words, inventory = names.words, eco.inventory
    lines = [one.id for one in inventory.of(LineOfBusiness) if one.usable]
    if len(lines) < 2:
        return _Part()
    traffic = _traffic(eco, eco.once(lines_of), SHARED)
    busy = {end for place in traffic for end in place}
    ranked = sorted(lines, key=lambda one: (-_weight(one, traffic), one))[:MOST]
    order = [*sorted(ranked), *([SHARED] if SHARED in busy else [])]
    isolation = {one.line.id: one for one in isolations(eco)}
    silo = {one.subject for one in findings if one.code == "SILO101"}
    heads = []
    for line in order:
        one = isolation.get(line)
        crossing = (
            words("{percent} % crosses its border", percent=words.number(100 * one.observed))
            if one is not None and one.volume
            else ""
        )
        told = " · ".join(part for part in (words("silo") if line in silo else "", crossing) if part)
        label = words("shared, or no line given") if line == SHARED else names.of(line)
        own = [finding for finding in findings if finding.subject == line]
        heads.append(Head(line, label, told, badges=badges_of(own), wall=line in silo))
    table = _dsm(
        "lines",
        words("What flows between lines of business"),
        words(
            "Flows, and the attributes they carry. What crosses a line's border counts by the attributes of its flows."
        ),
        tuple(heads),
        traffic,
        names,
    )
    counted = words("{n} of {m} lines of business shown.", n=words.number(len(ranked)), m=words.number(len(lines)))
    return _Part(table, counted)


def _teams(eco: Ecosystem, names: Names, findings: Iterable[Finding]) -> _Part:
    """Teams against each other: what they own, and they themselves, are the ends of flows."""
    words, inventory = names.words, eco.inventory
    teams = [one.id for one in inventory.of(Team) if one.usable]
    if len(teams) < 2:
        return _Part()
    usable = set(teams)
    belongs: dict[str, tuple[str, ...]] = {
        name: (entity.owner,) for name, entity in inventory.entities.items() if entity.owner in usable and entity.owner
    }
    belongs |= {team: (team,) for team in teams}
    traffic = _traffic(eco, belongs, SHARED)
    busy = [team for team in teams if any(team in place for place in traffic)]
    if not busy:
        note = words(
            "No flow joins what teams own, so there is no matrix of teams: owner of data sources and platforms."
        )
        return _Part(notes=(note,))
    ranked = sorted(busy, key=lambda one: (-_weight(one, traffic), one))[:MOST]
    nobody = any(SHARED in place for place in traffic)
    heads = tuple(
        Head(team, names.of(team), badges=badges_of(one for one in findings if one.subject == team))
        for team in sorted(ranked)
    )
    if nobody:
        heads = (*heads, Head(SHARED, words("nobody named as owner")))
    table = _dsm(
        "teams",
        words("What flows between teams"),
        words("Flows between the data sources and platforms that teams own."),
        heads,
        traffic,
        names,
    )
    counted = words(
        "{n} of {m} teams shown, {k} of them have no flow.",
        n=words.number(len(ranked)),
        m=words.number(len(teams)),
        k=words.number(len(teams) - len(busy)),
    )
    return _Part(table, counted)


def _weight(one: str, traffic: Mapping[Place, _Traffic]) -> int:
    return sum(found.flows for place, found in traffic.items() if one in place and place[0] != place[1])


def _coverage(eco: Ecosystem, names: Names) -> _Part:
    """Communications by line of business and purpose, on each channel."""
    words = names.words
    cells = coverage(eco.inventory)
    if not cells:
        return _Part()
    most = max(len(one.communications) for one in cells)
    per_channel: dict[str, int] = {}
    for one in cells:
        per_channel[one.channel or SHARED] = per_channel.get(one.channel or SHARED, 0) + len(one.communications)
    channels = sorted(per_channel, key=lambda name: (name == SHARED, -per_channel[name], name))
    columns = tuple(
        Head(name, words("not known"), words("communications.routes"))
        if name == SHARED
        else Head(name, names.of(name), kind=names.kind(name))
        for name in (*channels[:MOST], *([SHARED] if SHARED in channels[MOST:] else []))
    )
    rows: dict[str, Head] = {}
    entries: dict[Place, Entry] = {}
    kept = {column.id for column in columns}
    for one in cells:
        key = f"{one.line_of_business or SHARED}|{one.purpose or SHARED}"
        line = names.of(one.line_of_business) if one.line_of_business else words("no line of business given")
        rows.setdefault(
            key, Head(key, words.term(one.purpose) if one.purpose else words("purpose not known"), group=line)
        )
        where = one.channel or SHARED
        if where in kept:
            state: State = "unknown" if where == SHARED else "plain"
            entries[key, where] = Entry(
                words.number(len(one.communications)),
                state,
                heat=None if where == SHARED else len(one.communications) / most,
                tooltip=", ".join(map(names.of, one.communications)),
                about=one.communications,
            )
    shown = tuple(rows.values())[:MOST_ROWS]
    keys = {row.id for row in shown}
    table = Table(
        "coverage",
        words("Communications by line of business, purpose and channel"),
        shown,
        columns,
        {place: entry for place, entry in entries.items() if place[0] in keys},
        note=words("Number of communications in use. An empty place is a channel that the purpose does not use."),
        corner=words("purpose"),
    )
    counted = words(
        "{n} of {m} purposes of lines and {k} of {l} channels shown.",
        n=words.number(len(shown)),
        m=words.number(len(rows)),
        k=words.number(len(columns)),
        l=words.number(len(channels)),
    )
    return _Part(table, counted)


_SUPPORT: Mapping[str, State] = {"full": "good", "partial": "weak", "info": "weak", "none": "none"}


def _tasks(eco: Ecosystem, names: Names, findings: Iterable[Finding]) -> _Part:
    """How far each channel gets customers with each task."""
    words = names.words
    tasks = [one for one in eco.inventory.of(Task) if one.usable]
    described = [one for one in tasks if one.channels]
    if not described:
        note = words("Tasks do not say which channels support them: tasks.channels would tell.")
        return _Part(notes=(note,) if tasks else ())
    ranked = sorted(described, key=lambda one: (-(one.volume.value if one.volume else 0.0), one.id))[:MOST_ROWS]
    order: dict[str, int] = {}
    entries: dict[Place, Entry] = {}
    for task in ranked:
        for one in task.channels or ():
            if one.channel is None:
                continue
            order[one.channel] = order.get(one.channel, 0) + 1
            told = {
                "full": words("full"),
                "partial": words("in part"),
                "info": words("information"),
                "none": words("no"),
            }
            done = (
                words("{percent} % completed", percent=words.number(100 * one.completion.value))
                if one.completion is not None
                else ""
            )
            entries[task.id, one.channel] = Entry(
                told[one.support] if one.support else words("not said"),
                _SUPPORT[one.support] if one.support else "unknown",
                done,
                tooltip="" if one.support else words("tasks.channels.support would tell."),
                about=(task.id, one.channel),
            )
    channels = sorted(order, key=lambda name: (-order[name], name))
    table = Table(
        "tasks",
        words("What channels can do for customers' tasks"),
        tuple(
            Head(
                one.id,
                names.of(one.id),
                names.a_month(one.volume),
                one.kind,
                badges=badges_of(finding for finding in findings if finding.subject == one.id),
            )
            for one in ranked
        ),
        tuple(Head(name, names.of(name), kind=names.kind(name)) for name in channels[:MOST]),
        {place: entry for place, entry in entries.items() if place[1] in set(channels[:MOST])},
        note=words("Most wanted first. An empty place: nobody says anything about this channel."),
        corner=words("task"),
    )
    counted = words("{n} of {m} tasks shown.", n=words.number(len(ranked)), m=words.number(len(tasks)))
    return _Part(table, counted)
