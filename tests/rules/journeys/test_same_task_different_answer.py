from __future__ import annotations

import pytest

from cx_map.rules.journeys.same_task_different_answer import same_task_different_answer as rule
from tests.rules.judging import findings, not_assessed, passed


def task(*channels: str) -> str:
    return f"data_sources: {{a: {{}}, b: {{}}, hub: {{}}}}\ntasks: {{t: {{channels: [{', '.join(f'{{{one}}}' for one in channels)}]}}}}\n"


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [(("full", "none"), "broken"), (("full", "info"), "broken"), (("full", "partial"), "passed"), (("partial", "none"), "passed"),
     (("full", "unknown"), "open")],
)  # fmt: skip
def test_support(levels: tuple[str, str], verdict: str) -> None:
    text = task(f"channel: web, support: {levels[0]}", f"channel: phone, support: {levels[1]}")
    found = {
        "passed": passed(rule, text),
        "open": set(not_assessed(rule, text)),
        "broken": {one.subject for one in findings(rule, text)},
    }
    assert found[verdict] == {"t"}


@pytest.mark.parametrize(
    ("flows", "agree"),
    [("", False), ("{from: a, to: b}", True), ("{from: b, to: a}", True), ("{from: hub, to: a}, {from: hub, to: b}", True),
     ("{from: a, to: hub}, {from: b, to: hub}", False), ("{from: a, to: b, via: none}", False)],
)  # fmt: skip
def test_knowledge(flows: str, agree: bool) -> None:
    text = task("channel: web, knowledge: a", "channel: phone, knowledge: b") + f"flows: [{flows}]"
    assert (findings(rule, text) == []) == agree
    assert (passed(rule, text) == {"t"}) == agree


def test_one_store_for_all() -> None:
    assert passed(rule, task("channel: web, knowledge: a", "channel: phone, knowledge: a")) == {"t"}


def test_channels_and_stores_out_of_use_answer_nothing() -> None:
    text = """
        channels: {kiosk: {STATUS}}
        data_sources: {kb: {}, old-kb: {STATUS}}
        tasks: {t: {channels: [{channel: web, support: full, knowledge: kb}, {channel: kiosk, support: none},
                               {channel: phone, support: full, knowledge: old-kb}]}}
        """
    assert findings(rule, text.replace("STATUS", "status: retired")) == []
    assert len(findings(rule, text.replace("STATUS", ""))) == 1
