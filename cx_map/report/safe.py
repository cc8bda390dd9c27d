"""User text made harmless and visible, for terminals and line-based formats."""

from __future__ import annotations

import re
import unicodedata

MAX_TEXT = 400
"""Longest piece of user text in a line; the rest becomes an ellipsis."""

_INVISIBLE = "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
_NAMED = {"\n": "⏎", "\r": "␍", "\t": " "}


def visible(text: str, limit: int | None = MAX_TEXT) -> str:
    """The text with control, bidirectional and other invisible characters shown, and bounded in length."""
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_INVISIBLE, _show, text)  # compiled by re on first use: most texts need no more than the line above


def _show(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"<U+{code:04X}>"


def width(text: str) -> int:
    """Columns that a text takes in a terminal: wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


_XML_INVALID = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def xml(text: str) -> str:
    """Text for XML content and double-quoted attributes; characters that XML cannot hold are replaced."""
    clean = re.sub(_XML_INVALID, "\ufffd", text)
    for raw, escaped in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ('"', "&quot;"),
        ("\n", "&#10;"),
        ("\r", "&#13;"),
        ("\t", "&#9;"),
    ):
        clean = clean.replace(raw, escaped)
    return clean


def plural(count: int, word: str, many: str | None = None) -> str:
    """``1 finding``, ``2,000 findings``."""
    return f"{count:,} {word if count == 1 else many or word + 's'}"
