"""Which files make up an inventory, and their bytes."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath

from msgspec import Struct

from cx_map.errors import Location, Problem, UsageError
from cx_map.load.limits import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES
from cx_map.model.source import SourceFile

SUFFIX = ".cxmap.yaml"


class Found(Struct, frozen=True):
    """The files of an inventory, in the order of their paths, and what could not be read."""

    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...]


def shown(path: Path | str) -> str:
    """A path as outputs show it: relative to where the command runs, with forward slashes."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive on Windows
        relative = str(path)
    return os.fsencode(PurePosixPath(*Path(relative).parts).as_posix()).decode("utf-8", "backslashreplace")


def collect(paths: list[str]) -> Found:
    """Read every inventory file below these paths; ``-`` is standard input.

    Folders are searched for ``*.cxmap.yaml``, hidden folders left out. A file named by several paths counts
    once. Raises UsageError for a path that does not exist.
    """
    files: dict[str, SourceFile] = {}
    problems: list[Problem] = []
    taken: set[tuple[int, int]] = set()
    total = 0
    for path in paths:
        if path == "-":
            files["<stdin>"] = SourceFile("<stdin>", _bounded_stdin(problems))
            continue
        place = Path(path)
        if place.is_dir():
            found = _walk(place, problems)
            if not found:
                _explain_empty(place, problems)
        elif place.is_symlink() and not place.exists():
            problems.append(
                _unreadable(place, "the symbolic link leads nowhere, or back to itself", "mend or remove the link")
            )
            continue
        elif place.exists():
            found = [place]
        else:
            raise UsageError(
                f"no such file or folder: {path}", hint="PATH is a folder, a file, `-`, PATH@phase or REVISION:PATH"
            )
        for one in found:
            name = shown(one)
            if name in files or _again(one, taken):
                continue
            content = _read(one, problems)
            if content is not None:
                files[name] = SourceFile(name, content)
                total += len(content)
            if total > MAX_TOTAL_BYTES:
                problems.append(
                    _unreadable(place, f"more than {MAX_TOTAL_BYTES // 2**20} MB in all", "load a part of it")
                )
                return Found((), tuple(problems))
    ordered = tuple(files[name] for name in sorted(files))
    return Found(ordered, tuple(problems))


def stamps(paths: list[str]) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every file that :func:`collect` would read now, to tell that something changed.

    What cannot be read is left out: it shows when it is loaded.
    """
    found: dict[str, tuple[str, int, int]] = {}
    for path in paths:
        place = Path(path)
        for one in _walk(place, []) if place.is_dir() else [place]:
            try:
                state = one.stat()
            except OSError:
                continue
            found[str(one)] = (str(one), state.st_size, state.st_mtime_ns)
    return tuple(found[name] for name in sorted(found))


def _walk(top: Path, problems: list[Problem]) -> list[Path]:
    """Inventory files below a folder, following links to folders unless they loop."""
    found: list[Path] = []
    seen: set[tuple[int, int]] = set()
    queue: list[tuple[Path, tuple[tuple[int, int], ...]]] = [(top, ())]
    while queue:
        folder, ancestors = queue.pop()
        try:
            status = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            problems.append(_unreadable(folder, error.strerror or str(error)))
            continue
        identity = (status.st_dev, status.st_ino)
        if identity in ancestors:
            problems.append(_unreadable(folder, "a symbolic link leads back to a folder above it", "remove the link"))
            continue
        if identity in seen:  # a second link to the same folder
            continue
        seen.add(identity)
        for entry in entries:
            path = Path(entry.path)
            try:
                is_folder = entry.is_dir()
            except OSError:
                is_folder = False
            if is_folder:
                if not entry.name.startswith("."):
                    queue.append((path, (*ancestors, identity)))
            elif entry.name.endswith(SUFFIX):
                found.append(path)
                if len(found) > MAX_FILES:
                    problems.append(_unreadable(top, f"more than {MAX_FILES:,} inventory files"))
                    return []
    return sorted(found)


def _again(path: Path, taken: set[tuple[int, int]]) -> bool:
    """Whether the same file was already read under another name; notes it otherwise."""
    try:
        status = path.stat()
    except OSError:
        return False  # `_read` says why
    identity = (status.st_dev, status.st_ino)
    again = identity in taken
    taken.add(identity)
    return again


def _explain_empty(top: Path, problems: list[Problem]) -> None:
    if problems:
        return
    near = sorted(
        entry.name for entry in top.iterdir() if entry.suffix in (".yaml", ".yml") and entry.name != "cxmap.yaml"
    )
    hint = "inventory files are named *.cxmap.yaml; `cxmap init` writes a first one"
    if near:
        hint = f"inventory files are named *{SUFFIX}; rename {near[0]} to {near[0].split('.')[0]}{SUFFIX}"
    problems.append(Problem("CX001", "no inventory file in this folder", Location(shown(top)), hint))


def _read(path: Path, problems: list[Problem]) -> bytes | None:
    try:
        if not path.is_file():
            link = path.is_symlink() and not path.exists()
            why = "the symbolic link leads nowhere, or back to itself" if link else "not a regular file"
            problems.append(_unreadable(path, why, "mend or remove the link" if link else "give a folder or a file"))
            return None
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            problems.append(
                _unreadable(
                    path,
                    f"{size / 2**20:.0f} MB; the largest file read is {MAX_FILE_BYTES // 2**20} MB",
                    "split it by team",
                )
            )
            return None
        return path.read_bytes()
    except OSError as error:
        problems.append(_unreadable(path, error.strerror or str(error)))
        return None


def _bounded_stdin(problems: list[Problem]) -> bytes:
    data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        problems.append(
            Problem(
                "CX001",
                f"standard input is larger than {MAX_FILE_BYTES // 2**20} MB",
                Location("<stdin>"),
                "split it by team",
            )
        )
        return b""
    return data


def _unreadable(path: Path, why: str, hint: str = "check that it exists and may be read") -> Problem:
    return Problem("CX001", f"cannot be read: {why}", Location(shown(path)), hint)
