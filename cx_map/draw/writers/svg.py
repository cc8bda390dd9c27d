"""A layout to SVG text: real text, titles for every part, one file without any outside reference.

Bytes depend on the layout alone: numbers are rounded to one decimal, no id is random. User text only ever becomes
escaped character data or an escaped attribute, after :mod:`cx_map.draw.text` made it showable.
"""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.draw.geometry import Box, Card, Frame, Label, Layout, Spoke, Swatch, Wire
from cx_map.draw.layouts.furniture import BADGE, CODE, SAMPLE_H, badge_text, enlarged
from cx_map.draw.nouns import counted, noun
from cx_map.draw.palette import MARK_COLOURS, MARK_SIGNS, SEVERITY_COLOURS, SEVERITY_SIGNS, heat_step, kind_style
from cx_map.draw.scene import LegendEntry, Node, badge_order
from cx_map.draw.sheet import STATE_SIGNS
from cx_map.draw.text import TOOLTIP_LIMIT, clean, clean_lines
from cx_map.draw.words import Words, noted, tag_of, words_in
from cx_map.draw.writers.svg_parts import (
    attribute,
    cross_at,
    escape,
    number,
    path_data,
    pill_of,
    rect_of,
    stripe_of,
    text_of,
)
from cx_map.draw.writers.svg_sheet import cells, hatch_pattern, heat_sample, sheet_markers
from cx_map.draw.writers.svg_style import ThemeChoice, css_name, scale_class, scale_rules, style_sheet

_STYLES = {"missing": noted("missing flow"), "alternative": noted("one of several is enough")}
_EMPHASIS = {"none": "", "thick": " thick", "faint": " faint"}


def to_svg(
    layout: Layout,
    *,
    theme: ThemeChoice = "auto",
    prefix: str = "cx-",
    size: tuple[str, str] | None = None,
) -> str:
    """A complete SVG 1.1 document.

    ``prefix`` keeps ids apart when several maps stand in one page; ``size`` is the printed width and height with
    units (``("420mm", "297mm")``), by default one pixel a unit.
    """
    kinds = {card.node.kind for card in layout.cards} | {cell.kind for cell in layout.cells if cell.kind}
    kinds |= {swatch.entry.key for swatch in layout.swatches if swatch.entry.family == "kind"}
    sheet = layout.view not in ("layers", "web", "heat")
    heat = sheet or any(swatch.entry.family == "heat" for swatch in layout.swatches)
    names = {card.node.id: clean(card.node.label) or clean(card.node.id) for card in layout.cards}
    words = words_in(layout.language)
    scale = enlarged(layout.width)
    width, height = size or (number(layout.width), number(layout.height))
    view = f"0 0 {number(layout.width)} {number(layout.height)}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cx{scale_class(scale)}" viewBox="{view}" width="{attribute(width)}" '
        f'height="{attribute(height)}" role="graphics-document document" '
        f'xml:lang="{attribute(clean(tag_of(layout.language), 35))}" aria-labelledby="{prefix}title {prefix}desc">',
        f'<title id="{prefix}title">{escape(clean(layout.title, TOOLTIP_LIMIT))}</title>',
        f'<desc id="{prefix}desc">{escape(clean(layout.about, 1000))}</desc>',
        f"<style>{style_sheet(kinds, theme, prefix, sheet=sheet, heat=heat)}{scale_rules(scale)}</style>",
        f"<defs>{''.join(_markers(kinds, prefix))}{sheet_markers(prefix) if sheet else ''}"
        f"{hatch_pattern(prefix) if heat else ''}</defs>",
        f'<rect class="page" width="{number(layout.width)}" height="{number(layout.height)}"/>',
        f'<g class="{layout.view}">',
        '<g class="frames">',
        *map(_frame, layout.frames),
        "</g>",
        '<g class="edges">',
        *map(_spoke, layout.spokes),
        *(_wire(wire, names, words) for wire in layout.wires),
        "</g>",
        *cells(layout),
        '<g class="texts">',
        *map(text_of, layout.labels),
        "</g>",
        '<g class="nodes">',
        *(_card(card, words) for card in layout.cards),
        "</g>",
        '<g class="marks">',
        *(text for wire in layout.wires for text in _wire_marks(wire)),
        "</g>",
        '<g class="key">',
        *map(_swatch, layout.swatches),
        "</g>",
        "</g></svg>\n",
    ]
    return "\n".join(part for part in parts if part)


