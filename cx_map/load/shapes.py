"""Large regular files, much faster: the text between the scalars of a block is its *shape*.

Inventories of thousands of entities come from other systems, and their entries are alike but for the words in them.
The reader of events (``reader``) reads the first entries of a shape; their marks tell where the scalars stand, and so
what is the same in all of them. A regular expression with a group for each scalar and a function that puts the groups
in their places are then made from it, once, and read the others. Only plain words of letters, digits and a few signs
may stand in a group: such a text is a scalar wherever another one was. A block that fits no shape is read by events;
so is the whole file as soon as anything is not as expected, so all errors come from there. O(size of the file).

The document is equal to that of the reader of events, marks included (``tests/load/test_shapes.py`` compares the two on
mutated files).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

from msgspec import Struct, field

from cx_map.load.limits import MAX_NODES
from cx_map.load.scalars import SPECIAL_START, plain
from cx_map.model.source import COLUMN_BITS, FILE_SHIFT, Map, Raw, Seq, unmark

LEAST = 1024 * 1024
"""Bytes of an inventory below which it is not worth it."""
AFTER = 8
"""So many blocks of one shape are read by events before it is learnt: making its regular expression takes as long."""
LONGEST = 8192
"""Characters of a block beyond which its shape is not worth learning."""
MOST_MISSES = 400
"""After so many blocks that fit no shape, and fewer that did, an inventory is not regular."""
TRIED = 8
"""Shapes of as many lines as a block that are tried on it, those used last first."""

_ODD = re.compile(r"[&?](?<=[\s\[{,:].)")
_ODDER = ("\t", "\r", "\x85", "\u2028", "\u2029", "\n---", "\n...")
"""What may mean more than the line that it stands in: anchors, keys on lines of their own, other ends of lines."""
_TOP = re.compile(r"\n(?=[^\s#])")
_SECTION = re.compile(r"([a-z_]+): *(?:#[^\n]*)?(?:\n *(?:#[^\n]*)?)*\n( +)(?=[^\s#])")
_EMPTY = re.compile(r"(?:---)?(?: *(?:#[^\n]*)?\n)*\Z")
_IN_BLOCK = r"\w[\w./%+'()!,;-]*(?: [\w./%+'()!,;-]+)*"
_IN_FLOW = r"\w[\w./%+'()!-]*(?: [\w./%+'()!-]+)*"
_KEY = r"\w[\w.-]{0,199}"

_Read: TypeAlias = Callable[[str, int], "tuple[Map | Seq, int] | None"]
_Share: TypeAlias = Callable[[str, str], str]
_Put: TypeAlias = Callable[[tuple[str, ...], int, _Share, "Map | Seq"], None]


class Shape(Struct, frozen=True):
    """What blocks have in common: how to find their scalars, and how to put these in their places in a container."""

    find: Callable[[str, int, int], re.Match[str] | None]
    put: _Put
    kind: type[Map | Seq]
    nodes: int


class Shapes(Struct):
    """What has been learnt from the files of an inventory, by the number of lines of a block."""

    known: dict[int, list[Shape]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    met: int = 0
    missed: int = 0

    @property
    def regular(self) -> bool:
        """Whether it has been worth it so far."""
        return self.missed <= max(MOST_MISSES, self.met)


class _NotRegularError(Exception):
    """This file is left to the reader of events."""


def read_shaped(text: str, number: int, shapes: Shapes, read: _Read) -> Map | None:
    """The root of a regular document, or None for one that has to be read by events.

    ``read`` reads by events a piece of the text that starts on a line, counted from 0: its root and how many keys and values
    it has, or None where anything at all is wrong with it.
    """
    odd = any(one in text for one in _ODDER) or (("&" in text or "?" in text) and _ODD.search(text))
    if odd or not shapes.regular:
        return None
    try:
        return _Reader(text, number, shapes, read).root()
    except _NotRegularError:
        return None


class _Reader:
    """Reads one document, piece by piece."""

    def __init__(self, text: str, number: int, shapes: Shapes, read: _Read) -> None:
        self.text = text
        self.base = number << FILE_SHIFT
        self.shapes = shapes
        self.read = read
        words: dict[str, str] = {}
        self.share = words.setdefault  # one string for each repeated word, as in the reader of events
        self.nodes = 0

    def root(self) -> Map:
        """The document: its top-level keys, each with what stands under it."""
        text = self.text
        starts = [found.end() for found in _TOP.finditer(text)]
        if text[:1] not in ("", " ", "\n", "#", "-"):
            starts.insert(0, 0)
        if not starts or not _EMPTY.match(text, 0, starts[0]):
            raise _NotRegularError
        root = Map()
        line = text.count("\n", 0, starts[0])
        for start, end in pairwise([*starts, len(text)]):
            found = _SECTION.match(text, start, end)
            if found:
                self.section(root, found, end, line)
            else:
                self.by_events(root, start, end, line)
            if self.nodes > MAX_NODES:
                raise _NotRegularError
            line += text.count("\n", start, end)
        return root

    def section(self, root: Map, found: re.Match[str], end: int, line: int) -> None:
        """A key of the top with entries or items under it."""
        text, indent = self.text, len(found[2])
        begin = found.start(2)
        starts = [begin]
        for one in re.compile(rf"\n {{1,{indent}}}(?=[^\s#])").finditer(text, begin, end):
            starts.append(one.start() + 1)
            if one.end() - one.start() <= indent:
                raise _NotRegularError
        at = line + text.count("\n", found.start(), begin)
        first = self.base | at << COLUMN_BITS | indent
        whole: Map | Seq = Seq() if text[found.end()] == "-" else Map()
        for start, stop in pairwise([*starts, end]):
            lines = text.count("\n", start, stop)
            self.block(whole, start, stop, at, lines)
            at += lines
        self.nodes += 2
        if found[1] in root:
            raise _NotRegularError
        root[found[1]] = whole
        root.marks.extend((self.base | line << COLUMN_BITS, first, whole.marks[-1]))

    def block(self, whole: Map | Seq, start: int, end: int, line: int, lines: int) -> None:
        """One entry or item, by a shape that fits, else by events."""
        shapes = self.shapes
        known = shapes.known.get(lines, [])
        for place, shape in enumerate(known):
            found = shape.find(self.text, start, end)
            if found is not None and shape.kind is type(whole):
                if place:
                    known.insert(0, known.pop(place))
                shapes.met += 1
                self.nodes += shape.nodes
                before = len(whole)
                shape.put(found.groups(), self.base | line << COLUMN_BITS, self.share, whole)
                if len(whole) == before:  # a key that is there already
                    raise _NotRegularError
                return
        shapes.missed += 1
        if not shapes.regular:
            raise _NotRegularError
        before = self.nodes
        part = self.by_events(whole, start, end, line)
        if len(part) != 1:
            raise _NotRegularError
        if end - start <= LONGEST:
            self.learn(start, end, part, line, self.nodes - before)

    def by_events(self, whole: Map | Seq, start: int, end: int, line: int) -> Map | Seq:
        """Add what the reader of events sees in a piece of the text."""
        found = self.read(self.text[start:end], line)
        if found is None or type(found[0]) is not type(whole):
            raise _NotRegularError
        part, nodes = found
        self.nodes += nodes
        if isinstance(whole, Map) and isinstance(part, Map):
            if any(key in whole for key in part):
                raise _NotRegularError
            whole.update(part)
        elif isinstance(whole, Seq):
            whole.extend(part)
        whole.marks.extend(part.marks)
        return part

    def learn(self, start: int, end: int, part: Map | Seq, line: int, nodes: int) -> None:
        """Remember the shape of a block that was read by events; use it when it has come often enough."""
        draft = _Draft(self.text[start:end], self.base | line << COLUMN_BITS, part)
        seen = self.shapes.seen
        seen[draft.shape] = seen.get(draft.shape, 0) + 1
        if seen[draft.shape] == AFTER:
            known = self.shapes.known.setdefault(draft.block.count("\n"), [])
            known.insert(0, Shape(re.compile(draft.shape).fullmatch, draft.put(), type(part), nodes))
            del known[TRIED:]


class _Draft:
    """The shape of one block, from what the reader of events made of it.

    The function is written as source, as those of dataclasses are: only numbers and quoted constants are in it.
    """

    def __init__(self, block: str, base: int, part: Map | Seq) -> None:
        self.block = block
        self.base = base
        self.lines = [0, *(found.end() for found in re.finditer("\n", block))]
        self.groups: list[tuple[int, int, int]] = []  # line, end column and length of each
        self.source: list[str] = []
        self.containers = 0
        self.pattern: list[str] = []
        self.done = 0
        self.container(part, key=_KEY, word=_IN_BLOCK)
        self.shape = "".join(self.pattern) + re.escape(block[self.done :])

    def put(self) -> _Put:
        """The function that puts what the groups hold in a container; ``b`` is the mark of the block's line."""
        groups = [f"g{number}" for number in range(len(self.groups))]
        lines = [f"({', '.join(groups)},) = g"] if groups else []
        lines += [f"d{number} = len(g{number}) - {length}" for number, (_, _, length) in enumerate(self.groups)]
        names: dict[str, Any] = {"Map": Map, "Seq": Seq, "plain": plain, "special": SPECIAL_START}
        exec("def put(g, b, share, c0):\n  " + "\n  ".join([*lines, *self.source]), names)
        put: _Put = names["put"]
        return put

    def container(self, value: Map | Seq, key: str | None, word: str) -> str:
        """The name of the variable that holds a container."""
        name = f"c{self.containers}"
        self.containers += 1
        if self.containers > 1:
            self.source.append(f"{name} = {type(value).__name__}()")
        marks: list[str] = []
        if isinstance(value, Map):
            for one, inner, at, start, end in value.entries():
                label = self.group(at, at + len(one), one, key) if key else None
                marks.append(self.at(at))
                written = label or repr(one)
                self.source.append(f"{name}[{written}] = {self.value(inner, start, end, word, marks)}")
        else:
            for inner, start, end in value.entries():
                self.source.append(f"{name}.append({self.value(inner, start, end, word, marks)})")
        if marks:
            self.source.append(f"{name}.marks.fromlist([{', '.join(marks)}])")
        return name

    def value(self, value: Raw, start: int, end: int, word: str, marks: list[str]) -> str:
        """The expression for a value; its marks are added to those of its container."""
        marks.append(self.at(start))
        if isinstance(value, (Map, Seq)):
            opening = self.block[self.offset(start)]
            written = self.container(value, None, _IN_FLOW if opening in "[{" else word)
        else:
            group = self.group(start, end, value, word)
            written = (
                f"share({group}, {group}) if {group}[0] not in special else plain({group})" if group else repr(value)
            )
        marks.append(self.at(end))
        return written

    def group(self, start: int, end: int, value: Raw, word: str) -> str | None:
        """The group for a scalar; None where its text is not of the kind that other texts can stand for."""
        begin, stop = self.offset(start), self.offset(end)
        text = self.block[begin:stop]
        if not re.fullmatch(word, text) or repr(plain(text)) != repr(value):
            return None
        self.pattern += [re.escape(self.block[self.done : begin]), f"({word})"]
        self.done = stop
        _, line, column = unmark(end - self.base)
        self.groups.append((line, column, len(text)))
        return f"g{len(self.groups) - 1}"

    def offset(self, mark: int) -> int:
        """Where in the block a mark is."""
        _, line, column = unmark(mark - self.base)
        return self.lines[line] + column

    def at(self, mark: int) -> str:
        """The expression for a mark: it moves with the lengths of the groups before it in its line."""
        _, line, column = unmark(mark - self.base)
        moved = [f"+d{number}" for number, group in enumerate(self.groups) if group[0] == line and group[1] <= column]
        return f"b+{mark - self.base}{''.join(moved)}"
