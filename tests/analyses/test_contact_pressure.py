"""Invitations: the quick ways give what looking at every pair and every sum gives."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.contact_pressure import (
    QUARTER_DAYS,
    expected,
    invitations,
    shared_cap,
    surveys,
    to_drop,
    worst_case,
)
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint, Segment
from tests.support import inventory_of

SURVEY = st.fixed_dictionaries(
    {},
    optional={
        "invites": st.sampled_from(["1000/month", "2500/month", "100/day", "unknown"]),
        "quarantine": st.sampled_from(["0d", "7d", "30d", "90d"]),
        "topics": st.lists(st.sampled_from("abcdef"), max_size=3, unique=True),
        "platform": st.sampled_from(["tool", "other-tool", "third-tool"]),
        "cap_store": st.sampled_from(["caps", "other-caps"]),
    },
)


def firm(written: list[dict[str, object]]) -> Ecosystem:
    lines = "\n".join(
        f"  s{number}: {{kind: survey, segments: [retail]"
        + "".join(
            f", {key}: {value if isinstance(value, str) else '[' + ', '.join(value) + ']'}"
            for key, value in one.items()
        )  # type: ignore[attr-defined]  # a list of texts
        + "}"
        for number, one in enumerate(written)
    )
    return Ecosystem(
        inventory_of(f"""
segments: {{retail: {{customers: 9000}}}}
data_sources: {{caps: {{}}, other-caps: {{}}}}
platforms: {{tool: {{}}, other-tool: {{}}, third-tool: {{}}}}
flows:
  - {{from: caps, to: tool, via: api}}
  - {{from: caps, to: other-tool, via: api}}
  - {{from: other-caps, to: tool, via: api}}
collection_points:
{lines}
""")
    )


def dropped_one_by_one(eco: Ecosystem, some: tuple[CollectionPoint, ...], segment: Segment, limit: float) -> list[str]:
    left, dropped = list(some), []
    while left and expected(eco, left, segment).said > limit:

        def key(survey: CollectionPoint) -> tuple[int, float, str]:
            others = {topic for one in left if one is not survey for topic in one.topics or ()}
            return (len(set(survey.topics or ()) - others), -invitations(eco, survey, segment.id).said, survey.id)

        victim = min(left, key=key)
        left.remove(victim)
        dropped.append(victim.id)
    return dropped


def worst_by_pairs(eco: Ecosystem, some: tuple[CollectionPoint, ...]) -> int:
    left, total = list(some), 0
    while left:
        first = left.pop(0)
        group = [first]
        if first.quarantine is not None:
            group += [one for one in left if one.quarantine is not None and shared_cap(eco, one, first) is not None]
            left = [one for one in left if one not in group]
        rests = [one.quarantine.seconds for one in group if one.quarantine is not None]
        total += max(math.ceil(QUARTER_DAYS / min(rests)), 1) if rests and min(rests) > 0 else 1
    return total


@given(st.lists(SURVEY, min_size=1, max_size=9), st.sampled_from([0.1, 0.5, 1.0, 2.0, 4.0]))
@settings(max_examples=150, deadline=None)
def test_what_is_dropped_and_the_worst_case_are_those_of_looking_at_everything(
    written: list[dict[str, object]], limit: float
) -> None:
    eco = firm(written)
    segment = eco.inventory.of(Segment)[0]
    some = eco.once(surveys).of("retail")
    assert [one.id for one in to_drop(eco, some, segment, limit)] == dropped_one_by_one(eco, some, segment, limit)
    assert worst_case(eco, some) == worst_by_pairs(eco, some)


def sent(survey: str, segment: str = "a") -> tuple[float, float | None, float | None]:
    """Invitations a month to a segment: at least, as stated, at most."""
    eco = Ecosystem(
        inventory_of(f"segments: {{a: {{}}, b: {{}}}}\ncollection_points: {{s: {{kind: survey, {survey}}}}}")
    )
    (one,) = eco.once(surveys).all
    found = invitations(eco, one, segment)
    return (found.low, found.value, found.high)


def test_a_sample_is_split_like_those_who_pass() -> None:
    both = "segments: [{segment: a, volume: 3000}, {segment: b, volume: 1000}]"
    assert sent(f"invites: 400, {both}") == (300, 300, 300)
    assert sent(f"invites: 400, {both}", "b") == (100, 100, 100)
    assert sent(both) == (3000, 3000, 3000), "who is asked, where nobody says how many are invited"
    assert sent(f"invites: 4000, {both}") == (3000, 3000, 3000)
    assert sent("invites: 400, segments: [{segment: a, volume: 3000}]") == (400, 400, 400)


def test_without_all_volumes_a_segment_gets_no_more_than_all_invitations() -> None:
    some = "invites: 400, segments: [{segment: a, volume: 3000}, b]"
    assert sent(some) == (0, None, 400)
    assert sent(some, "b") == (0, None, 400)
    assert sent("segments: [{segment: a, volume: 3000}, b]", "b") == (0, None, None)


def test_invitations_of_several_segments_are_at_most_all_of_them_for_each() -> None:
    eco = Ecosystem(
        inventory_of("""
            segments: {a: {}, b: {}}
            collection_points:
              one: {kind: survey, invites: 900/month, segments: [a]}
              two: {kind: survey, invites: 900/month, segments: [a, b]}
              said: {kind: survey, invites: 900/month, segments: [{segment: a, volume: 300/month}, b]}
              everybody: {kind: survey, invites: 900/month}
        """)
    )
    found = {one.id: invitations(eco, one, "a") for one in eco.inventory.of(CollectionPoint)}
    assert {name: (one.low, one.value, one.high) for name, one in found.items()} == {
        "one": (900, 900, 900), "two": (0, None, 900), "said": (0, None, 300), "everybody": (0, None, 900),
    }  # fmt: skip
