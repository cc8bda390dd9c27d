"""What the rows of a journey are made from, and the table in the making."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cx_map.analyses.handoffs import HandOff
from cx_map.analyses.listening import Listening
from cx_map.analyses.promises import Walk
from cx_map.audit.findings import Finding
from cx_map.draw.scenes.named import Names
from cx_map.draw.sheet import Entry, Head, Link, Place


@dataclass(frozen=True, slots=True)
class Facts:
    """What the analyses say of all journeys: hand-offs by journey, step and touchpoint, promises, who listens."""

    names: Names
    hand_offs: Mapping[tuple[str, int, str], HandOff]
    promises: tuple[Walk, ...]
    listening: Mapping[str, Listening]
    findings: Mapping[str, list[Finding]]


@dataclass(slots=True)
class Draft:
    """A table in the making."""

    rows: list[Head] = field(default_factory=list)
    entries: dict[Place, Entry] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)

    def row(self, head: Head, entries: Mapping[str, Entry]) -> None:
        """Add a row unless nothing stands in it."""
        if entries:
            self.rows.append(head)
            self.entries.update({(head.id, column): entry for column, entry in entries.items()})
