"""Findings by owner, line of business, journey or rule, for ``cxmap audit --by``."""

from __future__ import annotations

from typing import Literal, TypeAlias

from cx_map.audit.findings import Finding, Report
from cx_map.model.chapter_map import LineOfBusiness
from cx_map.model.chapter_service import Journey
from cx_map.model.inventory import Inventory

Grouping: TypeAlias = Literal["owner", "line_of_business", "journey", "rule"]
GROUPINGS: tuple[Grouping, ...] = ("owner", "line_of_business", "journey", "rule")


def group(report: Report, inventory: Inventory, by: Grouping) -> dict[str, str]:
    """The heading of each finding, by fingerprint. A finding stands under one heading only: the first that fits."""
    journeys = _journeys(inventory) if by == "journey" else {}
    return {finding.fingerprint: _heading(finding, inventory, by, journeys) for finding in report.findings}


def _heading(finding: Finding, inventory: Inventory, by: Grouping, journeys: dict[str, str]) -> str:
    if by == "rule":
        return f"{finding.code} {finding.name}"
    if by == "owner":
        team = inventory.entities.get(finding.owner or "")
        return team.title if team is not None else "no owner"
    names = (finding.subject, *finding.related)
    if by == "journey":
        return next((journeys[name] for name in names if name in journeys), "no journey")
    for name in names:
        entity = inventory.entities.get(name)
        line = inventory.find(entity.line_of_business, LineOfBusiness) if entity is not None else None
        if isinstance(entity, LineOfBusiness):
            line = entity
        if line is not None:
            return line.title
    return "no line of business"


def _journeys(inventory: Inventory) -> dict[str, str]:
    """The first journey, by id, that each entity is part of."""
    found: dict[str, str] = {}
    for journey in inventory.of(Journey):
        found.setdefault(journey.id, journey.title)
        for step in journey.steps or ():
            for name in (step.touchpoint, step.from_, step.to):
                if name is not None:
                    found.setdefault(name, journey.title)
    return found
