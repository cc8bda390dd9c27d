"""Comments that exempt a line from rules: ``# cxmap: ignore[LOOP101] reason``."""

from __future__ import annotations

import re
from bisect import bisect_right

from cx_map.errors import Location
from cx_map.model.inventory import Exemption
from cx_map.model.source import Map, Raw, Seq, SourceFile, mark, unmark

_EXEMPTION = re.compile(r"(?:^|\s)(?P<sign>#)\s*cxmap:\s*ignore\[(?P<codes>[^\]\n]*)\][ \t]*(?P<reason>[^\n\r]*)")


def exemptions_of(file: SourceFile, root: Raw, number: int) -> list[Exemption]:
    """The exemptions of a file; what looks like one inside a text is part of that text.

    ``root`` is the file's document as read, ``number`` its place in the list of files.
    """
    if b"ignore[" not in file.data:
        return []
    found = []
    for at, line in enumerate(file.data.decode("utf-8-sig").splitlines()):
        match = _EXEMPTION.search(line) if "ignore[" in line else None
        while match and _in_text(root, mark(number, at, match.start("sign")), line):
            match = _EXEMPTION.search(line, match.start("sign") + 1)
        if match:
            codes = tuple(code.strip() for code in match["codes"].split(",") if code.strip())
            place = Location(file.path, at + 1, match.start("sign") + 1, at + 1, len(line) + 1)
            found.append(Exemption(codes, match["reason"].strip(), place))
    return found


def _in_text(node: Raw, at: int, line: str) -> bool:
    """Whether a place lies in a key or value, by descent through the containers around it. O(depth * log entries)."""
    while isinstance(node, Map | Seq):
        marks, width = node.marks, 3 if isinstance(node, Map) else 2
        index = bisect_right(range(len(node)), at, key=lambda entry: marks[width * entry]) - 1
        if index < 0:
            return False
        start, end = marks[width * index + width - 2 : width * index + width]
        if isinstance(node, Map):
            key = list(node)[index] if at < start else ""
            if "ignore[" in key:
                return True
        if not start <= at < end:
            return False
        node = list(node.values())[index] if isinstance(node, Map) else node[index]
    return not _heads_block(start, at, line)


def _heads_block(start: int, at: int, line: str) -> bool:
    """Whether a comment stands behind the ``|`` or ``>`` that begins a text of several lines."""
    _, row, column = unmark(start)
    return unmark(at)[1] == row and line[column : column + 1] in ("|", ">")
