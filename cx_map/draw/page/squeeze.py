"""Scripts without what only their readers need: comments and most blanks. Names stay, so errors can still be read.

Not a parser: it knows strings, templates, comments and regular expressions, and keeps every line break that could
end a statement. No statement may be empty (``if (a) ;``). The browser tests run what comes out.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[\w$]")
_BEFORE_PATTERN = frozenset("(,=:[!&|?{};\n")
"""A slash after one of these begins a regular expression, after anything else it divides."""
_FRACTION = re.compile(r"0\.\d")
_QUIET = frozenset("{,;([\n")
"""After these a line break means nothing."""


def squeezed(script: str) -> str:
    """The script, shorter, with the same meaning. O(length)."""
    out: list[str] = []
    depths: list[int] = []  # of braces inside each template's ${...} that is open
    at, end = 0, len(script)
    while at < end:
        char = script[at]
        if char in " \t\n":
            stop = at
            while stop < end and script[stop] in " \t\n":
                stop += 1
            _blank(out, "\n" if "\n" in script[at:stop] else " ", script[stop : stop + 1])
            at = stop
            continue
        if script.startswith("//", at):
            stop = script.find("\n", at)
            at = end if stop < 0 else stop
            continue
        if script.startswith("/*", at):
            at = script.index("*/", at) + 2
            continue
        start, stop = _token(script, at, out, depths)
        out.append(script[start:stop])
        at = stop
    return "".join(out).strip() + "\n"


def _token(script: str, at: int, out: list[str], depths: list[int]) -> tuple[int, int]:
    """Where the next piece of script starts (later than here where a zero can go) and ends."""
    char, last = script[at], _last(out)
    if char in "\"'":
        return at, _string(script, at)
    if char == "`" or (char == "}" and depths and depths[-1] == 0):
        if char == "}":
            depths.pop()
        stop, opened = _template(script, at + 1)
        if opened:
            depths.append(0)
        return at, stop
    if char == "/" and last in _BEFORE_PATTERN:
        return at, _pattern(script, at)
    if char == "0" and _FRACTION.match(script, at) and not _WORD.match(last) and last != ".":
        return at + 1, at + 2
    if depths and char in "{}":
        depths[-1] += 1 if char == "{" else -1
    if char == "}" and last == ";":
        out.pop()
    return at, at + 1


def _last(out: list[str]) -> str:
    return out[-1][-1] if out else "\n"


def _blank(out: list[str], blank: str, after: str) -> None:
    """One blank or line break, where leaving it out could change something."""
    before = _last(out)
    if blank == "\n":
        if before not in _QUIET and after not in ("}", ""):
            out.append("\n")
    elif (_WORD.match(before) and _WORD.match(after)) or (before in "+-" and after in "+-") or before == "/" == after:
        out.append(" ")


def _string(script: str, at: int) -> int:
    quote, at = script[at], at + 1
    while script[at] != quote:
        at += 2 if script[at] == "\\" else 1
    return at + 1


def _template(script: str, at: int) -> tuple[int, bool]:
    """Where a template (or its piece) ends, and whether by ``${``."""
    while script[at] != "`":
        if script.startswith("${", at):
            return at + 2, True
        at += 2 if script[at] == "\\" else 1
    return at + 1, False


def _pattern(script: str, at: int) -> int:
    at, inside = at + 1, False
    while inside or script[at] != "/":
        if script[at] == "\\":
            at += 1
        else:
            inside = script[at] == "[" or (inside and script[at] != "]")
        at += 1
    return at + 1
