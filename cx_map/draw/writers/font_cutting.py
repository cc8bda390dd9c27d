"""A font cut to the characters of one picture, by fontTools (MIT)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

_TABLES = frozenset(
    [
        "GlyphOrder",
        "head",
        "hhea",
        "maxp",
        "OS/2",
        "hmtx",
        "cmap",
        "loca",
        "glyf",
        "name",
        "post",
        "fvar",
        "gvar",
        "avar",
        "HVAR",
        "MVAR",
    ]
)


@dataclass(frozen=True, slots=True)
class Face:
    """A font file's bytes and the characters it is to draw."""

    name: str
    data: bytes
    characters: frozenset[str]


def cut(font: Any, characters: frozenset[str]) -> None:
    """Leave only these characters and the box for what is missing in the font."""
    from fontTools import subset

    tables = font.keys()
    options = subset.Options(
        layout_features=[],
        notdef_outline=True,
        hinting=False,
        name_IDs=[0, 1, 2, 4, 6, 13, 14],
        drop_tables=[table for table in tables if table not in _TABLES],
    )
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(characters)))
    cutter.subset(font)


def saved(font: Any, name: str, characters: frozenset[str]) -> bytes:
    """The file under a PostScript name of its own: reportlab takes two fonts of one name for the same."""
    from hashlib import sha256

    plain = "".join(char for char in name if char.isascii() and (char.isalnum() or char == "-"))[:50] or "Font"
    plain += "-" + sha256("".join(sorted(characters)).encode("utf-8", "replace")).hexdigest()[:8]
    for number in (1, 4, 6):
        font["name"].setName(plain, number, 3, 1, 0x409)
        font["name"].removeNames(nameID=number, platformID=1)
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()
