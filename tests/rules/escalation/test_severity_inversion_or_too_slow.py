from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.rules.escalation.severity_inversion_or_too_slow import Parameters
from cx_map.rules.escalation.severity_inversion_or_too_slow import severity_inversion_or_too_slow as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

TEAMS = "teams: {a: {}, b: {}, c: {}}\n"


def errors(grave: str, mild: str, grave_class: str = "content", more: str = "") -> str:
    return (
        TEAMS
        + f"""
error_types:
  grave: {{class: {grave_class}, severity: critical, escalates_via: long}}
  mild: {{class: content, severity: minor, escalates_via: short}}
escalations:
  long: {{levels: {grave}}}
  short: {{levels: {mild}}}
{more}"""
    )


def test_the_graver_error_takes_longer() -> None:
    finding = one_finding(rule, errors("[{team: a, within: 2h}, {team: b, within: 1d}]", "[{team: a, within: 4h}]"))
    assert finding.subject == "grave"
    assert finding.related == ("mild", "long", "short")
    assert (finding.measures["hours"], finding.measures["hours_of_milder"]) == (26, 4)


def test_other_classes_are_not_compared() -> None:
    assert findings(rule, errors("[{team: a, within: 9d}]", "[{team: a, within: 4h}]", grave_class="timing")) == []


def test_a_lower_bound_is_enough_and_unknown_times_are_no_zeros() -> None:
    assert findings(rule, errors("[{team: a, within: 9d}, b]", "[{team: a, within: 4h}]"))
    vague = errors("[{team: a, within: 1h}, b]", "[{team: a, within: 4h}]")
    assert findings(rule, vague) == []
    assert set(not_assessed(rule, vague)) == {"grave"}
    assert findings(rule, errors("[{team: a, within: 9d}]", "[{team: a, within: 4h}, b]")) == []


def test_statutory_deadlines() -> None:
    slow = errors("[{team: a, within: 5d}]", "[{team: a, within: 4h}]", grave_class="misdelivery")
    assert findings(rule, slow) == []
    finding = one_finding(rule, slow, "organization: {regulatory_profiles: [eu-gdpr]}")
    assert finding.measures["hours_allowed"] == 72
    assert "takes 5 days to escalate, GDPR article 33 allows 3 days" in finding.message, "as every rule tells times"
    own = slow.replace("severity: critical", "severity: critical, statutory_deadline: 2d")
    assert one_finding(rule, own).measures["hours_allowed"] == 48
    assert findings(rule, own.replace("5d", "2d")) == []


def test_hops_are_counted_over_nested_ladders() -> None:
    text = errors("[{team: a, within: 1h}, short]", "[{team: b, within: 1h}, {team: c, within: 1h}]")
    assert "long" in passed(rule, text)
    assert "long" not in passed(rule, text, parameters=Parameters(hops=1))


@given(st.lists(st.integers(1, 200), min_size=1, max_size=4), st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_the_fix_is_just_enough(hours: list[int], allowed: int) -> None:
    levels = ", ".join(f"{{team: {'abca'[n]}, within: {time}h}}" for n, time in enumerate(hours))
    error = f"leak: {{class: content, severity: major, escalates_via: up, statutory_deadline: {allowed}h}}"
    inventory = inventory_of(f"{TEAMS}error_types: {{{error}}}\nescalations: {{up: {{levels: [{levels}]}}}}")
    found = findings_of(rule, inventory)
    assert len(found) == (sum(hours) > allowed)
    for finding in found:
        assert finding.fix is not None
        possible = max(hours) > sum(hours) - allowed
        assert bool(finding.fix.changes) == possible
        if possible:
            after = with_changes(inventory, finding.fix.changes)
            assert findings_of(rule, after) == []


def test_a_fix_that_would_slow_another_error_down_is_not_offered() -> None:
    text = (
        TEAMS
        + """
error_types:
  leak: {class: content, severity: critical, escalates_via: up, statutory_deadline: 10h}
  worse: {class: content, severity: critical, escalates_via: other}
  mild: {class: content, severity: minor, escalates_via: up}
escalations:
  up: {levels: [{team: a, within: 20h}]}
  other: {levels: [{team: b, within: 15h}]}
"""
    )
    finding = one_finding(rule, text)
    assert finding.fix is not None
    assert finding.fix.changes == ()
