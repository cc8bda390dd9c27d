from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses import circle_breaks
from cx_map.analyses.circle_breaks import Supply, _Breaking, breaks, circular
from cx_map.analyses.cyclic_supply import circles, supplies
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
        assert circular(left) == []
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


def greedily(inside: Sequence[Supply]) -> set[tuple[str, str]]:
    """The definition: the least direction in a circle goes, as long as there is one; then what need not go comes back."""

    def left(removed: list[list[Supply]]) -> list[Supply]:
        gone = [one for some in removed for one in some]
        return [
            one
            for one in inside
            if not any(one is other or (one.flow is not None and one.flow is other.flow) for other in gone)
        ]

    removed: list[list[Supply]] = []
    while parts := circular(left(removed)):
        directions: dict[tuple[str, str], list[Supply]] = {}
        for one in left(removed):
            if any(one.source in part and one.target in part for part in parts):
                directions.setdefault((one.source, one.target), []).append(one)

        def order(
            pair: tuple[str, str], some: Mapping[tuple[str, str], list[Supply]] = directions
        ) -> tuple[object, ...]:
            return sum(one.volume for one in some[pair]), any(one.flow is None for one in some[pair]), pair

        removed.append(directions[min(directions, key=order)])
    for direction in tuple(reversed(removed)):
        others = [one for one in removed if one is not direction]
        if not circular(left(others)):
            removed = others
    return {(one.source, one.target) for direction in removed for one in direction}


@given(st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_what_is_taken_away_is_what_the_definition_takes_away(chance: random.Random) -> None:
    names = [f"s{n}" for n in range(chance.randint(2, 9))]
    lines = ["platforms:"]
    for name in names:
        needs = [other for other in names if other != name and chance.random() < 0.15]
        lines.append(f"  {name}: {{needs: [{', '.join(needs)}]}}")
    lines.append("flows:")
    for number in range(chance.randint(1, 25)):
        one, two = chance.sample(names, 2)
        volume = f", volume: {chance.randint(1, 9)}/month" if chance.random() < 0.8 else ""
        both = ", two_way: true" if chance.random() < 0.3 else ""
        lines.append(f"  - {{id: f{number}, from: {one}, to: {two}, via: file, required: true{volume}{both}}}")
    for circle in circles(eco_of("\n".join(lines))):
        assert {(one.source, one.target) for one in circle.breaks} == greedily(circle.supplies)
        assert circle.sure


def members(count: int, *pairs: str) -> list[Supply]:
    """A supply for each pair of templates and each number: ``{n}`` is the number, ``{m}`` the next one round."""
    ends = [pair.split(">") for pair in pairs]
    return [
        Supply(*(end.format(n=f"{n:04}", m=f"{(n + 1) % count:04}") for end in pair))
        for n in range(count)
        for pair in ends
    ]


@pytest.mark.parametrize(
    "pairs",
    [("hub>s{n}", "s{n}>hub"), ("s{n}>s{m}",), ("s{n}>s{m}", "s{m}>s{n}"), ("s{n}>a{n}", "a{n}>b{n}", "b{n}>s{n}", "s{n}>s{m}")],
    ids=["hub", "ring", "ring both ways", "ring of rings"],
)  # fmt: skip
def test_circles_are_broken_in_about_as_many_steps_as_there_are_supplies(pairs: tuple[str, ...]) -> None:
    inside = members(1_000, *pairs)
    breaking = _Breaking(inside)
    breaking.take_away()
    breaking.put_back()
    gone = {number for some in breaking.removed.values() for number in some}
    assert circular([one for number, one in enumerate(inside) if number not in gone]) == []
    assert breaking.steps < 40 * len(inside), breaking.steps


def test_too_many_circles_are_broken_all_the_same_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circle_breaks, "MOST_STEPS", 50)
    inside = members(100, "s{n}>s{m}", "s{m}>s{n}")
    gone, sure = breaks(inside)
    assert not sure
    assert circular([one for one in inside if one not in gone]) == []
