from __future__ import annotations

import pytest

from cx_map.rules.channels.task_not_doable_digitally import Parameters
from cx_map.rules.channels.task_not_doable_digitally import task_not_doable_digitally as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of


def task(channels: str, volume: str = "volume: 5000/month, ") -> str:
    items = ", ".join(
        f"{{channel: {name}, support: {level}}}" for name, level in (one.split(":") for one in channels.split())
    )
    return f"tasks: {{t: {{{volume}channels: [{items}]}}}}\n"


@pytest.mark.parametrize(
    ("channels", "verdict"),
    [
        ("phone:full web:info", "broken"), ("phone:full branch:full", "broken"), ("phone:full web:full", "passed"),
        ("phone:partial web:info", "passed"), ("phone:full email:full", "open"), ("phone:full web:unknown", "open"),
        ("phone:full email:none", "broken"),
    ],
)  # fmt: skip
def test_who_can_complete_it(channels: str, verdict: str) -> None:
    text = task(channels)
    found = {
        "passed": passed(rule, text),
        "open": set(not_assessed(rule, text)),
        "broken": {one.subject for one in findings(rule, text)},
    }
    assert found[verdict] == {"t"}


def test_pools_make_a_channel_staffed() -> None:
    assert one_finding(rule, task("email:full"), "agent_pools: {desk: {channels: [email]}}").related == (
        "email",
        "desk",
    )


def test_volume() -> None:
    assert passed(rule, task("phone:full", "volume: 999/month, ")) == {"t"}
    assert set(not_assessed(rule, task("phone:full", ""))) == {"t"}
    assert passed(rule, task("phone:full"), parameters=Parameters(items=5001)) == {"t"}
    assert set(not_assessed(rule, "tasks: {t: {volume: 9999/month}}")) == {"t"}


def test_the_channel_where_customers_are_is_proposed() -> None:
    reach = "segments: {s: {reachable_by: {web: 30%, portal: 60%}}}"
    text = task("phone:full web:info portal:info").replace("{t: {", "{t: {segments: [s], ")
    inventory = inventory_of(text, reach)
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert "'portal'" in finding.fix.summary
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_the_fix_keeps_what_is_written_of_the_other_channels() -> None:
    text = """
tasks:
  status:
    volume: 20000/month
    channels: [{channel: phone, support: full, csat: {value: 80%, basis: estimated}, x-note: keep}, {channel: web, support: info}]
"""
    fix = one_finding(rule, text).fix
    assert fix is not None
    (change,) = fix.changes
    assert change == {
        "change": {
            "status": {
                "channels": [
                    {
                        "channel": "phone",
                        "support": "full",
                        "csat": {"value": "80%", "basis": "estimated"},
                        "x-note": "keep",
                    },
                    {"channel": "web", "support": "full"},
                ]
            }
        }
    }
