"""Two states compared in full: entities and flows, what customers gain and lose, and the findings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.preference_reach import honoured
from cx_map.analyses.preferences import governing
from cx_map.analyses.queueing import pools
from cx_map.analyses.single_points import single_points
from cx_map.audit.findings import Report
from cx_map.audit.kept import audit
from cx_map.audit.settings import DEFAULTS, Settings
from cx_map.compare.capabilities import Capabilities, Gain, gains
from cx_map.compare.changes import Changes, compare
from cx_map.compare.findings import FindingChanges, match
from cx_map.graph.ecosystem import Ecosystem


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between two states, and both audits."""

    changes: Changes
    capabilities: Capabilities
    findings: FindingChanges
    before: Report
    after: Report

    @property
    def empty(self) -> bool:
        """Whether the two states say the same."""
        return self.changes.empty


def compare_states(before: Ecosystem, after: Ecosystem, settings: Settings = DEFAULTS) -> Comparison:
    """Compare and audit two states. O(both audits)."""
    changes = compare(before.inventory, after.inventory)
    first = audit(before.inventory, settings, as_of=before.as_of, eco=before)
    second = audit(after.inventory, settings, as_of=after.as_of, eco=after)
    moved = {link.before: link.after for link in changes.links.links if not link.namespace}
    return Comparison(changes, _capabilities(changes, before, after, moved), match(first, second, moved), first, second)


def _capabilities(changes: Changes, before: Ecosystem, after: Ecosystem, moved: dict[str, str]) -> Capabilities:
    return replace(
        changes.capabilities,
        loops=_gains(_closed(before), _closed(after), moved),
        preferences=_gains(_kept(before), _kept(after), moved),
        single_points=tuple(
            one for one in _gains(_depends(before), _depends(after), moved) if _stays(one.subject, before, after, moved)
        ),
        pools=_gains(_met(before), _met(after), moved),
    )


def _gains(before: dict[str, set[str]], after: dict[str, set[str]], moved: dict[str, str]) -> tuple[Gain, ...]:
    renamed = {moved.get(name, name): {moved.get(one, one) for one in values} for name, values in before.items()}
    return gains(renamed, after)


def _stays(name: str, before: Ecosystem, after: Ecosystem, moved: dict[str, str]) -> bool:
    """Whether both states have a thing: what came or went is told as such, not by what it depends on."""
    earlier = {moved.get(one, one) for one in before.inventory.raw.entities} if moved else before.inventory.raw.entities
    return name in earlier and name in after.inventory.raw.entities


def _closed(eco: Ecosystem) -> dict[str, set[str]]:
    """``closed`` for every signal of which a loop is closed."""
    return {verdict.signal.id: {"closed"} for verdict in eco.once(closed_loops) if verdict.closed}


def _kept(eco: Ecosystem) -> dict[str, set[str]]:
    """The communications that respect each preference that governs them."""
    found: dict[str, set[str]] = {}
    for one in eco.once(honoured):
        stopped = {stop.preference.id for stop in one.stops}
        if one.judged:
            for preference, _ in governing(eco.inventory, one.communication):
                if preference.id not in stopped:
                    found.setdefault(preference.id, set()).add(one.communication.id)
    return found


def _depends(eco: Ecosystem) -> dict[str, set[str]]:
    """What each communication cannot do without."""
    found: dict[str, set[str]] = {}
    for supplier, communications in eco.once(single_points).stops.items():
        for communication in communications:
            found.setdefault(communication, set()).add(supplier)
    return found


def _met(eco: Ecosystem) -> dict[str, set[str]]:
    """``meets its service level`` for every pool that does."""
    return {
        name: {"meets its service level"}
        for name, pool in eco.once(pools).items()
        if pool.stable and pool.service_level >= pool.share
    }
