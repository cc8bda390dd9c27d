"""The computed fixes of many findings as the changes of one phase that can be applied as a whole.

Each fix is computed against the state that was audited, so two of them may add the same entity, connect the
same pair or set the same list. What agrees is merged; a fix that contradicts an earlier (weightier) one is
left out and named, because a phase that sets one field twice would silently undo the first.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cx_map.audit.findings import Finding

Key: TypeAlias = tuple[str, ...]
_FLOW_OPERATORS = ("connect", "disconnect")


@dataclass(slots=True)
class Phase:
    """The changes in order, the findings whose fixes are in them, and those whose fixes contradict an earlier one."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    kept: list[Finding] = field(default_factory=list)
    left_out: list[Finding] = field(default_factory=list)


def phase_of(findings: Iterable[Finding]) -> Phase:
    """Merge the fixes of findings, the earlier ones first. O(total size of the fixes)."""
    phase, taken = Phase(), dict[Key, Any]()
    for one in findings:
        changes: list[dict[str, Any]] = [copy.deepcopy(dict(change)) for change in one.fix.changes] if one.fix else []
        if not changes:
            continue
        if all(_agrees(taken, key, value) for change in changes for key, value in _claims(change)):
            phase.kept.append(one)
            for change in changes:
                _put(phase.changes, taken, change)
        else:
            phase.left_out.append(one)
    return phase


def _claims(change: Mapping[str, Any]) -> list[tuple[Key, Any]]:
    """What a change lays hold of: entities it adds or moves, fields it sets, flows it makes or ends."""
    claims: list[tuple[Key, Any]] = []
    for operator, body in change.items():
        if operator == "add":
            for kind, items in body.items():
                entries = (
                    [(_flow(item), item) for item in items]
                    if isinstance(items, list)
                    else [((kind, name), item) for name, item in items.items()]
                )
                claims += [(("add", *key), item) for key, item in entries]
        elif operator == "change":
            claims += [(("change", name, key), value) for name, fields in body.items() for key, value in fields.items()]
        elif operator in _FLOW_OPERATORS:
            claims.append(((operator, *_flow(body)), body))
        elif operator != "for":
            claims.append((("whole", operator, repr(body)), body))
    return claims


def _flow(body: Mapping[str, Any]) -> Key:
    return ("flow", *(str(body.get(key, "")) for key in ("from", "to", "id")))


def _agrees(taken: Mapping[Key, Any], key: Key, value: Any) -> bool:
    """Whether a claim can stand beside what is taken already."""
    if key[0] == "disconnect" and ("connect", *key[1:]) in taken:
        return key in taken  # both fixes put the same flow in the old one's place
    if key not in taken:
        return True
    earlier = taken[key]
    if earlier == value:
        return True
    if key[0] == "change":
        return _is_edit(earlier) and _is_edit(value) and not any(item in _removed(earlier) for item in _removed(value))
    if not isinstance(earlier, Mapping) or not isinstance(value, Mapping):
        return False
    return all(name == "carries" or earlier[name] == value[name] for name in earlier.keys() & value.keys())


def _is_edit(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and value.keys() <= {"add", "remove"}


def _removed(edit: Mapping[str, Any]) -> list[Any]:
    removed = edit.get("remove", [])
    return removed if isinstance(removed, list) else [removed]


def _put(changes: list[dict[str, Any]], taken: dict[Key, Any], change: dict[str, Any]) -> None:
    """Append what is new of a change; what agrees with an earlier one is merged into that."""
    if change in changes:
        return
    new = {operator: left for operator, body in change.items() if (left := _unsaid(taken, operator, body))}
    if new.keys() - {"for"}:
        changes.append(new)
        taken.update(_claims(new))


def _unsaid(taken: Mapping[Key, Any], operator: str, body: Any) -> Any:
    """What of an operator's body no earlier change says."""
    if operator == "add":
        return {kind: rest for kind, items in body.items() if (rest := _unmerged(taken, kind, items))}
    if operator in _FLOW_OPERATORS and _merged(taken, (operator, *_flow(body)), body):
        return None
    return body


def _unmerged(taken: Mapping[Key, Any], kind: str, items: Any) -> Any:
    if isinstance(items, list):
        return [item for item in items if not _merged(taken, ("add", *_flow(item)), item)]
    return {name: item for name, item in items.items() if not _merged(taken, ("add", kind, name), item)}


def _merged(taken: Mapping[Key, Any], key: Key, value: Any) -> bool:
    """Merge a claim into the earlier one it agrees with; False where there is none."""
    if key not in taken:
        return False
    earlier = taken[key]
    if isinstance(earlier, dict) and isinstance(value, Mapping):
        before, more = earlier.get("carries"), value.get("carries")
        earlier.update({name: item for name, item in value.items() if name not in earlier})
        if isinstance(before, list) and isinstance(more, list):
            earlier["carries"] = list(dict.fromkeys([*before, *more]))
        elif "*" in (before, more):
            earlier["carries"] = "*"
    return True
