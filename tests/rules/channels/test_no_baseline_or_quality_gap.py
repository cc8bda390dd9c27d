from __future__ import annotations

import pytest

from cx_map.rules.channels.no_baseline_or_quality_gap import Parameters
from cx_map.rules.channels.no_baseline_or_quality_gap import no_baseline_or_quality_gap as rule
from tests.rules.judging import findings, not_assessed, one_finding, passed

FULL = "baseline: {volume: 10/month, csat: 80%, resolution: 70%, cost: 1 EUR, as_of: 2026-01}"


def firm(email: str, sms: str = FULL) -> str:
    return f"""
references: {{r: {{as_of: 2026-12-31}}}}
channels: {{email: {{{email}}}, sms: {{{sms}}}, letter: {{}}}}
communications: {{c: {{channels: [email, sms]}}}}
"""


def test_channels_in_use_need_a_whole_and_recent_baseline() -> None:
    assert passed(rule, firm(FULL)) == {"email", "sms"}
    assert one_finding(rule, firm("touch: low")).label == "no baseline"
    assert one_finding(rule, firm(FULL.replace("csat: 80%, ", ""))).label == "no csat in its baseline"
    assert one_finding(rule, firm(FULL.replace("2026-01", "2025-11"))).label == "out of date"
    assert passed(rule, firm(FULL.replace("2026-01", "2025-12"))) == {"email", "sms"}


def test_nobody_measures_or_no_date() -> None:
    assert set(not_assessed(rule, firm("touch: low", "touch: low"))) == {"email", "sms"}
    assert set(not_assessed(rule, firm(FULL.replace(", as_of: 2026-01", "")))) == {"email"}


@pytest.mark.parametrize(
    ("channels", "verdict"),
    [
        ("{channel: web, csat: 60%}, {channel: phone, csat: 71%}", "broken"), ("{channel: web, csat: 60%}, {channel: phone, csat: 70%}", "passed"),
        ("{channel: web, csat: 60%}, {channel: phone, resolution: 70%}", "open"),
        ("{channel: web, csat: 10%, support: none}, {channel: phone, csat: 70%}", "open"),
        ("{channel: web, csat: 69%, resolution: 20%}, {channel: phone, csat: 70%, resolution: 90%}", "broken"),
    ],
)  # fmt: skip
def test_gap_between_channels_of_a_task(channels: str, verdict: str) -> None:
    text = f"tasks: {{t: {{channels: [{channels}]}}}}"
    found = {
        "passed": passed(rule, text),
        "open": set(not_assessed(rule, text)),
        "broken": {one.subject for one in findings(rule, text)},
    }
    assert found[verdict] == {"t"}


def test_parameters() -> None:
    text = "tasks: {t: {channels: [{channel: web, csat: 60%}, {channel: phone, csat: 71%}]}}"
    assert passed(rule, text, parameters=Parameters(gap=0.2)) == {"t"}
