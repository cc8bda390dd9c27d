from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from cx_map.analyses.precedence import ancestors, circle, layers

JOBS = "abcdef"
BEFORE = st.dictionaries(st.sampled_from(JOBS), st.sets(st.sampled_from(JOBS + "z"), max_size=3))


def steps(before: dict[str, set[str]]) -> dict[str, set[str]]:
    """For each job everything reached by one or more steps, by closing pairs until nothing changes."""
    found = {job: set(before.get(job, ())) for job in JOBS + "z"}
    for _ in JOBS + "z":
        found = {job: ones | {far for one in ones for far in found[one]} for job, ones in found.items()}
    return found


@given(BEFORE)
def test_ancestors_circles_and_layers_are_those_of_the_closed_relation(before: dict[str, set[str]]) -> None:
    closed = steps(before)
    for job in JOBS:
        assert ancestors(before, (job,)) == closed[job]
    turning = {job for job in JOBS if job in closed[job]}
    found = circle(JOBS, before)
    assert bool(found) == bool(turning)
    assert all(later in before[job] for job, later in zip(found, (*found[1:], *found[:1]), strict=True))
    placed = {job: number for number, layer in enumerate(layers(JOBS, before)) for job in layer}
    assert placed.keys() == {job for job in JOBS if job not in turning and not turning & closed[job]}
    for job, number in placed.items():
        earlier = [placed[one] for one in before.get(job, ()) if one in placed]
        assert number == max(earlier, default=-1) + 1


def test_a_long_chain_needs_no_recursion() -> None:
    jobs = [str(number) for number in range(3000)]
    chain = {later: {earlier} for earlier, later in itertools.pairwise(jobs)}
    assert circle(jobs, chain) == ()
    assert len(circle(jobs, {**chain, "0": {"2999"}})) == 3000
