"""Places last: over many random single changes of a real bank, what did not change keeps its lane and hardly moves.

Measured as a reader meets it: the whole way from the inventory to the places, folds of crowded columns included. Those
grow in steps, so the few changes that pass a step move a whole column aside; the mean is over all changes.

For the web the same holds of distances from the customer's point of view: how far a card moves against the middle. A
ring and a sector are the web's column and lane; sectors grow in steps, so the mean is larger than in the layers, and
the bound is the height of a card with its surroundings.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import hypot
from pathlib import Path
from statistics import fmean

import msgspec
import pytest

from cx_map.draw.geometry import Layout, Point
from cx_map.draw.layouts.layers import ROW, layout_layers, suggest_folds
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.layouts.web_geometry import CELL_H
from cx_map.draw.scene import Scene
from cx_map.draw.scenes.collapse import collapse
from cx_map.draw.scenes.whole_map import COLUMNS, scene_of
from cx_map.errors import InventoryError
from cx_map.model.inventory import Inventory
from cx_map.states.apply import with_changes
from cx_map.states.open import open_state

BANK = Path(__file__).parents[2] / "inventories" / "nordvik-bank"
CHANGES = 200
DRAWN = frozenset(kind for _, _, kinds in COLUMNS for kind in kinds)


@dataclass(frozen=True)
class Changed:
    """A state after one change, and which entities of it the change did not touch."""

    what: str
    scene: Scene
    untouched: frozenset[str]


def drawn(inventory: Inventory) -> Scene:
    """The scene as it is laid out, without its flows: no place depends on them."""
    return replace(suggest_folds(collapse(scene_of(inventory))), edges=())


def new_id(rnd: random.Random) -> str:
    """An id that may stand anywhere in the order."""
    return f"{rnd.choice('abcdefghijklmnopqrstuvwxyz')}-{rnd.randrange(10**6)}"


def with_entities(inventory: Inventory, gone: set[str], added: tuple[object, ...] = ()) -> Inventory:
    kept = {name: entity for name, entity in inventory.entities.items() if name not in gone}
    return replace(inventory, entities=kept | {one.id: one for one in added})  # type: ignore[attr-defined]  # entities


def add(inventory: Inventory, name: str, rnd: random.Random) -> Inventory:
    return with_entities(inventory, set(), (msgspec.structs.replace(inventory.entities[name], id=new_id(rnd)),))


def remove(inventory: Inventory, name: str, _: random.Random) -> Inventory:
    if inventory.entities[name].kind in ("lines_of_business", "teams"):  # others belong to these
        return with_changes(inventory, [{"remove": [name]}])
    return with_entities(inventory, {name})


def rename(inventory: Inventory, name: str, rnd: random.Random) -> Inventory:
    return with_changes(inventory, [{"rename": {name: new_id(rnd)}}])


def move(inventory: Inventory, name: str, rnd: random.Random) -> Inventory:
    lines = sorted(one for one, entity in inventory.entities.items() if entity.kind == "lines_of_business")
    return with_changes(inventory, [{"change": {name: {"line_of_business": rnd.choice(lines)}}}])


def alter(inventory: Inventory, name: str, rnd: random.Random) -> Inventory:
    return with_changes(inventory, [{"change": {name: {"name": f"Renamed {rnd.random()}", "tags": ["new"]}}}])


KINDS_OF_CHANGE: tuple[Callable[[Inventory, str, random.Random], Inventory], ...] = (add, remove, rename, move, alter)


def changes(inventory: Inventory) -> Iterator[Changed]:
    rnd = random.Random(20261129)
    own = sorted(set(inventory.entities) - inventory.shipped)
    shown = [name for name in own if inventory.entities[name].kind in DRAWN]
    made = 0
    while made < CHANGES:
        operate = KINDS_OF_CHANGE[made % len(KINDS_OF_CHANGE)]
        name = rnd.choice(shown if rnd.random() < 0.7 else own)
        try:
            after = operate(inventory, name, rnd)
        except InventoryError:  # what others refer to cannot go, what has no line cannot move
            continue
        made += 1
        untouched = {
            one
            for one, entity in inventory.entities.items()
            if after.entities.get(one) == entity and name not in {one, entity.owner}
        }
        yield Changed(f"{operate.__name__} {name}", drawn(after), frozenset(untouched))


@lru_cache(maxsize=1)
def bank() -> tuple[Scene, tuple[Changed, ...]]:
    inventory = open_state(str(BANK))
    return drawn(inventory), tuple(changes(inventory))


def homes(scene: Scene) -> dict[str, tuple[str, str]]:
    """Lane (by its name: a renamed line is the same line) and column of every card."""
    names = {lane.id: lane.label for lane in scene.lanes}
    return {node.id: (names[node.lane], node.column) for node in scene.nodes}


def middle(layout: Layout) -> Point:
    return next((frame.box.centre for frame in layout.frames if frame.role == "customer"), (0.0, 0.0))


def displacements(before: Layout, after: Layout, untouched: frozenset[str]) -> list[float]:
    """How far every untouched card moved, against the middle of the web or the corner of the page."""
    (cx, cy), (dx, dy) = middle(before), middle(after)
    old, new = before.place(), after.place()
    return [
        hypot(
            new[name].centre[0] - dx - (old[name].centre[0] - cx), new[name].centre[1] - dy - (old[name].centre[1] - cy)
        )
        for name in sorted(untouched & set(old) & set(new))
    ]  # fmt: skip


def test_what_did_not_change_keeps_lane_and_column() -> None:
    before, after = bank()
    home = homes(before)
    assert {one.what.split()[0] for one in after} == {"add", "remove", "rename", "move", "alter"}
    for one in after:
        now = homes(one.scene)
        moved = {name for name in one.untouched & set(home) if now.get(name) != home[name]}
        assert not moved, one.what


@pytest.mark.parametrize(("lay_out", "bound"), [(layout_layers, ROW), (layout_web, CELL_H)])
def test_the_mean_displacement_is_under_one_row(lay_out: Callable[[Scene], Layout], bound: float) -> None:
    before, after = bank()
    place = lay_out(before)
    moves = [displacements(place, lay_out(one.scene), one.untouched) for one in after]
    assert all(moves)
    assert fmean(fmean(one) for one in moves) < bound
    assert max(map(max, moves)) > 0


def test_names_and_tags_move_nothing() -> None:
    before, after = bank()
    place = layout_layers(before).place()
    altered = [one for one in after if one.what.startswith("alter")]
    assert len(altered) == CHANGES / len(KINDS_OF_CHANGE)
    for one in altered:
        assert layout_layers(one.scene).place() == place, one.what
