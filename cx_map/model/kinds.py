"""The kinds of entities: their YAML keys, classes and chapters."""

from __future__ import annotations

from collections.abc import Mapping

from cx_map.model.chapter_customers import Attribute, CollectionPoint, Overlap, Preference, Product, Segment
from cx_map.model.chapter_feedback import Action, FeedbackLoop, Insight, Metric, Signal
from cx_map.model.chapter_governance import Committee, Goal, Initiative, Roadmap
from cx_map.model.chapter_map import (
    Channel,
    Communication,
    DataSource,
    Flow,
    LineOfBusiness,
    Organization,
    Platform,
    Team,
)
from cx_map.model.chapter_service import (
    AgentPool,
    ErrorType,
    Escalation,
    Journey,
    Promise,
    RoutingRule,
    Task,
    Touchpoint,
)
from cx_map.model.entity import Entity, Reference

CHAPTERS: Mapping[str, tuple[type[Entity], ...]] = {
    "The map": (Organization, LineOfBusiness, Team, Channel, Platform, DataSource, Communication, Flow),
    "Customers and data": (Segment, Product, Overlap, Attribute, CollectionPoint, Preference),
    "Feedback": (Signal, Insight, Action, FeedbackLoop, Metric),
    "Journeys and service": (Touchpoint, Journey, Task, Promise, AgentPool, RoutingRule, ErrorType, Escalation),
    "Governance": (Committee, Goal, Initiative),
    "Roadmap and references": (Roadmap, Reference),
}

KINDS: Mapping[str, type[Entity]] = {cls.kind: cls for classes in CHAPTERS.values() for cls in classes}
"""Every top-level key that holds entities, with its class."""

LIST_KINDS = ("flows", "overlaps")
"""Kinds written as lists, without ids."""

SINGLE_KINDS = ("organization", "roadmap")
"""Kinds of which an inventory has at most one, written without an id."""

OWN_NAMESPACE = ("attributes", "references")
"""Kinds whose ids do not share the namespace of all others."""

ENTITY_KINDS: Mapping[str, type[Entity]] = {
    kind: cls for kind, cls in KINDS.items() if kind not in (*LIST_KINDS, *SINGLE_KINDS, *OWN_NAMESPACE)
}
"""Kinds written as a mapping from id, whose ids are unique over all of them."""

_SINGULAR = {
    "lines_of_business": "line of business",
    "data_sources": "data source",
    "collection_points": "collection point",
    "feedback_loops": "feedback loop",
    "agent_pools": "agent pool",
    "routing_rules": "routing rule",
    "error_types": "error type",
    "promises": "promise",
    "preferences": "preference",
    "organization": "organization",
    "roadmap": "roadmap",
}


def singular(kind: str) -> str:
    """The kind in words for one entity: ``data_sources`` is a *data source*."""
    return _SINGULAR.get(kind, kind.removesuffix("s").replace("_", " "))
