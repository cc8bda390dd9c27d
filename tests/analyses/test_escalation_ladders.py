from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.escalation_ladders import MOST_LEVELS, SEVERITIES, errors_through, inversions, ladders
from cx_map.audit.engine import audit
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_service import ErrorType
from tests.support import inventory_of

ERROR = st.tuples(st.sampled_from(["content", "timing"]), st.sampled_from(SEVERITIES), st.integers(0, 3))
TIMES = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=4, max_size=4)


@given(st.lists(ERROR, max_size=7), TIMES)
@settings(max_examples=150, deadline=None)
def test_inversions_are_those_of_brute_force(errors: list[tuple[str, str, int]], times: list[tuple[int, bool]]) -> None:
    made = tuple(
        ErrorType(id=f"e{n}", class_=name, severity=severity, escalates_via=f"l{ladder}")  # type: ignore[arg-type]  # sampled literals
        for n, (name, severity, ladder) in enumerate(errors)
    )
    seconds = {f"l{n}": (float(time), exact) for n, (time, exact) in enumerate(times)}
    found = {grave.id: mild.id for grave, mild in inversions(made, seconds)}
    for grave in made:
        slower_than = [
            mild for mild in made
            if mild.class_ == grave.class_
            and SEVERITIES.index(mild.severity or "") < SEVERITIES.index(grave.severity or "")
            and seconds[mild.escalates_via or ""][1]
            and seconds[grave.escalates_via or ""][0] > seconds[mild.escalates_via or ""][0]
        ]  # fmt: skip
        assert (grave.id in found) == bool(slower_than)
        if slower_than:
            quickest = min(seconds[mild.escalates_via or ""][0] for mild in slower_than)
            chosen = next(one for one in made if one.id == found[grave.id])
            assert seconds[chosen.escalates_via or ""][0] == quickest


def test_ladders_are_expanded_in_place() -> None:
    eco = Ecosystem(
        inventory_of("""
        teams: {a: {}, b: {}, c: {}}
        escalations:
          first: {levels: [{team: a, within: 1h}, second, c]}
          second: {levels: [{team: b, within: 2h}, gone]}
          gone: {status: retired, levels: [a]}
          round: {levels: [a, about]}
          about: {levels: [round, b]}
          bare: {}
        error_types: {e: {escalates_via: first}, f: {escalates_via: second}}
        """)
    )
    found = ladders(eco)
    first = found["first"]
    assert [rung.team.id for rung in first.rungs if rung.team is not None] == ["a", "b", "c"]
    assert (first.seconds, first.timed) == (3 * 3600, False)
    assert [rung.level.team for rung in first.lost] == ["gone"]
    assert found["round"].circle == ("round", "about", "round")
    assert found["about"].circle == ("about", "round", "about")
    assert not found["bare"].known
    assert "gone" not in found
    assert {name: [one.id for one in errors] for name, errors in errors_through(eco).items()} == {
        "first": ["e"], "second": ["e", "f"],
    }  # fmt: skip


def test_repeated_teams_and_authority_without_gain() -> None:
    found = ladders(
        Ecosystem(
            inventory_of("""
        teams: {a: {authority: [x]}, b: {authority: [x, y]}, c: {}}
        escalations:
          grows: {levels: [a, b]}
          shrinks: {levels: [b, a]}
          vague: {levels: [b, c, a]}
          own: {levels: [{team: b, authority: [z]}, {team: a, authority: [z]}]}
          again: {levels: [a, b, a, b]}
        """)
        )
    )
    assert found["grows"].no_gain() is None
    assert found["shrinks"].no_gain() is not None
    assert found["vague"].no_gain() is None
    assert found["own"].no_gain() is not None
    assert found["again"].repeated() == ("a", "b")


def test_escalations_that_point_to_one_another_twice_are_cut_and_told() -> None:
    """Forty escalations, each of which points to the next twice: a ladder of 2 ** 40 levels."""
    written = "\n".join(f"          l{i}: {{levels: [l{i + 1}, l{i + 1}]}}" for i in range(40))
    text = f"""
        teams: {{a: {{}}}}
        escalations:
{written}
          l40: {{levels: [{{team: a, within: 1h}}]}}
        error_types: {{e: {{class: content, severity: critical, escalates_via: l0}}}}
        """
    eco = Ecosystem(inventory_of(text))
    found = ladders(eco)
    assert found["l0"].cut
    assert not found["l0"].timed
    assert len(found["l0"].rungs) <= MOST_LEVELS
    assert not found["l40"].cut
    told = [one for one in audit(eco.inventory).not_assessed if one.code == "ESC103" and "l0" in one.subjects]
    assert [one.reason for one in told] == [
        "it has more than the 100 levels that are looked at, with those of the escalations it points to"
    ]


def test_a_long_row_of_escalations_does_not_end_in_a_crash() -> None:
    written = "\n".join(f"          l{i}: {{levels: [a, l{i + 1}]}}" for i in range(3000))
    inventory = inventory_of(f"""
        teams: {{a: {{}}, b: {{}}}}
        escalations:
{written}
          l3000: {{levels: [b]}}
        """)
    assert sum(one.cut for one in ladders(Ecosystem(inventory)).values()) == 3000 - MOST_LEVELS // 2 + 1
