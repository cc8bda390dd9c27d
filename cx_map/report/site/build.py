"""The whole site: every file by its path inside the folder.

Pages are plain HTML that reads without a script, on paper and by mail; links are relative, so the folder can be
moved. O(findings + tables + drawings); a page shows at most :data:`MOST` findings of a section and says so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cx_map.analyses.scorecard import Score
from cx_map.audit.findings import Finding, Report
from cx_map.audit.own_codes import OWN_CODES
from cx_map.audit.registry import find_rule
from cx_map.report import tables
from cx_map.report.diff_form import change_lines, counts_text
from cx_map.report.first_page import SHOWN, cause_text, headline, proof_text
from cx_map.report.lines import plain
from cx_map.report.pages import own_page, page_markdown
from cx_map.report.site.burn_down import burn_down
from cx_map.report.site.facts import CHAPTERS, Facts
from cx_map.report.site.html import markdown_to_html, most, page
from cx_map.report.site.pictures import Drawn, difference, drawings, interactive
from cx_map.report.site.single import about
from cx_map.report.sources import Sources
from cx_map.report.workbook import csv_of, workbook_of
from cx_map.rulekit import Fix

WORST = 10
"""Findings on the first page."""
LONGEST_NAME = 80
"""Characters of an id in the name of its file: paths of 260 characters are all that some systems and archives take."""
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
"""What Windows takes for a device, whatever the ending."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of a page of findings."""

    id: str
    name: str
    findings: Sequence[Finding]
    scores: Sequence[Score] = ()


@dataclass(slots=True)
class _Site:
    """The files so far, and what every page needs."""

    facts: Facts
    menu: list[tuple[str, str]]
    files: dict[str, str | bytes] = field(default_factory=dict)

    def add(self, path: str, template: str, **values: Any) -> None:
        """One page; ``path`` decides how far the links go up."""
        self.files[path] = page(
            template,
            {
                **_common(self.facts),
                "pages": self.menu,
                "here": path,
                "links": True,
                "root": "../" * path.count("/"),
                **values,
            },
        )


def site(facts: Facts, *, language: str = "en") -> dict[str, str | bytes]:
    """Every file of the report, by path, in order of paths."""
    menu = [("index.html", "Summary"), ("findings.html", "Findings"), ("owners.html", "Owners"), ("maps.html", "Maps")]
    if facts.stages:
        menu.append(("roadmap.html", "Roadmap"))
    made = _Site(facts, [*menu, ("tables.html", "Tables")])
    pictures = drawings(facts, language)
    homes = _owner_pages(facts)
    sources = Sources(facts.inventory.files)
    every = [*tables.overview(facts.eco, facts.report), *tables.details(facts.inventory, facts.report)]
    _summary(made, pictures, homes, next(one for one in every if one.name == "unlock"))
    _findings(made, homes, lambda one: plain(sources.frame(one.location, one.label)))
    _maps(made, pictures, language)
    if facts.stages:
        _roadmap(made, language)
    _tables(made, every)
    _rules(made)
    return dict(sorted(made.files.items()))


def _common(facts: Facts) -> dict[str, object]:
    return {**about(facts.report), "firm": facts.firm}


def _summary(made: _Site, pictures: Sequence[Drawn], homes: Mapping[str, str], unlock: tables.Table) -> None:
    facts = made.facts
    shown = [one for one in facts.report.findings if one.folded_into is None][:WORST]
    web = next((one.svg for one in pictures if one.view == "web" and one.svg), "")
    made.add(
        "index.html",
        "index.html",
        worst=shown,
        linked={one.fingerprint for _, _, families in CHAPTERS for one in facts.chapter(families)[: most()]},
        **_first(facts.report),
        scores=facts.scores,
        owners=facts.owners,
        owner_page=homes,
        picture=_markup(web),
        burn=_markup(burn_down(facts.stages)),
        unlock=unlock,
    )


def _first(report: Report) -> dict[str, object]:
    """The changes that resolve several findings, each with the findings, and how that was proven."""
    causes = report.root_causes
    if causes is None or not causes.found:
        return {"first": ()}
    by_fingerprint = {one.fingerprint: one for one in report.findings}
    told = [
        {
            "text": cause_text(one),
            "findings": [by_fingerprint[name] for name in one.resolves],
            "fix": Fix("", one.changes),
        }
        for one in causes.found[:SHOWN]
    ]
    return {"first": told, "headline": headline(report, causes), "proof": proof_text(causes)}


