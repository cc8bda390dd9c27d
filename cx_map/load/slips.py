"""Slips behind a syntax error that the parser cannot name: what people meant shows in the lines around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_INSIDE = ("did not find expected ',' or",)
_NO_COLON = ("could not find expected ':'", "did not find expected key")

_SLIPS = (
    (_INSIDE, re.compile(r"[:,\[{]\s*'[^']*(?P<at>')[^\s,}\]:']"), "an apostrophe ends a text in single quotes",
     'write the text in double quotes: "Miller\'s team"'),
    (_INSIDE, re.compile(r"[{\[][^'\"]*\s(?P<at>#)"), "a `#` after a space begins a comment: what stands behind it is missing",
     'quote the text: {name: "Team #1"}'),
    (_NO_COLON, re.compile(r"^\s*(?P<at>-)[^\s-]"), "a dash without a space after it", "write a space after each dash: `- email`"),
)  # fmt: skip
"""The parser's words, the slip in a line, what is wrong, and the next step."""


def slip_of(said: str, lines: Sequence[str], line: int) -> tuple[int, int, str, str] | None:
    """Line and column (from 0) of a slip in the line of an error or the one before, what is wrong and what to do; None."""
    for patterns, slip, message, hint in _SLIPS:
        if not any(pattern in said for pattern in patterns):
            continue
        for row in (line, line - 1):
            found = slip.search(lines[row]) if 0 <= row < len(lines) else None
            if found is not None:
                return row, found.start("at"), message, hint
    return None
