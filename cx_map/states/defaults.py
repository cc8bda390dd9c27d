"""The ``defaults`` of the file that a roadmap stands in, for what its operators add."""

from __future__ import annotations

from collections.abc import Callable

from cx_map.model.entity import Entity
from cx_map.model.fields import fields_of
from cx_map.model.inventory import RawEntity
from cx_map.model.kinds import KINDS
from cx_map.model.routes import decided
from cx_map.model.source import Map, SourceFile, unmark


def file_defaults(files: tuple[SourceFile, ...], mark: int) -> Callable[[RawEntity], RawEntity]:
    """What the file of a mark says under ``defaults``, as a function that completes an added entity.

    The file is read again, and only where it has such a section.
    """
    number, _, _ = unmark(mark)
    if number >= len(files) or b"defaults" not in files[number].data:
        return lambda raw: raw
    from cx_map.load.reader import read

    root = read(files[number].data, files[number].path, number).root
    defaults = root.get("defaults") if root is not None else None
    if not isinstance(defaults, Map):
        return lambda raw: raw
    common = fields_of(Entity)

    def complete(raw: RawEntity) -> RawEntity:
        merged = raw.fields.copy()
        others = decided(raw.kind, raw.fields)
        of_kind = defaults.get(raw.kind)
        for key, value, key_mark, start, end in of_kind.entries() if isinstance(of_kind, Map) else ():
            if key not in merged and key not in others:
                merged.put(key, value, key_mark, start, end)
        for key, value, key_mark, start, end in defaults.entries():
            if key in common and key not in KINDS and key not in merged and raw.kind != "references":
                merged.put(key, value, key_mark, start, end)
        return raw if len(merged) == len(raw.fields) else RawEntity(raw.kind, raw.id, merged, raw.mark, raw.end)

    return complete
