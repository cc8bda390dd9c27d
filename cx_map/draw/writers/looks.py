"""What each part of a map looks like, resolved: colour, width and dashes for formats that know no style sheet.

The values are those of :mod:`cx_map.draw.writers.svg_style` in the light theme, in CSS pixels. Paper and slides are
always light.

Longer than most modules: one small function for each part of a map.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cx_map.draw.geometry import Card, Frame, Label, Path, Swatch, Wire
from cx_map.draw.layouts.furniture import SAMPLE_H
from cx_map.draw.palette import (
    HEAT,
    MARK_COLOURS,
    MARK_SIGNS,
    SEVERITY_COLOURS,
    SEVERITY_SIGNS,
    STATE_COLOURS,
    SURFACES,
    heat_step,
    ink_on,
    kind_colours,
    kind_style,
    legible,
    mix,
)
from cx_map.draw.scene import EdgeStyle, Emphasis, LegendEntry, Mark, Severity, badge_order
from cx_map.draw.sheet import STATE_SIGNS, State

PAGE = SURFACES["light"]
_MARK, _SEVERITY = MARK_COLOURS["light"], SEVERITY_COLOURS["light"]
_HATCH = mix(PAGE["muted"], PAGE["card"], 0.62)
_DASHED, _DOTS = (6.0, 3.5), (2.0, 5.0)
_SIGN_AT = 10.8
"""The baseline of a legend sample's sign below its top, in a sample of the usual height."""


@dataclass(frozen=True, slots=True)
class Pen:
    """A line: ``dash`` is empty where it is solid, ``alpha`` from 0 (unseen) to 1."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()
    alpha: float = 1.0
    round: bool = False
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """A shape: how it is filled and its border; ``None`` for none. ``hatch`` is the colour of lines across it."""

    fill: str | None
    pen: Pen | None
    alpha: float = 1.0
    radius: float = 0.0
    hatch: str | None = None


@dataclass(frozen=True, slots=True)
class Letters:
    """A line of text: ``halo`` is the colour behind it, where lines may run through."""

    colour: str
    bold: bool = False
    halo: str | None = None
    strike: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """A legend's sample: a line, a ramp of colours, or a box with a sign in it."""

    line: Pen | None = None
    ramp: tuple[str, ...] = ()
    look: Look = Look(None, None)
    sign: str = ""
    ink: str = ""


WALL = Pen(PAGE["silo"], 2.5, (14.0, 4.0))
"""The border of a silo."""

_LETTERS: dict[str, Letters] = {
    "title": Letters(PAGE["ink"], bold=True),
    "subtitle": Letters(PAGE["muted"]),
    "legend": Letters(PAGE["ink"]),
    "note": Letters(PAGE["muted"]),
    "column": Letters(PAGE["muted"], bold=True),
    "ring-name": Letters(PAGE["muted"], bold=True, halo=PAGE["page"]),
    "sector-name": Letters(PAGE["ink"], bold=True, halo=PAGE["page"]),
    "lane": Letters(PAGE["ink"], bold=True, halo=PAGE["lane"]),
    "customer": Letters(PAGE["on-customer"], bold=True),
    "name": Letters(PAGE["ink"], bold=True),
    "sub": Letters(PAGE["muted"]),
    "code": Letters(PAGE["ink"], bold=True),
    "sign": Letters(PAGE["ink"], bold=True),
    "badge": Letters(PAGE["ink"], bold=True),
    "edge-label": Letters(PAGE["ink"], halo=PAGE["lane"]),
    "caption": Letters(PAGE["ink"], bold=True),
    "head": Letters(PAGE["ink"], bold=True),
    "group": Letters(PAGE["muted"], bold=True),
    "value": Letters(PAGE["ink"]),
}


ROLES = tuple(_LETTERS)
"""The roles of text that have letters of their own."""


def letters(role: str) -> Letters:
    """The letters of a role of :class:`~cx_map.draw.geometry.Label`; a role not listed is plain ink."""
    return _LETTERS.get(role, Letters(PAGE["ink"]))


