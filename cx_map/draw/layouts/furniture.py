"""What every map has around its cards: title block, legend, footnotes, and the inside of a card.

The header's height does not depend on what the state contains (the legend always has two rows reserved), so the
cards of two states stand at the same height.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from cx_map.draw.geometry import Box, Card, Label, Pill, Swatch
from cx_map.draw.nouns import headed, noun
from cx_map.draw.palette import KINDS, MARK_SIGNS, SEVERITY_SIGNS, kind_style
from cx_map.draw.scene import BREAK, SEVERITIES, Badge, LegendEntry, Mark, Node, Scene, badge_order
from cx_map.draw.text import clean, fit, width_of, wrap
from cx_map.draw.words import noted, words_in

MARGIN = 28.0
NARROWEST = 860.0
"""A page never gets narrower: title, legend and footnotes need room too."""
CARD_W, CARD_H, STRIPE = 236.0, 38.0, 24.0
SMALL_H, SMALL_W, SMALL_NAME = 36.0, 130.0, 10.0
LEGEND_TOP, LEGEND_ROW, LEGEND_ROWS = 72.0, 22.0, 2
NAME, SUB, CODE, BADGE = 11.5, 9.0, 9.0, 9.0
NOTE_ROW = 16.0
SAMPLE_H = 15.0
_SCREEN = 1550.0
RAMP = 96.0
"""How wide the legend draws a ramp of heat."""
_LEGEND_TEXT = 320.0
"""The longest text of a legend, on a screen-wide page: enough for a phrase in the wordiest language."""

_MARKS: tuple[Mark, ...] = ("added", "removed", "changed", "unchanged")
_EDGES = {
    "alternative": noted("one of several is enough"),
    "dashed": noted("feedback, fallback or planned flow"),
    "missing": noted("missing flow"),
    "thick": noted("narrowest cut"),
    "silo": noted("border of a silo"),
}


def header(scene: Scene, width: float) -> tuple[list[Label], list[Swatch], float]:
    """Title, subtitle and legend for a page of this width, and the height they take."""
    labels = title_block(scene.title, scene.subtitle, width)
    swatches, rows = legend_rows(scene.legend or default_legend(scene), width)
    return labels, swatches, (LEGEND_TOP + max(LEGEND_ROWS, rows) * LEGEND_ROW) * enlarged(width)


def enlarged(width: float) -> float:
    """How much larger than on a screen-wide page the words around the cards are, 1 to 1.75 in quarters.

    A large map is first seen whole: its title, legend, lanes and columns must be legible then, its cards on a closer look. Larger still, the bank of the samples would need A0 instead of A1.
    """
    return min(1.75, max(1.0, round(width / _SCREEN * 4) / 4))


def title_block(title: str, subtitle: str, width: float) -> list[Label]:
    """The two lines at the top of every picture."""
    room, f = width - 2 * MARGIN, enlarged(width)
    labels = [Label(fit(clean(title), room, 22 * f), MARGIN, 40 * f, 22 * f, "title")]
    if subtitle:
        labels.append(Label(fit(clean(subtitle), room, 12 * f), MARGIN, 60 * f, 12 * f, "subtitle"))
    return labels


def legend_rows(entries: Iterable[LegendEntry], width: float) -> tuple[list[Swatch], int]:
    """Samples with their texts in as many rows as a page of this width needs, and the number of rows."""
    swatches: list[Swatch] = []
    x, row, f = MARGIN, 0, enlarged(width)
    size = 10.5 * f
    for entry in entries:
        ramp = entry.family == "heat" and entry.key == "ramp"
        sample = (RAMP if ramp else 24.0) * f
        text = fit(clean(entry.label), (420 if ramp else _LEGEND_TEXT) * f, size)
        wide = sample + 6 * f + width_of(text, size)
        if x > MARGIN and x + wide > width - MARGIN:
            x, row = MARGIN, row + 1
        top = (LEGEND_TOP + row * LEGEND_ROW) * f
        label = Label(text, x + sample + 6 * f, top + 11.3 * f, size, "legend")
        swatches.append(Swatch(entry, Box(x, top, sample, SAMPLE_H * f), label))
        x += wide + 20 * f
    return swatches, row + 1


def default_legend(scene: Scene) -> tuple[LegendEntry, ...]:
    """What the scene uses: kinds by column, then severities, marks and special line styles."""
    words = words_in(scene.language)
    order = {column.id: index for index, column in enumerate(scene.columns)}
    kinds: dict[str, tuple[int, int]] = {}
    known = list(KINDS)
    for node in scene.nodes:
        place = (order[node.column], known.index(node.kind) if node.kind in KINDS else len(known))
        kinds[node.kind] = min(place, kinds.get(node.kind, place))
    entries = [
        LegendEntry("kind", kind, headed(noun(kind, words))) for kind in sorted(kinds, key=lambda k: (kinds[k], k))
    ]
    worst = {badge.severity for part in (scene.nodes, scene.edges) for item in part for badge in item.badges}
    entries += [LegendEntry("severity", one, words(one)) for one in SEVERITIES if one in worst]
    marks = {item.mark for part in (scene.nodes, scene.edges) for item in part}
    entries += [LegendEntry("mark", one, words(one)) for one in _MARKS if one in marks]
    lines: set[str] = {edge.style for edge in scene.edges}
    lines |= {item.emphasis for part in (scene.nodes, scene.edges) for item in part}
    lines |= {"silo" for lane in scene.lanes if lane.silo}
    return (*entries, *(LegendEntry("edge", key, words(text)) for key, text in _EDGES.items() if key in lines))


def footer(scene: Scene, width: float, top: float, extra: tuple[str, ...] = ()) -> tuple[list[Label], float]:
    """The counts and the scene's notes below the map, and the y where they end."""
    f = enlarged(width)
    lines = [
        part
        for line in (counts(scene), *extra, *scene.notes)
        for part in wrap(clean(line, 1200), width - 2 * MARGIN, 10 * f, 4)
    ]
    labels = [Label(line, MARGIN, top + (12 + NOTE_ROW * row) * f, 10 * f, "note") for row, line in enumerate(lines)]
    return labels, float(ceil(top + (NOTE_ROW * len(lines) + 14) * f))


