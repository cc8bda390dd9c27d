from __future__ import annotations

import pytest

from cx_map.rules.journeys.promise_with_no_return_path import promise_with_no_return_path as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

FIRM = """
teams: {care: {}, gone: {status: retired}}
agent_pools: {desk: {team: care, channels: [phone]}}
segments: {young: {}, old: {}}
data_sources: {log: {}, queue: {}, dead: {status: retired}}
touchpoints: {hotline: {channel: phone, writes_to: [log]}}
journeys: {help: {segments: [young], steps: [hotline]}}
metrics: {kept: {}}
actions: {call-back: {team: care, kind: reply, within: 20h}}
flows: [{from: log, to: queue, via: event, latency: 1h}]
promises:
  p: {made_at: hotline, within: 24h, recorded_in: queue, kept_by: call-back, monitored_by: kept, owner: care}
"""


def firm(**fields: str | None) -> str:
    """The firm with fields of its promise replaced, or left out (None)."""
    head, _, tail = FIRM.partition("promises:\n  p: {")
    said = dict(part.split(": ", 1) for part in tail.strip().rstrip("}").split(", "))
    said.update({name: value for name, value in fields.items() if value is not None})
    kept = {name: value for name, value in said.items() if fields.get(name, "") is not None}
    return head + "promises:\n  p: {" + ", ".join(f"{name}: {value}" for name, value in kept.items()) + "}\n"


def why(text: str) -> str:
    return one_finding(rule, text).label


def test_a_promise_that_is_kept() -> None:
    assert passed(rule, FIRM) == {"p"}
    assert passed(rule, firm()) == {"p"}


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        ({"recorded_in": None}, "nobody says where it is recorded"),
        ({"recorded_in": "[]"}, "it is recorded nowhere"),
        ({"recorded_in": "dead"}, "'dead' is retired"),
        ({"kept_by": None}, "nobody says what keeps it"),
        ({"kept_by": "[]"}, "nothing keeps it"),
        ({"monitored_by": None}, "nobody says what watches that it is kept"),
        ({"monitored_by": "[]"}, "nothing watches that it is kept"),
        ({"within": "20h"}, "it takes longer than promised"),
        ({"recorded_in": None, "kept_by": None, "monitored_by": None}, "nobody says where it is recorded"),
    ],
)
def test_the_first_missing_element(fields: dict[str, str | None], first: str) -> None:
    finding = one_finding(rule, firm(**fields))
    assert finding.label == first
    assert finding.severity == ("minor" if "watches" in first else "major")
    assert finding.confidence == ("medium" if "nobody says" in first else "high")


@pytest.mark.parametrize("field", ["recorded_in", "kept_by", "monitored_by"])
def test_what_nobody_knows_is_not_held_against_it(field: str) -> None:
    """Asked, and nobody knows: that is no proof that there is none."""
    assert set(not_assessed(rule, firm(**{field: "unknown"}))) == {"p"}


def test_the_record_is_reached_along_flows() -> None:
    assert "never reaches 'queue'" in why(FIRM.replace("via: event", "via: none"))
    assert set(not_assessed(rule, FIRM.replace(", writes_to: [log]", ""))) == {"p"}
    direct = FIRM.replace("writes_to: [log]", "writes_to: [queue]").replace("via: event", "via: none")
    assert passed(rule, direct) == {"p"}


def test_somebody_has_it() -> None:
    ownerless = FIRM.replace(", owner: care", "").replace("{team: care, kind: reply", "{informs: note, kind: reply")
    ownerless += "communications: {note: {deadline: 1h}}\n"
    assert why(ownerless) == "nobody says which team has it"
    assert why(ownerless.replace("made_at: ", "owner: [], made_at: ")) == "no team has it"
    assert passed(rule, ownerless.replace("queue: {}", "queue: {owner: care}")) == {"p"}
    assert why(ownerless.replace("queue: {}", "queue: {owner: gone}")) == "'gone' is retired"


def test_an_action_needs_a_way_to_the_customer() -> None:
    alone = FIRM.replace("channels: [phone]}", "channels: []}")
    assert set(not_assessed(rule, alone)) == {"p"}
    assert "tells the customer nothing" in why(alone.replace("kind: reply,", "kind: reply, informs: [],"))
    note = alone.replace("kind: reply,", "kind: reply, informs: note,")
    assert passed(rule, note, "communications: {note: {deadline: 1h}}") == {"p"}
    assert "cannot reach a customer" in why(note + "communications: {note: {needs: [dead], deadline: 1h}}")
    assert why(note + "communications: {note: {segments: [old], deadline: 1h}}") == "'note' never goes to 'young'"
    assert passed(rule, note, "communications: {note: {segments: [old, young], deadline: 1h}}") == {"p"}


def test_time_adds_up_and_the_quickest_way_counts() -> None:
    assert passed(rule, firm(within="21h")) == {"p"}
    finding = one_finding(rule, firm(within="20h"))
    assert (finding.measures["hours_needed"], finding.measures["hours_promised"]) == (21, 20)
    two = firm(kept_by="[call-back, note]", within="20h") + "communications: {note: {deadline: 2h}}"
    assert passed(rule, two) == {"p"}


def test_a_weekly_run_is_too_late_whatever_is_unknown_else() -> None:
    text = firm(kept_by="note") + "communications: {note: {schedule: {run: 1w}, channels: [letter]}}"
    assert why(text) == "it takes longer than promised"
    unknown = firm(kept_by="note") + "communications: {note: {channels: [letter]}}"
    assert set(not_assessed(rule, unknown)) == {"p"}
    assert findings(rule, FIRM.replace(", within: 20h", "")) == []


@pytest.mark.parametrize("fields", [{"monitored_by": None}, {"recorded_in": None}])
def test_a_single_missing_field_can_be_filled_in(fields: dict[str, str | None]) -> None:
    inventory = inventory_of(firm(**fields))
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert finding.fix.changes
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_several_missing_elements_need_people() -> None:
    fix = one_finding(rule, firm(recorded_in=None, kept_by=None)).fix
    assert fix is not None
    assert fix.changes == ()


def strip(text: str) -> dict[str, str]:
    return dict(one_finding(rule, text).evidence)


def test_what_rests_on_a_missing_element_is_not_said_to_be_there() -> None:
    unkept = strip(firm(kept_by=None))
    assert [unkept[one] for one in ("kept", "delivered", "segment", "in time")] == [
        "nobody says what keeps it",
        "–",
        "–",
        "–",
    ]
    assert (unkept["recorded"], unkept["monitored"]) == ("yes", "yes")
    unrecorded = strip(firm(recorded_in=None))
    assert (unrecorded["delivered"], unrecorded["in time"]) == ("yes", "–")
    assert strip(firm(within="20h"))["delivered"] == "yes"


def test_a_promise_to_a_segment_out_of_use_is_made_to_nobody() -> None:
    text = """
        teams: {care: {}}
        segments: {retail: {}, gone: {STATUS}}
        data_sources: {tasks: {owner: care}}
        touchpoints: {call: {writes_to: tasks}}
        journeys: {j: {segments: [retail, gone], steps: [call]}}
        communications: {answer: {segments: [retail], channels: [letter], platforms: [press]}}
        platforms: {press: {}}
        promises: {p: {made_at: call, recorded_in: tasks, kept_by: answer, monitored_by: care, within: 9d}}
        """
    assert findings(rule, text.replace("STATUS", "status: retired")) == []
    assert "never goes to 'gone'" in one_finding(rule, text.replace("STATUS", "")).message