def _findings(made: _Site, homes: Mapping[str, str], frames: Callable[[Finding], str]) -> None:
    facts = made.facts
    sections = [
        _Section(key, name, facts.chapter(families), [one for one in facts.scores if one.chapter == key])
        for key, name, families in CHAPTERS
    ]
    told = [one for one in sections if one.findings or one.scores]
    made.add("findings.html", "findings.html", heading="Findings by chapter", intro="", sections=told, frames=frames)
    made.add("owners.html", "owners.html", owners=facts.owners, owner_page=homes)
    for owner in facts.owners:
        part = [_Section("findings", "Findings", owner.findings)]
        made.add(homes[owner.key], "findings.html", heading=owner.name, sections=part, frames=frames,
                 intro="The worst first." if owner.key else "Nobody is named for these: the first step is to name somebody.")  # fmt: skip


def _owner_pages(facts: Facts) -> dict[str, str]:
    """A page for each owner; no id begins with ``_``."""
    return {owner.key: f"owners/{_file_name(owner.key) if owner.key else '_nobody'}.html" for owner in facts.owners}


def _file_name(identifier: str) -> str:
    """An id as a file name on every system: as it is, else its beginning and a hash of it.

    Ids are lower case letters, digits, ``.``, ``_`` and ``-``; left are names of devices on Windows and long ones.
    """
    if len(identifier) <= LONGEST_NAME and identifier.split(".", 1)[0] not in _DEVICES:
        return identifier
    return f"_{identifier[:LONGEST_NAME]}-{hashlib.sha256(identifier.encode()).hexdigest()[:12]}"


def _maps(made: _Site, pictures: Sequence[Drawn], language: str) -> None:
    links = []
    for one in pictures:
        if one.svg:
            made.files[f"maps/{one.view}.svg"] = one.svg
            made.add(f"maps/{one.view}.html", "maps.html", heading=one.label, about=one.about, file=f"{one.view}.svg",
                     picture=_markup(one.svg), views=(), missing=())  # fmt: skip
            links.append({"target": f"maps/{one.view}.html", "label": one.label, "about": one.about})
    live = interactive(made.facts, language)
    if live:
        made.files["maps/explore.html"] = live
        links.insert(
            0, {"target": "maps/explore.html", "label": "Explore", "about": "the map to search, filter and walk"}
        )
    made.add("maps.html", "maps.html", heading="Maps", about="", file="", picture="", views=links,
             missing=[one for one in pictures if not one.svg])  # fmt: skip


def _roadmap(made: _Site, language: str) -> None:
    facts = made.facts
    roadmap = facts.inventory.roadmap
    made.add(
        "roadmap.html",
        "roadmap.html",
        name=roadmap.title if roadmap is not None and roadmap.name is not None else "Roadmap",
        stages=[(stage, counts_text(stage.changes) if stage.changes else "",
                 plain(change_lines(stage.changes)).splitlines() if stage.changes else []) for stage in facts.stages],
        burn=_markup(burn_down(facts.stages)),
        picture=_markup(difference(facts, language)),
    )  # fmt: skip


def _tables(made: _Site, every: Sequence[tables.Table]) -> None:
    for one in every:
        made.files[f"tables/{one.name}.csv"] = csv_of(one)
    made.files["tables/inventory.xlsx"] = workbook_of(every)
    shown = [one for one in every if one.name in ("counts", "coverage", "completeness", "feedback", "unlock")]
    made.add("tables.html", "tables.html", tables=every, shown=shown)


def _rules(made: _Site) -> None:
    """The page of every rule that the report names."""
    report = made.facts.report
    for code in sorted({one.code for one in report.findings} | {one.code for one in report.not_assessed}):
        rule = find_rule(code)
        text = page_markdown(rule) if rule is not None else own_page(OWN_CODES[code])
        made.add(
            f"rules/{code}.html", "rule.html", rule={"code": code}, page=_markup(markdown_to_html(_one_down(text)))
        )


def _one_down(text: str) -> str:
    """Headings one level lower: the page has a first one already."""
    return re.sub(r"^(#+ )", r"#\1", text, flags=re.MULTILINE)


def _markup(text: str) -> object:
    """Markup of our own that is safe as it is."""
    from markupsafe import Markup

    return Markup(text)
