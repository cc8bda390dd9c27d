"""How wide the columns of a table are, and which of them stand side by side on the page.

A column is as wide as its own texts need between two bounds; only the gaps between columns depend on the arrows that
pass there. What does not fit beside the row heads goes on in the next band.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from cx_map.draw.layouts.sheet_links import Plan, plan_links
from cx_map.draw.scene import Badge
from cx_map.draw.sheet import STATE_SIGNS, Entry, Head, Link, Place, Table
from cx_map.draw.text import clean, width_of

HEAD, SUB, VALUE = 10.0, 9.0, 10.0
HEAD_LINES = 5
"""Most lines of the head of a narrow column."""
STRIPE = 22.0
PAD = 6.0
CARD = 158.0
"""The width of a column that holds cards."""
NARROW_CARD = 122.0
"""And the least, where that lets a strip stay in one piece."""
CARD_GAP = 12.0
_ROW_HEAD, _NARROW, _LONGEST, _TIGHT = (96.0, 250.0), (40.0, 128.0), 84.0, 62.0
_BADGED = 88.0
_FEW, _ROOMY = 8, 210.0
"""A table of so few columns has room for sentences."""


@dataclass(frozen=True, slots=True)
class Band:
    """The columns of one table that stand side by side: x from the left of the table, and the arrows among them.

    ``gaps`` are the widths of the gaps before each column and after the last.
    """

    table: Table
    columns: tuple[Head, ...]
    row_head: float
    widths: tuple[float, ...]
    lefts: tuple[float, ...]
    gaps: tuple[float, ...]
    plan: Plan
    width: float


def bands_of(table: Table, room: float) -> list[Band]:
    """The table cut into bands of at most ``room``, each with at least one column (none for a table without columns)."""
    if not table.columns:
        return [Band(table, (), _row_head(table), (), (), (), plan_links(table, (), ()), _row_head(table))]
    head = _row_head(table)
    widths = _widths(table)
    gaps = _gaps(table, plan_links(table, table.columns, table.links))
    if table.wide:
        # Slightly narrower cards before a strip is broken: its arrows are what it is about.
        spare = (room - head - sum(gaps)) / len(table.columns)
        widths = dict.fromkeys(widths, max(NARROW_CARD, min(CARD, spare)))
    sizes = [(column, widths[column.id] + gap) for column, gap in zip(table.columns, gaps, strict=False)]
    packed = _packed(sizes, room - head - gaps[-1])
    if len(packed) > 1 and not table.wide:
        widths = _widths(table, tight=True)
        sizes = [(column, widths[column.id] + gap) for column, gap in zip(table.columns, gaps, strict=False)]
        packed = _packed(sizes, room - head - gaps[-1])
    if len(packed) > 1:
        if table.wide:
            widths = dict.fromkeys(widths, CARD)
            sizes = [(column, CARD + gap) for column, gap in zip(table.columns, gaps, strict=False)]
            packed = _packed(sizes, room - head - gaps[-1])
        even = _packed(sizes, sum(size for _, size in sizes) / len(packed) + max(size for _, size in sizes) / 2)
        known = {column.id: size for column, size in sizes}
        if len(even) == len(packed) and all(sum(known[one.id] for one in band) <= room - head for band in even):
            packed = even
    place = {column.id: number for number, band in enumerate(packed) for column in band}
    mine: dict[int, list[Link]] = defaultdict(list)
    for link in table.links:
        for number in sorted({place[link.source[1]], place[link.target[1]]}):
            mine[number].append(link)
    parts = _parts(table, place, len(packed))
    return [
        _band(part, columns, head, widths, mine[number])
        for number, (part, columns) in enumerate(zip(parts, packed, strict=True))
    ]


def in_parts(table: Table, count: int) -> list[Table]:
    """The rows of a table in ``count`` parts of about the same length, between groups where one ends near by."""
    ends: list[int] = []
    size = len(table.rows) / count
    for number in range(1, count):
        at = round(number * size)
        near = range(max(1, at - int(size / 4)), min(len(table.rows), at + int(size / 4) + 1))
        breaks = [one for one in near if table.rows[one].group != table.rows[one - 1].group]
        ends.append(min(breaks, key=lambda one: (abs(one - at), one)) if breaks else at)
    pieces = [table.rows[start:end] for start, end in pairwise((0, *ends, len(table.rows)))]
    of = {row.id: number for number, rows in enumerate(pieces) for row in rows}
    entries: list[dict[Place, Entry]] = [{} for _ in pieces]
    for place, entry in table.entries.items():
        entries[of[place[0]]][place] = entry
    return [
        replace(table, rows=rows, entries=own, note=table.note if not number else "")
        for number, (rows, own) in enumerate(zip(pieces, entries, strict=True))
    ]


def _parts(table: Table, place: Mapping[str, int], count: int) -> list[Table]:
    """The table for each of its bands: a matrix in parts repeats only the rows that have an entry there."""
    if count == 1 or table.wide or table.links:
        return [table] * count
    entries: list[dict[Place, Entry]] = [{} for _ in range(count)]
    for where, entry in table.entries.items():
        entries[place[where[1]]][where] = entry
    used = [{row for row, _ in own} for own in entries]
    somewhere: set[str] = set().union(*used)
    return [
        replace(
            table,
            rows=tuple(row for row in table.rows if row.id in used[number] or (not number and row.id not in somewhere)),
            entries=own,
        )
        for number, own in enumerate(entries)
    ]


def _band(
    table: Table, columns: Sequence[Head], head: float, widths: Mapping[str, float], links: Sequence[Link]
) -> Band:
    plan = plan_links(table, columns, links)
    gaps = _gaps(table, plan)
    lefts: list[float] = []
    x = head
    for column, gap in zip(columns, gaps, strict=False):
        x += gap
        lefts.append(x)
        x += widths[column.id]
    return Band(
        table, tuple(columns), head, tuple(widths[c.id] for c in columns), tuple(lefts), tuple(gaps), plan, x + gaps[-1]
    )


def _gaps(table: Table, plan: Plan) -> list[float]:
    """What the arrows need, and at least some air between cards; nothing more after the last column."""
    base = CARD_GAP if table.wide else 0.0
    return [*(max(base, gap) for gap in plan.gaps[:-1]), plan.gaps[-1]]


def _packed(sizes: Sequence[tuple[Head, float]], room: float) -> list[list[Head]]:
    """Columns in their order, as many side by side as fit, at least one."""
    packed: list[list[Head]] = [[]]
    used = 0.0
    for column, size in sizes:
        if packed[-1] and used + size > room:
            packed.append([])
            used = 0.0
        packed[-1].append(column)
        used += size
    return packed


def _row_head(table: Table) -> float:
    """As wide as the longest row name needs, in at most two lines, and a group's heading where arrows keep it short."""
    least, most = _ROW_HEAD
    texts = [(clean(row.label) or clean(row.id), HEAD) for row in table.rows]
    texts += [(clean(row.sublabel), SUB) for row in table.rows] + [(clean(table.corner), SUB)]
    if table.links:
        # A group's heading stands in this room only: arrows may pass beyond.
        texts += [(clean(row.group), VALUE) for row in table.rows]
    stripe = STRIPE if any(row.kind for row in table.rows) else 0.0
    headings = [width_of(clean(row.group), VALUE) + 2 * PAD + 2 for row in table.rows if table.links]
    needed = max((width_of(text, size) for text, size in texts), default=0.0) + stripe + 2 * PAD + 2
    badged = stripe + max((_badged(row.badges) for row in table.rows), default=0.0)
    return min(max(needed, least, badged, *headings), most)


