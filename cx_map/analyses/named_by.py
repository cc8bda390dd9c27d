"""What names a thing: every entity, flow and overlap with a reference to it, of whatever kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cx_map.model.inventory import Inventory, RawEntity
from cx_map.states.references import Renames, rewrite


def named_by(inventory: Inventory, names: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Kind and id of everything that refers to one of some entities, and is none of them; flows by their ends.

    A reference is what the model declares to be one, conditions of routing rules included: exactly what a rename
    would change. In order of kind and id. O(values of the inventory).
    """
    kinds = {name: inventory.entities[name].kind for name in names}
    renames = Renames(entities=dict.fromkeys(names, ""), kinds=kinds)
    found = {(raw.kind, name) for name, raw in _written(inventory) if rewrite(raw, renames) is not raw}
    return tuple(sorted(one for one in found if one[1] not in kinds))


def _written(inventory: Inventory) -> Iterator[tuple[str, RawEntity]]:
    yield from inventory.raw.entities.items()
    yield from inventory.raw.attributes.items()
    for flow, raw in zip(inventory.flows, inventory.flow_sources, strict=True):
        yield "->".join(end for end in (flow.from_, flow.to) if end), raw
    for overlap, raw in zip(inventory.overlaps, inventory.overlap_sources, strict=True):
        yield "+".join(overlap.between or ()), raw
