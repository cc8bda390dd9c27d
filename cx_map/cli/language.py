"""``--lang``: the language of what is drawn."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from cx_map.draw.words import languages, words_in

Lang: TypeAlias = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar="CODE",
        help=f"Language of the words ({', '.join(languages())}), and of names that come in several.",
    ),
]


def note_language(lang: str) -> None:
    """Tell on stderr that there are no words in a language. Names may still be, so it is no error."""
    from cx_map.cli.output import say

    if words_in(lang).language != lang.replace("_", "-").lower().partition("-")[0]:
        say(
            f"note: there are no words in {lang!r}, so they are English; names are in it where the inventory has them"
            f" (words: {', '.join(languages())})"
        )
