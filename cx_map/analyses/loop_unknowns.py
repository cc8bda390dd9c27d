"""Where the way back is said to be ``unknown``: asked, and nobody knows. There a loop is open, not broken."""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.analyses.loop_walks import Stage
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import ResponseGraph
from cx_map.graph.response_edges import ALL, on_of, tells
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Action, Insight, Signal
from cx_map.model.chapter_service import RoutingRule
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory

_LEFT_AT = (Stage.SIGNALLED, Stage.CAPTURED, Stage.ANALYSED, Stage.OWNED)
"""The stages at which a flow may take a signal on."""


def unknown_fields(graph: ResponseGraph) -> dict[tuple[Stage, str], str]:
    """The field said to be unknown at each stage and node that has one. O(signals + insights +
    actions + flows + rules * signals)."""
    inventory = graph.inventory
    found: dict[tuple[Stage, str], str] = {}
    for signal in inventory.of(Signal):
        point = inventory.find(signal.from_, CollectionPoint)
        if _asked(signal, "captured_in"):
            found[Stage.SIGNALLED, signal.id] = "signals.*.captured_in"
        elif signal.captured_in is None and point is not None and _asked(point, "writes_to"):
            found[Stage.SIGNALLED, signal.id] = "collection_points.*.writes_to"
    for rule in inventory.of(RoutingRule):
        if rule.usable and _asked(rule, "to"):
            found.update({(Stage.SIGNALLED, one): "routing_rules.*.to" for one in _taken(inventory, rule)})
    for flow in inventory.flows:
        going = flow.usable and flow.via != "none" and flow.policy != "blocked" and tells(inventory, flow)
        if going and flow.from_ is not None and _asked(flow, "to"):
            found.update({(stage, flow.from_): "flows.*.to" for stage in _LEFT_AT})
    for insight in inventory.of(Insight):
        if insight.usable and _asked(insight, "delivered_to"):
            found[Stage.ANALYSED, insight.id] = "insights.*.delivered_to"
    for action in inventory.of(Action):
        if action.usable and _asked(action, "informs"):
            found[Stage.ACTED, action.id] = "actions.*.informs"
        if action.usable and _asked(action, "triggered_by") and action.team is not None:
            found[Stage.OWNED, action.team] = "actions.*.triggered_by"
    return found


def _taken(inventory: Inventory, rule: RoutingRule) -> Iterator[str]:
    """The signals that a routing rule takes."""
    keys = on_of(rule)
    return (one.id for one in inventory.of(Signal) if ALL in keys or one.id in keys or one.kind_ in keys)


def left_out_field(graph: ResponseGraph, node: str) -> tuple[str, str] | None:
    """The entity and field, left out, that would say what follows a node; None where nothing was left out."""
    entity = graph.inventory.entities.get(node)
    if isinstance(entity, Signal) and entity.captured_in is None:
        point = graph.inventory.find(entity.from_, CollectionPoint)
        if point is None:
            return (entity.id, "captured_in")
        return (point.id, "writes_to") if point.writes_to is None else None
    if isinstance(entity, Insight) and entity.delivered_to is None:
        return (entity.id, "delivered_to")
    if isinstance(entity, Action) and entity.informs is None:
        return (entity.id, "informs")
    return None


def insights_of_unknown_inputs(eco: Ecosystem) -> tuple[str, ...]:
    """The insights in use of which somebody was asked what they read, and nobody knows. O(insights)."""
    return tuple(one.id for one in eco.inventory.of(Insight) if one.usable and "inputs" in one.unknown)


def _asked(entity: Entity, field: str) -> bool:
    return field in entity.unknown
