"""What was read before, kept by content: a file that has not changed is not parsed again.

One file of the cache for each file of an inventory, named by a hash of its bytes, its path as shown, and this program. The
cache never decides anything: what is missing, damaged, too large or cannot be written is as if there were none, and whatever
may be wrong with an inventory is found by reading all of it again. It holds data only, nothing that can be executed.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from cx_map.version import __version__

if TYPE_CHECKING:
    from cx_map.model.inventory import SourceFile

FORMAT = 1
"""Changes with the form of what is kept."""

LARGEST_ENTRY = 256 * 2**20
LARGEST_TOTAL = 1024 * 2**20
"""Bytes of all entries together; the oldest go first."""

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
        """Remove the entries that were not used for longest until the rest is small enough, and what was left half-written."""
        try:
            entries = [
                (status.st_mtime_ns, entry.name, status.st_size)
                for entry in os.scandir(self.folder)
                if entry.name.endswith((_SUFFIX, ".tmp")) and (status := entry.stat(follow_symlinks=False))
            ]
        except OSError:
            return
        total = sum(size for _, _, size in entries)
        newest = max((time for time, _, _ in entries), default=0)
        for time, name, size in sorted(entries):
            stale = name.endswith(".tmp") and newest - time > _HOUR
            if total > self.largest_total or stale:
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink()
                total -= size

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
    """The cache of the user who runs this; None where it is turned off or its folder belongs to somebody else."""
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
    foreign = hasattr(os, "getuid") and status.st_uid != os.getuid()
    return None if foreign else Cache(folder)


def keys_of(files: Sequence[SourceFile]) -> list[str]:
    """The keys of files: their content, their path (which places name), and this program. O(bytes)."""
    import hashlib

    program = _program()
    keys = []
    for file in files:
        digest = hashlib.sha256(program)
        digest.update(os.fsencode(file.path) + b"\0")
        digest.update(file.data)
        keys.append(digest.hexdigest()[:40])
    return keys


def _program() -> bytes:
    """What tells versions of this program apart, those between two releases included."""
    room = Path(__file__).parent
    parts = [f"{FORMAT} {__version__}"]
    for folder in (room, room.parent / "model"):
        with contextlib.suppress(OSError):
            parts += sorted(
                f"{entry.name} {status.st_size} {status.st_mtime_ns}"
                for entry in os.scandir(folder)
                if entry.name.endswith((".py", ".json")) and (status := entry.stat())
            )
    return "\n".join(parts).encode() + b"\0"


def _check(content: bytes | memoryview) -> bytes:
    """Tells a damaged entry from a whole one."""
    return zlib.crc32(content).to_bytes(_CHECK_BYTES, "big")
