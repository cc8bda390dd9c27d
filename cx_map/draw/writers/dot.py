"""Scene to DOT text for the Graphviz engines: layered with clusters (``dot``) or with our own places (``neato -n2``).

HTML-like labels are XML: user text goes in with ``&``, ``<``, ``>`` and quotes as entities. Quoted strings double
their backslashes, so that neither a trailing backslash nor an escape like ``\\N`` in a name means anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from cx_map.draw.geometry import Layout
from cx_map.draw.layouts.furniture import NAME, SUB, badge_text, counts
from cx_map.draw.palette import (
    MARK_COLOURS,
    MARK_SIGNS,
    SEVERITY_COLOURS,
    SURFACES,
    ink_on,
    kind_colours,
    kind_style,
    mix,
)
from cx_map.draw.scene import Edge, Mark, Node, Scene, badge_order, edge_order, node_order
from cx_map.draw.text import clean, clean_lines, fit
from cx_map.draw.words import Words, words_in
from cx_map.draw.writers.svg import tooltip

_LIGHT = SURFACES["light"]
_WIDTHS: dict[Mark, float] = {"none": 1.0, "added": 2.6, "removed": 1.8, "changed": 2.2, "unchanged": 1.0}
# Ranks across clusters cost Graphviz minutes on larger maps.
_RANKED = 200
_GRAPH = 'fontname="Helvetica" bgcolor="white" pad=0.35 outputorder=edgesfirst labelloc=t labeljust=l'


def to_dot(scene: Scene) -> str:
    """A left-to-right digraph: one cluster a lane, one rank a column, feedback reversed so that it keeps the ranks.

    Graphviz decides the places (clusters have no fixed order); use the built-in layout where states must line up.
    """
    spoken = words_in(scene.language)
    newrank = "newrank=true " if len(scene.nodes) <= _RANKED else ""
    lines = [
        f"digraph ecosystem {{\ngraph [rankdir=LR nodesep=0.16 ranksep=0.95 {newrank}{_GRAPH}",
        *_opening(scene),
    ]
    lanes: dict[str, list[Node]] = defaultdict(list)
    for node in sorted(scene.nodes, key=node_order):
        lanes[node.lane].append(node)
    for number, lane in enumerate(scene.lanes):
        border = f'color="{_LIGHT["silo"]}" penwidth=2' if lane.silo else f'color="{_LIGHT["lane-line"]}"'
        label = f'<<FONT POINT-SIZE="12"><B>{html(clean(lane.label) or clean(lane.id))}</B></FONT>>'
        lines.append(
            f'subgraph "cluster_{number}" {{ label={label} style="rounded,filled" '
            f'fillcolor="{_LIGHT["lane"]}" {border} margin=12'
        )
        lines += [_node(node, spoken) for node in lanes[lane.id]]
        lines.append("}")
    order = {column.id: index for index, column in enumerate(scene.columns)}
    column = {node.id: order[node.column] for node in scene.nodes}
    if len(scene.nodes) <= _RANKED:
        for one in scene.columns:
            same = [quoted(node.id) for node in sorted(scene.nodes, key=node_order) if node.column == one.id]
            lines += [f"{{ rank=same; {'; '.join(same)} }}"] if same else []
    lines += _edges(scene, column)
    lines.append("}\n")
    return "\n".join(lines)


def to_dot_web(scene: Scene, layout: Layout) -> str:
    """A digraph whose nodes are pinned where the layout put them (points, y upwards): for ``neato -n2``."""
    spoken = words_in(scene.language)
    lines = [f"digraph ecosystem {{\ngraph [splines=true {_GRAPH}", *_opening(scene)]
    for card in sorted(layout.cards, key=lambda one: node_order(one.node)):
        x, y = card.box.centre
        lines.append(_node(card.node, spoken, f' pos="{x * 0.75:.1f},{(layout.height - y) * 0.75:.1f}!"'))
    lines += _edges(scene, {})
    for frame in layout.frames:
        if frame.role == "customer":
            x, y = frame.box.centre
            size = frame.box.w / 96
            # No entity id can hold a blank, so the disc never meets one of them.
            lines.append(
                f'"the customer" [shape=circle style=filled fixedsize=true width={size:.2f} '
                f'fillcolor="{_LIGHT["customer"]}" fontcolor="white" '
                f"label={quoted(fit(clean(scene.customer), 76, 14))} "
                f'pos="{x * 0.75:.1f},{(layout.height - y) * 0.75:.1f}!"]'
            )
            ring = scene.rings[0].id if scene.rings else (scene.columns[-1].id if scene.columns else "")
            lines += [
                f'{quoted(node.id)} -> "the customer" [color="{_line_colour(node.kind)}" penwidth=2]'
                for node in sorted(scene.nodes, key=node_order)
                if node.column == ring
            ]
    lines.append("}\n")
    return "\n".join(lines)


def quoted(text: str) -> str:
    """A double-quoted DOT string that stands for exactly this text wherever Graphviz reads escapes."""
    return '"' + clean_lines(text, 2000).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def html(text: str) -> str:
    """Text inside an HTML-like label."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#39;")
        .replace("[", "&#91;")
        .replace("]", "&#93;")
    )


def _opening(scene: Scene) -> list[str]:
    return [
        f"label={_title(scene)}]",
        'node [shape=plain fontname="Helvetica"]',
        'edge [arrowsize=0.6 fontname="Helvetica" fontsize=8]',
    ]


