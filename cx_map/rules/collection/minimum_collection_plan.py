"""RED109."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.collection_plan import Plan, collection_plans, cost_of, plannable
from cx_map.analyses.known_asks import Asked, access_of, asks_of, writes_of
from cx_map.analyses.operators import items_set, items_without
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.bounded import in_words, measures_of

_UNLOCK = ("collection_points.*.segments.reach", "collection_points.*.volume", "collection_points.*.writes_to")


class Parameters(Struct, frozen=True):
    """What must stay known, and what is worth telling."""

    coverage: Annotated[float, "Share of a segment of which an attribute must be known, where it is today."] = 0.95
    hours_per_month: Annotated[float, "Hours of customers' time a month below which a plan is not told."] = 10.0


@rule("RED109", severity="info", unlock=_UNLOCK)
def minimum_collection_plan(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """An attribute is asked for at more points than are needed to know it everywhere it is known today.

    ## Why it matters
    This is an offer, not a fault: which asks a firm could do without tomorrow, and how many hours of customers'
    time that is, without anybody knowing less.

    ## How it decides
    For each attribute that several points ask for, the cheapest set of asks (visits times seconds) is chosen such that at
    every store that answers are written to, and for every segment asked, the share of customers whose answer gets there along
    the flows stays at least `coverage`, or what all asks together achieve where that is less. Asks that a law demands stay.
    Up to 16 asks that hang together the plan is exact (branch and bound over all subsets), else greedy, and says so. Reach is
    taken as independent between points; the evidence also gives the share that is certain without that assumption.

    Asks that can be left out are prefilled where the point can know the answer, else dropped. Quiet below
    `hours_per_month`. The subject is the point whose ask costs most of what can be saved; one finding an attribute.

    ## Evidence it needs
    `reach` of segments, `volume` and `writes_to` of collection points; seconds come from the ask or are assumed.

    ## Example
    ```yaml
    segments: {retail: {customers: 500000}}
    data_sources: {crm: {}}
    collection_points:
      account-opening:
        segments: [{segment: retail, reach: 96%}]
        volume: 8000/month
        writes_to: [crm]
        asks: [{attribute: contact.phone, seconds: 6}]
      card-form:
        segments: [{segment: retail, reach: 30%}]
        volume: 20000/month
        writes_to: [crm]
        asks:
          - {attribute: contact.phone, seconds: 6}  # RED109
    ```

    ## Mended
    ```yaml
    segments: {retail: {customers: 500000}}
    data_sources: {crm: {}}
    collection_points:
      account-opening:
        segments: [{segment: retail, reach: 96%}]
        volume: 8000/month
        writes_to: [crm]
        asks: [{attribute: contact.phone, seconds: 6}]
      card-form:
        segments: [{segment: retail, reach: 30%}]
        volume: 20000/month
        writes_to: [crm]
        asks:
          - {attribute: contact.phone, seconds: 6, prefilled_from: crm}
    ```

    ## References
    Minimum-cost set cover; the greedy bound is Chvatal's (1979). Coverage of 95 % and 10 hours are judgements.
    """
    plans, open_ = collection_plans(eco, parameters.coverage)
    told: set[str] = set()
    for plan in plans:
        if plan.drop and plan.hours.said >= parameters.hours_per_month:
            breach = _breach(eco, plan)
            told.add(breach.subject.id)
            yield breach
    planned = {asked.point.id for asked in eco.once(asks_of) if plannable(asked)}
    waiting: dict[str, str] = {}
    for asked in eco.once(asks_of):
        if asked.attribute in open_:
            waiting.setdefault(asked.point.id, open_[asked.attribute])
    yield from (Passed(name) for name in sorted(planned - told - waiting.keys()))
    yield from (NotAssessed(name, waiting[name], _UNLOCK) for name in sorted(waiting.keys() - told))


def _breach(eco: Ecosystem, plan: Plan) -> Breach:
    first = max(plan.drop, key=lambda one: (cost_of(eco, one).said, one.point.id))
    points = tuple(dict.fromkeys(asked.point.id for asked in plan.drop if asked.point.id != first.point.id))
    several = "" if not points else f" and {len(points)} more point{'' if len(points) == 1 else 's'}"
    again = " a second time" if any(asked.point.id == first.point.id for asked in plan.keep) else ""
    return Breach(
        subject=first.point,
        message=f"'{first.point.id}'{several} could stop asking for '{plan.attribute}'{again}: the other asks are enough",
        at=("asks", first.index),
        label=f"'{plan.attribute}' is known without it",
        related=points,
        discriminator=(plan.attribute,),
        evidence=(
            ("keep", _points(plan.keep) or "none"),
            ("leave out", _points(plan.drop)),
            ("known of at least", f"{plan.expected:.1%} if reaches are independent, {plan.certain:.1%} in any case"),
            ("plan", "exact" if plan.exact else "greedy: the optimum may be cheaper"),
            ("saves", in_words(plan.hours, "h a month")),
        ),
        measures=measures_of(hours_per_month=plan.hours),
        basis=plan.hours.basis,
        fix=Fix(
            f"prefill or drop '{plan.attribute}' at {_points(plan.drop)}",
            tuple(_changes(eco, plan)),
        ),
    )


def _points(asks: tuple[Asked, ...]) -> str:
    return ", ".join(dict.fromkeys(asked.point.id for asked in asks))


def _changes(eco: Ecosystem, plan: Plan) -> Iterator[Mapping[str, object]]:
    """One change a point: prefill from a store that the kept asks fill and the point can read; else drop the asks.

    What a point asks a second time is dropped.
    """
    graph = eco.once(propagation)
    known: set[str] = set()
    for keep in plan.keep:
        known |= graph.reach(plan.attribute, writes_of(eco.inventory, keep.point))
    dropped: dict[str, list[Asked]] = {}
    for asked in plan.drop:
        dropped.setdefault(asked.point.id, []).append(asked)
    for name, asks in dropped.items():
        point = asks[0].point
        stores = sorted(set().union(*(access_of(eco.inventory, asked) for asked in asks)) & known - {name})
        if stores and all(keep.point.id != name for keep in plan.keep):
            filled = {asked.index: {"prefilled_from": stores[0]} for asked in asks}
            yield items_set(eco.inventory, point, "asks", "attribute", filled)
        else:
            yield items_without(eco.inventory, point, "asks", frozenset(asked.index for asked in asks))