def tooltip(node: Node, words: Words) -> str:
    """What a card says on hover and to a screen reader: kind, full name, sign of its mark, findings, own text."""
    what = counted(node.entities, node.kind, words) if node.members else noun(node.kind, words)
    mark = "" if node.mark == "none" else f", {words(node.mark)}"
    lines = [f"{clean(node.label) or clean(node.id)} ({what}{mark})"]
    if node.sublabel:
        lines.append(clean(node.sublabel))
    lines += [": ".join(filter(None, (badge_text(b), clean(b.tooltip)))) for b in sorted(node.badges, key=badge_order)]
    if node.tooltip:
        lines.append(node.tooltip)
    return clean_lines("\n".join(lines))


def _card(card: Card, words: Words) -> str:
    node, box = card.node, card.box
    about = tooltip(node, words)
    classes = f"n k-{css_name(node.kind)}{'' if node.mark == 'none' else ' m-' + node.mark}{_EMPHASIS[node.emphasis]}"
    if node.heat is not None:
        classes += f" heat-{heat_step(node.heat)}"
    pattern = "" if node.known else rect_of(box, "hatch", 5)
    x, y = number(box.x), number(box.y)
    w, h = number(box.w), number(box.h)
    behind = (
        f'<rect class="box" x="{number(box.x + 4)}" y="{number(box.y + 4)}" width="{w}" height="{h}" rx="5"/>'
        if node.members
        else ""
    )
    stripe = stripe_of(Box(box.x, box.y, card.stripe, box.h))
    return (
        f'<g class="{classes}" data-id="{attribute(clean(node.id))}" role="graphics-symbol img" '
        f'aria-label="{attribute(about)}"><title>{escape(about)}</title>{behind}'
        f'<rect class="box" x="{x}" y="{y}" width="{w}" height="{h}" rx="5"/>{pattern}{stripe}'
        f"{''.join(map(text_of, card.labels))}{''.join(map(pill_of, card.pills))}</g>"
    )


def _wire(wire: Wire, names: dict[str, str], words: Words) -> str:
    edge = wire.edge
    classes = ["e", _colour_class(wire)]
    if wire.feedback:
        classes.append("feedback")
    if edge.style in ("dashed", "alternative"):
        classes.append(edge.style)
    if edge.emphasis != "none":
        classes.append(edge.emphasis)
    sign = {"none": "", "unchanged": ""}.get(edge.mark, f"{MARK_SIGNS[edge.mark]} {words(edge.mark)}: ")
    lines = [
        f"{sign}{names[edge.source]} → {names[edge.target]}"
        + (f" ×{words.number(edge.count)}" if edge.count > 1 else "")
    ]
    lines += [clean(part) for part in (edge.label, words(_STYLES.get(edge.style, ""))) if part]
    lines += [": ".join(filter(None, (badge_text(b), clean(b.tooltip)))) for b in sorted(edge.badges, key=badge_order)]
    if edge.tooltip:
        lines.append(edge.tooltip)
    return (
        f'<path class="{" ".join(classes)}" data-source="{attribute(clean(edge.source))}" '
        f'data-target="{attribute(clean(edge.target))}" d="{path_data(wire.path)}">'
        f"<title>{escape(clean_lines(chr(10).join(lines)))}</title></path>"
    )


def _colour_class(wire: Wire) -> str:
    """The one class that colours a line: a missing flow, then its mark, its worst finding, its source's kind."""
    edge = wire.edge
    if edge.style == "missing":
        return "missing"
    if edge.mark != "none":
        return "m-" + edge.mark
    if edge.badges:
        return "w-" + min(edge.badges, key=badge_order).severity
    return "k-" + css_name(wire.kind)


def _wire_marks(wire: Wire) -> Iterator[str]:
    if wire.cross is not None:
        yield cross_at(wire.cross)
    yield from map(pill_of, wire.pills)
    if wire.label is not None:
        yield text_of(wire.label)


