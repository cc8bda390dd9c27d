from __future__ import annotations

import pytest

from cx_map.draw.sheet import Entry, Head, Link, Table

ROWS, COLUMNS = (Head("a", "A"), Head("b", "B")), (Head("x", "X"),)


def test_a_table_refuses_what_stands_nowhere() -> None:
    assert Table("t", "T", ROWS, COLUMNS, {("a", "x"): Entry("1")}).entries["a", "x"].text == "1"
    with pytest.raises(ValueError, match="no place 'c', 'x'"):
        Table("t", "T", ROWS, COLUMNS, {("c", "x"): Entry("1")})
    with pytest.raises(ValueError, match="no place 'b', 'y'"):
        Table("t", "T", ROWS, COLUMNS, links=(Link(("a", "x"), ("b", "y")),))
    with pytest.raises(ValueError, match="same id"):
        Table("t", "T", (*ROWS, ROWS[0]), COLUMNS)
