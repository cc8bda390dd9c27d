from __future__ import annotations

import pytest

from cx_map.rules.channels.authentication_on_a_restricted_channel import authentication_on_a_restricted_channel as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of


def code(channels: str, content: str = "credential.one_time_code", purpose: str = "security") -> str:
    return f"communications: {{c: {{purpose: {purpose}, content: [{content}], channels: [{channels}]}}}}\n"


@pytest.mark.parametrize(
    ("channels", "severity"),
    [("sms", "critical"), ("phone", "critical"), ("sms, phone", "critical"), ("email", "critical"), ("sms, email", "critical"),
     ("push", None), ("sms, push", None), ("email, push", "major"), ("portal", None)],
)  # fmt: skip
def test_channels(channels: str, severity: str | None) -> None:
    assert [one.severity for one in findings(rule, code(channels))] == ([severity] if severity else [])


def test_only_codes_of_security_messages() -> None:
    assert passed(rule, code("sms", "account.number")) == {"c"}
    assert passed(rule, code("sms", "{attribute: credential.one_time_code, render: link}")) == {"c"}
    assert passed(rule, code("sms", purpose="servicing")) == set()
    assert findings(rule, code("sms", purpose="servicing")) == []


def test_what_is_not_known() -> None:
    assert set(not_assessed(rule, "communications: {c: {purpose: security, channels: [sms]}}")) == {"c"}
    assert set(not_assessed(rule, "communications: {c: {purpose: security, content: [credential.token]}}")) == {"c"}
    assert set(not_assessed(rule, code("mine") + "channels: {mine: {}}")) == {"c"}
    assert (
        one_finding(rule, code("sms, mine") + "channels: {mine: {kind: push, status: retired}}").severity == "critical"
    )


def test_a_way_over_an_app_that_is_there_is_offered() -> None:
    other = "  d: {purpose: marketing, content: [], routes: [{channel: push, platforms: [app]}]}\nplatforms: {app: {}}"
    text = (
        code("sms")
        .replace("communications: {c: {", "communications:\n  c: {")
        .replace("channels: [sms]}}", "routes: [{channel: sms}]}")
    )
    inventory = inventory_of(text + other)
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert finding.fix.changes
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_an_app_behind_something_retired_is_no_other_way() -> None:
    text = """
platforms: {hub: {STATUS}}
communications:
  c: {purpose: security, content: [credential.one_time_code], routes: [{channel: sms}, {channel: push, platforms: [hub]}]}
"""
    assert findings(rule, text.replace("STATUS", "")) == []
    assert one_finding(rule, text.replace("STATUS", "status: proposed")).severity == "critical"
