"""The layered map with its cards tinted by a number: load, cost, volume, findings or age.

What is not known is a pattern and a sentence, never the low end of the ramp. Costs and volumes stretch over several
powers of ten, so their ramp is logarithmic, and the legend says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log

from cx_map.audit.findings import Report
from cx_map.draw.layouts.furniture import default_legend
from cx_map.draw.scene import LegendEntry, Scene, Severity
from cx_map.draw.scenes.heat_numbers import By, Weight, currency_of, weights, worst_of
from cx_map.draw.scenes.whole_map import scene_of
from cx_map.draw.words import Words, noted, words_in
from cx_map.errors import UsageError
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.inventory import Inventory, newest_date

_SEVERE: Mapping[Severity, float] = {"critical": 1.0, "major": 0.7, "minor": 0.4, "info": 0.2}


@dataclass(frozen=True, slots=True)
class Heat:
    """How hot one entity is: ``share`` from 0 to 1 on the ramp, None where it is not known; ``text`` says the number.

    ``unlock`` is the field that would make a number known; ``least`` what is certain of it.
    """

    value: float | None
    share: float | None
    text: str
    unlock: str = ""
    least: float = 0.0


def heat_of(eco: Ecosystem, report: Report | None, by: By, language: str = "en") -> dict[str, Heat]:
    """The heat of every entity that a perspective says something about, by id.

    Load counts to its capacity (more is as hot as it gets), findings by the worst of them, age in years up to the oldest,
    cost and volume by the logarithm between the least and the most. Raises UsageError where a perspective lacks its
    ground: severity without a report, age without a date.
    """
    found = weights(eco, report, by, words_in(language))
    worst = worst_of(report, eco) if by == "severity" and report is not None else {}
    low, high = _range(found)
    return {
        name: Heat(one.value, _share(by, one, low, high, worst.get(name)), one.text, one.unlock, one.least)
        for name, one in found.items()
    }


def heat_scene(
    inventory: Inventory,
    report: Report | None = None,
    *,
    by: By = "load",
    as_of: str | None = None,
    language: str = "en",
) -> Scene:
    """The whole map with its cards tinted. Raises UsageError where no number of the perspective is known.

    Findings are badges where a report is given; for ``by="severity"`` it must be.
    """
    date = (report.as_of if report is not None else None) or as_of or newest_date(inventory)
    eco = Ecosystem(inventory, date)
    words = words_in(language)
    heats = heat_of(eco, report, by, language)
    scene = scene_of(inventory, report, as_of=as_of, language=language)
    shown = [heats[node.id] for node in scene.nodes if node.id in heats]
    unlock = sorted({one.unlock for one in shown if one.share is None and one.unlock})
    if not any(one.share is not None for one in shown):
        raise UsageError(
            f"nothing on the map has a known {_NAMES[by]}",
            hint=f"give {', '.join(unlock) or 'the facts'}, or choose another perspective with --by",
        )
    nodes = tuple(
        replace(node, heat=heat.share, known=heat.share is not None, sublabel=heat.text)
        if (heat := heats.get(node.id)) is not None
        else replace(node, sublabel="", emphasis="faint")
        for node in scene.nodes
    )
    dark = sum(one.share is None for one in shown)
    notes = [
        words.many(
            "{n} card has no known number and is hatched: not known is not zero.",
            "{n} cards have no known number and are hatched: not known is not zero.",
            dark,
        )
        if dark
        else "",
        words("What would make it known: {fields}.", fields=", ".join(unlock)) if unlock else "",
        words("Faint cards have no such number.") if len(shown) < len(nodes) else "",
        _explained(by, words),
    ]
    # The colours are what this view is about: lines stand back, except those with findings.
    edges = tuple(edge if edge.badges else replace(edge, emphasis="faint") for edge in scene.edges)
    tinted = replace(scene, nodes=nodes, edges=edges)
    return replace(
        tinted,
        title=words("{map} – heat by {by}", map=scene.title, by=words(_NAMES[by])),
        legend=(*default_legend(tinted), *_legend(by, shown, eco, words, dark=bool(dark))),
        notes=(*filter(None, notes), *scene.notes),
    )


_NAMES: Mapping[By, str] = {
    "load": noted("load"),
    "cost": noted("yearly cost"),
    "volume": noted("monthly volume"),
    "severity": noted("severity of findings"),
    "age": noted("age of the facts"),
}


def _explained(by: By, words: Words) -> str:
    return {
        "load": words("Load: the busiest period of what is routed through a thing, against its capacity."),
        "cost": words(
            "Cost: as stated for platforms and data sources; contacts times price for channels and, again, for the "
            "communications that cause them. The two are not to be added up."
        ),
        "volume": words("Volume: items a month that are sent, pass through, are collected or arrive."),
        "severity": words("Severity: the colour is that of the worst finding, the text counts all of them."),
        "age": words("Age: months since the facts were true; where support has ended, the card is as hot as it gets."),
    }[by]


def _legend(by: By, shown: list[Heat], eco: Ecosystem, words: Words, *, dark: bool) -> list[LegendEntry]:
    values = [one.value for one in shown if one.value is not None]
    low, high = min(values), max(values)
    text = {
        "load": words("0 % to 100 % of capacity and more"),
        "cost": words(
            "{low} to {high} {currency} a year, logarithmic",
            low=_round(low, words),
            high=_round(high, words),
            currency=currency_of(eco),
        ),
        "volume": words("{low} to {high} items a month, logarithmic", low=_round(low, words), high=_round(high, words)),
        "severity": words("no finding to critical"),
        "age": words("0 to {n} months, or support ended", n=words.number(high)),
    }[by]
    found = [LegendEntry("heat", "ramp", text)]
    return [*found, LegendEntry("heat", "unknown", words("not known"))] if dark else found


def _round(value: float, words: Words) -> str:
    return words.number(value, 0 if value >= 10 or value == 0 else 2)


def _range(found: Mapping[str, Weight]) -> tuple[float, float]:
    """The least positive and the greatest known number; (1, 1) where none is positive."""
    values = [one.value for one in found.values() if one.value]
    return (min(values), max(values)) if values else (1.0, 1.0)


def _share(by: By, one: Weight, low: float, high: float, worst: Severity | None) -> float | None:
    if one.alarm:
        return 1.0
    if one.value is None:
        return None
    if by == "severity":
        return _SEVERE[worst] if worst is not None else 0.0
    if by == "load":
        return min(1.0, one.value)
    if by == "age":
        return min(1.0, one.value / high)
    if one.value <= 0:
        return 0.0
    return 1.0 if low == high else (log(one.value) - log(low)) / (log(high) - log(low))
