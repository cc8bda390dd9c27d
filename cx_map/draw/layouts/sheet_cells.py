"""The cells of one band of a table: heads, group headings and entries, every text cut to its cell.

A row is as high as its fullest cell. Badges stand inside their cell, at its lower edge; one without room for its code
keeps its sign and its number, the code is then in the tooltip.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cx_map.draw.geometry import Box, Cell, Label, Pill
from cx_map.draw.layouts.furniture import BADGE, CODE, badge_text
from cx_map.draw.layouts.sheet_bands import HEAD, HEAD_LINES, PAD, STRIPE, SUB, VALUE, Band, entry_text, grouped
from cx_map.draw.palette import SEVERITY_SIGNS, kind_style
from cx_map.draw.scene import Badge, badge_order
from cx_map.draw.sheet import Entry, Head, Place, Table, state_words
from cx_map.draw.text import TOOLTIP_LIMIT, clean, clean_lines, width_of, wrap
from cx_map.draw.words import Words

_LINE, _SUB_LINE, _PILL = 12.5, 11.0, 13.0
_INSET = 5.0
_LOWEST, _LOWEST_WIDE = 24.0, 34.0
_LINKED = 50.0
"""A row whose entries have arrows that turn: room for one at the middle, one below it and their texts."""
_GROUP, _ROW_GAP, _STRIP = 20.0, 9.0, 13.0


@dataclass(frozen=True, slots=True)
class Placed:
    """The cells of a band; ``boxes`` are those of its drawn entries, ``gutters`` the y above each row and below the last."""

    cells: tuple[Cell, ...]
    boxes: Mapping[Place, Box]
    row_boxes: tuple[Box, ...]
    gutters: tuple[float, ...]
    bottom: float


@dataclass(frozen=True, slots=True)
class _Text:
    """What stands in a cell, cut to its width: lines in a large and in a small size, and badges."""

    lines: tuple[str, ...]
    subs: tuple[str, ...]
    badges: tuple[Badge, ...] = ()
    kind: str = ""

    @property
    def height(self) -> float:
        """What the cell needs, with its inner margin."""
        text = len(self.lines) * _LINE + len(self.subs) * _SUB_LINE
        return text + (_PILL + 3 if self.badges else 0.0) + 2 * _INSET


def cells_of(table: Table, band: Band, left: float, top: float, words: Words) -> Placed:
    """Place a band with its upper left corner at (left, top)."""
    cells: list[Cell] = []
    y = _group_heads(band, left, top, cells)
    y = _column_heads(table, band, left, y, cells)
    boxes: dict[Place, Box] = {}
    rows: list[Box] = []
    gutters: list[float] = []
    spare = _ROW_GAP if table.wide else 0.0
    turning = [route for route in band.plan.routes if route.way != "straight"]
    linked = {end[0] for route in turning for end in (route.source, route.target)}
    group = ""
    for number, row in enumerate(table.rows):
        gutters.append(y)
        y += band.plan.gutters[number] + (spare if number or band.plan.gutters[number] else 4.0 if table.wide else 0.0)
        if row.group != group and row.group:
            y += 4 if number else 0
            # Arrows may have to pass a group's heading: its text stays where none runs.
            room = band.row_head if table.links else band.width
            cells.append(_group_cell(row.group, Box(left, y, band.width, _GROUP), room, 2))
            y += cells[-1].box.h + (4 if table.wide else 0)
        elif group and not row.group:
            y += 10
        group = row.group
        texts = {
            column.id: _entry_text(table.entries[row.id, column.id], width, wide=table.wide)
            for column, width in zip(band.columns, band.widths, strict=True)
            if (row.id, column.id) in table.entries
        }
        head = _head_text(row, band.row_head, 2, 2)
        least = max(_LOWEST_WIDE if table.wide else _LOWEST, _LINKED if number in linked else 0.0)
        high = max([least, head.height, *(text.height for text in texts.values())])
        box = Box(left, y, band.row_head, high)
        cells.append(_head_cell("row", row, head, box, middle=False))
        rows.append(box)
        for column, x, width in zip(band.columns, band.lefts, band.widths, strict=True):
            place = (row.id, column.id)
            spot = Box(left + x, y, width, high)
            if column.id in texts:
                boxes[place] = spot
                cells.append(_entry_cell(row, column, table.entries[place], texts[column.id], spot, words))
            elif not table.wide:
                cells.append(Cell("entry", spot))
        y += high
    gutters.append(y)
    return Placed(tuple(cells), boxes, tuple(rows), tuple(gutters), y + band.plan.gutters[-1])


def _group_heads(band: Band, left: float, y: float, cells: list[Cell]) -> float:
    if not any(column.group for column in band.columns):
        return y
    at = 0
    for name, columns in grouped(band.columns):
        last = at + len(columns) - 1
        box = Box(left + band.lefts[at], y, band.lefts[last] + band.widths[last] - band.lefts[at], _GROUP)
        if name:
            cells.append(_group_cell(name, box, box.w))
        at += len(columns)
    return y + _GROUP


def _group_cell(name: str, box: Box, room: float, most: int = 1) -> Cell:
    """A heading in at most so many lines; its box grows with them."""
    lines = wrap(clean(name), room - 2 * PAD, VALUE, most)
    return Cell(
        "group",
        replace(box, h=box.h + (len(lines) - 1) * _LINE),
        labels=tuple(
            Label(line, box.x + PAD, box.y + 14 + number * _LINE, VALUE, "group") for number, line in enumerate(lines)
        ),
        tooltip=clean(name, TOOLTIP_LIMIT),
    )


def _column_heads(table: Table, band: Band, left: float, y: float, cells: list[Cell]) -> float:
    if not band.columns or not any(column.label or column.sublabel or column.badges for column in band.columns):
        return y
    texts = [
        _head_text(column if table.wide else replace(column, kind=""), width, 2 if table.wide else HEAD_LINES, 2)
        for column, width in zip(band.columns, band.widths, strict=True)
    ]
    high = max(30.0, *(text.height for text in texts))
    corner = wrap(clean(table.corner), band.row_head - 2 * PAD, SUB, 3) if table.corner else ()
    high = max(high, len(corner) * _SUB_LINE + 2 * _INSET)
    strip = _STRIP if not table.wide and any(column.kind for column in band.columns) else 0.0
    labels = tuple(
        Label(line, left + PAD, y + strip + high - _INSET - 3 - (len(corner) - 1 - number) * _SUB_LINE, SUB, "sub")
        for number, line in enumerate(corner)
    )
    if labels:
        cells.append(Cell("column", Box(left, y + strip, band.row_head, high), labels=labels))
    for column, text, x, width in zip(band.columns, texts, band.lefts, band.widths, strict=True):
        if strip:
            cells.append(_strip(column, Box(left + x, y, width, strip)))
        cells.append(_head_cell("column", column, text, Box(left + x, y + strip, width, high), middle=not table.wide))
    return y + strip + high


def _strip(column: Head, box: Box) -> Cell:
    """The kind of a narrow column, above its head: beside it, it would take the room of the words."""
    if not column.kind:
        return Cell("column", box)
    code = Label(kind_style(column.kind).code, box.x + box.w / 2, box.y + 9.8, CODE, "code", "middle")
    return Cell(
        "column", box, labels=(code,), kind=column.kind, stripe=box.w, tooltip=_name(column), about=(column.id,)
    )


def _head_text(head: Head, width: float, most: int, subs: int) -> _Text:
    room = width - 2 * PAD - (STRIPE if head.kind else 0.0)
    label = clean(head.label) or clean(head.id)
    if not head.label and head.sublabel:
        label = ""
    return _Text(
        tuple(line for line in wrap(label, room, HEAD, most) if line) if label else (),
        wrap(clean(head.sublabel), room, SUB, subs) if head.sublabel else (),
        head.badges,
        head.kind,
    )


def _entry_text(entry: Entry, width: float, *, wide: bool) -> _Text:
    room = width - 2 * PAD - (STRIPE if entry.kind else 0.0)
    text = entry_text(entry)
    size = HEAD if entry.kind else VALUE
    return _Text(
        wrap(text, room, size, 3 if wide else 2) if text else (),
        wrap(clean(entry.sublabel), room, SUB, 3) if clean(entry.sublabel) else (),
        entry.badges,
        entry.kind,
    )


def _head_cell(role: str, head: Head, text: _Text, box: Box, *, middle: bool) -> Cell:
    lines = [clean(head.label) or clean(head.id), clean(head.sublabel)]
    lines += [": ".join(filter(None, (badge_text(b), clean(b.tooltip)))) for b in sorted(head.badges, key=badge_order)]
    lines.append(head.tooltip)
    return Cell(
        "row" if role == "row" else "column",
        box,
        labels=_labels(text, box, "head", HEAD, middle=middle),
        pills=_pills(text, box),
        kind=text.kind,
        stripe=STRIPE if text.kind else 0.0,
        tooltip=clean_lines("\n".join(filter(None, lines))),
        about=(head.id,),
        wall=head.wall,
    )


def _entry_cell(row: Head, column: Head, entry: Entry, text: _Text, box: Box, words: Words) -> Cell:
    lines = [
        f"{_name(row)} · {_name(column)}",
        " – ".join(filter(None, (clean(entry.text), state_words(words)[entry.state]))),
    ]
    lines.append(clean(entry.sublabel))
    lines += [": ".join(filter(None, (badge_text(b), clean(b.tooltip)))) for b in sorted(entry.badges, key=badge_order)]
    lines.append(entry.tooltip)
    card = bool(entry.kind)
    return Cell(
        "entry",
        box,
        entry.state,
        _labels(text, box, "head" if card else "value", HEAD if card else VALUE, middle=not card),
        _pills(text, box),
        entry.kind,
        STRIPE if card else 0.0,
        entry.heat,
        clean_lines("\n".join(filter(None, lines))),
        entry.about,
        row.wall and column.id == row.id,
    )


def _name(head: Head) -> str:
    return clean(head.label, 80) or clean(head.id, 80)


def _labels(text: _Text, box: Box, role: str, size: float, *, middle: bool) -> tuple[Label, ...]:
    """The lines of a cell, in the middle of what the badges leave of its height, and the code in its stripe."""
    stripe = STRIPE if text.kind else 0.0
    inner = box.h - (_PILL + 3 if text.badges else 0.0)
    y = box.y + (inner - len(text.lines) * _LINE - len(text.subs) * _SUB_LINE) / 2
    x = box.x + stripe + ((box.w - stripe) / 2 if middle else PAD)
    labels = []
    if text.kind:
        code = kind_style(text.kind).code
        labels.append(Label(code, box.x + stripe / 2, box.y + box.h / 2 + 3, CODE, "code", "middle"))
    for line in text.lines:
        labels.append(Label(line, x, y + 9.6, size, role, "middle" if middle else "start"))
        y += _LINE
    for line in text.subs:
        labels.append(Label(line, x, y + 8.6, SUB, "sub", "middle" if middle else "start"))
        y += _SUB_LINE
    return tuple(labels)


def _pills(text: _Text, box: Box) -> tuple[Pill, ...]:
    """Badges from the right end of the lower edge, the worst rightmost, as many as fit; the last counts the others."""
    room = box.w - (STRIPE if text.kind else 0.0) - 6
    ordered = sorted(text.badges, key=badge_order)
    right, top = box.right - 3, box.bottom - _PILL - 3
    placed: list[Pill] = []
    for number, badge in enumerate(ordered):
        left = len(ordered) - number
        more = f"+{left}"
        spare = width_of(more, BADGE) + 14 if left > 1 else 0.0
        told = _shortened(badge, room - spare if not placed else 0.0)
        if placed and width_of(told, BADGE) + 11 + spare > room:
            rest = "\n".join(badge_text(one) for one in ordered[number:])
            if width_of(more, BADGE) + 11 <= room:
                placed.append(_pill(more, replace(badge, tooltip=rest), right, top))
            break
        one = _pill(told, badge, right, top)
        placed.append(one)
        room -= one.box.w + 3
        right = one.box.x - 3
    return tuple(placed)


def _shortened(badge: Badge, room: float) -> str:
    """The badge's text; where ``room`` is given and too small, its sign and number, or its sign alone."""
    sign = SEVERITY_SIGNS[badge.severity]
    tries = (badge_text(badge), f"{sign} ×{badge.count:,}" if badge.count > 1 else sign)
    return next((one for one in tries if not room or width_of(one, BADGE) + 11 <= room), sign)


def _pill(text: str, badge: Badge, right: float, top: float) -> Pill:
    wide = width_of(text, BADGE) + 11
    about = ": ".join(filter(None, (badge_text(badge), clean(badge.tooltip))))
    return Pill(
        Box(right - wide, top, wide, _PILL),
        Label(text, right - wide / 2, top + 9.5, BADGE, "badge", "middle"),
        badge.severity,
        about,
    )
