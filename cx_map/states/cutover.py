"""The state in the middle of a phase, while the old is going and the new is coming (analyses.md, G).

Without ``cutover: {parallel: ...}`` the worst order is assumed: everything that goes has gone, and nothing new is there
yet. With it, everything new is there and nothing has gone yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cx_map.errors import InventoryError
from cx_map.model.inventory import Inventory
from cx_map.states.apply import with_changes
from cx_map.states.editor import Editor
from cx_map.states.flow_edits import ends
from cx_map.states.jobs import made, takes_away
from cx_map.states.lineage import State
from cx_map.states.operators import Add, Change, Connect, Disconnect, Merge, Named, Operator, Remove, Replace
from cx_map.states.phases import Planned
from cx_map.states.shape import text_of


def in_between(before: Inventory, planned: Planned) -> State | None:
    """The state in the middle of a phase, or None where nothing goes in it or its middle cannot be had.

    What goes is retired there rather than taken away, so that what still refers to it is judged, not refused. A
    replacement or merger by something that is in use already happens in one step, and so does what is taken away and
    put back in another form: a flow of the same two ends, an entity of the same id.
    """
    if planned.parallel:
        return _both(before, planned)
    back = _put_back(planned.operators)
    changes = [change for operator in planned.operators for change in _goes(before, operator, back)]
    if not changes:
        return None
    try:
        return with_changes(before, changes)
    except InventoryError:
        return None


def _both(before: Inventory, planned: Planned) -> State | None:
    """Old and new side by side."""
    if not any(takes_away(operator) for operator in planned.operators):
        return None
    editor = Editor(before.raw)
    for operator in planned.operators:
        if not takes_away(operator):
            editor.run(operator)
    return made(before, editor)


def _put_back(operators: Iterable[Operator]) -> frozenset[str | tuple[str, str]]:
    """The ids of entities and the ends of flows that a phase makes."""
    found: set[str | tuple[str, str]] = set()
    for operator in operators:
        made = (
            operator.items if isinstance(operator, Add) else (operator.flow,) if isinstance(operator, Connect) else ()
        )
        found.update(ends(one) if one.kind == "flows" else one.id for one in made)
    return frozenset(found)


def _goes(
    before: Inventory, operator: Operator, back: frozenset[str | tuple[str, str]]
) -> Iterator[Mapping[str, object]]:
    """What an operator ends, as operators on the state before the phase."""
    match operator:
        case Remove():
            yield from _retired(before, tuple(one for one in operator.ids if one.id not in back))
        case Replace():
            for old, new in operator.pairs:
                if _in_use(before, new) and _in_use(before, old):
                    yield {"replace": {old.id: new.id}}
                else:
                    yield from _retired(before, (old,))
        case Merge():
            sources = [one for one in operator.sources if _in_use(before, one)]
            if _in_use(before, operator.into) and sources:
                yield {"merge": {"into": operator.into.id, "from": [one.id for one in sources]}}
            else:
                yield from _retired(before, operator.sources)
        case Change():
            ended = (
                name for name, fields in operator.edits if text_of(fields.get("status")) in ("retired", "proposed")
            )
            yield from _retired(before, tuple(ended))
        case Disconnect() if (operator.source.id, operator.target.id) not in back:
            yield from _cut(before, operator)


def _in_use(before: Inventory, name: Named) -> bool:
    entity = before.entities.get(name.id)
    return entity is not None and entity.usable


def _retired(before: Inventory, names: tuple[Named, ...]) -> Iterator[Mapping[str, object]]:
    for name in names:
        if _in_use(before, name):
            kind = before.entities[name.id].kind
            if name.id in before.raw.entities:
                yield {"change": {name.id: {"status": "retired"}}}
            else:
                yield {"add": {kind: {name.id: {"status": "retired"}}}}


def _cut(before: Inventory, operator: Disconnect) -> Iterator[Mapping[str, object]]:
    source, target = operator.source.id, operator.target.id
    wanted = operator.flow.id if operator.flow is not None else None
    if any((flow.from_, flow.to) == (source, target) and wanted in (None, flow.id) for flow in before.flows):
        ends = {"from": source, "to": target}
        yield {"disconnect": ends if wanted is None else {**ends, "id": wanted}}
