"""Scene and layout to a draw.io file: cards, lanes and connectors to edit by hand, where the map has them.

Connectors are glued to their cards, so they follow when a card is moved. Labels are HTML in draw.io; user text is
escaped twice, for HTML and for XML. Source: mxGraph model and style names (drawio.com, "mxGraph XML").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cx_map.draw.geometry import Box, Card, Frame, Label, Layout, Swatch, Wire, point_at, points_along
from cx_map.draw.layouts.furniture import badge_text
from cx_map.draw.palette import MARK_COLOURS, MARK_SIGNS, SURFACES, kind_colours, kind_style, mix
from cx_map.draw.scene import Scene, badge_order, edge_order, node_order
from cx_map.draw.text import clean
from cx_map.draw.words import Words, words_in
from cx_map.draw.writers import looks
from cx_map.draw.writers.svg import tooltip
from cx_map.draw.writers.svg_parts import attribute, escape, number

_LIGHT = SURFACES["light"]


def to_drawio(scene: Scene, layout: Layout) -> str:
    """One page with the whole map; cells have generated ids, entity ids are in the tooltips' object data. O(n + e)."""
    cards = sorted(layout.cards, key=lambda card: node_order(card.node))
    names = {card.node.id: f"n{rank}" for rank, card in enumerate(cards, 1)}
    places = layout.place()
    wires = sorted(layout.wires, key=lambda wire: edge_order(wire.edge))
    frames = {rank: frame for rank, frame in enumerate(layout.frames, 1) if frame.role != "sector"}
    body = [
        *(_frame(rank, frame) for rank, frame in frames.items() if frame.role != "customer"),
        # Connectors first, so that the disc of the customer and cards lie above them.
        *(_wire(rank, wire, names, places) for rank, wire in enumerate(wires, 1)),
        *(_spoke(rank, spoke.node.id, names, layout) for rank, spoke in enumerate(layout.spokes, 1)),
        *(_frame(rank, frame) for rank, frame in frames.items() if frame.role == "customer"),
        # Lanes carry their names themselves.
        *(_text(f"t{rank}", one) for rank, one in enumerate(layout.labels, 1) if one.role != "lane"),
        *(cell for rank, swatch in enumerate(layout.swatches, 1) for cell in _swatch(rank, swatch)),
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


def _card(name: str, card: Card, words: Words) -> str:
    node = card.node
    colours = kind_colours(node.kind, "light")
    fill, stroke, more = colours["tint"], colours["stripe"], ""
    if node.mark != "none":
        stroke = MARK_COLOURS["light"][node.mark]
        fill = mix(stroke, "#FFFFFF", 0.88)
        more = "strokeWidth=2;" + ("dashed=1;" if node.mark == "removed" else "")
    code = " ".join(filter(None, (MARK_SIGNS[node.mark], kind_style(node.kind).code)))
    lines = [f"{escape(code)} · <b>{escape(clean(node.label) or clean(node.id))}</b>"]
    second = [
        escape(clean(node.sublabel)),
        *(f"<b>{escape(badge_text(b))}</b>" for b in sorted(node.badges, key=badge_order)),
    ]
    if any(second):
        lines.append(f'<font style="font-size:9px">{" · ".join(part for part in second if part)}</font>')
    style = f"rounded=1;arcSize=10;whiteSpace=wrap;html=1;align=left;spacingLeft=5;fontSize=10;{more}fillColor={fill};strokeColor={stroke};fontColor={_LIGHT['ink']};"
    about = attribute(tooltip(node, words))
    return (
        f'<UserObject id="{name}" label="{html_lines(lines)}" tooltip="{about}" entity="{attribute(clean(node.id))}">'
        f'<mxCell style="{style}" vertex="1" parent="1">{geometry_of(card.box)}</mxCell></UserObject>'
    )


def _frame(rank: int, frame: Frame) -> str:
    if frame.role in ("lane", "silo"):
        border = (
            f"strokeColor={_LIGHT['silo']};strokeWidth=2;dashed=1;"
            if frame.role == "silo"
            else f"strokeColor={_LIGHT['lane-line']};"
        )
        style = f"rounded=1;arcSize=2;html=1;verticalAlign=top;align=left;spacingLeft=8;fontStyle=1;fontColor={_LIGHT['ink']};fillColor={_LIGHT['lane']};{border}"
    else:
        fill = _LIGHT["customer"] if frame.role == "customer" else _LIGHT["ring" if frame.id == "1" else "lane"]
        style = f"ellipse;html=1;fillColor={fill};strokeColor={_LIGHT['lane-line']};"
    label = attribute(escape(clean(frame.name)))
    return (
        f'<mxCell id="f{rank}" value="{label}" style="{style}" vertex="1" parent="1">{geometry_of(frame.box)}</mxCell>'
    )


def _text(name: str, label: Label) -> str:
    """A line of text where the layout has it."""
    box, letters = label.box, looks.letters(label.role)
    align = {"start": "left", "middle": "center", "end": "right"}[label.anchor]
    style = (
        f"text;html=1;align={align};verticalAlign=middle;strokeColor=none;fillColor=none;spacing=0;whiteSpace=nowrap;"
        f"fontSize={number(label.size)};fontStyle={int(letters.bold)};fontColor={letters.colour};"
    )
    return f'<mxCell id="{name}" value="{html_lines([escape(label.text)])}" style="{style}" vertex="1" parent="1">{geometry_of(box)}</mxCell>'


def _swatch(rank: int, swatch: Swatch) -> Iterator[str]:
    """A legend's sample and its text beside it."""
    box, sample = swatch.box, looks.sample(swatch.entry)
    if sample.line is not None:
        dashed = "dashed=1;" if sample.line.dash else ""
        style = f"shape=line;html=1;{dashed}strokeColor={sample.line.colour};strokeWidth={number(sample.line.width)};"
    elif sample.ramp:
        style = f"html=1;fillColor={sample.ramp[0]};gradientColor={sample.ramp[-1]};gradientDirection=east;strokeColor=none;"
    else:
        border = sample.look.pen.colour if sample.look.pen is not None else "none"
        style = f"rounded=1;html=1;fontSize=9;fontStyle=1;fontColor={sample.ink};fillColor={sample.look.fill};strokeColor={border};"
    sign = attribute(escape(sample.sign))
    yield f'<mxCell id="k{rank}" value="{sign}" style="{style}" vertex="1" parent="1">{geometry_of(box)}</mxCell>'
    yield _text(f"l{rank}", swatch.label)


def _wire(rank: int, wire: Wire, names: dict[str, str], places: Mapping[str, Box]) -> str:
    edge = wire.edge
    colour, width = kind_colours(wire.kind, "light")["line"], "1"
    if edge.mark != "none":
        colour, width = MARK_COLOURS["light"][edge.mark], "1" if edge.mark == "unchanged" else "2"
    dashed = "dashed=1;" if edge.style in ("dashed", "missing") or wire.feedback or edge.mark == "removed" else ""
    label = [escape(clean(edge.label)), *(escape(badge_text(badge)) for badge in sorted(edge.badges, key=badge_order))]
    label += ["missing flow"] if edge.style == "missing" else []
    ends = _touch("exit", wire.path[0], places[edge.source]) + _touch("entry", wire.path[-1][-2:], places[edge.target])
    style = (
        f"curved=1;html=1;endArrow=classic;endSize=4;fontSize=9;{dashed}strokeColor={colour};strokeWidth={width};{ends}"
    )
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


def _spoke(rank: int, node: str, names: dict[str, str], layout: Layout) -> str:
    disc = next(index for index, frame in enumerate(layout.frames, 1) if frame.role == "customer")
    style = "html=1;endArrow=classic;endSize=4;strokeWidth=2;"
    return (
        f'<mxCell id="s{rank}" style="{style}" edge="1" parent="1" source="{names[node]}" target="f{disc}">'
        '<mxGeometry relative="1" as="geometry"/></mxCell>'
    )
