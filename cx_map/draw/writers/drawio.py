"""Scene and layout to a draw.io file: cards, lanes and connectors to edit by hand, where the map has them.

Connectors are glued to their cards, so they follow when a card is moved. Labels are HTML in draw.io; user text is
escaped twice, for HTML and for XML. Source: mxGraph model and style names (drawio.com, "mxGraph XML").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cx_map.draw.geometry import Box, Card, Frame, Label, Layout, Swatch, Wire, point_at, points_along
from cx_map.draw.layouts.furniture import badge_text
from cx_map.draw.palette import MARK_SIGNS, kind_style
from cx_map.draw.scene import Node, Scene, badge_order, edge_order, node_order
from cx_map.draw.text import clean
from cx_map.draw.words import Words, words_in
from cx_map.draw.writers import looks
from cx_map.draw.writers.looks import Look, Pen
from cx_map.draw.writers.svg import tooltip
from cx_map.draw.writers.svg_parts import attribute, escape, number


def to_drawio(scene: Scene, layout: Layout) -> str:
    """One page with the whole map; cells have generated ids, entity ids are in the tooltips' object data. O(n + e)."""
    cards = sorted(layout.cards, key=lambda card: node_order(card.node))
    names = {card.node.id: f"n{rank}" for rank, card in enumerate(cards, 1)}
    places = layout.place()
    wires = sorted(layout.wires, key=lambda wire: edge_order(wire.edge))
    frames = dict(enumerate(layout.frames, 1))
    body = [
        *(_frame(rank, frame) for rank, frame in frames.items() if frame.role != "customer"),
        # Connectors first, so that the disc of the customer and cards lie above them.
        *(_wire(rank, wire, names, places) for rank, wire in enumerate(wires, 1)),
        *(_spoke(rank, spoke.node, names, layout) for rank, spoke in enumerate(layout.spokes, 1)),
        *(_frame(rank, frame) for rank, frame in frames.items() if frame.role == "customer"),
        # Lanes carry their names themselves.
        *(text_of(f"t{rank}", one) for rank, one in enumerate(layout.labels, 1) if one.role != "lane"),
        *legend_of(layout),
        *(_card(names[card.node.id], card, words_in(layout.language)) for card in cards),
    ]
    return document(scene.title, layout, body)


def document(title: str, layout: Layout, body: Iterable[str]) -> str:
    """A file of one page."""
    lines = [
        '<mxfile host="cxmap" type="device">',
        f'<diagram id="map" name="{attribute(clean(title, 60)) or "Map"}">',
        f'<mxGraphModel grid="0" page="0" pageWidth="{number(layout.width)}" pageHeight="{number(layout.height)}">',
        '<root><mxCell id="0"/><mxCell id="1" parent="0"/>',
        *body,
        "</root></mxGraphModel></diagram></mxfile>",
        "",
    ]
    return "\n".join(lines)


def html_lines(lines: list[str]) -> str:
    """HTML lines as the value of a cell: the text escaped for HTML, the whole again for the attribute."""
    return attribute("<br>".join(lines))


def geometry_of(box: Box) -> str:
    """Where a cell stands."""
    place = f'x="{number(box.x)}" y="{number(box.y)}" width="{number(box.w)}" height="{number(box.h)}"'
    return f'<mxGeometry {place} as="geometry"/>'


def line_style(pen: Pen) -> str:
    """The style of a line: colour, width, dashes, how well it is seen, and its end."""
    dashes = f"dashed=1;dashPattern={' '.join(map(number, pen.dash))};" if pen.dash else ""
    seen = "" if pen.alpha == 1 else f"opacity={pen.alpha * 100:.0f};"
    end = "endArrow=classic;endSize=4;" if pen.arrow else "endArrow=none;"
    return f"html=1;{end}{dashes}{seen}strokeColor={pen.colour};strokeWidth={number(pen.width)};"


def box_style(look: Look) -> str:
    """The style of a box: its fill and border, and how well both are seen."""
    pen = look.pen
    seen = "" if look.alpha == 1 else f"opacity={look.alpha * 100:.0f};"
    border = "" if pen is None else f"strokeWidth={number(pen.width)};"
    if pen is not None and pen.dash:
        border += f"dashed=1;dashPattern={' '.join(map(number, pen.dash))};"
    stroke = "none" if pen is None else pen.colour
    return f"html=1;{seen}{border}fillColor={look.fill or 'none'};strokeColor={stroke};"


def text_of(name: str, label: Label) -> str:
    """A line of text where the layout has it."""
    letters = looks.letters(label.role)
    align = {"start": "left", "middle": "center", "end": "right"}[label.anchor]
    style = (
        f"text;html=1;align={align};verticalAlign=middle;strokeColor=none;fillColor=none;spacing=0;whiteSpace=nowrap;"
        f"fontSize={number(label.size)};fontStyle={int(letters.bold)};fontColor={letters.colour};"
    )
    return box_of(name, label.box, style, html_lines([escape(label.text)]))


def legend_of(layout: Layout) -> Iterator[str]:
    """The legend: each sample with its text beside it."""
    for rank, swatch in enumerate(layout.swatches, 1):
        yield from _swatch(rank, swatch)


