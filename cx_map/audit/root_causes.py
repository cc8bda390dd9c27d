"""The changes that resolve several findings at once: the first page of an audit.

Candidates are made of the computed fixes: those that several findings share, and those merged that make the same
flow, cross the same border between lines of business, change the same field or call on the same team; for a border
also each of its flows alone, carrying all that the fixes want to carry across. Each candidate is applied and the
result is audited again, so what it resolves is proven, not added up; one that brings a new critical or major finding
is dropped. A greedy cover (each time the best of *findings not yet resolved x customers / cost*) picks what is told.
It is not known to be the best cover; its numbers are true of each change alone, from the state audited.

An audit a candidate: the number of tries falls with the size of the inventory, and is told with the result.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from msgspec.structs import replace

from cx_map.audit.change_words import border_of, cost_of, in_words, pairs_of
from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding, Report, RootCause, RootCauses
from cx_map.audit.phase import phase_of
from cx_map.audit.ranking import low_end, rank
from cx_map.audit.settings import Settings
from cx_map.errors import InventoryError
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Team
from cx_map.model.inventory import Inventory
from cx_map.model.values import worst_basis
from cx_map.rulekit import CONFIDENCES, Fix, Range
from cx_map.rulekit.severity import at_least
from cx_map.states.apply import with_changes

Change: TypeAlias = Mapping[str, Any]
Key: TypeAlias = tuple[str, ...]

WORK = 2_000
"""Entities times tries: 8 tries up to 250 entities, 2 at 1,000, none above 2,000 unless asked for."""

MOST_TRIES = 8
MOST_WHEN_ASKED = 200
MOST_FINDINGS = 400
"""Findings whose fixes are merged, the weightiest first: far more would not change what comes first."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    changes: tuple[Change, ...]
    expected: int
    """Findings whose own fixes are in it, or that their border lets hope for."""
    weight: float


