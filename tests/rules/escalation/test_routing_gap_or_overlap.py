from __future__ import annotations

import pytest

from cx_map.load.loader import load
from cx_map.rulekit import Range
from cx_map.rules.escalation import routing_gap_or_overlap as module
from cx_map.rules.escalation.routing_gap_or_overlap import routing_gap_or_overlap as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

BASE = """
teams: {a: {}, b: {}, c: {}}
signals: {call: {volume: 100/month}}
"""


def rules(text: str) -> str:
    return BASE + "routing_rules:\n" + "\n".join(f"  {line.strip()}" for line in text.strip().splitlines())


def test_uncovered_cells_are_told_as_the_largest_box() -> None:
    finding = one_finding(
        rule,
        rules("""
        one: {on: call, when: {topic: bereavement, hours: mon-fri 08:00-18:00}, to: a}
        two: {on: call, when: {topic: [fees, other]}, to: b}
        """),
    )
    assert finding.subject == "call"
    assert finding.severity == "major"
    assert (finding.measures["uncovered_cells"], finding.measures["cells"]) == (1, 6)
    assert finding.measures["items_per_month"] == Range(0, 100)
    assert "all other hours, topic bereavement" in finding.message


def test_the_default_rule_of_the_fix_goes_last_and_closes_the_gap() -> None:
    for priority in ("", ", priority: 4"):
        inventory = inventory_of(rules(f"one: {{on: call, when: {{segment: x, hours: weekend}}, to: a{priority}}}"))
        (finding,) = findings_of(rule, inventory)
        assert finding.fix is not None
        assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_overlap_needs_the_same_priority_and_another_target() -> None:
    text = """
        one: {on: call, when: {topic: [fees, death]}, to: a, priority: 1}
        two: {on: call, when: {topic: [death, fraud]}, to: b, priority: 1}
        """
    finding = one_finding(rule, rules(text))
    assert (finding.subject, finding.related) == ("one", ("two",))
    assert "topic death" in finding.message
    assert findings(rule, rules(text.replace("b, priority: 1", "b, priority: 2"))) == []
    assert findings(rule, rules(text.replace("to: b", "to: a"))) == []
    earlier = "zero: {on: call, when: {topic: death}, to: c, priority: 0}\n"
    assert findings(rule, rules(text + earlier)) == []


def test_without_priorities_the_special_case_goes_first() -> None:
    assert (
        findings(
            rule,
            rules("""
        special: {on: call, when: {topic: fees}, to: a}
        general: {on: call, to: b}
        """),
        )
        == []
    )
    assert (
        one_finding(
            rule,
            rules("""
        one: {on: call, when: {topic: [fees, death]}, to: a}
        two: {on: call, when: {topic: [death, fraud]}, to: b}
        """),
        ).subject
        == "one"
    )
    assert (
        one_finding(
            rule,
            rules("""
        one: {on: call, to: a}
        two: {on: call, to: b}
        """),
        ).subject
        == "one"
    )


def test_a_rule_behind_all_others_never_applies() -> None:
    finding = one_finding(
        rule,
        rules("""
        all-day: {on: call, when: {hours: 24x7}, to: a, priority: 1}
        night: {on: call, when: {hours: 18:00-08:00}, to: b, priority: 2}
        """),
    )
    assert finding.subject == "night"
    assert finding.related == ("all-day",)
    assert (
        findings(
            rule,
            rules("""
        night: {on: call, when: {hours: 18:00-08:00}, to: b, priority: 1}
        rest: {on: call, to: a, priority: 2}
        """),
        )
        == []
    )


def test_severity_that_no_rule_asks_for() -> None:
    text = (
        BASE
        + """
        error_types: {typo: {severity: minor}, leak: {severity: critical}}
        routing_rules: {all: {on: error, to: a}}
        """.replace("\n        ", "\n")
    )
    finding = one_finding(rule, text)
    assert (finding.subject, finding.severity) == ("all", "minor")
    better = text.replace("{all:", "{grave: {on: error, when: {severity: critical}, to: b, priority: 1}, all:")
    assert findings(rule, better) == []


def test_what_no_rule_names_is_not_assessed() -> None:
    assert not_assessed(rule, rules("one: {on: somebody-else, to: a}")) == {
        "call": "no routing rule names it",
        "one": "no signal or error type that it takes is described",
    }
    assert passed(rule, rules("one: {to: a}")) == {"call", "one"}


def test_many_signals_of_one_kind_are_judged_once() -> None:
    many = "\n".join(f"  s{n}: {{kind: contact}}" for n in range(3000))
    lines = "\n".join(f"  r{n}: {{on: contact, when: {{topic: t{n}}}, to: a, priority: 1}}" for n in range(300))
    text = f"teams: {{a: {{}}}}\nsignals:\n{many}\nrouting_rules:\n{lines}\n"
    assert findings(rule, text) == []
    assert len(passed(rule, text)) == 3300


def test_own_inventory_has_no_false_alarm() -> None:
    assert findings_of(rule, load("examples/minimal")) == []


