"""A way of thousands of steps is told by its ends, and it is said that it is."""

from __future__ import annotations

from cx_map.graph.response import Edge
from cx_map.rulekit.ways import MOST_STEPS, shortened, steps_of
from tests.rules.collection.said import said


def way(length: int) -> tuple[Edge, ...]:
    return tuple(Edge(f"s{number}", f"s{number + 1}", "feeds", None) for number in range(length))


def test_a_short_way_is_told_whole() -> None:
    edges = way(MOST_STEPS)
    assert [(one.source, one.target) for one in steps_of(edges)] == [(one.source, one.target) for one in edges]
    assert shortened(edges) == ()


def test_a_long_way_is_told_by_its_ends() -> None:
    edges = way(MOST_STEPS + 1)
    told = steps_of(edges)
    assert len(told) == MOST_STEPS
    assert (told[0].source, told[-1].target) == ("s0", f"s{MOST_STEPS + 1}")
    assert shortened(edges) == (("way", "51 steps, of which the first and the last 25 are told"),)


def test_a_finding_says_that_its_way_is_longer() -> None:
    stores = ", ".join(f"s{number:03}: {{}}" for number in range(80))
    flows = ", ".join(f"{{from: s{number:03}, to: s{number + 1:03}, via: event}}" for number in range(79))
    text = f"""
        segments: {{all: {{}}}}
        data_sources: {{{stores}}}
        flows: [{flows}]
        insights: {{report: {{inputs: [s079]}}}}
        signals: {{word: {{kind: complaint, segments: [all], identity: known, captured_in: [s000]}}}}
    """
    (breach,) = said("LOOP101", text).breaches
    assert len(breach.path) == MOST_STEPS
    assert any(name == "way" for name, _ in breach.evidence)
