"""The rows of one loop on the sheet of loops: how it is today, and below it how the computed repair would join it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cx_map.analyses.closed_loops import LoopVerdict
from cx_map.analyses.loop_deadlines import stage_limits
from cx_map.analyses.loop_reach import reach
from cx_map.analyses.loop_repair import Repair, cheapest_repair
from cx_map.analyses.loop_stages import StageMark, stage_marks
from cx_map.analyses.loop_strip import ready_further_on, stops_where, unowned, whom
from cx_map.analyses.loop_times import seconds_by_stage
from cx_map.analyses.loop_walks import Stage
from cx_map.analyses.repair_candidates import NEW, Step, candidates
from cx_map.analyses.repair_operators import plan_of
from cx_map.draw.scene import Badge, Emphasis
from cx_map.draw.scenes.named import Names
from cx_map.draw.sheet import Entry, Head, Link, Place, State
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import shown

STAGES = ("capture", "analyse", "own", "act", "inform", "verify")
_STATE: Mapping[str, State] = {
    "passed": "good", "broken": "bad", "beyond": "none", "unknown": "unknown", "idle": "none",
}  # fmt: skip
_COLUMN = {
    Stage.CAPTURED: "capture", Stage.ANALYSED: "analyse", Stage.OWNED: "own", Stage.ACTED: "act",
    Stage.COMPOSED: "inform", Stage.SENT: "inform",
}  # fmt: skip
_READY_AT = {"owned": "own", "acted": "act", "composed": "inform"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: its head, its entries and the arrows between them."""

    head: Head
    entries: dict[Place, Entry] = field(default_factory=dict)
    links: tuple[Link, ...] = ()


def rows_of(verdict: LoopVerdict, badges: tuple[Badge, ...], eco: Ecosystem, names: Names) -> list[Row]:
    """The loop as it is, and where it is broken and the candidates can, as repaired."""
    today = _today(verdict, badges, eco, names)
    if verdict.status not in ("broken", "condition"):
        return [today]
    repair = cheapest_repair(verdict, eco.once(candidates))
    return [today] if repair is None else [today, _repaired(today.head.id, repair, verdict, eco, names)]


def _today(verdict: LoopVerdict, badges: tuple[Badge, ...], eco: Ecosystem, names: Names) -> Row:
    words = names.words
    signal, loop = verdict.signal, verdict.loop
    ident = f"{signal.id}|{loop.id}" if loop is not None else signal.id
    declared = names.of(loop.id) if loop is not None else words("no loop declared")
    head = Head(
        ident, names.of(signal.id), f"{declared} · {names.a_month(signal.volume)}", signal.kind, badges=badges,
        tooltip=_about(verdict, names),
    )  # fmt: skip
    marks = stage_marks(verdict, eco.once(reach))
    entries = {(ident, mark.stage): _entry(mark, verdict, names) for mark in marks}
    _add_tail(entries, ident, verdict, eco, names)
    entries[ident, "verify"] = _verified(verdict, marks[-1], names)
    entries[ident, "time"] = _time(verdict, names)
    return Row(head, entries, _links(ident, marks, entries, verdict, names))


def _entry(mark: StageMark, verdict: LoopVerdict, names: Names) -> Entry:
    """Who and what stands at a stage, or why nobody does."""
    passed = [shown(step.target) for step in mark.steps]
    passed = [one for one in passed if one]
    state = _STATE[mark.mark]
    if mark.mark == "broken":
        why = _why(mark.stage, verdict, names)
        return Entry(why, "bad", names.chain(passed), about=tuple(passed))
    if not passed:
        said = names.words("not known") if mark.mark == "unknown" else ""
        return Entry(said, state)
    return names.card(passed, state, _spent(mark.stage, verdict, names))


def _why(stage: str, verdict: LoopVerdict, names: Names) -> str:
    """Why the loop breaks at a stage, in a few words."""
    words = names.words
    if stage in verdict.missing:
        return words("the loop names nobody for this stage")
    if verdict.condition == "identity":
        return words("the customer is no longer known")
    if verdict.condition == "ownership":
        return words("nobody who may own it")
    if verdict.condition == "production":
        return words("the answer cannot be delivered")
    if stage == "inform" and verdict.reached == Stage.SENT:
        return words("the answer reaches others only")
    return {
        "capture": words("kept nowhere"),
        "analyse": words("nobody makes sense of it"),
        "own": words("nobody takes it on"),
        "act": words("nobody acts on it"),
        "inform": words("nobody answers"),
    }[stage]


def _spent(stage: str, verdict: LoopVerdict, names: Names) -> str:
    """The known time of a stage, of what the declared loop allows it."""
    spent = seconds_by_stage(verdict.walk).get(stage) if verdict.walk is not None else None
    allowed = stage_limits(verdict.loop).get(stage)
    if spent and allowed is not None:
        return names.words("{time} of {allowed}", time=names.time(spent), allowed=names.time(allowed))
    return names.time(spent) if spent else ""


def _add_tail(entries: dict[Place, Entry], ident: str, verdict: LoopVerdict, eco: Ecosystem, names: Names) -> None:
    """What stands ready after the break, though nothing leads there."""
    tail = ready_further_on(verdict, eco.once(candidates)) if verdict.status == "broken" else None
    if tail is None:
        return
    words = names.words
    stage, ready = _READY_AT[tail[0]], tail[1]
    more = words.many("and {n} more", "and {n} more", len(ready) - 1) if len(ready) > 1 else ""
    told = " ".join(filter(None, (words("ready: {name}", name=names.of(ready[0])), more)))
    known = entries[ident, stage]
    if known.state == "bad":
        entries[ident, stage] = Entry(known.text, "bad", told, about=known.about or ready)
    elif not known.text:
        entries[ident, stage] = Entry(
            names.of(ready[0]), "none", " ".join(filter(None, (words("ready, not reached"), more))),
            names.kind(ready[0]), about=ready,
        )  # fmt: skip


