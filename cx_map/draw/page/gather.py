"""Everything a page shows, as plain data in three parts: ``core``, the ``views``, and texts that are read on demand.

Indices take the place of ids, so that 20,000 entities stay a small file that a browser reads quickly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cx_map.compare.changes import Changes, compare
from cx_map.compare.findings import match
from cx_map.draw.page.details import details_of
from cx_map.draw.page.findings import Findings
from cx_map.draw.page.heats import Heats, heats_data
from cx_map.draw.page.moment import Moment
from cx_map.draw.page.union import Union, key_of, union_of
from cx_map.draw.page.views import VIEWS, view_of
from cx_map.draw.palette import MARK_SIGNS, SEVERITY_SIGNS, kind_style
from cx_map.draw.scene import BREAK, SEVERITIES, Edge, Scene
from cx_map.draw.scenes.difference import scene_of_diff
from cx_map.draw.scenes.whole_map import scene_of
from cx_map.draw.text import clean, clean_lines
from cx_map.draw.words import Words, words_in
from cx_map.model.chapter_governance import Roadmap
from cx_map.model.inventory import newest_date

FORMAT = "cxmap.page/1"
Json = dict[str, object]
_STYLES = ("solid", "dashed", "missing", "alternative")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The data of a page by the name of its block."""

    title: str
    blocks: Mapping[str, object]
    kinds: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """The way from one state to another."""

    before: int
    after: int
    changes: Changes
    scene: Scene


def gather(
    moments: Sequence[Moment], heats: Sequence[Heats] = (), *, language: str = "en", as_of: str | None = None
) -> Gathered:
    """The blocks of a page for some states, the current one first.

    Every state is compared with the first and with the one before it. O(states * (entities + flows + findings)) and
    two layouts of everything.
    """
    words = words_in(language)
    day = _date(moments, as_of) or ""
    scenes = [scene_of(one.inventory, one.report, as_of=as_of, language=language) for one in moments]
    steps = [_step(moments, before, after, as_of, language) for before, after in _pairs(len(moments))]
    union = union_of(scenes, [step.scene for step in steps])
    views = {name: view_of(union, name) for name in VIEWS}
    findings = Findings(union)
    states = [_state(union, moment, scene, findings, words) for moment, scene in zip(moments, scenes, strict=True)]
    changes = [_changes(union, step, moments, findings) for step in steps]
    firm = _firm(moments[0])
    teams = _teams(moments, language)
    kinds = tuple(dict.fromkeys(node.kind for node in union.nodes))
    core: Json = {
        "format": FORMAT,
        "firm": firm,
        "asOf": day,
        "asOfTold": words.date(day),
        "language": language,
        "kinds": [
            [kind, kind_style(kind).code, words(kind_style(kind).one), words(kind_style(kind).many)] for kind in kinds
        ],
        "columns": [clean(one.label) for one in union.scene.columns],
        "lanes": [[clean(one.id), clean(one.label) or clean(one.id), one.silo] for one in union.scene.lanes],
        "severities": [[one, SEVERITY_SIGNS[one]] for one in SEVERITIES],
        "signs": {mark: MARK_SIGNS[mark] for mark in ("added", "removed", "changed")},
        "customer": clean(union.scene.customer),
        **_entities(union, moments, teams, kinds),
        **_edges(union, views["layers"].feedback),
        "findings": findings.head(),
        "rules": findings.names,
        "states": states,
        "changes": changes,
        "perspectives": heats_data(heats, union),
    }
    blocks: dict[str, object] = {"core": core}
    blocks |= {f"view-{name}": view.data for name, view in views.items()}
    blocks |= {f"wires-{name}": view.wires for name, view in views.items()}
    blocks["findings"] = findings.texts(teams)
    blocks["proofs"] = findings.proofs()
    blocks["details"] = details_of(union, [one.inventory for one in moments])
    return Gathered(firm, blocks, kinds, tuple(union.node_at))


def _pairs(number: int) -> list[tuple[int, int]]:
    """Every later state against the first, and against the one before it."""
    return sorted({(0, after) for after in range(1, number)} | {(after - 1, after) for after in range(1, number)})


def _step(moments: Sequence[Moment], before: int, after: int, as_of: str | None, language: str) -> _Step:
    changes = compare(moments[before].inventory, moments[after].inventory)
    return _Step(before, after, changes, scene_of_diff(changes, as_of=as_of, language=language))


def _firm(moment: Moment) -> str:
    organization = moment.inventory.organization
    return clean(organization.title) if organization is not None and organization.name else ""


def _date(moments: Sequence[Moment], as_of: str | None) -> str | None:
    report = moments[0].report
    return (report.as_of if report is not None else None) or as_of or newest_date(moments[0].inventory)


