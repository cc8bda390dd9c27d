"""The scene's own checks, text measuring and cleaning, contrast of all colours, and paper sizes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.draw.layouts.furniture import header
from cx_map.draw.layouts.layers import layout_layers
from cx_map.draw.palette import KINDS, Theme, contrast, kind_style, mix
from cx_map.draw.scene import Column, Edge, Lane, Node, Scene
from cx_map.draw.text import ELLIPSIS, clean, clean_lines, fit, width_of, wrap
from cx_map.draw.writers.paper import fit_paper, paper_needed
from cx_map.draw.writers.svg_style import variables
from tests.draw.nordvik import big, nordvik, nordvik_diff

LANES, COLUMNS = (Lane("l", "L"),), (Column("c", "C"),)
NODE = Node("n", "N", "k", "l", "c")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nodes": (NODE, NODE)}, "Two nodes of the scene have the id 'n'"),
        ({"nodes": (replace(NODE, lane="x"),)}, "stands in lane 'x'"),
        ({"nodes": (replace(NODE, column="x"),)}, "stands in column 'x'"),
        ({"edges": (Edge("n", "gone"),)}, "has no node 'gone'"),
        ({"columns": (Column("c", "C", 0),)}, "at least one fold"),
        ({"reserved": (replace(NODE, lane="x"),)}, "stands in lane 'x'"),
    ],
)
def test_a_scene_that_does_not_hold_together_is_refused(change: dict[str, object], words: str) -> None:
    scene = Scene("t", columns=COLUMNS, lanes=LANES, nodes=(NODE,))
    with pytest.raises(ValueError, match=words):
        replace(scene, **change)  # type: ignore[arg-type]  # the table mixes fields on purpose


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x00b\x1b[1m", "a␀b␛[1m"), ("del\x7f", "del␡"), ("c1\x9b", "c1\ufffd"), ("lone\ud83d", "lone\ufffd"),
        ("x\u202ey\u2066z", "xyz"), (" a\n\tb ", "a b"), ("\u200fשלום", "\u200fשלום"), ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)  # fmt: skip
def test_cleaning(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_tower_of_combining_marks_is_cut_to_four() -> None:
    assert clean("a" + "\u0301" * 300 + "b") == "a" + "\u0301" * 4 + "b"
    assert fit(clean("a" + "\u0301" * 5000), 100, 11.5) == "a\u0301\u0301\u0301\u0301…"


def test_cleaning_is_bounded_and_keeps_tooltip_lines() -> None:
    assert len(clean("x" * 10_000, 50)) == 50
    assert clean("x" * 50, 50) == "x" * 50
    assert clean_lines("a\r\nb\tc") == "a\nb c"
    assert len(clean_lines("y" * 5000)) == 300


@given(st.text(max_size=80), st.floats(30, 300))
def test_cut_text_fits_and_is_a_beginning(text: str, width: float) -> None:
    cut = fit(text, width, 11.5)
    assert width_of(cut, 11.5) <= width + 1e-6
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1].rstrip(" ")))


def test_cutting_takes_as_much_as_fits_and_never_half_a_character() -> None:
    assert fit("Mortgage contact file", 500, 11.5) == "Mortgage contact file"
    cut = fit("Mortgage contact file", 80, 11.5)
    assert width_of(cut[:-1] + "m…", 11.5) > 80 - 11.5
    family = "👩‍👩‍👧‍👦"
    assert (
        fit(family * 4, 100, 11.5).removesuffix("…").count(family) * len(family) == len(fit(family * 4, 100, 11.5)) - 1
    )
    assert not fit("e\u0301" * 40, 60, 11.5)[:-1].endswith("e")


def test_widths_know_scripts() -> None:
    assert width_of("iiii", 10) < width_of("mmmm", 10) < width_of("日本語文", 10)
    assert width_of("é", 10) == width_of("e", 10) == width_of("e\u0301", 10)
    assert width_of("Щ", 10) > width_of("І", 10)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_reads_and_graphics_show_on_every_surface(theme: Theme) -> None:
    values = variables([*KINDS, "something_else"], theme)
    for name, colour in values.items():
        kind = name.partition("-")[2]
        if name.startswith("ink-"):
            assert contrast(colour, values["stripe-" + kind]) >= 4.5, name
        if name.startswith("tint-"):
            assert contrast(values["ink"], colour) >= 4.5, name
            assert contrast(values["muted"], colour) >= 4.5, name
        if name.startswith(("line-", "stripe-")) and name != "lane-line":
            assert contrast(colour, values["lane"]) >= 3, name
        if name.startswith("on-") and kind != "customer":
            assert contrast(colour, values[kind]) >= 4.5, name
    for ink in ("ink", "muted"):
        assert min(contrast(values[ink], values[ground]) for ground in ("page", "lane", "card", "ring")) >= 4.5
    assert contrast(values["on-customer"], values["customer"]) >= 4.5


def test_the_measured_colours_and_unique_codes() -> None:
    assert [kind_style(k).colour for k in ("data_sources", "platforms", "communications", "channels")] == [
        "#1F2937", "#4338CA", "#007A5A", "#8A6100",
    ]  # fmt: skip
    codes = [style.code for style in KINDS.values()]
    assert len(codes) == len(set(codes))
    assert kind_style("parcel_lockers").code == "PA"
    assert kind_style("!!").code == "??"
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"


def test_the_header_is_as_high_for_every_state() -> None:
    assert header(nordvik(), 1600)[2] == header(nordvik_diff(), 1600)[2]


def test_paper_says_what_is_legible() -> None:
    small, large = layout_layers(nordvik()), layout_layers(big(2000))
    assert paper_needed(small) == "a2"
    fitted = fit_paper(small, "a2")
    assert fitted.legible
    assert fitted.landscape
    assert fitted.width_mm <= 574.01
    assert not fit_paper(small, "a3").legible
    assert paper_needed(large) is None
    with pytest.raises(KeyError):
        fit_paper(small, "letter")


@given(st.text(max_size=80), st.floats(20, 300), st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_wrapped_lines_fit_and_lose_nothing_but_the_end(text: str, width: float, lines: int) -> None:
    text = clean(text)
    found = wrap(text, width, 10, lines)
    assert 1 <= len(found) <= lines
    assert all(width_of(line, 10) <= width or line.endswith(ELLIPSIS) for line in found)
    told = "".join(found).replace(" ", "")
    if told.endswith(ELLIPSIS) and not text.endswith(ELLIPSIS):
        told = told[: -len(ELLIPSIS)]
        assert text.replace(" ", "").startswith(told)
    else:
        assert told == text.replace(" ", "")


def test_lines_break_at_blanks_and_where_there_are_none_between_characters() -> None:
    assert wrap("Reminder to schedule an appointment", 140, 11) == ("Reminder to schedule an", "appointment")
    assert wrap("Short", 140, 11) == ("Short",)
    assert len(wrap("日本語の顧客コミュニケーション基盤", 120, 11)) == 2
    assert wrap("", 140, 11) == ("",)
