"""Counts told with nouns and adjectives that follow the number, in English and where it bends them."""

from __future__ import annotations

import pytest

from cx_map.draw.nouns import severities_told
from cx_map.draw.words import words_in


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "1 critical, 3 minor"),
        ("de", "1 kritisch, 3 leicht"),
        ("fr", "1 critique, 3 mineurs"),
        ("es", "1 crítico, 3 leves"),
    ],
)
def test_severities_are_counted_worst_first_in_the_form_of_the_number(language: str, told: str) -> None:
    assert severities_told({"minor": 3, "critical": 1, "major": 0}, words_in(language)) == told


def test_no_severity_is_no_text() -> None:
    assert severities_told({}, words_in("en")) == ""
