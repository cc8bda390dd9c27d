"""What a page is made of: the states of an inventory along its roadmap, each with its audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cx_map.audit.findings import Report
from cx_map.model.inventory import Inventory
from cx_map.states.phases import CURRENT, TARGET, phases_of, states


@dataclass(frozen=True, slots=True)
class Moment:
    """One state: its id as in ``PATH@id``, what people call it, by when, and the findings in it.

    ``target`` is whether the roadmap ends here.
    """

    id: str
    inventory: Inventory
    report: Report | None = None
    name: str = ""
    by: str = ""
    target: bool = False


def moments_of(
    inventory: Inventory, audit: Callable[[Inventory], Report] | None = None, language: str = "en"
) -> tuple[Moment, ...]:
    """The current state and the one after each phase, audited by ``audit`` where it is given.

    Raises InventoryError with every problem of the roadmap. O(phases) audits.
    """
    phases = phases_of(inventory)
    found = [Moment(CURRENT if phases else inventory.state, inventory, audit(inventory) if audit else None)]
    for number, (planned, state) in enumerate(zip(phases, states(inventory)[1:], strict=True), start=1):
        name = planned.phase.name.into(language) if planned.phase.name is not None else planned.id
        found.append(
            Moment(
                planned.id,
                state,
                audit(state) if audit else None,
                name,
                planned.phase.by or "",
                target=number == len(phases),
            )
        )
    return tuple(found)


def position(moments: tuple[Moment, ...], wanted: str) -> int | None:
    """Which moment a state's name means (``target`` is the last one), or None where there is none."""
    for number, moment in enumerate(moments):
        if moment.id == wanted or (wanted == TARGET and moment.target):
            return number
    return None
