"""Above what is legible, cards of one lane and column become one card that says how many it stands for.

Nothing is dropped silently: counts, a note with the names of the biggest groups, merged flows with their
multiplicity, and the ids of all members for opening on demand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cx_map.draw.nouns import counted, marks_told
from cx_map.draw.scene import (
    LIMIT,
    Badge,
    Edge,
    EdgeStyle,
    Emphasis,
    Lane,
    Mark,
    Node,
    Scene,
    badge_order,
    edge_order,
    node_order,
)
from cx_map.draw.words import Words, words_in

_NAMED = 6


def collapse(scene: Scene, limit: int = LIMIT) -> Scene:
    """The scene itself when it has at most ``limit`` cards, else one with its biggest groups collapsed.

    Groups (same lane, column and kind) collapse biggest first, ties by lane, column and kind, until the limit
    holds. If that is not enough, the smallest lanes share one lane. If even that is not enough (a limit below the
    number of columns and kinds), the smallest possible scene is returned. Cost O(n log n + e log e).
    """
    if len(scene.nodes) <= limit:
        return scene
    words = words_in(scene.language)
    groups = _groups(scene.nodes)
    cards = len(scene.nodes)
    chosen: set[tuple[str, str, str]] = set()
    for key, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        if cards <= limit or len(members) < 2:
            break
        chosen.add(key)
        cards -= len(members) - 1
    if cards > limit:
        return _merge_lanes(scene, limit)
    taken = {node.id for node in scene.nodes}
    nodes: list[Node] = []
    into: dict[str, str] = {}
    names = {lane.id: lane.label for lane in scene.lanes}
    for key, members in sorted(groups.items()):
        if key not in chosen:
            nodes += members
            continue
        one = _card(key, members, names[key[0]], taken, words)
        taken.add(one.id)
        nodes.append(one)
        into |= {node.id: one.id for node in members}
    edges, inside = _merge_edges(scene.edges, into)
    result = replace(
        scene,
        nodes=tuple(nodes),
        edges=edges,
        reserved=(),
        total=scene.entities if scene.total is None else scene.total,
    )
    return replace(result, notes=(*scene.notes, _note(result, names, words), *_inside_note(inside, words)))


def _groups(nodes: Sequence[Node]) -> dict[tuple[str, str, str], list[Node]]:
    groups: dict[tuple[str, str, str], list[Node]] = defaultdict(list)
    for node in sorted(nodes, key=node_order):
        groups[node.lane, node.column, node.kind].append(node)
    return groups


def _merge_lanes(scene: Scene, limit: int) -> Scene:
    """The scene with its smallest lanes in one, collapsed: as many own lanes as fit, by halving, down to none."""
    sizes = Counter[str]()
    kinds: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for node in scene.nodes:
        sizes[node.lane] += node.entities
        kinds[node.lane].add((node.column, node.kind))
    ranked = [lane.id for lane in sorted(scene.lanes, key=lambda lane: (-sizes[lane.id], lane.id))]
    keep = len(ranked) // 2
    while keep and _smallest(kinds, ranked, keep) > limit:
        keep //= 2
    if keep == 0 and len(ranked) < 2:
        fewest = _smallest(kinds, ranked, 1)
        return collapse(scene, fewest) if fewest < len(scene.nodes) else scene
    kept = set(ranked[:keep])
    other_id = "other"
    while other_id in kept:
        other_id += "*"
    gone = len(ranked) - keep
    silo = any(lane.silo for lane in scene.lanes if lane.id not in kept)
    words = words_in(scene.language)
    name = (
        words.many("{n} other line of business", "{n} other lines of business", gone)
        if keep
        else words.many("All {n} lines of business", "All {n} lines of business", gone)
    )
    other = Lane(other_id, name, silo)
    merged = replace(
        scene,
        nodes=tuple(node if node.lane in kept else replace(node, lane=other_id) for node in scene.nodes),
        lanes=(*(lane for lane in scene.lanes if lane.id in kept), other),
        reserved=(),
        notes=(
            *scene.notes,
            words.many(
                "{n} smaller line of business shares one lane", "{n} smaller lines of business share one lane", gone
            ),
        ),
    )
    return collapse(merged, max(limit, _smallest(kinds, ranked, keep)))


def _smallest(kinds: dict[str, set[tuple[str, str]]], ranked: list[str], keep: int) -> int:
    """The fewest cards with this many own lanes: one for every kind in every column of every lane."""
    rest: set[tuple[str, str]] = set().union(*(kinds[lane] for lane in ranked[keep:]))
    return sum(len(kinds[lane]) for lane in ranked[:keep]) + len(rest)


def _card(key: tuple[str, str, str], members: list[Node], lane: str, taken: set[str], words: Words) -> Node:
    """The card that stands for a group, with the worst findings first and the members' names in the tooltip."""
    ids = tuple(name for node in members for name in (node.members or (node.id,)))
    ident = "/".join(key)
    while ident in taken:
        ident += "*"
    told = marks_told((node.mark for node in members), ("added", "changed", "removed"), words)
    hottest = max((node for node in members if node.heat is not None), key=lambda node: node.heat or 0.0, default=None)
    if hottest is not None:
        told = words("hottest: {value}", value=hottest.sublabel)
    return Node(
        ident,
        counted(len(ids), key[2], words),
        key[2],
        key[0],
        key[1],
        told or words("collapsed"),
        _merge_badges(badge for node in members for badge in node.badges),
        _mark([node.mark for node in members]),
        f"{lane}: " + ", ".join(node.label for node in members[:20]),
        ids,
        heat=None if hottest is None else hottest.heat,
        known=hottest is not None or all(node.known for node in members),
    )


