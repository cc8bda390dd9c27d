"""RED101."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.asked_again import AskedAgain, asked_again, same_asks, verdicts_by_ask
from cx_map.analyses.known_asks import access_of, known_from
from cx_map.analyses.operators import items_set
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.bounded import in_words, measures_of


class Parameters(Struct, frozen=True):
    """When it is major."""

    hours_per_month: Annotated[float, "Hours of customers' time a month from which a finding is major."] = 50.0


@rule(
    "RED101", severity="minor", unlock=("collection_points.*.asks", "collection_points.*.writes_to", "journeys.*.steps")
)
def known_but_asked_again(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A collection point asks for something that it could know already.

    ## Why it matters
    Customers notice when they have to repeat themselves; it is among the strongest drivers of effort. Collection that
    duplicates what is at hand is also what the US Paperwork Reduction Act and the European once-only principle
    speak against. No integration is missing here: the answer is where the point can reach it.

    ## How it decides
    An ask is broken when, for one of its segments, an earlier ask of the same or a wider attribute precedes it and the
    answer (a store that says what it holds, and holds nothing related, does not learn it) comes, along flows that carry
    the attribute for that segment, to a store that the point reads or writes to (or to the point itself). The earlier
    ask must have the purpose `collect`; it precedes where its touchpoint comes first in a journey of the segment or,
    where the two share no journey, where it reaches a strictly greater share of the segment. Where the journey's gaps
    are longer than the attribute's `valid_for`, the answer is no longer fresh and the ask is fine; an unknown gap
    counts as none, an unknown validity as fresh.

    Quiet on asks that verify, update or give consent, that a law demands (`legal_basis`), that step up on purpose, that
    are prefilled, on preferences (a choice may be made anywhere), on points at which customers do nothing, and on
    anonymous ones, whose answers are nobody's earlier answer either. *Major* from `hours_per_month` of customers' time,
    else *minor*.

    ## Evidence it needs
    `asks` and `writes_to` of collection points; `reads`, `flows`; journeys or `segments.reach` to know which comes
    first. Volumes and seconds give the hours; the seconds of shipped attributes are assumed.

    ## Example
    ```yaml
    segments: {retail: {customers: 500000}}
    data_sources: {crm: {}, cards: {}}
    flows:
      - {from: crm, to: cards, via: api, carries: [contact]}
    collection_points:
      account-opening:
        segments: [{segment: retail, reach: 90%}]
        asks: [contact.email]
        writes_to: [crm]
      card-form:
        segments: [{segment: retail, reach: 30%}]
        volume: 20000/month
        reads: [cards]
        writes_to: [cards]
        asks:
          - contact.email  # RED101
    ```

    ## Mended
    ```yaml
    segments: {retail: {customers: 500000}}
    data_sources: {crm: {}, cards: {}}
    flows:
      - {from: crm, to: cards, via: api, carries: [contact]}
    collection_points:
      account-opening:
        segments: [{segment: retail, reach: 90%}]
        asks: [contact.email]
        writes_to: [crm]
      card-form:
        segments: [{segment: retail, reach: 30%}]
        volume: 20000/month
        reads: [cards]
        writes_to: [cards]
        asks:
          - {attribute: contact.email, prefilled_from: cards}
    ```

    ## References
    44 USC 3506(c)(3)(B) (not unnecessarily duplicative); EU once-only principle (Single Digital Gateway). The
    threshold of 50 hours is a judgement.
    """
    judged: set[str] = set()
    open_: dict[str, NotAssessed] = {}
    broken: set[str] = set()
    for (point, _), verdicts in eco.once(verdicts_by_ask).items():
        again = asked_again(eco, verdicts, "known")
        if again is not None:
            broken.add(point)
            yield _breach(eco, again, parameters)
            continue
        undecided = next((one for one in verdicts if one.answer == "open"), None)
        if undecided is None:
            judged.add(point)
        else:
            open_.setdefault(point, NotAssessed(point, undecided.reason, undecided.unlock))
    yield from (Passed(point) for point in sorted(judged - broken - open_.keys()))
    yield from (open_[point] for point in sorted(open_.keys() - broken))


def _breach(eco: Ecosystem, again: AskedAgain, parameters: Parameters) -> Breach:
    asked, best = again.asked, again.greatest
    earlier, point, attribute = best.earlier, asked.point, asked.attribute
    store = best.store or point.id
    graph = eco.once(propagation)
    scope = graph.scope_for(best.segment, attribute)
    arrivals = graph.arrival(attribute, known_from(eco, earlier), scope) if earlier is not None else {}
    goal = store if store in arrivals else min(access_of(eco.inventory, asked) & arrivals.keys(), default=store)
    links = graph.path(arrivals, goal) if goal in arrivals else ()
    names = f"{earlier.point.id}" if earlier is not None else "another point"
    had = earlier.had if earlier is not None else "asked"
    start = links[0].source if links else store
    path = (
        [PathStep(earlier.point.id, "writes_to", start, earlier.point, ("writes_to",))] if earlier is not None else []
    )
    path += [PathStep(link.source, "flow", link.target, link.flow) for link in links]
    path.append(PathStep(goal, "known to", point.id, point, ("reads",)))
    fix = Fix(f"prefill '{attribute}' from '{store}'")
    if store != point.id:
        fix = Fix(
            fix.summary,
            (
                items_set(
                    eco.inventory,
                    point,
                    "asks",
                    "attribute",
                    {index: {"prefilled_from": store} for index in same_asks(eco, asked)},
                ),
            ),
        )
    return Breach(
        subject=point,
        message=f"'{point.id}' asks for '{attribute}', which '{names}' has {had} before and '{store}' knows",
        severity="major" if again.hours.said >= parameters.hours_per_month else "minor",
        at=("asks", asked.index),
        label=f"'{store}' knows it",
        related=(names, store) if earlier is not None else (store,),
        discriminator=(attribute,),
        evidence=(
            (f"{had} before", f"{names}{_reach(again)}"),
            ("customers' time", in_words(again.hours, "h a month")),
        ),
        path=tuple(path),
        measures=measures_of(
            customers_per_month=again.times,
            hours_per_month=again.hours,
            superfluous_answers_per_customer_per_year=again.fields,
        ),
        fix=fix,
    )


def _reach(again: AskedAgain) -> str:
    best = again.greatest
    reach = best.earlier.reach_of(best.segment) if best.earlier is not None else None
    return "" if reach is None else f", which reaches {reach.value:.0%} of {best.segment or 'those who come'}"
