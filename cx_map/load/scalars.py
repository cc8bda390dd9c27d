"""Plain scalars with YAML 1.2 core meaning.

A number becomes a number only where nothing is lost by it: ``012``, ``1.10`` and ``1e3`` stay texts that a
numeric field still reads as numbers, so that a name or an id is never changed.
"""

from __future__ import annotations

import re

from cx_map.model.source import Scalar

_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+\Z")
NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
"""Decimal numbers of YAML 1.2 core."""

_WORDS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMERIC_START = frozenset("-0123456789")
SPECIAL_START = _NUMERIC_START | {word[0] for word in _WORDS if word}
"""First characters of the plain scalars that are not simply texts (the empty one is neither)."""


def plain(text: str) -> Scalar:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMERIC_START:
        if _INTEGER.match(text):
            return int(text)
        if _FLOAT.match(text) and repr(float(text)) == text:
            return float(text)
    return text
