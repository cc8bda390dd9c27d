"""What a sheet calls things: entities by name and kind, findings as badges, lengths of time, numbers a month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cx_map.audit.findings import Finding, Report
from cx_map.draw.layouts.sheet import legend_of
from cx_map.draw.scene import SEVERITIES, Badge, LegendFamily, badge_order
from cx_map.draw.sheet import Entry, Sheet, State
from cx_map.draw.words import Words, noted, words_in
from cx_map.model.inventory import Inventory, newest_date
from cx_map.model.values import Rate

_UNITS = ((noted("{n} d"), 86400.0), (noted("{n} h"), 3600.0), (noted("{n} min"), 60.0))


@dataclass(frozen=True, slots=True)
class Names:
    """One inventory in one language."""

    inventory: Inventory
    language: str

    @property
    def words(self) -> Words:
        """The drawing's own words."""
        return words_in(self.language)

    def of(self, identifier: str) -> str:
        """The name of an entity, else its id."""
        entity = self.inventory.entities.get(identifier)
        return entity.name.into(self.language) if entity is not None and entity.name is not None else identifier

    def kind(self, identifier: str) -> str:
        """The kind of an entity; empty for an id that nothing has."""
        entity = self.inventory.entities.get(identifier)
        return entity.kind if entity is not None else ""

    def chain(self, identifiers: Iterable[str]) -> str:
        """Names in the order in which something passes them."""
        return " → ".join(self.of(one) for one in dict.fromkeys(identifiers))

    def card(self, identifiers: Iterable[str], state: State = "plain", sublabel: str = "", tooltip: str = "") -> Entry:
        """An entry that tells of entities, with the kind of the last one."""
        passed = tuple(dict.fromkeys(identifiers))
        return Entry(
            self.chain(passed),
            state,
            sublabel,
            self.kind(passed[-1]) if passed else "",
            tooltip=tooltip,
            about=tuple(one for one in passed if one in self.inventory.entities),
        )

    def time(self, seconds: float) -> str:
        """A length of time in its largest unit, to one decimal: ``1.1 d``, ``4 h``, ``20 min``, ``35 s``."""
        words = self.words
        for unit, size in _UNITS:
            if seconds >= size:
                number = round(seconds / size, 1)
                return words(unit, n=words.number(number, 0 if number == int(number) else 1))
        return words("{n} s", n=words.number(round(seconds)))

    def a_month(self, rate: Rate | None) -> str:
        """How many a month, or that nobody says."""
        if rate is None:
            return self.words("volume not known")
        return self.words("{n} a month", n=self.words.number(rate.value))

    def firm(self) -> str:
        """The organization's name, where it has one."""
        one = self.inventory.organization
        return one.name.into(self.language) if one is not None and one.name else ""

    def state(self) -> str:
        """The state that is shown."""
        state = self.inventory.state
        return self.words("current state") if state == "current" else self.words("state {state}", state=state)


def date_of(inventory: Inventory, report: Report | None, as_of: str | None) -> str | None:
    """The date on a sheet: the report's, else the one given, else the newest date in the inventory."""
    return (report.as_of if report is not None else None) or as_of or newest_date(inventory)


def badges_of(findings: Iterable[Finding]) -> tuple[Badge, ...]:
    """One badge a rule with the number of its findings, worst first."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    badges = (
        Badge(code, min((one.severity for one in same), key=SEVERITIES.index), same[0].message, len(same))
        for code, same in by_code.items()
    )
    return tuple(sorted(badges, key=badge_order))


def worst(badges: Iterable[Badge]) -> int:
    """The rank of the worst badge, 0 for critical; one more than the mildest where there is none."""
    return min((SEVERITIES.index(badge.severity) for badge in badges), default=len(SEVERITIES))


def reworded(sheet: Sheet, labels: Mapping[tuple[LegendFamily, str], str]) -> Sheet:
    """The sheet with the legend of what it uses, some of it (by family and key) in better words for this view."""
    legend = legend_of(sheet.tables, words_in(sheet.language))
    return replace(
        sheet, legend=tuple(replace(one, label=labels.get((one.family, one.key), one.label)) for one in legend)
    )
