"""What a rule is made of.

A rule is one function in one file below ``cx_map/rules``: it looks at an :class:`Ecosystem` and yields, for
every subject it can judge, a :class:`Passed` or a :class:`Breach`, and for every subject it cannot judge a
:class:`NotAssessed`. The engine adds code, severity, place and fingerprint.
"""

from __future__ import annotations

from cx_map.rulekit.breach import Breach, Fix, NotAssessed, Passed, PathStep, Range, Verdict
from cx_map.rulekit.rule import NoParameters, Parameter, Rule, rule
from cx_map.rulekit.severity import CONFIDENCES, SEVERITIES, Severity

__all__ = [
    "CONFIDENCES",
    "SEVERITIES",
    "Breach",
    "Fix",
    "NoParameters",
    "NotAssessed",
    "Parameter",
    "Passed",
    "PathStep",
    "Range",
    "Rule",
    "Severity",
    "Verdict",
    "rule",
]
