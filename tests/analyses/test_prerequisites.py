"""Prerequisites found by trying equal the minimal sets of all subsets."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.precedence import ancestors
from cx_map.analyses.prerequisites import prerequisites, with_certain

JOBS = ("a", "b", "c", "d", "e")
SUBSETS = [frozenset(one) for size in range(6) for one in itertools.combinations(JOBS, size)]


def clean_unless(*dirty: Iterable[str]) -> Callable[[frozenset[str]], bool]:
    bad = {frozenset(one) for one in dirty}
    return lambda done: done not in bad


@settings(max_examples=200, deadline=None)
@given(
    st.sets(st.sampled_from(SUBSETS)),
    st.lists(
        st.tuples(st.sampled_from(JOBS), st.sampled_from(JOBS)).filter(lambda pair: pair[0] < pair[1]), max_size=3
    ),
)
def test_sets_are_the_minimal_ones_of_all_subsets(dirty: set[frozenset[str]], pairs: list[tuple[str, str]]) -> None:
    known = {job: frozenset(first for first, later in pairs if later == job) for job in JOBS}
    found = prerequisites(JOBS, lambda done: done not in dirty, known, most=4)
    for job in JOBS:
        first = ancestors(known, (job,))
        allowed = [
            more
            for more in SUBSETS
            if not more & (first | {job})
            and ancestors(known, more) <= more | first | {job}
            and first | more | {job} not in dirty
        ]
        minimal = {more for more in allowed if not any(other < more for other in allowed)}
        assert {frozenset(one) for one in found[job].sets} == minimal


def test_a_conjunction_alternatives_and_none() -> None:
    def clean(done: frozenset[str]) -> bool:
        conjunction = "a" not in done or {"b", "c"} <= done
        choice = "d" not in done or bool({"a", "e"} & done)
        return conjunction and choice

    found = prerequisites(JOBS, clean, {})
    assert found["a"].sets == (("b", "c"),)
    assert found["a"].certain == {"b", "c"}
    assert found["d"].sets == (("e",), ("a", "b", "c"))
    assert found["d"].certain == frozenset()
    assert found["b"].safe
    nowhere = prerequisites(JOBS, lambda done: "c" not in done, {})["c"]
    assert (nowhere.sets, nowhere.safe, nowhere.certain) == ((), False, frozenset())


def test_what_is_declared_comes_along_and_is_not_told_again() -> None:
    def clean(done: frozenset[str]) -> bool:
        return ("a" not in done or "b" in done) and ("b" not in done or "c" in done)

    found = prerequisites(JOBS, clean, {"b": {"c"}, "a": {"d"}})
    assert found["a"].sets == (("b", "c"),)
    assert found["b"].safe
    assert with_certain({"b": {"c"}, "a": {"d"}}, found)["a"] == {"b", "c", "d"}


def test_a_chain_longer_than_the_limit_is_found_over_its_parts() -> None:
    jobs = tuple("gfedcba")

    def clean(done: frozenset[str]) -> bool:
        return all(earlier in done for earlier, later in itertools.pairwise("abcdefg") if later in done)

    found = prerequisites(jobs, clean, {}, most=2)
    assert found["g"].sets == (tuple("fedcba"),)
    assert found["a"].safe


def test_a_job_that_waits_for_itself_has_no_set() -> None:
    assert prerequisites(JOBS, clean_unless(), {"a": {"b"}, "b": {"a"}})["a"].sets == ()


def test_each_state_is_judged_once() -> None:
    seen: list[frozenset[str]] = []

    def clean(done: frozenset[str]) -> bool:
        seen.append(done)
        return "a" not in done

    prerequisites(JOBS, clean, {})
    assert len(seen) == len(set(seen))


REQUIREMENTS = st.dictionaries(
    st.sampled_from(JOBS), st.lists(st.sets(st.sampled_from(JOBS), max_size=2), min_size=1, max_size=2)
)
"""For some jobs, sets of jobs of which one must be done before."""


@settings(max_examples=200, deadline=None)
@given(REQUIREMENTS, st.booleans())
def test_shrinking_the_plan_gives_minimal_sets_and_one_wherever_there_is_one(
    requirements: dict[str, list[set[str]]], one_way: bool
) -> None:
    """In a large plan; where each job has one set of requirements, exactly what trying everything gives."""
    needed = {job: sets[:1] if one_way else sets for job, sets in requirements.items()}

    def clean(done: frozenset[str]) -> bool:
        return all(any(one <= done for one in needed.get(job, [set()])) for job in done)

    every = prerequisites(JOBS, clean, {}, most=4)
    shrunk = prerequisites(JOBS, clean, {}, most=4, tries=0)
    possible = clean(frozenset(JOBS))  # else the whole plan is no place to begin
    for job in JOBS:
        assert every[job].exhaustive
        assert shrunk[job].exhaustive == (shrunk[job].sets == ((),))
        assert set(shrunk[job].sets) <= set(every[job].sets)
        if possible:
            assert bool(shrunk[job].sets) == bool(every[job].sets)
            if one_way:
                assert shrunk[job].sets == every[job].sets


def test_a_large_plan_takes_few_states_and_names_both_alternatives() -> None:
    jobs = tuple(f"j{number:02}" for number in range(40))
    seen: list[frozenset[str]] = []

    def clean(done: frozenset[str]) -> bool:
        seen.append(done)
        return "j30" not in done or ({"j03", "j35"} <= done) or ({"j03", "j17"} <= done)

    found = prerequisites(jobs, clean, {})["j30"]
    assert found.sets == (("j03", "j17"), ("j03", "j35"))
    assert not found.exhaustive
    assert len(seen) < 120
