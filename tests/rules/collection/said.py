"""What one rule says of a small inventory."""

from __future__ import annotations

from typing import NamedTuple

from cx_map.audit.registry import find_rule
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rulekit import Breach, NotAssessed, Passed
from tests.support import inventory_of


class Said(NamedTuple):
    """Breaches, and the ids that passed or could not be judged."""

    breaches: list[Breach]
    passed: set[str]
    open: set[str]

    @property
    def subjects(self) -> list[str]:
        """The ids of what breaks the rule; a flow is named by its ends."""
        return sorted(
            one.subject.id or f"{getattr(one.subject, 'from_', '')}->{getattr(one.subject, 'to', '')}"
            for one in self.breaches
        )


def said(code: str, text: str, as_of: str | None = None) -> Said:
    """What the rule with this code says."""
    rule = find_rule(code)
    assert rule is not None
    verdicts = list(rule.check(Ecosystem(inventory_of(text), as_of)))
    return Said(
        [one for one in verdicts if isinstance(one, Breach)],
        {one.subject for one in verdicts if isinstance(one, Passed)},
        {one.subject for one in verdicts if isinstance(one, NotAssessed)},
    )