def _title(scene: Scene) -> str:
    rows = [f'<FONT POINT-SIZE="20"><B>{html(fit(clean(scene.title), 900, 20)) or "Map"}</B></FONT>']
    rows += [
        f'<FONT POINT-SIZE="10" COLOR="{_LIGHT["muted"]}">{html(fit(clean(line, 1200), 900, 10))}</FONT>'
        for line in (scene.subtitle, counts(scene), *scene.notes)
        if clean(line)
    ]
    cells = "".join(f'<TR><TD ALIGN="LEFT">{row}</TD></TR>' for row in rows)
    table = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">'
    return f"<{table}{cells}</TABLE>>"


def _node(node: Node, words: Words, extra: str = "") -> str:
    colours, sign = kind_colours(node.kind, "light"), MARK_SIGNS[node.mark]
    stripe, ink, fill = colours["stripe"], colours["ink"], colours["tint"]
    if node.mark != "none":
        stripe = MARK_COLOURS["light"][node.mark]
        ink, fill = ink_on(stripe), mix(stripe, "#FFFFFF", 0.9)
    name = f"<B>{html(fit(clean(node.label) or clean(node.id), 170, NAME)) or '?'}</B>"
    if node.mark == "removed":
        name = f"<S>{name}</S>"
    sub = html(fit(clean(node.sublabel), 170, SUB))
    second = f'<BR ALIGN="LEFT"/><FONT POINT-SIZE="8.5" COLOR="{_LIGHT["muted"]}">{sub}</FONT>' if sub else ""
    badges = ""
    for badge in sorted(node.badges, key=badge_order)[:3]:
        colour = SEVERITY_COLOURS["light"][badge.severity]
        badges += (
            f'<TD BGCOLOR="{colour}" CELLPADDING="3"><FONT COLOR="{ink_on(colour)}" POINT-SIZE="8">'
            f"<B>{html(badge_text(badge))}</B></FONT></TD>"
        )
    if len(node.badges) > 3:
        badges += f'<TD CELLPADDING="3"><FONT POINT-SIZE="8">+{len(node.badges) - 3}</FONT></TD>'
    code = html(f"{sign} {kind_style(node.kind).code}".strip())
    border = 2 if node.mark in ("added", "removed", "changed") else 1
    label = (
        f'<<TABLE BORDER="{border}" COLOR="{stripe}" BGCOLOR="{fill}" CELLBORDER="0" CELLSPACING="0" '
        f'CELLPADDING="0"><TR><TD BGCOLOR="{stripe}" WIDTH="20" CELLPADDING="3">'
        f'<FONT COLOR="{ink}" POINT-SIZE="8"><B>{code}</B></FONT></TD>'
        f'<TD ALIGN="LEFT" BALIGN="LEFT" CELLPADDING="5">'
        f'<FONT POINT-SIZE="11" COLOR="{_LIGHT["ink"]}">{name}</FONT>'
        f"{second}</TD>{badges}</TR></TABLE>>"
    )
    return f"{quoted(node.id)} [tooltip={quoted(tooltip(node, words))} label={label}{extra}]"


def _edges(scene: Scene, column: dict[str, int]) -> Iterator[str]:
    """Edges by canonical order; with known columns, one against the reading direction is turned round with dir=back."""
    words = words_in(scene.language)
    missing = words("missing")
    kinds = {node.id: node.kind for node in scene.nodes}
    for edge in sorted(scene.edges, key=edge_order):
        back = bool(column) and column[edge.source] > column[edge.target]
        ends = (edge.target, edge.source) if back else (edge.source, edge.target)
        across = bool(column) and column[edge.source] != column[edge.target]
        parts = [f'color="{_colour(edge, kinds[edge.source])}" penwidth={_width(edge):.1f}']
        if edge.style == "missing":
            parts.append("style=dotted")
        elif edge.style == "dashed" or edge.mark == "removed" or (back and edge.mark != "added"):
            parts.append("style=dashed")
        if back:
            parts.append("dir=back")
        if across:
            parts.append("tailport=e headport=w")
        if column and not across:
            parts.append("constraint=false")
        told = [clean(edge.label), *(badge_text(badge) for badge in sorted(edge.badges, key=badge_order))]
        if edge.style == "missing":
            told.append(f"✕ {missing}")
        if any(told):
            parts.append(f"label={quoted(fit(' '.join(filter(None, told)), 160, SUB))}")
        if edge.tooltip:
            parts.append(f"edgetooltip={quoted(clean_lines(edge.tooltip))}")
        yield f"{quoted(ends[0])} -> {quoted(ends[1])} [{' '.join(parts)}]"


def _colour(edge: Edge, kind: str) -> str:
    if edge.style == "missing":
        return SEVERITY_COLOURS["light"]["critical"]
    if edge.mark != "none":
        return MARK_COLOURS["light"][edge.mark]
    if edge.badges:
        return SEVERITY_COLOURS["light"][min(edge.badges, key=badge_order).severity]
    return _line_colour(kind)


def _line_colour(kind: str) -> str:
    return kind_colours(kind, "light")["line"]


def _width(edge: Edge) -> float:
    if edge.emphasis == "thick":
        return 4.0
    return max(_WIDTHS[edge.mark], 2.4 if edge.badges or edge.style == "missing" else 1.0)
