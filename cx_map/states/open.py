"""From what the user wrote as PATH to an inventory in the state asked for."""

from __future__ import annotations

from cx_map.errors import InventoryError
from cx_map.load.loader import load_files
from cx_map.load.targets import Read, parse_target, read
from cx_map.model.inventory import Inventory


def open_state(*paths: str) -> Inventory:
    """The inventory at ``PATH``, ``PATH@phase`` or ``REVISION:PATH``; several paths make one inventory.

    Raises UsageError for a path or phase that does not exist and where two paths ask for different phases,
    InventoryError with every problem of the inventory, or of its roadmap: what has errors is never half-used.
    """
    return state_of(read(*paths))


def state_of(asked: Read) -> Inventory:
    """The inventory of files that were read, in the state asked for. Raises as :func:`open_state` does."""
    inventory = load_files(asked.found)
    if inventory.roadmap is None and asked.phase is None:
        return inventory
    from cx_map.states.phases import state_at, validate_roadmap  # half the time it takes to start, and rarely needed

    problems = validate_roadmap(inventory)
    if problems:
        raise InventoryError(problems)
    return state_at(inventory, asked.phase) if asked.phase is not None else inventory


def open_all(*paths: str) -> tuple[Inventory, str | None]:
    """The inventory in its current state, its roadmap checked, and the phase that the paths ask for, if any.

    Raises as :func:`open_state` does.
    """
    asked = read(*paths)
    inventory = state_of(Read(asked.found))
    if asked.phase is not None:
        from cx_map.states.phases import state_at

        state_at(inventory, asked.phase)
    return inventory, asked.phase


def open_pair(before: str, after: str) -> tuple[Inventory, Inventory]:
    """Two states to compare; ``REVISION:`` alone, with or without ``@phase``, means the path of the other side, else ``.``."""
    first, second = _completed(before, after), _completed(after, before)
    return open_state(first), open_state(second)


def _completed(written: str, other: str) -> str:
    """A lone revision with the path of the other side."""
    head, at, phase = written.partition(":@")
    alone = written.endswith(":") or bool(at)
    target = parse_target(written)
    if not alone or target.revision is None:
        return written
    paths = parse_target(other).paths
    path = "." if len(paths) != 1 or paths[0] == "-" else paths[0]
    revision = head if at else written[:-1]
    return f"{revision}:{path}" + (f"@{phase}" if at else "")
