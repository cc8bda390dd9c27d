"""The drawing's own words in the reader's language, by gettext catalogues in ``locale/``.

The English text is the key, so code reads as it shows. A language without a catalogue, and a text that a catalogue
does not have, come out in English. User text never goes through here.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DOMAIN = "cxmap"
FOLDER = Path(__file__).parent / "locale"


def noted(text: str) -> str:
    """The text itself: marks a constant that goes through :class:`Words` later, so that the catalogues get it."""
    return text


_DAY = noted("{year}-{month}-{day}")
"""How a date is written; the parts are numbers of four and two digits."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language: ``words("as of {date}", date=...)`` and ``words.many("{n} flow", "{n} flows", 3)``."""

    language: str
    _catalogue: gettext.NullTranslations

    def __call__(self, text: str, **values: object) -> str:
        """The text in this language, with its ``{names}`` filled in."""
        found = self._catalogue.gettext(text) if text else ""  # the entry of "" is the catalogue's own header
        return found.format(**values) if values else found

    def many(self, one: str, several: str, n: int, **values: object) -> str:
        """The form of the text that goes with the number; ``{n}`` is the number as this language writes it."""
        return self.template(one, several, n).format(n=self.number(n), **values)

    def template(self, one: str, several: str, n: int) -> str:
        """The form of the text that goes with the number, its ``{names}`` still to be filled in."""
        return self._catalogue.ngettext(one, several, n)

    def term(self, value: str) -> str:
        """A word of the inventory's own vocabulary (a status, a purpose, a kind of channel), as people write it."""
        return self(value.replace("_", " "))

    def date(self, day: str) -> str:
        """A date as this language writes it; a text that is not a whole date (``2026-03``) stays as it is."""
        parts = day.split("-")
        if len(parts) != 3 or not all(part.isdecimal() for part in parts):
            return day
        return self(_DAY, year=parts[0], month=parts[1], day=parts[2])

    def number(self, value: float, digits: int = 0) -> str:
        """A number as this language writes it, with ``digits`` decimals."""
        if self.language == "en":
            return f"{value:,.{digits}f}"
        from babel.numbers import format_decimal

        return str(format_decimal(value, format=f"#,##0.{'0' * digits}".rstrip("."), locale=self.language))


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages of the drawing's own words: English, which the code has, and those with a catalogue, by code."""
    return ("en", *sorted(found.parent.parent.name for found in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def tag_of(language: str) -> str:
    """The language tag of a picture that was asked for in a language: that of the words on it."""
    words = words_in(language)
    return language if language.replace("_", "-").lower().partition("-")[0] == words.language else words.language


@lru_cache(maxsize=32)
def words_in(language: str) -> Words:
    """The words of a BCP 47 language: of the language as given, else of its first part, else English."""
    code = language.replace("_", "-").lower()
    for tried in (code, code.partition("-")[0]):
        if tried != "en" and tried in languages():
            return Words(tried, gettext.translation(DOMAIN, FOLDER, languages=[tried]))
    return Words("en", gettext.NullTranslations())
