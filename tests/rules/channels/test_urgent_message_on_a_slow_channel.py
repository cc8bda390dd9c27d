from __future__ import annotations

import pytest

from cx_map.audit.engine import audit
from cx_map.rules.channels.urgent_message_on_a_slow_channel import urgent_message_on_a_slow_channel as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of


def alert(channels: str, latencies: str = "", deadline: str = "5m") -> str:
    return f"communications:\n  c: {{deadline: {deadline}, channels: [{channels}]}}\nchannels: {{{latencies}}}\n"


@pytest.mark.parametrize(
    ("channels", "latencies", "late"),
    [
        ("letter", "", True), ("email", "email: {latency: 10m}", True), ("email", "email: {latency: {p50: 1m, p95: 10m}}", True),
        ("email, sms", "email: {latency: 10m}, sms: {latency: 5m}", False), ("email, sms", "email: {latency: 10m}", False),
        ("letter, email", "email: {latency: 1h}", True), ("letter", "letter: {latency: 1m}", True),
    ],
)  # fmt: skip
def test_every_channel_is_late(channels: str, latencies: str, late: bool) -> None:
    assert bool(findings(rule, alert(channels, latencies))) == late


def test_a_letter_may_take_its_time() -> None:
    assert passed(rule, alert("letter", "letter: {latency: 2d}", deadline="3d")) == {"c"}
    assert set(not_assessed(rule, alert("letter", deadline="3d"))) == {"c"}


def test_unknown_latency_and_deadline_are_not_assessed() -> None:
    assert set(not_assessed(rule, alert("email"))) == {"c"}
    assert set(not_assessed(rule, "communications: {c: {channels: [letter]}}")) == {"c"}
    assert set(not_assessed(rule, "communications: {c: {deadline: 5m}}")) == {"c"}


def test_retired_channels_do_not_help() -> None:
    assert findings(rule, alert("letter, quick", "quick: {kind: push, latency: 1s, status: retired}"))


def test_a_way_in_use_that_is_in_time_and_may_carry_it_mends() -> None:
    other = "platforms: {hub: {}}\n"
    text = alert("letter", "push: {latency: 2s}").replace(
        "channels: [letter]}",
        "routes: [{channel: letter}], content: [identity.name]}\n  d: {routes: [{channel: push, platforms: [hub]}]}",
    )
    inventory = inventory_of(text + other)
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert finding.fix.changes
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []
    secret = one_finding(rule, (text + other).replace("identity.name", "health.condition"))
    assert secret.fix is not None
    assert secret.fix.changes == ()


@pytest.mark.parametrize(
    ("purpose", "latency", "severity"),
    [
        ("security", "10m", "critical"), ("servicing", "10m", "major"), ("security", "{p50: 1m, p95: 10m}", "minor"),
    ],
)  # fmt: skip
def test_severity_is_that_of_being_late(purpose: str, latency: str, severity: str) -> None:
    text = alert("email", f"email: {{latency: {latency}}}").replace("c: {", f"c: {{purpose: {purpose}, ")
    assert one_finding(rule, text).severity == severity


def test_being_late_is_told_once() -> None:
    report = audit(inventory_of(alert("email", "email: {latency: 10m}")))
    late = [one for one in report.findings if one.code in ("BOT107", "CHAN103")]
    assert [one.code for one in late] == ["CHAN103"]
    assert [one.code for one in late[0].consequences] == ["BOT107"]


def test_a_median_alone_does_not_show_that_a_channel_is_in_time() -> None:
    assert set(not_assessed(rule, alert("email", "email: {latency: {p50: 1m}}"))) == {"c"}
    assert findings(rule, alert("email", "email: {latency: {p50: 1h}}"))


@pytest.mark.parametrize(
    "routes", ["[{channel: letter}]", "[{channel: letter, share: 40%}, {channel: email, share: 60%}]"]
)
def test_the_fix_leaves_nothing_late(routes: str) -> None:
    text = f"""
channels: {{push: {{latency: 2s}}, email: {{latency: 1h}}}}
platforms: {{hub: {{processing: 1s}}}}
communications:
  c: {{deadline: 5m, needs: [], routes: {routes}}}
  d: {{needs: [], routes: [{{channel: push, platforms: [hub]}}]}}
"""
    inventory = inventory_of(text)
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    after = audit(with_changes(inventory, finding.fix.changes))
    assert [one.code for one in after.findings if one.code in ("CHAN103", "BOT107", "CX005")] == []


def test_a_fast_channel_behind_something_retired_does_not_help() -> None:
    text = """
channels: {push: {latency: 1s}}
platforms: {hub: {status: retired}, printer: {}}
communications:
  c: {deadline: 5m, needs: [], routes: [{channel: letter, platforms: [printer]}, {channel: push, platforms: [hub], fallback_for: letter}]}
"""
    assert one_finding(rule, text).related == ("letter",)