def card_letters(card: Card, role: str) -> Letters:
    """As :func:`letters`, on a card of a kind and a mark."""
    mark, base = card.node.mark, letters(role)
    if role in ("code", "sign"):
        return replace(base, colour=stripe_ink(card.node.kind, mark))
    if card.node.heat is not None and role in ("name", "sub"):
        base = replace(base, colour=ink_on(HEAT["light"][heat_step(card.node.heat)]))
    if role == "name" and mark == "removed":
        return replace(base, strike=True)
    if role == "name" and mark == "unchanged":
        return replace(base, bold=False, colour=PAGE["muted"])
    return base


def stripe(kind: str, mark: Mark = "none") -> str:
    """The colour of a card's stripe."""
    return _MARK[mark] if mark != "none" else kind_colours(kind, "light")["stripe"]


def stripe_ink(kind: str, mark: Mark = "none") -> str:
    """The colour of the code on a card's stripe."""
    return ink_on(_MARK[mark]) if mark != "none" else kind_colours(kind, "light")["ink"]


def card_look(card: Card) -> Look:
    """The box of a card."""
    node, mark = card.node, card.node.mark
    colours = kind_colours(node.kind, "light")
    fill, pen = colours["tint"], Pen(colours["stripe"], 1.2)
    if mark == "unchanged":
        fill, pen = PAGE["lane"], Pen(_MARK[mark], 1.2)
    elif mark != "none":
        fill = mix(_MARK[mark], PAGE["card"], 0.88)
        pen = Pen(_MARK[mark], 2.2, (5.0, 3.0) if mark == "removed" else ())
    if node.heat is not None:
        fill = HEAT["light"][heat_step(node.heat)]
    if node.emphasis == "thick":
        pen = replace(pen, width=3.2)
    return Look(fill, pen, 0.62 if node.emphasis == "faint" else 1.0, 5.0, None if node.known else _HATCH)


def wire_pen(wire: Wire) -> Pen:
    """The line of a flow: a missing one, then its mark, its worst finding, its source's kind decide."""
    edge = wire.edge
    turned = wire.feedback or edge.style == "dashed"
    dash = _DASHED if turned else ()
    if edge.style == "missing":
        pen = Pen(_SEVERITY["critical"], 2.4, _DOTS, round=True, arrow=True)
    elif edge.mark == "added":
        pen = Pen(_MARK["added"], 2.8, arrow=True)
    elif edge.mark == "removed":
        pen = Pen(_MARK["removed"], 2.0, (5.0, 3.5), arrow=True)
    elif edge.mark == "changed":
        pen = Pen(_MARK["changed"], 2.2, (9.0, 3.0, 2.0, 3.0), arrow=True)
    elif edge.mark == "unchanged":
        pen = Pen(_MARK["unchanged"], 1.0, dash, 0.62, arrow=True)
    elif edge.badges:
        pen = Pen(severity_line(min(edge.badges, key=badge_order).severity), 2.4, dash, arrow=True)
    else:
        colours = kind_colours(wire.kind, "light")
        width = 1.5 if turned else 0.8 if edge.style == "alternative" else 1.25
        pen = Pen(colours["stripe" if wire.feedback else "line"], width, dash, arrow=True)
    return _emphasised(pen, edge.emphasis)


def stroke_pen(style: EdgeStyle, emphasis: Emphasis) -> Pen:
    """The arrow between two entries of a sheet."""
    if style == "missing":
        return Pen(_SEVERITY["critical"], 2.4, _DOTS, round=True, arrow=True)
    pen = Pen(PAGE["muted"], 1.5, _DASHED if style == "dashed" else (), arrow=True)
    return _emphasised(pen, emphasis)


def spoke_pen(kind: str, mark: Mark) -> Pen:
    """The web's line from the innermost ring to the customer."""
    if mark != "none":
        return Pen(_MARK[mark], 2.4, arrow=True)
    return Pen(kind_colours(kind, "light")["line"], 2.4, arrow=True)


def frame_look(frame: Frame) -> Look:
    """What stands behind the cards."""
    thin = Pen(PAGE["lane-line"], 1.2)
    if frame.role == "silo":
        return Look(PAGE["lane"], WALL, radius=10.0)
    if frame.role == "lane":
        return Look(PAGE["lane"], Pen(PAGE["lane-line"], 1.0), radius=10.0)
    if frame.role == "sector":
        return Look(None, WALL if frame.wall else replace(thin, dash=(6.0, 5.0)))
    if frame.role == "customer":
        return Look(PAGE["customer"], None)
    return Look({"0": PAGE["lane"], "1": PAGE["ring"]}.get(frame.id), thin)