def tries_for(size: int) -> int:
    """How many candidates are tried in an inventory of some size unless somebody asks for more."""
    return min(MOST_TRIES, WORK // max(size, 1))


def root_causes(inventory: Inventory, report: Report, settings: Settings, tries: int | None = None) -> RootCauses:
    """The changes that resolve at least two findings of a report each, cheaper than their fixes one by one.

    ``tries`` bounds the audits that this takes.
    """
    sure = CONFIDENCES.index(settings.min_confidence)
    fixable = [
        one for one in report.findings if CONFIDENCES.index(one.confidence) <= sure and one.fix and one.fix.changes
    ]
    eco = Ecosystem(inventory, report.as_of)
    candidates = _candidates(eco, sorted(fixable, key=rank)[:MOST_FINDINGS])
    most = tries_for(inventory.size) if tries is None else tries
    tried = [one for one in (_tried(eco, report, settings, one) for one in candidates[:most]) if one is not None]
    return RootCauses(len(candidates), min(most, len(candidates)), tuple(_cover(tried, report.findings)))


def _candidates(eco: Ecosystem, findings: Sequence[Finding]) -> list[_Candidate]:
    """What is worth trying, the most promising first: what serves several findings, then each single fix."""
    groups: dict[Key, list[Finding]] = {}
    for finding in findings:
        for key in dict.fromkeys(_keys(eco, finding)):
            groups.setdefault(key, []).append(finding)
    made: dict[str, _Candidate] = {}
    for key, group in sorted(groups.items()):
        if len(group) > 1:
            for changes, expected in _merged(eco, key, group):
                if key[0] in ("field", "team") and not _saves(eco, cost_of(eco, changes), expected):
                    continue
                candidate = _Candidate(changes, len(expected), _weight(eco, changes, expected))
                name = repr(changes)
                if name not in made or made[name].expected < candidate.expected:
                    made[name] = candidate
    for finding in findings:
        changes = tuple(finding.fix.changes) if finding.fix else ()
        made.setdefault(repr(changes), _Candidate(changes, 1, _weight(eco, changes, [finding])))
    return [made[name] for name in sorted(made, key=lambda one: (made[one].expected < 2, -made[one].weight, one))]


def _saves(eco: Ecosystem, cost: float, findings: Sequence[Finding]) -> bool:
    """Whether a change costs less than to mend the findings one by one; one without a fix of its own is a gain."""
    fixes = [one.fix.changes if one.fix is not None else () for one in findings]
    return not all(fixes) or cost < sum(cost_of(eco, changes) for changes in fixes)


def _keys(eco: Ecosystem, finding: Finding) -> Iterator[Key]:
    """What a fix lays hold of, by which it may serve with others."""
    changes = finding.fix.changes if finding.fix is not None else ()
    for source, target in pairs_of(changes):
        yield "flow", source, target
        border = border_of(eco, source, target)
        if border is not None:
            yield "border", *border
    for change in changes:
        for name, fields in _mapping(change.get("change")):
            for field in fields:
                yield "field", name, field
    for text in sorted(_texts(changes)):
        if eco.inventory.find(text, Team) is not None:
            yield "team", text


def _mapping(body: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(body, Mapping):
        yield from ((name, fields) for name, fields in body.items() if isinstance(fields, Mapping))


def _texts(value: object) -> set[str]:
    """Every text in plain data."""
    if isinstance(value, str):
        return {value}
    inner: Iterable[object] = ()
    if isinstance(value, Mapping):
        inner = value.values()
    elif isinstance(value, (list, tuple)):
        inner = value
    return {text for one in inner for text in _texts(one)}


def _merged(eco: Ecosystem, key: Key, group: Sequence[Finding]) -> Iterator[tuple[tuple[Change, ...], list[Finding]]]:
    """The changes that may serve a group: its fixes together, and flows alone."""
    phase = phase_of(group)
    yield tuple(phase.changes), phase.kept
    if key[0] == "flow":
        alone = phase_of(_only(one, {(key[1], key[2])}) for one in group)
        yield tuple(alone.changes), [one for one in group if set(_pairs(one)) == {(key[1], key[2])}]
    elif key[0] == "border":
        ends = {pair for one in group for pair in _pairs(one) if border_of(eco, *pair) == key[1:]}
        carried = _carried(one for finding in group for one in _connects(finding, ends))
        for source, target in sorted(ends):
            first = next(one for finding in group for one in _connects(finding, {(source, target)}))
            connect = {name: value for name, value in first.items() if name != "carries"}
            yield ({"connect": {**connect, **({"carries": carried} if carried else {})}},), list(group)


def _pairs(finding: Finding) -> tuple[tuple[str, str], ...]:
    return pairs_of(finding.fix.changes) if finding.fix is not None else ()


def _connects(finding: Finding, pairs: set[tuple[str, str]]) -> list[Mapping[str, Any]]:
    """The flows of a fix between some pairs."""
    changes = finding.fix.changes if finding.fix is not None else ()
    flows: list[Any] = [change["connect"] for change in changes if "connect" in change]
    return [flow for flow in flows if (flow["from"], flow["to"]) in pairs]


def _only(finding: Finding, pairs: set[tuple[str, str]]) -> Finding:
    """A finding whose fix is only some of its flows."""
    flows = tuple({"connect": copy.deepcopy(dict(flow))} for flow in _connects(finding, pairs))
    return replace(finding, fix=Fix(finding.fix.summary if finding.fix else "", flows))


def _carried(flows: Iterable[Mapping[str, Any]]) -> list[str] | str:
    """Everything that some flows carry."""
    found: list[str] = []
    for flow in flows:
        carries = flow.get("carries", [])
        if carries == "*":
            return "*"
        found += [one for one in carries if isinstance(one, str)]
    return sorted(set(found))


def _weight(eco: Ecosystem, changes: Sequence[Change], findings: Sequence[Finding]) -> float:
    return _score(len(findings), _customers(findings), cost_of(eco, changes))


def _score(findings: int, customers: Range | None, cost: float) -> float:
    return findings * max(customers.low if customers is not None else 0.0, 1.0) / cost


def _customers(findings: Sequence[Finding]) -> Range | None:
    """Customers a month of findings together: at least the most of one, at most those of all subjects.

    Findings of one subject are about the same customers.
    """
    known = [one.measures["customers_per_month"] for one in findings if "customers_per_month" in one.measures]
    ranges = [one if isinstance(one, Range) else Range(low_end(one), low_end(one)) for one in known]
    if not ranges:
        return None
    highs: dict[str, float] = {}
    for one in findings:
        found = one.measures.get("customers_per_month")
        high = found.high if isinstance(found, Range) else low_end(found) if found is not None else None
        if high is not None:
            highs[one.subject] = max(high, highs.get(one.subject, 0.0))
    whole = len(highs) == len({one.subject for one in findings})
    basis = worst_basis(*(one.basis for one in ranges))
    return Range(max(one.low for one in ranges), sum(highs.values()) if whole else None, basis)


def _tried(eco: Ecosystem, report: Report, settings: Settings, candidate: _Candidate) -> RootCause | None:
    """A candidate applied and audited again; None where it cannot be applied or does harm."""
    inventory = eco.inventory
    try:
        after = audit(with_changes(inventory, candidate.changes), settings, as_of=report.as_of)
    except InventoryError:
        return None
    left = _known(after)
    before = _known(report)
    if any(one.fingerprint not in before and at_least(one.severity, "major") for one in after.findings):
        return None
    resolved = [one for one in sorted(report.findings, key=rank) if one.fingerprint not in left]
    cost = round(cost_of(eco, candidate.changes), 2)
    if len(resolved) < 2 or not _saves(eco, cost, resolved):
        return None
    own = next((one.fix.summary for one in resolved if one.fix and one.fix.changes == candidate.changes), None)
    borders = {border_of(eco, *pair) for pair in pairs_of(candidate.changes)} - {None}
    return RootCause(
        summary=own if own is not None and candidate.expected == 1 else in_words(eco, candidate.changes),
        changes=candidate.changes,
        cost=cost,
        resolves=tuple(one.fingerprint for one in resolved),
        codes=tuple(one.code for one in resolved),
        customers=_customers(resolved),
        border=next(iter(borders)) if len(borders) == 1 else None,
    )


def _known(report: Report) -> set[str]:
    """Findings that are there, told or as a consequence of another."""
    told = {one.fingerprint for one in report.findings}
    return told | {each.fingerprint for one in report.findings for each in one.consequences}


def _cover(tried: Sequence[RootCause], findings: Sequence[Finding]) -> Iterator[RootCause]:
    """Greedy cover: the best for what is not resolved yet, until nothing resolves two more."""
    by_name = {one.fingerprint: one for one in findings}
    left, open_ = list(tried), {one for cause in tried for one in cause.resolves}

    def worth(cause: RootCause) -> tuple[float, int, str]:
        more = [by_name[one] for one in cause.resolves if one in open_]
        return -_score(len(more), _customers(more), cause.cost), -len(more), cause.summary

    while left:
        left = [one for one in left if len(open_ & set(one.resolves)) > 1]
        if not left:
            return
        best = min(left, key=worth)
        yield best
        left.remove(best)
        open_ -= set(best.resolves)
