from __future__ import annotations

import random

from cx_map.analyses.cyclic_supply import _circular, circles, supplies
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rules.bottlenecks.cyclic_supply import cyclic_supply
from cx_map.states.apply import with_changes
from tests.rules.judging import one_finding
from tests.rules.pages import findings_of
from tests.support import inventory_of


def eco_of(text: str) -> Ecosystem:
    return Ecosystem(inventory_of(text))


STORES = "data_sources: {a: {}, b: {}, c: {}}\nflows:\n"


def test_flows_that_are_required_both_ways() -> None:
    text = (
        STORES
        + """  - {from: a, to: b, via: file, required: true, volume: 10/month}
  - {from: b, to: c, via: file, required: true, volume: 5/month}
  - {from: c, to: a, via: file, required: %s%s}
"""
    )
    (one,) = circles(eco_of(text % ("true", "")))
    assert one.members == ("a", "b", "c")
    assert [(cut.source, cut.target) for cut in one.breaks] == [("b", "c")]
    assert circles(eco_of(text % ("false", ""))) == ()
    assert circles(eco_of(text % ("true", ", policy: blocked"))) == ()


def test_a_two_way_flow_is_a_circle_unless_it_says_how_conflicts_end() -> None:
    text = STORES + "  - {from: a, to: b, via: api, required: true, two_way: true%s}\n"
    (one,) = circles(eco_of(text % ""))
    assert one.members == ("a", "b")
    assert len(one.breaks) == 1
    assert circles(eco_of(text % ", conflict_policy: the latest wins")) == ()


def test_taking_a_two_way_flow_away_takes_both_directions() -> None:
    text = (
        STORES
        + """  - {from: a, to: b, via: api, required: true, two_way: true, volume: 1/month}
  - {from: a, to: c, via: file, required: true, volume: 9/month}
  - {from: c, to: b, via: file, required: true, volume: 8/month}
"""
    )
    (one,) = circles(eco_of(text))
    assert [(cut.source, cut.target) for cut in one.breaks] == [("a", "b")]


def test_platforms_that_need_each_other() -> None:
    text = "platforms: {a: {needs: [b]}, b: {needs: [%s]}, c: {status: retired, needs: [a]}}"
    (one,) = circles(eco_of(text % "a"))
    assert [(cut.source, cut.target) for cut in one.breaks] == [("a", "b")]
    assert circles(eco_of(text % "{any_of: [a, c]}")) == ()


def test_what_is_taken_away_breaks_every_circle_of_random_supplies() -> None:
    broken = 0
    for seed in range(100):
        chance = random.Random(seed)
        names = [f"s{n}" for n in range(chance.randint(2, 6))]
        lines = ["data_sources: {" + ", ".join(f"{name}: {{}}" for name in names) + "}", "flows:"]
        for number in range(chance.randint(1, 12)):
            one, two = chance.sample(names, 2)
            volume = f", volume: {chance.randint(1, 99)}/month" if chance.random() < 0.7 else ""
            both = ", two_way: true" if chance.random() < 0.2 else ""
            lines.append(f"  - {{id: f{number}, from: {one}, to: {two}, via: file, required: true{volume}{both}}}")
        eco = eco_of("\n".join(lines))
        removed = {cut.flow for one in circles(eco) for cut in one.breaks}
        left = [one for one in supplies(eco) if one.flow not in removed]
        assert _circular(left) == []
        broken += bool(removed)
    assert broken > 30


def test_one_direction_goes_as_a_whole_and_is_named_once() -> None:
    text = """
    platforms: {a: {needs: [b]}, b: {needs: [a]}}
    flows:
      - {from: a, to: b, via: file, required: true, volume: 5/month}
      - {from: b, to: a, via: file, required: true, volume: 1/month}
    """
    (one,) = circles(eco_of(text))
    assert [(cut.source, cut.target, cut.flow is None) for cut in one.breaks] == [("a", "b", True), ("a", "b", False)]
    finding = one_finding(cyclic_supply, text)
    assert finding.message == "'a' and 'b' cannot do without one another"
    assert dict(finding.evidence)["supplies"] == "'a' to 'b', 'b' to 'a'"
    assert finding.fix is not None
    assert finding.fix.summary == "do without what goes from 'a' to 'b'"
    assert findings_of(cyclic_supply, with_changes(inventory_of(text), finding.fix.changes)) == []


def test_nothing_is_taken_away_that_need_not_be() -> None:
    """The smallest goes first, then the one without which the smallest may stay."""
    (circle,) = circles(
        eco_of("""
    platforms: {a: , b: , c: }
    flows:
      - {from: a, to: c, required: true, volume: 3}
      - {from: b, to: a, required: true, volume: 2}
      - {from: c, to: a, required: true, volume: 3}
      - {from: c, to: b, required: true, volume: 7}
    """)
    )
    assert [(one.source, one.target) for one in circle.breaks] == [("a", "c")]
