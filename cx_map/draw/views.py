"""The one list of views: what each is called, what it answers, and what draws it.

A view is a map (cards with flows, of a :class:`~cx_map.draw.scene.Scene`) or a sheet (tables, of a
:class:`~cx_map.draw.sheet.Sheet`). What fills and lays out either is loaded when a picture is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from cx_map.draw.scene import LIMIT
from cx_map.errors import UsageError

if TYPE_CHECKING:
    from cx_map.audit.findings import Report
    from cx_map.draw.geometry import Layout
    from cx_map.draw.geometry import View as Name
    from cx_map.draw.scene import Scene
    from cx_map.draw.scenes.heat_numbers import By
    from cx_map.draw.sheet import Sheet
    from cx_map.model.inventory import Inventory

PERSPECTIVES = ("load", "cost", "volume", "severity", "age")
"""What ``heat`` can tint the cards by; the first is the default."""


class SheetOf(Protocol):
    """What fills a sheet: everything it needs is in the inventory and, where given, in the report of its audit."""

    def __call__(
        self, inventory: Inventory, report: Report | None = None, *, as_of: str | None = None, language: str = "en"
    ) -> Sheet:
        """The sheet of a whole state. Raises UsageError where the inventory has nothing for it."""


@dataclass(frozen=True, slots=True)
class View:
    """One view. ``sheet`` names the function that fills a sheet (``module:function``); maps have none."""

    name: str
    help: str
    sheet: str = ""

    @property
    def is_map(self) -> bool:
        """Whether it shows cards with flows: only these can be focused by neighbours, collapsed and lined up."""
        return not self.sheet


VIEWS: Mapping[str, View] = {
    view.name: view
    for view in (
        View("layers", "swimlanes by line of business, from data to feedback"),
        View("web", "rings round the customer"),
        View("heat", "the swimlanes, tinted by load, cost, volume, severity or age"),
        View("loops", "each feedback loop, stage by stage, with its break", "cx_map.draw.scenes.loops:loops_sheet"),
        View("data", "what is asked, where, and whether it is known already", "cx_map.draw.scenes.data:data_sheet"),
        View(
            "preference",
            "which preference reaches the platforms that decide",
            "cx_map.draw.scenes.preference:preference_sheet",
        ),
        View("journey", "each journey, step by step", "cx_map.draw.scenes.journeys:journeys_sheet"),
        View("matrix", "who depends on whom, and what is covered where", "cx_map.draw.scenes.matrix:matrix_sheet"),
    )
}


def view_named(name: str) -> View:
    """The view of a name. Raises UsageError for one that there is not."""
    found = VIEWS.get(name)
    if found is None:
        raise UsageError(f"there is no view {name!r}", hint=f"one of {', '.join(VIEWS)}")
    return found


def sheet_of(
    view: str,
    inventory: Inventory,
    report: Report | None = None,
    *,
    as_of: str | None = None,
    language: str = "en",
) -> Sheet:
    """The sheet of a view. Raises UsageError for a view that is a map."""
    module, _, function = view_named(view).sheet.partition(":")
    if not module:
        raise UsageError(f"the view {view!r} is a map, not a sheet", hint="it has cards and flows, no tables")
    fill = cast("SheetOf", getattr(import_module(module), function))
    return fill(inventory, report, as_of=as_of, language=language)


def map_of(scene: Scene, view: str = "layers") -> Layout:
    """The layout of a scene in a view that is a map."""
    if view == "web":
        from cx_map.draw.layouts.web import layout_web

        return layout_web(scene)
    from dataclasses import replace

    from cx_map.draw.layouts.layers import layout_layers

    layout = layout_layers(scene)
    return replace(layout, view="heat") if view == "heat" else layout


def picture(
    inventory: Inventory,
    view: Name = "layers",
    report: Report | None = None,
    *,
    as_of: str | None = None,
    language: str = "en",
    limit: int = LIMIT,
    by: By | None = None,
) -> Layout:
    """A state in any view. ``limit`` is for maps, ``by`` (default ``load``) for ``heat``.

    Raises UsageError for an unknown view, for a perspective of another view than heat, and where the inventory has
    nothing that the view could show.
    """
    if by is not None and view != "heat":
        raise UsageError(f"only the view heat has perspectives, not {view!r}", hint="choose the view heat")
    if not view_named(view).is_map:
        from cx_map.draw.layouts.sheet import layout_sheet

        return layout_sheet(sheet_of(view, inventory, report, as_of=as_of, language=language))
    from cx_map.draw.layouts.layers import suggest_folds
    from cx_map.draw.scenes.collapse import collapse
    from cx_map.draw.scenes.whole_map import scene_of

    if view == "heat":
        from cx_map.draw.scenes.heat import heat_scene

        scene = heat_scene(inventory, report, by=by or "load", as_of=as_of, language=language)
    else:
        scene = scene_of(inventory, report, as_of=as_of, language=language)
    return map_of(suggest_folds(collapse(scene, limit)), view)
