"""What rules on loops share: verdicts by signal, proofs, measures, and the words of a computed repair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cx_map.analyses.closed_loops import LoopVerdict, closed_loops
from cx_map.analyses.loop_repair import cheapest_repair, cut_short
from cx_map.analyses.repair_candidates import candidates
from cx_map.analyses.repair_operators import plan_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_feedback import Signal


def verdicts_by_signal(eco: Ecosystem) -> dict[str, list[LoopVerdict]]:
    """The verdicts on every signal's loops, in order of ids."""
    found: dict[str, list[LoopVerdict]] = {}
    for verdict in eco.once(closed_loops):
        found.setdefault(verdict.signal.id, []).append(verdict)
    return found


def repair_told(eco: Ecosystem, verdict: LoopVerdict) -> tuple[str, tuple[Mapping[str, object], ...]] | None:
    """The cheapest repair of a loop in words and as changes, or why it was not looked for; None where the candidates cannot."""
    offers = eco.once(candidates)
    repair = cheapest_repair(verdict, offers)
    if repair is None:
        cut = cut_short(offers, verdict.signal)
        return None if cut is None else (cut, ())
    plan = plan_of(repair, verdict, offers)
    return in_changes(plan.clauses), plan.operators


def in_changes(clauses: Iterable[str], remark: str = "") -> str:
    """Clauses as one sentence with the number of changes, and a remark on them."""
    listed = list(clauses)
    return f"{'; '.join(listed)} ({len(listed)} change{'s' if len(listed) != 1 else ''}{remark})"


def signals(number: float, what: str = "") -> str:
    """So many signals, in words: *1 signal*, *4,000 open signals*."""
    written = f"{number:,.0f}"
    return f"{written} {what}signal{'' if written == '1' else 's'}"


def how_many(signal: Signal) -> str:
    """How many signals a month, in words."""
    if signal.volume is None:
        return "nobody says how many"
    return f"{signals(signal.volume.value)} a month, {signal.volume.basis or 'reported'}"


def listed(names: Iterable[str], most: int = 3) -> str:
    """Some names in quotes, the rest as dots."""
    quoted = [f"'{name}'" for name in names]
    return ", ".join(quoted[:most]) + (f" and {len(quoted) - most} more" if len(quoted) > most else "")
