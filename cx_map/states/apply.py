"""Operators applied to an inventory: what a phase, a fix or a what-if makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cx_map.errors import InventoryError, Problem
from cx_map.load.build import build
from cx_map.model.inventory import Inventory, RawInventory
from cx_map.states.editor import Editor
from cx_map.states.lineage import State, Step, as_state, lineage_of
from cx_map.states.operators import Operator
from cx_map.states.parsing import Parser
from cx_map.states.plain import CHANGES_PATH, as_document


def apply(raw: RawInventory, operators: Iterable[Operator]) -> RawInventory:
    """The raw inventory after some operators, in their order; the one given is not touched.

    Entities that do not change are the same objects. Raises InventoryError with every operator that names
    something absent or adds something present. References are judged when the result is built.
    """
    editor = Editor(raw)
    for operator in operators:
        editor.run(operator)
    if editor.problems:
        raise InventoryError(editor.problems)
    return editor.raw


def built(before: Inventory, raw: RawInventory, moves: Sequence[Step], state: str) -> State:
    """The typed state of an edited raw inventory; what has not changed since ``before`` is not converted again.

    Raises InventoryError where a value or reference is wrong now.
    """
    return as_state(build(raw, state=state, before=before), lineage_of(before).then(tuple(moves)))


def with_changes(inventory: Inventory, changes: Sequence[Mapping[str, object]]) -> State:
    """The inventory after operators given as plain data, such as the ``fix.changes`` of a finding.

    Keeps the name of the state. Raises InventoryError with every problem of the changes and of the result;
    places in the changes are lines of a file ``<changes>``, one operator a line.
    """
    file, document = as_document(changes, len(inventory.raw.files))
    raw = replace(inventory.raw, files=(*inventory.raw.files, file))
    parser = Parser(raw.files)
    operators = parser.changes(document, 0, 0)
    problems: list[Problem] = parser.problems
    editor = Editor(raw, parser.spoilt)
    for operator in operators:
        editor.run(operator)
    problems += editor.problems
    if problems:
        raise InventoryError(problems)
    try:
        return built(inventory, editor.raw, editor.moves, inventory.state)
    except InventoryError as error:
        raise InventoryError([_explained(problem) for problem in error.problems]) from None


def _explained(problem: Problem) -> Problem:
    """A problem of the result that stands in a file of the inventory is true only after the changes."""
    if problem.location.path == CHANGES_PATH:
        return problem
    return replace(problem, message=f"after these changes: {problem.message}")
