"""Right-to-left text in the order in which it is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_map.draw.writers.reading_order import visual_order

A, B, C = "אבג"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("CRM (new)", "CRM (new)"),
        (f"{A}{B}{C}", f"{C}{B}{A}"),
        (f"x {A}{B} y", f"x {B}{A} y"),
        (f"{A}{B} {C}", f"{C} {B}{A}"),
        (f"{A} 12 {B}", f"{B} 12 {A}"),
        (f"{A}({B}){C}", f"{C}({B}){A}"),
        (f"x {A}!", f"x {A}!"),
        (f"{A}\u05b8{B}", f"{B}{A}\u05b8"),
    ],
)
def test_lines_are_seen_as_the_bidirectional_algorithm_says(text: str, seen: str) -> None:
    assert visual_order(text) == seen


@given(st.text(alphabet=f"ab1 (){A}{B}\u0661\u05b8", max_size=20))
def test_no_character_is_lost_and_lines_without_hebrew_stay(text: str) -> None:
    mirrored = str.maketrans("()", "((")
    assert sorted(visual_order(text).translate(mirrored)) == sorted(text.translate(mirrored))


@given(st.text(alphabet="ab1 (),жю", max_size=20))
def test_left_to_right_lines_stay_as_they_are(text: str) -> None:
    assert visual_order(text) == text
