"""What an audit says: findings, rules not assessed, rules clean, and what was held back and why."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from cx_map.errors import Location
from cx_map.model.values import Confidence
from cx_map.rulekit import Fix, Range, Severity
from cx_map.rulekit.breach import Measure


class Step(Struct, frozen=True):
    """One edge of a proof and where it is stated."""

    source: str
    edge: str
    target: str
    location: Location | None = None


class Consequence(Struct, frozen=True):
    """A finding that follows from another on the same subject, and is therefore not counted."""

    code: str
    message: str
    fingerprint: str


class Concerned(Struct, frozen=True):
    """Whom a finding concerns: ``weight`` 1 is the mean of the firm; ``vulnerable`` where many of some segment are."""

    weight: float = 1.0
    vulnerable: bool = False


NOBODY = Concerned()


class Finding(Struct, frozen=True):
    """One thing that is wrong, with its proof, its owner, its size and its fix."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    subject: str
    kind: str
    related: tuple[str, ...]
    owner: str | None
    location: Location
    fingerprint: str
    label: str = ""
    path: tuple[Step, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    measures: Mapping[str, Measure] = msgspec.field(default_factory=dict)
    consequences: tuple[Consequence, ...] = ()
    folded_into: str | None = None
    fix: Fix | None = None
    discriminator: tuple[str, ...] = ()
    concerned: Concerned = NOBODY
    """For its place among others only."""


class Unassessed(Struct, frozen=True):
    """A rule that could not judge some subjects (or any), and the fields that would unlock it."""

    code: str
    name: str
    reason: str
    subjects: tuple[str, ...]
    unlock: tuple[str, ...]


class Suppressed(Struct, frozen=True):
    """How many findings were held back, by what."""

    baseline: int = 0
    waivers: int = 0
    comments: int = 0


class Aggregate(Struct, frozen=True):
    """A rule that fires on most of what it looks at, told once: so many of so many."""

    code: str
    fired: int
    judged: int


class RootCause(Struct, frozen=True):
    """One change and what it resolves by itself, proven by a second audit.

    ``resolves`` are fingerprints, the weightiest first, ``codes`` their rules; ``customers`` is a lower bound (the
    most that one of these findings affects) and an upper one (their sum, None where not all are known); ``border``
    are the two lines of business that its flows join, where these are the same two for all that join any; ``cost``
    is relative (a wider flow 1, a new flow 5).
    """

    summary: str
    changes: tuple[Mapping[str, Any], ...]
    cost: float
    resolves: tuple[str, ...]
    codes: tuple[str, ...]
    customers: Range | None = None
    border: tuple[str, str] | None = None


class RootCauses(Struct, frozen=True):
    """The changes to begin with, and how many candidates there were and how many were tried."""

    candidates: int
    tried: int
    found: tuple[RootCause, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The result of an audit of one state."""

    state: str
    as_of: str | None
    paths: tuple[str, ...]
    counts: Mapping[str, int]
    size: int
    title: str
    findings: tuple[Finding, ...]
    not_assessed: tuple[Unassessed, ...]
    clean: tuple[str, ...]
    suppressed: Suppressed
    aggregates: tuple[Aggregate, ...] = ()
    root_causes: RootCauses | None = None
    """None where nobody looked for them."""

    def count(self, severity: Severity) -> int:
        """Number of findings of a severity."""
        return sum(1 for finding in self.findings if finding.severity == severity)


def fingerprint(code: str, subjects: tuple[str, ...], discriminator: tuple[str, ...]) -> str:
    """A finding's lasting identity: rule, sorted subject ids and discriminator; never line, path or text."""
    text = "\0".join((code, *sorted(subjects), "", *discriminator))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
