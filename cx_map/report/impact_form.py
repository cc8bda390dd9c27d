"""What losing an entity would do: as text and as ``cxmap.impact/1``."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cx_map.analyses.bounds import Bounds
from cx_map.analyses.loss import Loss
from cx_map.model.inventory import Inventory
from cx_map.model.kinds import singular
from cx_map.report.lines import Line, Span, line
from cx_map.report.safe import plural, visible

SCHEMA = "cxmap.impact/1"


def impact_json(inventory: Inventory, loss: Loss) -> dict[str, Any]:
    """``cxmap.impact/1``; ``high`` is null where nothing bounds the customers from above."""
    return {
        "schema": SCHEMA,
        "subject": loss.lost,
        "state": inventory.state,
        "stops": list(loss.stops),
        "degrades": list(loss.degrades),
        "customers_per_month": {"low": loss.customers.low, "high": loss.customers.high, "basis": loss.customers.basis},
        "loops_broken": list(loss.loops),
        "preferences_lost": list(loss.preferences),
        "owners": list(loss.owners),
        "named_by": [name for _, name in loss.named_by],
    }


def impact_lines(inventory: Inventory, loss: Loss) -> list[Line]:
    """The loss for people."""
    stop = "communication stops" if len(loss.stops) == 1 else "communications stop"
    keep = "communication keeps another way" if len(loss.degrades) == 1 else "communications keep another way"
    lines: list[Line] = [line(Span(f"If '{visible(loss.lost)}' is lost", "bold"))]
    if not loss.produces:
        lines.append(line("  no communication is produced with it"))
    lines.append(
        line(Span(f"  {len(loss.stops):,} {stop}", "bad" if loss.stops else "good"), _listed(inventory, loss.stops))
    )
    lines.append(line(f"  {len(loss.degrades):,} {keep}", _listed(inventory, loss.degrades)))
    lines.append(line(f"  customers: {_customers(loss.customers, stops=bool(loss.stops))}"))
    lines.append(line(f"  loops broken: {', '.join(loss.loops) or 'none'}"))
    lines.append(line(f"  preferences no longer respected: {', '.join(loss.preferences) or 'none'}"))
    lines.append(line(f"  owners to tell: {', '.join(loss.owners) or 'none known'}"))
    lines.append(line(f"  named by: {_counted(loss.named_by) or 'nothing'}"))
    return lines


def _customers(customers: Bounds, *, stops: bool) -> str:
    if not stops:
        return "none"
    if customers.high is None:
        if customers.low > 0:
            return f"at least {plural(round(customers.low), 'customer')} a month"
        return "not known; give the segments that receive them their `customers`"
    if customers.low == customers.high:
        return f"{customers.low:,.0f} a month ({customers.basis})"
    return f"{customers.low:,.0f} to {customers.high:,.0f} a month ({customers.basis})"


def _counted(named: tuple[tuple[str, str], ...]) -> str:
    """How many of each kind: ``12 communications, 1 data source``."""
    counts = Counter(kind for kind, _ in named)
    return ", ".join(plural(count, singular(kind), kind.replace("_", " ")) for kind, count in counts.items())


def _listed(inventory: Inventory, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    shown = ", ".join(visible(inventory.entities[name].title, 60) for name in names[:12])
    return f": {shown}" + (f" and {len(names) - 12:,} more" if len(names) > 12 else "")
