from __future__ import annotations

import pytest

from cx_map.rulekit import Range
from cx_map.rules.bottlenecks.mis_routing import mis_routing
from cx_map.rules.bottlenecks.overload_as_routed import Parameters, overload_as_routed
from cx_map.states.apply import with_changes
from tests.analyses.small_firm import SMALL_FIRM
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

RULE = overload_as_routed


def test_the_print_shop_of_the_small_firm() -> None:
    finding = one_finding(RULE, SMALL_FIRM)
    assert finding.subject == "print"
    assert finding.severity == "critical"
    assert finding.measures["utilisation"] == pytest.approx(1.55)
    assert finding.measures["headroom"] == pytest.approx(0.645, abs=5e-4)
    assert finding.related == ("notice", "stmt-card", "stmt-mort")
    assert finding.message == "'print' has to carry 155% of its capacity at its busiest"
    assert passed(RULE, SMALL_FIRM) == {"ccm-a", "ccm-b", "esp"}
    assert set(not_assessed(RULE, SMALL_FIRM)) == {"core", "prefs"}
    assert finding.fix is not None
    assert finding.fix.changes == ({"change": {"print": {"capacity": "1094118/month"}}},)


EVENTS = """
platforms: {a: {capacity: %s}}
communications: {c: {volume: 730500/month, channels: [email], platforms: [a]}}
"""


@pytest.mark.parametrize(
    ("capacity", "severity", "confidence"),
    [
        ("900/h", "critical", "high"),
        ("1100/h", "major", "high"),
        ("1500/h", "critical", "low"),
        ("2200/h", "major", "low"),
        ("25000/day", "major", "high"),
    ],
)
def test_what_only_holds_with_the_default_factor_is_a_hypothesis(capacity: str, severity: str, confidence: str) -> None:
    finding = one_finding(RULE, EVENTS % capacity)
    assert (finding.severity, finding.confidence) == (severity, confidence)
    after = with_changes(inventory_of(EVENTS % capacity), finding.fix.changes if finding.fix else ())
    assert findings_of(RULE, after) == []


def test_a_schedule_said_to_be_unknown_is_not_no_schedule() -> None:
    known = EVENTS % "5000/h"
    assert passed(RULE, known) == {"a"}
    asked = known.replace("c: {volume", "c: {schedule: unknown, volume")
    assert (passed(RULE, asked), set(not_assessed(RULE, asked))) == (set(), {"a"})
    # the average is certain whatever the schedule
    assert one_finding(RULE, asked.replace("5000/h", "900/h")).confidence == "high"
    assert passed(RULE, asked.replace("5000/h", "2000000/month")) == set()
    assert passed(RULE, known.replace("5000/h", "2000000/month")) == {"a"}


def test_the_threshold_is_a_parameter() -> None:
    assert passed(RULE, EVENTS % "25000/day", parameters=Parameters(utilisation=0.99)) == {"a"}
    assert passed(RULE, EVENTS % "1500/h", parameters=Parameters(peak_factor=1.0)) == {"a"}


PARTLY = """
platforms: {a: {capacity: %s/month}}
communications:
  known: {volume: 100/month, channels: [email], platforms: [a]}
  open: {channels: [email], platforms: [a]}
"""


def test_an_unknown_volume_is_neither_zero_nor_a_finding() -> None:
    assert findings(RULE, PARTLY % 1000) == []
    assert set(not_assessed(RULE, PARTLY % 1000)) == {"a"}
    finding = one_finding(RULE, PARTLY % 110)
    assert "at least 91%" in finding.message


def test_nothing_passes_a_capacity_of_zero() -> None:
    assert one_finding(RULE, PARTLY % 0).severity == "critical"


def test_the_moment_of_the_peak_is_told() -> None:
    text = """
    platforms: {a: {capacity: 100/h}}
    communications:
      one: {volume: 30437.5/month, channels: [email], platforms: [a], schedule: {run: 1d, at: "02:00", window: 10h}}
    """
    finding = one_finding(RULE, text)
    assert finding.message == "'a' has to carry 100% of its capacity at 02:00"
    assert finding.confidence == "high"


def test_the_default_factor_adds_no_severity_and_is_told() -> None:
    finding = one_finding(RULE, EVENTS % "1100/h")
    assert finding.message == "'a' has to carry 91% of its capacity at its busiest"
    assert dict(finding.evidence)["perhaps more"] == "182% if event-driven traffic peaks at 2 times its average"


def test_items_are_those_that_pass_through() -> None:
    text = """
    platforms: {printer: {capacity: 600/month}, esp: {capacity: 900/month}}
    communications:
      c:
        volume: 1000/month
        needs: []
        routes: [{channel: letter, platforms: [printer], share: 70%}, {channel: email, platforms: [esp], share: 30%}]
    """
    assert one_finding(RULE, text).measures["items_per_month"] == Range(700, 700)
    assert one_finding(mis_routing, text).measures["items_per_month"] == Range(700, 700)


SURE = """
platforms: {gateway: {capacity: 20000/month}}
communications:
  bill: {volume: BILL/month, needs: [], routes: [{channel: sms, platforms: [gateway]}]}
  alert: {volume: {value: 3000, per: month, basis: assumed}, needs: [], routes: [{channel: sms, platforms: [gateway]}]}
"""


@pytest.mark.parametrize(
    ("bill", "severity", "confidence", "told"),
    [
        (30000, "critical", "high", "at least 150%"), (18000, "major", "high", "at least 90%"), (16000, "major", "low", "95%"),
    ],
)  # fmt: skip
def test_what_is_well_known_decides_where_it_is_enough(bill: int, severity: str, confidence: str, told: str) -> None:
    text = SURE.replace("BILL", str(bill))
    finding = one_finding(RULE, text)
    assert (finding.severity, finding.confidence) == (severity, confidence)
    assert f"has to carry {told} of its capacity" in finding.message
    assert finding.fix is not None
    assert findings_of(RULE, with_changes(inventory_of(text), finding.fix.changes)) == []
