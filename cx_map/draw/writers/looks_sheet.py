"""What a cell of a sheet looks like, resolved as in :mod:`cx_map.draw.writers.looks`."""

from __future__ import annotations

from dataclasses import replace

from cx_map.draw.geometry import Box, Cell
from cx_map.draw.palette import HEAT, heat_step, ink_on
from cx_map.draw.writers.looks import PAGE, WALL, Letters, Look, Pen, letters, state_look, stripe_ink


def cell_look(cell: Cell) -> Look:
    """The box of a cell: its role, then its state, then its heat decide."""
    grid = Pen(PAGE["lane-line"], 1.0, (3.0, 2.0) if cell.state == "unknown" else ())
    if cell.role != "entry":
        return Look(PAGE["ring"] if cell.role == "group" else PAGE["lane"], grid)
    look = state_look(cell.state, PAGE["card"])
    card = Pen(PAGE["muted"], 1.2)
    look = replace(look, pen=look.pen or card, radius=5.0) if cell.kind else replace(look, pen=grid)
    return look if cell.heat is None else replace(look, fill=HEAT["light"][heat_step(cell.heat)])


def wall_of(cell: Cell) -> tuple[Box, Look] | None:
    """The wall of a silo inside a cell's border, where neighbours do not hide it."""
    if not cell.wall:
        return None
    box = cell.box
    return Box(box.x + 1.5, box.y + 1.5, box.w - 3, box.h - 3), Look(None, WALL)


def cell_letters(cell: Cell, role: str) -> Letters:
    """As :func:`~cx_map.draw.writers.looks.letters`, in a cell of a sheet."""
    base = letters(role)
    if role in ("code", "sign"):
        return replace(base, colour=stripe_ink(cell.kind)) if cell.kind else base
    if cell.heat is not None:
        return replace(base, colour=ink_on(HEAT["light"][heat_step(cell.heat)]))
    return replace(base, halo=state_look("unknown", PAGE["card"]).fill) if cell.state == "unknown" else base
