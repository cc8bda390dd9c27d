"""One YAML file to a raw document with marks, or the problems that prevent it.

libyaml's events go straight into :class:`Map` and :class:`Seq`; positions and the check for repeated keys
cost nothing extra, and no YAML 1.1 resolution, tag or merge key can take effect. O(size of the file),
with bounds on depth, size and aliases (``limits``).

Longer than most modules: the loop over events is one hot path, and its errors stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import yaml
from msgspec import Struct
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from cx_map.errors import Location, Problem
from cx_map.load.limits import MAX_ALIAS_NODES, MAX_DEPTH, MAX_LINE, MAX_NODES
from cx_map.load.scalars import SPECIAL_START, plain
from cx_map.load.shapes import Shapes, read_shaped
from cx_map.model.source import Map, Raw, Seq, mark


class Duplicate(Struct):
    """A key written twice in one mapping."""

    path: tuple[str, ...]
    container: Map
    second: int


REPEATED = "\0"
"""Follows a key that stands twice, in the raw document only: no YAML text can hold it."""


def written(key: str) -> str:
    """A key of a raw document as it was written."""
    return key.partition(REPEATED)[0]


class Document(Struct):
    """What was read from one file; ``root`` is None where it could not be read."""

    root: Map | None = None
    problems: list[Problem] = []
    duplicates: list[Duplicate] = []


class _StopError(Exception):
    """A problem that ends the reading of this file."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read(data: bytes, path: str, number: int, shapes: Shapes | None = None) -> Document:
    """Read one file; ``number`` is its place in the inventory's list of files (for marks).

    ``shapes`` are what has been learnt from files before it, to read it faster.
    """
    document = Document()
    try:
        text = _decode(data, path)
        root: Raw = read_shaped(text, number, shapes, partial(_piece, path, number)) if shapes is not None else None
        if root is None:
            root = _Builder(path, number, document).build(text)
        if isinstance(root, Map):
            document.root = root
        else:
            found = "nothing" if root is None else "a list" if isinstance(root, Seq) else "a single value"
            raise _StopError(
                Problem("CX001", f"an inventory file is a mapping of keys, but this file holds {found}", Location(path),
                        hint="start it with `cxmap: 1`")
            )  # fmt: skip
    except _StopError as stop:
        document.problems.append(stop.problem)
    except yaml.YAMLError as error:
        document.problems.append(_too_deep(error, path, data) or _syntax_problem(error, path, data))
    return document


def _piece(path: str, number: int, text: str, line: int) -> tuple[Map | Seq, int] | None:
    """A piece of a file that starts on a line, and how many keys and values it has; None where anything is wrong."""
    document = Document()
    builder = _Builder(path, number, document, line)
    try:
        root = builder.build(text)
    except (_StopError, yaml.YAMLError):
        return None
    if document.problems or document.duplicates or not isinstance(root, (Map, Seq)):
        return None
    return root, builder.nodes


