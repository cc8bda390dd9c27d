"""All simple ways from one thing to another through the whole web, with what they carry and how long they take.

Depth-first over the part that leads to the goal; the number of simple paths can be exponential, so the search
stops at a bound and says so. O(paths found times their length), after one O(edges) pass backwards.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from cx_map.errors import UsageError
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.web import WebEdge, web

MOST = 1000
"""Ways that are listed at most."""

LONGEST = 30
"""Steps of a way at most."""

MOST_STEPS = 500_000
"""Steps tried at most, in all: there can be exponentially many, of which few lead anywhere."""


class Way(Struct, frozen=True):
    """One way: its edges in order.

    ``latency`` is the sum of the worst times that are known (a lower bound where ``timed`` is False);
    ``carries`` the attributes that every flow on the way carries (``*`` for all), empty where some step names none.
    """

    edges: tuple[WebEdge, ...]
    latency: float
    timed: bool
    carries: tuple[str, ...]


class Ways(Struct, frozen=True):
    """All ways from ``source`` to ``target``; ``complete`` is False where the bound cut the search short."""

    source: str
    target: str
    ways: tuple[Way, ...]
    complete: bool


def paths(eco: Ecosystem, source: str, target: str, most: int = MOST) -> Ways:
    """The ways, the shortest first. Raises UsageError where one of the ends is not in the inventory."""
    for name in (source, target):
        if name not in eco.inventory.entities:
            import difflib

            close = difflib.get_close_matches(name, sorted(eco.inventory.entities), n=1)
            hint = f"did you mean `{close[0]}`?" if close else "`cxmap inventory` lists the kinds there are"
            raise UsageError(f"the inventory has no entity {name!r}", hint=hint)
    edges = eco.once(web)
    leading = _leading_to(edges, target)
    found: list[Way] = []
    complete = True
    for way in _simple(edges, leading, source, target):
        if way is None or len(found) == most:
            complete = False
            break
        found.append(_way(way))
    found.sort(
        key=lambda way: (len(way.edges), way.latency, [(edge.target, edge.label, edge.carries) for edge in way.edges])
    )
    return Ways(source, target, tuple(found), complete)


def _leading_to(edges: dict[str, tuple[WebEdge, ...]], target: str) -> frozenset[str]:
    """Everything from which the target can be reached."""
    before: dict[str, list[str]] = {}
    for source, leaving in edges.items():
        for edge in leaving:
            before.setdefault(edge.target, []).append(source)
    seen = {target}
    todo = [target]
    while todo:
        for source in before.get(todo.pop(), ()):
            if source not in seen:
                seen.add(source)
                todo.append(source)
    return frozenset(seen)


def _simple(
    edges: dict[str, tuple[WebEdge, ...]], leading: frozenset[str], source: str, target: str
) -> Iterator[tuple[WebEdge, ...] | None]:
    """Simple paths by iterative depth-first search, neighbours in order; along a route only with its communications.

    Ends with None where it has tried more than ``MOST_STEPS``.
    """
    if source == target:
        return
    trail: list[WebEdge] = []
    visited = {source}
    stack = [iter(edges.get(source, ()))]
    riding: list[frozenset[str]] = [frozenset()]
    steps = 0
    while stack:
        steps += 1
        if steps > MOST_STEPS:
            yield None
            return
        edge = next(stack[-1], None)
        if edge is None:
            stack.pop()
            riding.pop()
            if trail:
                visited.discard(trail.pop().target)
            continue
        along = edge.communications & riding[-1] if riding[-1] else edge.communications
        if edge.communications and not along:
            continue
        if edge.target == target:
            yield (*trail, edge)
        elif edge.target in leading and edge.target not in visited and len(trail) + 1 < LONGEST:
            visited.add(edge.target)
            trail.append(edge)
            stack.append(iter(edges.get(edge.target, ())))
            riding.append(along)


def _way(edges: tuple[WebEdge, ...]) -> Way:
    times = [edge.latency for edge in edges]
    carried: frozenset[str] | None = None
    for edge in edges:
        if "*" not in edge.carries:
            carried = frozenset(edge.carries) if carried is None else carried & frozenset(edge.carries)
    return Way(
        edges,
        sum(time for time in times if time is not None),
        all(edge.latency is not None and not edge.least for edge in edges),
        ("*",) if carried is None else tuple(sorted(carried)),
    )
