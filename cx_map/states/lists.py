"""List fields edited by ``{add: [...], remove: [...]}`` inside a ``change``."""

from __future__ import annotations

from collections.abc import Callable

from cx_map.load.hints import did_you_mean
from cx_map.load.quantities import describe
from cx_map.model.fields import TypeSpec
from cx_map.model.source import Map, Raw, Seq
from cx_map.states.shape import canonical, items_of, name_of, text_of

Report = Callable[[str, str, int, int, str], None]
"""Takes a code, a message, a start and an end mark, and a hint."""

_EDIT_KEYS = frozenset({"add", "remove"})


def is_edit(value: Raw, spec: TypeSpec) -> bool:
    """Whether a value for a list field edits the list and does not replace it."""
    return spec.type == "list" and isinstance(value, Map) and bool(value) and value.keys() <= _EDIT_KEYS


def edited(current: Raw, edit: Map, spec: TypeSpec, what: str, report: Report) -> Seq:
    """The list after an edit: removals first, then additions.

    ``what`` names the field in messages. An item is removed by its name (an id, the channel of a route, the
    attribute of a holding) or by some of its fields; it must be there. An item that is added must not be.
    """
    item = spec.item
    result = Seq()
    base = items_of(None if current == "unknown" else current)
    for value, start, end in base.entries():
        result.add(value, start, end)
    for value, start, end in _entries(edit, "remove"):
        matches = [number for number, one in enumerate(result) if _matches(one, value, item)]
        if not matches:
            names = sorted({name for one in result if (name := name_of(one, item)) is not None})
            wanted = text_of(value) or name_of(value, item)
            shown = f"'{wanted}'" if wanted else describe(value)
            hint = (did_you_mean(wanted, names) if wanted else "") or (
                f"it has {', '.join(names[:8])}" if names else "it is empty"
            )
            report("CX003", f"{what} has no {shown} to remove", start, end, hint)
            continue
        remaining = Seq()
        for number, (one, begin, finish) in enumerate(result.entries()):
            if number not in matches:
                remaining.add(one, begin, finish)
        result = remaining
    for value, start, end in _entries(edit, "add"):
        if any(_same(one, value, item) for one in result):
            named = name_of(value, item)
            report(
                "CX004",
                f"{what} already has {describe(named if named is not None else value)}",
                start,
                end,
                "leave it out",
            )
            continue
        result.add(value, start, end)
    return result


def _entries(edit: Map, key: str) -> list[tuple[Raw, int, int]]:
    value = edit.get(key)
    if value is None:
        return []
    if isinstance(value, Seq):
        return list(value.entries())
    _, start, end = edit.place(key) or (0, 0, 0)
    return [(value, start, end)]


def _matches(item: Raw, wanted: Raw, spec: TypeSpec | None) -> bool:
    """Whether an item is the one to remove."""
    if canonical(item, spec) == canonical(wanted, spec):
        return True
    if not isinstance(wanted, Map):
        name = text_of(wanted)
        return name is not None and name == name_of(item, spec)
    if not isinstance(item, Map):
        return False
    whole = dict(_pairs(item, spec))
    return all(whole.get(key) == value for key, value in _pairs(wanted, spec))


def _pairs(value: Map, spec: TypeSpec | None) -> list[tuple[str, object]]:
    form = canonical(value, spec)
    return [pair for pair in form[1:] if isinstance(pair, tuple)] if isinstance(form, tuple) else []


def _same(item: Raw, added: Raw, spec: TypeSpec | None) -> bool:
    """Whether an added item is already there: the same value, or a bare name that an item already has."""
    if canonical(item, spec) == canonical(added, spec):
        return True
    return not isinstance(added, (Map, Seq)) and text_of(added) == name_of(item, spec)
