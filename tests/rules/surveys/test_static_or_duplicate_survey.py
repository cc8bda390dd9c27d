"""SURV103: age against today, and surveys that ask the same."""

from __future__ import annotations

import itertools
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.collection.said import said

FIRM = """
segments: {retail: {}, firms: {}}
touchpoints: {till: {}}
metrics: {csat: {}}
collection_points:
  a: {kind: survey, segments: [retail], A}
  b: {kind: survey, segments: [retail], B}
"""


def firm(a: str, b: str) -> str:
    return FIRM.replace(" A}", f" {a}}}").replace(" B}", f" {b}}}")


def kinds(text: str, as_of: str | None = "2026-11-22") -> list[tuple[str, ...]]:
    return sorted(one.discriminator for one in said("SURV103", text, as_of).breaches)


def test_a_year_without_revision() -> None:
    old, new = "topics: [x], revised_on: 2025-10", "topics: [y], revised_on: 2025-12"
    assert kinds(firm(old, new)) == [("static",)]
    assert kinds(firm(old, new), as_of=None) == []
    assert kinds(firm("topics: [x], revised_on: 2025", new)) == [], "the year may have ended with it"


def test_topics_in_common() -> None:
    assert kinds(firm("topics: [x, y]", "topics: [y]")) == [("duplicate", "b")]
    assert kinds(firm("topics: [x, y, z]", "topics: [y]")) == []
    assert (
        kinds(
            firm("topics: [x, y]", "topics: [y]").replace(
                "b: {kind: survey, segments: [retail]", "b: {kind: survey, segments: [firms]"
            )
        )
        == []
    )


def test_one_metric_at_one_touchpoint() -> None:
    same = "metric: csat, touchpoint: till"
    assert kinds(firm(same, same)) == [("duplicate", "b")]
    assert kinds(firm(same, "metric: csat")) == []


def test_surveys_that_follow_each_other_are_no_duplicates() -> None:
    assert kinds(firm("topics: [x], until: 2025-12", "topics: [x], since: 2026-01")) == []
    assert kinds(firm("topics: [x], until: 2026-01", "topics: [x], since: 2026-01")) == [("duplicate", "b")]


def test_of_many_duplicates_the_first_are_told_and_that_there_are_more() -> None:
    many = "".join(f"  s{number:02}: {{kind: survey, segments: [retail], topics: [x]}}\n" for number in range(30))
    verdicts = said("SURV103", f"segments: {{retail: {{}}}}\ncollection_points:\n{many}", "2026-11-22")
    told = Counter(one.subject.id for one in verdicts.breaches)
    assert told["s00"] == told["s09"] == 20
    assert told["s10"] == 19, "all that there are"
    assert {f"s{number:02}" for number in range(9)} <= verdicts.open
    assert "s09" not in verdicts.open


@given(
    st.lists(
        st.fixed_dictionaries(
            {"segments": st.lists(st.sampled_from(["retail", "firms"]), min_size=1, max_size=2, unique=True)},
            optional={
                "topics": st.lists(st.sampled_from("xyz"), min_size=1, max_size=3, unique=True),
                "metric": st.just("csat"),
                "touchpoint": st.just("till"),
                "since": st.sampled_from(["2025", "2026-06"]),
                "until": st.sampled_from(["2025-06", "2026-12"]),
            },
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=100, deadline=None)
def test_duplicates_are_those_of_looking_at_every_pair(written: list[dict[str, object]]) -> None:
    surveys = {
        f"s{number}": ", ".join(
            f"{key}: {value if isinstance(value, str) else '[' + ', '.join(value) + ']'}"
            for key, value in one.items()  # type: ignore[attr-defined]  # a list of texts
        )
        for number, one in enumerate(written)
    }

    def duplicates(*names: str) -> set[tuple[str, str]]:
        entries = "".join(f"  {name}: {{kind: survey, {surveys[name]}}}\n" for name in names)
        text = FIRM.split("collection_points", maxsplit=1)[0] + "collection_points:\n" + entries
        return {(one.subject.id, one.discriminator[1]) for one in said("SURV103", text, "2026-11-22").breaches}

    pairs = itertools.combinations(sorted(surveys), 2)
    assert duplicates(*surveys) == set().union(*(duplicates(*pair) for pair in pairs))


def test_a_survey_of_unknown_age_is_not_clean() -> None:
    text = "segments: {retail: {}}\ncollection_points: {one: {kind: survey, segments: [retail], topics: [price], as_of: 2026-01-01}}"
    assert said("SURV103", text).open == {"one"}


def test_the_only_survey_of_a_touchpoint_is_not_simply_retired() -> None:
    text = """
        segments: {all: {}}
        touchpoints: {app: {}, branch: {}}
        collection_points:
          one: {kind: survey, segments: [all], topics: [price, staff], touchpoint: branch}
          two: {kind: survey, segments: [all], topics: [price], touchpoint: AT}
        """
    for place, changed in (("branch", True), ("app", False)):
        (breach,) = said("SURV103", text.replace("AT", place)).breaches
        assert breach.fix is not None
        assert bool(breach.fix.changes) is changed


def test_the_survey_to_keep_is_the_one_that_was_revised_last() -> None:
    text = firm("topics: [x, y], revised_on: 2015", "topics: [x, y], revised_on: 2026-01")
    (breach,) = (one for one in said("SURV103", text).breaches if "same customers" in one.message)
    assert breach.fix is not None
    assert breach.fix.summary == "keep 'b' and retire 'a'"