def _verified(verdict: LoopVerdict, mark: StageMark, names: Names) -> Entry:
    words = names.words
    if mark.mark == "broken":
        return Entry(words("nobody checks that it helped"), "bad")
    named = verdict.loop.stages.verify if verdict.loop is not None and verdict.loop.stages is not None else None
    return names.card(named, "plain", words("named")) if named else Entry("", "none")


def _time(verdict: LoopVerdict, names: Names) -> Entry:
    """The whole time of the loop in the worst case, of what is allowed; what is not known makes it *at least*."""
    words = names.words
    due = words("due within {time}", time=names.time(verdict.limit)) if verdict.limit is not None else ""
    if verdict.status == "by_design":
        reason = str(verdict.loop.reason) if verdict.loop is not None and verdict.loop.reason is not None else ""
        return Entry(words("needs no loop"), "none", reason, tooltip=reason)
    if verdict.walk is None or verdict.status == "condition":
        return Entry(due or "", "none")
    spent = names.time(verdict.walk.seconds)
    if not verdict.walk.timed:
        spent = words("at least {time}", time=spent) if verdict.walk.seconds else words("not known")
    if verdict.limit is None:
        return Entry(spent, "plain")
    late = verdict.status == "late"
    sure = verdict.walk.timed or late
    return Entry(spent, "bad" if late else "good" if sure else "unknown", due)


def _about(verdict: LoopVerdict, names: Names) -> str:
    """The tooltip of a loop: what it is of whom, and what is wrong with it."""
    words = names.words
    lines = [words("segments: {names}", names=", ".join(names.of(one) for one in verdict.segments if one != "*"))]
    if verdict.status == "broken":
        lines.append(f"{stops_where(verdict)} ({whom(verdict)})")
    if verdict.condition == "ownership":
        lines += unowned(verdict)
    if verdict.unlock:
        lines.append(words("not known: {fields}", fields=", ".join(verdict.unlock)))
    return "\n".join(lines)


def _links(
    ident: str, marks: tuple[StageMark, ...], entries: Mapping[Place, Entry], verdict: LoopVerdict, names: Names
) -> tuple[Link, ...]:
    """Arrows from stage to stage: solid as far as it comes, the missing one at the break, faint beyond it."""
    found: list[Link] = []
    before: str | None = None
    broken = False
    for mark in marks[:-1]:
        entry = entries[ident, mark.stage]
        if mark.mark == "idle" and not entry.text:
            continue
        if before is not None:
            if mark.mark == "broken" and not broken:
                found.append(
                    Link((ident, before), (ident, mark.stage), "missing", tooltip=_why(mark.stage, verdict, names))
                )
            else:
                emphasis: Emphasis = "faint" if broken or mark.mark != "passed" else "none"
                found.append(Link((ident, before), (ident, mark.stage), emphasis=emphasis))
        broken = broken or mark.mark == "broken"
        before = mark.stage
    return tuple(found)


def _repaired(above: str, repair: Repair, verdict: LoopVerdict, eco: Ecosystem, names: Names) -> Row:
    """The loop as the cheapest repair joins it: steps that are there plain, changes dashed."""
    words = names.words
    plan = plan_of(repair, verdict, eco.once(candidates))
    ident = f"{above}|repair"
    number = len(plan.clauses)
    by_column: dict[str, list[Step]] = {}
    for step in repair.steps:
        by_column.setdefault(_COLUMN[step.following], []).append(step)
    entries: dict[Place, Entry] = {}
    links: list[Link] = []
    before: str | None = None
    for column in STAGES[:-1]:
        steps = by_column.get(column, [])
        if not steps:
            entries[ident, column] = Entry("", "none")
            continue
        changed = [step for step in steps if step.means != "existing"]
        entries[ident, column] = _step_entry(steps, changed, names)
        if before is not None:
            links.append(Link((ident, before), (ident, column), "dashed" if changed else "solid"))
        before = column
    if "verify" in repair.renamed:
        entries[ident, "verify"] = Entry(words("to be named"), "plain")
    head = Head(
        ident, words("with the cheapest repair"), words.many("{n} change", "{n} changes", number),
        tooltip="\n".join(plan.clauses),
    )  # fmt: skip
    return Row(head, entries, tuple(links))


def _step_entry(steps: list[Step], changed: list[Step], names: Names) -> Entry:
    words = names.words
    last = steps[-1]
    new = last.target.startswith(NEW)
    told = {
        "identity": words("keep the customer identifiable"),
        "capture": words("keep it here"),
        "analyse": words("let it be read here"),
        "deliver": words("deliver it here"),
        "assign": words("route it here"),
        "hand": words("hand it over here"),
        "connect": words("pass it here"),
        "trigger": words("let it set this off"),
        "inform": words("answer with this"),
        "reply": words("answer with this"),
    }
    sublabel = ", ".join(dict.fromkeys(f"+ {told[step.means]}" for step in changed))
    if new:
        fresh = {
            Stage.CAPTURED: words("a new store"),
            Stage.OWNED: words("a new team"),
            Stage.ACTED: words("a new action"),
        }
        return Entry(fresh.get(last.following, words("a new communication")), "plain", sublabel)
    return names.card([shown(step.target) for step in steps if not step.target.startswith(NEW)], "plain", sublabel)
