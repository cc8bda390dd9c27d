"""INV101."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.affected import affected
from cx_map.analyses.broken_routes import dead_causes, replacements
from cx_map.analyses.route_edits import written_hops, written_route
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Produced, ProducedRoute, Production, production
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Communication
from cx_map.model.entity import Entity
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, PathStep, Severity, Verdict, rule
from cx_map.rulekit.bounded import in_words
from cx_map.rulekit.impact import impact_measures


@rule("INV101", severity="major", unlock=("communications.*.needs", "communications.*.routes"))
def communication_without_route(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A communication has no complete way to its customers.

    ## Why it matters
    What is on the list of communications but cannot leave the house is a promise that nobody keeps. It happens
    when a system is retired and the letters that it printed are forgotten.

    ## How it decides
    A usable communication breaks the rule when it cannot be derived in the production graph: something it needs
    (in an `any_of`, everything named) or every one of its routes, fallbacks included, stands on a platform, data
    source or channel that is proposed or retired, or on platforms that only work when they already work. A
    platform counts with everything in its own `needs`. With `send: all` each primary route must work, or one of
    its fallbacks. `routes: []`, known to have none, breaks it too.

    It also breaks the rule when all segments it serves state `reachable_by` and none of them names a channel of a
    working route. It is *critical* for regulatory and security communications, else *major*. A communication
    whose `routes` are left out altogether is the business of INV102; one that works as far as is known, but
    whose needs, platforms or channels are not all known, is not assessed.

    ## Evidence it needs
    `needs` and `routes` of communications (or `channels` and `platforms`), `status` of what they go through.

    ## Example
    ```yaml
    lines_of_business: {retail: {name: Retail}}
    platforms:
      docu-1: {status: retired, capabilities: [compose, print]}
      docu-2: {capabilities: [compose, print], serves: [retail], redundancy: active_active}
    communications:
      rate-change-letter:
        purpose: regulatory
        line_of_business: retail
        needs: []
        routes: [{channel: letter, platforms: [docu-1]}]  # INV101
    ```

    ## Mended
    ```yaml
    lines_of_business: {retail: {name: Retail}}
    platforms:
      docu-1: {status: retired, capabilities: [compose, print]}
      docu-2: {capabilities: [compose, print], serves: [retail], redundancy: active_active}
    communications:
      rate-change-letter:
        purpose: regulatory
        line_of_business: retail
        needs: []
        routes: [{channel: letter, platforms: [docu-2]}]
    ```

    ## References
    Dowling and Gallier, Linear-time algorithms for testing the satisfiability of propositional Horn formulae, 1984.
    """
    graph = eco.once(production)
    for name in sorted(graph.communications):
        produced = graph.communications[name]
        if not produced.communication.usable:
            continue
        if not graph.derivable(name):
            yield _dead(eco, graph, produced)
            continue
        unreached = _unreached(graph, produced)
        if unreached is not None:
            yield unreached
            continue
        missing = _missing(produced)
        if missing:
            yield NotAssessed(name, "it works as far as is known, but not all of its way is", missing)
        else:
            yield Passed(name)


def _severity(communication: Communication) -> Severity:
    return "critical" if communication.regulated else "major"


def _missing(produced: Produced) -> tuple[str, ...]:
    """The fields that would show the whole way."""
    wanted = []
    if produced.communication.needs is None:
        wanted.append("communications.*.needs")
    if produced.routes is None:
        wanted.append("communications.*.routes")
    for route in produced.routes or ():
        if route.route.platforms is None:
            wanted.append("communications.*.routes.platforms")
        if route.channel is None:
            wanted.append("communications.*.routes.channel")
    return tuple(dict.fromkeys(wanted))


