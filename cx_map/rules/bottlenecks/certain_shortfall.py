"""BOT102."""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.analyses.affected import affected
from cx_map.analyses.bounds import exactly
from cx_map.analyses.max_flow import Throughput, raises, throughputs
from cx_map.analyses.wording import apart, per_period, rate_at_least, unlike
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Platform
from cx_map.model.values import MONTH_SECONDS, Rate
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.bounded import in_words
from cx_map.rulekit.impact import impact_measures

NAMED = 8


@rule(
    "BOT102", severity="critical", unlock=("platforms.*.capacity", "communications.*.volume", "communications.*.routes")
)
def certain_shortfall(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """The month's volume cannot be sent over the routes there are, however it is shared out.

    ## Why it matters
    No cleverness in routing mends this: somebody does not get what the firm says it sends. Only more capacity, or
    a way around, does.

    ## How it decides
    A month's items flow from each communication over what it needs and over any of its working routes, fallbacks
    included, each supplier limited to its `capacity` of a month. Where even the largest flow is smaller than the
    demand, the rule is broken. The flow lets items change places behind a shared supplier and is therefore at most
    too large: a shortfall is certain, as far as the declared routes and capacities go. The minimum cut names the
    suppliers at their limit, and the communications that depend on them. One finding for each part of the
    firm that shares limited suppliers; its subject is the first supplier of the cut by id. Its items a month are
    those that have to pass the cut.

    Communications of unknown volume count as nothing; where there are some and no shortfall is certain, the
    suppliers they could use are not assessed.

    ## Evidence it needs
    `capacity` of platforms, data sources or channels; `volume` and routes of communications.

    ## Example
    ```yaml
    platforms:
      ccm-a: {capacity: 300000/month}  # BOT102
      ccm-b: {capacity: 200000/month}
    communications:
      statement:
        volume: 600000/month
        needs: []
        routes:
          - {id: usual, channel: letter, platforms: [ccm-a]}
          - {id: spare, channel: letter, platforms: [ccm-b], fallback_for: usual}
    ```

    ## Mended
    ```yaml
    platforms:
      ccm-a: {capacity: 500000/month}
      ccm-b: {capacity: 200000/month}
    communications:
      statement:
        volume: 600000/month
        needs: []
        routes:
          - {id: usual, channel: letter, platforms: [ccm-a]}
          - {id: spare, channel: letter, platforms: [ccm-b], fallback_for: usual}
    ```

    ## References
    L. R. Ford and D. R. Fulkerson, Maximal flow through a network, 1956: the largest flow is the smallest cut.
    """
    for part in eco.once(throughputs):
        if part.short:
            yield _breach(eco, part)
            continue
        for name in part.suppliers:
            if part.undecided:
                yield NotAssessed(name, "the volume of some communications is not known", ("communications.*.volume",))
            else:
                yield Passed(name)


def _breach(eco: Ecosystem, part: Throughput) -> Breach:
    entities = eco.inventory.entities
    reach = affected(eco, part.starved)
    first = part.cut[0]
    can, must = apart(max(part.pressing - part.shortfall, 0.0), part.pressing)
    missing = per_period(part.shortfall, MONTH_SECONDS) if part.shortfall >= 0.1 else "less than 0.1 a month"
    together = f"'{first}'"
    if len(part.cut) > 1:
        others = f"'{part.cut[1]}'" if len(part.cut) == 2 else f"{len(part.cut) - 1} others"
        together = f"'{first}' and {others} together"
    new = raises(eco, part)
    rates = {name: _rate(entities[name], amount) for name, amount in new.items()}
    bypass = _same_capability(eco, part.cut)
    summary = "raise " + ", ".join(f"'{name}' to {rate}" for name, rate in rates.items())
    if bypass:
        summary += f"; or route around it over {', '.join(bypass)}, which can do the same"
    return Breach(
        subject=entities[first],
        message=f"{together} can carry {can} of {must} items a month at most, whatever the routing",
        at=("capacity",),
        label=f"too little for {missing}",
        related=(*part.cut[1:], *part.starved),
        evidence=(
            ("at their limit", ", ".join(part.cut)),
            ("starved", ", ".join(part.starved[:NAMED]) + (" ..." if len(part.starved) > NAMED else "")),
            ("shortfall", f"at least {missing}" if part.shortfall >= 0.1 else missing),
            (
                "head-room under any routing",
                f"at most {unlike(part.relaxed, 1.0)}" if part.relaxed is not None else "less than 100%",
            ),
            ("customers", in_words(reach.customers, "customers")),
            ("routes considered", "all that are declared, fallbacks included"),
        ),
        path=tuple(PathStep(name, "has to pass", first, entities[name]) for name in part.starved[:NAMED]),
        measures={"shortfall_per_month": part.shortfall, **impact_measures(reach, exactly(part.pressing, part.basis))},
        basis=part.basis,
        fix=Fix(summary, tuple({"change": {name: {"capacity": rate}}} for name, rate in rates.items())),
    )


def _rate(entity: object, amount: float) -> str:
    """A capacity of that many items a month in the unit that the entity uses."""
    capacity = getattr(entity, "capacity", None)
    per = capacity.per if isinstance(capacity, Rate) else MONTH_SECONDS
    return rate_at_least(amount, per, MONTH_SECONDS)


def _same_capability(eco: Ecosystem, cut: tuple[str, ...]) -> list[str]:
    """Other usable platforms with every capability of the first platform of the cut."""
    first = next((one for name in cut if (one := eco.inventory.find(name, Platform)) is not None), None)
    wanted = set(first.capabilities or ()) if first is not None else set()
    if not wanted:
        return []
    others = [one for one in eco.inventory.of(Platform) if one.usable and wanted <= set(one.capabilities or ())]
    return [one.id for one in others if one.id not in cut]
