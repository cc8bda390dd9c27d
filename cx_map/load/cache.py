"""What was found out before, kept by content: a file that has not changed is not parsed again, nor audited.

The files of the cache are named by a hash of all that their content depends on. What is missing, damaged, too large or
cannot be written is as if there were none. It holds data only, nothing that can be executed. What is kept of the files of an
inventory is in ``parts`` (its keys are here), what is kept of an audit in ``cx_map.audit.kept``.
"""

from __future__ import annotations

import contextlib
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from cx_map.version import __version__

if TYPE_CHECKING:
    from cx_map.model.source import SourceFile

FORMAT = 1
"""Changes with the form of what is kept."""

LARGEST_ENTRY = 256 * 2**20
LARGEST_TOTAL = 1024 * 2**20
"""Bytes of all entries together; the oldest go first."""

MOST_ENTRIES = 25_000
"""More than an inventory has files; looking at all of them takes a tenth of a second. The oldest go first."""

SMALLEST = 4 * 2**10
"""Bytes of a file below which parsing it is no slower than looking for it."""

DIRECTORY_VARIABLE = "CXMAP_CACHE_DIR"
"""Where the cache is, instead of the user's cache folder; empty means nowhere."""

_SUFFIX = ".part"
_CHECK_BYTES = 4


class Cache(Struct, frozen=True):
    """A folder of entries. Every method is silent about what it cannot do."""

    folder: Path
    largest_total: int = LARGEST_TOTAL
    most_entries: int = MOST_ENTRIES

    def get(self, key: str) -> memoryview | None:
        """What was kept under a key, or None."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        content = memoryview(data)[_CHECK_BYTES:]
        if data[:_CHECK_BYTES] != _check(content):
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep something under a key: to a temporary file, then moved into place."""
        if len(content) > LARGEST_ENTRY:
            return
        import tempfile

        temporary = ""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
            with os.fdopen(handle, "wb") as stream:
                stream.write(_check(content))
                stream.write(content)
            os.replace(temporary, self._path(key))  # noqa: PTH105 - the atomic move
        except OSError:
            if temporary:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)  # noqa: PTH108 - a temporary name

    def trim(self) -> None:
        """Remove the entries that were not used for longest until the rest is few and small enough, and what was left half-written."""
        try:
            entries = [
                (status.st_mtime_ns, entry.name, status.st_size)
                for entry in os.scandir(self.folder)
                if entry.name.endswith((_SUFFIX, ".tmp")) and (status := entry.stat(follow_symlinks=False))
            ]
        except OSError:
            return
        total, left = sum(size for _, _, size in entries), len(entries)
        newest = max((time for time, _, _ in entries), default=0)
        for time, name, size in sorted(entries):
            stale = name.endswith(".tmp") and newest - time > _HOUR
            if total > self.largest_total or left > self.most_entries or stale:
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink()
                total, left = total - size, left - 1

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{_SUFFIX}"


_HOUR = 3600 * 10**9

_ACTIVE: ContextVar[Callable[[], Cache | None]] = ContextVar("cache", default=lambda: None)


def active() -> Cache | None:
    """The cache in use; None unless somebody asked for one (the command line does, the library does not)."""
    return _ACTIVE.get()()


@contextlib.contextmanager
def using(cache: Callable[[], Cache | None]) -> Iterator[None]:
    """Use the cache that this gives, or none, for what is loaded inside; it is asked for where a file is worth it."""
    token = _ACTIVE.set(cache)
    try:
        yield
    finally:
        _ACTIVE.reset(token)


def users_cache() -> Cache | None:
    """The cache of the user who runs this; None where it is turned off, or others may write in its folder."""
    said = os.environ.get(DIRECTORY_VARIABLE)
    if said == "":
        return None
    if said is None:
        import platformdirs

        said = platformdirs.user_cache_dir("cxmap", appauthor=False)
    folder = Path(said)
    try:
        status = folder.stat()
    except OSError:
        return Cache(folder)
    foreign = hasattr(os, "getuid") and (status.st_uid != os.getuid() or bool(status.st_mode & stat.S_IWOTH))
    return None if foreign else Cache(folder)


def keys_of(files: Sequence[SourceFile]) -> list[str]:
    """The keys of files: their content, their path (which places name), and this program. O(bytes)."""
    import hashlib

    ours = f"{FORMAT} {__version__} {sources('load', 'model')}\0".encode("utf-8", "surrogateescape")
    keys = []
    for file in files:
        digest = hashlib.sha256(ours)
        digest.update(os.fsencode(file.path) + b"\0")
        digest.update(file.data)
        keys.append(digest.hexdigest()[:40])
    return keys


def sources(*rooms: str) -> list[tuple[str, int, int]] | None:
    """Path, size and time of every file of this program, or of some of its rooms: what tells versions of it apart.

    Python trusts as much to tell that what it compiled is out of date. None where there are no such files (a program in
    an archive). O(files).
    """
    package = Path(__file__).parents[1]
    folders = [package / room for room in rooms] or [package]
    found: list[tuple[str, int, int]] = []
    try:
        while folders:
            for entry in os.scandir(folders.pop()):
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        folders.append(Path(entry.path))
                else:
                    status = entry.stat()
                    found.append((entry.path, status.st_size, status.st_mtime_ns))
    except OSError:
        return None
    return sorted(found) or None


def _check(content: bytes | memoryview) -> bytes:
    """Tells a damaged entry from a whole one."""
    return zlib.crc32(content).to_bytes(_CHECK_BYTES, "big")
