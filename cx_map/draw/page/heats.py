"""Perspectives: colours that can be laid over the map, each a number for every entity in every state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from cx_map.draw.page.moment import Moment
from cx_map.draw.page.union import Union
from cx_map.draw.scenes.heat import heat_of
from cx_map.draw.scenes.heat_numbers import By
from cx_map.draw.text import clean
from cx_map.draw.views import PERSPECTIVES
from cx_map.draw.words import Words, words_in
from cx_map.errors import UsageError
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.inventory import newest_date


@dataclass(frozen=True, slots=True)
class Heats:
    """One perspective: by entity, in each state, a share from 0 to 1 (None: not known) and what it says."""

    id: str
    label: str
    values: tuple[Mapping[str, tuple[float | None, str]], ...]


def heats_of(moments: Sequence[Moment], language: str = "en") -> tuple[Heats, ...]:
    """The perspectives of which some number is known in some state. O(entities + routes + findings) for each."""
    words = words_in(language)
    found = (Heats(by, _label(by, words), tuple(_values(one, by, language) for one in moments)) for by in PERSPECTIVES)
    return tuple(one for one in found if any(share is not None for state in one.values for share, _ in state.values()))


def heats_data(heats: Sequence[Heats], union: Union) -> list[dict[str, object]]:
    """The perspectives as data, for the entities of the page."""
    return [
        {
            "id": one.id,
            "label": one.label,
            "values": [
                [
                    [number, share if share is None else round(share, 3), clean(text)]
                    for name, (share, text) in state.items()
                    if (number := union.node_at.get(name)) is not None
                ]
                for state in one.values
            ],
        }
        for one in heats
    ]


def _values(moment: Moment, by: str, language: str) -> dict[str, tuple[float | None, str]]:
    report = moment.report
    date = (report.as_of if report is not None else None) or newest_date(moment.inventory)
    try:
        heats = heat_of(Ecosystem(moment.inventory, date), report, cast("By", by), language)
    except UsageError:  # what the perspective stands on is not there
        return {}
    return {name: (heat.share, heat.text) for name, heat in sorted(heats.items())}


def _label(by: str, words: Words) -> str:
    return {
        "load": words("load"),
        "cost": words("cost"),
        "volume": words("volume"),
        "severity": words("severity"),
        "age": words("age of the facts"),
    }.get(by, by)
