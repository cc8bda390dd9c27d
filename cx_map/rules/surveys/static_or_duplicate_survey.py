"""SURV103."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from cx_map.analyses.contact_pressure import surveys
from cx_map.analyses.dated import when
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule

MOST_TWINS = 20
"""Of one survey so many duplicates are told: alike ones come in dozens, and every pair of them would be a finding."""

_UNLOCK = ("collection_points.*.revised_on", "collection_points.*.topics", "collection_points.*.segments")


class Parameters(Struct, frozen=True):
    """How old, and how alike."""

    months: Annotated[float, "Months after which a survey that was not revised is static."] = 12.0
    topics_in_common: Annotated[float, "Share of topics in common (Jaccard) from which two surveys are duplicates."] = (
        0.5
    )


@rule("SURV103", severity="minor", unlock=_UNLOCK)
def static_or_duplicate_survey(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A survey has not been revised for long, or asks the same customers the same things as another.

    ## Why it matters
    A survey that never changes measures what mattered once; two that ask the same cost customers twice for one answer.

    ## How it decides
    *Static:* a usable survey was last revised more than `months` months before today. Today is the date of the audit; where none is
    known, and where `revised_on` is not, this part is not assessed.

    *Duplicate:* two usable surveys share a segment, run at overlapping times (`since`, `until`), and share at least
    `topics_in_common` of their topics (Jaccard), or measure the same metric at the same touchpoint. The finding is the
    first one's (by id); the fix retires the one with fewer topics, but not where it is the one that listens at its
    touchpoint. Of one survey the first 20 duplicates are told.

    ## Evidence it needs
    `revised_on`, `topics`, `segments`, `metric`, `touchpoint` of surveys.

    ## Example
    ```yaml
    segments: {retail: {}}
    collection_points:
      branch-survey:  # SURV103
        kind: survey
        segments: [retail]
        topics: [service, waiting]
        revised_on: 2026-03
        as_of: 2026-10-01
      counter-survey: {kind: survey, segments: [retail], topics: [service, waiting, staff], revised_on: 2026-05}
      loyalty-survey:
        kind: survey
        segments: [retail]
        topics: [price]
        revised_on: 2021-06  # SURV103
    ```

    ## Mended
    ```yaml
    segments: {retail: {}}
    collection_points:
      counter-survey: {kind: survey, segments: [retail], topics: [service, waiting, staff], revised_on: 2026-05, as_of: 2026-10-01}
      loyalty-survey:
        kind: survey
        segments: [retail]
        topics: [price]
        revised_on: 2026-06
    ```

    ## References
    Published practice of survey programmes: review at least yearly. Both thresholds are judgements.
    """
    every = eco.once(surveys)
    twins = _twins(eco, parameters)
    for survey in every.all:
        old = _static(eco, survey, parameters)
        if old:
            yield Breach(
                subject=survey,
                message=f"'{survey.id}' was last revised {when(survey.revised_on or '')}, more than {parameters.months:g} months ago",
                at=("revised_on",),
                label="not revised since",
                discriminator=("static",),
                evidence=(("sampling", str(survey.sampling) if survey.sampling is not None else "not described"),),
                fix=Fix("review its questions, sampling and timing, and record `revised_on`"),
            )
        same = twins.get(survey.id, [])
        for other in same[:MOST_TWINS]:
            yield _duplicate(survey, other)
        if len(same) > MOST_TWINS:
            yield NotAssessed(survey.id, f"it duplicates more surveys than the first {MOST_TWINS}, which are told", ())
        if not old and survey.id not in twins:
            if old is None:
                yield NotAssessed(survey.id, "when it was revised, or today's date, is not known", _UNLOCK[:1])
            elif survey.topics is None or survey.segments is None:
                yield NotAssessed(survey.id, "whom it asks or what about is not known", _UNLOCK[1:])
            else:
                yield Passed(survey.id)


def _static(eco: Ecosystem, survey: CollectionPoint, parameters: Parameters) -> bool | None:
    """Whether a survey is older than it should be; None where a date is not known."""
    if eco.as_of is None or survey.revised_on is None:
        return None
    days = (_first_day(eco.as_of) - _last_day(survey.revised_on)).days
    return days > parameters.months * 365.25 / 12


