"""The jobs of a roadmap, and the state after any of them: what is done together, taken on its own.

A job is all that one initiative does in a phase (operators with ``for``), or what else the phase does. It is named by
the initiative, by ``initiative@phase`` where that works in several phases, or by ``@phase``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cx_map.errors import InventoryError
from cx_map.model.chapter_governance import Initiative
from cx_map.model.inventory import Inventory
from cx_map.model.source import Map
from cx_map.states.apply import built
from cx_map.states.editor import Editor
from cx_map.states.lineage import State
from cx_map.states.operators import Change, Disconnect, Merge, Operator, Remove, Replace
from cx_map.states.phases import phases_of


@dataclass(frozen=True, slots=True)
class Job:
    """Operators that belong together, in the order written; ``initiative`` is None for the rest of a phase."""

    id: str
    phase: str
    initiative: str | None
    operators: tuple[Operator, ...]


def jobs_of(inventory: Inventory) -> tuple[Job, ...]:
    """The jobs of the roadmap in the order of their phases, within a phase in that of their first operators."""
    grouped: dict[tuple[str, str | None], list[Operator]] = {}
    for planned in phases_of(inventory):
        for operator in planned.operators:
            initiative = operator.initiative.id if operator.initiative is not None else None
            grouped.setdefault((planned.id, initiative), []).append(operator)
    of = [initiative for _, initiative in grouped if initiative is not None]
    return tuple(
        Job(_name(phase, initiative, several=of.count(initiative or "") > 1), phase, initiative, tuple(operators))
        for (phase, initiative), operators in grouped.items()
    )


def _name(phase: str, initiative: str | None, *, several: bool) -> str:
    return initiative if initiative is not None and not several else f"{initiative or ''}@{phase}"


def declared(inventory: Inventory, jobs: Sequence[Job]) -> Mapping[str, frozenset[str]]:
    """For each job the jobs that are said to come first: all those of the initiatives that its own depends on.

    Initiatives without a job hand on what they depend on themselves. What later writes over what earlier wrote, field
    for field, comes after it, because the last word counts.
    """
    by_initiative: dict[str, list[str]] = {}
    for job in jobs:
        if job.initiative is not None:
            by_initiative.setdefault(job.initiative, []).append(job.id)
    found: dict[str, set[str]] = {job.id: set() for job in jobs}
    for job in jobs:
        seen: set[str] = set()
        todo = list(_depends(inventory, job.initiative))
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            found[job.id].update(by_initiative.get(name, ()))
            if name not in by_initiative:
                todo += _depends(inventory, name)
    written: dict[tuple[str, str], list[str]] = {}
    for job in jobs:
        for field in dict.fromkeys(_overwrites(job)):
            found[job.id].update(one for one in written.get(field, ()) if one != job.id)
            written.setdefault(field, []).append(job.id)
    return {name: frozenset(earlier) for name, earlier in found.items()}


def _depends(inventory: Inventory, name: str | None) -> tuple[str, ...]:
    initiative = inventory.find(name, Initiative)
    return () if initiative is None else initiative.depends_on or ()


def _overwrites(job: Job) -> list[tuple[str, str]]:
    """The fields that a job replaces; lists that it only adds to or takes from are not replaced."""
    return [
        (name.id, key)
        for operator in job.operators
        if isinstance(operator, Change)
        for name, fields in operator.edits
        for key, value in fields.items()
        if not (isinstance(value, Map) and value.keys() <= {"add", "remove"})
    ]


def after_jobs(inventory: Inventory, jobs: Sequence[Job], chosen: Collection[str]) -> State | None:
    """The state with some jobs done and no others, or None where they cannot be done without the others.

    They are done in the order of the plan; where that is refused, what takes away comes last. A plan of
    which both are refused in part but a third order works is taken as one that cannot be done.
    """
    operators = [one for job in jobs if job.id in chosen for one in job.operators]
    for ordered in (operators, sorted(operators, key=takes_away)):
        state = _after(inventory, ordered)
        if state is not None:
            return state
    return None


def takes_away(operator: Operator) -> bool:
    """Whether an operator ends something."""
    return isinstance(operator, Remove | Replace | Merge | Disconnect)


def _after(inventory: Inventory, operators: Sequence[Operator]) -> State | None:
    editor = Editor(inventory.raw)
    for operator in operators:
        editor.run(operator)
        if editor.problems:
            return None
    return made(inventory, editor)


def made(before: Inventory, editor: Editor) -> State | None:
    """The state that an editor made of an inventory; None where it is none."""
    if editor.problems:
        return None
    try:
        return built(before, editor.raw, editor.moves, before.state)
    except InventoryError:
        return None