def about(scene: Scene) -> str:
    """What the map shows in words: its description, else its subtitle and counts."""
    return clean(scene.description, 1000) or ". ".join(filter(None, (clean(scene.subtitle), counts(scene))))


def counts(scene: Scene) -> str:
    """``N of M entities shown``, with how many of them stand inside collapsed cards, and the number of flows."""
    total = scene.entities if scene.total is None else scene.total
    groups = [node.entities for node in scene.nodes if node.members]
    words = words_in(scene.language)
    shown, of_all = words.number(scene.entities), words.number(total)
    entities = (
        words.many(
            "{shown} of {total} entities shown ({inside} of them inside {n} collapsed card)",
            "{shown} of {total} entities shown ({inside} of them inside {n} collapsed cards)",
            len(groups),
            shown=shown,
            total=of_all,
            inside=words.number(sum(groups)),
        )
        if groups
        else words("{shown} of {total} entities shown", shown=shown, total=of_all)
    )
    flows = sum(edge.count for edge in scene.edges if edge.kind != BREAK)
    drawn = words.many("{n} flow shown", "{n} flows shown", flows)
    return f"{entities} · {drawn}"


def card(node: Node, x: float, y: float) -> Card:
    """A card of the layered view with its top left corner at (x, y): stripe, two lines, badges on the top edge.

    A name that needs both lines leaves no room for the second text, which is then in the tooltip only; but a heat map's
    number always stands there.
    """
    box = Box(x, y, CARD_W, CARD_H)
    sign, code = MARK_SIGNS[node.mark], kind_style(node.kind).code
    middle = x + STRIPE / 2
    if sign:
        labels = [
            Label(sign, middle, y + 17, 13, "sign", "middle"),
            Label(code, middle, y + 30, CODE, "code", "middle"),
        ]
    else:
        labels = [Label(code, middle, y + CARD_H / 2 + 3, CODE, "code", "middle")]
    room = CARD_W - STRIPE - 14
    # The number of a heat map must be on the card: the name then has to do with one line.
    measured = node.heat is not None or not node.known
    names = wrap(clean(node.label) or clean(node.id), room, NAME, 1 if measured else 2)
    sub = fit(clean(node.sublabel), room, SUB) if len(names) == 1 else ""
    first = y + (17.0 if sub else 23.2 if len(names) == 1 else 16.4)
    labels += [Label(name, x + STRIPE + 7, first + 13.0 * row, NAME, "name") for row, name in enumerate(names)]
    if sub:
        labels.append(Label(sub, x + STRIPE + 7, y + 30, SUB, "sub"))
    return Card(node, box, STRIPE, tuple(labels), tuple(_pills(node.badges, box.right + 4, y - 10, CARD_W - STRIPE)))


