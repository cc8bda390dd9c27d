"""Operators given as plain data (a finding's fix, a what-if) as raw documents with places.

The data becomes a file of its own named ``<changes>``, one operator a line in JSON, so that problems have a
place that can be shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cx_map.errors import UsageError
from cx_map.model.source import Map, Raw, Seq, SourceFile, mark

CHANGES_PATH = "<changes>"


def as_document(changes: Sequence[Mapping[str, object]], number: int) -> tuple[SourceFile, Seq]:
    """The changes as a file and as a raw list; ``number`` is the file's place among the files of the inventory.

    Raises UsageError for what JSON cannot hold.
    """
    document = Seq()
    lines = []
    for line, change in enumerate(changes):
        try:
            text = json.dumps(change, ensure_ascii=False, default=_plain, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise UsageError(
                f"change {line + 1} is not plain data: {error}", hint="use texts, numbers, lists and mappings"
            ) from None
        start, end = mark(number, line, 0), mark(number, line, len(text))
        document.add(_raw(json.loads(text), start, end), start, end)
        lines.append(text)
    return SourceFile(CHANGES_PATH, "\n".join(lines).encode()), document


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is not plain")


def _raw(value: object, start: int, end: int) -> Raw:
    if isinstance(value, dict):
        fields = Map()
        for key, item in value.items():
            fields.put(str(key), _raw(item, start, end), start, start, end)
        return fields
    if isinstance(value, list):
        items = Seq()
        for item in value:
            items.add(_raw(item, start, end), start, end)
        return items
    return value if isinstance(value, (str, int, float, bool)) else None
