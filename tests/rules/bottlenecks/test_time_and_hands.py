"""BOT104, BOT107, BOT111 and BOT112: runs, deadlines, circles and hands."""

from __future__ import annotations

import pytest

from cx_map.rulekit import Range
from cx_map.rules.bottlenecks.cyclic_supply import cyclic_supply
from cx_map.rules.bottlenecks.human_bottleneck import Parameters, human_bottleneck
from cx_map.rules.bottlenecks.later_than_deadline import later_than_deadline
from cx_map.rules.bottlenecks.peak_collision import peak_collision
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import example, findings_of
from tests.support import inventory_of

ALERT = """
channels: {push: {latency: 2s}}
data_sources: {engine: {}}
platforms: {hub: {processing: %s}}
communications:
  alert: {purpose: %s, deadline: %s, needs: [engine], routes: [{channel: push, platforms: [hub]}]}
flows:
  - {from: engine, to: hub, via: batch, every: 10m, latency: 0s}
"""


@pytest.mark.parametrize(
    ("purpose", "deadline", "severity"),
    [("security", "1m", "critical"), ("servicing", "1m", "major"), ("security", "6m", "minor")],
)
def test_lateness_by_purpose_and_average(purpose: str, deadline: str, severity: str) -> None:
    text = ALERT % ("3s", purpose, deadline)
    finding = one_finding(later_than_deadline, text)
    assert finding.severity == severity
    assert finding.measures["seconds_worst"] == 605
    assert finding.measures["seconds_average"] == 305
    assert finding.fix is not None
    assert findings_of(later_than_deadline, with_changes(inventory_of(text), finding.fix.changes)) == []


def test_in_time_open_and_certainly_late() -> None:
    assert passed(later_than_deadline, ALERT % ("3s", "security", "11m")) == {"alert"}
    reasons = not_assessed(later_than_deadline, ALERT % ("unknown", "security", "11m"))
    assert set(reasons) == {"alert"}
    assert findings(later_than_deadline, ALERT % ("unknown", "security", "9m")) != []
    assert set(not_assessed(later_than_deadline, ALERT % ("3s", "security", "unknown"))) == {"alert"}


def test_a_channel_that_is_too_slow_needs_another_one() -> None:
    text = "channels: {letter: {latency: 3d}}\ncommunications: {c: {deadline: 1d, needs: [], routes: [{channel: letter, platforms: []}]}}"
    finding = one_finding(later_than_deadline, text)
    assert finding.fix is not None
    assert finding.fix.changes == ()
    assert "faster channel" in finding.fix.summary
    exactly = one_finding(later_than_deadline, (ALERT % ("3s", "security", "1m")).replace("latency: 2s", "latency: 1m"))
    assert exactly.fix is not None
    assert "faster channel" in exactly.fix.summary, "nothing does its work in no time"
    assert exactly.fix.changes == ()


def test_send_all_mends_every_late_route() -> None:
    text = """
    channels: {email: {latency: 0s}, sms: {latency: 0s}}
    platforms: {a: {processing: 2h}, b: {processing: 3h}}
    communications:
      c: {send: all, deadline: 1h, needs: [], routes: [{channel: email, platforms: [a]}, {channel: sms, platforms: [b]}]}
    """
    finding = one_finding(later_than_deadline, text)
    assert finding.fix is not None
    assert len(finding.fix.changes) == 2
    assert findings_of(later_than_deadline, with_changes(inventory_of(text), finding.fix.changes)) == []


def test_collision_and_its_shift() -> None:
    inventory = example(peak_collision)
    (finding,) = findings_of(peak_collision, inventory)
    assert finding.measures["items_per_hour"] == pytest.approx(100000 + 9000000 / 30.4375 / 4)
    assert set(finding.related) == {"statements", "notices"}
    assert finding.fix is not None
    assert finding.fix.changes == ({"change": {"notices": {"schedule": {"run": "1d", "at": "06:00", "window": "4h"}}}},)


def test_runs_of_unknown_start_are_open() -> None:
    text = """
    platforms: {p: {capacity: 100/h}}
    communications:
      a: {volume: 30437.5/month, needs: [], channels: [email], platforms: [p], schedule: {run: 1d, window: 20h}}
      b: {volume: 30437.5/month, needs: [], channels: [email], platforms: [p], schedule: {run: 1d, at: "01:00", window: 20h}}
    """
    assert set(not_assessed(peak_collision, text)) == {"p"}


def test_circle_of_three_names_all_and_breaks_at_the_smallest() -> None:
    text = """
    data_sources: {a: {}, b: {}, c: {}, d: {}}
    flows:
      - {from: a, to: b, via: file, required: true, volume: 9/month}
      - {from: b, to: c, via: file, required: true, volume: 3/month}
      - {from: c, to: a, via: file, required: true, volume: 7/month}
      - {from: c, to: d, via: file, required: true}
    """
    finding = one_finding(cyclic_supply, text)
    assert finding.subject == "a"
    assert finding.related == ("b", "c")
    assert passed(cyclic_supply, text) == {"d"}
    assert finding.fix is not None
    assert finding.fix.changes == ({"disconnect": {"from": "b", "to": "c"}},)


