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


@dataclass(frozen=True, slots=True)
class Words:
    """One language: ``words("as of {date}", date=...)`` and ``words.many("{n} flow", "{n} flows", 3)``."""

    language: str
    _catalogue: gettext.NullTranslations

    def __call__(self, text: str, **values: object) -> str:
        """The text in this language, with its ``{names}`` filled in."""
        found = self._catalogue.gettext(text)
        return found.format(**values) if values else found

    def many(self, one: str, several: str, n: int, **values: object) -> str:
        """The form of the text that goes with the number; ``{n}`` is the number as this language writes it."""
        return self._catalogue.ngettext(one, several, n).format(n=self.number(n), **values)

    def number(self, value: float, digits: int = 0) -> str:
        """A number as this language writes it, with ``digits`` decimals."""
        if self.language == "en":
            return f"{value:,.{digits}f}"
        from babel.numbers import format_decimal

        return str(format_decimal(value, format=f"#,##0.{'0' * digits}".rstrip("."), locale=self.language))


@lru_cache(maxsize=32)
def words_in(language: str) -> Words:
    """The words of a BCP 47 language: of the language as given, else of its first part, else English."""
    code = language.replace("_", "-").lower()
    for tried in (code, code.partition("-")[0]):
        if (FOLDER / tried / "LC_MESSAGES" / f"{DOMAIN}.mo").is_file():
            return Words(tried, gettext.translation(DOMAIN, FOLDER, languages=[tried]))
    return Words("en", gettext.NullTranslations())