def pill_look(severity: Severity) -> Look:
    """The box of a badge."""
    return Look(_SEVERITY[severity], None, radius=6.5)


def pill_ink(severity: Severity) -> str:
    """The text of a badge."""
    return ink_on(_SEVERITY[severity])


def severity_line(severity: Severity) -> str:
    """A line in the colour of a severity, dark enough to be seen on the page."""
    return legible(_SEVERITY[severity], PAGE["lane"], 3.0)


def cross_pen() -> Pen:
    """The cross of a missing flow."""
    return Pen(_SEVERITY["critical"], 3.0, round=True)


def cross_back() -> Look:
    """The disc behind the cross of a missing flow."""
    return Look(PAGE["lane"], Pen(_SEVERITY["critical"], 1.2))


def sample(swatch: Swatch) -> Sample:
    """The sample of a legend's entry; on a large page everything in it is as much larger as its box is."""
    found, scale = _sample(swatch.entry), swatch.box.h / SAMPLE_H
    if scale == 1:
        return found
    if found.line is not None:
        dash = tuple(part * scale for part in found.line.dash)
        return replace(found, line=replace(found.line, width=found.line.width * scale, dash=dash))
    return replace(found, look=replace(found.look, radius=found.look.radius * scale))


def sample_sign(swatch: Swatch) -> Label:
    """The code or sign in the middle of a legend's sample."""
    box, scale = swatch.box, swatch.box.h / SAMPLE_H
    return Label(_sample(swatch.entry).sign, box.x + box.w / 2, box.y + _SIGN_AT * scale, 9.0 * scale, "code", "middle")


def _sample(entry: LegendEntry) -> Sample:
    key = entry.key
    if entry.family == "edge":
        styles: dict[str, Pen] = {
            "missing": stroke_pen("missing", "none"),
            "dashed": replace(stroke_pen("dashed", "none"), arrow=False),
            "alternative": Pen(PAGE["muted"], 0.8),
            "thick": Pen(PAGE["muted"], 4.0),
            "silo": WALL,
        }
        return Sample(line=styles.get(key, Pen(PAGE["muted"], 1.25)))
    for severity, colour in _SEVERITY.items():
        if entry.family == "severity" and severity == key:
            return Sample(look=pill_look(severity), sign=SEVERITY_SIGNS[severity], ink=ink_on(colour))
    for mark, colour in _MARK.items():
        if entry.family == "mark" and mark == key:
            return Sample(look=_chip(colour), sign=MARK_SIGNS[mark], ink=ink_on(colour))
    if entry.family == "heat" and key == "ramp":
        return Sample(ramp=HEAT["light"])
    if entry.family in ("heat", "state"):
        for state, sign in STATE_SIGNS.items():
            if state == key:
                return Sample(look=replace(state_look(state, PAGE["card"]), radius=3.0), sign=sign, ink=PAGE["ink"])
    if entry.family != "kind":
        return Sample(look=_chip(PAGE["muted"]), sign="?", ink="#FFFFFF")
    return Sample(look=_chip(stripe(key)), sign=kind_style(key).code, ink=stripe_ink(key))


def _chip(colour: str) -> Look:
    return Look(colour, None, radius=3.0)


def state_look(state: State, plain: str) -> Look:
    """The tint, border and pattern of a state of a sheet's entry; ``plain`` fills what has none."""
    colour = STATE_COLOURS["light"].get(state)
    if colour is None:
        return Look(plain, None)
    line = Pen(legible(colour, PAGE["card"], 3.0), 2.2 if state == "bad" else 1.4)
    unknown = state == "unknown"
    return Look(
        mix(colour, PAGE["card"], 0.88),
        replace(line, dash=(3.0, 2.0)) if unknown else line,
        hatch=_HATCH if unknown else None,
    )


def direction(path: Path) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a path ends, and the point that it comes from: the last one that differs from the end."""
    flat = [(part[at], part[at + 1]) for part in path for at in range(0, len(part), 2)]
    end = flat[-1]
    return end, next((one for one in reversed(flat) if one != end), (end[0] - 1.0, end[1]))


def _emphasised(pen: Pen, emphasis: Emphasis) -> Pen:
    if emphasis == "thick":
        return replace(pen, width=4.0)
    return replace(pen, alpha=pen.alpha * 0.28) if emphasis == "faint" else pen
