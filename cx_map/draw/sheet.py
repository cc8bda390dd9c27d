"""What a sheet shows: tables of rows, columns and entries, for the views that are not a web of cards.

A matrix, a strip of stages and a journey are all tables, some with arrows between their entries. Plain frozen data
like :mod:`cx_map.draw.scene`: a builder fills it, one layout gives everything a place, every writer can write it.
The order of rows and columns is the order on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cx_map.draw.scene import Badge, EdgeStyle, Emphasis, LegendEntry
from cx_map.draw.words import Words

State = Literal["plain", "good", "weak", "bad", "unknown", "none"]
"""What an entry says besides its text: fine, in part, broken, not known (somebody must find out), nothing there."""

STATE_SIGNS: dict[State, str] = {"plain": "", "good": "√", "weak": "~", "bad": "×", "unknown": "?", "none": "–"}
"""A sign for each state: nothing is told by colour alone. Only signs that the font of the PNG and the PDF has."""

Place = tuple[str, str]
"""A row and a column, by their ids."""


def state_words(words: Words) -> dict[State, str]:
    """What each state means where a sheet does not say it better."""
    return {
        "plain": "",
        "good": words("in order"),
        "weak": words("in part"),
        "bad": words("broken"),
        "unknown": words("not known"),
        "none": words("nothing there"),
    }


@dataclass(frozen=True, slots=True)
class Head:
    """A row or column: what it is called, and with ``kind`` the code of an entity's card. ``group`` joins neighbours.

    ``wall`` draws the border of a silo round its heads and round the place where it meets itself.
    """

    id: str
    label: str
    sublabel: str = ""
    kind: str = ""
    group: str = ""
    badges: tuple[Badge, ...] = ()
    tooltip: str = ""
    wall: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands where a row and a column cross.

    ``heat`` from 0 to 1 tints it; ``kind`` makes it a card; ``about`` names the entities behind it.
    """

    text: str = ""
    state: State = "plain"
    sublabel: str = ""
    kind: str = ""
    heat: float | None = None
    badges: tuple[Badge, ...] = ()
    tooltip: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from one entry to another of the same table; ``missing`` is the place where something breaks off."""

    source: Place
    target: Place
    style: EdgeStyle = "solid"
    emphasis: Emphasis = "none"
    label: str = ""
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table. ``wide`` columns hold names (stages, steps), narrow ones a sign or a number (a matrix).

    Raises ``ValueError`` for an entry or a link in a row or column that the table does not have.
    """

    id: str
    caption: str
    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    entries: Mapping[Place, Entry] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    note: str = ""
    corner: str = ""
    wide: bool = False

    def __post_init__(self) -> None:
        rows, columns = {row.id for row in self.rows}, {column.id for column in self.columns}
        if len(rows) != len(self.rows) or len(columns) != len(self.columns):
            raise ValueError(f"Table {self.id!r}: two rows or two columns have the same id.")
        for row, column in (*self.entries, *(end for link in self.links for end in (link.source, link.target))):
            if row not in rows or column not in columns:
                raise ValueError(f"Table {self.id!r} has no place {row!r}, {column!r}.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything one sheet shows.

    ``counted`` says in words what is shown of how much (``12 of 12 loops shown``); every sheet has it.
    """

    view: Literal["loops", "data", "preference", "journey", "matrix"]
    title: str
    subtitle: str
    tables: tuple[Table, ...]
    counted: str
    legend: tuple[LegendEntry, ...] = ()
    notes: tuple[str, ...] = ()
    description: str = ""
    language: str = "en"