def small_card(node: Node, x: float, y: float) -> Card:
    """A card of the web centred on (x, y), as wide as its one or two lines of text, badges on its top edge."""
    sign, code = MARK_SIGNS[node.mark], kind_style(node.kind).code
    stripe = 20.0
    names = wrap(clean(node.label) or clean(node.id), SMALL_W - stripe - 11, SMALL_NAME)
    wide = max(66.0, stripe + 11 + max(width_of(name, SMALL_NAME) for name in names))
    high = SMALL_H if len(names) > 1 or sign else 25.0
    box = Box(x - wide / 2, y - high / 2, wide, high)
    middle = box.x + stripe / 2
    labels = [Label(code, middle, y + (13.5 if sign else 3.2), CODE, "code", "middle")]
    if sign:
        labels.append(Label(sign, middle, y + 1.0, 13, "sign", "middle"))
    first = y + (3.7 if len(names) == 1 else -2.4)
    labels += [
        Label(name, box.x + stripe + 6, first + 12.4 * row, SMALL_NAME, "name") for row, name in enumerate(names)
    ]
    return Card(node, box, stripe, tuple(labels), tuple(_pills(node.badges, box.right + 4, box.y - 9, 118)))


def badge_text(badge: Badge) -> str:
    """Sign and code, with the number of findings when there are several: ``! SV01 ×3``."""
    times = f" ×{badge.count:,}" if badge.count > 1 else ""
    return f"{SEVERITY_SIGNS[badge.severity]} {fit(clean(badge.code, 40), 52, BADGE)}{times}"


def pill(badge: Badge, right: float, top: float) -> Pill:
    """A badge whose box ends at ``right`` and starts at ``top``."""
    return _pill(badge_text(badge), badge, right, top)


def _pill(text: str, badge: Badge, right: float, top: float) -> Pill:
    wide = width_of(text, BADGE) + 11
    box = Box(right - wide, top, wide, 13)
    return Pill(box, Label(text, right - wide / 2, top + 9.5, BADGE, "badge", "middle"), badge.severity, badge.tooltip)


def _pills(badges: tuple[Badge, ...], right: float, top: float, room: float) -> list[Pill]:
    """Badges from the right, worst rightmost; those without room are counted in a last one, ``+3``."""
    ordered = sorted(badges, key=badge_order)
    placed: list[Pill] = []
    edge = right
    for index, badge in enumerate(ordered):
        left = len(ordered) - index
        more = _pill(f"+{left}", badge, edge, top)
        one = _pill(badge_text(badge), badge, edge, top)
        reserve = more.box.w + 3 if left > 1 else 0
        if placed and right - one.box.x + reserve > room:
            rest = "\n".join(badge_text(b) for b in ordered[index:])
            placed.append(Pill(more.box, more.label, badge.severity, rest))
            break
        placed.append(one)
        edge = one.box.x - 3
    return placed
