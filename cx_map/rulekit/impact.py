"""The impact of a finding on communications and customers, as the measures that every report shows."""

from __future__ import annotations

from collections.abc import Mapping

from cx_map.analyses.affected import Affected
from cx_map.analyses.bounds import Bounds
from cx_map.model.values import Basis, worst_basis
from cx_map.rulekit.bounded import range_of
from cx_map.rulekit.breach import Measure


def impact_measures(reach: Affected, items: Bounds | None = None) -> Mapping[str, Measure]:
    """Customers and items a month, number of communications, regulated or not; what is unknown is left out.

    ``items`` are the items a month that the finding is about where these are not all of the communications' items:
    what passes through a supplier is a part of them. Customers of a month are those of all segments served, but no more
    than items are sent in it.
    """
    sent = items or reach.items
    measures: dict[str, Measure] = {"communications": reach.communications, "regulated": reach.regulated}
    for key, bounds in (("customers_per_month", reach.customers.at_most(sent)), ("items_per_month", sent)):
        measure = range_of(bounds)
        if measure is not None:
            measures[key] = measure
    return measures


def impact_basis(reach: Affected) -> Basis:
    """How well the customers are known, where a severity hangs on them."""
    return worst_basis(reach.customers.basis)
