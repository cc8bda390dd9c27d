from __future__ import annotations

import pytest

from cx_map.analyses.loop_coverage import loop_coverage
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

FIRM = """
segments: {a: {}, b: {}}
lines_of_business: {cards: {}}
teams: {care: {}}
platforms: {mailer: {}}
data_sources: {cases: {}, shelf: {}}
collection_points: {form: {channel: web}}
signals:
  good: {line_of_business: cards, from: form, identity: known, segments: [a, b], captured_in: [cases], volume: 300}
  lost: {line_of_business: cards, segments: [a], captured_in: [shelf], volume: 100}
actions: {mend: {team: care, triggered_by: [care], informs: [sorry]}}
communications: {sorry: {segments: [a], channels: [email], platforms: [mailer]}}
flows: [{from: cases, to: care, via: event}]
"""


def test_volume_that_comes_back_by_segment_line_and_channel() -> None:
    found = loop_coverage(Ecosystem(inventory_of(FIRM)))
    assert found.overall is not None
    assert (found.overall.closed, found.overall.signals, found.overall.weighted) == (0, 2, True), "b is never told"
    assert found.overall.dead_end == pytest.approx(0.25)
    assert {name: one.closed for name, one in found.by_segment.items()} == {"a": pytest.approx(0.75), "b": 0}
    told = loop_coverage(Ecosystem(inventory_of(FIRM.replace("sorry: {segments: [a]", "sorry: {segments: [a, b]"))))
    assert told.by_line["cards"].closed == pytest.approx(0.75)
    assert told.by_channel["web"].closed == 1
    assert "phone" not in told.by_channel


def test_without_every_volume_signals_are_counted() -> None:
    found = loop_coverage(Ecosystem(inventory_of(FIRM.replace(", volume: 100", ""))))
    assert found.by_segment["a"].closed == pytest.approx(0.5)
    assert not found.by_segment["a"].weighted
    assert found.by_segment["b"].weighted


def test_open_loops_are_not_assessed_and_exempt_ones_do_not_count() -> None:
    found = loop_coverage(Ecosystem(inventory_of(FIRM.replace("captured_in: [shelf]", "captured_in: unknown"))))
    assert found.overall is not None
    assert (found.overall.signals, found.overall.assessed) == (2, 1)
    exempt = FIRM + "feedback_loops: {l: {signal: lost, by_design: none, reason: thanks}}"
    assert loop_coverage(Ecosystem(inventory_of(exempt))).by_segment["a"].closed == 1
    assert loop_coverage(Ecosystem(inventory_of("teams: {care: {}}"))).overall is None


def test_every_step_of_a_journey_is_told_of_even_where_nobody_listens() -> None:
    text = FIRM.replace("good: {", "good: {about: [pay, elsewhere], ")
    text += "touchpoints: {pay: {}, wait: {}, elsewhere: {}}\njourneys: {j: {steps: [{from: pay, to: wait, share: 100%}]}}\n"
    steps = loop_coverage(Ecosystem(inventory_of(text))).by_step
    assert list(steps) == ["pay", "wait"]
    assert steps["wait"] is None
    assert steps["pay"] is not None
    assert (steps["pay"].closed, steps["pay"].signals) == (0, 1)


def test_a_segment_that_is_answered_counts_though_another_lacks_a_condition() -> None:
    flows = "{from: cases, to: care, via: event, segments: [a]}, {from: cases, to: care, keeps_identity: false, segments: [b]}"
    text = FIRM.replace("sorry: {segments: [a]", "sorry: {segments: [a, b]").replace(
        "{from: cases, to: care, via: event}", flows
    )
    found = loop_coverage(Ecosystem(inventory_of(text)))
    assert {name: one.closed for name, one in found.by_segment.items()} == {"a": pytest.approx(0.75), "b": 0}
