"""From what the user wrote as PATH to the bytes of an inventory's files; nothing is parsed here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from cx_map.errors import Problem, UsageError
from cx_map.load.files import Found, collect
from cx_map.model.source import SourceFile


class Target(Struct, frozen=True):
    """A PATH taken apart: the git revision, the paths, and the phase of the roadmap."""

    paths: tuple[str, ...]
    revision: str | None = None
    phase: str | None = None


def parse_target(written: str) -> Target:
    """Take ``PATH``, ``PATH@phase`` or ``REVISION:PATH`` apart.

    A path that exists wins over every other reading; a one-letter prefix, or one before a slash or
    backslash, is never a revision. ``REVISION:`` alone means the folder ``.``.
    """
    if written == "-" or Path(written).exists():
        return Target((written,))
    path, at, phase = written.rpartition("@")
    if (
        at
        and phase
        and not set("/\\:") & set(phase)
        and (Path(path).exists() or path == "-" or _revision(path) is not None)
    ):
        inner = parse_target(path)
        return Target(inner.paths, inner.revision, phase)
    revision = _revision(written)
    if revision is not None:
        rest = written[len(revision) + 1 :]
        return Target((rest or ".",), revision)
    return Target((written,))


def _revision(written: str) -> str | None:
    prefix, colon, rest = written.partition(":")
    if not colon or len(prefix) < 2 or rest.startswith(("/", "\\")) or "\\" in prefix or Path(written).exists():
        return None
    return prefix


class Read(Struct, frozen=True):
    """The files that some paths name, as they are now, and the phase of the roadmap that they ask for, if any."""

    found: Found
    phase: str | None = None


def read(*paths: str) -> Read:
    """The files of one inventory: folders, files, ``-``, ``PATH@phase`` or ``REVISION:PATH``.

    Raises UsageError for a path that does not exist, and where two paths ask for different phases. O(size of the files).
    """
    if not paths:
        raise UsageError("no inventory is named", hint="PATH is a folder, a file, `-`, PATH@phase or REVISION:PATH")
    targets = [parse_target(path) for path in paths]
    asked = sorted({target.phase for target in targets if target.phase is not None})
    if len(asked) > 1:
        raise UsageError(
            f"one state at a time: {' and '.join(f'@{phase}' for phase in asked)} are two", hint="name one phase"
        )
    return Read(_found(targets), asked[0] if asked else None)


def _found(targets: Iterable[Target]) -> Found:
    plain: list[str] = []
    files: list[SourceFile] = []
    problems: list[Problem] = []
    for target in targets:
        if target.revision is None:
            plain += target.paths
        else:
            from cx_map.load.git import collect_at  # only a revision needs it

            for one in target.paths:
                at = collect_at(target.revision, one)
                files += at.files
                problems += at.problems
    if plain:
        here = collect(plain)
        files += here.files
        problems += here.problems
    return Found(tuple(sorted(files, key=lambda file: file.path)), tuple(problems))
