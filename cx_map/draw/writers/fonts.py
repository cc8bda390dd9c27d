"""The font that comes along, cut to the letters of one picture, and what to do for scripts that it lacks.

Arimo (SIL Open Font License, by the wheel ``fontpkg-arimo``) has the widths of Arial, by which maps measure their text,
and Latin, Greek, Cyrillic and Hebrew. It is one variable font; formats that embed fonts need its two weights apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cx_map.draw.writers.font_cutting import Face, cut, saved
from cx_map.draw.writers.machine_fonts import machine_faces
from cx_map.errors import UsageError

_JOINED = ((0x600, 0x8FF), (0x900, 0xDFF), (0xF00, 0x109F), (0x1780, 0x18AF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))
"""Blocks of scripts whose letters change with their neighbours: drawn one by one they would be wrong."""
_BOX = "cxmap.missing"
_LAST = 0xFFFF
"""reportlab writes wrong Unicode values for characters above, so they would be found as others in the file."""
UNKNOWN = "\ufffd"


def font_files() -> list[str]:
    """The files of the font that comes along, none where its package is not installed."""
    from importlib import import_module

    try:
        package = import_module("fontpkg_arimo")
    except ImportError:
        return []
    folder = Path(str(package.__file__)).parent / "files"
    return sorted(str(one) for one in folder.glob("*.ttf"))


@dataclass(frozen=True, slots=True)
class Faces:
    """The fonts of one picture: regular, bold, and those of the machine; ``boxed`` characters are drawn as boxes."""

    regular: Face
    bold: Face
    others: tuple[Face, ...] = ()
    boxed: frozenset[str] = frozenset()

    def runs(self, text: str, *, bold: bool) -> Iterator[tuple[Face, str]]:
        """The text in pieces of one font each."""
        current, run = self.bold if bold else self.regular, ""
        for char in text:
            face = next((one for one in self.others if char in one.characters), self.bold if bold else self.regular)
            if face is not current and run:
                yield current, run
                run = ""
            current, run = face, run + (char if ord(char) <= _LAST else UNKNOWN)
        if run:
            yield current, run

    @property
    def notes(self) -> tuple[str, ...]:
        """What to tell about scripts that the font lacks."""
        found = []
        if self.others:
            names = ", ".join(one.name for one in self.others)
            scripts = scripts_of(char for one in self.others for char in one.characters)
            found.append(f"drawn with fonts of this machine, so not the same everywhere: {scripts} ({names})")
        joined = frozenset(char for char in self.boxed if _is_joined(char))
        if joined:
            found.append(
                f"drawn as boxes: {scripts_of(joined)} (letters that join need a browser: write .svg and print it from there)"
            )
        if self.boxed - joined:
            found.append(
                f"drawn as boxes: {scripts_of(self.boxed - joined)} (no TrueType font that has it is on this machine: "
                "install one, such as Noto Sans, or write .svg)"
            )
        return tuple(found)


def faces_for(texts: Iterable[str], folders: Iterable[Path] | None = None) -> Faces:
    """The fonts for these lines, with the machine's (in ``folders``) for what Arimo lacks.

    UsageError where the package with the font is not installed.
    """
    from fontTools.ttLib import TTFont

    characters = frozenset("".join(texts)) | {" "}
    file = next((one for one in font_files() if "Italic" not in one), None)
    if file is None:
        raise UsageError("the font Arimo is not installed", hint="pip install fontpkg-arimo")
    with TTFont(file, lazy=True) as font:
        known = frozenset(map(chr, font.getBestCmap()))
    missing = {char for char in characters - known if not ignorable(char)}
    others = machine_faces(frozenset(char for char in missing if not _is_joined(char) and ord(char) <= _LAST), folders)
    boxed = frozenset(missing.difference(*(one.characters for one in others)))
    own = (characters & known) | {char for char in boxed if ord(char) <= _LAST} | {UNKNOWN}
    regular, bold = (
        Face(name, _arimo(file, own, own - known, name, weight), own)
        for name, weight in (("Arimo-Regular", 400), ("Arimo-Bold", 700))
    )
    return Faces(regular, bold, others, boxed)


def ignorable(char: str) -> bool:
    """Whether a font may lack this character unseen: joiners, direction marks and variation selectors."""
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _is_joined(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _JOINED)


def scripts_of(characters: Iterable[str]) -> str:
    """The scripts of these characters in words, for a note."""
    names = set()
    for char in characters:
        if unicodedata.category(char) in ("So", "Sk", "Co", "Cn") or ord(char) >= 0x1F000:
            names.add("emoji and symbols")
        else:
            first = unicodedata.name(char, "other").split(" ")[0]
            names.add("CJK" if first in ("CJK", "IDEOGRAPHIC", "FULLWIDTH") else first.capitalize())
    return ", ".join(sorted(names))


def _arimo(file: str, characters: frozenset[str], boxed: frozenset[str], name: str, weight: int) -> bytes:
    """One weight of the font with these characters; ``boxed`` ones get a visible box."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(file, recalcTimestamp=False)
    cut(font, characters)
    font = instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
    if boxed:
        font.setGlyphOrder([*font.getGlyphOrder(), _BOX])
        font["glyf"][_BOX] = font["glyf"][".notdef"]
        font["hmtx"][_BOX] = font["hmtx"][".notdef"]
        _extend_cmap(font, boxed)
    return saved(font, name, characters)


def _extend_cmap(font: Any, boxed: frozenset[str]) -> None:
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

    table = CmapSubtable.newSubtable(4)
    table.platformID, table.platEncID, table.language = 3, 1, 0
    table.cmap = {**font.getBestCmap(), **dict.fromkeys(map(ord, boxed), _BOX)}
    font["cmap"].tables = [table]
