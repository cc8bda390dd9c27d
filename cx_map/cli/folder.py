"""A folder of results written whole or not at all, and the same as one file."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cx_map.errors import UsageError

MARK = ".cxmap-report"
"""A file that says that a folder is ours to replace."""


def write_folder(folder: str | Path, files: Mapping[str, str | bytes]) -> None:
    """Make the folder with these files; one that we made before is replaced as a whole.

    Everything is written beside it first and then moved into place, so a reader finds the old report or the new one.
    Raises UsageError where the folder holds anything else, and where it cannot be written.
    """
    target = Path(folder)
    if target.exists() and not _ours(target):
        raise UsageError(f"{folder} is there and is not a report of cxmap", hint="name a new folder, or empty this one")
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
        fresh = temporary / "new"
        for path, content in {**files, MARK: "cxmap replaces this folder when it writes the report again\n"}.items():
            place = fresh / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
        if target.exists():
            target.rename(temporary / "old")
        fresh.rename(target)
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror or error}") from None
    finally:
        if temporary is not None:
            _restore(temporary / "old", target)
            shutil.rmtree(temporary, ignore_errors=True)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """The files as one ZIP; the same files give the same bytes."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def _ours(folder: Path) -> bool:
    """Whether it is a report, or an empty folder."""
    return folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))


def _restore(old: Path, target: Path) -> None:
    """Put the old folder back where the new one did not get there."""
    if old.exists() and not target.exists():
        with contextlib.suppress(OSError):
            old.rename(target)
