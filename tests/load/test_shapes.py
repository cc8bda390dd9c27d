"""A regular document read by shapes is the one that the reader of events gives, marks and errors included."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cx_map.load import assemble, reader, shapes
from cx_map.load.assemble import assemble as assembled
from cx_map.load.build import build
from cx_map.load.reader import Document, read
from cx_map.load.shapes import Shapes
from cx_map.model.source import Map, Raw, Seq, SourceFile
from tests.benchmarks.synthetic import inventory_text

TOP = Path(__file__).parents[2]

MIXED = """---
# head
cxmap: 1

communications:   # all of them

  # first
  a-1: {name: One, volume: 5/month, channels: [email, sms]}
  a-2: {name: Two, volume: 1000/month, channels: [sms, email]}
  a-3: {name: 0x1f, volume: 12.50, channels: [no, null]}
  a-4: {name: "q", volume: ~, channels: []}
  b-1:
    name: Ä ö ü straße
    volume: 1.0
    hours: 08:00-18:00
    on: 2026-01-02

  b-2:
    name: Łódź 12
    volume: true
    hours: 08:00-18:00
    on: 2026-01-03
  c:
    - x
    - y
flows:
  - {from: a, to: b}
  - {from: c, to: d}   # tail
  - from: x
    to: y
  - from: z
    to: null
teams:
    t1: {name: a}
    t2: {name: b}
    t3:
        name: long words here, and there
    t4:
        name: other words
"""
"""What a regular file may hold, each kind of block at least twice."""

PIECES = (
    '"', "'", ": ", ":", "#", " #", "- ", "-", "[", "]", "{", "}", ",", " ", "  ", "\n", "\n  ", "\n    ", "&a ", "*a", "!!str ",
    "|\n", ">\n", "? ", "%", "@", "`", "\t", "\r\n", "\x85", "...", "\n---\n", "<<: ", "null", "true", "0", "-1", "1e3", "é", "𝒳",
    "x" * 1100, '""', "\u00a0", "\u2028", "# c\n", "\n# c\n", "\n\n", "a: b", "0o17", "=",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "AFTER", 1)
    monkeypatch.setattr(shapes, "MOST_MISSES", 10**6)


def learnt(text: str) -> Shapes:
    """The shapes of a text."""
    found = Shapes()
    read(text.encode(), "x", 1, found)
    return found


def difference(one: Raw, other: Raw, path: str = "") -> str | None:
    """Where two raw values are not the same: type, order of keys, marks or value."""
    if type(one) is not type(other) or (isinstance(one, dict | list) and len(one) != len(other)):  # type: ignore[arg-type]  # the same type by now
        return f"{path}: {one!r} {other!r}"
    if isinstance(one, Map) and isinstance(other, Map):
        if list(one) != list(other) or one.marks != other.marks:
            return f"{path}: {one} {one.marks} {other} {other.marks}"
        return next((found for key in one if (found := difference(one[key], other[key], f"{path}/{key}"))), None)
    if isinstance(one, Seq) and isinstance(other, Seq):
        if one.marks != other.marks:
            return f"{path}: {one} {one.marks} {other.marks}"
        pairs = enumerate(zip(one, other, strict=True))
        return next((found for at, (a, b) in pairs if (found := difference(a, b, f"{path}[{at}]"))), None)
    return None if one == other else f"{path}: {one!r} {other!r}"


def same(text: str, known: Shapes) -> bool:
    """Whether a text was read by shapes after all; fails where the two readers disagree."""
    met = known.met
    fast, slow = read(text.encode(), "x", 1, known), read(text.encode(), "x", 1)
    assert difference(fast.root, slow.root) is None
    assert fast.problems == slow.problems
    assert [(one.path, one.second) for one in fast.duplicates] == [(one.path, one.second) for one in slow.duplicates]
    return known.met > met


@pytest.mark.parametrize("text", [MIXED, inventory_text(200)], ids=["mixed", "synthetic"])
def test_a_regular_document_is_the_same_by_shapes_and_by_events(text: str) -> None:
    assert same(text, Shapes())
    assert same(text, learnt(text))


@pytest.mark.parametrize(
    "path", sorted(TOP.glob("inventories/*/*.cxmap.yaml")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_a_written_document_is_the_same_by_shapes_and_by_events(path: Path) -> None:
    text = path.read_text("utf-8")
    same(text, learnt(text))


def test_most_of_a_regular_file_is_read_by_shapes() -> None:
    text = inventory_text(300)
    known = learnt(text)
    known.met = known.missed = 0
    assert same(text, known)
    assert known.met > 290
    assert known.missed == 0


def mutated(text: str, chance: random.Random) -> str:
    """A text with something put in, cut out, moved, or indented otherwise."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at, lines = chance.randrange(len(text)), text.split("\n")
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                text = text[:at] + chance.choice(PIECES) + text[at:]
                continue
            case 1:
                text = text[:at] + text[at + chance.randrange(1, 6) :]
                continue
            case 2:
                lines[other:other] = lines[one : one + chance.randrange(1, 8)]
            case 3:
                lines[one] = " " * chance.randrange(6) + lines[one].lstrip()
            case _:
                del lines[one]
        text = "\n".join(lines)
    return text