def test_a_value_that_only_some_rules_ask_for_is_not_the_only_one() -> None:
    """By channel first, by hours next: the second rule applies to all other channels, whose other hours nobody takes."""
    text = """
        teams: {a: {}, b: {}}
        signals: {letters: {kind: complaint}}
        routing_rules:
          by-branch: {on: complaint, when: {channel: branch}, to: a, priority: 1}
          saturday: {on: complaint, when: {hours: "sa 10-12"}, to: b, priority: 2}
        """
    assert "any other channel" in one_finding(rule, text).message
    grave = "teams: {a: {}}\nsignals: {s: {}}\nrouting_rules: {r: {on: s, when: {severity: critical}, to: a}}"
    assert "any other severity" in one_finding(rule, grave).message
    same = "teams: {a: {}}\nsignals: {s: {}}\nrouting_rules: {r: {on: s, when: {channel: phone}, to: a}}"
    assert findings(rule, same) == []


def test_hours_that_nobody_understands_do_not_fill_the_week() -> None:
    text = "teams: {a: {}}\nsignals: {s: {}}\nrouting_rules: {r: {on: s, when: {hours: HOURS}, to: a}}"
    assert (
        not_assessed(rule, text.replace("HOURS", "when open"))["s"]
        == "the hours of its routing rules are not understood"
    )
    assert "all other hours" in one_finding(rule, text.replace("HOURS", "пн-пт 09:00-18:00")).message


def test_a_rule_to_a_retired_team_leads_to_nobody() -> None:
    text = "teams: {gone: {status: retired}}\nsignals: {s: {kind: complaint}}\nrouting_rules: {r: {on: complaint, to: gone}}"
    finding = one_finding(rule, text)
    assert finding.message == "signal 's' goes to nobody: 'r' leads to 'gone', which is retired"
    assert findings(rule, text.replace("{status: retired}", "{}")) == []


def test_a_rule_for_everything_to_a_retired_team_leads_to_nobody_too() -> None:
    text = "teams: {gone: {status: retired}}\nsignals: {s: {}}\nrouting_rules: {r: {to: gone}}"
    assert one_finding(rule, text).message == "signal 's' goes to nobody: 'r' leads to 'gone', which is retired"
    assert findings(rule, text.replace("{to: gone}", "{on: [], to: gone}")) == [], "it takes nothing"


def test_two_rules_of_which_one_does_not_say_where_it_leads_are_no_overlap() -> None:
    for to in ("", ", to: unknown"):
        text = f"teams: {{a: {{}}}}\nsignals: {{s: {{}}}}\nrouting_rules: {{one: {{priority: 1, to: a}}, two: {{priority: 1{to}}}}}"
        assert findings(rule, text) == []


def test_a_rule_of_which_nobody_knows_what_it_takes_may_take_what_is_left() -> None:
    gap = "teams: {a: {}}\nsignals: {s: {}}\nrouting_rules: {one: {on: s, when: {hours: weekend}, to: a} MORE}"
    assert [one.subject for one in findings(rule, gap.replace(" MORE", ""))] == ["s"]
    for unknown in ("on: unknown", "on: s, when: unknown"):
        text = gap.replace(" MORE", f", two: {{{unknown}, to: a}}")
        assert findings(rule, text) == []
        assert not_assessed(rule, text) == {
            "s": "it is not known what routing rule 'two' takes", "two": "it is not known what it takes",
        }  # fmt: skip


def test_a_segment_that_no_rule_asks_for_is_not_forgotten() -> None:
    text = """
        teams: {a: {}, b: {}}
        segments: {retail: {}, sme: {}, private: {}, old: {status: retired}}
        signals: {s: {SAID}}
        collection_points: {form: {segments: [sme]}}
        routing_rules: {one: {on: s, when: {segment: sme}, to: a}, two: {on: s, when: {segment: private}, to: b}}
        """
    assert one_finding(rule, text.replace("SAID", "")).label == "no rule for segment retail"
    assert findings(rule, text.replace("SAID", "segments: [sme, private]")) == []
    assert findings(rule, text.replace("SAID", "from: form")) == []


def test_an_error_of_unknown_severity_may_have_any_of_the_four() -> None:
    text = "teams: {a: {}}\nerror_types: {e: {SEVERITY}}\nrouting_rules: {r: {on: e, when: {severity: [major, critical]}, to: a}}"
    assert one_finding(rule, text.replace("SEVERITY", "")).label == "no rule for severity minor or moderate"
    assert findings(rule, text.replace("SEVERITY", "severity: major")) == []


def test_of_very_many_rules_that_take_the_same_the_first_are_told_and_that_there_are_more() -> None:
    text = rules("\n".join(f"r{n:03}: {{on: call, to: {'ab'[n % 2]}, priority: 1}}" for n in range(60)))
    told = [finding.subject for finding in findings(rule, text)]
    assert told.count("r000") == 20
    assert told.count("r058") == 1
    assert len(told) == sum(min(20, (60 - n) // 2) for n in range(60))
    more = "it takes the same as more rules than the first 20, which are told"
    assert not_assessed(rule, text) == {f"r{n:03}": more for n in range(19)}


def test_what_is_told_of_very_many_pieces_is_said_to_be_of_the_largest(monkeypatch: pytest.MonkeyPatch) -> None:
    text = rules("one: {on: call, when: {severity: high}, to: a}")
    before = one_finding(rule, text).evidence
    monkeypatch.setattr(module, "MOST_GROWN", 0)
    assert one_finding(rule, text).evidence[: len(before)] == before
    assert one_finding(rule, text).evidence[-1][0] == "told are the largest"
