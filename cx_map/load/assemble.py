"""Documents of many files to one raw inventory: defaults applied, repeated ids found.

Longer than most modules: every way in which a file's top level can be wrong is told here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cx_map.errors import Location, Problem
from cx_map.load.context import Context
from cx_map.load.convert import record_values
from cx_map.load.exemptions import exemptions_of
from cx_map.load.hints import article, did_you_mean, kind_meant
from cx_map.load.limits import MAX_DEFAULT_NODES, MAX_HINTS, MAX_PROBLEMS
from cx_map.load.quantities import describe
from cx_map.load.reader import Document, read, written
from cx_map.load.shapes import LEAST, Shapes
from cx_map.model.entity import Entity
from cx_map.model.fields import fields_of
from cx_map.model.inventory import Exemption, RawEntity, RawInventory, locate
from cx_map.model.kinds import KINDS, LIST_KINDS, OWN_NAMESPACE, SINGLE_KINDS, singular
from cx_map.model.routes import decided
from cx_map.model.source import Map, Raw, Seq, SourceFile

ID = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")


def assemble(files: tuple[SourceFile, ...]) -> tuple[RawInventory, list[Problem], bool]:
    """The merged raw inventory, the problems found, and whether every file could be read."""
    raw = RawInventory(files=files)
    problems: list[Problem] = []
    whole = True
    exemptions: list[Exemption] = []
    places: dict[tuple[str, str], RawEntity] = {}
    shapes = Shapes() if sum(len(file.data) for file in files) >= LEAST else None
    for number, file in enumerate(files):
        document = read(file.data, file.path, number, shapes)
        problems += document.problems
        if document.root is None:
            whole = False
            continue
        problems += _duplicates(document, files)
        exemptions += exemptions_of(file, document.root, number)
        try:
            _Assembler(raw, files, number, problems, places).take(document.root)
        except _TooMuchError as stop:
            problems.append(stop.problem)
            whole = False
    raw.exemptions = tuple(exemptions)
    return raw, problems, whole


def assemble_one(files: tuple[SourceFile, ...], number: int) -> RawInventory | None:
    """What one file says, by itself; None where anything at all is wrong with it."""
    file = files[number]
    document = read(file.data, file.path, number)
    if document.root is None or document.problems or document.duplicates:
        return None
    raw = RawInventory(files=files)
    problems: list[Problem] = []
    try:
        _Assembler(raw, files, number, problems, {}).take(document.root)
    except _TooMuchError:
        return None
    raw.exemptions = tuple(exemptions_of(file, document.root, number))
    return None if problems else raw


class _TooMuchError(Exception):
    """Defaults that stand for too many values; ends the reading of their file."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _nodes(value: Raw) -> int:
    """How many values a raw value holds, itself included."""
    total, stack = 0, [value]
    while stack:
        one = stack.pop()
        total += 1
        if isinstance(one, Map):
            stack += one.values()
        elif isinstance(one, Seq):
            stack += one
    return total