def _first_day(written: str) -> date:
    """The first day of a whole or partial date."""
    year, month, day = (*(int(part) for part in written[:10].split("-")), 1, 1)[:3]
    return date(year, month, day)


def _last_day(written: str) -> date:
    """The last day of a whole or partial date: what is not said is read in favour of the survey."""
    parts = [int(part) for part in written[:10].split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = (parts[0], 12) if len(parts) == 1 else (parts[0], parts[1])
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _twins(eco: Ecosystem, parameters: Parameters) -> dict[str, list[CollectionPoint]]:
    """For each survey, the first later ones (by id) that duplicate it; one more than are told, where there are more.

    Whether two are duplicates hangs on what they ask and when they run alone. O(surveys * different such questionnaires).
    """
    found: dict[str, dict[str, CollectionPoint]] = {}
    for segment, some in eco.once(surveys).by_segment.items():
        if segment is None:
            continue
        alike: dict[_Asked, list[int]] = {}
        for number, one in enumerate(some):
            alike.setdefault(_asked(one), []).append(number)
        pairs = {
            asked: [
                numbers
                for numbers in alike.values()
                if _alike(some[mine[0]], some[numbers[0]], parameters) and _together(some[mine[0]], some[numbers[0]])
            ]
            for asked, mine in alike.items()
        }
        for number, one in enumerate(some):
            later = [twin for numbers in pairs[_asked(one)] for twin in _after(number, numbers)]
            if later:
                twins = found.setdefault(one.id, {})
                twins.update((some[twin].id, some[twin]) for twin in sorted(later)[: MOST_TWINS + 1])
    return {name: [others[key] for key in sorted(others)][: MOST_TWINS + 1] for name, others in found.items()}


def _after(number: int, numbers: list[int]) -> list[int]:
    """The next ones, as many as can be told and one more."""
    at = bisect_right(numbers, number)
    return numbers[at : at + MOST_TWINS + 1]


_Asked: TypeAlias = "tuple[frozenset[str], str | None, str | None, str | None, str | None]"


def _asked(survey: CollectionPoint) -> _Asked:
    """All that decides whether a survey duplicates another."""
    return (frozenset(survey.topics or ()), survey.metric, survey.touchpoint, survey.since, survey.until)


def _alike(one: CollectionPoint, other: CollectionPoint, parameters: Parameters) -> bool:
    first, second = set(one.topics or ()), set(other.topics or ())
    if first and second and len(first & second) >= parameters.topics_in_common * len(first | second):
        return True
    return (
        one.metric is not None
        and one.metric == other.metric
        and one.touchpoint is not None
        and one.touchpoint == other.touchpoint
    )


def _together(one: CollectionPoint, other: CollectionPoint) -> bool:
    """Whether the times at which they run overlap."""

    def before(first: CollectionPoint, second: CollectionPoint) -> bool:
        return (
            first.until is not None and second.since is not None and _last_day(first.until) < _first_day(second.since)
        )

    return not (before(one, other) or before(other, one))


def _worth(survey: CollectionPoint) -> tuple[int, str]:
    """How much a survey of two alike is worth keeping: by its topics, then by how lately it was revised."""
    return len(set(survey.topics or ())), survey.revised_on or ""


def _duplicate(survey: CollectionPoint, other: CollectionPoint) -> Breach:
    common = sorted(set(survey.topics or ()) & set(other.topics or ()))
    keep, drop = (survey, other) if _worth(survey) >= _worth(other) else (other, survey)
    about = f"about {', '.join(common)}" if common else "for the same metric at the same touchpoint"
    return Breach(
        subject=survey,
        message=f"'{survey.id}' and '{other.id}' ask the same customers {about}",
        label=f"duplicates '{other.id}'",
        related=(other.id,),
        discriminator=("duplicate", other.id),
        evidence=(("topics in common", ", ".join(common) or "none"),),
        fix=Fix(f"keep '{keep.id}' and retire '{drop.id}'", ({"change": {drop.id: {"status": "retired"}}},))
        if drop.touchpoint in (None, keep.touchpoint)
        else Fix(f"let '{keep.id}' ask at '{drop.touchpoint}', too, then retire '{drop.id}'"),
    )
