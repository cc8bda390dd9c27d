"""BOT109."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.affected import Affected
from cx_map.analyses.blast_radii import Stopped
from cx_map.analyses.bounds import exactly
from cx_map.analyses.customers import everybody
from cx_map.analyses.failed_delivery import word_of_failure
from cx_map.analyses.fallbacks import fallback, stood_in_for, with_fallback
from cx_map.analyses.radius_sizes import size_of
from cx_map.analyses.single_points import FailureClass, accepted, single_points
from cx_map.analyses.wording import length, written
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.model.chapter_map import Channel, Communication, DataSource, Platform
from cx_map.model.entity import Entity
from cx_map.model.values import HOUR_SECONDS, MONTH_SECONDS
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Severity, Verdict, rule
from cx_map.rulekit.bounded import in_words
from cx_map.rulekit.impact import impact_basis, impact_measures

NAMED = 8
"""Communications named in the proof."""
MOST_RELATED = 500
"""Communications named in `related`; the proof says how many there are in all."""
MOST_AROUND = 100
"""No more communications are tried for another way around a class: it is a remark only, and they may be very many."""


class Parameters(Struct, frozen=True):
    """What makes a single point critical."""

    customers: Annotated[float, "Share of all customers from which a single point of failure is critical."] = 0.05


@rule("BOT109", severity="major", unlock=("communications.*.needs", "communications.*.routes"))
def single_point_of_failure(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """The loss of one platform, data source or channel stops communications, whatever route they take.

    ## Why it matters
    A second route that ends in the same system protects nobody. What everything depends on should be known
    before it fails, and be doubled or be easy to bring back.

    ## How it decides
    In the production graph a communication is an AND over what it needs and an OR over its routes, fallbacks
    included (with `send: all`, over every primary route an AND); a platform an AND over its own `needs`;
    `any_of` an OR. The failure set of a communication is the exact set of things whose loss alone stops it. Things
    that stop the same communications form one class and one finding: its subject is the first platform or data
    source of the class by id, the others and the communications are in `related`.

    It is *critical* where a regulatory or security communication stops, or at least the share `customers` of all
    customers is certain to be touched, else *major*. Where only channels of a class are left, whatever makes the others
    safe, it is told too, since nothing else carries these communications, but milder: *major* for regulated ones, else
    *minor*. Where the inventory neither describes such a channel nor has another way to use, all that is known is that
    something goes by it, and it is not assessed; beside other members it is in `related` only. Whether they need
    another channel is a question of CHAN104. Things with `redundancy: active_active` are left out, and so are
    communications that reach nobody (INV101). A core system with `redundancy: active_passive` whose `rto` keeps every
    deadline known of what it stops is shown as accepted, severity *info*.

    Needs and routes that are not known prove nothing: such communications are not assessed as a whole, while
    what is known to stop them is told. Of more than 500 communications, 500 are named, and how many there are is told.

    ## Evidence it needs
    `needs` and `routes` of communications; `needs`, `redundancy`, `rto`, `availability` of platforms and data sources.

    ## Example
    ```yaml
    data_sources:
      core: {redundancy: active_active}
    platforms:
      ccm-a: {}  # BOT109
      ccm-b: {}
      printer: {}
      mailer: {}
    communications:
      statement:
        needs: [core]
        routes:
          - {channel: letter, platforms: [ccm-a, printer], share: 60%}
          - {channel: email, platforms: [ccm-a, mailer], share: 40%}
    ```

    ## Mended
    ```yaml
    data_sources:
      core: {redundancy: active_active}
    platforms:
      ccm-a: {}
      ccm-b: {}
      printer: {}
      mailer: {}
    communications:
      statement:
        needs: [core]
        routes:
          - {channel: letter, platforms: [{any_of: [ccm-a, ccm-b]}, printer], share: 60%}
          - {channel: email, platforms: [{any_of: [ccm-a, ccm-b]}, mailer], share: 40%}
    ```

    ## References
    Single points of failure as the singleton cut sets of a fault tree (NUREG-0492, Fault Tree Handbook, 1981).
    """
    graph = eco.once(production)
    found = eco.once(single_points)
    for one in found.classes:
        exposed = _exposed(eco, one)
        if exposed or any(accepted(eco, name, one.stops) for name in one.members):
            yield _breach(eco, one, exposed, parameters)
        else:
            reason = "the inventory does not describe the channel, and has no other way to use"
            yield from (NotAssessed(name, reason, ("channels",)) for name in one.members)
    used = {
        node
        for produced in graph.communications.values()
        for groups in (produced.needs, *(route.hops for route in produced.routes or ()))
        for group in groups
        for node in group
    }
    for node in sorted(used):
        if graph.names[node] not in found.stops and graph.failures.derivable[node]:
            yield Passed(graph.names[node])
    for name in sorted(graph.communications):
        if graph.derivable(name) and not graph.complete(name):
            reason = "only a part of its way is known: more may hang on one thing"
            yield NotAssessed(name, reason, ("communications.*.needs", "communications.*.routes"))


def _breach(eco: Ecosystem, one: FailureClass, exposed: tuple[str, ...], parameters: Parameters) -> Breach:
    inventory = eco.inventory
    shown = exposed or tuple(name for name in one.members if accepted(eco, name, one.stops))
    subject = min(shown, key=lambda name: (isinstance(inventory.entities[name], Channel), name))
    reach, count, related = size_of(eco, one.stops).reach, len(one.stops), one.stops.first(MOST_RELATED)
    many = f"{count} communications" if count > 1 else f"'{related[0]}'"
    others = f" (so does that of {', '.join(name for name in shown if name != subject)})" if len(shown) > 1 else ""
    more = f" ... ({count:,} in all)" if count > NAMED else ""
    evidence = [
        ("stops", ", ".join(related[:NAMED]) + more),
        ("customers", in_words(reach.customers, "customers")),
        ("items a month", in_words(reach.items, "items")),
    ]
    entity = inventory.entities[subject]
    return Breach(
        subject=entity,
        message=f"the loss of '{subject}' stops {many}{'' if exposed else ' for a while, which is accepted'}{others}",
        severity=_severity(eco, exposed, reach, parameters),
        label=_label(eco, entity, one.stops) if exposed else "recovers within every deadline known",
        related=(*(name for name in one.members if name != subject), *related),
        evidence=(*evidence, *_expected_loss(entity, reach)),
        path=tuple(PathStep(name, "cannot do without", subject, inventory.entities[name]) for name in related[:NAMED]),
        measures=impact_measures(reach),
        basis=impact_basis(reach) if _share(eco, reach) >= parameters.customers and not reach.regulated else "reported",
        fix=_fix(eco, one, exposed) if exposed else None,
    )


def _label(eco: Ecosystem, entity: Entity, stops: Stopped) -> str:
    """What takes over, and why that is not enough."""
    if not isinstance(entity, Platform | DataSource) or entity.redundancy != "active_passive":
        return "nothing takes over"
    if entity.rto is None:
        return "how long its twin takes is not known"
    span = length(max(entity.rto.seconds, HOUR_SECONDS / 60))
    deadline = size_of(eco, stops).deadline
    if deadline is None:
        return f"its twin takes {span}, and no deadline is known"
    return f"its twin takes {span}, longer than the deadline of {length(deadline)}"


def _severity(eco: Ecosystem, exposed: tuple[str, ...], reach: Affected, parameters: Parameters) -> Severity:
    if not exposed:
        return "info"
    # a channel is no worse for what shares its class: all that counts is what is left without a twin
    if all(isinstance(eco.inventory.entities[name], Channel) for name in exposed):
        return "major" if reach.regulated else "minor"
    return "critical" if reach.regulated or _share(eco, reach) >= parameters.customers else "major"


def _exposed(eco: Ecosystem, one: FailureClass) -> tuple[str, ...]:
    """The members to tell of: not those that come back in time, nor channels of which the inventory says nothing.

    Where such a channel is all there is, it is told of if another way is there to use.
    """
    exposed = tuple(name for name in one.members if not accepted(eco, name, one.stops))
    described = tuple(name for name in exposed if name not in eco.inventory.shipped)
    if described or not exposed:
        return described
    communications = (eco.inventory.find(name, Communication) for name in one.stops)
    another = any(fallback(eco, each, one.members) is not None for each in communications if each is not None)
    return exposed if another else ()


def _share(eco: Ecosystem, reach: Affected) -> float:
    """The share of all customers that is certain to be touched; 0 where customers are not known."""
    everyone = eco.once(everybody)
    return reach.customers.low / everyone.high if everyone.high else 0.0


def _expected_loss(entity: object, reach: Affected) -> tuple[tuple[str, str], ...]:
    """Items a month that stand still, by availability, and in one outage, by recovery time."""
    lines = []
    if isinstance(entity, Platform | DataSource) and reach.items.value:
        if entity.availability is not None:
            lost = reach.items.value * (1 - entity.availability.value)
            lines.append(
                ("expected loss",
                 f"{_count(lost, 'items a month')} at an availability of {written(entity.availability.value)}")
            )  # fmt: skip
        if entity.rto is not None:
            held = reach.items.value * entity.rto.seconds / MONTH_SECONDS
            span = length(max(entity.rto.seconds, HOUR_SECONDS / 60))
            lines.append(("an outage holds up", f"{_count(held, 'items')} until it is back after {span}"))
    return tuple(lines)


_DOUBLED: Mapping[str, object] = {"redundancy": "active_active"}
"""One for all fixes: there may be tens of thousands."""


def _count(amount: float, unit: str) -> str:
    return f"less than 0.1 {unit}" if 0 < amount < 0.05 else in_words(exactly(amount), unit)


def _fix(eco: Ecosystem, one: FailureClass, exposed: tuple[str, ...]) -> Fix:
    """Double what can be doubled, the cheapest first; where only channels are left, add a fallback route."""
    systems = [name for name in exposed if not isinstance(eco.inventory.entities[name], Channel)]
    channels = [f"'{name}'" for name in exposed if name not in systems]
    if systems:
        systems.sort(key=lambda name: (name != one.cheapest, name))
        summary = f"run a second '{systems[0]}' that takes over by itself"
        if len(systems) > 1:
            summary += f"{_cheapest(eco, systems)}; to be safe altogether, also {', '.join(systems[1:])}"
        if channels:
            summary += f"; the loss of {' or '.join(channels)} then still stops as much, for want of another channel"
        if _can_go_around(eco, one):
            summary += "; or add a fallback route around " + ("it" if len(one.members) == 1 else "them all")
        return Fix(summary, tuple({"change": {name: _DOUBLED}} for name in systems))
    changes: list[Mapping[str, object]] = []
    for name in one.stops:
        communication = eco.inventory.find(name, Communication)
        way = fallback(eco, communication, one.members) if communication is not None else None
        change = (
            with_fallback(communication, way, one.members) if communication is not None and way is not None else None
        )
        if change is None or communication is None or way is None:
            return Fix("add a fallback route over another channel that reaches these customers")
        failing = stood_in_for(communication, one.members)
        words = (word_of_failure(eco, communication, route, way.platforms) for route in failing)
        changes += [change, *(word for word in words if word is not None and word not in changes)]
    return Fix("add a fallback route over another channel, through platforms that are there", tuple(changes))


def _cheapest(eco: Ecosystem, systems: list[str]) -> str:
    """That the first of some systems is the cheapest to double, as far as their costs are known."""
    costs = [getattr(eco.inventory.entities[name], "cost_per_year", None) is not None for name in systems]
    if not costs[0] or sum(costs) == 1:
        return ""
    return ", the cheapest of them" if all(costs) else ", the cheapest of them as far as costs are known"


def _can_go_around(eco: Ecosystem, one: FailureClass) -> bool:
    """Whether ways are there that avoid the whole class, and it is only on routes, not among what is needed."""
    if len(one.stops) > MOST_AROUND:
        return False
    graph = eco.once(production)
    members = {graph.index[name] for name in one.members}
    for name in one.stops:
        produced = graph.communications[name]
        if members.intersection(graph.failures.atoms_in(graph.failures.bits_of(produced.needs))):
            return False
        if fallback(eco, produced.communication, one.members) is None:
            return False
    return True
