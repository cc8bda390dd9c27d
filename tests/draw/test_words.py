from __future__ import annotations

import re

import pytest

from cx_map.draw.words import languages, words_in
from tests import catalogues


def test_a_language_without_a_catalogue_is_english() -> None:
    words = words_in("tlh")
    assert words.language == "en"
    assert words("as of {date}", date="2026-10") == "as of 2026-10"
    assert words.many("{n} flow", "{n} flows", 1) == "1 flow"
    assert words.many("{n} flow", "{n} flows", 1200) == "1,200 flows"


def test_text_without_values_is_never_a_template() -> None:
    assert words_in("en")("a {brace}") == "a {brace}"


SLAVIC = {
    "uk": {1: "цикл", 2: "цикли", 5: "циклів", 11: "циклів", 21: "цикл", 22: "цикли", 25: "циклів", 100: "циклів"},
    "ru": {1: "цикл", 2: "цикла", 5: "циклов", 11: "циклов", 21: "цикл", 22: "цикла", 25: "циклов", 100: "циклов"},
    "pl": {1: "pętla", 2: "pętle", 5: "pętli", 11: "pętli", 21: "pętli", 22: "pętle", 25: "pętli", 100: "pętli"},
}


@pytest.mark.parametrize("language", SLAVIC)
def test_slavic_plurals_follow_the_number(language: str) -> None:
    words = words_in(language)
    found = {n: words.many("{n} loop", "{n} loops", n) for n in SLAVIC[language]}
    assert found == {n: f"{n} {noun}" for n, noun in SLAVIC[language].items()}


@pytest.mark.parametrize("language", [one for one in languages() if one != "en"])
def test_every_language_has_its_words_numbers_and_dates(language: str) -> None:
    words = words_in(language)
    assert words.language == language
    assert words("collection point") != "collection point"
    assert words.term("customer_master") != "customer master"
    assert "17" in words("{n} of {m} loops shown.", n="17", m="29")
    assert "29" in words("{n} of {m} loops shown.", n="17", m="29")
    assert words.date("2026-10-06") != "2026-10-06"
    assert words.number(1234567.5, 1) != "1,234,567.5"


@pytest.mark.parametrize(
    ("asked", "spoken"), [("uk-UA", "uk"), ("PL", "pl"), ("ru_RU", "ru"), ("en-GB", "en"), ("", "en")]
)
def test_the_nearest_language_speaks(asked: str, spoken: str) -> None:
    assert words_in(asked).language == spoken


@pytest.mark.parametrize("language", languages())
def test_a_text_that_no_catalogue_has_is_english(language: str) -> None:
    words = words_in(language)
    assert words("a text of {nobody}", nobody="me") == "a text of me"
    assert words.many("{n} gnu", "{n} gnus", 2) == "2 gnus"
    assert words("") == ""


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_words_in_cyrillic_have_no_latin_letters_that_only_look_right(language: str) -> None:
    catalogue = catalogues.read(language)
    mixed = [
        word
        for message in catalogue
        if message.id
        for form in ([message.string] if isinstance(message.string, str) else message.string)
        for word in re.findall(r"[^\W\d_]+", form)
        if re.search(r"[A-Za-z]", word) and re.search(r"[А-яЁёІіЇїЄєҐґ]", word)
    ]
    assert mixed == []
