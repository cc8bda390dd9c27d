"""Fonts of the machine for scripts that the font which comes along lacks. Only such pictures depend on the machine."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from cx_map.draw.writers.font_cutting import Face, cut, saved


def machine_faces(missing: frozenset[str], folders: Iterable[Path] | None) -> tuple[Face, ...]:
    """Fonts of the machine, each the one with most of what is still missing (the first by path among equals)."""
    if not missing:
        return ()
    from fontTools.ttLib import TTFont

    folders = font_folders() if folders is None else folders
    offers = [offer for path in _files(folders) for offer in _offers(path, missing)]
    chosen: list[Face] = []
    left = set(missing)
    while left and offers:
        file, number, letters = max(offers, key=lambda one: len(one[2] & left))
        gained = frozenset(letters & left)
        if not gained:
            break
        with TTFont(file, fontNumber=number, recalcTimestamp=False) as font:
            name = str(font["name"].getDebugName(4) or Path(file).stem)
            cut(font, gained | {" "})
            chosen.append(Face(name, saved(font, name, gained), gained))
        left -= gained
    return tuple(chosen)


def _offers(path: Path, missing: frozenset[str]) -> list[tuple[str, int, frozenset[str]]]:
    """The fonts of a file that may be embedded, have outlines of TrueType, and some of the missing characters."""
    from fontTools.ttLib import TTFont, TTLibError

    found = []
    try:
        with path.open("rb") as stream:
            head = stream.read(12)
            count = int.from_bytes(head[8:12]) if head.startswith(b"ttcf") else 1
            for number in range(min(count, 16)):
                font = TTFont(stream, fontNumber=number, lazy=True)
                if "glyf" in font and "fvar" not in font and not font["OS/2"].fsType & 0x2:
                    has = missing.intersection(map(chr, font.getBestCmap() or ()))
                    if has:
                        found.append((str(path), number, has))
    except (TTLibError, OSError, KeyError, ValueError, AssertionError, struct.error):
        return []  # a broken font of the machine is not the user's trouble
    return found


def font_folders() -> list[Path]:
    """Where operating systems keep fonts."""
    home = Path.home()
    if sys.platform == "win32":
        windows, local = os.environ.get("WINDIR", r"C:\Windows"), os.environ.get("LOCALAPPDATA")
        return [Path(windows) / "Fonts", *([Path(local) / "Microsoft/Windows/Fonts"] if local else [])]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts"]


def _files(folders: Iterable[Path]) -> list[Path]:
    return sorted(
        one
        for folder in folders
        if folder.is_dir()
        for one in folder.rglob("*")
        if one.suffix.lower() in (".ttf", ".ttc")
    )
