"""What a map shows, independent of the inventory it came from and of any picture format.

A :class:`Scene` is plain frozen data: the builder fills it, the layouts give its parts a place, the writers turn
both into text. The order of ``nodes`` and ``edges`` never matters; the order of ``columns``, ``rings`` and
``lanes`` is the order on the page.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["critical", "major", "minor", "info"]
Mark = Literal["none", "added", "removed", "changed", "unchanged"]
EdgeStyle = Literal["solid", "dashed", "missing", "alternative"]
Emphasis = Literal["none", "thick", "faint"]
LegendFamily = Literal["kind", "severity", "mark", "edge", "state", "heat"]

BREAK = "break"
"""The kind of an edge that is no flow of the inventory: the place where a loop breaks."""

SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor", "info")
LIMIT = 400
"""Most cards of a map, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A finding on an entity or a flow: the rule's code, how bad, how often, and a sentence for the tooltip."""

    code: str
    severity: Severity
    tooltip: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Lane:
    """A swimlane or web sector (a line of business); ``silo`` draws its border as a wall."""

    id: str
    label: str
    silo: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the layered view. ``folds`` splits it into that many side-by-side tracks (see ``layers``)."""

    id: str
    label: str
    folds: int = 1


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring of the web, holding the nodes whose ``column`` is its id.

    ``sectored=False`` spreads its cards around the whole circle whatever their lane (shared channels).
    """

    id: str
    label: str
    sectored: bool = True
    folds: int = 1


@dataclass(frozen=True, slots=True)
class Node:
    """One card. ``members`` names the entities a collapsed card stands for; an ordinary card has none.

    ``heat`` from 0 to 1 tints it; ``known=False`` gives it the pattern of a number that is not known.
    """

    id: str
    label: str
    kind: str
    lane: str
    column: str
    sublabel: str = ""
    badges: tuple[Badge, ...] = ()
    mark: Mark = "none"
    tooltip: str = ""
    members: tuple[str, ...] = ()
    emphasis: Emphasis = "none"
    heat: float | None = None
    known: bool = True

    @property
    def entities(self) -> int:
        """How many entities the card stands for."""
        return len(self.members) or 1


@dataclass(frozen=True, slots=True)
class Edge:
    """One flow. ``missing`` is the place where a loop is broken; ``thick`` a minimum cut; ``count`` merged flows.

    ``alternative`` is one of several flows of which one is enough; ``bundle`` names the set it belongs to, so that
    layouts may draw the set as one line with branches.
    """

    source: str
    target: str
    kind: str = "flow"
    label: str = ""
    style: EdgeStyle = "solid"
    emphasis: Emphasis = "none"
    mark: Mark = "none"
    badges: tuple[Badge, ...] = ()
    tooltip: str = ""
    count: int = 1
    bundle: str = ""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One legend item: ``key`` is a kind, a severity, a mark, an edge style of :data:`EdgeStyle`, or a state of a sheet.

    The family ``heat`` shows the whole ramp (key ``ramp``) or the pattern of what is not known (key ``unknown``).
    """

    family: LegendFamily
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything one map shows.

    ``subtitle`` holds state, as-of date and counts. ``total`` is the number of entities of the whole inventory
    state (``None``: as many as the scene has). ``reserved`` are nodes that keep their place without being drawn: give
    every state of a comparison the nodes of the others here, and all of them line up exactly. ``legend`` left
    empty is derived from what the scene uses.

    Raises ``ValueError`` for a repeated id and for a reference to a lane, column or node that is not there.
    """

    title: str
    subtitle: str = ""
    columns: tuple[Column, ...] = ()
    lanes: tuple[Lane, ...] = ()
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    rings: tuple[Ring, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    notes: tuple[str, ...] = ()
    reserved: tuple[Node, ...] = field(default=(), repr=False)
    total: int | None = None
    customer: str = "Customer"
    description: str = ""
    language: str = "en"

    def __post_init__(self) -> None:
        columns = _unique("column", (c.id for c in self.columns))
        _unique("ring", (r.id for r in self.rings))
        lanes = _unique("lane", (lane.id for lane in self.lanes))
        nodes = _unique("node", (n.id for n in self.nodes))
        for name, folds in [(c.id, c.folds) for c in self.columns] + [(r.id, r.folds) for r in self.rings]:
            if folds < 1:
                raise ValueError(f"{name!r} must have at least one fold, not {folds}.")
        for node in (*self.nodes, *self.reserved):
            if node.lane not in lanes:
                raise ValueError(f"Node {node.id!r} stands in lane {node.lane!r}, which the scene does not have.")
            if node.column not in columns:
                raise ValueError(f"Node {node.id!r} stands in column {node.column!r}, which the scene does not have.")
        for edge in self.edges:
            for end in (edge.source, edge.target):
                if end not in nodes:
                    raise ValueError(f"Edge {edge.source!r} -> {edge.target!r}: the scene has no node {end!r}.")

    @property
    def entities(self) -> int:
        """How many entities the cards of the scene stand for."""
        return sum(node.entities for node in self.nodes)


def node_order(node: Node) -> tuple[str, str]:
    """The order of cards inside a lane and column: a pure function of the entity itself (kind, then id)."""
    return (node.kind, node.id)


def edge_order(edge: Edge) -> tuple[Hashable, ...]:
    """The canonical order of edges, whatever order the scene lists them in."""
    return (
        edge.source,
        edge.target,
        edge.kind,
        edge.style,
        edge.mark,
        edge.label,
        edge.emphasis,
        edge.count,
        edge.tooltip,
        edge.bundle,
        tuple((b.severity, b.code, b.count, b.tooltip) for b in edge.badges),
    )


def held_places(scene: Scene) -> list[Node]:
    """Drawn nodes and reserved ones (a drawn node wins over a reservation of its id), in card order."""
    drawn = {node.id for node in scene.nodes}
    reserved = {node.id: node for node in sorted(scene.reserved, key=node_order) if node.id not in drawn}
    return sorted((*scene.nodes, *reserved.values()), key=node_order)


def badge_order(badge: Badge) -> tuple[int, str]:
    """Worst first, then by code."""
    return (SEVERITIES.index(badge.severity), badge.code)


def _unique(what: str, ids: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ValueError(f"Two {what}s of the scene have the id {one!r}.")
        seen.add(one)
    return seen
