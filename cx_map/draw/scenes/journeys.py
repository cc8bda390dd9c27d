"""The journeys as a sheet: one table each, touchpoints in the order in which customers meet them.

What gets across a hand-off is judged by :mod:`cx_map.analyses.handoffs`, whether a promise is kept by
:mod:`cx_map.analyses.promises`, who listens by :mod:`cx_map.analyses.listening`.
"""

from __future__ import annotations

from cx_map.analyses.handoffs import hand_offs
from cx_map.analyses.listening import listening
from cx_map.analyses.promises import promise_walks
from cx_map.audit.findings import Finding, Report
from cx_map.draw.scenes.journey_facts import Facts
from cx_map.draw.scenes.journey_rows import table_of
from cx_map.draw.scenes.named import Names, badges_of, date_of, reworded, worst
from cx_map.draw.sheet import Sheet
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_service import Journey
from cx_map.model.inventory import Inventory

MOST = 12
"""Journeys drawn at most; the rest is counted."""


def journeys_sheet(
    inventory: Inventory, report: Report | None = None, *, as_of: str | None = None, language: str = "en"
) -> Sheet:
    """Every journey in use, touchpoint by touchpoint; with a report, its findings as badges.

    First those said to matter most, then by their worst finding, volume and id; above :data:`MOST` the rest is
    counted only. A firm without journeys gets a sentence on what to write down.
    """
    names = Names(inventory, language)
    words = names.words
    day = date_of(inventory, report, as_of)
    eco = Ecosystem(inventory, day)
    findings: dict[str, list[Finding]] = {}
    for finding in report.findings if report is not None else ():
        findings.setdefault(finding.subject, []).append(finding)
    journeys = [one for one in inventory.of(Journey) if one.usable and one.steps]
    journeys.sort(
        key=lambda one: (
            not one.highest_impact,
            worst(badges_of(findings.get(one.id, ()))),
            -(one.volume.value if one.volume is not None else 0.0),
            one.id,
        )
    )
    shown = journeys[:MOST]
    facts = Facts(
        names,
        {
            (one.transition.journey.id, one.transition.number, one.transition.after.id): one
            for one in eco.once(hand_offs)
        },
        eco.once(promise_walks),
        {one.touchpoint.id: one for one in eco.once(listening) or ()},
        findings,
    )
    described = sum(one.usable for one in inventory.of(Journey))
    parts = [names.firm(), words.many("{n} journey", "{n} journeys", described)]
    parts += [words("as of {date}", date=words.date(day))] if day else []
    sheet = Sheet(
        "journey",
        words("Journeys – {state}", state=names.state()),
        " · ".join(part for part in parts if part),
        tuple(table_of(one, facts) for one in shown),
        words("{n} of {m} journeys shown.", n=words.number(len(shown)), m=words.number(described)),
        notes=tuple(_notes(journeys, described, names)),
        description=words("What customers pass, what must be known there, and what is lost on the way."),
        language=language,
    )
    return reworded(
        sheet,
        {
            ("state", "good"): words("in order, known here"),
            ("state", "bad"): words("lost on the way, or not kept"),
            ("state", "weak"): words("late, or in part"),
            ("edge", "missing"): words("something is lost here"),
            ("edge", "dashed"): words("comes too late"),
        },
    )


def _notes(journeys: list[Journey], described: int, names: Names) -> list[str]:
    words = names.words
    if journeys:
        return []
    hint = words(
        "Write down under “journeys” the touchpoints that customers pass, in order, and under “touchpoints” the "
        "channel and platform of each and what must be known there (needs_context)."
    )
    if described:
        return [words.many("{n} journey has no steps.", "{n} journeys have no steps.", described), hint]
    return [words("The inventory names no journey, so there is no way to follow."), hint]
