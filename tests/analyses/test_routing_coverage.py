from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses import routing_table
from cx_map.analyses.boxes import Box
from cx_map.analyses.routing_coverage import routing
from cx_map.analyses.routing_table import MOST_RIVALS, Placed, Table
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

TOPICS, SEGMENTS = ("death", "fees", "fraud"), ("young", "old")


def table_of(text: str, subject: str = "call") -> Table:
    return {one.id: table for one, table in routing(Ecosystem(inventory_of(text))).tables}[subject]


CONDITION = st.fixed_dictionaries(
    {}, optional={
        "topic": st.lists(st.sampled_from(TOPICS), min_size=1, max_size=3, unique=True),
        "segment": st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=2, unique=True),
    },
)  # fmt: skip
RULE = st.tuples(CONDITION, st.sampled_from(("a", "b")), st.sampled_from((1, 2, 3)))


@given(st.lists(RULE, min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_gaps_overlaps_and_unreachable_rules_are_those_of_brute_force(
    rules: list[tuple[dict[str, list[str]], str, int]],
) -> None:
    lines = [
        f"  r{n}: {{on: call, when: {when}, to: {to}, priority: {rank}}}" for n, (when, to, rank) in enumerate(rules)
    ]
    text = "teams: {a: {}, b: {}}\nsegments: {young: {}, old: {}}\nsignals: {call: {segments: [young, old]}}\nrouting_rules:\n"
    table = table_of((text + "\n".join(lines)).replace("'", ""))
    domain = []
    for name in table.dimensions:
        if name == "segment":
            domain.append(sorted(SEGMENTS))
        else:
            named = sorted({value for when, _, _ in rules for value in when.get(name, [])})
            everywhere = name != "severity" and all(name in when for when, _, _ in rules)
            domain.append(named if len(named) > 1 or everywhere else [*named, f"any other {name}"])
    taken: dict[tuple[str, ...], list[int]] = {}
    for cell in itertools.product(*domain):
        at = dict(zip(table.dimensions, cell, strict=True))
        taken[cell] = [
            n for n, (when, _, _) in enumerate(rules) if all(at[key] in values for key, values in when.items())
        ]
    assert table.gaps is not None
    assert table.cells(table.gaps) == sum(not numbers for numbers in taken.values())
    assert table.cells([table.whole]) == len(taken)
    rivals = set()
    for numbers in taken.values():
        best = min((rules[n][2] for n in numbers), default=0)
        first = [n for n in numbers if rules[n][2] == best]
        rivals |= {(n, m) for n, m in itertools.combinations(first, 2) if rules[n][1] != rules[m][1]}
    assert {(int(one.rule.id[1:]), int(other.rule.id[1:])) for one, other, _ in table.ambiguous} == rivals
    for placed in table.rules:
        number = int(placed.rule.id[1:])
        cells = [numbers for numbers in taken.values() if number in numbers]
        shadowed = all(any(rules[n][2] < rules[number][2] for n in numbers) for numbers in cells)
        assert table.shadowed(placed) == shadowed


def test_a_rule_more_never_opens_a_gap() -> None:
    text = """
        teams: {a: {}}
        signals: {call: {}}
        routing_rules: {one: {on: call, when: {topic: [x, y]}, to: a}, two: {on: call, when: {severity: high}, to: a}}
        """
    before = table_of(text).gaps
    after = table_of(text.rstrip().removesuffix("}") + ", three: {on: call, to: a}}").gaps
    assert before == ()
    assert after == ()


def test_the_week_is_cut_into_the_pieces_that_rules_tell_apart() -> None:
    table = table_of("""
        organization: {business_hours: mon-fri 08:00-18:00}
        teams: {a: {}}
        signals: {call: {}}
        routing_rules:
          day: {on: call, when: {hours: business}, to: a}
          saturday: {on: call, when: {hours: sat}, to: a}
        """)
    assert table.values == (("business", "sat", "all other hours"),)
    assert table.gap_texts == ("all other hours",)


def test_hours_that_are_only_names_are_names() -> None:
    table = table_of("""
        teams: {a: {}}
        signals: {call: {}}
        routing_rules: {one: {on: call, when: {hours: [high season, weekend]}, to: a}}
        """)
    assert table.values == (("high season", "weekend"),)
    assert table.gaps == ()


def test_what_is_known_of_the_signal_narrows_its_domain() -> None:
    text = """
        teams: {a: {}}
        segments: {young: {}, old: {}}
        collection_points: {form: {channel: web, topics: [fees, death]}}
        signals: {call: {from: form, segments: [young]}}
        routing_rules:
          one: {on: call, when: {segment: young, channel: web, topic: fees}, to: a}
          two: {on: call, when: {segment: old, channel: phone}, to: a}
        """
    table = table_of(text)
    assert dict(zip(table.dimensions, table.values, strict=True)) == {
        "channel": ("web",), "segment": ("young",), "topic": ("death", "fees"),
    }  # fmt: skip
    assert [one.rule.id for one in table.rules] == ["one"]
    assert table.gap_texts == ("channel web, segment young, topic death",)


def test_rules_are_found_by_id_kind_sort_or_none_and_lead_to_somebody() -> None:
    found = routing(
        Ecosystem(
            inventory_of("""
        teams: {a: {}, gone: {status: retired}}
        signals: {call: {kind: contact}, post: {kind: complaint}}
        error_types: {typo: {class: identity}, slip: {}, other: {}}
        routing_rules:
          by-id: {on: call, to: a}
          by-kind: {on: complaint, to: a}
          by-class: {on: identity, to: a}
          lost: {on: slip, to: gone}
        """)
        )
    )
    assert {one.id: [placed.rule.id for placed in table.rules] for one, table in found.tables} == {
        "call": ["by-id"], "post": ["by-kind"], "typo": ["by-class"], "slip": [],
    }  # fmt: skip
    assert {one.id: [rule.id for rule in table.idle] for one, table in found.tables if table.idle} == {"slip": ["lost"]}
    assert [one.id for one in found.unrouted] == ["other"]


def many_rules(count: int) -> str:
    rules = [f"  r{n:04}: {{on: call, when: {{topic: [x, y]}}, to: {'ab'[n % 2]}, priority: 1}}" for n in range(count)]
    return "\n".join(("teams: {a: {}, b: {}}", "signals: {call: {}}", "routing_rules:", *rules))


def test_of_rules_that_take_the_same_so_many_are_told_of_each() -> None:
    table = table_of(many_rules(120))
    told = Counter(one.rule.id for one, _, _ in table.ambiguous)
    assert told["r0000"] == MOST_RIVALS + 1, "one more than is told: then it is known that there are more"
    assert told["r0117"] == 1
    assert table.uncompared == frozenset()
    assert [other.rule.id for one, other, _ in table.ambiguous if one.rule.id == "r0000"][:3] == [
        "r0001", "r0003", "r0005",
    ]  # fmt: skip


def test_a_rule_is_compared_with_so_many_others(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: Counter[str] = Counter()
    contested = Table._contested

    def counted(self: Table, one: Placed, other: Placed) -> Box | None:
        compared[one.rule.id] += 1
        return contested(self, one, other)

    monkeypatch.setattr(Table, "_contested", counted)
    monkeypatch.setattr(routing_table, "MOST_COMPARED", 30)
    table = table_of(many_rules(100).replace("to: b", "to: a"))
    assert table.ambiguous == ()
    assert max(compared.values()) == 30
    assert table.uncompared == {f"r{n:04}" for n in range(69)}


def test_a_rule_is_held_against_those_only_that_ask_for_one_of_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    held = 0
    uncovered = routing_table.uncovered

    def counted(whole: Box, cover: Iterable[Box], limit: int = 10_000) -> list[Box] | None:
        nonlocal held
        boxes = list(cover)
        held += len(boxes)
        return uncovered(whole, boxes, limit)

    lines = [f"  r{n:04}: {{on: call, when: {{topic: [x{n}]}}, to: a, priority: {n}}}" for n in range(200)]
    table = table_of("\n".join(("teams: {a: {}}", "signals: {call: {}}", "routing_rules:", *lines)))
    monkeypatch.setattr(routing_table, "uncovered", counted)
    assert not any(table.shadowed(one) for one in table.rules)
    assert held == 0