def _widths(table: Table, *, tight: bool = False) -> dict[str, float]:
    """The width of every column by its id; ``tight`` breaks the names of columns into more lines."""
    if table.wide:
        return {column.id: CARD for column in table.columns}
    least, most = _NARROW
    if len(table.columns) <= _FEW:
        most = _ROOMY
    needed: dict[str, float] = defaultdict(lambda: least)
    for (_, name), entry in table.entries.items():
        needed[name] = max(needed[name], _entry_width(entry))
    for column in table.columns:
        words = clean(column.label).split(" ")
        longest = max(width_of(part, HEAD) for part in words)
        third = sum(width_of(part + " ", HEAD) for part in words) / (HEAD_LINES if tight else 3)
        below = _in_two(clean(column.sublabel), SUB)
        wanted = min(max(longest, third, below), _TIGHT if tight else _LONGEST) + 2 * PAD + 2
        needed[column.id] = min(max(needed[column.id], wanted, _badged(column.badges)), most)
    return dict(needed)


def _in_two(text: str, size: float) -> float:
    """The least width that holds a text in two lines."""
    words = text.split(" ")
    halves = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(len(words)))
    return min(max(width_of(one, size), width_of(other, size)) for one, other in halves)


def _entry_width(entry: Entry) -> float:
    text = entry_text(entry)
    needed = max(width_of(text, VALUE), width_of(clean(entry.sublabel), SUB)) + 2 * PAD + 2
    if entry.kind:
        needed += STRIPE
    return max(needed, _badged(entry.badges))


def _badged(badges: tuple[Badge, ...]) -> float:
    """Room for a badge with its code, and a sign that there are more."""
    return 0.0 if not badges else _BADGED if len(badges) == 1 else _BADGED + 26.0


def entry_text(entry: Entry) -> str:
    """The sign of the state and the text."""
    return " ".join(part for part in (STATE_SIGNS[entry.state], clean(entry.text)) if part)


def grouped(heads: Iterable[Head]) -> list[tuple[str, list[Head]]]:
    """Neighbours of one group together."""
    return [(name, list(part)) for name, part in groupby(heads, key=lambda head: head.group)]
