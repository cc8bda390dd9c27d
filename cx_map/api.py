"""The public functions behind ``import cx_map``; each is what the command of its name does."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from cx_map.audit.findings import Report as _Report
from cx_map.audit.settings import DEFAULTS, Settings
from cx_map.errors import Problem
from cx_map.graph.ecosystem import Ecosystem as _Ecosystem
from cx_map.model.inventory import newest_date

if TYPE_CHECKING:
    import pandas

    from cx_map.analyses.loss import Loss
    from cx_map.analyses.paths import Ways
    from cx_map.compare.states import Comparison
    from cx_map.draw.geometry import View
    from cx_map.draw.scenes.heat_numbers import By


class Ecosystem(_Ecosystem):
    """One state of an inventory; in a notebook it shows its map."""

    def _repr_svg_(self) -> str:
        return render(self)


class Report(_Report):
    """The result of an audit; in a notebook it shows its findings as a table."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        import pandas

        from cx_map.report.tables import findings_table

        table = findings_table(self)
        return str(pandas.DataFrame(list(table.rows), columns=list(table.columns)).to_html(escape=True, index=False))


def load(*paths: str, as_of: str | None = None) -> Ecosystem:
    """Load a state: ``DIR``, files, ``DIR@phase``, ``REVISION:DIR``.

    ``as_of`` is today; default: the newest date in the inventory. Raises InventoryError with every problem
    found, or UsageError for a path or phase that does not exist.
    """
    from cx_map.states.open import open_state

    inventory = open_state(*paths)
    return Ecosystem(inventory, as_of if as_of is not None else newest_date(inventory))


def validate(*paths: str) -> tuple[Problem, ...]:
    """Every problem of an inventory and its roadmap; empty where it is valid."""
    from cx_map.errors import InventoryError
    from cx_map.states.open import open_state

    try:
        open_state(*paths)
    except InventoryError as error:
        return error.problems
    return ()


def audit(eco: _Ecosystem, settings: Settings = DEFAULTS) -> Report:
    """Run the rules over a state."""
    from cx_map.audit.engine import audit as run

    found = run(eco.inventory, settings, as_of=eco.as_of, eco=eco)
    return Report(**{one.name: getattr(found, one.name) for one in fields(found)})


def impact(eco: _Ecosystem, identifier: str) -> Loss:
    """What the loss of one thing would do. Raises UsageError where the inventory has no such thing."""
    from cx_map.analyses.loss import loss

    return loss(eco, identifier)


def paths(eco: _Ecosystem, source: str, target: str) -> Ways:
    """All simple ways from one thing to another. Raises UsageError where one of them is not in the inventory."""
    from cx_map.analyses.paths import paths as compute

    return compute(eco, source, target)


def diff(before: _Ecosystem, after: _Ecosystem) -> Comparison:
    """What changes from one state to another: entities, flows, capabilities, findings."""
    from cx_map.compare.states import compare_states

    return compare_states(before, after)


def render(
    eco: _Ecosystem,
    view: View = "layers",
    *,
    report: _Report | None = None,
    limit: int = 400,
    by: By | None = None,
    language: str = "en",
) -> str:
    """A state as SVG, in any view; with a report, its findings are on it. ``by`` is what ``heat`` tints by.

    Raises UsageError where the inventory has no number that ``heat`` could show.
    """
    from cx_map.draw.views import picture
    from cx_map.draw.writers.svg import to_svg

    return to_svg(picture(eco.inventory, view, report, as_of=eco.as_of, language=language, limit=limit, by=by))


def to_pandas(eco: _Ecosystem, report: _Report | None = None) -> dict[str, pandas.DataFrame]:
    """Tidy tables: ``entities``, ``flows``, ``routes``, and ``findings`` where a report is given."""
    import pandas

    from cx_map.report import tables

    chosen = [
        tables.entities_table(eco.inventory),
        tables.flows_table(eco.inventory),
        tables.routes_table(eco.inventory),
    ]
    if report is not None:
        chosen.append(tables.findings_table(report))
    return {table.name: pandas.DataFrame(list(table.rows), columns=list(table.columns)) for table in chosen}