def _spoke(spoke: Spoke) -> str:
    node = spoke.node
    colour = f"k-{css_name(node.kind)}" if node.mark == "none" else f"m-{node.mark}"
    return f'<path class="e spoke {colour}" d="{path_data(spoke.path)}"/>'


def _frame(frame: Frame) -> str:
    box = frame.box
    if frame.role in ("lane", "silo"):
        title = f"<title>{escape(clean(frame.name, TOOLTIP_LIMIT))}</title>"
        return f'<g data-lane="{attribute(clean(frame.id))}">{title}{rect_of(box, "f-" + frame.role, 10)}</g>'
    if frame.role == "sector":
        return (
            f'<line class="f-sector{" f-wall" if frame.wall else ""}" x1="{number(box.x)}" y1="{number(box.y)}" x2="{number(box.right)}" '
            f'y2="{number(box.bottom)}"/>'
        )
    x, y = box.centre
    shade = f" f-ring{frame.id}" if frame.role == "ring" else ""
    return (
        f'<ellipse class="f-{frame.role}{shade}" cx="{number(x)}" cy="{number(y)}" rx="{number(box.w / 2)}" '
        f'ry="{number(box.h / 2)}"/>'
    )


def _swatch(swatch: Swatch) -> str:
    entry, box = swatch.entry, swatch.box
    scale = box.h / SAMPLE_H
    if scale == 1:
        return f"<g>{_sample(entry, box)}{text_of(swatch.label)}</g>"
    sample = _sample(entry, Box(0, 0, box.w / scale, SAMPLE_H))
    place = f"translate({number(box.x)} {number(box.y)}) scale({scale:g})"
    return f'<g><g transform="{place}">{sample}</g>{text_of(swatch.label)}</g>'


def _sample(entry: LegendEntry, box: Box) -> str:
    x, y = box.x + box.w / 2, box.y + 10.8
    if entry.family == "edge":
        middle = number(box.y + box.h / 2)
        line = {"missing": "e missing"}.get(entry.key) or f"e plain {css_name(entry.key)}"
        return f'<path class="{line}" d="M{number(box.x)} {middle}h{number(box.w - 4)}"/>'
    if entry.family == "severity":
        sign = next((text for severity, text in SEVERITY_SIGNS.items() if severity == entry.key), "?")
        return rect_of(box, f"s-{css_name(entry.key)}", 6.5) + text_of(
            Label(sign, x, y, BADGE, "badge", "middle"), "on-" + css_name(entry.key)
        )
    if entry.family == "heat":
        return heat_sample(entry, box)
    if entry.family == "state":
        sign = next((text for state, text in STATE_SIGNS.items() if state == entry.key), "")
        hatch = rect_of(box, "hatch", 3) if entry.key == "unknown" else ""
        words = text_of(Label(sign, x, y, 10, "value", "middle"))
        return f'<g class="st-{css_name(entry.key)}">{rect_of(box, "back", 3)}{hatch}{words}</g>'
    if entry.family == "mark":
        sign = next((text for mark, text in MARK_SIGNS.items() if mark == entry.key), "?")
        return (
            f'<g class="m-{css_name(entry.key)}">{rect_of(box, "stripe", 3)}'
            f"{text_of(Label(sign, x, y + 0.8, 13, 'sign', 'middle'))}</g>"
        )
    code = kind_style(entry.key).code
    return (
        f'<g class="k-{css_name(entry.key)}">{rect_of(box, "stripe", 3)}'
        f"{text_of(Label(code, x, y, CODE, 'code', 'middle'))}</g>"
    )


def _markers(kinds: set[str], prefix: str) -> Iterator[str]:
    names = [css_name(kind) for kind in sorted(kinds)]
    heads = [*names, *(f"{name}-f" for name in names), *SEVERITY_COLOURS["light"], *MARK_COLOURS["light"]]
    for name in heads:
        yield (
            f'<marker id="{prefix}m-{name}" viewBox="0 0 8 8" refX="7.4" refY="4" markerWidth="8" markerHeight="8" '
            f'markerUnits="userSpaceOnUse" orient="auto"><path class="h-{name}" d="M0 .8L8 4L0 7.2z"/></marker>'
        )
