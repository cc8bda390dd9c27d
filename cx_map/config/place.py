"""Where the settings are: which ``cxmap.yaml`` counts, and its bytes."""

from __future__ import annotations

from pathlib import Path

from cx_map.errors import UsageError
from cx_map.load.files import shown
from cx_map.load.targets import parse_target
from cx_map.model.source import SourceFile

NAME = "cxmap.yaml"


def find(paths: tuple[str, ...]) -> Path | None:
    """The ``cxmap.yaml`` beside the first path (in the folder, or next to the file), else in ``.``.

    Beside ``PATH@phase`` and ``REVISION:PATH`` it is the one of today, at PATH.
    """
    for path in (*(one for written in paths for one in parse_target(written).paths), "."):
        place = Path(path)
        candidate = (place if place.is_dir() else place.parent) / NAME
        if path != "-" and candidate.is_file():
            return candidate
    return None


def settings_file(paths: tuple[str, ...], explicit: str | None = None) -> SourceFile | None:
    """The configuration for these paths as it is now, unread; None where there is none. Raises UsageError."""
    place = Path(explicit) if explicit else find(paths)
    if place is None:
        return None
    if not place.is_file():
        raise UsageError(f"no such configuration file: {explicit}")
    try:
        return SourceFile(shown(place), place.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read {shown(place)}: {error.strerror or error}") from None
