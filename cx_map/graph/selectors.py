"""Selectors: which part of an ecosystem a command is about, in dbt's node-selection grammar.

``id``, ``kind:platforms``, ``line_of_business:cards``, ``owner:cx-team``, ``tag:legacy``, ``severity:major``; with ``+``
before it everything upstream, after it everything downstream, a number limits the steps (``2+x``, ``x+1``); ``@x`` is x,
what is downstream of it, and all that feeds any of these. A comma intersects, a blank unites; the comma binds closer.

An ecosystem has loops, which dbt's graphs do not. Edges against the reading direction (feedback into a store) are
therefore followed as the first step of a walk only; else every walk would end everywhere.

Source of the grammar: dbt documentation, "Node selection: syntax overview, graph operators, set operators, methods".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from cx_map.errors import UsageError
from cx_map.model.entity import Entity

METHODS = ("id", "kind", "line_of_business", "owner", "severity", "tag")
"""What a selector can ask for; without a method it is an id."""

_TERM = re.compile(r"(?P<at>@)?(?:(?P<up>\d*)\+)?(?P<core>[^+@\s,]+)(?:\+(?P<down>\d*))?")
_Links = Mapping[str, frozenset[str]]


class Selectable(Struct, frozen=True):
    """What selectors choose from: ids by method and value, and the edges, those against the reading direction apart."""

    ids: frozenset[str]
    values: Mapping[str, Mapping[str, frozenset[str]]]
    down: _Links
    down_back: _Links
    up: _Links
    up_back: _Links


def selectable(
    properties: Mapping[str, Mapping[str, Iterable[str]]],
    edges: Iterable[tuple[str, str]] = (),
    feedback: Iterable[tuple[str, str]] = (),
) -> Selectable:
    """The graph that selectors run on: properties by id (see :func:`properties_of`) and edges between the ids.

    Edges with an end that has no properties are left out. O(ids + edges).
    """
    values: dict[str, dict[str, set[str]]] = {}
    for identifier, own in properties.items():
        for method, found in own.items():
            for value in found:
                values.setdefault(method, {}).setdefault(value, set()).add(identifier)
    forward = [(a, b) for a, b in edges if a in properties and b in properties]
    back = [(a, b) for a, b in feedback if a in properties and b in properties]
    return Selectable(
        frozenset(properties),
        {method: {value: frozenset(ids) for value, ids in found.items()} for method, found in values.items()},
        _links(forward),
        _links(back),
        _links((b, a) for a, b in forward),
        _links((b, a) for a, b in back),
    )


def properties_of(entity: Entity) -> dict[str, tuple[str, ...]]:
    """What an entity can be selected by; a field that is not known gives nothing."""
    found: dict[str, tuple[str, ...]] = {"kind": (entity.kind,)}
    if entity.line_of_business is not None:
        found["line_of_business"] = (entity.line_of_business,)
    if entity.owner is not None:
        found["owner"] = (entity.owner,)
    if entity.tags is not None:
        found["tag"] = tuple(entity.tags)
    return found


def select(focus: Sequence[str], over: Selectable, exclude: Sequence[str] = ()) -> frozenset[str]:
    """The ids that any of the ``focus`` selectors chooses (all, if there are none) and no ``exclude`` selector does.

    Raises UsageError for a selector that cannot be read and for a name that nothing has. O(selectors * (ids + edges)).
    """
    kept = over.ids if not focus else _union(focus, over)
    return kept - _union(exclude, over) if exclude else kept


def _union(selectors: Sequence[str], over: Selectable) -> frozenset[str]:
    found: set[str] = set()
    for written in selectors:
        groups = written.split()
        if not groups:
            raise UsageError("a selector is empty", hint=f"write an id or METHOD:VALUE with {', '.join(METHODS)}")
        for group in groups:
            parts = [_term(part, group, over) for part in group.split(",")]
            found |= frozenset.intersection(*parts)
    return frozenset(found)


def _term(part: str, group: str, over: Selectable) -> frozenset[str]:
    match = _TERM.fullmatch(part)
    if match is None:
        where = f" in {group!r}" if part != group else ""
        raise UsageError(
            f"cannot read the selector {part!r}{where}",
            hint="it is NAME with + or a number and + at either side (2+x, x+, +x+3), or @NAME; a comma intersects, a blank unites",
        )
    start = _named(match["core"], over)
    if match["at"]:
        if match["up"] is not None or match["down"] is not None:
            raise UsageError(
                f"cannot read the selector {part!r}", hint="@NAME already goes both ways; leave the + away"
            )
        below = start | _walk(start, None, over.down, over.down_back)
        return below | _walk(below, None, over.up, {})
    found = start
    if match["up"] is not None:
        found |= _walk(start, int(match["up"]) if match["up"] else None, over.up, over.up_back)
    if match["down"] is not None:
        found |= _walk(start, int(match["down"]) if match["down"] else None, over.down, over.down_back)
    return found


def _named(core: str, over: Selectable) -> frozenset[str]:
    method, colon, value = core.partition(":")
    if not colon or method == "id":
        name = value if colon else core
        if name in over.ids:
            return frozenset((name,))
        raise UsageError(
            f"nothing to select is called {name!r}",
            hint=_close(name, over.ids) or f"give an id, or one of {':, '.join(METHODS)}: with its value",
        )
    if method not in METHODS:
        raise UsageError(
            f"{method!r} is not something to select by", hint=_close(method, METHODS) or f"one of {', '.join(METHODS)}"
        )
    known = over.values.get(method, {})
    if value not in known:
        hint = _close(value, known) or (
            f"there are {', '.join(sorted(known)[:8])}" if known else f"no entity gives a {method}"
        )
        raise UsageError(f"nothing has the {method.replace('_', ' ')} {value!r}", hint=hint)
    return known[value]


def _walk(start: Iterable[str], steps: int | None, links: _Links, first_only: _Links) -> frozenset[str]:
    """Everything within so many steps; ``first_only`` edges count as a first step and as no later one."""
    seen = set(start)
    frontier, step = set(seen), 0
    while frontier and (steps is None or step < steps):
        reached: set[str] = set()
        for one in frontier:
            reached |= links.get(one, frozenset())
            if step == 0:
                reached |= first_only.get(one, frozenset())
        frontier = reached - seen
        seen |= frontier
        step += 1
    return frozenset(seen)


def _links(edges: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one, other in edges:
        found.setdefault(one, set()).add(other)
    return {one: frozenset(others) for one, others in found.items()}


def _close(name: str, known: Iterable[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"did you mean {close[0]!r}?" if close else ""
