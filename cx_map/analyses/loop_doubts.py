"""What a broken loop rests on that nobody stated: were it told, the loop might be closed after all."""

from __future__ import annotations

from cx_map.analyses.closed_loops import LoopVerdict
from cx_map.analyses.loop_reach import Reach, reach
from cx_map.analyses.loop_strip import ready_further_on
from cx_map.analyses.loop_unknowns import insights_of_unknown_inputs, left_out_field
from cx_map.analyses.loop_walks import Conditions, Stage, State, identified
from cx_map.analyses.repair_candidates import candidates
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_feedback import Action


def left_out(eco: Ecosystem, verdict: LoopVerdict, end: str) -> tuple[str, str] | None:
    """The entity and field left out that the loop would need to be closed, as far as one can be named.

    ``end`` is how far the signal comes.
    """
    found = left_out_field(verdict.search.graph, end) or _untriggered(eco, verdict)
    if found is not None:
        return found
    unlisted = _unlisted_channel(eco, verdict)
    return None if unlisted is None else (unlisted[0], f"reachable_by.{unlisted[1]}")


def _untriggered(eco: Ecosystem, verdict: LoopVerdict) -> tuple[str, str] | None:
    """An action fit to answer these customers that leaves out what sets it off: it may well be set off by this."""
    if verdict.reached >= Stage.ACTED:
        return None
    tail = ready_further_on(verdict, eco.once(candidates))
    for name in tail[1] if tail is not None else ():
        action = eco.inventory.find(name, Action)
        if action is not None and action.triggered_by is None:
            return (name, "triggered_by")
    return None


def _unlisted_channel(eco: Ecosystem, verdict: LoopVerdict) -> tuple[str, str] | None:
    """A segment and a channel that its ``reachable_by`` leaves out, if all who go without an answer are sent one by such a channel.

    A channel stated as 0 reaches nobody for sure, so it does not count. A breadth-first search a segment, where a reply is sent at all.
    """
    over, search = eco.once(reach), verdict.search
    graph, found = search.graph, None
    if over.furthest_of(search) < Stage.SENT:
        return None
    for name in verdict.failing:
        bit = 1 << graph.segments[name]

        def told(state: State, bit: int = bit) -> bool:
            return state[0] == Stage.SENT and state[3] == search.complete and bool(graph.perhaps_told(state[1]) & bit)

        conditions = Conditions(identity=verdict.kind == "inner", whose=bit)
        trail = search.trail(told, lambda stage, node: over.furthest_from(stage, node) >= Stage.SENT, conditions)
        channel = graph.ways[trail[-1].target].channel if trail else None
        if channel is None:
            return None
        found = (name, channel)
    return found


def unread_insight(eco: Ecosystem, verdict: LoopVerdict) -> str | None:
    """An insight of which nobody knows what it reads, and which would close the loop if it read what keeps the signal."""
    over, search = eco.once(reach), verdict.search
    chosen = search.named.get("analyse")
    wanted = sum(1 << search.graph.segments[name] for name in verdict.failing)
    for name in insights_of_unknown_inputs(eco) if search.stores and wanted else ():
        if (chosen is None or name in chosen) and _closes(over, verdict, name, wanted):
            return name
    return None


def _closes(over: Reach, verdict: LoopVerdict, insight: str, wanted: int) -> bool:
    """Whether everybody is told from an insight, or, where nobody knows who they are, an action follows."""
    if over.answered_from(Stage.ANALYSED, insight) & wanted == wanted:
        return True
    return not identified(verdict.search) and over.furthest_from(Stage.ANALYSED, insight) >= Stage.ACTED
