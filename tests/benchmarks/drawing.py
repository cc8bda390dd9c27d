"""Drawing against the start-up of an audit: scene, places and SVG of a whole map, nothing collapsed.

The yardstick is ``cxmap audit`` of a small inventory, process start to end. Drawing is timed in a fresh process after
the inventory is read, the imports of the drawing code included.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Measurement, in_process, median_of, process
from tests.benchmarks.synthetic import write_inventory, write_small

TARGETS = {40: 1.0, 500: 1.5, 5_000: 6.0, 20_000: None}
"""Entities of the inventory, and the target as a multiple of the yardstick."""
_LOAD = """
from cx_map.load.loader import load
inventory = load({folder!r})
"""
_DRAW = """
from cx_map.draw.views import picture
from cx_map.draw.writers.svg import to_svg
to_svg(picture(inventory, {view!r}, limit={limit}))
"""


def drawing(top: Path) -> Iterator[tuple[str, Measurement, Measurement, float | None]]:
    """What was measured, how it came out, the yardstick, and the target."""
    small = top / "drawn-small"
    write_small(small)
    arguments = ("-m", "cx_map", "audit", str(small), "--fail-on", "none", "--format", "json")
    yardstick = median_of(7, lambda: process(*arguments))
    yield "audit of a small inventory, start to end", yardstick, yardstick, None
    for size, target in TARGETS.items():
        folder = top / f"drawn-{size}"
        if size < 100:
            folder = small
        else:
            write_inventory(folder, size)
        for view in ("layers", "web"):
            for limit, what in ((10**9, "whole"), (400, "collapsed to 400 cards")):
                if limit == 400 and size < 1000:
                    continue
                code = _DRAW.format(view=view, limit=limit)
                measured = median_of(
                    5 if size < 5_000 else 1,
                    lambda code=code, folder=folder: in_process(code, before=_LOAD.format(folder=str(folder))),  # type: ignore[misc]  # bound at once
                )
                yield f"SVG of {size:,} entities, {view}, {what}", measured, yardstick, target