def _merge_badges(badges: Iterable[Badge]) -> tuple[Badge, ...]:
    """One badge for each code and severity, with the number of findings."""
    merged: dict[tuple[str, str], Badge] = {}
    for badge in badges:
        known = merged.get((badge.code, badge.severity))
        count = badge.count + (known.count if known else 0)
        merged[badge.code, badge.severity] = replace(badge, tooltip="", count=count)
    return tuple(sorted(merged.values(), key=badge_order))


def _mark(marks: list[Mark]) -> Mark:
    """The members' common mark; a mixture has changed."""
    return marks[0] if len(set(marks)) == 1 else "changed"


def _merge_edges(edges: Sequence[Edge], into: dict[str, str]) -> tuple[tuple[Edge, ...], int]:
    """Edges between what is still drawn, equal ones merged; and how many flows run inside collapsed cards."""
    kept: list[Edge] = []
    groups: dict[tuple[str, str, str, EdgeStyle, Mark, Emphasis], list[Edge]] = defaultdict(list)
    inside = 0
    for edge in sorted(edges, key=edge_order):
        source, target = into.get(edge.source, edge.source), into.get(edge.target, edge.target)
        if source == target and edge.source in into:
            inside += edge.count
        elif (source, target) == (edge.source, edge.target):
            kept.append(edge)
        else:
            groups[source, target, edge.kind, edge.style, edge.mark, edge.emphasis].append(edge)
    for (source, target, kind, style, mark, emphasis), same in sorted(groups.items()):
        count = sum(edge.count for edge in same)
        label = same[0].label if len(same) == 1 else f"×{count:,}"
        kept.append(
            Edge(
                source,
                target,
                kind,
                label,
                style,
                emphasis,
                mark,
                _merge_badges(badge for edge in same for badge in edge.badges),
                same[0].tooltip if len(same) == 1 else "",
                count,
            )
        )
    return tuple(kept), inside


def _note(scene: Scene, names: dict[str, str], words: Words) -> str:
    groups = sorted((node for node in scene.nodes if node.members), key=lambda n: (-n.entities, n.id))
    told = ", ".join(f"{node.label} ({names[node.lane]})" for node in groups[:_NAMED])
    more = len(groups) - _NAMED
    if more > 0:
        told = words.many("{groups} and {n} more group", "{groups} and {n} more groups", more, groups=told)
    return words.many(
        "{n} card stands for {shown} of {total} entities; collapsed: {groups}",
        "{n} cards stand for {shown} of {total} entities; collapsed: {groups}",
        len(scene.nodes),
        shown=words.number(scene.entities),
        total=words.number(scene.total or 0),
        groups=told,
    )


def _inside_note(inside: int, words: Words) -> tuple[str, ...]:
    if not inside:
        return ()
    return (
        words.many(
            "{n} flow inside collapsed cards is not drawn", "{n} flows inside collapsed cards are not drawn", inside
        ),
    )
