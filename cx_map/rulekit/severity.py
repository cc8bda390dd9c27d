"""How bad a finding is, and how sure: two separate things."""

from __future__ import annotations

from typing import Literal, TypeAlias

from cx_map.model.values import Confidence

Severity: TypeAlias = Literal["critical", "major", "minor", "info"]

SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor", "info")
"""From the worst to the mildest."""

CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")
"""From the surest to the least sure."""


def at_least(severity: Severity, threshold: Severity) -> bool:
    """Whether a severity is as bad as a threshold, or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(threshold)
