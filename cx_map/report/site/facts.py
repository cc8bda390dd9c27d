"""Everything that the pages of a report tell, gathered once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cx_map.analyses.scorecard import Score, scorecard
from cx_map.audit.findings import Finding, Report
from cx_map.audit.grouping import group
from cx_map.audit.kept import audit, root_causes
from cx_map.audit.settings import Settings
from cx_map.compare.changes import Changes, compare
from cx_map.compare.findings import FindingChanges, match
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.inventory import Inventory, newest_date
from cx_map.rulekit.severity import SEVERITIES, Severity
from cx_map.states.phases import phases_of, state_at

CHAPTERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("silos", "Silos and preferences", ("SILO", "PREF", "DATA")),
    ("assessment", "The ecosystem as it is", ("INV", "BOT", "RED", "CHAN", "JRNY", "REG", "MET")),
    ("action", "From insight to action", ("LOOP", "SURV", "ESC", "GOV")),
    ("roadmap", "Roadmap", ("ROAD",)),
    ("tool", "Exemptions and waivers", ("CX",)),
)
"""The chapters of an assessment, each with its families of rules."""


@dataclass(frozen=True)
class Stage:
    """One state of the roadmap with its audit; the first is today, and has no changes."""

    id: str
    name: str
    by: str | None
    inventory: Inventory
    report: Report
    changes: Changes | None = None
    findings: FindingChanges | None = None

    @property
    def counts(self) -> dict[Severity, int]:
        """The findings of each severity."""
        return {severity: self.report.count(severity) for severity in SEVERITIES}


@dataclass(frozen=True)
class Owner:
    """A team (or nobody) and the findings that it answers for, the worst first."""

    key: str
    name: str
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[Severity, int]:
        """Its findings of each severity."""
        return {severity: sum(one.severity == severity for one in self.findings) for severity in SEVERITIES}


@dataclass(frozen=True)
class Facts:
    """One firm, one state, one audit."""

    eco: Ecosystem
    report: Report
    scores: tuple[Score, ...]
    owners: tuple[Owner, ...]
    stages: tuple[Stage, ...]

    @property
    def inventory(self) -> Inventory:
        """The state that is reported."""
        return self.eco.inventory

    @property
    def firm(self) -> str:
        """What the firm is called."""
        organization = self.inventory.organization
        return organization.title if organization is not None and organization.name else "Customer communications"

    def chapter(self, families: tuple[str, ...]) -> tuple[Finding, ...]:
        """The findings of some families of rules, in the order of rank."""
        return tuple(one for one in self.report.findings if one.code.rstrip("0123456789") in families)


def gather(inventory: Inventory, settings: Settings, as_of: str | None) -> Facts:
    """Audit a state and, from the current one, every phase of its roadmap. O(audits of all states)."""
    eco = Ecosystem(inventory, as_of if as_of is not None else newest_date(inventory))
    report = audit(inventory, settings, as_of=eco.as_of, eco=eco)
    report = replace(report, root_causes=root_causes(inventory, report, settings))
    return Facts(eco, report, scorecard(eco), _owners(report, inventory), tuple(_stages(eco, report, settings)))


def _owners(report: Report, inventory: Inventory) -> tuple[Owner, ...]:
    """The most burdened first: by critical, then major, minor and other findings, then by name."""
    names = group(report, inventory, "owner")
    findings: dict[str, list[Finding]] = {}
    for one in report.findings:
        owner = one.owner if one.owner is not None and one.owner in inventory.entities else ""
        findings.setdefault(owner, []).append(one)
    owners = [
        Owner(key, names[some[0].fingerprint] if key else "No owner", tuple(some)) for key, some in findings.items()
    ]
    return tuple(sorted(owners, key=lambda one: (*(-count for count in one.counts.values()), one.name, one.key)))


def _stages(eco: Ecosystem, report: Report, settings: Settings) -> Iterable[Stage]:
    inventory = eco.inventory
    if inventory.state != "current":
        return
    phases = phases_of(inventory)
    if not phases:
        return
    before = Stage("current", "Today", eco.as_of, inventory, report)
    yield before
    for planned in phases:
        state = state_at(inventory, planned.id)
        after = audit(state, settings, as_of=eco.as_of)
        changes = compare(before.inventory, state)
        moved = {link.before: link.after for link in changes.links.links if not link.namespace}
        name = planned.phase.name.into() if planned.phase.name is not None else planned.id
        before = Stage(planned.id, name, planned.phase.by, state, after, changes, match(before.report, after, moved))
        yield before
