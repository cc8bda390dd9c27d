"""Sheets: no text meets another or leaves its cell, arrows keep clear of texts, tables too wide go on below."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.draw.geometry import Box, Cell, Label, Layout, Occupied
from cx_map.draw.layouts.sheet import WIDEST, layout_sheet
from cx_map.draw.scene import Badge, EdgeStyle
from cx_map.draw.sheet import Entry, Head, Link, Sheet, State, Table
from cx_map.draw.writers.svg import to_svg

_TEXT = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["Заявление на ипотечный кредит и страхование", "Donaudampfschifffahrtsgesellschaft", "日本語の顧客基盤", "x"]
    ),
)
_STATES: tuple[State, ...] = ("plain", "good", "weak", "bad", "unknown", "none")
_STYLES: tuple[EdgeStyle, ...] = ("solid", "dashed", "missing")
_BADGES = st.lists(
    st.builds(
        Badge,
        st.sampled_from(["LOOP101", "DATA102", "SILO101", "A very long code of somebody"]),
        st.sampled_from(["critical", "major", "minor", "info"]),
        _TEXT,
        st.integers(1, 5000),
    ),
    max_size=4,
).map(tuple)


@st.composite
def tables(draw: st.DrawFn, wide: bool | None = None) -> Table:
    is_wide = draw(st.booleans()) if wide is None else wide
    rows, columns = draw(st.integers(0, 4)), draw(st.integers(0, 12))
    kind = st.sampled_from(["", "platforms", "signals"])
    heads = [
        tuple(
            Head(f"{letter}{number}", draw(_TEXT), draw(_TEXT), draw(kind), draw(st.sampled_from(["", "g", "h"])), draw(_BADGES))
            for number in range(count)
        )
        for letter, count in (("r", rows), ("c", columns))
    ]  # fmt: skip
    places = [(row.id, column.id) for row in heads[0] for column in heads[1]]
    chosen = draw(st.lists(st.sampled_from(places), unique=True, max_size=25)) if places else []
    entries = {
        place: Entry(
            draw(_TEXT), draw(st.sampled_from(_STATES)), draw(_TEXT), draw(kind) if is_wide else "",
            draw(st.one_of(st.none(), st.floats(0, 1))), draw(_BADGES),
        )
        for place in chosen
    }  # fmt: skip
    ends = st.sampled_from(places) if places else st.nothing()
    links = draw(st.lists(st.builds(Link, ends, ends, st.sampled_from(_STYLES), label=_TEXT), max_size=12))
    return Table("t", draw(_TEXT), heads[0], heads[1], entries, tuple(links), draw(_TEXT), draw(_TEXT), is_wide)


def sheet_of(*some: Table) -> Sheet:
    return Sheet("data", "Title", "Subtitle", some, "3 of 3 shown", notes=("A note. " * 60,))


def crowded(layout: Layout) -> list[tuple[Label, Label]]:
    """Pairs of texts that overlap."""
    found, grid = [], Occupied()
    placed: list[Label] = []
    for label in layout.texts():
        if not label.text:
            continue
        if not grid.free(label.box, -0.6):
            found += [(label, other) for other in placed if inside_out(label.box, other.box)]
        grid.add(label.box)
        placed.append(label)
    return found


def inside_out(one: Box, other: Box) -> bool:
    return one.meets(other, -0.6)


def within(inner: Box, outer: Box) -> bool:
    return (
        inner.x >= outer.x - 0.01
        and inner.right <= outer.right + 0.01
        and inner.y >= outer.y - 0.01
        and inner.bottom <= outer.bottom + 0.01
    )


def text_of(cell: Cell) -> list[Box]:
    return [label.box for label in cell.labels if label.text] + [pill.box for pill in cell.pills]


@given(tables())
@settings(max_examples=60, deadline=None)
def test_no_text_meets_another_or_leaves_its_cell_or_the_page(table: Table) -> None:
    layout = layout_sheet(sheet_of(table))
    assert crowded(layout) == []
    page = Box(0, 0, layout.width, layout.height)
    for cell in layout.cells:
        assert within(cell.box, page)
        for box in text_of(cell):
            assert within(box, cell.box), (cell, box)
        for pill in cell.pills:
            assert within(pill.label.box, Box(pill.box.x, pill.box.y - 1, pill.box.w, pill.box.h + 2))
    for label in layout.texts():
        assert within(label.box, page), label


@given(tables())
@settings(max_examples=40, deadline=None)
def test_no_two_cells_overlap_and_nothing_is_lost(table: Table) -> None:
    layout = layout_sheet(sheet_of(table))
    grid = Occupied()
    for cell in layout.cells:
        assert grid.free(cell.box, -0.01), cell
        grid.add(cell.box)
    told = {(cell.tooltip.split("\n")[0]) for cell in layout.cells if cell.role == "entry"}
    assert len(told) <= max(1, len(table.rows) * len(table.columns))
    shown = [
        cell for cell in layout.cells if cell.role == "entry" and (cell.labels or cell.state != "plain" or cell.pills)
    ]
    said = [one for one in table.entries.values() if one.state != "plain"]
    assert len(shown) >= len(said)
    assert sum(cell.role == "row" for cell in layout.cells) % max(1, len(table.rows)) == 0


@given(tables())
@settings(max_examples=60, deadline=None)
def test_arrows_run_between_cells_and_clear_of_text(table: Table) -> None:
    layout = layout_sheet(sheet_of(table))
    texts = [label.box for cell in layout.cells for label in cell.labels if label.text]
    labels = [stroke.label.box for stroke in layout.strokes if stroke.label is not None]
    boxes = [cell.box for cell in layout.cells if cell.role in ("row", "entry")]
    for stroke in layout.strokes:
        points = [(part[-2], part[-1]) for part in stroke.path]
        for (ax, ay), (bx, by) in pairwise(points):
            assert ax == bx or ay == by, "arrows run straight or at right angles"
            line = Box(min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by))
            assert not any(box.meets(line, -1.0) for box in texts), "an arrow runs through a text"
            assert not any(box.meets(line, -1.0) for box in labels), "an arrow runs through the text of an arrow"
            assert not any(box.meets(line, -1.5) for box in boxes), "an arrow runs through a cell"
        assert (stroke.cross is not None) == (stroke.style == "missing")


def strip(columns: int) -> Table:
    heads = tuple(Head(f"c{number}", f"Stage number {number}") for number in range(columns))
    rows = (Head("one", "Complaint loop"), Head("two", "Survey loop"))
    entries = {(row.id, head.id): Entry(head.label, kind="signals") for row in rows for head in heads}
    links = tuple(
        Link((row.id, a.id), (row.id, b.id), "missing" if number == 1 else "solid", label="2 days")
        for row in rows
        for number, (a, b) in enumerate(pairwise(heads))
    )
    return Table("t", "Loops", rows, heads, entries, links, wide=True)


def test_an_arrow_between_neighbours_is_one_straight_line_with_its_text_and_its_break() -> None:
    layout = layout_sheet(sheet_of(strip(4)))
    assert len(layout.strokes) == 6
    assert all(len(one.path) == 2 and one.label is not None and one.label.text == "2 days" for one in layout.strokes)
    assert sum(one.cross is not None for one in layout.strokes) == 2
    cells = {cell.labels[1].text: cell for cell in layout.cells if cell.role == "entry" and len(cell.labels) > 1}
    assert len(cells) == 4


def test_an_arrow_over_a_card_goes_round_it_and_one_over_a_blank_goes_straight() -> None:
    table = strip(4)
    links = (Link(("one", "c0"), ("one", "c2")),)
    over = layout_sheet(sheet_of(Table("t", "", table.rows, table.columns, table.entries, links, wide=True)))
    assert len(over.strokes[0].path) == 6
    blank = {place: entry for place, entry in table.entries.items() if place != ("one", "c1")}
    through = layout_sheet(sheet_of(Table("t", "", table.rows, table.columns, blank, links, wide=True)))
    assert len(through.strokes[0].path) == 2


def test_a_table_too_wide_goes_on_below_with_its_row_heads_and_says_so() -> None:
    layout = layout_sheet(sheet_of(strip(24)))
    assert layout.width <= WIDEST
    rows = [cell for cell in layout.cells if cell.role == "row"]
    parts = len(rows) // 2
    assert parts >= 2
    assert len({cell.about for cell in rows}) == 2
    assert any(f"in {parts} parts" in label.text for label in layout.labels)
    assert [label.text for label in layout.labels if label.role == "caption"][-1].endswith(f"part {parts} of {parts}")
    stubs = [stroke for stroke in layout.strokes if stroke.label is not None and stroke.label.text.startswith("to ")]
    assert len(stubs) == 2 * (parts - 1), "each arrow to the next part is told at both ends"


def test_a_groups_heading_beside_arrows_is_whole() -> None:
    heading = "what was heard and promised here"
    rows = (Head("one", "a", group=heading), Head("two", "b", group=heading))
    columns = (Head("x", "x"), Head("y", "y"))
    entries = {(row, column): Entry("card") for row in ("one", "two") for column in ("x", "y")}
    links = (Link(("one", "x"), ("one", "y")),)
    layout = layout_sheet(sheet_of(Table("t", "T", rows, columns, entries, links, wide=True)))
    assert heading in {label.text for label in layout.texts()}


def test_the_second_line_of_a_columns_head_is_whole_in_two_lines() -> None:
    columns = (Head("x", "it", "product × platform"), Head("y", "it", "routes"))
    table = Table("t", "T", (Head("one", "a"),), columns, {("one", "x"): Entry("1")})
    told = [label.text for label in layout_sheet(sheet_of(table)).texts()]
    assert "product × platform" in " ".join(told)


def test_slightly_narrower_cards_keep_a_strip_in_one_piece() -> None:
    rows = [cell for cell in layout_sheet(sheet_of(strip(7))).cells if cell.role == "row"]
    assert len(rows) == 2


def test_a_badge_without_room_keeps_its_sign_and_tells_its_code_in_the_tooltip() -> None:
    badges = (Badge("LOOP101", "critical", "broken"), Badge("LOOP107", "minor"), Badge("GOV101", "major", "x", 4000))
    entry = Entry("x", badges=badges)
    layout = layout_sheet(sheet_of(Table("t", "", (Head("r", "R"),), (Head("c", "C"),), {("r", "c"): entry})))
    (cell,) = (one for one in layout.cells if one.role == "entry")
    assert cell.pills[0].label.text == "!! LOOP101"
    assert cell.pills[-1].label.text.startswith("+")
    assert "GOV101" in cell.pills[-1].tooltip
    assert all(within(pill.box, cell.box) for pill in cell.pills)


def test_every_state_has_a_sign_and_a_meaning_in_the_legend() -> None:
    entries = {("r", f"c{number}"): Entry("5", state) for number, state in enumerate(_STATES)}
    columns = tuple(Head(f"c{number}", "C") for number in range(len(_STATES)))
    layout = layout_sheet(sheet_of(Table("t", "", (Head("r", "R"),), columns, entries)))
    texts = [cell.labels[0].text for cell in layout.cells if cell.role == "entry"]
    assert len(set(texts)) == len(_STATES), "nothing by colour alone"
    assert [one.entry.key for one in layout.swatches if one.entry.family == "state"] == [*_STATES[1:]]
    assert "5 – not known" in next(cell.tooltip for cell in layout.cells if cell.state == "unknown")


def test_a_sheet_with_nothing_says_why() -> None:
    layout = layout_sheet(Sheet("data", "T", "", (), "0 of 0 shown", notes=("Write it down.",)))
    assert [label.text for label in layout.labels if label.role == "said"] == ["Write it down."]
    assert layout.cells == ()


def test_the_cost_grows_with_the_table_and_not_faster() -> None:
    counts = []
    for size in (20, 40):
        calls = 0
        rows = tuple(Head(f"r{number}", f"Row {number}") for number in range(size))
        columns = tuple(Head(f"c{number}", "C") for number in range(10))
        entries = {(row.id, column.id): Entry("1") for row in rows for column in columns}
        layout = layout_sheet(sheet_of(Table("t", "", rows, columns, entries)))
        calls += len(layout.cells)
        counts.append((calls, layout.height))
    assert counts[1][0] <= 2.1 * counts[0][0]
    assert counts[1][1] <= 2.1 * counts[0][1]


def test_equal_cells_line_up() -> None:
    layout = layout_sheet(sheet_of(strip(5)))
    entries = [cell.box for cell in layout.cells if cell.role == "entry"]
    assert len({round(box.x, 3) for box in entries}) == 5
    assert len({round(box.y, 3) for box in entries}) == 2
    assert not any(one.meets(other) for one, other in combinations(entries, 2))


@given(st.lists(tables(), min_size=2, max_size=4))
@settings(max_examples=25, deadline=None)
def test_tables_side_by_side_keep_apart(some: list[Table]) -> None:
    layout = layout_sheet(sheet_of(*(replace(table, id=str(number)) for number, table in enumerate(some))))
    assert crowded(layout) == []
    grid = Occupied()
    page = Box(0, 0, layout.width, layout.height)
    for cell in layout.cells:
        assert within(cell.box, page)
        assert grid.free(cell.box, -0.01), cell
        grid.add(cell.box)


def long_table(rows: int) -> Table:
    """A narrow table of many rows in groups of five."""
    heads = tuple(Head(f"r{number:03d}", f"Row {number}", group=f"Group {number // 5}") for number in range(rows))
    return Table("t", "Coverage", heads, (Head("c", "C"),), {(row.id, "c"): Entry(row.label) for row in heads})


def test_a_long_table_goes_on_beside_itself_and_loses_no_row() -> None:
    layout = layout_sheet(sheet_of(long_table(60)))
    rows = [cell for cell in layout.cells if cell.role == "row"]
    assert sorted(cell.about[0] for cell in rows) == [f"r{number:03d}" for number in range(60)]
    places = {cell.box.x for cell in rows}
    assert len(places) > 1
    captions = [label.text for label in layout.labels if label.role == "caption"]
    assert captions == [f"Coverage – part {number} of {len(places)}" for number in range(1, len(places) + 1)]
    columns = [sorted(cell.box.y for cell in rows if cell.box.x == x) for x in sorted(places)]
    assert {len(column) % 5 for column in columns} == {0}, "parts end where groups do"


def test_small_tables_stand_side_by_side_where_that_prints_larger() -> None:
    small = [replace(long_table(5), id=str(number)) for number in range(6)]
    layout = layout_sheet(sheet_of(*small))
    assert len({label.x for label in layout.labels if label.role == "caption"}) > 1
    assert max(layout.width, layout.height) / min(layout.width, layout.height) < 2.2


def test_a_heading_of_rows_has_two_lines_before_it_is_cut() -> None:
    name = "STOP to 53079: appointment reminders, open slots, community care"
    row = Head("r", "Community care appointments and more", group=name)
    table = Table("t", "", (row,), (Head("c", "C"),), {("r", "c"): Entry("1")})
    (heading,) = (cell for cell in layout_sheet(sheet_of(table)).cells if cell.role == "group")
    assert " ".join(label.text for label in heading.labels) == name
    assert all(within(label.box, heading.box) for label in heading.labels)


def test_a_silo_has_its_wall_round_its_heads_and_where_it_meets_itself() -> None:
    heads = (Head("a", "A"), Head("b", "B", wall=True))
    entries = {(row.id, column.id): Entry("1") for row in heads for column in heads}
    layout = layout_sheet(sheet_of(Table("t", "", heads, heads, entries)))
    walled = [cell for cell in layout.cells if cell.wall]
    assert [cell.role for cell in walled] == ["column", "row", "entry"]
    entry = walled[2].box
    assert (entry.x, entry.y) == (walled[0].box.x, walled[1].box.y)
    assert [one.entry.label for one in layout.swatches if one.entry.key == "silo"] == ["border of a silo"]
    assert to_svg(layout).count('class="wall"') == 3
