"""From what the user wrote as PATH to an inventory in the state asked for."""

from __future__ import annotations

from cx_map.errors import InventoryError, UsageError
from cx_map.load.loader import Target, load, parse_target
from cx_map.model.inventory import Inventory


def open_state(*paths: str) -> Inventory:
    """The inventory at ``PATH``, ``PATH@phase`` or ``REVISION:PATH``; several paths make one inventory.

    Raises UsageError for a path or phase that does not exist and where two paths ask for different phases,
    InventoryError with every problem of the inventory, or of its roadmap: what has errors is never half-used.
    """
    if not paths:
        raise UsageError("no inventory is named", hint="PATH is a folder, a file, `-`, PATH@phase or REVISION:PATH")
    targets = [parse_target(path) for path in paths]
    asked = sorted({target.phase for target in targets if target.phase is not None})
    if len(asked) > 1:
        raise UsageError(
            f"one state at a time: {' and '.join(f'@{phase}' for phase in asked)} are two", hint="name one phase"
        )
    inventory = load(*(one for target in targets for one in _plain(target)))
    if inventory.roadmap is None and not asked:
        return inventory
    from cx_map.states.phases import state_at, validate_roadmap  # half the time it takes to start, and rarely needed

    problems = validate_roadmap(inventory)
    if problems:
        raise InventoryError(problems)
    return state_at(inventory, asked[0]) if asked else inventory


def open_all(*paths: str) -> tuple[Inventory, str | None]:
    """The inventory in its current state, its roadmap checked, and the phase that the paths ask for, if any.

    Raises as :func:`open_state` does.
    """
    asked = next((target.phase for path in paths if (target := parse_target(path)).phase is not None), None)
    open_state(*paths)
    plain = [one for path in paths for one in _plain(parse_target(path))]
    return open_state(*plain), asked


def open_pair(before: str, after: str) -> tuple[Inventory, Inventory]:
    """Two states to compare; ``REVISION:`` alone, with or without ``@phase``, means the path of the other side, else ``.``."""
    first, second = _completed(before, after), _completed(after, before)
    return open_state(first), open_state(second)


def _plain(target: Target) -> list[str]:
    """The paths of a target without its phase."""
    return [f"{target.revision}:{path}" if target.revision is not None else path for path in target.paths]


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
