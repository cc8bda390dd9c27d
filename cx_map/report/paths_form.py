"""Ways through the web, as text and as ``cxmap.paths/1``."""

from __future__ import annotations

from typing import Any

from cx_map.analyses.paths import Way, Ways
from cx_map.graph.web import WebEdge
from cx_map.model.inventory import Inventory
from cx_map.report.json_form import location_json
from cx_map.report.lines import Line, Span, line
from cx_map.report.safe import plural, visible

SCHEMA = "cxmap.paths/1"


def paths_json(inventory: Inventory, ways: Ways) -> dict[str, Any]:
    """The ways as plain data; ``latency_seconds`` is null where no step says."""
    return {
        "schema": SCHEMA,
        "from": ways.source,
        "to": ways.target,
        "complete": ways.complete,
        "paths": [
            {
                "latency_seconds": _latency(way),
                "latency_complete": way.timed,
                "carries": list(way.carries),
                "steps": [
                    {
                        "from": edge.source, "edge": edge.label, "to": edge.target, "latency_seconds": edge.latency,
                        "carries": list(edge.carries), "communications": sorted(edge.communications), "location": location_json(inventory.place(edge.evidence, *edge.at)),
                    }
                    for edge in way.edges
                ],
            }
            for way in ways.ways
        ],
    }  # fmt: skip


def _latency(way: Way) -> float | None:
    return way.latency if way.timed or way.latency > 0 else None


def paths_lines(inventory: Inventory, ways: Ways, limit: int | None) -> list[Line]:
    """The ways for people, at most ``limit`` of them."""
    count = f"{len(ways.ways):,}{'' if ways.complete else ' or more'}"
    noun = "way" if len(ways.ways) == 1 and ways.complete else "ways"
    lines: list[Line] = [line(Span(f"{count} {noun} from '{ways.source}' to '{ways.target}'", "bold"))]
    shown = ways.ways if limit is None else ways.ways[:limit]
    for number, way in enumerate(shown, start=1):
        lines.append([])
        lines.append(
            line(
                Span(f"{number}. {plural(len(way.edges), 'step')}", "bold"),
                f", {_time_text(way)}, carries {_carried(way)}",
            )
        )
        lines.append(line(f"   {visible(way.edges[0].source)}"))
        for edge in way.edges:
            place = inventory.place(edge.evidence, *edge.at)
            time = "" if edge.latency is None else f" ({_duration(edge.latency)})"
            lines.append(
                line(
                    f"   → {visible(edge.target)}",
                    Span(f"  {visible(edge.label)}{_riders(edge)}{time}", "dim"),
                    Span(f"  {visible(str(place))}", "place"),
                )
            )
    if len(shown) < len(ways.ways):
        lines += [[], line(Span(f"{len(shown)} of {len(ways.ways):,} shown (--verbose shows all)", "dim"))]
    return lines


def _riders(edge: WebEdge) -> str:
    """Which communications take this step, where it is one of routes."""
    if not edge.communications or edge.label == "sent through":
        return ""
    first, others = edge.evidence.id, len(edge.communications) - 1
    return f" ({first})" if not others else f" ({first} and {plural(others, 'other')})"


def _carried(way: Way) -> str:
    if way.carries == ("*",):
        return "everything"
    return visible(", ".join(way.carries)) if way.carries else "nothing that every step names"


def _time_text(way: Way) -> str:
    if way.timed:
        return f"at worst {_duration(way.latency)}"
    return f"at worst {_duration(way.latency)} or more" if way.latency else "time not known"


def _duration(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
