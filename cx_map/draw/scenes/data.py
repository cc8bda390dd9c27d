"""The data sheet: every attribute by where it is asked, where it is kept, and how far it flows on.

What is known already when it is asked comes from :mod:`cx_map.analyses.known_asks`, what stores hold from
:mod:`cx_map.analyses.holdings`, where it gets to from the propagation graph. Families (the widest attribute above) with
most entries stand first, and in them the attributes with most.

Longer than most modules: both tables are cut from one grid, and most of it is the words of its entries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from cx_map.analyses.holdings import Holdings, holdings, learners
from cx_map.analyses.known_asks import Answer, Asked, Verdict, asks_of, known_asks
from cx_map.analyses.masters import conflicts
from cx_map.audit.findings import Finding, Report
from cx_map.draw.layouts.sheet import legend_of
from cx_map.draw.scene import LegendEntry
from cx_map.draw.scenes.named import Names, badges_of, date_of
from cx_map.draw.sheet import Entry, Head, Place, Sheet, State, Table
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.attributes import PREFERENCE, lineage, title_of
from cx_map.model.inventory import Inventory

MOST_ROWS, MOST_COLUMNS = 120, 40
"""Attributes, and points or stores, shown at most: the ones with most entries."""
_FAMILIES = ("RED", "DATA", "COLL")
_FLOWS, _MASTER, _ASKED = "~flows", "~master", "~asked"
_SUMMED = {_FLOWS, _MASTER, _ASKED}
_WORST: tuple[Answer, ...] = ("silo", "known", "open", "blocked", "first", "justified")


def data_sheet(
    inventory: Inventory, report: Report | None = None, *, as_of: str | None = None, language: str = "en"
) -> Sheet:
    """Every attribute that is asked or kept; with a report, findings on repeated asking and on data as badges.

    A firm that says of no attribute where it is asked or kept gets a sentence on what to write down.
    """
    names = Names(inventory, language)
    words = names.words
    day = date_of(inventory, report, as_of)
    eco = Ecosystem(inventory, day)
    grid = _Grid(eco, names, report.findings if report is not None else ())
    grid.fill()
    asked, kept = grid.table("asked"), grid.table("kept")
    tables = tuple(table for table in (asked, kept) if table.rows)
    shown = {row.id for table in tables for row in table.rows}
    places = {column.id for table in tables for column in table.columns} - _SUMMED
    parts = [names.firm(), words.many("{n} attribute", "{n} attributes", len(grid.rows))]
    known = sum(1 for one in grid.worst.values() if one in ("known", "silo"))
    if known:
        parts.append(words.many("asked in vain {n} time", "asked in vain {n} times", known))
    parts += [words("as of {date}", date=words.date(day))] if day else []
    return Sheet(
        "data",
        words("Customer data – {state}", state=names.state()),
        " · ".join(part for part in parts if part),
        tables,
        words(
            "{n} of {m} attributes shown, at {k} of {l} collection points and stores.",
            n=words.number(len(shown)),
            m=words.number(len(grid.rows)),
            k=words.number(len(places)),
            l=words.number(len(grid.columns)),
        ),
        legend=_legend(names, tables),
        notes=tuple(_notes(grid, names)),
        description=words(
            "For each attribute of the customer: where it is asked although it is known, where its master is, "
            "and how far it flows."
        ),
        language=language,
    )


@dataclass
class _Grid:
    """The whole table before it is cut to a page."""

    eco: Ecosystem
    names: Names
    findings: Sequence[Finding]
    entries: dict[Place, Entry] = field(default_factory=dict)
    worst: dict[tuple[str, str, int], Answer] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    asking: set[str] = field(default_factory=set)

    def fill(self) -> None:
        """Every entry. O(asks * segments + holdings + walks of the propagation graph)."""
        held = self.eco.once(holdings)
        points: dict[Place, list[Verdict]] = {}
        for verdict in self.eco.once(known_asks):
            points.setdefault((verdict.asked.attribute, verdict.asked.point.id), []).append(verdict)
        for place, verdicts in points.items():
            self.asking.add(place[1])
            worst = min(verdicts, key=lambda one: _WORST.index(one.answer))
            self.worst[place[0], place[1], worst.asked.index] = worst.answer
            self._put(place, self._asked(worst, len(verdicts)))
        self._hold(held)
        self.rows = {place[0] for place in self.entries}
        self.columns = {place[1] for place in self.entries}
        for attribute in sorted(self.rows):
            self._flow(attribute, held)
            self._master(attribute, held)

    def _put(self, place: Place, entry: Entry) -> None:
        attribute, where = place
        own = [one for one in self.findings if self._about(one, attribute, where)]
        self.entries[place] = Entry(
            entry.text,
            entry.state,
            entry.sublabel,
            badges=badges_of(own),
            tooltip=entry.tooltip,
            about=(attribute, where),
        )

    def _about(self, finding: Finding, attribute: str, where: str) -> bool:
        return finding.code.startswith(_FAMILIES) and finding.subject == where and attribute in finding.discriminator

    def _asked(self, verdict: Verdict, segments: int) -> Entry:
        """What is to be said of an ask in the segment where it is worst."""
        words, asked = self.names.words, verdict.asked
        states: Mapping[Answer, State] = {
            "known": "bad", "silo": "bad", "blocked": "weak", "first": "good", "open": "unknown", "justified": "plain",
        }  # fmt: skip
        text = {
            "known": words("known already"),
            "silo": words("asked again"),
            "blocked": words("kept apart"),
            "first": words("asked"),
            "open": words("asked"),
            "justified": self._why(asked),
        }[verdict.answer]
        lines = []
        if verdict.answer == "known" and verdict.store is not None:
            lines.append(words("Could be prefilled from {store}.", store=self.names.of(verdict.store)))
        if verdict.earlier is not None:
            lines.append(words("Asked before at {point}.", point=self.names.of(verdict.earlier.point.id)))
        if verdict.answer == "open":
            lines.append(words("Not known: {reason}.", reason=verdict.reason))
            lines.append(words("What would make it known: {fields}.", fields=", ".join(verdict.unlock)))
        if segments > 1:
            lines.append(words.many("Looked at in {n} segment.", "Looked at in {n} segments.", segments))
        state = states[verdict.answer]
        if verdict.answer == "justified" and asked.ask.prefilled_from is not None:
            state = "good"
        sublabel = words("from {store}", store=self.names.of(verdict.store)) if verdict.store else ""
        return Entry(text, state, sublabel, tooltip="\n".join(lines))

    def _why(self, asked: Asked) -> str:
        """Why an ask needs no further reason."""
        words = self.names.words
        if asked.ask.prefilled_from is not None:
            return words("prefilled")
        if asked.purpose == "verify":
            return words("verified")
        if asked.purpose in ("update", "consent"):
            return words("changed") if asked.purpose == "update" else words("consent")
        if asked.ask.legal_basis is not None:
            return words("asked by law")
        if asked.attribute.startswith(PREFERENCE):
            return words("chosen")
        return words("asked, for safety") if asked.ask.step_up else words("observed")

    def _hold(self, held: Holdings) -> None:
        words = self.names.words
        fighting = {(one.attribute, store) for one in conflicts(self.eco) for store in one.stores}
        kinds = {"master": words("master"), "copy": words("copy"), "derived": words("derived")}
        for attribute, some in held.by_attribute.items():
            for one in some:
                holding = one.holding
                clash = (attribute, one.place) in fighting
                state: State = "bad" if clash else "good" if holding.mastery == "master" else "plain"
                text = kinds.get(holding.mastery or "", words("kept"))
                lines = [words("Several stores claim to be its master.")] if clash else []
                if holding.mastery is None:
                    state = "bad" if clash else "unknown"
                    lines.append(words("Not known: whether it is the master. data_sources.holds.mastery would tell."))
                self._put((attribute, one.place), Entry(text, state, tooltip="\n".join(lines)))

    def _flow(self, attribute: str, held: Holdings) -> None:
        """How many further places learn it, from its masters, else from wherever it is kept or asked."""
        words, graph = self.names.words, self.eco.once(propagation)
        places = [one.place for one in held.covering(attribute) if one.holding.mastery == "master"]
        known = self.eco.once(learners)
        starts = set(places) or {one.place for one in held.covering(attribute)}
        for asked in self.eco.once(asks_of):
            if asked.attribute == attribute:
                starts |= known.told(asked.point, attribute)
        if not starts:
            return
        reached = graph.reach(attribute, sorted(starts)) - starts
        perhaps = graph.reach(attribute, sorted(starts), perhaps=True) - starts - reached
        told = ", ".join(self.names.of(one) for one in sorted(reached)) or words("nowhere else")
        lines = [words("From {places} it gets to: {others}.", places=self._list(starts), others=told)]
        if perhaps:
            lines.append(words("Perhaps also to {others}: flows.carries would tell.", others=self._list(perhaps)))
        self.entries[attribute, _FLOWS] = Entry(
            words.many("{n} place", "{n} places", len(reached)),
            "unknown" if perhaps else "plain",
            words("and perhaps {n} more", n=words.number(len(perhaps))) if perhaps else "",
            tooltip="\n".join(lines),
            about=(attribute,),
        )

    def _list(self, some: Iterable[str]) -> str:
        return ", ".join(self.names.of(one) for one in sorted(some))

    def _master(self, attribute: str, held: Holdings) -> None:
        """Where its master is, in one word each."""
        words = self.names.words
        some = held.covering(attribute)
        masters = sorted({one.place for one in some if one.holding.mastery == "master"})
        if masters:
            told, state = ", ".join(map(self.names.of, masters)), "good" if len(masters) == 1 else "weak"
        elif any(one.holding.mastery is None for one in some):
            told, state = words("not said"), "unknown"
        else:
            told, state = "", "none"
        self.entries[attribute, _MASTER] = Entry(told, cast("State", state), about=(attribute, *masters))

    def table(self, which: Literal["asked", "kept"]) -> Table:
        """What is asked where, or kept where: the attributes and places with most entries, attributes by family."""
        words, inventory = self.names.words, self.eco.inventory
        mine = [
            place
            for place in self.entries
            if (place[1] in self.asking) == (which == "asked") and place[1] not in _SUMMED
        ]
        rows, columns = Counter(place[0] for place in mine), Counter(place[1] for place in mine)
        most = sorted(rows, key=lambda one: (-rows[one], one))[:MOST_ROWS]
        family = {one: list(lineage(inventory, one))[-1] for one in most}
        sizes = Counter(family[one] for one in most for _ in range(rows[one]))
        most.sort(key=lambda one: (-sizes[family[one]], family[one], -rows[one], one))
        wide = sorted(columns, key=lambda one: (-columns[one], one))[:MOST_COLUMNS]
        summed = [(_MASTER, words("master"), ""), (_FLOWS, words("flows on to"), "")]
        if which == "kept":
            summed = [(_ASKED, words("asked at"), words("points")), summed[1]]
        heads = (
            *(Head(one, self.names.of(one), kind=self.names.kind(one), group=self._group(which), badges=badges_of(self._rest(one))) for one in wide),
            *(Head(one, label, below, group=words("In sum")) for one, label, below in summed),
        )  # fmt: skip
        asked = Counter(place[0] for place in self.entries if place[1] in self.asking)
        chosen, shown = set(most), {head.id for head in heads}
        entries = {place: one for place, one in self.entries.items() if place[0] in chosen and place[1] in shown}
        if which == "kept":
            entries |= {
                (one, _ASKED): Entry(words.number(asked[one]) if asked[one] else "", "plain" if asked[one] else "none")
                for one in most
            }
        caption = words("Where each attribute is asked") if which == "asked" else words("Where each attribute is kept")
        return Table(
            which, caption, tuple(self._row(one, family[one]) for one in most), heads if most else (), entries,
            corner=words("attribute"),
        )  # fmt: skip

    def _group(self, which: str) -> str:
        words = self.names.words
        return words("Asked at") if which == "asked" else words("Kept in")

    def _row(self, attribute: str, family: str) -> Head:
        title = title_of(self.eco.inventory, attribute)
        return Head(
            attribute,
            title,
            attribute if title != attribute else "",
            group=_family(title_of(self.eco.inventory, family)),
            badges=badges_of(f for f in self.findings if f.subject == attribute and f.code.startswith(_FAMILIES)),
        )

    def _rest(self, where: str) -> list[Finding]:
        """The findings on a point or store that no attribute of it tells of."""
        return [
            one
            for one in self.findings
            if one.subject == where
            and one.code.startswith(_FAMILIES)
            and not any((name, where) in self.entries for name in one.discriminator)
        ]


def _family(name: str) -> str:
    """A family that nobody named goes by its id, written like a name."""
    return name[:1].upper() + name[1:].replace("_", " ")


def _legend(names: Names, tables: Sequence[Table]) -> tuple[LegendEntry, ...]:
    """The kinds and severities that are there, and what the states mean here."""
    words = names.words
    meaning = {
        "good": words("first asked, prefilled, or the master"),
        "weak": words("asked again, or several masters by scope"),
        "bad": words("asked although known, or two masters"),
        "unknown": words("not known"),
        "none": words("nothing there"),
    }
    return legend_of(tables, words, meaning)


def _notes(grid: _Grid, names: Names) -> Iterable[str]:
    words = names.words
    if not grid.rows:
        yield words("The inventory says of no attribute where it is asked or kept.")
        yield words(
            "Write down what each collection point asks (collection_points.asks, writes_to, reads), and what each store "
            "keeps (data_sources.holds, with the mastery of each attribute)."
        )
        return
    silent = sorted(grid.eco.once(holdings).silent)
    if silent:
        yield words.many(
            "{n} data source does not say what it keeps, so it has no column: {names}. data_sources.holds would tell.",
            "{n} data sources do not say what they keep, so they have no column: {names}. data_sources.holds would tell.",
            len(silent),
            names=", ".join(names.of(one) for one in silent[:8]) + (" …" if len(silent) > 8 else ""),
        )
    open_ones = sum(1 for one in grid.worst.values() if one == "open")
    if open_ones:
        yield words.many(
            "Of {n} ask nobody can say whether the answer is known already; its tooltip names the field that would tell.",
            "Of {n} asks nobody can say whether the answer is known already; their tooltips name the field that would tell.",
            open_ones,
        )
