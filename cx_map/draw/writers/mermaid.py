"""Scene to a Mermaid flowchart: text that code hosts draw in a pull request.

Lanes are subgraphs, kinds and marks are classes with the map's colours. Mermaid decides the places; use the built-in
views where states must line up. Ids are generated (``n1``, ``n2``), as Mermaid has words of its own that an id must
not be; user text only ever stands in quoted labels, with everything Mermaid or HTML might read as an entity.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from cx_map.draw.layouts.furniture import badge_text, counts
from cx_map.draw.palette import MARK_COLOURS, MARK_SIGNS, SURFACES, ink_on, kind_colours, kind_style
from cx_map.draw.scene import Edge, Mark, Node, Scene, badge_order, edge_order, node_order
from cx_map.draw.text import clean
from cx_map.draw.words import Words, words_in

MOST_FLOWS, MOST_CHARACTERS = 500, 50_000
"""Defaults of ``maxEdges`` and ``maxTextSize``, which a chart cannot raise itself (Mermaid: configuration, ``secure``)."""
_READ_LATE = re.compile(r"\$(?=\$)|:(?=fa-)|\\(?=n)")
"""What starts a formula (``$$``), an icon (``fa:fa-car``) and a line break (``\\n``) in a label of Mermaid."""
_ARROWS = {"solid": "-->", "alternative": "-->", "dashed": "-.->", "missing": "-.-x"}
_UNTAGGED = str.maketrans("<>", "‹›")
_MARKS: tuple[Mark, ...] = ("added", "removed", "changed", "unchanged")


def to_mermaid(scene: Scene) -> str:
    """A left-to-right flowchart of the scene. O(n log n + e log e)."""
    nodes = sorted(scene.nodes, key=node_order)
    names = {node.id: f"n{number}" for number, node in enumerate(nodes, 1)}
    return "\n".join(
        (*_header(scene), *_lanes(scene, nodes, names), *_flows(scene, names), *_classes(scene, nodes, names), "")
    )


def advice(text: str, scene: Scene) -> str:
    """What to say where hosts with Mermaid's default limits would not draw the chart; empty where they would."""
    if len(scene.edges) <= MOST_FLOWS and len(text) <= MOST_CHARACTERS:
        return ""
    return (
        f"Mermaid's default limits are {MOST_FLOWS:,} flows and {MOST_CHARACTERS:,} characters; this chart has "
        f"{len(scene.edges):,} and {len(text):,}"
    )


def words(text: str) -> str:
    """User text for a quoted label: only letters, digits, blanks and harmless signs stay as they are.

    Mermaid looks for formulae, icons and line breaks after it has read the entities: a word joiner, which nobody sees,
    keeps their signs apart.
    """
    return "".join(
        char if char.isalnum() or char in " .,()/+-·–—…×→~!" or ord(char) > 0x2FF else f"#{ord(char)};"
        for char in _READ_LATE.sub(lambda match: match.group()[0] + "\u2060" + match.group()[1:], clean(text))
    )


def _header(scene: Scene) -> Iterator[str]:
    # A front matter title is YAML; JSON strings are YAML too, and hide nothing. Mermaid drops from it what looks like a tag.
    import json

    yield "---"
    yield f"title: {json.dumps(clean(scene.title).translate(_UNTAGGED), ensure_ascii=False)}"
    yield "---"
    yield "flowchart LR"
    for line in (scene.subtitle, counts(scene), *scene.notes):
        if clean(line):
            yield f"%% {clean(line, 1200).replace('{', '(').replace('}', ')')}"


def _lanes(scene: Scene, nodes: list[Node], names: dict[str, str]) -> Iterator[str]:
    by_lane: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        by_lane[node.lane].append(node)
    for number, lane in enumerate(scene.lanes, 1):
        yield f'subgraph l{number}["{words(lane.label) or words(lane.id) or "-"}"]'
        for node in by_lane[lane.id]:
            code = f"{MARK_SIGNS[node.mark]} {kind_style(node.kind).code}".strip()
            lines = [f"{words(code)} · {words(node.label) or words(node.id)}", words(node.sublabel)]
            lines += [words(badge_text(badge)) for badge in sorted(node.badges, key=badge_order)]
            yield f'  {names[node.id]}["{"<br/>".join(line for line in lines if line)}"]'
        yield "end"


def _flows(scene: Scene, names: dict[str, str]) -> Iterator[str]:
    spoken = words_in(scene.language)
    marked: dict[Mark, list[int]] = defaultdict(list)
    for number, edge in enumerate(sorted(scene.edges, key=edge_order)):
        label = _label(edge, spoken)
        said = f'|"{label}"|' if label else ""
        yield f"{names[edge.source]} {_ARROWS[edge.style]}{said} {names[edge.target]}"
        marked[edge.mark].append(number)
    for mark in _MARKS:
        if marked[mark]:
            colour = MARK_COLOURS["light"][mark]
            dashes = ",stroke-dasharray:5 3" if mark == "removed" else ""
            width = "1px" if mark == "unchanged" else "3px"
            yield f"linkStyle {','.join(map(str, marked[mark]))} stroke:{colour},stroke-width:{width}{dashes}"


def _label(edge: Edge, spoken: Words) -> str:
    parts = [words(edge.label)]
    if edge.style == "missing":
        parts.append(words(spoken("missing")))
    parts += [words(badge_text(badge)) for badge in sorted(edge.badges, key=badge_order)]
    return " ".join(part for part in parts if part)


def _classes(scene: Scene, nodes: list[Node], names: dict[str, str]) -> Iterator[str]:
    ink = SURFACES["light"]["ink"]
    for number, kind in enumerate(sorted({node.kind for node in scene.nodes}), 1):
        colours = kind_colours(kind, "light")
        yield f"classDef k{number} fill:{colours['tint']},stroke:{colours['stripe']},color:{ink}"
        yield f"class {','.join(names[node.id] for node in nodes if node.kind == kind)} k{number}"
    for mark in _MARKS:
        same = [names[node.id] for node in nodes if node.mark == mark]
        if same:
            colour = MARK_COLOURS["light"][mark]
            dashes = ",stroke-dasharray:5 3" if mark == "removed" else ""
            yield f"classDef {mark} fill:{colour},stroke:{colour},color:{ink_on(colour)}{dashes}"
            yield f"class {','.join(same)} {mark}"
