"""A folder of results written whole or not at all, and the same as one file."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cx_map.errors import UsageError

MARK = ".cxmap-report"
"""A file that says that a folder is ours to replace."""


def may_write(folder: str | Path) -> Path:
    """Where a folder of ours would be: links are followed, so that a link to another disk stays one.

    Raises UsageError where it holds anything that is not ours, cannot be looked at, or is the folder that the command
    runs in (which cannot be replaced under its own feet) or one above it.
    """
    if not str(folder).strip():
        raise UsageError("no folder is named", hint="name a new folder: -o report")
    target = Path(os.path.realpath(folder))
    try:
        if target.exists() and not _ours(target):
            raise UsageError(
                f"{folder} is there and is not a report of cxmap", hint="name a new folder, or empty this one"
            )
        here = Path.cwd()
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror or error}") from None
    if target == here or target in here.parents:
        raise UsageError(f"{folder} is the folder that the command runs in, or above it", hint="name a folder in it")
    return target


def write_folder(folder: str | Path, files: Mapping[str, str | bytes]) -> None:
    """Make the folder with these files; one that we made before is replaced as a whole.

    Everything is written beside it first and then moved into place, so a reader finds the old report or the new one.
    Raises UsageError where :func:`may_write` does, and where it cannot be written; the old report is there then.
    """
    target = may_write(folder)
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:40]}."))
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
        if temporary is not None and _restored(temporary / "old", target):
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


def _restored(old: Path, target: Path) -> bool:
    """Put the old folder back where the new one did not get there; False where even that failed, and it is all there is."""
    if old.exists() and not target.exists():
        with contextlib.suppress(OSError):
            old.rename(target)
        return target.exists()
    return True
