from __future__ import annotations

from cx_map.draw.words import words_in


def test_a_language_without_a_catalogue_is_english() -> None:
    words = words_in("tlh")
    assert words.language == "en"
    assert words("as of {date}", date="2026-10") == "as of 2026-10"
    assert words.many("{n} flow", "{n} flows", 1) == "1 flow"
    assert words.many("{n} flow", "{n} flows", 1200) == "1,200 flows"


def test_text_without_values_is_never_a_template() -> None:
    assert words_in("en")("a {brace}") == "a {brace}"
