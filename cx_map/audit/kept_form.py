"""How a finished audit is kept: its key, its bytes, and what it is again."""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from cx_map.audit.findings import Finding, Report, RootCauses
from cx_map.load.cache import FORMAT, Cache, sources
from cx_map.model.values import Confidence
from cx_map.rulekit.severity import Severity
from cx_map.version import __version__

if TYPE_CHECKING:
    from cx_map.model.source import SourceFile

LIBRARIES = ("msgspec", "networkx", "yaml")
"""What reports are computed with, beside Python."""

_SETTLED = time.time_ns() - 2 * 10**9
"""Sources that are younger may be other than what runs: they were edited about when it started, or later."""

_AT_ONCE = 500
"""Findings that are encoded, and compared with what comes back, at a time: all of them would be twice the memory."""


class _Report(Struct, array_like=True):
    """A report, its findings in pieces. ``key`` tells an entry that got under the name of another."""

    key: str
    head: Report
    findings: list[msgspec.Raw]


class Pointer(Struct, array_like=True):
    """The key of the report that answers a question, and what the configuration says that it is judged by."""

    key: str
    report: str
    fail_on: Severity | Literal["none"]
    min_confidence: Confidence


class Causes(Struct, array_like=True):
    """The changes to begin with."""

    key: str
    causes: RootCauses


Entry: TypeAlias = "_Report | Pointer | Causes"
E = TypeVar("E", _Report, Pointer, Causes)


def key_of(kind: str, what: object, files: Sequence[SourceFile] = ()) -> str | None:
    """A hash of some data, of files and of the program; None where one of them cannot be told. O(bytes)."""
    import hashlib

    ours = _program()
    if ours is None:
        return None
    try:
        pieces = [ours, msgspec.msgpack.encode((kind, what))]
        for file in files:
            pieces += (file.path.encode(), file.data)
    except (UnicodeEncodeError, OverflowError, TypeError):
        return None
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
    return digest.hexdigest()[:40]


def report_at(cache: Cache, key: str) -> Report | None:
    """The report that was kept, or None."""
    entry = entry_at(cache, key, _Report)
    if entry is None:
        return None
    decoder = msgspec.msgpack.Decoder(tuple[Finding, ...])
    try:
        findings = tuple(one for piece in entry.findings for one in decoder.decode(piece))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return replace(entry.head, findings=findings)


def keep_report(cache: Cache, key: str, report: Report) -> None:
    """Keep a report, unless it does not come back as it was: whole numbers, lists and all. O(findings)."""
    pieces = []
    for start in range(0, len(report.findings), _AT_ONCE):
        encoded = _faithful(report.findings[start : start + _AT_ONCE], tuple[Finding, ...])
        if encoded is None:
            return
        pieces.append(msgspec.Raw(encoded))
    head = replace(report, findings=())
    if _faithful(head, Report) is not None:
        keep(cache, _Report(key, head, pieces))
        cache.trim()  # once an audit: what else is kept of it is small


def keep_causes(cache: Cache, key: str, causes: RootCauses) -> None:
    """Keep the changes to begin with, unless they do not come back as they were."""
    if _faithful(causes, RootCauses) is not None:
        keep(cache, Causes(key, causes))


def entry_at(cache: Cache, key: str, kind: type[E]) -> E | None:
    """What was kept under a key, or None where there is nothing, or nothing of this kind."""
    content = cache.get(key)
    if content is None:
        return None
    try:
        entry = msgspec.msgpack.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return entry if entry.key == key else None


def keep(cache: Cache, entry: Entry) -> None:
    """Keep an entry, unless the program was edited while it ran: nobody knows then which of the two said it."""
    if _program_now() == _program():
        cache.put(entry.key, msgspec.msgpack.encode(entry))


def _faithful(value: object, kind: object) -> bytes | None:
    """The bytes of a value that come back as the value itself: equal, and with the same bytes again (so 1 is not 1.0)."""
    try:
        encoded = msgspec.msgpack.encode(value)
        back = msgspec.msgpack.decode(encoded, type=kind)
        same = back == value and msgspec.msgpack.encode(back) == encoded
    except (msgspec.MsgspecError, UnicodeError, OverflowError, TypeError, RecursionError):
        return None
    return encoded if same else None


@functools.cache
def _program() -> bytes | None:
    """The program that runs; told once, as it does not become another one while it runs."""
    return _program_now()


def _program_now() -> bytes | None:
    """This program, Python and the libraries, as they are on disk; None where that cannot be told for certain."""
    from importlib.machinery import PathFinder

    ours = sources()
    if ours is None or max(time for _, _, time in ours) > _SETTLED:
        return None
    told: list[object] = [FORMAT, __version__, sys.version, sys.platform, sys.byteorder, ours]
    for name in LIBRARIES:
        spec = PathFinder.find_spec(name)
        if spec is None or spec.origin is None:
            return None
        try:
            status = os.stat(spec.origin)  # noqa: PTH116 - no path is made of it
        except OSError:
            return None
        told.append((spec.origin, status.st_size, status.st_mtime_ns))
    return repr(told).encode("utf-8", "surrogateescape")
