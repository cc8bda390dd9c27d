"""User text does nothing in a terminal, in XML, in Markdown or in a spreadsheet."""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from cx_map.report.formats import cell, md
from cx_map.report.lines import ascii_only
from cx_map.report.safe import visible, width, xml

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)


@given(ANY_TEXT)
def test_visible_text_holds_no_control_or_bidirectional_character(text: str) -> None:
    shown = visible(text)
    assert not [one for one in shown if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")]
    assert not [
        one
        for one in shown
        if unicodedata.bidirectional(one) in ("RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI")
    ]


def test_visible_names_what_it_replaces() -> None:
    assert visible("a\x1b[31mb") == "a␛[31mb"
    assert visible("a\nb\tc") == "a⏎b c"
    assert visible("x\u202ey") == "x<U+202E>y"
    assert visible("Grüße, Привіт, 日本") == "Grüße, Привіт, 日本"


def test_visible_bounds_the_length() -> None:
    assert visible("x" * 10_000) == "x" * 399 + "…"
    assert visible("x" * 10_000, None) == "x" * 10_000


@given(ANY_TEXT)
def test_xml_round_trips_through_a_parser(text: str) -> None:
    parsed = ElementTree.fromstring(f'<a b="{xml(text)}">{xml(text)}</a>')
    assert parsed.text == parsed.get("b") or not text


def test_xml_keeps_what_xml_can_hold() -> None:
    assert ElementTree.fromstring(f"<a>{xml('<b>&quot;')}</a>").text == "<b>&quot;"


def test_markdown_means_nothing_but_itself() -> None:
    assert md("a | b <script> `x` [y](z)") == r"a \| b &lt;script&gt; \`x\` \[y\](z)"
    assert md("line\nbreak") == "line⏎break"


def test_no_cell_is_a_formula() -> None:
    assert [cell(one) for one in ("=1+1", "+x", "-x", "@x", "plain")] == ["'=1+1", "'+x", "'-x", "'@x", "plain"]


def test_width_counts_columns() -> None:
    assert (width("abc"), width("日本"), width("e\u0301")) == (3, 4, 1)


def test_marks_become_words_where_a_terminal_shows_only_ascii() -> None:
    assert ascii_only("✔ owned ✘ acted é") == "yes owned NO acted \\xe9"
