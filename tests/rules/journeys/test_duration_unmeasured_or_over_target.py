from __future__ import annotations

import pytest

from cx_map.rules.journeys.duration_unmeasured_or_over_target import duration_unmeasured_or_over_target as rule
from tests.rules.judging import findings, not_assessed, passed


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ("duration: {target: 2d, actual: 3d}", "major"), ("duration: {target: 2d, actual: 2d}", None),
        ("highest_impact: true", "minor"), ("highest_impact: true, duration: {actual: 2d, target: 3d}", None),
        ("duration: {target: 2d}, steps: [a, {touchpoint: b, max_gap: 3d}]", "minor"),
        ("duration: {target: 2d, actual: 1d}, steps: [a, {touchpoint: b, max_gap: 3d}]", None),
        ("highest_impact: true, duration: {target: 2d}, steps: [a, {touchpoint: b, max_gap: 3d}]", "minor"),
    ],
)  # fmt: skip
def test_durations(fields: str, severity: str | None) -> None:
    text = f"touchpoints: {{a: {{}}, b: {{}}}}\njourneys: {{j: {{{fields}}}}}"
    assert [one.severity for one in findings(rule, text)] == ([severity] if severity else [])
    assert (passed(rule, text) == {"j"}) == (severity is None)


def test_the_longest_wait_is_named() -> None:
    text = """
        touchpoints: {a: {}, b: {}, c: {}}
        journeys:
          j:
            duration: {target: 1d, actual: 5d}
            steps: [a, {touchpoint: b, max_gap: 1h}, {touchpoint: c, max_gap: 4d}]
        """
    fix = findings(rule, text)[0].fix
    assert fix is not None
    assert "before 'c'" in fix.summary


def test_ordinary_journeys_of_unknown_duration_are_not_assessed() -> None:
    assert set(not_assessed(rule, "journeys: {j: {}}")) == {"j"}
    assert set(not_assessed(rule, "journeys: {j: {duration: {target: 1d}}}")) == {"j"}


def test_gaps_of_transitions_add_up_along_the_longest_way() -> None:
    text = "touchpoints: {a: {}, b: {}, c: {}, d: {}}\njourneys: {j: {duration: {target: 2d}, steps: [STEPS]}}"
    fork = "{from: a, to: b, max_gap: 1d}, {from: a, to: c, max_gap: 1h}, {from: b, to: d, max_gap: LAST}, {from: c, to: d, max_gap: 1d}"
    (finding,) = findings(rule, text.replace("STEPS", fork).replace("LAST", "36h"))
    assert finding.label == "gaps of 2.5 days"
    assert finding.fix is not None
    assert finding.fix.summary == "shorten the wait before 'd', up to 36 h"
    assert findings(rule, text.replace("STEPS", fork).replace("LAST", "1d")) == []
    back = ", {from: d, to: a, max_gap: 9d}"
    assert findings(rule, text.replace("STEPS", fork + back).replace("LAST", "36h")) == [], (
        "a circle has no longest way"
    )