def _teams(moments: Sequence[Moment], language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for moment in moments:
        for entity in moment.inventory.entities.values():
            if entity.kind == "teams":
                found.setdefault(entity.id, entity.name.into(language) if entity.name is not None else entity.id)
    return found


def _entities(union: Union, moments: Sequence[Moment], teams: Mapping[str, str], kinds: Sequence[str]) -> Json:
    columns = {one.id: number for number, one in enumerate(union.scene.columns)}
    lanes = {one.id: number for number, one in enumerate(union.scene.lanes)}
    kind_at = {kind: number for number, kind in enumerate(kinds)}
    owners: dict[str, int] = {}
    owner_of: list[int] = []
    for node in union.nodes:
        entity = next((found for one in moments if (found := one.inventory.entities.get(node.id)) is not None), None)
        owner = entity.owner if entity is not None else None
        owner_of.append(owners.setdefault(owner, len(owners)) if owner else -1)
    return {
        "id": [clean(node.id) for node in union.nodes],
        "name": [clean(node.label) or clean(node.id) for node in union.nodes],
        "sub": [clean(node.sublabel) for node in union.nodes],
        "kind": [kind_at[node.kind] for node in union.nodes],
        "lane": [lanes[node.lane] for node in union.nodes],
        "column": [columns[node.column] for node in union.nodes],
        "owner": owner_of,
        "owners": [[clean(one), clean(teams.get(one, one))] for one in owners],
        "faint": [number for number, node in enumerate(union.nodes) if node.emphasis == "faint"],
    }


def _edges(union: Union, feedback: frozenset[int]) -> Json:
    names = sorted({edge.kind for edge in union.edges})
    return {
        "edges": {
            "source": [union.node_at[edge.source] for edge in union.edges],
            "target": [union.node_at[edge.target] for edge in union.edges],
            "kind": [names.index(edge.kind) for edge in union.edges],
            "style": [_STYLES.index(edge.style) for edge in union.edges],
            "kinds": names,
            "break": names.index(BREAK) if BREAK in names else -1,
            "feedback": sorted(feedback),
        }
    }


def _state(union: Union, moment: Moment, scene: Scene, findings: Findings, words: Words) -> Json:
    """What a state has of the union, told by what it lacks and by what looks different in it."""
    nodes = {node.id: node for node in scene.nodes}
    edges = {key_of(edge): edge for edge in scene.edges}
    report = moment.report
    return {
        "id": moment.id,
        "name": clean(moment.name),
        "by": clean(words.date(moment.by)),
        "target": moment.target,
        "without": [number for number, node in enumerate(union.nodes) if node.id not in nodes],
        "edgesWithout": [number for number, edge in enumerate(union.edges) if key_of(edge) not in edges],
        "styles": _different_styles(union.edges, edges),
        "thick": [union.node_at[node.id] for node in scene.nodes if node.emphasis == "thick"],
        "thickEdges": [union.edge_at[key_of(edge)] for edge in scene.edges if edge.emphasis == "thick"],
        "subs": [
            [number, clean(own.sublabel)]
            for number, node in enumerate(union.nodes)
            if (own := nodes.get(node.id)) is not None and own.sublabel != node.sublabel
        ],
        "findings": findings.of(report),
        "common": findings.common(report),
        "audited": report is not None,
        "unassessed": len(report.not_assessed) if report is not None else 0,
        "roadmap": _about(moment),
    }


def _about(moment: Moment) -> str:
    roadmap: Roadmap | None = moment.inventory.roadmap
    for phase in (roadmap.phases or ()) if roadmap is not None else ():
        if phase.id == moment.id and phase.description is not None:
            return clean_lines(str(phase.description), 600)
    return ""


def _different_styles(union: Sequence[Edge], own: Mapping[tuple[str, str, str], Edge]) -> list[list[int]]:
    return [
        [number, _STYLES.index(mine.style)]
        for number, edge in enumerate(union)
        if (mine := own.get(key_of(edge))) is not None and mine.style != edge.style
    ]


def _changes(union: Union, step: _Step, moments: Sequence[Moment], findings: Findings) -> Json:
    """What differs between two states: marked entities and flows, and what became of the findings."""
    marked = [
        [
            union.node_at[node.id],
            node.mark,
            clean_lines(node.tooltip, 600) if node.mark == "changed" else clean(node.sublabel),
        ]
        for node in step.scene.nodes
        if node.mark != "unchanged" and node.id in union.node_at
    ]
    found: Json = {
        "from": step.before,
        "to": step.after,
        "nodes": sorted(marked, key=lambda one: one[0]),
        "same": sorted(union.node_at[node.id] for node in step.scene.nodes if node.mark == "unchanged"),
        "edges": [
            [union.edge_at[key_of(edge)], edge.mark if edge.mark != "unchanged" else ""]
            for edge in step.scene.edges
            if key_of(edge) in union.edge_at
        ],
    }
    before, after = moments[step.before].report, moments[step.after].report
    if before is not None and after is not None:
        moved = {link.before: link.after for link in step.changes.links.links if not link.namespace}
        became = match(before, after, moved)
        found |= {
            "solved": [findings.add(one) for one in became.solved],
            "introduced": [findings.add(one) for one in became.introduced],
            "worse": [findings.add(pair.after) for pair in became.worse],
            "better": [findings.add(pair.after) for pair in became.better],
        }
    return found
