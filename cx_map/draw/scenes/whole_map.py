"""An inventory (and its findings) to the scene of the whole map.

What stands where depends on an entity alone: its kind gives the column, its line of business the lane. The
edges are those that the three graphs stand on: needs, routes, channels, flows, answers and signals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from cx_map.audit.findings import Finding, Report
from cx_map.draw.nouns import nouns
from cx_map.draw.scene import Badge, Column, Lane, Node, Ring, Scene
from cx_map.draw.scenes.connections import edges_of
from cx_map.draw.scenes.drawn_findings import broken_places, thick
from cx_map.draw.scenes.named import Names, badges_of
from cx_map.draw.words import Words, noted, words_in
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
    ("data", noted("Data sources"), ("data_sources",)),
    ("platforms", noted("Platforms"), ("platforms",)),
    ("communications", noted("Communications"), ("communications",)),
    ("channels", noted("Channels"), ("channels",)),
    ("collection", noted("Collection points"), ("collection_points",)),
    ("feedback", noted("Feedback"), ("signals", "insights", "actions")),
)
RINGS: tuple[tuple[str, str, bool], ...] = (
    ("channels", noted("Channels"), False),
    ("communications", noted("Communications"), True),
    ("platforms", noted("Platforms"), True),
    ("data", noted("Data sources"), True),
    ("collection", noted("Collection points"), True),
    ("feedback", noted("Feedback"), True),
)
_COLUMN_OF = {kind: column for column, _, kinds in COLUMNS for kind in kinds}


def scene_of(
    inventory: Inventory, report: Report | None = None, *, as_of: str | None = None, language: str = "en"
) -> Scene:
    """The scene of a whole state; with a report, its findings: badges, broken loops, the narrowest cut. O(entities + flows + findings).

    The date on the map is the report's, else ``as_of``, else the newest date in the inventory.
    """
    date = (report.as_of if report is not None else None) or as_of or newest_date(inventory)
    named = Names(inventory, language)
    words = named.words
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
    lanes = _lanes(inventory, shown, report, words, language)
    names = {lane.id for lane in lanes}
    cards = tuple(_node(inventory, entity, badges.get(entity.id, ()), names, language) for entity in shown)
    breaks, unseen = broken_places(told, frozenset(nodes), flows)
    cards, edges = thick(cards, (*edges, *breaks), told)
    notes = [
        words(
            "{code} on {n} of {m} it looks at, too common for a badge: see the report",
            code=code,
            n=words.number(one.fired),
            m=words.number(one.judged),
        )
        for code, one in sorted(common.items())
    ]
    if hidden:
        kinds = sorted({nouns(finding.kind, words) for finding in hidden})
        notes.append(
            words.many(
                "{n} finding on {kinds} not drawn in this view",
                "{n} findings on {kinds} not drawn in this view",
                len(hidden),
                kinds=", ".join(kinds),
            )
        )
    if unseen:
        notes.append(
            words.many(
                "{n} more broken loop not drawn as a missing flow: the view loops has all",
                "{n} more broken loops not drawn as a missing flow: the view loops has all",
                unseen,
            )
        )
    return Scene(
        title=words("Customer-communications ecosystem – {state}", state=named.state()),
        subtitle=_subtitle(named.firm(), len(shown), len(flows), report, date, words),
        columns=tuple(Column(column, words(label)) for column, label, _ in COLUMNS if column in used),
        rings=tuple(Ring(ring, words(label), sectored) for ring, label, sectored in RINGS if ring in used),
        lanes=lanes,
        nodes=cards,
        edges=edges,
        notes=tuple(notes),
        total=len(shown),
        customer=words("Customer"),
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


def _lanes(
    inventory: Inventory, shown: Sequence[Entity], report: Report | None, words: Words, language: str
) -> tuple[Lane, ...]:
    used = {_lane_id(inventory, entity) for entity in shown}
    silos = {one.subject for one in report.findings if one.code == "SILO101"} if report is not None else set()
    lines = [line for line in inventory.of(LineOfBusiness) if line.id in used]
    lanes = [Lane(line.id, Names(inventory, language).of(line.id), line.id in silos) for line in lines]
    if SHARED in used:
        lanes.append(Lane(SHARED, words("Shared, or no line of business given") if lanes else words("Whole firm")))
    return lanes_in_order(lanes)


def lanes_in_order(lanes: Iterable[Lane]) -> tuple[Lane, ...]:
    """Lanes by id; what all lines share stands in the middle: everything crosses to it, and the ways are short."""
    ordered = sorted(lanes, key=lambda lane: lane.id)
    own = [lane for lane in ordered if lane.id != SHARED]
    middle = len(own) // 2
    return (*own[:middle], *(lane for lane in ordered if lane.id == SHARED), *own[middle:])


def _node(inventory: Inventory, entity: Entity, badges: tuple[Badge, ...], lanes: set[str], language: str) -> Node:
    lane, words = _lane_id(inventory, entity), words_in(language)
    name = entity.name.into(language) if entity.name is not None else entity.id
    return Node(
        id=entity.id,
        label=name,
        kind=entity.kind,
        lane=lane if lane in lanes else SHARED,
        column=_COLUMN_OF[entity.kind],
        sublabel=_sublabel(entity, words),
        badges=badges,
        tooltip=words("owner: {owner}", owner=entity.owner) if entity.owner else words("owner: not known"),
        emphasis="none" if entity.usable else "faint",
    )


def _sublabel(entity: Entity, words: Words) -> str:
    if not entity.usable:
        return words.term(entity.status or "")
    if isinstance(entity, Communication):
        if entity.volume is not None:
            return words("{n} a month", n=words.number(entity.volume.value))
        return words.term(entity.purpose or "")
    if isinstance(entity, Platform):
        return entity.vendor or ", ".join(words.term(one) for one in (entity.capabilities or ())[:2])
    if isinstance(entity, DataSource):
        return words.term(entity.role or entity.kind_ or "")
    kind = getattr(entity, "kind_", None)
    return words.term(kind) if isinstance(kind, str) else ""


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


def _subtitle(firm: str, entities: int, flows: int, report: Report | None, date: str | None, words: Words) -> str:
    parts = [
        firm,
        words.many("{n} element", "{n} elements", entities),
        words.many("{n} connection", "{n} connections", flows),
    ]
    if report is not None:
        parts.append(words.many("{n} finding", "{n} findings", len(report.findings)))
    if date:
        parts.append(words("as of {date}", date=words.date(date)))
    return " · ".join(part for part in parts if part)
