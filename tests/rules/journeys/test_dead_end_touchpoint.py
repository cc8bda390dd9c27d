from __future__ import annotations

import pytest

from cx_map.rulekit import Range
from cx_map.rules.journeys.dead_end_touchpoint import dead_end_touchpoint as rule
from tests.rules.judging import findings, not_assessed, one_finding, passed


def firm(last: str, steps: str = "[a, b, c]", more: str = "") -> str:
    return f"touchpoints: {{a: {{}}, b: {{}}, c: {{volume: 7/month, {last}}}}}\njourneys: {{j: {{steps: {steps}}}}}\n{more}"


@pytest.mark.parametrize(
    ("last", "verdict"), [("terminal: false", "broken"), ("terminal: true", "passed"), ("friction: low", "open")]
)
def test_the_last_step(last: str, verdict: str) -> None:
    text = firm(last)
    found = {
        "passed": passed(rule, text),
        "open": set(not_assessed(rule, text)),
        "broken": {one.subject for one in findings(rule, text)},
    }
    assert found[verdict] >= {"c"}
    assert passed(rule, text) >= {"a", "b"}


def test_branches_end_where_others_say_that_they_may() -> None:
    branches = "[{from: a, to: b}, {from: a, to: c}]"
    finding = one_finding(rule, firm("terminal: true", branches))
    assert (finding.subject, finding.severity) == ("b", "major")
    assert set(not_assessed(rule, firm("friction: low", branches))) == {"b", "c"}


def test_another_journey_may_lead_on() -> None:
    assert (
        findings(rule, firm("terminal: false", more="").replace("[a, b, c]}", "[a, b, c]}, k: {steps: [c, a]}")) == []
    )


def test_an_end_without_a_word() -> None:
    sent = "communications: {other: {trigger: {kind: event, by: a}}}"
    finding = one_finding(rule, firm("terminal: true, kind: self_service", more=sent))
    assert (finding.subject, finding.severity, finding.measures["items_per_month"]) == ("c", "minor", Range(7, 7))
    assert passed(rule, firm("terminal: true, kind: self_service")) == {"a", "b", "c"}
    assert findings(rule, firm("terminal: true, kind: assisted", more=sent)) == []
    assert findings(rule, firm("terminal: true, kind: self_service", more=sent.replace("by: a", "by: c"))) == []
    assert findings(rule, firm("terminal: true, kind: self_service", more=sent + "\npromises: {p: {made_at: c}}")) == []


def test_touchpoints_of_no_journey_are_not_looked_at() -> None:
    text = "touchpoints: {a: {terminal: false}}"
    assert findings(rule, text) == []
    assert passed(rule, text) == set()


def test_a_talk_has_an_end_of_its_own() -> None:
    text = """
        touchpoints: {app: {terminal: true}, agent: {KIND}}
        journeys: {help: {steps: [app, agent]}}
        """
    assert set(not_assessed(rule, text.replace("KIND", "kind: assisted"))) == {"agent"}
    assert set(not_assessed(rule, text.replace("KIND", "terminal: unknown"))) == {"agent"}
    assert one_finding(rule, text.replace("KIND", "kind: self_service")).confidence == "medium"
    assert one_finding(rule, text.replace("KIND", "kind: assisted, terminal: false")).confidence == "high"


def test_an_end_by_self_service_needs_a_word_even_where_some_go_on() -> None:
    text = """
        touchpoints: {form: {kind: self_service, terminal: true}, desk: {kind: assisted, terminal: true}, other: {}}
        communications: {note: {trigger: {by: other}} MORE}
        journeys: {j: {steps: [form, desk]}}
        """
    finding = one_finding(rule, text.replace(" MORE", ""))
    assert finding.message == "touchpoint 'form' of 'j' ends a journey without a word to the customer"
    assert findings(rule, text.replace(" MORE", ", done: {trigger: {by: form}}")) == []
