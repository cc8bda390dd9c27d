"""Text in the order in which it stands on the page, left to right, for formats that draw letters as they come.

A part of the Unicode bidirectional algorithm (UAX #9) for one line in a left-to-right page without embeddings, which
:func:`cx_map.draw.text.clean` removed: strong letters, numbers and neutrals, and mirrored brackets.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from operator import itemgetter

_MIRRORED = dict(zip("()[]{}<>«»", ")(][}{><»«", strict=True))


def visual_order(text: str) -> str:
    """The line as it is seen. Lines without right-to-left letters come back as they are. O(n)."""
    classes = [unicodedata.bidirectional(char) for char in text]
    if not any(one in ("R", "AL", "AN") for one in classes):
        return text
    levels = _levels(classes)
    cells = _clusters(text, levels)
    for lowest in (2, 1):  # L2: from the highest level down, turn every run round
        turned: list[tuple[int, str]] = []
        for inside, run in groupby(((cell[0] >= lowest, cell) for cell in cells), key=itemgetter(0)):
            part = [cell for _, cell in run]
            turned += part[::-1] if inside else part
        cells = turned
    return "".join(_MIRRORED.get(part, part) if level == 1 else part for level, part in cells)


def _levels(classes: list[str]) -> list[int]:
    """0 for left to right, 1 for right to left, 2 for a number inside right-to-left text."""
    last, kinds = "L", []
    for one in classes:
        last = {"L": "L", "R": "R", "AL": "R"}.get(one, last)
        kinds.append(
            {"L": "L", "R": "R", "AL": "R", "AN": "N", "EN": "N" if last == "R" else "L", "NSM": "M"}.get(one, "")
        )
    levels = [0] * len(kinds)
    for index, kind in enumerate(kinds):
        before = next((one for one in reversed(kinds[:index]) if one and one != "M"), "L")
        after = next((one for one in kinds[index + 1 :] if one and one != "M"), "L")
        if kind == "M":
            levels[index] = levels[index - 1] if index else 0
        elif kind:
            levels[index] = {"L": 0, "R": 1, "N": 2}[kind]
        else:
            levels[index] = int(before != "L" and after != "L")
    return levels


def _clusters(text: str, levels: list[int]) -> list[tuple[int, str]]:
    """Characters with the marks that stand on them."""
    cells: list[tuple[int, str]] = []
    for char, level in zip(text, levels, strict=True):
        if cells and unicodedata.category(char) in ("Mn", "Me"):
            cells[-1] = (cells[-1][0], cells[-1][1] + char)
        else:
            cells.append((level, char))
    return cells