def box_of(name: str, box: Box, style: str, value: str = "") -> str:
    """A box with an escaped text in it."""
    return f'<mxCell id="{name}" value="{value}" style="{style}" vertex="1" parent="1">{geometry_of(box)}</mxCell>'


def _card(name: str, card: Card, words: Words) -> str:
    node = card.node
    code = " ".join(filter(None, (MARK_SIGNS[node.mark], kind_style(node.kind).code)))
    lines = [f"{escape(code)} · <b>{escape(clean(node.label) or clean(node.id))}</b>"]
    second = [
        escape(clean(node.sublabel)),
        *(f"<b>{escape(badge_text(b))}</b>" for b in sorted(node.badges, key=badge_order)),
    ]
    if any(second):
        lines.append(f'<font style="font-size:9px">{" · ".join(part for part in second if part)}</font>')
    ink = looks.card_letters(card, "name").colour
    style = (
        "rounded=1;arcSize=10;whiteSpace=wrap;align=left;spacingLeft=5;fontSize=10;"
        f"{box_style(looks.card_look(card))}fontColor={ink};"
    )
    about = attribute(tooltip(node, words))
    return (
        f'<UserObject id="{name}" label="{html_lines(lines)}" tooltip="{about}" entity="{attribute(clean(node.id))}">'
        f'<mxCell style="{style}" vertex="1" parent="1">{geometry_of(card.box)}</mxCell></UserObject>'
    )


def _frame(rank: int, frame: Frame) -> str:
    look, box = looks.frame_look(frame), frame.box
    if frame.role == "sector" and look.pen is not None:
        return (
            f'<mxCell id="f{rank}" style="{line_style(look.pen)}" edge="1" parent="1"><mxGeometry relative="1" as="geometry">'
            f'<mxPoint x="{number(box.x)}" y="{number(box.y)}" as="sourcePoint"/>'
            f'<mxPoint x="{number(box.right)}" y="{number(box.bottom)}" as="targetPoint"/></mxGeometry></mxCell>'
        )
    if frame.role in ("lane", "silo"):
        shape = "rounded=1;arcSize=2;verticalAlign=top;align=left;spacingLeft=8;fontStyle=1;"
    else:
        shape = "ellipse;"
    ink = looks.letters("customer" if frame.role == "customer" else "lane").colour
    style = f"{shape}{box_style(look)}fontColor={ink};"
    return box_of(f"f{rank}", box, style, attribute(escape(clean(frame.name))))


def _swatch(rank: int, swatch: Swatch) -> Iterator[str]:
    box, sample, sign = swatch.box, looks.sample(swatch), looks.sample_sign(swatch)
    if sample.line is not None:
        style = f"shape=line;{line_style(sample.line)}"
    elif sample.ramp:
        style = f"html=1;fillColor={sample.ramp[0]};gradientColor={sample.ramp[-1]};gradientDirection=east;strokeColor=none;"
    else:
        style = f"rounded=1;fontSize={number(sign.size)};fontStyle=1;fontColor={sample.ink};{box_style(sample.look)}"
    yield box_of(f"k{rank}", box, style, attribute(escape(sign.text)))
    yield text_of(f"l{rank}", swatch.label)


def _wire(rank: int, wire: Wire, names: dict[str, str], places: Mapping[str, Box]) -> str:
    edge = wire.edge
    label = [escape(clean(edge.label)), *(escape(badge_text(badge)) for badge in sorted(edge.badges, key=badge_order))]
    label += ["missing flow"] if edge.style == "missing" else []
    ends = _touch("exit", wire.path[0], places[edge.source]) + _touch("entry", wire.path[-1][-2:], places[edge.target])
    style = f"curved=1;fontSize=9;{line_style(looks.wire_pen(wire))}{ends}"
    return (
        f'<mxCell id="e{rank}" value="{html_lines([part for part in label if part])}" style="{style}" edge="1" parent="1" '
        f'source="{names[edge.source]}" target="{names[edge.target]}"><mxGeometry relative="1" as="geometry">'
        f'<Array as="points">{"".join(_bends(wire))}</Array></mxGeometry></mxCell>'
    )


def _touch(end: str, point: Sequence[float], box: Box) -> str:
    """Where a connector touches its card, in shares of the card's width and height: it stays there when the card moves."""
    x, y = ((point[0] - box.x) / box.w, (point[1] - box.y) / box.h)
    return f"{end}X={_share(x)};{end}Y={_share(y)};{end}Dx=0;{end}Dy=0;"


def _share(value: float) -> str:
    return f"{min(1.0, max(0.0, value)):.3f}".rstrip("0").rstrip(".")


def _bends(wire: Wire) -> Iterator[str]:
    points = points_along(wire.path)
    for share in (0.2, 0.4, 0.6, 0.8):
        x, y = point_at(points, share)
        yield f'<mxPoint x="{number(x)}" y="{number(y)}"/>'


def _spoke(rank: int, node: Node, names: dict[str, str], layout: Layout) -> str:
    disc = next(index for index, frame in enumerate(layout.frames, 1) if frame.role == "customer")
    return (
        f'<mxCell id="s{rank}" style="{line_style(looks.spoke_pen(node.kind, node.mark))}" edge="1" parent="1" '
        f'source="{names[node.id]}" target="f{disc}"><mxGeometry relative="1" as="geometry"/></mxCell>'
    )