def _decode(data: bytes, path: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _StopError(Problem("CX001", "the file is UTF-16", Location(path), hint="save it as UTF-8"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        raise _StopError(
            Problem("CX001", f"byte 0x{data[error.start]:02X} is not UTF-8", Location(path, line, column, line, column + 1),
                    hint="save the file as UTF-8 (it looks like Latin-1 or Windows-1252)")
        ) from None  # fmt: skip
    control = _CONTROL.search(text)
    if control:
        at = control.start()
        line = text.count("\n", 0, at) + 1
        column = at - (text.rfind("\n", 0, at) + 1) + 1
        raise _StopError(
            Problem("CX001", f"control character U+{ord(control.group()):04X} is not allowed in YAML",
                    Location(path, line, column, line, column + 1), hint="delete it, or write it escaped in double quotes")
        )  # fmt: skip
    long = _long_line(text)
    if long >= 0:
        line = text.count("\n", 0, long) + 1
        raise _StopError(
            Problem(
                "CX001",
                f"a line of more than {MAX_LINE:,} characters",
                Location(path, line),
                hint="break it into lines",
            )
        )
    return text


def _long_line(text: str) -> int:
    """Where a line starts that is longer than the language allows, else -1."""
    at = 0
    while len(text) - at > MAX_LINE:
        end = max(text.rfind("\n", at, at + MAX_LINE), text.rfind("\r", at, at + MAX_LINE))
        if end < 0:
            return at
        at = end + 1
    return -1


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")


_Frame: TypeAlias = "tuple[Map | Seq | None, str | None, int, int, int, str | None]"
"""An open container's parent: the parent, its pending key and mark, and what was known of its start."""


class _Builder:
    """Turns events into a raw document."""

    def __init__(self, path: str, number: int, document: Document, line: int = 0) -> None:
        self.path = path
        self.number = number
        self.line = line  # of the file, where its text is a piece of one,
        self.above = int(line > 0)  # and so many containers it stands in at the most
        self.nodes = 0
        self.document = document
        self.text = ""
        self.lines: list[str] = []
        self.anchors: dict[str, tuple[Raw, int, int, int]] = {}
        self.alias_nodes = 0

    def location(self, start: Any, end: Any = None) -> Location:
        last = end or start
        return Location(self.path, start.line + 1, start.column + 1, last.line + 1, last.column + 1)

    def stop(self, message: str, event: Any, hint: str = "") -> _StopError:
        return _StopError(Problem("CX001", message, self.location(event.start_mark, event.end_mark), hint=hint))

    def too_deep(self, event: Any) -> _StopError:
        """The problem of a list or mapping inside too many others."""
        return self.stop(f"nested more than {MAX_DEPTH} levels deep", event,
                         "no field of the language needs it; check the brackets")  # fmt: skip

    def build(self, text: str) -> Raw:
        """The root of the only document."""
        self.text = text
        parser = CParser(text)
        try:
            return self._document(parser)
        finally:
            parser.dispose()

    def _document(self, parser: CParser) -> Raw:  # noqa: PLR0912, PLR0915 - one loop over events, kept flat because it is the hot path
        base = mark(self.number, self.line, 0)  # lines are short enough for the columns of marks (see `_decode`)
        get_event: Callable[[], Any] = parser.get_event  # told apart by their types below
        words: dict[str, str] = {}
        share = words.setdefault  # one string for each repeated word: less memory, faster look-ups
        stack: list[_Frame] = []
        container: Any = None  # the open Map or Seq
        in_map = False
        key: str | None = None
        key_event: Any = None
        key_mark = started = count = documents = nodes = 0
        open_anchor: str | None = None
        root: Raw = None
        while True:
            event = get_event()
            kind = type(event)
            if kind is ScalarEvent:
                nodes += 1
                text = event.value
                begin = event.start_mark
                start = base + (begin.line << 20) + begin.column
                if event.tag is not None:
                    raise self._tag(event)
                if in_map and key is None:
                    key, key_mark, key_event = share(text, text), start, event
                    if key in container:
                        key = self._duplicate(stack, container, key, start)
                    elif key == "<<" and event.implicit[0]:
                        raise self.stop("merge keys (`<<`) are not part of the language", event,
                                        "put shared fields under `defaults:` at the top of the file")  # fmt: skip
                    if event.anchor is not None:
                        self.anchors[event.anchor] = (text, start, start + len(text), 1)
                    continue
                finish = event.end_mark
                end = base + (finish.line << 20) + finish.column
                value: Raw
                if not event.implicit[0]:
                    value = text
                elif text and text[0] not in SPECIAL_START:
                    value = share(text, text)
                else:
                    value = plain(text)
                if event.anchor is not None:
                    self.anchors[event.anchor] = (value, start, end, 1)
                if key is not None:
                    if not text and event.implicit[0] and self._lacks_colon(key_event):
                        key = None
                        continue
                    container[key] = value
                    container.marks.extend((key_mark, start, end))
                    key = None
                elif container is not None:
                    container.append(value)
                    container.marks.extend((start, end))
                else:
                    root = value
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                nodes += 1
                if event.tag is not None:
                    raise self._tag(event)
                if in_map and key is None:
                    raise self.stop("a key must be a plain text, not a list or a mapping", event,
                                    "if the text contains `{`, `[` or a comma, put it in quotes")  # fmt: skip
                if len(stack) + self.above >= MAX_DEPTH:
                    raise self.too_deep(event)
                stack.append((container, key, key_mark, started, count, open_anchor))
                begin = event.start_mark
                started = base + (begin.line << 20) + begin.column
                open_anchor, count = event.anchor, nodes
                if open_anchor is not None:
                    self.anchors.pop(open_anchor, None)
                in_map = kind is MappingStartEvent
                container = Map() if in_map else Seq()
                key = None
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                finish = event.end_mark
                end = base + (finish.line << 20) + finish.column
                finished = container
                if finished.marks and finish.index == event.start_mark.index:
                    end = finished.marks[-1]  # an indented block ends with its last item, not where the next begins
                begun = started
                if open_anchor is not None:
                    self.anchors[open_anchor] = (finished, begun, end, nodes - count + 1)
                container, key, key_mark, started, count, open_anchor = stack.pop()
                in_map = type(container) is Map
                if container is None:
                    root = finished
                elif in_map:
                    container[key] = finished
                    container.marks.extend((key_mark, begun, end))
                    key = None
                else:
                    container.append(finished)
                    container.marks.extend((begun, end))
            elif kind is AliasEvent:
                aliased, size = self._alias(event)
                if in_map and key is None:
                    raise self.stop("an alias cannot be a key", event, "write the key out")
                start = mark(self.number, event.start_mark.line, event.start_mark.column)
                end = mark(self.number, event.end_mark.line, event.end_mark.column)
                nodes += size
                if key is not None:
                    container[key] = aliased
                    container.marks.extend((key_mark, start, end))
                    key = None
                else:
                    container.append(aliased)
                    container.marks.extend((start, end))
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise self.stop("a file holds one YAML document, this is the second", event,
                                    "move it to a file of its own, or remove the `---`")  # fmt: skip
            elif event is None:
                self.nodes = nodes
                return root
            if nodes > MAX_NODES:
                raise self.stop(f"the file has more than {MAX_NODES:,} keys and values", event, "split it by team")

    def _tag(self, event: Any) -> _StopError:
        shown = event.tag.replace("tag:yaml.org,2002:", "!!")[:40]
        return self.stop(
            f"tags ({shown}) are not part of the language", event, "remove the tag and write the plain value"
        )

    def _alias(self, event: Any) -> tuple[Raw, int]:
        found = self.anchors.get(event.anchor)
        if found is None:
            raise self.stop(f"the alias *{event.anchor} has no anchor before it", event,
                            f"write &{event.anchor} before the value it stands for, or write the value out")  # fmt: skip
        self.alias_nodes += found[3]
        if self.alias_nodes > MAX_ALIAS_NODES:
            raise self.stop(f"the aliases of this file stand for more than {MAX_ALIAS_NODES:,} values", event,
                            "use `defaults:` or write the values out")  # fmt: skip
        return found[0], found[3]

    def _lacks_colon(self, key: Any) -> bool:
        """Whether a key without a value was not meant as a key: ``{name: Smith, Jones}``; reported here."""
        at = key.end_mark
        lines = self.lines = self.lines or _lines(self.text)
        line = lines[at.line] if at.line < len(lines) else ""
        if line[at.column :].lstrip()[:1] == ":" or line[: key.start_mark.column].rstrip()[-1:] == "?":
            return False
        shown = key.value if len(key.value) <= 40 else key.value[:40] + "…"
        hint = (
            "write a number without separators: 1000"
            if key.value.isdigit()
            else 'quote a text with a comma: {name: "Smith, Jones"}'
        )
        self.document.problems.append(
            Problem("CX001", f"'{shown}' has no value: the comma before it ends the text it belongs to",
                    self.location(key.start_mark, at), hint=hint)
        )  # fmt: skip
        return True

    def _duplicate(self, stack: list[_Frame], container: Map, key: str, second: int) -> str:
        """Note a repeated key; returns a key that is not taken, so that the errors under it are found too."""
        path = tuple(written(frame[1]) for frame in stack if frame[1] is not None)
        self.document.duplicates.append(Duplicate((*path, key), container, second))
        return f"{key}{REPEATED}{len(self.document.duplicates)}"


def _lines(text: str) -> list[str]:
    """The lines as libyaml counts them."""
    return re.split("\r\n|[\r\n\x85\u2028\u2029]", text)


_CONTEXT_HINTS: tuple[tuple[str, str, str], ...] = (
    ("found character '\\t'", "a tab cannot be used to indent or separate", "use spaces"),
    ("mapping values are not allowed", "a second colon where only one is possible",
     'quote it if the colon belongs to the text: "like: this"; else check the indentation of this line'),
    ("did not find expected ',' or '}'", "a value inside {...} is broken by a colon or bracket, or `}` is missing",
     'quote it: {name: "Dear customer: hello"}'),
    ("did not find expected ',' or ']'", "a list item inside [...] is broken by a colon or bracket, or `]` is missing",
     'quote it: ["Dear customer: hello"]'),
    ("did not find expected key", "the indentation does not fit the lines before", "line keys up under one another"),
    ("could not find expected ':'", "a key without a colon", "write `key: value`; quote a text of several lines"),
    ("found undefined alias", "an alias without an anchor", "define it first with &name, or write the value out"),
    ("found unexpected end of stream", "a quote or bracket is not closed", "close it"),
    ("found unknown escape character", "an unknown escape in double quotes", "use single quotes, or double the backslash"),
    ("found character that cannot start any token", "a character that cannot start a value",
     "put the value in quotes (texts may not start with @, `, % or a tab)"),
)  # fmt: skip


def _too_deep(error: yaml.YAMLError, path: str, data: bytes) -> Problem | None:
    """Where the nesting goes too deep, for a libyaml that gives up (by reading ahead) before the reader sees it.

    Newer ones do. The slow parser has no bound of its own and is only asked as far as the place.
    """
    if "nesting depth" not in str(getattr(error, "problem", None)):
        return None
    depth = 0
    for event in yaml.parse(data.decode("utf-8-sig"), yaml.SafeLoader):
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            if depth >= MAX_DEPTH:
                return _Builder(path, 0, Document()).too_deep(event).problem
            depth += 1
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            depth -= 1
    return None


def _syntax_problem(error: yaml.YAMLError, path: str, data: bytes) -> Problem:
    """What libyaml found, in words for people, at its place."""
    from cx_map.load.slips import slip_of  # only errors need it

    place = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    raw = (getattr(error, "problem", None) or str(error)).strip()
    if "found unexpected end of stream" in raw:
        place = getattr(error, "context_mark", None) or place  # where the quote opens, not where the file ends
    location = Location(path)
    if place is not None:
        location = Location(path, place.line + 1, place.column + 1, place.line + 1, place.column + 2)
        lines = data.decode("utf-8-sig", "replace").splitlines()
        text = lines[place.line] if place.line < len(lines) else ""
        if text[place.column : place.column + 1] == "\t":
            raw = "found character '\\t' that cannot start any token"
        slip = slip_of(raw, lines, place.line)
        if slip is not None:
            row, column, message, hint = slip
            return Problem("CX001", message, Location(path, row + 1, column + 1, row + 1, column + 2), hint=hint)
    for pattern, message, hint in _CONTEXT_HINTS:
        if pattern in raw:
            return Problem("CX001", message, location, hint=hint)
    return Problem(
        "CX001", f"not valid YAML: {raw}", location, hint="check quotes, brackets and indentation around this place"
    )
