"""Fonts of the machine for scripts that the font which comes along lacks. Only such pictures depend on the machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from cx_map.draw.writers.font_cutting import Face, cut, saved


def machine_faces(missing: frozenset[str], folders: Iterable[Path] | None) -> tuple[Face, ...]:
    """Fonts of the machine, each the one with most of what is still missing (the first by path among equals)."""
    if not missing:
        return ()
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    offers: list[tuple[str, int, frozenset[str]]] = []
    for path in _files(font_folders() if folders is None else folders):
        try:
            count = len(TTCollection(path, lazy=True).fonts) if path.suffix.lower() == ".ttc" else 1
            for number in range(count):
                with TTFont(path, fontNumber=number, lazy=True) as font:
                    if "glyf" in font and "fvar" not in font and not font["OS/2"].fsType & 0x2:
                        has = missing.intersection(map(chr, font.getBestCmap() or ()))
                        if has:
                            offers.append((str(path), number, frozenset(has)))
        except (TTLibError, OSError, KeyError, ValueError, AssertionError):
            continue  # a broken font file is not our user's trouble
    chosen: list[Face] = []
    left = set(missing)
    while left and offers:
        file, number, letters = max(offers, key=lambda one: len(one[2] & left))
        gained = frozenset(letters & left)
        if not gained:
            break
        font = TTFont(file, fontNumber=number, recalcTimestamp=False)
        name = str(font["name"].getDebugName(4) or Path(file).stem)
        cut(font, gained | {" "})
        chosen.append(Face(name, saved(font, name, gained), gained))
        left -= gained
    return tuple(chosen)


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
