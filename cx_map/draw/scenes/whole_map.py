"""An inventory (and its findings) to the scene of the whole map.

What stands where depends on an entity alone: its kind gives the column, its line of business the lane. The
edges are those that the three graphs stand on: needs, routes, channels, flows, answers and signals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from cx_map.audit.findings import Finding, Report
from cx_map.draw.palette import kind_style
from cx_map.draw.scene import Badge, Column, Lane, Node, Ring, Scene
from cx_map.draw.scenes.connections import edges_of
from cx_map.draw.scenes.drawn_findings import broken_places, thick
from cx_map.draw.scenes.named import badges_of
from cx_map.draw.text import count_of
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Action, Insight, Signal
from cx_map.model.chapter_map import Channel, Communication, DataSource, LineOfBusiness, Platform
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory, newest_date
from cx_map.model.routes import routes_of

SHARED = "~shared"
"""The lane of everything that belongs to no single line of business; no id can begin with a tilde."""

COMMON = 15
"""Findings of one rule that fires on most of what it judges, above which it is told in the footer instead of badges."""

COLUMNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("data", "Data sources", ("data_sources",)),
    ("platforms", "Platforms", ("platforms",)),
    ("communications", "Communications", ("communications",)),
    ("channels", "Channels", ("channels",)),
    ("collection", "Collection points", ("collection_points",)),
    ("feedback", "Feedback", ("signals", "insights", "actions")),
)
RINGS: tuple[tuple[str, str, bool], ...] = (
    ("channels", "Channels", False),
    ("communications", "Communications", True),
    ("platforms", "Platforms", True),
    ("data", "Data sources", True),
    ("collection", "Collection points", True),
    ("feedback", "Feedback", True),
)
_COLUMN_OF = {kind: column for column, _, kinds in COLUMNS for kind in kinds}


def scene_of(
    inventory: Inventory, report: Report | None = None, *, as_of: str | None = None, language: str = "en"
) -> Scene:
    """The scene of a whole state; with a report, its findings: badges, broken loops, the narrowest cut. O(entities + flows + findings).

    The date on the map is the report's, else ``as_of``, else the newest date in the inventory.
    """
    date = (report.as_of if report is not None else None) or as_of or newest_date(inventory)
    shown = _shown(inventory)
    nodes = {entity.id: entity for entity in shown}
    common = {one.code: one for one in report.aggregates if one.fired > COMMON} if report is not None else {}
    told = [one for one in report.findings if one.code not in common] if report is not None else []
    flows = edges_of(inventory, frozenset(nodes))
    badges, hidden = _badges(
        told, {*nodes, *(f"{edge.source}->{edge.target}" for edge in flows if edge.kind == "flow")}
    )
    edges = tuple(
        replace(edge, badges=badges.get(f"{edge.source}->{edge.target}", ())) if edge.kind == "flow" else edge
        for edge in flows
    )
    used = {_COLUMN_OF[entity.kind] for entity in shown}
    lanes = _lanes(inventory, shown, report)
    names = {lane.id for lane in lanes}
    cards = tuple(_node(inventory, entity, badges.get(entity.id, ()), names, language) for entity in shown)
    breaks, unseen = broken_places(told, frozenset(nodes), flows)
    cards, edges = thick(cards, (*edges, *breaks), told)
    notes = [
        f"{code} on {one.fired:,} of {one.judged:,} it looks at, too common for a badge: see the report"
        for code, one in sorted(common.items())
    ]
    if hidden:
        kinds = sorted({kind_style(finding.kind).many for finding in hidden})
        notes.append(f"{count_of(len(hidden), 'finding')} on {', '.join(kinds)} not drawn in this view")
    if unseen:
        notes.append(f"{count_of(unseen, 'more broken loop')} not drawn as a missing flow: the view loops has all")
    firm = inventory.organization.title if inventory.organization is not None and inventory.organization.name else ""
    return Scene(
        title="Customer-communications ecosystem – "
        + ("current state" if inventory.state == "current" else f"state {inventory.state}"),
        subtitle=_subtitle(firm, len(shown), len(flows), report, date),
        columns=tuple(Column(column, label) for column, label, _ in COLUMNS if column in used),
        rings=tuple(Ring(ring, label, sectored) for ring, label, sectored in RINGS if ring in used),
        lanes=lanes,
        nodes=cards,
        edges=edges,
        notes=tuple(notes),
        total=len(shown),
        language=language,
    )


def _shown(inventory: Inventory) -> list[Entity]:
    """Entities of the kinds that the map shows; shipped channels only where something uses them."""
    used: set[str | None] = set()
    for communication in inventory.of(Communication):
        used |= {route.channel for route in routes_of(communication) or ()}
    used |= {point.channel for point in inventory.of(CollectionPoint)}
    found: list[Entity] = []
    for cls in (DataSource, Platform, Communication, Channel, CollectionPoint, Signal, Insight, Action):
        found += [one for one in inventory.of(cls) if one.id not in inventory.shipped or one.id in used]
    return found


def _lane_id(inventory: Inventory, entity: Entity) -> str:
    if entity.line_of_business is not None:
        return entity.line_of_business
    if isinstance(entity, Platform) and entity.serves is not None and len(entity.serves) == 1:
        return entity.serves[0]
    owner = inventory.entities.get(entity.owner) if entity.owner is not None else None
    return owner.line_of_business if owner is not None and owner.line_of_business is not None else SHARED


def _lanes(inventory: Inventory, shown: Sequence[Entity], report: Report | None) -> tuple[Lane, ...]:
    used = {_lane_id(inventory, entity) for entity in shown}
    silos = {one.subject for one in report.findings if one.code == "SILO101"} if report is not None else set()
    lanes = [Lane(line.id, line.title, line.id in silos) for line in inventory.of(LineOfBusiness) if line.id in used]
    if SHARED in used:
        lanes.append(Lane(SHARED, "Shared, or no line of business given" if lanes else "Whole firm"))
    return lanes_in_order(lanes)


def lanes_in_order(lanes: Iterable[Lane]) -> tuple[Lane, ...]:
    """Lanes by id; what all lines share stands in the middle: everything crosses to it, and the ways are short."""
    ordered = sorted(lanes, key=lambda lane: lane.id)
    own = [lane for lane in ordered if lane.id != SHARED]
    middle = len(own) // 2
    return (*own[:middle], *(lane for lane in ordered if lane.id == SHARED), *own[middle:])


def _node(inventory: Inventory, entity: Entity, badges: tuple[Badge, ...], lanes: set[str], language: str) -> Node:
    lane = _lane_id(inventory, entity)
    name = entity.name.into(language) if entity.name is not None else entity.id
    return Node(
        id=entity.id,
        label=name,
        kind=entity.kind,
        lane=lane if lane in lanes else SHARED,
        column=_COLUMN_OF[entity.kind],
        sublabel=_sublabel(entity),
        badges=badges,
        tooltip=f"owner: {entity.owner}" if entity.owner else "owner: not known",
        emphasis="none" if entity.usable else "faint",
    )


def _sublabel(entity: Entity) -> str:
    if not entity.usable:
        return entity.status or ""
    if isinstance(entity, Communication):
        if entity.volume is not None:
            return f"{entity.volume.value:,.0f} a month"
        return entity.purpose or ""
    if isinstance(entity, Platform):
        return entity.vendor or ", ".join((entity.capabilities or ())[:2]).replace("_", " ")
    if isinstance(entity, DataSource):
        return (entity.role or entity.kind_ or "").replace("_", " ")
    kind = getattr(entity, "kind_", None)
    return kind.replace("_", " ") if isinstance(kind, str) else ""


def _badges(findings: Sequence[Finding], drawn: Collection[str]) -> tuple[dict[str, tuple[Badge, ...]], list[Finding]]:
    """Badges by what they stand on, one a rule with its number, and the findings whose subject is not on the map.

    ``drawn`` are ids and flows (``a->b``); a finding on a flow that is not drawn stands on the flow's source.
    """
    grouped: dict[str, list[Finding]] = {}
    hidden: list[Finding] = []
    for finding in findings:
        target = finding.subject if finding.subject in drawn else finding.subject.partition("->")[0]
        if target in drawn:
            grouped.setdefault(target, []).append(finding)
        elif not finding.code.startswith("CX"):
            hidden.append(finding)
    return {place: badges_of(same) for place, same in grouped.items()}, hidden


def _subtitle(firm: str, entities: int, flows: int, report: Report | None, date: str | None) -> str:
    parts = [firm, count_of(entities, "element"), count_of(flows, "connection")]
    if report is not None:
        parts.append(count_of(len(report.findings), "finding"))
    if date:
        parts.append(f"as of {date}")
    return " · ".join(part for part in parts if part)
