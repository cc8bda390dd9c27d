from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.safe_order import EXACT, safe_order

JOBS = ("a", "b", "c", "d", "e")
SUBSETS = [frozenset(one) for size in range(1, 6) for one in itertools.combinations(JOBS, size)]


def is_safe(order: tuple[str, ...], dirty: set[frozenset[str]], before: dict[str, set[str]]) -> bool:
    return all(
        frozenset(order[: end + 1]) not in dirty and before.get(order[end], set()) <= set(order[:end])
        for end in range(len(order))
    )


@settings(max_examples=200, deadline=None)
@given(
    st.sets(st.sampled_from(SUBSETS), max_size=24),
    st.dictionaries(st.sampled_from(JOBS), st.sets(st.sampled_from(JOBS), max_size=2), max_size=2),
)
def test_the_search_finds_the_first_of_all_safe_orders_or_the_longest(
    dirty: set[frozenset[str]], before: dict[str, set[str]]
) -> None:
    found = safe_order(JOBS, lambda done: done not in dirty, before)
    every = [
        order for size in range(6) for order in itertools.permutations(JOBS, size) if is_safe(order, dirty, before)
    ]
    longest = max(map(len, every))
    assert found.order == min(order for order in every if len(order) == longest)
    assert set(found.left) == set(JOBS) - set(found.order)
    assert found.proved


@settings(max_examples=100, deadline=None)
@given(
    st.sets(st.sampled_from(SUBSETS), max_size=24),
    st.dictionaries(st.sampled_from(JOBS), st.sets(st.sampled_from(JOBS), max_size=2), max_size=2),
)
def test_putting_off_gives_safe_orders_and_claims_no_more(
    dirty: set[frozenset[str]], before: dict[str, set[str]]
) -> None:
    found = safe_order(JOBS, lambda done: done not in dirty, before, exact=0)
    assert is_safe(found.order, dirty, before)
    assert set(found.left) == set(JOBS) - set(found.order)
    assert found.proved == (not found.left)


def test_a_large_plan_puts_off_what_would_break() -> None:
    jobs = tuple(f"j{number:02}" for number in range(EXACT + 12))
    found = safe_order(jobs, lambda done: "j00" not in done or "j29" in done, {"j29": {"j15"}})
    assert found.order.index("j00") == found.order.index("j29") + 1
    assert found.order.index("j29") > found.order.index("j15")
    assert not found.left


def test_going_back_is_needed_where_the_first_step_leads_nowhere() -> None:
    clean = {frozenset(one) for one in ((), "a", "b", "bc", "abc")}
    assert safe_order(tuple("abc"), clean.__contains__, {}).order == ("b", "c", "a")
    stuck = safe_order(tuple("abc"), clean.__contains__, {}, exact=0)
    assert (stuck.order, stuck.left, stuck.proved) == (("a",), ("b", "c"), False)