def _dead(eco: Ecosystem, graph: Production, produced: Produced) -> Breach:
    communication = produced.communication
    causes = dead_causes(graph, produced.node)
    states = {cause: graph.inventory.entities[cause].status for cause in causes}
    if not causes:
        why = "it is known to have no route"
    elif all(not graph.inventory.entities[cause].usable for cause in causes):
        why = ", ".join(f"'{cause}' is {states[cause]}" for cause in causes)
    else:
        why = f"{', '.join(causes)} wait for one another"
    needs_dead = any(not any(graph.failures.derivable[node] for node in group) for group in produced.needs)
    form = "routes" if communication.routes is not None else "platforms"
    path = tuple(
        PathStep(communication.id, "stands on", cause, graph.inventory.entities[cause], ("status",)) for cause in causes
    )
    reach = affected(eco, [communication.id])
    return Breach(
        subject=communication,
        message=f"'{communication.id}' cannot reach its customers: {why}",
        severity=_severity(communication),
        at=("needs",) if needs_dead else (form,),
        label=why,
        related=causes,
        evidence=(
            ("customers", in_words(reach.customers, "customers")),
            ("items a month", in_words(reach.items, "items")),
        ),
        path=path,
        measures=impact_measures(reach),
        fix=_fix(graph, produced, needs_dead=needs_dead),
    )


def _fix(graph: Production, produced: Produced, *, needs_dead: bool) -> Fix:
    """Put working platforms of the same capability on the first primary routes that can be mended so."""
    communication = produced.communication
    if needs_dead:
        return Fix("name the source that replaced the one it needs, or retire the communication")
    swaps: dict[str, str] = {}
    for group in _groups(graph, produced):
        choices = [
            (route, found) for route in group if (found := replacements(graph, communication, route)) is not None
        ]
        if not choices:
            return Fix("add a route over a working platform and channel, or retire the communication")
        swaps.update(choices[0][1])
    words = ", ".join(f"'{new}' for '{old}'" for old, new in sorted(swaps.items()))
    if communication.routes is None:
        change: Mapping[str, object] = {"platforms": written_hops(communication.platforms, swaps)}
    else:
        change = {"routes": [written_route(route, swaps) for route in communication.routes]}
    return Fix(f"put {words} on its routes: the nearest working platform that can do the same",
               ({"change": {communication.id: change}},))  # fmt: skip


def _groups(graph: Production, produced: Produced) -> list[list[ProducedRoute]]:
    """The groups of routes of which none works; routes in the order written."""
    routes = {route.node: route for route in produced.routes or ()}
    groups = graph.requirements[produced.node][len(produced.needs) :]
    dead = [group for group in groups if not any(graph.failures.derivable[node] for node in group)]
    return [[routes[node] for node in group] for group in dead]


def _unreached(graph: Production, produced: Produced) -> Breach | None:
    """A breach where the segments are known to be reached by none of the working channels."""
    communication = produced.communication
    working = [route for route in produced.routes or () if graph.failures.derivable[route.node]]
    if not working or not communication.segments or any(route.channel is None for route in working):
        return None
    channels = sorted({graph.names[route.channel] for route in working if route.channel is not None})
    reached: set[str] = set()
    served: list[Entity] = []
    for name in communication.segments:
        segment = graph.inventory.find(name, Segment)
        if segment is None or segment.reachable_by is None:
            return None
        served.append(segment)
        reached |= {channel for channel, share in segment.reachable_by.items() if share.highest > 0}
    if reached & set(channels):
        return None
    return Breach(
        subject=communication,
        message=(
            f"'{communication.id}' goes by {', '.join(channels)}, which reaches none of the segments it serves"
        ),
        severity=_severity(communication),
        at=("routes",) if communication.routes is not None else ("channels",),
        label="reaches no segment",
        related=(*channels, *communication.segments),
        discriminator=("unreached",),
        path=tuple(PathStep(communication.id, "serves", one.id, one, ("reachable_by",)) for one in served),
        measures={"regulated": communication.regulated},
        fix=Fix("add a route over a channel that the segments can be reached by: " + ", ".join(sorted(reached)))
        if reached else Fix("find out how the segments can be reached"),
    )  # fmt: skip
