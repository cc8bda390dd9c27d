from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cx_map.analyses.journey_order import journey_order
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

PLACES = [f"t{number}" for number in range(6)]
STEPS = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES), st.sampled_from([None, 1, 2, 7])), max_size=12
)


def order_of(steps: list[tuple[str, str, int | None]]) -> dict[str, dict[str, float]]:
    written = "".join(
        f"      - {{from: {one}, to: {other}{'' if gap is None else f', max_gap: {gap}h'}}}\n"
        for one, other, gap in steps
    )
    places = ", ".join(f"{place}: {{}}" for place in PLACES)
    text = f"touchpoints: {{{places}}}\njourneys:\n  j:\n    steps:{' []' if not written else ''}\n{written}"
    found = journey_order(Ecosystem(inventory_of(text)))
    return {place: dict(found.within("j", place)) for place in PLACES}


@given(STEPS)
def test_what_is_earlier_equals_all_walks(steps: list[tuple[str, str, int | None]]) -> None:
    """The least sum of gaps, relaxed until nothing changes; a gap that nobody states counts as none."""
    best: dict[tuple[str, str], float] = {}
    for one, other, gap in steps:
        best[one, other] = min(best.get((one, other), float("inf")), 3600.0 * (gap or 0))
    for _ in range(len(PLACES)):
        for (a, b), total in list(best.items()):
            for (c, d), more in list(best.items()):
                if b == c:
                    best[a, d] = min(best.get((a, d), float("inf")), total + more)
    for place, found in order_of(steps).items():
        assert found == {a: total for (a, b), total in best.items() if b == place and a != place}


def test_ways_that_part_and_meet_again_and_again_are_walked_once_a_step() -> None:
    """Thirty places with a slow and a quick way to the next: 2 ** 30 walks."""
    steps = "\n".join(
        f"      - {{from: a{i}, to: b{i}, max_gap: {2 ** (i % 9)}h}}\n      - {{from: b{i}, to: a{i + 1}, max_gap: 0h}}\n"
        f"      - {{from: a{i}, to: a{i + 1}, max_gap: {2 ** (i % 9) + 1}h}}"
        for i in range(30)
    )
    names = [f"{letter}{i}" for letter in "ab" for i in range(31)]
    text = f"touchpoints: {{{', '.join(f'{one}: {{}}' for one in names)}}}\njourneys:\n  j:\n    steps:\n{steps}\n"
    found = journey_order(Ecosystem(inventory_of(text))).within("j", "a30")
    assert found["a0"] == 3600.0 * sum(2 ** (i % 9) for i in range(30))
