"""SURV103: age against today, and surveys that ask the same."""

from __future__ import annotations

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
