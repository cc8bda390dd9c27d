"""The order in which findings deserve to be read."""

from __future__ import annotations

import math

from cx_map.audit.findings import Finding
from cx_map.rulekit import CONFIDENCES, SEVERITIES, Range
from cx_map.rulekit.breach import Measure

_WEIGHT = {"critical": 8, "major": 4, "minor": 2, "info": 1}
_SURENESS = {"high": 0.9, "medium": 0.7, "low": 0.4}


def low_end(measure: Measure | None) -> float:
    """The low end of a measure; 0 where it is not known (only for ordering)."""
    if isinstance(measure, Range):
        return measure.low
    return float(measure) if isinstance(measure, (int, float)) else 0.0


def rank(finding: Finding) -> tuple[object, ...]:
    """Sort key: severity, regulated, sure enough, customers, items, communications; then a scalar, code, subject.

    Customers weigh by how readily they leave.
    """
    customers = low_end(finding.measures.get("customers_per_month")) * finding.concerned.weight
    items = low_end(finding.measures.get("items_per_month"))
    scalar = _WEIGHT[finding.severity] * (1 + math.log10(1 + customers)) * _SURENESS[finding.confidence]
    return (
        SEVERITIES.index(finding.severity),
        not finding.measures.get("regulated", False),
        CONFIDENCES.index(finding.confidence),
        -customers,
        -items,
        -low_end(finding.measures.get("communications")),
        -scalar,
        finding.code,
        finding.subject,
        finding.fingerprint,
    )
