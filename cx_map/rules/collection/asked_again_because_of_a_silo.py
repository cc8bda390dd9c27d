"""RED102."""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.analyses.asked_again import AskedAgain, asked_again, verdicts_by_ask
from cx_map.analyses.known_asks import Asked, access_of, known_from
from cx_map.analyses.silo_repair import silo_repair
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.bounded import in_words, measures_of


@rule(
    "RED102",
    severity="major",
    unlock=("collection_points.*.asks", "collection_points.*.writes_to", "journeys.*.steps", "flows.carries"),
)
def asked_again_because_of_a_silo(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A collection point asks again because the earlier answer cannot reach it.

    ## Why it matters
    The firm has been told, and one part of it does not know: the customer pays for a missing flow with time, and the
    two answers will differ one day.

    ## How it decides
    As for RED101 an earlier ask (purpose `collect`, same or wider attribute) precedes this one in a journey of the segment
    or, outside journeys, by a strictly greater reach; but along no chain of flows that carry the attribute for
    that segment does the answer of any earlier ask come to a store that the point reads, writes to or prefills from.
    A flow carries an attribute when its `carries` names it, something it is part of, a part of it, or `"*"`.

    The fix is the cheapest set of flows: letting an existing flow carry the attribute counts 1, a new flow 5, half as
    much again across lines of business (Dijkstra), for every segment that is asked again; and the field is then
    prefilled from a store that the answer comes to. Where a flow with `policy: blocked` forbids the way, the silo is by
    design: it is listed as *info* only. Where it is not known where any of the earlier answers go, which of the asks
    comes first, or what a flow on the way carries (`carries: unknown`), the point is not assessed. A store that says
    what it holds, and holds nothing related to the answer, does not learn it from a form that writes there.

    ## Evidence it needs
    `asks` and `writes_to` of collection points, `flows`; journeys or `segments.reach`.

    ## Example
    ```yaml
    segments: {retail: {customers: 500000}}
    lines_of_business: {retail-bank: {}, mortgages: {}}
    data_sources:
      crm: {line_of_business: retail-bank}
      loan-origination: {line_of_business: mortgages}
    collection_points:
      account-opening:
        segments: [{segment: retail, reach: 90%}]
        asks: [contact.postal_address]
        writes_to: [crm]
      mortgage-form:
        segments: [{segment: retail, reach: 8%}]
        volume: 3000/month
        writes_to: [loan-origination]
        asks:
          - contact.postal_address  # RED102
    ```

    ## Mended
    ```yaml
    segments: {retail: {customers: 500000}}
    lines_of_business: {retail-bank: {}, mortgages: {}}
    data_sources:
      crm: {line_of_business: retail-bank}
      loan-origination: {line_of_business: mortgages}
    flows:
      - {from: crm, to: loan-origination, via: api, carries: [contact.postal_address]}
    collection_points:
      account-opening:
        segments: [{segment: retail, reach: 90%}]
        asks: [contact.postal_address]
        writes_to: [crm]
      mortgage-form:
        segments: [{segment: retail, reach: 8%}]
        volume: 3000/month
        writes_to: [loan-origination]
        asks:
          - {attribute: contact.postal_address, prefilled_from: loan-origination}
    ```

    ## References
    44 USC 3506(c)(3)(B) (not unnecessarily duplicative); EU once-only principle (Single Digital Gateway). Costs
    of flows are a judgement; they order remedies, they are not money.
    """
    judged: set[str] = set()
    open_: dict[str, NotAssessed] = {}
    broken: set[str] = set()
    for (point, _index), verdicts in eco.once(verdicts_by_ask).items():
        again = asked_again(eco, verdicts, "silo")
        if again is not None:
            broken.add(point)
            yield _breach(eco, again)
            continue
        designed = asked_again(eco, verdicts, "blocked")
        if designed is not None:
            broken.add(point)
            yield _by_design(designed)
            continue
        undecided = next((one for one in verdicts if one.answer == "open"), None)
        if undecided is None:
            judged.add(point)
        else:
            open_.setdefault(point, NotAssessed(point, undecided.reason, undecided.unlock))
    yield from (Passed(point) for point in sorted(judged - broken - open_.keys()))
    yield from (open_[point] for point in sorted(open_.keys() - broken))


def _breach(eco: Ecosystem, again: AskedAgain) -> Breach:
    asked, best = again.asked, again.greatest
    point, attribute = asked.point, asked.attribute
    earlier = best.earlier if best.earlier is not None else asked
    graph = eco.once(propagation)
    scope = graph.scope_for(best.segment, attribute)
    answers = known_from(eco, earlier)
    access = access_of(eco.inventory, asked)
    where = sorted(answers - {earlier.point.id})
    repair = silo_repair(eco, again)
    if repair is None:
        new = None
        fix = Fix(f"policy forbids every way of '{attribute}' to '{point.id}': accept the ask, or change the policy")
    else:
        new = repair.parts[0].new
        prefill = f", then prefill '{attribute}'" if repair.store is not None else ""
        fix = Fix(f"{repair.summary}{prefill}", repair.changes)
    start = where[0] if where else earlier.point.id
    goal = new[1] if new is not None else min(access - {point.id}, default=point.id)
    return Breach(
        subject=point,
        message=_message(point.id, attribute, earlier),
        at=("asks", asked.index),
        label=f"'{start}' knows it, no flow leads here",
        related=tuple(dict.fromkeys((earlier.point.id, start, goal)))
        if goal != point.id
        else (earlier.point.id, start),
        discriminator=(attribute,),
        evidence=(
            (f"{earlier.had} before at", earlier.point.id),
            ("known to", ", ".join(sorted(graph.reach(attribute, answers, scope) - {earlier.point.id})) or "no store"),
            ("customers' time", in_words(again.hours, "h a month")),
        ),
        path=(
            PathStep(earlier.point.id, "writes_to", start, earlier.point, ("writes_to",)),
            PathStep(start, "no flow", goal),
        ),
        measures=measures_of(
            customers_per_month=again.times,
            hours_per_month=again.hours,
            superfluous_answers_per_customer_per_year=again.fields,
        ),
        fix=fix,
    )


def _message(point: str, attribute: str, earlier: Asked) -> str:
    if earlier.had == "asked":
        return f"'{point}' asks for '{attribute}' again: '{earlier.point.id}' has asked before, but no flow brings the answer"
    return f"'{point}' asks for '{attribute}', which '{earlier.point.id}' has collected before, but no flow brings it"


def _by_design(again: AskedAgain) -> Breach:
    """Listed, so that the price of the policy is known; there is nothing to mend."""
    asked, earlier = again.asked, again.greatest.earlier
    point, before = asked.point, earlier.point.id if earlier is not None else "another point"
    return Breach(
        subject=point,
        message=f"'{point.id}' asks for '{asked.attribute}' again by design: policy blocks the answer that '{before}' got",
        severity="info",
        at=("asks", asked.index),
        label="asked again by design: policy blocks the way",
        related=(before,) if earlier is not None else (),
        discriminator=(asked.attribute,),
        evidence=(
            (f"{earlier.had if earlier is not None else 'asked'} before at", before),
            ("customers' time", in_words(again.hours, "h a month")),
        ),
        measures=measures_of(
            customers_per_month=again.times,
            hours_per_month=again.hours,
            superfluous_answers_per_customer_per_year=again.fields,
        ),
    )
