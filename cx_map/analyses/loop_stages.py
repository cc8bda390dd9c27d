"""The stages of a loop one by one: passed, where it breaks, not known, or standing ready beyond the break."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.analyses.closed_loops import LoopVerdict, missing_stages
from cx_map.analyses.loop_reach import Reach
from cx_map.analyses.loop_walks import Stage
from cx_map.graph.response import Edge

Mark: TypeAlias = Literal["passed", "broken", "beyond", "unknown", "idle"]
"""``beyond`` stands in place after the break, ``idle`` is not reached, or not needed."""

STRIP = (
    ("capture", Stage.CAPTURED), ("analyse", Stage.ANALYSED), ("own", Stage.OWNED), ("act", Stage.ACTED),
    ("inform", Stage.TOLD),
)  # fmt: skip
OWNING = frozenset({"delivered_to", "assigned_to", "hands_to"})


class StageMark(Struct, frozen=True):
    """One stage of a loop, and the steps that lead to it and on inside it."""

    stage: str
    mark: Mark
    steps: tuple[Edge, ...] = ()


def stage_marks(verdict: LoopVerdict, over: Reach) -> tuple[StageMark, ...]:
    """The six stages of a loop in order, ``verify`` last. O(steps), and a search where a field is unknown."""
    match verdict.status:
        case "by_design":
            marks = [StageMark(key, "idle") for key, _ in STRIP]
        case "broken" | "acted_on":
            marks = stopped(verdict)
        case "open" if verdict.walk is None:
            marks = _unsaid(verdict, over)
        case _:
            marks = _walked(verdict)
    return (*marks, StageMark("verify", "broken" if "verify" in verdict.missing else "idle"))


def steps_by_stage(edges: Sequence[Edge]) -> dict[Stage, list[Edge]]:
    """The steps of a walk or trail by the stage that each leads to, in order."""
    found: dict[Stage, list[Edge]] = {}
    for edge in edges:
        found.setdefault(_stage(edge.label, found), []).append(edge)
    return found


def stopped(verdict: LoopVerdict) -> list[StageMark]:
    """The stages of a loop that goes no further than ``verdict.reached``; those it lacks are broken too."""
    visited = steps_by_stage(verdict.trail)
    marks: list[StageMark] = []
    stops, reached = False, verdict.reached
    for key, stage in STRIP:
        named = key in verdict.search.named
        steps = _at(visited, stage)
        if key in verdict.missing:
            marks.append(StageMark(key, "broken", steps))
            stops = stops or reached < stage
        elif not stops and _passed(stage, reached, visited, named):
            marks.append(StageMark(key, "passed", steps))
        elif (stage == Stage.ANALYSED and not named) or verdict.status == "acted_on":
            marks.append(StageMark(key, "idle"))  # a loop may do without; nobody can answer who is not known
        else:
            marks.append(StageMark(key, "idle" if stops else "broken", steps))
            stops = True
    return marks


def _passed(stage: Stage, reached: Stage, visited: dict[Stage, list[Edge]], named: bool) -> bool:
    return stage in visited if stage == Stage.ANALYSED and not named else reached >= stage


def _walked(verdict: LoopVerdict) -> list[StageMark]:
    """The stages of a loop that comes back: today, but for a condition, or as far as is known."""
    edges = verdict.walk.edges if verdict.walk is not None else ()
    visited = steps_by_stage(edges)
    broken = _condition_breaks(verdict, visited) if verdict.status == "condition" else None
    marks: list[StageMark] = []
    beyond = False
    for key, stage in STRIP:
        steps = _at(visited, stage)
        if key == broken:
            beyond = True
            marks.append(StageMark(key, "broken", steps))
        elif not steps:
            marks.append(StageMark(key, "idle"))
        elif beyond:
            marks.append(StageMark(key, "beyond", steps))
        else:
            unsure = verdict.status == "open" and any(_doubtful(edge, verdict.kind) for edge in steps)
            marks.append(StageMark(key, "unknown" if unsure else "passed", steps))
    return marks


def _condition_breaks(verdict: LoopVerdict, visited: dict[Stage, list[Edge]]) -> str:
    """The stage at which the condition is not kept: identity where it is lost, else where an answer would need it."""
    if verdict.condition == "ownership":
        owned = any(edge.label in OWNING for edge in visited.get(Stage.OWNED, ()))
        return "own" if owned else "act"
    for key, stage in STRIP:
        if any(edge.kept is False and edge.label != "captured_in" for edge in _at(visited, stage)):
            return key
    return "inform"


def _doubtful(edge: Edge, kind: str) -> bool:
    """Whether nobody says that a step can be taken, or that it keeps an inner loop's customer identifiable."""
    return not edge.certain or (kind == "inner" and edge.kept is None and edge.label != "captured_in")


def _unsaid(verdict: LoopVerdict, over: Reach) -> list[StageMark]:
    """The stages up to a field that is said to be unknown; from there on nobody knows."""
    unknown = set(missing_stages(verdict.loop)[1]) if verdict.loop is not None else set()
    search = verdict.search
    trail = search.trail(lambda state: state[:2] in over.unknown, over.open_from) or ()
    visited = steps_by_stage(trail)
    marks: list[StageMark] = []
    for key, stage in STRIP:
        steps = _at(visited, stage)
        if steps and key not in unknown:
            marks.append(StageMark(key, "passed", steps))
        elif stage == Stage.ANALYSED and key not in unknown and key not in search.named:
            marks.append(StageMark(key, "idle"))
        else:
            marks.append(StageMark(key, "unknown", steps))
    return marks


def _at(visited: dict[Stage, list[Edge]], stage: Stage) -> tuple[Edge, ...]:
    """The steps of a stage; the answer is composed and sent."""
    if stage == Stage.TOLD:
        return (*visited.get(Stage.COMPOSED, ()), *visited.get(Stage.SENT, ()))
    return tuple(visited.get(stage, ()))


def _stage(label: str, visited: dict[Stage, list[Edge]]) -> Stage:
    """The stage that a step leads to."""
    match label:
        case "captured_in":
            return Stage.CAPTURED
        case "feeds":
            return max(visited, default=Stage.CAPTURED)
        case "analysed_by":
            return Stage.ANALYSED
        case "delivered_to" | "assigned_to" | "hands_to":
            return Stage.OWNED
        case "triggers":
            return Stage.ACTED
        case "informs":
            return Stage.COMPOSED
        case _:
            return Stage.SENT
