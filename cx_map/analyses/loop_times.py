"""Where a loop's time goes: by stage, and which steps to speed up so that it is in time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct

from cx_map.analyses.loop_walks import Walk
from cx_map.graph.response import Edge, shown
from cx_map.model.chapter_feedback import Action, Insight
from cx_map.model.chapter_map import Flow
from cx_map.model.inventory import Inventory

STAGE_OF = {
    "captured_in": "capture", "feeds": "analyse", "analysed_by": "analyse", "delivered_to": "own", "assigned_to": "own",
    "hands_to": "own", "triggers": "act", "informs": "inform", "route": "inform",
}  # fmt: skip


class Speedup(Struct, frozen=True):
    """A step to speed up, how (in words), and the operator that does it."""

    clause: str
    operator: Mapping[str, object]


def first_answer(walk: Walk, inventory: Inventory) -> bool:
    """Whether what a walk sends may be the first answer: no fix, policy, initiative or offer is waited for."""
    actions = (inventory.find(edge.target, Action) for edge in walk.edges if edge.label == "triggers")
    return all(one is None or one.kind_ in (None, "reply", "workflow") for one in actions)


def seconds_by_stage(walk: Walk) -> dict[str, float]:
    """The known worst-case seconds of a walk by stage, in order."""
    found: dict[str, float] = {}
    for edge in walk.edges:
        stage = STAGE_OF[edge.label]
        found[stage] = found.get(stage, 0.0) + (edge.seconds or 0.0)
    return found


def slowest(edges: Sequence[Edge]) -> Edge:
    """The step that takes longest; the first among equals."""
    return max(edges, key=lambda edge: edge.seconds or 0.0)


def speedups(walk: Walk, limit: float, stages: Sequence[str] = ()) -> tuple[Speedup, ...]:
    """The fewest steps to speed up, those that can give most first, that bring a walk (or some stages) within a limit in seconds.

    Empty where that cannot be said by one field each: then somebody has to decide.
    """
    edges = [edge for edge in walk.edges if not stages or STAGE_OF[edge.label] in stages]
    excess = sum(edge.seconds or 0.0 for edge in edges) - limit
    found: list[Speedup] = []
    for edge in sorted(edges, key=lambda one: -_faster(one, math.inf)[0]):
        if excess <= 0:
            break
        saved, speedup = _faster(edge, excess)
        if speedup is not None:
            excess -= saved
            found.append(speedup)
    return tuple(found) if excess <= 0 else ()


def _faster(edge: Edge, excess: float) -> tuple[float, Speedup | None]:
    """The seconds that a step can give of an excess, and how; the step keeps a thirtieth and a second at least."""
    seconds = edge.seconds or 0.0
    entity = edge.entity
    if isinstance(entity, Flow) and seconds > 0 and entity.from_ and entity.to:
        connect: dict[str, object] = {
            "from": entity.from_,
            "to": entity.to,
            "via": "event",
            "id": f"{entity.from_}-{entity.to}-event",
        }
        if entity.carries is not None:
            connect["carries"] = list(entity.carries)
        return seconds, Speedup(f"pass it from '{entity.from_}' to '{entity.to}' by event", {"connect": connect})
    field = "every" if isinstance(entity, Insight) and edge.label == "analysed_by" else "within"
    if seconds <= 0 or (not (isinstance(entity, Action) and edge.label == "triggers") and field != "every"):
        return 0.0, None
    left = whole_duration(max(seconds - excess, seconds / 30))
    if _seconds(left) >= seconds:
        return 0.0, None
    words = (
        f"make '{entity.id}' every {left}" if field == "every" else f"let '{shown(edge.target)}' take {left} at most"
    )
    return seconds - _seconds(left), Speedup(words, {"change": {entity.id: {field: left}}})


def whole_duration(seconds: float) -> str:
    """A duration rounded down to whole days, hours or minutes; seconds below a minute, one at least."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= 2 * size:
            return f"{int(seconds // size)}{unit}"
    return "1m" if seconds >= 60 else f"{max(int(seconds), 1)}s"


def _seconds(written: str) -> float:
    return int(written[:-1]) * {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}[written[-1]]
