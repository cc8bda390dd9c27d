"""Every rule there is, found by walking the folders of ``cx_map/rules``."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from cx_map.audit.own_codes import OWN_CODES
from cx_map.errors import UsageError
from cx_map.rulekit import Rule


@functools.cache
def all_rules() -> tuple[Rule, ...]:
    """All rules ordered by code. Raises ImportError where a file does not hold the rule it is named after."""
    import cx_map.rules

    found: dict[str, Rule] = {}
    for module in pkgutil.walk_packages(cx_map.rules.__path__, "cx_map.rules."):
        name = module.name.rsplit(".", 1)[-1]
        if module.ispkg or name.startswith("_"):
            continue
        candidate = getattr(importlib.import_module(module.name), name, None)
        if not isinstance(candidate, Rule):
            raise ImportError(f"{module.name} does not define the rule {name!r}")
        if candidate.code in found:
            raise ImportError(f"{module.name} and {found[candidate.code].name} are both {candidate.code}")
        found[candidate.code] = candidate
    return tuple(found[code] for code in sorted(found))


def find_rule(code_or_name: str) -> Rule | None:
    """The rule with this code (any case) or name; None for one of the tool's own codes.

    Raises UsageError, with the nearest name, where there is no such rule.
    """
    wanted = code_or_name.strip()
    if wanted.upper() in OWN_CODES or wanted in {own.name for own in OWN_CODES.values()}:
        return None
    for rule in all_rules():
        if wanted.upper() == rule.code or wanted.lower().replace("_", "-") == rule.name:
            return rule
    import difflib

    known = [*(rule.code for rule in all_rules()), *(rule.name for rule in all_rules()), *OWN_CODES]
    close = difflib.get_close_matches(wanted.upper(), known, n=1) or difflib.get_close_matches(
        wanted.lower(), known, n=1
    )
    hint = f"did you mean {close[0]}? " if close else ""
    raise UsageError(f"no rule is called {wanted!r}", hint=f"{hint}`cxmap rules` lists them all")


def matches(rule: Rule, patterns: tuple[str, ...]) -> bool:
    """Whether a rule is meant by one of the patterns: a code, the beginning of codes, or a name."""
    return any(rule.code.startswith(pattern.upper()) or rule.name == pattern.lower() for pattern in patterns)
