"""Paper: the wanted one, else the smallest that is legible, else A0 with advice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cx_map.draw.layouts.layers import layout_layers
from cx_map.draw.writers.paper import SMALLEST_PT, choose_paper, fit_paper, paper_note
from tests.draw.nordvik import big, nordvik


def test_the_smallest_legible_paper_is_chosen_and_no_smaller_one_is_legible() -> None:
    layout = layout_layers(nordvik())
    fit = choose_paper(layout, None)
    assert fit.smallest_pt >= SMALLEST_PT
    sizes = ["a4", "a3", "a2", "a1", "a0"]
    assert all(not fit_paper(layout, name).legible for name in sizes[: sizes.index(fit.paper)])
    assert paper_note(layout, fit) is None


def test_a_wanted_paper_is_kept_and_what_it_needs_is_told() -> None:
    layout = layout_layers(nordvik())
    fit = choose_paper(layout, "a4")
    assert fit.paper == "a4"
    assert f"print it on {choose_paper(layout, None).paper.upper()}" in (paper_note(layout, fit) or "")


def test_where_even_a0_is_too_small_it_is_taken_and_told() -> None:
    layout = layout_layers(big(2000))
    fit = choose_paper(layout, None)
    assert fit.paper == "a0"
    assert "even A0 is too small" in (paper_note(layout, fit) or "")


@pytest.mark.parametrize(("width", "height"), [(1000.0, 400.0), (400.0, 1000.0)])
def test_the_page_turns_with_the_map(width: float, height: float) -> None:
    fit = choose_paper(replace(layout_layers(nordvik()), width=width, height=height), None)
    assert (fit.page_mm[0] > fit.page_mm[1]) == (width > height)
    assert choose_paper(replace(layout_layers(nordvik()), width=width, height=height), None, "a3").paper == "a3"