class _Assembler:
    """Takes one file's document into the raw inventory."""

    def __init__(
        self,
        raw: RawInventory,
        files: tuple[SourceFile, ...],
        number: int,
        problems: list[Problem],
        places: dict[tuple[str, str], RawEntity],
    ) -> None:
        self.raw = raw
        self.files = files
        self.path = files[number].path
        self.problems = problems
        self.places = places
        self.common: Map | None = None
        self.by_kind: dict[str, Map] = {}
        self.sizes: dict[int, int] = {}
        self.given = self.hints = 0

    def problem(self, code: str, message: str, start: int, end: int, hint: str = "", *related: Location) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(code, message, locate(self.files, start, end), hint, related))

    def take(self, root: Map) -> None:
        """Check the version and take every section."""
        self._version(root)
        defaults = root.get("defaults")
        if defaults is not None:
            self._defaults(defaults, root)
        for stored, value, key_mark, start, end in root.entries():
            key = written(stored)
            if key in ("cxmap", "defaults") or key.startswith("x-"):
                continue
            if key not in KINDS:
                hint = (
                    kind_meant(key)
                    or ("indent with spaces: a no-break space is part of a word" if "\N{NO-BREAK SPACE}" in key else "")
                    or self.hint(key, [*KINDS, "cxmap", "defaults"])
                    or "own keys start with `x-`; the kinds are listed by `cxmap schema inventory`"
                )
                self.problem("CX002", f"unknown key {describe(key)}", key_mark, key_mark + len(key), hint)
            elif value is None:
                continue
            elif key in LIST_KINDS:
                self._list(key, value, start, end)
            elif key in SINGLE_KINDS:
                self._single(key, value, key_mark, start, end)
            else:
                self._mapping(key, value, start, end)

    def hint(self, word: str, candidates: Iterable[str]) -> str:
        """What may have been meant, for the first errors only: the search is not free."""
        self.hints += 1
        return did_you_mean(word, candidates) if self.hints <= MAX_HINTS else ""

    def _version(self, root: Map) -> None:
        place = root.place("cxmap")
        if place is None:
            self.problems.append(
                Problem(
                    "CX001",
                    "the key `cxmap: 1` is missing",
                    Location(self.path),
                    "put `cxmap: 1` at the top of the file",
                )
            )
        elif root["cxmap"] != 1 or isinstance(root["cxmap"], bool):
            self.problem("CX005", f"inventory language {describe(root['cxmap'])} is not known; this cxmap reads version 1",
                         place[1], place[2], "write `cxmap: 1`")  # fmt: skip

    def _defaults(self, defaults: Raw, root: Map) -> None:
        place = root.place("defaults")
        start, end = (place[1], place[2]) if place else (0, 0)
        if not isinstance(defaults, Map):
            self.problem("CX005", f"`defaults` is a mapping, not {describe(defaults)}", start, end,
                         "write `defaults: {source: s1, communications: {owner: my-team}}`")  # fmt: skip
            return
        common = Map()
        shared = fields_of(Entity)
        context = Context(self.files, currency="XXX")
        for stored, value, key_mark, begin, finish in defaults.entries():
            key = written(stored)
            if key in KINDS:
                if isinstance(value, Map):
                    self.by_kind[key] = value
                    record_values(value, KINDS[key], context)
                elif value is not None:
                    self.problem("CX005", f"the defaults of {key} are a mapping of fields, not {describe(value)}", begin, finish,
                                 f"write `{key}: {{owner: my-team}}`")  # fmt: skip
            elif key in shared:
                common.put(stored, value, key_mark, begin, finish)
            elif not key.startswith("x-"):
                kinds = [kind for kind, cls in KINDS.items() if key in fields_of(cls)]
                if kinds:
                    hint = (
                        f"not every kind has `{key}`; put it under its kind: `defaults: {{{kinds[0]}: {{{key}: ...}}}}`"
                    )
                else:
                    hint = self.hint(key, [*KINDS, *shared])
                self.problem("CX002", f"unknown key {describe(key)} in defaults", key_mark, key_mark + len(key), hint)
        if common:
            self.common = common
            record_values(common, Entity, context)
        self.problems += context.problems

    def _fields(self, kind: str, own: Map) -> Map:
        """An entity's own fields, then the defaults of its kind, then those of all kinds."""
        layers = [layer for layer in (self.by_kind.get(kind), self.common if kind != "references" else None) if layer]
        if not layers:
            return own
        merged = own.copy()
        others = decided(kind, own)
        for layer in layers:
            self._bound(layer)
            for key, value, key_mark, start, end in layer.entries():
                if key not in merged and key not in others:
                    merged[key] = value
                    merged.marks.extend((key_mark, start, end))
        return merged

    def _bound(self, layer: Map) -> None:
        """Stop defaults that would stand for more values than a machine can hold (a bomb, or a slip)."""
        size = self.sizes.get(id(layer))
        if size is None:
            size = self.sizes[id(layer)] = _nodes(layer)
        self.given += size
        if self.given > MAX_DEFAULT_NODES:
            start, end = layer.marks[0], layer.marks[-1]
            raise _TooMuchError(Problem("CX001", f"the defaults of this file stand for more than {MAX_DEFAULT_NODES:,} values",
                                   locate(self.files, start, end), "make the defaults smaller, or split the file by team"))  # fmt: skip

    def _own(self, value: Raw, what: str, start: int, end: int) -> Map | None:
        if isinstance(value, Map):
            return value
        own = Map()
        if value is None:
            return own
        if isinstance(value, str):
            own.put("name", value, start, start, end)
            return own
        self.problem("CX005", f"{what} is a mapping of fields, or just a name, not {describe(value)}", start, end,
                     "write `field: value` lines under it, without dashes" if isinstance(value, Seq) else "quote a name that is a number or true/false")  # fmt: skip
        return None

    def _list(self, kind: str, value: Raw, start: int, end: int) -> None:
        items = self.raw.flows if kind == "flows" else self.raw.overlaps
        example = (
            "- {from: crm, to: ccm, via: api}" if kind == "flows" else "- {between: [cards, mortgages], share: 30%}"
        )
        if isinstance(value, Map) and ("from" in value or "between" in value):
            single = Seq()
            single.add(value, start, end)
            value = single
        if not isinstance(value, Seq):
            self.problem(
                "CX005",
                f"`{kind}` is a list, not {describe(value)}",
                start,
                end,
                f"start each with a dash: `{example}`",
            )
            return
        for item, begin, finish in value.entries():
            if not isinstance(item, Map):
                self.problem("CX005", f"{article(singular(kind))} {singular(kind)} is a mapping, not {describe(item)}", begin, finish,
                             f"write `{example}`")  # fmt: skip
                continue
            items.append(RawEntity(kind, str(item.get("id") or ""), self._fields(kind, item), begin, finish))

    def _single(self, kind: str, value: Raw, key_mark: int, start: int, end: int) -> None:
        own = self._own(value, f"`{kind}`", start, end)
        if own is None:
            return
        taken = RawEntity(kind, kind, self._fields(kind, own), key_mark, key_mark + len(kind))
        before = self.raw.organization if kind == "organization" else self.raw.roadmap
        if before is not None:
            first = locate(self.files, before.mark, before.end)
            self.problem("CX004", f"a second `{kind}`; the first is at {first}", key_mark, key_mark + len(kind),
                         "an inventory has one", first)  # fmt: skip
        elif kind == "organization":
            self.raw.organization = taken
        else:
            self.raw.roadmap = taken

    def _mapping(self, kind: str, value: Raw, start: int, end: int) -> None:
        if not isinstance(value, Map):
            self.problem("CX005", f"`{kind}` is a mapping from id to fields, not {describe(value)}", start, end,
                         f"write `{kind}: {{my-id: {{name: My name}}}}`, without dashes")  # fmt: skip
            return
        namespace = kind if kind in OWN_NAMESPACE else ""
        target = (
            self.raw.attributes
            if kind == "attributes"
            else self.raw.references
            if kind == "references"
            else self.raw.entities
        )
        for stored, item, key_mark, begin, finish in value.entries():
            key = written(stored)
            key_end = key_mark + len(key)
            if not ID.match(key) or key == "unknown":
                why = (
                    "the word `unknown` is reserved"
                    if key == "unknown"
                    else "an id has lower-case letters a-z, digits, `.`, `_` and `-`"
                )
                suggestion = _as_id(key)
                hint = (
                    f"write `{suggestion}` and keep the name in `name`"
                    if suggestion not in ("", key)
                    else "choose another id"
                )
                self.problem("CX005", f"{describe(key)} cannot be an id: {why}", key_mark, key_end, hint)
                continue
            own = self._own(item, f"{describe(key)} in {kind}", begin, finish)
            if own is None:
                own = Map()
            taken = RawEntity(kind, key, self._fields(kind, own), key_mark, key_end)
            before = self.places.get((namespace, key))
            if before is not None:
                first = locate(self.files, before.mark, before.end)
                kinds = "" if before.kind == kind else f" as one of {before.kind}"
                self.problem("CX004", f"the id '{key}' is already defined{kinds} at {first}", key_mark, key_end,
                             "keep all fields of an entity in one place, or give this one another id", first)  # fmt: skip
                continue
            self.places[namespace, key] = taken
            target[key] = taken


