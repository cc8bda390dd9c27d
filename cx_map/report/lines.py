"""Styled lines: what text formats are made of, before anyone decides about colour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """A piece of text and how it should look: ``""``, ``bold``, ``dim``, ``critical``, ``good``..."""

    text: str
    style: str = ""


Line = list[Span]

STYLES = {
    "bold": "bold",
    "dim": "dim",
    "critical": "bold white on dark_red",
    "major": "bold red",
    "minor": "yellow",
    "info": "cyan",
    "place": "blue",
    "good": "green",
    "bad": "red",
    "added": "blue",
    "removed": "red",
    "changed": "magenta",
}
"""The styles of spans as Rich understands them."""


def line(*parts: str | Span) -> Line:
    """A line of plain texts and spans."""
    return [part if isinstance(part, Span) else Span(part) for part in parts]


def plain(lines: Iterable[Line]) -> str:
    """The lines without any style, ending in a newline."""
    return "".join("".join(span.text for span in one).rstrip() + "\n" for one in lines)


_ASCII = {
    "✔": "yes", "✘": "NO", "–": "-", "…": "...", "→": "->", "←": "<-", "⏎": "\\n", "│": "|", "≥": ">=", "≤": "<=", "×": "x",
    "’": "'", "“": '"', "”": '"', "±": "+/-", "⇄": "<->", "·": "-",
}  # fmt: skip


def ascii_only(text: str) -> str:
    """Text for a terminal that shows nothing else: marks become words, other characters question marks."""
    for mark, word in _ASCII.items():
        text = text.replace(mark, word)
    return text.encode("ascii", "backslashreplace").decode("ascii")
