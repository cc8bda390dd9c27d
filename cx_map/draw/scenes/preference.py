"""The preference sheet: for each preference, product by deciding platform, whether it gets there, and what stops it.

Where a preference is known is the least fixpoint of :mod:`cx_map.analyses.preferences`; where it stops, and the fewest
flows that would mend it, come from :mod:`cx_map.analyses.preference_reach`.

Longer than most modules: both tables tell of the same places, and most of it is the words of their entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cx_map.analyses.preference_reach import Honoured, Stop, blame, honoured
from cx_map.analyses.preferences import UNNAMED, deciding_platforms, governing, preferences
from cx_map.audit.findings import Finding, Report
from cx_map.draw.layouts.sheet import legend_of
from cx_map.draw.scenes.named import Names, badges_of, date_of
from cx_map.draw.sheet import Entry, Head, Sheet, State, Table
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Link
from cx_map.model.chapter_customers import Preference
from cx_map.model.chapter_map import Communication, Platform
from cx_map.model.inventory import Inventory

MOST = 240
"""Rows (a product of a preference) in the second table at most: preferences that stop somewhere first."""
_ORDER: tuple[State, ...] = ("bad", "unknown", "weak", "good")


def preference_sheet(
    inventory: Inventory, report: Report | None = None, *, as_of: str | None = None, language: str = "en"
) -> Sheet:
    """Every preference in use; with a report, findings on preferences as badges.

    A firm without preferences gets a sentence on what to write down.
    """
    names = Names(inventory, language)
    words = names.words
    day = date_of(inventory, report, as_of)
    eco = Ecosystem(inventory, day)
    findings = [one for one in report.findings if one.code.startswith("PREF")] if report is not None else []
    places = _places(eco)
    usable = [one for one in inventory.of(Preference) if one.usable]
    ordered = sorted(usable, key=lambda one: (*_trouble(places.get(one.id, {}).values()), one.id))
    drawn = [one for one in ordered if places.get(one.id)]
    reach = _table(eco, drawn, places, names, findings)
    pairs = sum(len({product for product, _ in places[one.id]}) for one in drawn)
    tables = [_overview(eco, ordered, places, names, findings), *([reach] if reach.rows else [])] if usable else []
    stopped = sum(1 for one in usable if any(place.state == "bad" for place in places.get(one.id, {}).values()))
    parts = [names.firm(), words.many("{n} preference", "{n} preferences", len(usable))]
    parts += [words.many("{n} does not get everywhere", "{n} do not get everywhere", stopped)] if stopped else []
    parts += [words("as of {date}", date=words.date(day))] if day else []
    return Sheet(
        "preference",
        words("Customer preferences – {state}", state=names.state()),
        " · ".join(part for part in parts if part),
        tuple(tables),
        words(
            "{n} of {m} preferences shown; {k} of {l} products of preferences shown.",
            n=words.number(len(usable)),
            m=words.number(len(usable)),
            k=words.number(len(reach.rows)),
            l=words.number(pairs),
        ),
        legend=legend_of(
            tables,
            words,
            {
                "good": words("reached"),
                "weak": words("reached, not enforced"),
                "bad": words("not reached"),
                "none": words("none"),
            },
        ),
        notes=tuple(_notes(usable, names)),
        description=words(
            "For each preference: whether it is known to the platform that decides, product by product, and what is missing."
        ),
        language=language,
    )


@dataclass
class _Cell:
    """One product at one deciding platform: its worst state, what is decided there, and what stops it."""

    state: State = "good"
    communications: list[str] = field(default_factory=list)
    stop: Stop | None = None
    why: str = ""


def _places(eco: Ecosystem) -> dict[str, dict[tuple[str, str], _Cell]]:
    """For each preference its products at the platforms that decide. O(communications * products)."""
    known = eco.once(preferences)
    found: dict[str, dict[tuple[str, str], _Cell]] = {}
    for one in eco.once(honoured):
        communication = one.communication
        stops = {(stop.preference.id, stop.decider): stop for stop in one.stops}
        for preference, routes in governing(eco.inventory, communication):
            for decider in deciding_platforms(eco.inventory, communication, routes, preference):
                for product in _wanted(known.expected(preference), communication):
                    cell = found.setdefault(preference.id, {}).setdefault((product, decider), _Cell())
                    cell.communications.append(communication.id)
                    _judge(eco, cell, preference, decider, product, stops.get((preference.id, decider)), one)
    return found


def _wanted(expected: tuple[str, ...], communication: Communication) -> tuple[str, ...]:
    """The products at stake: those expected that the communication is about; one nobody names where there are none."""
    about = communication.products
    if about is None:
        return expected or (UNNAMED,)
    return tuple(name for name in expected if name in about) or (() if about else expected or (UNNAMED,))


def _judge(
    eco: Ecosystem,
    cell: _Cell,
    preference: Preference,
    decider: str,
    product: str,
    stop: Stop | None,
    honest: Honoured,
) -> None:
    """Make the cell as bad as this communication finds it."""
    known = eco.once(preferences).known(preference)
    state: State = "good"
    if not known.starts or (product not in known.of(decider) and (stop is None or product not in stop.products)):
        state = "unknown"
        cell.why = honest.open or "what a flow on the way carries is not known"
    elif stop is not None and product in stop.products:
        state = "bad"
        cell.stop = stop
    elif (enforces := _enforces(eco, decider)) is not None and preference.id not in enforces:
        state = "weak"
    if _ORDER.index(state) < _ORDER.index(cell.state):
        cell.state = state


def _enforces(eco: Ecosystem, platform: str) -> tuple[str, ...] | None:
    entity = eco.inventory.find(platform, Platform)
    return entity.enforces if entity is not None else None


def _trouble(cells: Iterable[_Cell]) -> tuple[int, int]:
    """Most places where it stops first, then most that are not known."""
    states = [cell.state for cell in cells]
    return (-states.count("bad"), -states.count("unknown"))


def _overview(
    eco: Ecosystem,
    ordered: list[Preference],
    places: dict[str, dict[tuple[str, str], _Cell]],
    names: Names,
    findings: list[Finding],
) -> Table:
    """All preferences: where each is given and kept, and at how many places it is known or not."""
    words = names.words
    columns = (
        Head("given", words("given at"), words("points")),
        Head("master", words("kept in")),
        Head("governs", words("governs"), words("communications")),
        Head("good", words("reached"), words("product × platform")),
        Head("weak", words("reached, not enforced")),
        Head("bad", words("not reached")),
        Head("unknown", words("not known")),
    )
    governed: dict[str, list[str]] = {}
    for communication in eco.inventory.of(Communication):
        if communication.usable:
            for preference, _ in governing(eco.inventory, communication):
                governed.setdefault(preference.id, []).append(communication.id)
    entries: dict[tuple[str, str], Entry] = {}
    rows = []
    for one in ordered:
        own = [finding for finding in findings if one.id in (finding.subject, *finding.related)]
        rows.append(Head(one.id, names.of(one.id), names.words.term(one.kind_ or ""), one.kind, badges=badges_of(own)))
        points = dict.fromkeys((*(one.captured_at or ()), *(one.changed_at or ())))
        given = one.captured_at is not None or one.changed_at is not None
        entries[one.id, "given"] = (
            Entry(words.number(len(points)), tooltip=", ".join(map(names.of, points)), about=tuple(points))
            if given
            else Entry("", "unknown", tooltip=words("preferences.captured_at would tell."))
        )
        entries[one.id, "master"] = (
            Entry(names.of(one.master), about=(one.master,))
            if one.master is not None
            else Entry("", "unknown", tooltip=words("preferences.master would tell."))
        )
        ids = governed.get(one.id, [])
        entries[one.id, "governs"] = Entry(
            words.number(len(ids)) if ids else "", "plain" if ids else "none",
            tooltip=", ".join(map(names.of, ids)), about=tuple(ids),
        )  # fmt: skip
        states = [cell.state for cell in places.get(one.id, {}).values()]
        for state in ("good", "weak", "bad", "unknown"):
            count = states.count(state)
            entries[one.id, state] = Entry(
                words.number(count) if count else "",
                state if count else "none",
                about=(one.id,),
            )
    return Table("overview", words("All preferences"), tuple(rows), columns, entries, corner=words("preference"))


def _table(
    eco: Ecosystem,
    drawn: list[Preference],
    places: dict[str, dict[tuple[str, str], _Cell]],
    names: Names,
    findings: list[Finding],
) -> Table:
    """Products by deciding platform, the products of one preference together."""
    words = names.words
    rows: list[Head] = []
    entries: dict[tuple[str, str], Entry] = {}
    deciders: set[str] = set()
    for preference in drawn:
        cells = places[preference.id]
        products = sorted({product for product, _ in cells}, key=lambda one: (one == UNNAMED, one))
        if len(rows) + len(products) > MOST and rows:
            break
        group = f"{names.of(preference.id)} – {_told(preference, names, eco.inventory)}"
        for product in products:
            kind = "" if product == UNNAMED else names.kind(product)
            label = words("any product") if product == UNNAMED else names.of(product)
            rows.append(Head(f"{preference.id} {product}", label, kind=kind, group=group))
        for (product, decider), cell in cells.items():
            own = [one for one in findings if one.subject in cell.communications and preference.id in _names_in(one)]
            deciders.add(decider)
            entries[f"{preference.id} {product}", decider] = _entry(
                eco, preference, (product, decider), cell, names, own
            )
    return Table(
        "reach",
        words("Does it reach those who decide?"),
        tuple(rows),
        tuple(Head(one, names.of(one), kind=names.kind(one)) for one in sorted(deciders)),
        entries,
        note=words("Platforms that decide how a communication governed by the preference is sent."),
        corner=words("product"),
    )


def _names_in(finding: Finding) -> tuple[str, ...]:
    return (*finding.related, *finding.discriminator)


def _entry(
    eco: Ecosystem,
    preference: Preference,
    place: tuple[str, str],
    cell: _Cell,
    names: Names,
    findings: list[Finding],
) -> Entry:
    words = names.words
    lines = [words("Decided there: {list}.", list=", ".join(map(names.of, sorted(set(cell.communications)))))]
    sublabel = ""
    if cell.state == "bad" and cell.stop is not None:
        repair = blame(eco, cell.stop)
        edges = list(_edges(repair.widened, repair.new)) if repair is not None else []
        if repair is None:
            sublabel = words("policy forbids every way")
        elif edges:
            sublabel = words("missing: {flow}", flow=", ".join(f"{names.of(a)} → {names.of(b)}" for a, b in edges))
            lines.append(words("Cheapest repair: {repair}.", repair=repair.summary))
    enforces = _enforces(eco, place[1])
    if cell.state == "good" and enforces is None:
        sublabel = words("not said whether it enforces it")
        lines.append(words("platforms.enforces would tell whether it respects the preference."))
    if cell.state == "unknown":
        lines.append(words("Not known: {reason}.", reason=cell.why))
    text = {
        "good": words("reached"),
        "weak": words("reached, not enforced"),
        "bad": words("not reached"),
        "unknown": words("not known"),
    }[cell.state]
    about = (preference.id, *(one for one in place if one != UNNAMED), *dict.fromkeys(cell.communications))
    return Entry(text, cell.state, sublabel, badges=badges_of(findings), tooltip="\n".join(lines), about=about)


def _edges(widened: Iterable[Link], new: tuple[str, str] | None) -> Iterator[tuple[str, str]]:
    for link in widened:
        yield link.source, link.target
    if new is not None:
        yield new


def _told(preference: Preference, names: Names, inventory: Inventory) -> str:
    words = names.words
    parts = []
    points = dict.fromkeys((*(preference.captured_at or ()), *(preference.changed_at or ())))
    if points:
        parts.append(words("given at {points}", points=", ".join(map(names.of, points))))
    else:
        parts.append(words("not known where it is given (preferences.captured_at)"))
    if preference.master is not None and preference.master in inventory.entities:
        parts.append(words("kept in {store}", store=names.of(preference.master)))
    else:
        parts.append(words("not known where it is kept (preferences.master)"))
    if preference.deadline is not None:
        parts.append(words("respected within {time}", time=names.time(preference.deadline.seconds)))
    return " · ".join(parts)


def _notes(usable: list[Preference], names: Names) -> Iterator[str]:
    words = names.words
    if not usable:
        yield words("The inventory names no preference that customers can give.")
        yield words(
            "Write down under “preferences” what customers choose, where (captured_at, withdrawn_at) and which store "
            "decides (master); and with communications what they respect (governed_by)."
        )
        return
    yield words(
        "Reached: known, for that product, to the platform that decides the channel. A missing flow is the fewest that "
        "would mend it."
    )