def _as_id(name: str) -> str:
    """An id near a name: ``Zürich Team`` becomes ``zurich-team``; empty where nothing is left."""
    import unicodedata  # only errors need it

    letters = unicodedata.normalize("NFKD", name[:60]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._-]+", "-", letters).strip("-._")


def _duplicates(document: Document, files: tuple[SourceFile, ...]) -> list[Problem]:
    """Keys that stand twice in one mapping; ids are left to the assembler, which names them as ids."""
    problems = []
    marks: dict[int, dict[str, int]] = {}
    for duplicate in document.duplicates[:MAX_PROBLEMS]:
        *above, key = duplicate.path
        is_id = len(above) == 1 and above[0] in KINDS and above[0] not in SINGLE_KINDS
        if is_id or (not above and key in SINGLE_KINDS):
            continue
        index = marks.get(id(duplicate.container))
        if index is None:
            index = {name: key_mark for name, _, key_mark, _, _ in duplicate.container.entries()}
            marks[id(duplicate.container)] = index
        first = locate(files, index[key], index[key] + len(key))
        second = locate(files, duplicate.second, duplicate.second + len(key))
        hint = f"put everything under one `{key}:`" if not above and key in KINDS else "keep one of the two"
        problems.append(
            Problem(
                "CX001", f"the key {describe(key)} stands twice here; the first is at {first}", second, hint, (first,)
            )
        )
    return problems
