"""From the files of an inventory to the inventory."""

from __future__ import annotations

import gc

from cx_map.errors import InventoryError
from cx_map.load.assemble import assemble
from cx_map.load.build import build
from cx_map.load.cache import SMALLEST, Cache, active, keys_of
from cx_map.load.context import Context
from cx_map.load.files import Found
from cx_map.load.targets import read
from cx_map.model.inventory import Inventory
from cx_map.model.source import SourceFile


def load(*paths: str) -> Inventory:
    """The current state of an inventory: folders, files, ``-`` or ``REVISION:PATH``.

    Raises InventoryError with every problem found, or UsageError for a path that does not exist.
    O(size of the files).
    """
    return load_files(read(*paths).found)


def load_files(found: Found) -> Inventory:
    """The current state of an inventory whose files were read. Raises InventoryError as :func:`load` does."""
    was_enabled = gc.isenabled()
    gc.disable()  # nothing here makes cycles; the collector would triple the time
    try:
        return _load(found)
    finally:
        if was_enabled:
            gc.enable()


def _load(found: Found) -> Inventory:
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
