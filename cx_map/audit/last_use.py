"""Which results an audit may still need: what no later rule can ask for is let go, so that large inventories fit.

A rule asks only for analyses that its file imports, directly or over others. Should one be asked for after all (an import
inside a function is not seen here), it is computed again: that costs time, never a result.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from cx_map.graph.ecosystem import Ecosystem
from cx_map.rulekit import Rule

_AFTER = "cx_map.audit.engine"
"""Makes findings of what every rule says."""

LARGE = 20_000
"""Entities from which on results are let go: below, they take less room than finding out is worth."""


def last_uses(rules: Sequence[Rule]) -> Mapping[str, int]:
    """The place of the last rule that can reach each module of ours; one more for what completes every finding. O(imports)."""
    found: dict[str, int] = {}
    for place, start in [
        (len(rules), _AFTER),
        *((at, rules[at].function.__module__) for at in range(len(rules) - 1, -1, -1)),
    ]:
        todo = [start]
        while todo:
            name = todo.pop()
            if name not in found:
                found[name] = place
                names = {getattr(value, "__module__", None) for value in vars(sys.modules[name]).values()}
                todo += sorted(one for one in names if one in sys.modules and one.startswith("cx_map."))
    return found


def let_go(eco: Ecosystem, uses: Mapping[str, int], done: int) -> None:
    """Forget the results that no rule after the one at place ``done`` can ask for."""
    eco.forget(lambda function: uses.get(function.__module__, -1) <= done)
