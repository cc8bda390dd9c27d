"""Where a loop's time goes, and the fewest steps to speed up."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.loop_times import seconds_by_stage, slowest, speedups, whole_duration
from cx_map.analyses.loop_walks import Walk
from cx_map.graph.response import Edge
from cx_map.model.chapter_feedback import Action, Insight
from cx_map.model.chapter_map import Communication, Flow

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def flow(number: int, seconds: float) -> Edge:
    return Edge(f"f{number}", f"g{number}", "feeds", Flow(from_=f"f{number}", to=f"g{number}"), seconds=seconds)


def trigger(number: int, seconds: float) -> Edge:
    return Edge("team", f"a{number}", "triggers", Action(id=f"a{number}"), seconds=seconds)


def analysis(number: int, seconds: float) -> Edge:
    return Edge("store", f"i{number}", "analysed_by", Insight(id=f"i{number}"), seconds=seconds)


def reply(number: int, seconds: float) -> Edge:
    return Edge(f"a{number}", f"c{number}", "informs", Communication(id=f"c{number}"), seconds=seconds)


SECONDS = st.sampled_from([0.0, 20.0, 60.0, 95.0, 100.0, 3600.0, 9000.0, 86400.0, 400000.0])
EDGES = st.lists(st.tuples(st.sampled_from([flow, trigger, analysis, reply]), SECONDS), max_size=5).map(
    lambda kinds: [make(number, seconds) for number, (make, seconds) in enumerate(kinds)]
)


def least(edge: Edge) -> float:
    """What a step takes at least: an event nothing, a team or a report a thirtieth in whole units and a second."""
    seconds = edge.seconds or 0.0
    if isinstance(edge.entity, Flow):
        return 0.0
    if edge.label not in ("triggers", "analysed_by"):
        return seconds
    thirtieth = seconds / 30
    if 60 <= thirtieth < 120:
        return 60.0
    unit = next((size for size in UNITS.values() if thirtieth >= 2 * size), 1)
    return min(seconds, max(thirtieth // unit, 1) * unit)


def written(text: Any) -> float:
    return float(text[:-1]) * UNITS[text[-1]]


@settings(max_examples=300, deadline=None)
@given(EDGES, st.sampled_from([0.0, 60.0, 100.0, 4000.0, 90000.0]))
def test_the_fewest_steps_bring_a_walk_within_its_limit(edges: list[Edge], limit: float) -> None:
    total = sum(edge.seconds or 0.0 for edge in edges)
    found = speedups(Walk(tuple(edges), total), limit)
    gives = [(edge.seconds or 0.0) - least(edge) for edge in edges]
    enough = [
        size
        for size in range(len(edges) + 1)
        if any(total - sum(chosen) <= limit for chosen in itertools.combinations(gives, size))
    ]
    if total <= limit or not enough:
        assert found == ()
        return
    assert len(found) == enough[0]
    after = total
    for one in found:
        ((kind, body),) = one.operator.items()
        if kind == "connect":
            after -= next(edge.seconds or 0.0 for edge in edges if edge.source == body["from"])  # type: ignore[index]  # of a flow
        else:
            ((name, change),) = body.items()  # type: ignore[attr-defined]  # of an action or an insight
            (new,) = change.values()
            after -= next(edge.seconds or 0.0 for edge in edges if edge.target == name) - written(new)
    assert after <= limit


def test_a_flow_that_gives_all_of_its_time_beats_a_slower_team_that_cannot() -> None:
    walk = Walk((trigger(0, 100 * 3600), flow(1, 98 * 3600)), 198 * 3600)
    (one,) = speedups(walk, 101 * 3600)
    assert one.operator["connect"] == {"from": "f1", "to": "g1", "via": "event", "id": "f1-g1-event"}


def test_a_step_is_never_made_slower() -> None:
    walk = Walk((trigger(0, 0.5), flow(1, 10.0)), 10.5)
    assert speedups(walk, 0.2) == (), "no whole number of seconds is less"
    assert len(speedups(walk, 5.0)) == 1


def test_only_the_stages_asked_for_count() -> None:
    walk = Walk((analysis(0, 86400.0), trigger(1, 7200.0)), 93600.0)
    (one,) = speedups(walk, 3600.0, ("act",))
    assert one.operator == {"change": {"a1": {"within": "60m"}}}
    assert seconds_by_stage(walk) == {"analyse": 86400.0, "act": 7200.0}
    assert slowest(walk.edges).target == "i0"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(200000, "2d"), (100000, "27h"), (7200, "2h"), (7199, "119m"), (119, "1m"), (5, "5s"), (0.2, "1s")],
)
def test_durations_are_rounded_down_to_whole_units(seconds: float, text: str) -> None:
    assert whole_duration(seconds) == text
