"""From what the user wrote as PATH to an inventory."""

from __future__ import annotations

import gc
from pathlib import Path

from msgspec import Struct

from cx_map.errors import InventoryError, Problem
from cx_map.load.assemble import assemble
from cx_map.load.build import build
from cx_map.load.cache import SMALLEST, Cache, active, keys_of
from cx_map.load.context import Context
from cx_map.load.files import Found, collect
from cx_map.model.inventory import Inventory, SourceFile


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


def load(*paths: str) -> Inventory:
    """The current state of an inventory: folders, files, ``-`` or ``REVISION:PATH``.

    Raises InventoryError with every problem found, or UsageError for a path that does not exist.
    O(size of the files).
    """
    was_enabled = gc.isenabled()
    gc.disable()  # nothing here makes cycles; the collector would triple the time
    try:
        return _load(paths)
    finally:
        if was_enabled:
            gc.enable()


def _load(paths: tuple[str, ...]) -> Inventory:
    found = _found(paths)
    if found.problems and not found.files:
        raise InventoryError(list(found.problems))
    worth_it = not found.problems and any(len(file.data) >= SMALLEST for file in found.files)
    cache = active() if worth_it else None
    if cache is not None:
        return _load_cached(found.files, cache)
    raw, problems, whole = assemble(found.files)
    return build(raw, [*found.problems, *problems], whole=whole and not found.problems)


def _load_cached(files: tuple[SourceFile, ...], cache: Cache) -> Inventory:
    """The same, with what is known of the files that have not changed; what is new is kept for the next time."""
    from cx_map.load import parts  # not needed by a first look at a small inventory

    keys = keys_of(files)
    known = [
        parts.decode(data, number) if len(file.data) >= SMALLEST and (data := cache.get(key)) is not None else None
        for number, (file, key) in enumerate(zip(files, keys, strict=True))
    ]
    found = parts.completed(files, known) if any(part is not None for part in known) else None
    if found is None:
        raw, problems, whole = assemble(files)
        context = Context(files)
        inventory = build(raw, problems, whole=whole, context=context)
        found = inventory, parts.parts_of(inventory, context)
    inventory, whole_parts = found
    new = [
        number
        for number, part in enumerate(known)
        if part is not whole_parts[number] and len(files[number].data) >= SMALLEST
    ]
    for number in new:
        encoded = parts.encode(whole_parts[number], number)
        if encoded is not None:
            cache.put(keys[number], encoded)
    if new:
        cache.trim()
    return inventory


def _found(paths: tuple[str, ...]) -> Found:
    plain: list[str] = []
    files: list[SourceFile] = []
    problems: list[Problem] = []
    for path in paths:
        target = parse_target(path)
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
