"""SURV101."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.bounds import Bounds, bounds_of
from cx_map.analyses.contact_pressure import deafened, expected, invitations, signals_of, surveys, to_drop, worst_case
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint, Segment
from cx_map.model.inventory import basis_of
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.bounded import measures_of

_UNLOCK = ("collection_points.*.invites", "segments.*.customers", "collection_points.*.quarantine")
_SEGMENTS = ("collection_points.*.segments",)


class Parameters(Struct, frozen=True):
    """How much asking is too much."""

    invitations_per_quarter: Annotated[float, "Invitations that a customer may get in a quarter on average."] = 4.0


@rule("SURV101", severity="major", unlock=_UNLOCK)
def over_surveyed_segment(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """The customers of a segment are invited to more surveys than they can be expected to answer.

    ## Why it matters
    Tired customers stop answering, and those who still do are not like the others: too many surveys spoil what
    they measure.

    ## How it decides
    For each segment, over the usable surveys and intercepts that name it: *expected* is what a customer gets in a
    quarter on average, three months of invitations over the customers of the segment. Invitations of a survey with
    several segments are split by the `volume` of its segments, which stands for their number where `invites` is left
    out; where the volume is not stated, it is not known how many of them are for this one. *At worst* a customer gets,
    in 90 days, as many invitations as the quarantines allow; surveys across which one cap works count as one. The rule
    is broken when the expected number is over `invitations_per_quarter`, or the worst case over twice that. Where
    invitations or customers are not known, or a survey does not say whom it asks, and what is known does not decide,
    the segment is not assessed.

    The fix retires surveys, the one with the fewest topics of its own first, until the expected number fits. What alone
    listens at a touchpoint goes last; where that has to go, too, or signals come from what goes, it is for people to
    decide first. Where only the worst case is too much, what alone invites too often rests longer.

    ## Evidence it needs
    `invites` (or `segments.volume`) and `quarantine` of surveys, `customers` of segments.

    ## Example
    ```yaml
    segments:
      retail: {customers: 10000}  # SURV101
    collection_points:
      relationship-survey: {kind: survey, segments: [retail], invites: 10000/quarter, topics: [trust, service, price]}
      branch-survey: {kind: survey, segments: [retail], invites: 12000/month, topics: [service]}
      app-pop-up: {kind: intercept, segments: [retail], invites: 3000/month, topics: [app]}
    ```

    ## Mended
    ```yaml
    segments:
      retail: {customers: 10000}
    collection_points:
      relationship-survey: {kind: survey, segments: [retail], invites: 10000/quarter, topics: [trust, service, price]}
      branch-survey: {kind: survey, segments: [retail], invites: 2000/month, topics: [service]}
      app-pop-up: {kind: intercept, segments: [retail], invites: 3000/month, topics: [app]}
    ```

    ## References
    Published caps of survey tools lie between 14 and 180 days; one relationship and one transactional invitation in 30 days
    make 4 a quarter. The figure is a judgement.
    """
    every = eco.once(surveys)
    limit = parameters.invitations_per_quarter
    nameless = every.by_segment.get(None, ())
    for segment in eco.inventory.of(Segment):
        some = every.of(segment.id)
        if not some or not segment.usable:
            continue
        average = expected(eco, some, segment)
        worst = worst_case(eco, some)
        if average.said > limit or worst > 2 * limit:
            yield _breach(eco, segment, some, average, worst, limit)
        elif nameless:
            yield NotAssessed(
                segment.id, f"whether '{nameless[0].id}' asks its customers, too, is not known", _SEGMENTS
            )
        elif average.high is None or (average.value is None and average.high > limit):
            yield NotAssessed(segment.id, "how many of its customers are invited is not known", _UNLOCK[:2])
        else:
            yield Passed(segment.id)


def _breach(
    eco: Ecosystem, segment: Segment, some: tuple[CollectionPoint, ...], average: Bounds, worst: int, limit: float
) -> Breach:
    many = average.said > limit
    dropped = to_drop(eco, some, segment, limit) if many else ()
    changes: tuple[Mapping[str, object], ...] = tuple({"change": {one.id: {"status": "retired"}}} for one in dropped)
    names = ", ".join(f"'{one.id}'" for one in dropped)
    gone = {one.id for one in dropped}
    left = [one for one in some if one.id not in gone]
    if worst_case(eco, left) > 2 * limit:
        changes = ()  # dropping surveys alone does not tame the worst case
    ended = signals_of(eco, dropped)
    if ended:
        changes = ()  # first decide what becomes of them, and of their loops
        names += f", and decide what becomes of {', '.join(repr(one.id) for one in ended)}"
    deaf = deafened(eco, dropped)
    if deaf:
        changes = ()  # first find another way to listen there
        names += f", and listen otherwise at {', '.join(repr(name) for name in deaf)}"
    fix = Fix(f"drop {names}", changes) if many else _rest(eco, some, limit)
    least = "at least " if average.value is None else ""
    times = (
        f"{least}{average.said:.1f} invitations a quarter on average"
        if many
        else f"up to {worst} invitations in 90 days"
    )
    return Breach(
        subject=segment,
        message=f"a customer of '{segment.id}' gets {times}; the limit is {limit if many else 2 * limit:g}",
        label=f"{times} from {_many(len(some), 'survey')}",
        related=tuple(one.id for one in some),
        evidence=(
            *((f"'{one.id}'", _in_words(invitations(eco, one, segment.id))) for one in some),
            ("worst case", f"{_many(worst, 'invitation')} of one customer in 90 days"),
        ),
        measures={
            **measures_of(
                invitations_per_customer_per_quarter=average,
                customers_per_month=bounds_of(segment.customers, basis_of(eco.inventory, segment)),
            ),
            "worst_case_in_90_days": worst,
        },
        basis=average.basis if many else "reported",
        fix=fix,
    )


def _rest(eco: Ecosystem, some: tuple[CollectionPoint, ...], limit: float) -> Fix:
    """How to tame the worst case: longer rests of what alone invites too often, else one cap for all."""
    often = [one for one in some if worst_case(eco, [one]) > 2 * limit]
    days = math.ceil(90 / math.floor(2 * limit)) if 2 * limit >= 1 else 0
    if not often or not days:
        return Fix("count invitations in one store that all survey tools read: see SURV102")
    names = ", ".join(f"'{one.id}'" for one in often)
    summary = f"let {days} days pass between two invitations to {names}"
    if len(some) > 1:
        return Fix(f"{summary}, and count them in one store that all survey tools read: see SURV102")
    return Fix(summary, ({"change": {often[0].id: {"quarantine": f"{days}d"}}},))


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _in_words(some: Bounds) -> str:
    """Invitations a month as far as they are known: what is not known is never said to be none."""
    if some.value is not None:
        return f"{some.value:,.0f} invitations a month"
    if some.low > 0:
        return f"{some.low:,.0f} invitations a month or more"
    most = "" if some.high is None else f", {some.high:,.0f} a month at most"
    return f"not known how many invitations{most}"