APPROVED = """
teams: {legal: {capacity_fte: %s}, product: {}}
communications:
  a: {purpose: regulatory, owner: product, trigger: {kind: event}, approvals: [legal]}
  b: {purpose: marketing, owner: product, trigger: {kind: event}, approvals: [legal]}
  c: {purpose: servicing, owner: product, trigger: {kind: event}, approvals: [legal]}
  d: {purpose: servicing, owner: product, schedule: {run: 7d}, approvals: [{team: legal, effort: %s}]}
  e: {purpose: servicing, owner: product, trigger: {kind: event}, approvals: %s}
"""


def test_everything_waits_for_one_team() -> None:
    text = APPROVED % (9, "1h", "[]")
    finding = one_finding(human_bottleneck, text)
    assert finding.subject == "legal"
    assert finding.measures["share_of_communications"] == 0.8
    assert finding.fix is not None
    after = with_changes(inventory_of(text), finding.fix.changes)
    assert findings_of(human_bottleneck, after) == []
    assert {"change": {"a": {"approvals": ["product"]}}} not in finding.fix.changes


def test_hours_decide_where_the_share_does_not() -> None:
    few = Parameters(share=0.9)
    assert passed(human_bottleneck, APPROVED % (1, "1h", "[]"), parameters=few) == {"legal"}
    assert passed(human_bottleneck, APPROVED % (1, "30h", "[]"), parameters=few) == set()
    assert passed(human_bottleneck, APPROVED % ("unknown", "1h", "[]"), parameters=few) == set()
    assert passed(human_bottleneck, APPROVED % (1, "1h", "unknown"), parameters=few) == set()


def test_items_of_a_collision_are_those_that_run_through() -> None:
    text = """
    platforms: {printer: {capacity: 100/h}, esp: {}}
    communications:
      a: {volume: 30437.5/month, needs: [], channels: [letter], platforms: [printer], schedule: {run: 1d, at: "00:00", window: 20h}}
      b:
        volume: 60875/month
        needs: []
        schedule: {run: 1d, at: "10:00", window: 12h}
        routes: [{channel: letter, platforms: [printer], share: 50%}, {channel: email, platforms: [esp], share: 50%}]
    """
    assert one_finding(peak_collision, text).measures["items_per_month"] == Range(60875, 60875)


def test_too_many_approvals_and_too_many_hours_are_both_told() -> None:
    finding = one_finding(human_bottleneck, APPROVED % ("0.1", "30h", "[]"))
    assert finding.message == (
        "'legal' approves 4 of 5 communications and has 130 hours of work by hand a month, of 14 hours that it works"
    )
    assert finding.fix is not None
    assert finding.fix.changes == (), "no delegation of low risk takes the hours away"


def test_a_collision_is_as_bad_as_the_overload_it_explains() -> None:
    assert peak_collision.severity == "major"


def test_what_a_message_needs_must_be_known_before_it_is_in_time() -> None:
    text = """
    channels: {sms: {latency: 5s}}
    platforms: {gateway: {processing: 1s}}
    communications:
      known: {needs: [], deadline: 1h, routes: [{channel: sms, platforms: [gateway]}]}
      open: {deadline: 1h, routes: [{channel: sms, platforms: [gateway]}]}
    """
    assert passed(later_than_deadline, text) == {"known"}
    assert set(not_assessed(later_than_deadline, text)) == {"open"}


def test_a_time_with_gaps_is_told_as_at_least_so_much() -> None:
    text = """
    channels: {email: {latency: 1h}}
    platforms: {p: {processing: %s}}
    communications: {c: {deadline: 30m, needs: [], routes: [{channel: email, platforms: [p]}]}}
    """
    assert one_finding(later_than_deadline, text % "0s").message.startswith("'c' takes 1 h at worst")
    assert one_finding(later_than_deadline, text % "unknown").message.startswith("'c' takes at least 1 h at worst")


def test_a_step_of_several_late_routes_is_sped_up_once_for_all_of_them() -> None:
    text = """
    channels: {email: {latency: 0s}, sms: {latency: 40m}}
    platforms: {p: {processing: 8h}}
    communications: {c: {deadline: 1h, send: all, needs: [], routes: [
      {channel: email, platforms: [p]}, {channel: sms, platforms: [p]}]}}
    """
    finding = one_finding(later_than_deadline, text)
    assert finding.fix is not None
    assert finding.fix.summary == "speed up this step: through p 8 h down to 20 min"
    assert finding.fix.changes == ({"change": {"p": {"processing": "20m"}}},)
    assert findings_of(later_than_deadline, with_changes(inventory_of(text), finding.fix.changes)) == []
