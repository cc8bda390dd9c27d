"""Noise control of the text forms: which findings are folded into another (the JSON keeps them all)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from cx_map.audit.findings import Aggregate, Finding
from cx_map.audit.ranking import low_end
from cx_map.rulekit import Range

CARDS_A_RULE = 5
"""Most cards of one rule in a text."""

AGGREGATE_SHARE = 0.4
"""A rule that fires on more than this share of what it judged is told as one aggregate."""

MATERIAL_SHARE = 0.01
"""Below this share of all items a month a finding is immaterial, unless regulated or about many vulnerable customers."""


def fold(
    findings: list[Finding], judged: Mapping[str, int], total_items: float | None
) -> tuple[list[Finding], tuple[Aggregate, ...]]:
    """Mark folded findings; ``findings`` are ranked, ``judged`` counts the subjects a rule could judge.

    ``folded_into`` is the fingerprint of the first finding of the rule, or ``immaterial``.
    """
    by_rule: dict[str, list[int]] = {}
    result = list(findings)
    for index, finding in enumerate(findings):
        if _immaterial(finding, total_items):
            result[index] = replace(finding, folded_into="immaterial")
        else:
            by_rule.setdefault(finding.code, []).append(index)
    aggregates = []
    for code, indexes in sorted(by_rule.items()):
        candidates = judged.get(code, 0)
        many = len(indexes) > CARDS_A_RULE and candidates and len(indexes) > AGGREGATE_SHARE * candidates
        if many:
            aggregates.append(Aggregate(code, len(indexes), candidates))
        shown = 1 if many else CARDS_A_RULE
        first = findings[indexes[0]].fingerprint
        for index in indexes[shown:]:
            result[index] = replace(result[index], folded_into=first)
    return result, tuple(aggregates)


def _immaterial(finding: Finding, total_items: float | None) -> bool:
    items = finding.measures.get("items_per_month")
    if total_items is None or total_items <= 0 or items is None:
        return False
    if finding.measures.get("regulated") or finding.concerned.vulnerable:
        return False
    high = items.high if isinstance(items, Range) else low_end(items)
    return high is not None and high < MATERIAL_SHARE * total_items
