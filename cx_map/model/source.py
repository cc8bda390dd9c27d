"""Raw documents that remember where every key and value stood.

A *mark* is one integer: file number, line and column packed together (cheap to keep for every field of
100,000 entities, ordered like the text). :class:`Map` and :class:`Seq` are ordinary ``dict`` and ``list``
with the marks of their entries alongside, eight bytes each (as integers of their own they would be most of the memory).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

COLUMN_BITS = 20
"""By so many bits the line of a mark is shifted."""
_LINE_BITS = 28
FILE_SHIFT = COLUMN_BITS + _LINE_BITS
"""By so many bits a mark is shifted to give the number of its file."""
_COLUMN_MASK = (1 << COLUMN_BITS) - 1
_LINE_MASK = (1 << _LINE_BITS) - 1

Scalar: TypeAlias = "str | int | float | bool | None"
Raw: TypeAlias = "Scalar | Map | Seq"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read; ``path`` is relative to where the command ran."""

    path: str
    data: bytes = field(repr=False)

    def line(self, number: int) -> str:
        """One line of the text, counted from 1; empty past the end. O(size of the file)."""
        lines = self.data.decode("utf-8-sig", "replace").splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""


def mark(file: int, line: int, column: int) -> int:
    """Pack a place; lines and columns count from 0 here, as parsers do."""
    return (file << (COLUMN_BITS + _LINE_BITS)) | (line << COLUMN_BITS) | min(column, _COLUMN_MASK)


def unmark(packed: int) -> tuple[int, int, int]:
    """Unpack a mark into file number, line and column, each from 0."""
    return (
        packed >> (COLUMN_BITS + _LINE_BITS),
        (packed >> COLUMN_BITS) & _LINE_MASK,
        packed & _COLUMN_MASK,
    )


class Map(dict[str, Raw]):
    """A mapping with three marks an entry: start of the key, start and end of the value."""

    __slots__ = ("marks",)
    marks: array[int]

    def __init__(self) -> None:
        self.marks = array("q")

    def put(self, key: str, value: Raw, key_mark: int, start: int, end: int) -> None:
        """Set a key and its marks; a key already present keeps its position in the order."""
        if key in self:
            at = 3 * list(self).index(key)
            self.marks[at : at + 3] = array("q", (key_mark, start, end))
        else:
            self.marks.extend((key_mark, start, end))
        self[key] = value

    def drop(self, key: str) -> None:
        """Remove a key with its marks; absent keys are ignored."""
        if key in self:
            at = 3 * list(self).index(key)
            del self.marks[at : at + 3]
            del self[key]

    def entries(self) -> Iterator[tuple[str, Raw, int, int, int]]:
        """Yield key, value, key mark, value start and value end, in the order of the text."""
        marks = self.marks
        for index, (key, value) in enumerate(self.items()):
            at = 3 * index
            yield key, value, marks[at], marks[at + 1], marks[at + 2]

    def place(self, key: str) -> tuple[int, int, int] | None:
        """The three marks of a key, or None where the key is absent."""
        if key not in self:
            return None
        at = 3 * list(self).index(key)
        return self.marks[at], self.marks[at + 1], self.marks[at + 2]

    def copy(self) -> Map:
        """A shallow copy with its own marks."""
        twin = Map()
        twin.update(self)
        twin.marks = self.marks[:]
        return twin


class Seq(list[Raw]):
    """A list with two marks an item: start and end."""

    __slots__ = ("marks",)
    marks: array[int]

    def __init__(self) -> None:
        self.marks = array("q")

    def add(self, value: Raw, start: int, end: int) -> None:
        """Append an item with its marks."""
        self.append(value)
        self.marks.extend((start, end))

    def entries(self) -> Iterator[tuple[Raw, int, int]]:
        """Yield item, start and end in order."""
        marks = self.marks
        for index, value in enumerate(self):
            yield value, marks[2 * index], marks[2 * index + 1]
