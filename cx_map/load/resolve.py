"""Every reference leads to an entity of a right kind."""

from __future__ import annotations

from cx_map.errors import Problem
from cx_map.load.context import Context, Reference
from cx_map.load.hints import article, in_words
from cx_map.load.limits import MAX_HINTS, MAX_PROBLEMS
from cx_map.load.quantities import describe
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory, locate
from cx_map.model.kinds import singular
from cx_map.model.shipped import SHIPPED_CHANNELS

_LENGTH_DIFFERENCE = 4


def resolve(inventory: Inventory, context: Context, *, whole: bool) -> list[Problem]:
    """The references that lead nowhere or to a wrong kind. O(references).

    With ``whole`` False some file could not be read: what is missing may be defined there, so only wrong
    kinds are reported.
    """
    problems: list[Problem] = []
    entities, references = inventory.entities, inventory.references
    for reference in context.references:
        kinds = reference.ref.kinds
        if kinds == ("references",):
            if reference.target in references:
                continue
            found = None
        else:
            found = entities.get(reference.target)
            if found is not None and (not kinds or found.kind in kinds):
                continue
        if len(problems) >= MAX_PROBLEMS:
            break
        place = locate(context.files, reference.start, reference.end)
        if found is not None:
            is_a = singular(found.kind)
            message = f"'{reference.target}' is {article(is_a)} {is_a}; here goes {in_words(kinds)}"
            hint = _replaced(inventory, found, kinds) or f"name {in_words(kinds)}, or write `unknown`"
            problems.append(Problem("CX003", message, place, hint))
        elif whole:
            wanted = " or ".join(singular(kind) for kind in kinds) or "entity"
            hint = _hint(inventory, reference, context)
            problems.append(Problem("CX003", f"no {wanted} has the id {describe(reference.target)}", place, hint))
    return problems


def _replaced(inventory: Inventory, found: Entity, kinds: tuple[str, ...]) -> str | None:
    """That an id meant for a shipped channel is taken by something else, and where; None where it is not."""
    if "channels" not in kinds or found.id not in SHIPPED_CHANNELS:
        return None
    taken = f"the {singular(found.kind)} at {inventory.place(found)}"
    return f"the shipped channel '{found.id}' is replaced by {taken}: give that another id"


def _hint(inventory: Inventory, reference: Reference, context: Context) -> str:
    kinds, target = reference.ref.kinds, reference.target
    if kinds == ("references",):
        return context.hint(target, inventory.references) or "register it under `references:`"
    candidates: list[str] = []
    if context.hints < MAX_HINTS:
        candidates = sorted(
            name
            for name, entity in inventory.entities.items()
            if abs(len(name) - len(target)) <= _LENGTH_DIFFERENCE and (not kinds or entity.kind in kinds)
        )
    return context.hint(target, candidates) or _define(kinds)


def _define(kinds: tuple[str, ...]) -> str:
    where = f" under `{kinds[0]}:`" if kinds else ""
    return f"define it{where}, or write `unknown`"
