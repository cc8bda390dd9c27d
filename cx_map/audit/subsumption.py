"""Which finding follows from which, so that one cause is not told five times."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from cx_map.audit.findings import Consequence, Finding

CAUSES: Mapping[str, tuple[str, ...]] = {
    "INV101": ("BOT101", "BOT102", "BOT103", "BOT107", "BOT109", "BOT110", "CHAN103", "CHAN104", "CHAN105", "REG101"),
    "LOOP101": ("LOOP102", "LOOP103", "LOOP105", "LOOP106", "LOOP107"),
    "RED103": ("RED104",),
    "PREF101": ("PREF105",),
    "PREF103": ("PREF101", "PREF105"),
    "CHAN102": ("CHAN104",),
    "CHAN103": ("BOT107",),
}
"""A finding of the first rule makes those of the others on the same thing its consequences."""

PARTLY = (("primary",), ("perhaps unreached",))
"""Discriminators of an INV101 about one dead route of a communication that still works, or a mere hypothesis: these
explain nothing else."""

SAME_PREFERENCE = ("PREF101", "PREF105")
"""Rules whose findings follow from another only where the two are about the same preference."""

BY_ATTRIBUTE = ("RED103", "RED104")
"""Rules whose findings are about an attribute (their discriminator), whichever store is the subject."""


def subsume(findings: list[Finding]) -> list[Finding]:
    """Findings without those that follow from another; the cause lists them. O(n)."""
    causes: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        if finding.discriminator in PARTLY:
            continue
        for code in CAUSES.get(finding.code, ()):
            causes.setdefault((code, _thing(finding)), finding)
    consequences: dict[str, list[Consequence]] = {}
    kept: list[Finding] = []
    for finding in findings:
        cause = _root(causes, finding)
        if cause is None:
            kept.append(finding)
        else:
            told = Consequence(finding.code, finding.message, finding.fingerprint)
            consequences.setdefault(cause.fingerprint, []).append(told)
    return [
        replace(finding, consequences=tuple(sorted(consequences[finding.fingerprint], key=lambda one: (one.code, one.fingerprint))))
        if finding.fingerprint in consequences
        else finding
        for finding in kept
    ]  # fmt: skip


def _root(causes: Mapping[tuple[str, str], Finding], finding: Finding) -> Finding | None:
    """The finding from which another follows in the end; None where it follows from none."""
    cause = causes.get((finding.code, _thing(finding)))
    if cause is None or (finding.code in SAME_PREFERENCE and not set(cause.related) & set(finding.related)):
        return None
    return _root(causes, cause) or cause


def _thing(finding: Finding) -> str:
    """What a finding is about: its subject, or the attribute."""
    if finding.code in BY_ATTRIBUTE and finding.discriminator:
        return finding.discriminator[0]
    return finding.subject
