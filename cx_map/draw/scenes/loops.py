"""The feedback loops as a sheet: each loop a strip of stages, with the break and the computed repair.

Loops to answer a customer, to remove a cause and to handle an incident stand in tables of their own, the worst
first (severity of its findings, then how many signals a month). What is closed, broken or open is judged by
:mod:`cx_map.analyses.closed_loops`, what would mend it by :mod:`cx_map.analyses.loop_repair`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cx_map.analyses.closed_loops import LoopVerdict, Status, closed_loops
from cx_map.analyses.outer_loops import outer_loops
from cx_map.audit.findings import Finding, Report
from cx_map.draw.scene import Badge
from cx_map.draw.scenes.causes import causes_table
from cx_map.draw.scenes.loop_rows import rows_of
from cx_map.draw.scenes.named import Names, badges_of, date_of, reworded, worst
from cx_map.draw.sheet import Head, Sheet, Table
from cx_map.draw.words import Words
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_feedback import FeedbackLoop, Signal
from cx_map.model.inventory import Inventory

MOST = 60
"""Loops drawn in full at most; the rest is counted."""
STATUSES: tuple[Status, ...] = ("broken", "condition", "late", "open", "acted_on", "closed", "by_design")
"""From what needs somebody most to what needs nobody."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A verdict with the badges of its findings."""

    verdict: LoopVerdict
    badges: tuple[Badge, ...]

    @property
    def rank(self) -> tuple[int, int, float, str, str]:
        """Worst first, then the most signals a month, then by id."""
        volume = self.verdict.signal.volume
        loop = self.verdict.loop
        return (
            worst(self.badges),
            STATUSES.index(self.verdict.status),
            -(volume.value if volume is not None else 0.0),
            self.verdict.signal.id,
            loop.id if loop is not None else "",
        )


def loops_sheet(
    inventory: Inventory, report: Report | None = None, *, as_of: str | None = None, language: str = "en"
) -> Sheet:
    """Every declared loop, and every signal that needs one, stage by stage; with a report, its findings as badges.

    Above :data:`MOST` loops only the worst are drawn. A firm without signals gets a sentence on what to write down.
    """
    names = Names(inventory, language)
    words = names.words
    day = date_of(inventory, report, as_of)
    eco = Ecosystem(inventory, day)
    findings = [one for one in report.findings if one.code.startswith("LOOP")] if report is not None else []
    judged = sorted((_judged(one, findings) for one in eco.once(closed_loops)), key=lambda one: one.rank)
    shown = judged[:MOST]
    tables = [table for kind in ("inner", "outer", "incident") if (table := _table(kind, shown, eco, names))]
    causes = causes_table(eco.once(outer_loops), findings, names)
    counts = Counter(one.verdict.status for one in judged)
    told = [_counted(words, status, counts[status]) for status in STATUSES if counts[status]]
    parts = [names.firm(), words.many("{n} loop", "{n} loops", len(judged)), *told]
    parts += [words("as of {date}", date=words.date(day))] if day else []
    sheet = Sheet(
        "loops",
        words("Feedback loops – {state}", state=names.state()),
        " · ".join(part for part in parts if part),
        (*tables, *((causes,) if causes is not None else ())),
        words("{n} of {m} loops shown.", n=words.number(len(shown)), m=words.number(len(judged))),
        notes=tuple(_notes(inventory, judged, names)),
        description=words(
            "How far what customers tell comes, where it stops, and what would bring an answer back to them."
        ),
        language=language,
    )
    return reworded(
        sheet,
        {
            ("state", "good"): words("reached"),
            ("state", "bad"): words("not reached, or too late"),
            ("state", "none"): words("not needed, or beyond the break"),
            ("edge", "missing"): words("here it breaks"),
            ("edge", "dashed"): words("a step of the cheapest repair"),
        },
    )


def _judged(verdict: LoopVerdict, findings: Sequence[Finding]) -> _Judged:
    """A verdict with the findings on its signal or loop; one that names another loop of the signal is not its own."""
    loop = verdict.loop.id if verdict.loop is not None else ""
    own = [
        one
        for one in findings
        if one.subject == loop
        or (one.subject == verdict.signal.id and (not one.discriminator or one.discriminator == (loop,)))
    ]
    return _Judged(verdict, badges_of(own))


def _table(kind: str, judged: Sequence[_Judged], eco: Ecosystem, names: Names) -> Table | None:
    rows = [row for one in judged if one.verdict.kind == kind for row in rows_of(one.verdict, one.badges, eco, names)]
    if not rows:
        return None
    words = names.words
    captions = {
        "inner": (
            words("Inner loops"),
            words("Whoever tells the firm something gets an answer. A signal without a declared loop needs this one."),
        ),
        "outer": (
            words("Outer loops"),
            words("What many customers tell leads to a change, and somebody checks that it helped."),
        ),
        "incident": (
            words("Incident loops"),
            words("What goes wrong for many at once is owned, mended and told to them."),
        ),
    }
    caption, note = captions[kind]
    return Table(
        kind,
        caption,
        tuple(row.head for row in rows),
        _columns(words),
        {place: entry for row in rows for place, entry in row.entries.items()},
        tuple(link for row in rows for link in row.links),
        note,
        words("signal"),
        wide=True,
    )


def _columns(words: Words) -> tuple[Head, ...]:
    return (
        Head("capture", words("captured"), words("where it is kept")),
        Head("analyse", words("analysed"), words("what makes sense of it")),
        Head("own", words("owned"), words("who takes it on")),
        Head("act", words("acted"), words("what is done")),
        Head("inform", words("informed"), words("what tells the customer")),
        Head("verify", words("verified"), words("what shows that it helped")),
        Head("time", words("time"), words("worst case, of what is allowed")),
    )


def _counted(words: Words, status: Status, number: int) -> str:
    match status:
        case "broken":
            return words.many("{n} broken", "{n} broken", number)
        case "condition":
            return words.many("{n} lacks one condition", "{n} lack one condition", number)
        case "late":
            return words.many("{n} too slow", "{n} too slow", number)
        case "open":
            return words.many("{n} not known", "{n} not known", number)
        case "acted_on":
            return words.many("{n} anonymous, acted on", "{n} anonymous, acted on", number)
        case "closed":
            return words.many("{n} closed", "{n} closed", number)
        case _:
            return words.many("{n} exempt with a reason", "{n} exempt with a reason", number)


def _notes(inventory: Inventory, judged: Sequence[_Judged], names: Names) -> list[str]:
    words = names.words
    if judged:
        return []
    if not inventory.of(Signal):
        return [
            words("The inventory names no signal, so there is no loop to follow."),
            words(
                "Write down what customers tell or show under “signals” (where it comes from, where it is kept, how "
                "many a month), then what is made of it under “insights” and “actions”."
            ),
        ]
    loops = len(inventory.of(FeedbackLoop))
    return [
        words("No signal here calls for a loop: all are of employees, of volume 0, or not in use."),
        words.many("{n} loop is declared.", "{n} loops are declared.", loops),
    ]
