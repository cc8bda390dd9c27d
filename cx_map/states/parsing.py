"""Raw operators to typed ones, with a problem for everything that is not one.

One reader an operator, side by side in one class because they share its problems: hence above 300 lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cx_map.errors import Location, Problem
from cx_map.load.assemble import ID
from cx_map.load.hints import article, did_you_mean
from cx_map.load.quantities import describe
from cx_map.model.inventory import RawEntity, locate
from cx_map.model.kinds import KINDS, LIST_KINDS, SINGLE_KINDS, singular
from cx_map.model.source import Map, Raw, Seq, SourceFile
from cx_map.states.operators import (
    OPERATORS,
    Add,
    Change,
    Connect,
    Disconnect,
    Merge,
    Named,
    Operator,
    Remove,
    Rename,
    Replace,
)
from cx_map.states.shape import text_of


@dataclass(slots=True)
class Parser:
    """Reads operators; ``problems`` holds what was wrong, ``spoilt`` the ids that wrong operators named.

    ``defaults`` gives an added entity or flow what its file says for all of its kind.
    """

    files: tuple[SourceFile, ...]
    defaults: Callable[[RawEntity], RawEntity] = lambda raw: raw
    problems: list[Problem] = field(default_factory=list)
    spoilt: set[str] = field(default_factory=set)

    def problem(self, code: str, message: str, start: int, end: int, hint: str = "", *related: Location) -> None:
        """Note a problem at a place."""
        self.problems.append(Problem(code, message, locate(self.files, start, end), hint, related))

    def changes(self, value: Raw, start: int, end: int) -> tuple[Operator, ...]:
        """The operators of a list of changes; one that stands alone is a list of one."""
        if value is None:
            return ()
        if isinstance(value, Map):
            found = self.operator(value, start, end)
            return () if found is None else (found,)
        if not isinstance(value, Seq):
            self.problem(
                "CX005",
                f"changes are a list of operators, not {describe(value)}",
                start,
                end,
                f"write `- {OPERATORS[0]}: {{...}}`",
            )
            return ()
        operators = []
        for item, begin, finish in value.entries():
            if not isinstance(item, Map):
                self.problem("CX005", f"an operator is a mapping, not {describe(item)}", begin, finish,
                             f"one of {', '.join(OPERATORS)}, as in `- remove: [old-platform]`")  # fmt: skip
                continue
            operator = self.operator(item, begin, finish)
            if operator is not None:
                operators.append(operator)
        return tuple(operators)

    def operator(self, item: Map, start: int, end: int) -> Operator | None:
        """One operator, or None with the reason noted."""
        initiative: Named | None = None
        name = ""
        for key, value, mark, begin, finish in item.entries():
            if key == "for":
                initiative = self._named(value, begin, finish, "`for` names one initiative")
            elif key in OPERATORS:
                if name:
                    self.problem("CX005", f"`{name}` and `{key}` in one operator: which comes first is not said", mark, mark + len(key),
                                 f"write `- {key}:` as an item of its own")  # fmt: skip
                    continue
                name = key
            elif not key.startswith("x-"):
                hint = did_you_mean(key, [*OPERATORS, "for"]) or f"the operators are {', '.join(OPERATORS)}"
                self.problem("CX002", f"unknown operator {describe(key)}", mark, mark + len(key), hint)
                self._spoil(value)
        if not name:
            if all(key == "for" or key.startswith("x-") for key in item):
                self.problem("CX005", "an operator is missing here", start, end, f"one of {', '.join(OPERATORS)}")
            return None
        _, begin, finish = item.place(name) or (start, start, end)
        before = len(self.problems)
        operator = self._body(name, item[name], begin, finish, {"mark": start, "end": end, "initiative": initiative})
        if len(self.problems) > before:
            self._spoil(item[name])
        return operator

    def _body(self, name: str, value: Raw, start: int, end: int, common: dict[str, object]) -> Operator | None:
        read: Callable[[Raw, int, int, dict[str, object]], Operator | None] = getattr(self, f"_{name}")
        return read(value, start, end, common)

    def _named(self, value: Raw, start: int, end: int, what: str) -> Named | None:
        identifier = text_of(value)
        if identifier is None:
            self.problem("CX005", f"{what}, not {describe(value)}", start, end, "write its id")
            return None
        return Named(identifier, start, end)

    def _ids(self, value: Raw, start: int, end: int, what: str) -> tuple[Named, ...]:
        if not isinstance(value, Seq):
            one = self._named(value, start, end, what)
            return () if one is None else (one,)
        found = [self._named(item, begin, finish, what) for item, begin, finish in value.entries()]
        if not found:
            self.problem("CX005", f"{what}, and here is none", start, end, "remove the operator, or name one")
        return tuple(one for one in found if one is not None)

    def _mapping(self, value: Raw, start: int, end: int, what: str, example: str) -> Map | None:
        if isinstance(value, Map) and value:
            return value
        self.problem(
            "CX005",
            f"{what}, not {'an empty mapping' if isinstance(value, Map) else describe(value)}",
            start,
            end,
            f"write {example}",
        )
        return None

    def _pairs(self, value: Raw, start: int, end: int, what: str, example: str) -> tuple[tuple[Named, Named], ...]:
        found = self._mapping(value, start, end, what, example)
        pairs = []
        for key, new, mark, begin, finish in found.entries() if found is not None else ():
            if key.startswith("x-"):
                continue
            named = self._named(new, begin, finish, what)
            if named is not None and named.id == key:
                self.problem("CX005", f"{describe(key)} stays what it is", begin, finish, "name two different ids")
            elif named is not None:
                pairs.append((Named(key, mark, mark + len(key)), named))
        return tuple(pairs)

    def _add(self, value: Raw, start: int, end: int, common: dict[str, object]) -> Operator | None:
        found = self._mapping(
            value, start, end, "`add` takes kinds and their entities", "`add: {platforms: {my-id: {...}}}`"
        )
        items: list[RawEntity] = []
        for kind, of_kind, mark, begin, finish in found.entries() if found is not None else ():
            if kind.startswith("x-") or of_kind is None:
                continue
            if kind not in KINDS or kind == "roadmap":
                hint = (
                    did_you_mean(kind, [one for one in KINDS if one != "roadmap"])
                    or "entities stand under their kind: `add: {platforms: {my-id: {...}}}`"
                )
                self.problem(
                    "CX002", f"{describe(kind)} is not a kind of entity that can be added", mark, mark + len(kind), hint
                )
            elif kind in LIST_KINDS:
                items += self._list_items(kind, of_kind, begin, finish)
            elif kind in SINGLE_KINDS:
                own = self._own(of_kind, f"`{kind}`", begin, finish)
                items += [] if own is None else [self.defaults(RawEntity(kind, kind, own, mark, mark + len(kind)))]
            else:
                items += self._entities(kind, of_kind, begin, finish)
        return Add(items=tuple(items), **common) if items else None  # type: ignore[arg-type]  # `common` is built in `operator`

    def _list_items(self, kind: str, value: Raw, start: int, end: int) -> list[RawEntity]:
        entries = list(value.entries()) if isinstance(value, Seq) else [(value, start, end)]
        read = self._flow if kind == "flows" else self._overlap
        return [one for item, begin, finish in entries if (one := read(item, begin, finish)) is not None]

    def _overlap(self, value: Raw, start: int, end: int) -> RawEntity | None:
        found = self._mapping(
            value, start, end, "an overlap is a mapping", "`{between: [cards, mortgages], share: 30%}`"
        )
        return None if found is None else self.defaults(RawEntity("overlaps", "", found, start, end))

    def _flow(self, value: Raw, start: int, end: int) -> RawEntity | None:
        found = self._mapping(value, start, end, "a flow is a mapping", "`{from: crm, to: ccm, via: api}`")
        if found is None:
            return None
        missing = [key for key in ("from", "to") if text_of(found.get(key)) is None]
        if missing:
            self.problem(
                "CX005",
                f"a flow needs `{'` and `'.join(missing)}`",
                start,
                end,
                "write `{from: crm, to: ccm, via: api}`",
            )
            return None
        return self.defaults(RawEntity("flows", text_of(found.get("id")) or "", found, start, end))

    def _entities(self, kind: str, value: Raw, start: int, end: int) -> list[RawEntity]:
        what = f"{kind} are a mapping from id to fields"
        found = self._mapping(value, start, end, what, f"`{kind}: {{my-id: {{name: ...}}}}`")
        items = []
        for key, own, mark, begin, finish in found.entries() if found is not None else ():
            if self.usable_id(key, mark, mark + len(key)):
                fields = self._own(own, f"{article(singular(kind))} {singular(kind)}", begin, finish)
                if fields is not None:
                    items.append(self.defaults(RawEntity(kind, key, fields, mark, mark + len(key))))
        return items

    def usable_id(self, identifier: str, start: int, end: int) -> bool:
        """Whether a word can be an id; notes a problem where it cannot."""
        if ID.match(identifier) and identifier != "unknown":
            return True
        why = (
            "the word `unknown` is reserved"
            if identifier == "unknown"
            else "an id is lower case: letters, digits, `.`, `_`, `-`"
        )
        self.problem(
            "CX005",
            f"{describe(identifier)} cannot be an id: {why}",
            start,
            end,
            "write another id and keep the name in `name`",
        )
        return False

    def _own(self, value: Raw, what: str, start: int, end: int) -> Map | None:
        """An entity's fields; a bare text is its name."""
        if isinstance(value, Map):
            return value
        own = Map()
        if isinstance(value, str):
            own.put("name", value, start, start, end)
        elif value is not None:
            self.problem(
                "CX005",
                f"{what} is a mapping of fields (or just its name), not {describe(value)}",
                start,
                end,
                "write `{name: ...}`",
            )
            return None
        return own

    def _change(self, value: Raw, start: int, end: int, common: dict[str, object]) -> Operator | None:
        example = "`change: {ccm: {vendor: Acme, site: null}}`"
        found = self._mapping(value, start, end, "`change` takes ids and the fields to change", example)
        edits = []
        for key, fields, mark, begin, finish in found.entries() if found is not None else ():
            if key.startswith("x-"):
                continue
            if fields is None or (isinstance(fields, Map) and not fields):
                hint = (
                    f"write the fields: {example}; `remove: [{key}]` takes it away"
                    if ID.match(key)
                    else f"write {example}"
                )
                self.problem("CX005", f"nothing to change in {describe(key)}", mark, mark + len(key), hint)
                continue
            own = self._own(fields, f"what changes in {describe(key)}", begin, finish)
            if own is not None:
                edits.append((Named(key, mark, mark + len(key)), own))
        return Change(edits=tuple(edits), **common) if edits else None  # type: ignore[arg-type]  # built in `operator`

    def _remove(self, value: Raw, start: int, end: int, common: dict[str, object]) -> Operator | None:
        ids = self._ids(value, start, end, "`remove` takes ids")
        return Remove(ids=ids, **common) if ids else None  # type: ignore[arg-type]  # built in `operator`

    def _replace(self, value: Raw, start: int, end: int, common: dict[str, object]) -> Operator | None:
        pairs = self._pairs(value, start, end, "`replace` takes old ids and new ones", "`replace: {old-id: new-id}`")
        return Replace(pairs=pairs, **common) if pairs else None  # type: ignore[arg-type]  # built in `operator`

    def _rename(self, value: Raw, start: int, end: int, common: dict[str, object]) -> Operator | None:
        pairs = self._pairs(value, start, end, "`rename` takes old ids and new ones", "`rename: {old-id: new-id}`")
        fit = tuple(pair for pair in pairs if self.usable_id(pair[1].id, pair[1].mark, pair[1].end))
        return Rename(pairs=fit, **common) if fit else None  # type: ignore[arg-type]  # built in `operator`

    def _merge(self, value: Raw, start: int, end: int, common: dict[str, object]) -> Operator | None:
        example = "`merge: {into: ccm, from: [loan-letters, card-letters]}`"
        found = self._keys(value, start, end, "merge", ("into", "from"), (), example)
        if found is None:
            return None
        into = self._named(found["into"], *self._span(found, "into"), "`into` names one entity")
        sources = self._ids(found["from"], *self._span(found, "from"), "`from` takes the ids that are merged")
        for source in sources:
            if into is not None and source.id == into.id:
                self.problem(
                    "CX005",
                    f"{describe(into.id)} cannot be merged into itself",
                    source.mark,
                    source.end,
                    "leave it out of `from`",
                )
                return None
        return Merge(into=into, sources=sources, **common) if into is not None and sources else None  # type: ignore[arg-type]  # built in `operator`

    def _connect(self, value: Raw, start: int, end: int, common: dict[str, object]) -> Operator | None:
        flow = self._flow(value, start, end)
        return None if flow is None else Connect(flow=flow, **common)  # type: ignore[arg-type]  # built in `operator`

    def _disconnect(self, value: Raw, start: int, end: int, common: dict[str, object]) -> Operator | None:
        found = self._keys(
            value, start, end, "disconnect", ("from", "to"), ("id",), "`disconnect: {from: crm, to: ccm}`"
        )
        if found is None:
            return None
        source = self._named(found["from"], *self._span(found, "from"), "`from` names one entity")
        target = self._named(found["to"], *self._span(found, "to"), "`to` names one entity")
        flow = (
            None
            if found.get("id") is None
            else self._named(found["id"], *self._span(found, "id"), "`id` names one flow")
        )
        if source is None or target is None:
            return None
        return Disconnect(source=source, target=target, flow=flow, **common)  # type: ignore[arg-type]  # built in `operator`

    def _span(self, value: Map, key: str) -> tuple[int, int]:
        _, start, end = value.place(key) or (0, 0, 0)
        return start, end

    def _keys(
        self, value: Raw, start: int, end: int, operator: str, needed: tuple[str, ...], optional: tuple[str, ...], example: str,
    ) -> Map | None:  # fmt: skip
        """A mapping with exactly these keys."""
        found = self._mapping(value, start, end, f"`{operator}` takes `{'` and `'.join(needed)}`", example)
        if found is None:
            return None
        known = (*needed, *optional)
        for key, _, mark, _, _ in found.entries():
            if key not in known and not key.startswith("x-"):
                self.problem("CX002", f"`{operator}` has no field {describe(key)}", mark, mark + len(key),
                             did_you_mean(key, known) or f"it takes {', '.join(known)}")  # fmt: skip
        missing = [key for key in needed if found.get(key) is None]
        if missing:
            self.problem("CX005", f"`{operator}` needs `{'` and `'.join(missing)}`", start, end, f"write {example}")
            return None
        return found

    def _spoil(self, value: Raw) -> None:
        """Remember what a wrong operator named, so that its absence is not reported again."""
        if isinstance(value, Map):
            self.spoilt.update(value)
        for one in value.values() if isinstance(value, Map) else value if isinstance(value, Seq) else ():
            self._spoil(one)
        name = text_of(value)
        if name is not None:
            self.spoilt.add(name)
