"""The flows of a map: what the three graphs stand on (needs, routes, channels, flows, answers and signals).

Several statements about one flow are one edge: a flow that carries always wins over one among several, that over a
fallback, and any of them over a missing one. Blocked flows carry nothing and are not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cx_map.draw.scene import Edge, EdgeStyle
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Action, Insight, Signal
from cx_map.model.chapter_map import Communication, Platform
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of

_STRENGTH: tuple[EdgeStyle, ...] = ("solid", "alternative", "dashed", "missing")


def edges_of(inventory: Inventory, shown: frozenset[str]) -> tuple[Edge, ...]:
    """Every flow between two entities that are shown, ordered by its ends and kind. O(references)."""
    found = _Found(shown)
    _communications(inventory, found)
    _flows(inventory, found)
    _platforms(inventory, found)
    _collection(inventory, found)
    _feedback(inventory, found)
    return found.edges()


class _Found:
    """The edges so far, one for each pair of ends and kind."""

    def __init__(self, shown: frozenset[str]) -> None:
        self._shown = shown
        self._styles: dict[tuple[str, str, str], tuple[EdgeStyle, str]] = {}

    def add(
        self, source: str | None, target: str | None, kind: str, style: EdgeStyle = "solid", bundle: str = ""
    ) -> None:
        """An edge between two things that are shown; a weaker statement about a known one changes nothing."""
        if source is None or target is None or source == target or not {source, target} <= self._shown:
            return
        known = self._styles.get((source, target, kind))
        if known is None or _STRENGTH.index(style) < _STRENGTH.index(known[0]):
            self._styles[source, target, kind] = (style, bundle)

    def add_any(self, sources: Sequence[str], target: str, kind: str, style: EdgeStyle = "solid") -> None:
        """Edges from a set of which one is enough; a set of one is needed whole."""
        inside = sorted({one for one in sources if one in self._shown})
        bundle = "|".join(inside) if len(inside) > 1 else ""
        for one in inside:
            self.add(one, target, kind, "alternative" if bundle and style == "solid" else style, bundle)

    def edges(self) -> tuple[Edge, ...]:
        """All edges in order."""
        return tuple(
            Edge(source, target, kind, style=style, bundle=bundle)
            for (source, target, kind), (style, bundle) in sorted(self._styles.items())
        )


def _communications(inventory: Inventory, found: _Found) -> None:
    for communication in inventory.of(Communication):
        for need in communication.needs or ():
            found.add_any(need.any_of or (), communication.id, "needs")
        for route in routes_of(communication) or ():
            style: EdgeStyle = "dashed" if route.fallback_for is not None else "solid"
            hops = [hop.any_of or () for hop in route.platforms or ()]
            for before, after in pairwise(hops):
                one_of_many: EdgeStyle = "alternative" if len(after) > 1 and style == "solid" else style
                for other in after:
                    found.add_any(before, other, "route", one_of_many)
            found.add_any(hops[-1] if hops else (), communication.id, "composes", style)
            found.add(communication.id, route.channel, "channel", style)


def _flows(inventory: Inventory, found: _Found) -> None:
    for flow in inventory.flows:
        if flow.policy != "blocked":
            style: EdgeStyle = "missing" if flow.via == "none" else "solid"
            found.add(flow.from_, flow.to, "flow", style)
            if flow.two_way:
                found.add(flow.to, flow.from_, "flow", style)


def _platforms(inventory: Inventory, found: _Found) -> None:
    for platform in inventory.of(Platform):
        for need in platform.needs or ():
            found.add_any(need.any_of or (), platform.id, "needs")


def _collection(inventory: Inventory, found: _Found) -> None:
    for point in inventory.of(CollectionPoint):
        found.add(point.channel, point.id, "collects")
        for store in point.writes_to or ():
            found.add(point.id, store, "writes")


def _feedback(inventory: Inventory, found: _Found) -> None:
    for signal in inventory.of(Signal):
        found.add(signal.from_, signal.id, "emits")
        for store in signal.captured_in or ():
            found.add(signal.id, store, "captured")
    for insight in inventory.of(Insight):
        for store in insight.inputs or ():
            found.add(store, insight.id, "analysed")
    for action in inventory.of(Action):
        for trigger in action.triggered_by or ():
            found.add(trigger, action.id, "triggers")
        for informed in action.informs or ():
            found.add(action.id, informed, "informs")