@pytest.mark.parametrize("start", range(0, 1200, 100))
def test_mutated_documents_are_the_same_by_shapes_and_by_events(start: int) -> None:
    """Differential: whatever is changed in a regular file, both readers see the same document or the same errors."""
    text = inventory_text(14) if start % 300 == 0 else MIXED
    known = learnt(text)
    shaped = sum(same(mutated(text, random.Random(seed)), known) for seed in range(start, start + 100))
    assert shaped > 20, "hardly any of them was read by shapes, so that little was compared"


ODD = {
    "a key on a line of its own": "  ? e-1\n  : {name: x}\n",
    "an anchor": "  e-1: &all {name: One}\n  e-2: *all\n",
    "a second document": "--- \nteams:\n  x: {name: y}\n",
    "a document that ends": "...\nteams:\n  x: {name: y}\n",
    "an id that is there already": "  a-1: {name: Two}\n",
    "an entry further left": " e-1: {name: x}\n",
    "an entry further right": "   e-1: {name: x}\n",
    "a text over several lines": '  e-1: {name: "a\n  b: c"}\n',
    "a plain text over several lines": "  e-1:\n    name: a\n      b\n  e-2:\n    name: a\n  b\n",
    "a block of text": "  e-1:\n    name: |\n      a\n\n      # b\n  e-2:\n    name: >\n      c\n",
    "items at the height of their key": "  e-1:\n  - x\n  - y\n",
    "a tab": "  e-1:\t{name: x}\n",
    "a long key": f"  {'e' * 1100}: {{name: x}}\n",
    "a comma that ends a text": "  e-1: {name: Smith, Jones}\n",
    "a merge key": "  e-1: {<<: {name: x}}\n",
    "a directive": "%YAML 1.2\n",
    "the same key of the top": "teams:\n  x: {name: y}\nteams:\n  z: {name: y}\n",
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_is_odd_is_left_to_the_reader_of_events(odd: str) -> None:
    body = "cxmap: 1\ncommunications:\n  a-1: {name: One}\n  a-2: {name: Two}\n" + odd
    same(body, learnt("communications:\n  a-1: {name: One}\n  a-2: {name: Two}\n"))
    same(body.replace("\n", "\r\n"), learnt(body))


@pytest.mark.parametrize("depth", range(reader.MAX_DEPTH - 4, reader.MAX_DEPTH + 2))
def test_what_is_nested_too_deep_is_told_as_ever(depth: int) -> None:
    text = "cxmap: 1\ncommunications:\n  a-1: {name: One}\n  a-2: " + "[" * depth + "]" * depth + "\n"
    same(text, learnt(MIXED))


def test_too_many_values_are_told_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (reader, shapes):
        monkeypatch.setattr(module, "MAX_NODES", 400)
    text = inventory_text(60)
    assert read(text.encode(), "x", 1, learnt(text)).problems
    same(text, learnt(text))


def test_an_inventory_without_shapes_is_not_searched_for_them_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MOST_MISSES", 5)
    text = "communications:\n" + "".join(f"  c{n}: {{{'n' * n}: x}}\n" for n in range(1, 40))
    known = Shapes()
    same(text, known)
    assert not known.regular
    assert known.missed == 6
    same(text, known)
    assert known.missed == 6


def test_an_inventory_is_the_same_by_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    files = tuple(
        SourceFile(path.name, path.read_bytes()) for path in sorted(TOP.glob("inventories/nordvik-bank/*.cxmap.yaml"))
    )
    asked: list[bool] = []

    def watched(data: bytes, path: str, number: int, known: Shapes | None = None) -> Document:
        asked.append(known is not None)
        return read(data, path, number, known)

    monkeypatch.setattr(assemble, "read", watched)
    by_events = build(*assembled(files)[:2], whole=True)
    monkeypatch.setattr(assemble, "LEAST", 0)
    by_shapes = build(*assembled(files)[:2], whole=True)
    assert asked == [False] * len(files) + [True] * len(files)
    assert by_shapes.entities == by_events.entities
    assert by_shapes.flows == by_events.flows
    assert all(by_shapes.place(one) == by_events.place(one) for one in by_events.written())
