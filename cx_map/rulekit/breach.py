"""What rules say: this subject breaks the rule, passes it, or cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

from cx_map.model.entity import Entity
from cx_map.model.values import Basis
from cx_map.rulekit.severity import Severity


class Range(Struct, frozen=True):
    """A number that is only known to lie between two; ``high`` is None where nothing bounds it from above."""

    low: float
    high: float | None
    basis: Basis = "reported"


Measure: TypeAlias = Range | float | int | str | bool


class PathStep(Struct, frozen=True):
    """One edge of a proof; ``evidence`` is the entity (and path into it) that states the edge."""

    source: str
    edge: str
    target: str
    evidence: Entity | None = None
    at: tuple[str | int, ...] = ()


class Fix(Struct, frozen=True):
    """The smallest computed change that removes the finding.

    ``changes`` are roadmap operators as plain data (``{"connect": {"from": ..., "to": ...}}``), ready to be
    pasted into a phase; empty where the remedy needs a human decision, which ``summary`` then names.
    ``adds_nothing_worse`` is not claimed here: a generic test applies every fix and audits again.
    """

    summary: str
    changes: tuple[Mapping[str, object], ...] = ()


class Breach(Struct, frozen=True):
    """A subject that breaks the rule.

    ``message`` is one sentence naming the subject; ``at`` leads from the subject to the offending field
    (default: its id); ``label`` is printed under the source line. ``discriminator`` tells several breaches
    of one subject apart and goes into the fingerprint, so it must hold ids, never texts or numbers.
    ``evidence`` are labelled lines of proof; ``measures`` numbers with their units in the key
    (``customers_per_month``, ``items_per_month``, ``hours_per_month``, ``regulated``...). ``basis`` is the
    worst basis of the facts in the proof; the subject's own basis is added by the engine.
    """

    subject: Entity
    message: str
    related: tuple[str, ...] = ()
    severity: Severity | None = None
    at: tuple[str | int, ...] = ()
    label: str = ""
    discriminator: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    path: tuple[PathStep, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    basis: Basis = "reported"
    fix: Fix | None = None


class Passed(Struct, frozen=True):
    """A subject that was judged and keeps the rule."""

    subject: str


class NotAssessed(Struct, frozen=True):
    """A subject that cannot be judged, why, and the fields that would unlock it (``platforms.*.capacity``)."""

    subject: str
    reason: str
    unlock: tuple[str, ...]


Verdict: TypeAlias = Breach | Passed | NotAssessed
