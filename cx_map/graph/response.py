"""The response graph: from a customer's signal back to that customer.

Nodes are ids of the inventory, plus two sorts of its own: a *task* ``team@action`` (the team of an action that
an insight sets off by itself) and a *way* ``communication/route``. Edges carry the labels of the inner-loop
automaton, where the inventory states them, whether the customer stays identifiable and how long they take:

    customer -emits- signal -captured_in- store -feeds- store -analysed_by- insight -delivered_to- team
    store or insight -assigned_to- team -hands_to- team -triggers- action -informs- communication -route- way

The last label, ``reaches`` (way to segment), is answered by :meth:`ResponseGraph.audience` as bits, one a segment.
Structure is read as written: an edge that nobody describes is absent. ``via: none`` and ``policy: blocked`` flows
carry nothing and are kept apart as known breaks; a flow between stores that carries nothing but master data
(identity, contact, accounts, preferences) passes no signal on; a reply whose routes are not described is *uncertain*, not absent.
Building is linear in the inventory.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.graph.response_edges import ANYONE, Derivable, Edge, EdgeReader, Label, Way
from cx_map.model.chapter_customers import CollectionPoint, Segment
from cx_map.model.chapter_feedback import Signal
from cx_map.model.chapter_map import Channel, Flow, Team
from cx_map.model.chapter_service import AgentPool
from cx_map.model.inventory import Inventory
from cx_map.model.reaching import may_reach

__all__ = [
    "ANYONE", "Edge", "Label", "ResponseGraph", "Way", "active_team", "response_graph", "response_graph_of", "shown",
]  # fmt: skip


class ResponseGraph(Struct, frozen=True, eq=False):
    """The labelled graph; ``breaks`` are the flows known not to exist, by where they would start."""

    inventory: Inventory
    out: Mapping[str, tuple[Edge, ...]]
    ways: Mapping[str, Way]
    breaks: Mapping[str, tuple[Flow, ...]]
    segments: Mapping[str, int]
    """The bit of each usable segment, and of :data:`ANYONE`."""
    _stating: int = 0
    """The segments that say which channels reach them, as bits; the others may be reached by any."""
    _reached: Mapping[str, int] = field(default_factory=dict)
    """Of those, the segments that each channel reaches."""
    _refused: Mapping[str, int] = field(default_factory=dict)
    """The segments that say a channel reaches none of them, by channel."""
    scopes: tuple[int, ...] = ()
    """The sets of segments that some flow is for, as bits."""

    def edges(self, node: str) -> tuple[Edge, ...]:
        """The edges that leave a node."""
        return self.out.get(node, ())

    def audience(self, way: str) -> int:
        """The segments whose customers a way tells, as bits; where nobody says which, all of them.

        A channel tells nobody in a segment whose ``reachable_by`` states 0, or leaves it out and it needs an address of its own
        (:func:`may_reach`); where that holds of every segment served, it tells nobody at all.
        """
        channel, anyone, served = self.ways[way].channel, 1 << self.segments[ANYONE], self._served(way)
        told = served
        if channel is not None:
            told = served & (~self._stating | self._reached.get(channel, 0))
        return told | anyone if told or not served else 0

    def perhaps_told(self, way: str) -> int:
        """The segments served that do not say of a way's channel that it reaches none of them, as bits."""
        return self._served(way) & ~self._refused.get(self.ways[way].channel or "", 0)

    def _served(self, way: str) -> int:
        """The segments that a way serves, as bits; all of them where nobody says which."""
        named = self.ways[way].segments
        if named is None:
            return (1 << self.segments[ANYONE]) - 1
        return sum(1 << self.segments[one] for one in set(named) if one in self.segments)

    def alike(self, wanted: int) -> list[int]:
        """Some segments (bits) in groups that no flow tells apart."""
        groups: dict[tuple[int, ...], int] = {}
        for bit in range(wanted.bit_length()) if self.scopes else ():
            if wanted >> bit & 1:
                key = tuple(scope >> bit & 1 for scope in self.scopes)
                groups[key] = groups.get(key, 0) | 1 << bit
        return list(groups.values()) if self.scopes else [wanted]

    def givers(self, signal: Signal) -> tuple[str, ...]:
        """The segments that give a signal: its own, else its collection point's, else :data:`ANYONE`."""
        named = signal.segments
        if named is None:
            point = self.inventory.find(signal.from_, CollectionPoint)
            if point is not None and point.segments is not None:
                named = tuple(one.segment for one in point.segments if one.segment is not None)
        usable = tuple(sorted({one for one in named or () if one in self.segments}))
        return usable or (ANYONE,)


def shown(node: str) -> str:
    """The id that people know a node by: the team of a task, the communication of a way, the store of a routing."""
    return node.partition(">")[2] if ">" in node else node.partition("@")[0].partition("/")[0]


def response_graph(eco: Ecosystem) -> ResponseGraph:
    """The response graph of an ecosystem. O(size of the inventory)."""
    return response_graph_of(eco.inventory, eco.once(production).derivable)


def active_team(inventory: Inventory, node: str) -> Team | AgentPool | None:
    """The team (or pool) of an owning node if it is in use, else None."""
    entity = inventory.entities.get(shown(node))
    return entity if isinstance(entity, Team | AgentPool) and entity.usable else None


def response_graph_of(inventory: Inventory, derivable: Derivable) -> ResponseGraph:
    """The response graph of an inventory, given what production can derive. O(entities + flows)."""
    build = EdgeReader(inventory, derivable)
    edges: dict[str, list[Edge]] = {}
    for edge in build.all_edges():
        edges.setdefault(edge.source, []).append(edge)
    segments = build.segments
    stating = 0
    reached: dict[str, int] = {}
    refused: dict[str, int] = {}
    for segment in inventory.of(Segment):
        if segment.reachable_by is not None and segment.id in segments:
            stating |= 1 << segments[segment.id]
            for channel, share in segment.reachable_by.items():
                told = reached if share.highest > 0 else refused
                told[channel] = told.get(channel, 0) | 1 << segments[segment.id]
            for one in inventory.of(Channel):
                if one.id not in segment.reachable_by and may_reach(inventory, segment, one):
                    reached[one.id] = reached.get(one.id, 0) | 1 << segments[segment.id]
    breaks: dict[str, list[Flow]] = {}
    for flow in inventory.flows:
        if flow.from_ is not None and (flow.via == "none" or flow.policy == "blocked"):
            breaks.setdefault(flow.from_, []).append(flow)
    return ResponseGraph(
        inventory, {node: tuple(found) for node, found in edges.items()}, build.ways,
        {node: tuple(found) for node, found in breaks.items()}, segments, stating, reached, refused,
        scopes=tuple(sorted({edge.only for found in edges.values() for edge in found if edge.only is not None})),
    )  # fmt: skip
