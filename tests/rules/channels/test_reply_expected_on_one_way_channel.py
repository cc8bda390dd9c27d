from __future__ import annotations

import pytest

from cx_map.rules.channels.reply_expected_on_one_way_channel import reply_expected_on_one_way_channel as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of


def message(fields: str, channel: str = "letter", more: str = "") -> str:
    return f"communications: {{m: {{channels: [{channel}]{fields}}}}}\ndata_sources: {{box: {{}}, old: {{status: retired}}}}\n{more}"


@pytest.mark.parametrize(
    ("fields", "channel", "verdict"),
    [
        (", expects_reply: true", "letter", "broken"), (", expects_reply: true", "email", "passed"),
        (", expects_reply: true, reply_to: box", "letter", "passed"), (", expects_reply: true, reply_to: old", "letter", "broken"),
        (", expects_reply: true, reply_to: push", "letter", "broken"), (", expects_reply: true, reply_to: phone", "letter", "passed"),
        (", expects_reply: false", "letter", "passed"), ("", "letter", "open"), (", expects_reply: true", "mine", "open"),
    ],
)  # fmt: skip
def test_ways_to_answer(fields: str, channel: str, verdict: str) -> None:
    text = message(fields, channel, "channels: {mine: {}}")
    found = {
        "passed": passed(rule, text),
        "open": set(not_assessed(rule, text)),
        "broken": {one.subject for one in findings(rule, text)},
    }
    assert found[verdict] == {"m"}


def test_customers_answer_although_nobody_expects_it() -> None:
    contact = "signals: {answers: {kind: contact, about: [m], captured_in: []}}"
    assert set(not_assessed(rule, message("", more=contact.replace("[]", "[box]")))) == {"m"}  # they are heard
    assert "answers" in one_finding(rule, message("", more=contact)).related
    assert findings(rule, message(", expects_reply: false", more=contact)) == []


def test_places_that_write_nothing_down() -> None:
    text = message(", expects_reply: true, reply_to: desk")
    assert findings(rule, text, "touchpoints: {desk: {writes_to: []}}")
    assert passed(rule, text, "touchpoints: {desk: {writes_to: [box]}}") == {"m"}


def test_the_case_system_takes_the_answers() -> None:
    inventory = inventory_of(message(", expects_reply: true", more="platforms: {cases: {capabilities: [case]}}"))
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_unknown_is_not_nowhere() -> None:
    assert set(not_assessed(rule, message(", expects_reply: true, reply_to: unknown"))) == {"m"}
    contact = "signals: {answers: {kind: contact, about: [m], captured_in: unknown}}"
    assert set(not_assessed(rule, message("", more=contact))) == {"m"}
