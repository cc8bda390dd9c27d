"""The page's own words in the reader's language.

The script says ``t("Search")`` and ``many("{n} finding", "{n} findings", count)``: the English text is the key, as in
:mod:`cx_map.draw.words`, and so the script itself is the list of what needs a translation.
"""

from __future__ import annotations

import json
import re

from cx_map.draw.words import Words

_ONE = re.compile(r'\bt\(("(?:[^"\\\n]|\\.)*")')
_MANY = re.compile(r'\bmany\(("(?:[^"\\\n]|\\.)*"),\s*("(?:[^"\\\n]|\\.)*")')
_SAMPLES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20, 21, 22, 25, 100, 101, 102, 1000000, 0)
"""Numbers of every plural category of the languages there are."""


def keys_in(script: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The texts that a script shows: plain ones, and pairs of one and many; sorted, each once."""
    one = sorted({json.loads(found) for found in _ONE.findall(script)})
    many = sorted({(json.loads(first), json.loads(second)) for first, second in _MANY.findall(script)})
    return one, many


def phrases_of(script: str, words: Words) -> dict[str, object]:
    """Translations of what the script shows, by key; only those that differ from the key.

    Where a text goes with a number, the forms by plural category (``one``, ``few``, ``other`` of CLDR).
    """
    one, many = keys_in(script)
    found: dict[str, object] = {key: text for key in one if (text := words(key)) != key}
    if words.language != "en":
        from babel import Locale

        category = Locale.parse(words.language, sep="-").plural_form
        for first, second in many:
            found[first] = {category(n): words.template(first, second, n) for n in reversed(_SAMPLES)}
    return found
