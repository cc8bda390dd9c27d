"""INV101."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cx_map.analyses.affected import affected, volume_of
from cx_map.analyses.bounds import bounds_of
from cx_map.analyses.broken_routes import Unreached, dead_causes, perhaps_unreached, replacements, unreached
from cx_map.analyses.route_edits import written_hops, written_route
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Produced, ProducedRoute, Production, production
from cx_map.model.chapter_map import Communication
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
    source or channel that is proposed or retired. A platform counts with everything in its own `needs`; platforms
    that need each other keep each other running, which is the business of BOT111. With `send: all` each primary route must work, or one of
    its fallbacks. `routes: []`, known to have none, breaks it too.

    It also breaks the rule when all segments it serves state `reachable_by` and none of them names a channel of a
    working route. Where a channel is left out there rather than stated as 0, confidence is medium; where that one is
    post or a branch, which need no address to be collected, or calls where texts reach the segment, it is low, and
    other rules judge the communication all the same. It is *critical* for regulatory and security communications, else
    *major*. Where another way works, but a primary route that takes a known share of the items (with `send: all`, any
    primary route) does not, the rule is broken too, as *major*: these items wait for somebody to notice. A
    communication whose `routes` are left out altogether is the business of INV102; one that works as far as is known,
    but whose needs, platforms or channels are not all known, is not assessed.

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
    nobody = {**eco.once(unreached), **eco.once(perhaps_unreached)}
    for name in sorted(graph.communications):
        produced = graph.communications[name]
        if not produced.communication.usable:
            continue
        if not graph.derivable(name):
            yield _dead(eco, graph, produced)
            continue
        if name in nobody:
            yield _unreached(eco, graph, produced, nobody[name])
            continue
        broken = _dead_primary(eco, graph, produced)
        if broken is not None:
            yield broken
            continue
        missing = _missing(produced)
        if missing:
            yield NotAssessed(name, "it works as far as is known, but not all of its way is known", missing)
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
    else:
        why = ", ".join(f"'{cause}' is {states[cause]}" for cause in causes)
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
    return _swapped(communication, swaps)


def _swapped(communication: Communication, swaps: Mapping[str, str]) -> Fix:
    """Other platforms on the routes, as they are written."""
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


def _unreached(eco: Ecosystem, graph: Production, produced: Produced, found: Unreached) -> Breach:
    """A breach where the segments are known to be reached by none of the working channels."""
    communication, entities = produced.communication, eco.inventory.entities
    dead = [route for route in _primaries(produced) if not graph.failures.derivable[route.node]]
    causes = tuple(dict.fromkeys(cause for route in dead for cause in dead_causes(graph, route.node)))
    since = f" (the others stand on {_quoted(causes)}: {_states(graph, causes)})" if causes else ""
    helps = bool(dead) and all(route.route.channel in found.reachable for route in dead)
    mended = _primary_fix(graph, produced, dead) if helps else None
    reach = "find out how the segments can be reached"
    if found.reachable:
        reach = "add a route over a channel that the segments can be reached by: " + ", ".join(found.reachable)
    return Breach(
        subject=communication,
        message=(f"'{communication.id}' goes by {_quoted(found.channels)}{since}, which {_reaching(found)}"),
        severity=_severity(communication),
        at=("routes",) if communication.routes is not None else ("channels",),
        label="reaches no segment",
        related=(*found.channels, *found.segments, *causes),
        discriminator=("perhaps unreached" if found.basis == "assumed" else "unreached",),
        path=(
            *(PathStep(communication.id, "serves", name, entities[name], ("reachable_by",)) for name in found.segments),
            *(PathStep(communication.id, "stands on", cause, entities[cause], ("status",)) for cause in causes),
        ),
        measures=impact_measures(affected(eco, [communication.id])),
        basis=found.basis,
        fix=mended if mended is not None and mended.changes else Fix(reach),
    )


def _reaching(found: Unreached) -> str:
    """What is known of channels that reach nobody: that they do not, or that nobody says they do."""
    one = len(found.channels) == 1
    if found.basis == "reported":
        return f"{'reaches' if one else 'reach'} none of the segments it serves"
    return f"{'is' if one else 'are'} not among the channels that are said to reach the segments it serves"


def _primaries(produced: Produced) -> list[ProducedRoute]:
    return [route for route in produced.routes or () if route.route.fallback_for is None]


def _quoted(names: Sequence[str]) -> str:
    """Names in quotes, joined as in a sentence."""
    quoted = [f"'{name}'" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _states(graph: Production, causes: Sequence[str]) -> str:
    """What is wrong with some things not in use: *retired*, *proposed or retired*."""
    return " or ".join(sorted({str(graph.inventory.entities[cause].status) for cause in causes}))


def _dead_primary(eco: Ecosystem, graph: Production, produced: Produced) -> Breach | None:
    """A breach where primary routes that take items do not work, though the communication has another way."""
    derivable = graph.failures.derivable
    dead = [
        route
        for route in produced.routes or ()
        if not derivable[route.node] and route.route.share is not None and route.route.share.value > 0
    ]
    if not dead:
        return None
    communication = produced.communication
    entities = graph.inventory.entities
    causes = tuple(dict.fromkeys(cause for route in dead for cause in dead_causes(graph, route.node)))
    states = _states(graph, causes)
    over = _quoted(causes)
    which = f"over {over}, which {'is' if len(causes) == 1 else 'are'} {states}"
    every = communication.send == "all"
    share = sum(bounds_of(route.route.share).said for route in dead)
    names = ", ".join(f"'{route.route.id}'" for route in dead)
    volume = volume_of(eco, communication)
    items = volume.scaled(1.0 if every else min(share, 1.0))
    reach = affected(eco, [communication.id])
    part = f"{names} of '{communication.id}', which takes all its routes, goes" if every else (
        f"{round(100 * share, 1):g}% of '{communication.id}' is routed"
    )  # fmt: skip
    number = next((place for place, one in enumerate(produced.routes or ()) if one is dead[0]), 0)
    return Breach(
        subject=communication,
        message=f"{part} {which}",
        severity="major",
        at=("routes", number) if communication.routes is not None
        else ("platforms" if communication.platforms is not None else "channels",),
        label=f"{over} {'is' if len(causes) == 1 else 'are'} {states}",
        related=causes,
        discriminator=("primary",),
        evidence=(
            ("routes that do not work", names),
            ("customers", in_words(reach.customers, "customers")),
            ("items a month on them", in_words(items, "items")),
        ),
        path=tuple(PathStep(communication.id, "stands on", cause, entities[cause], ("status",)) for cause in causes),
        measures=impact_measures(reach, items),
        fix=_primary_fix(graph, produced, dead),
    )  # fmt: skip


def _primary_fix(graph: Production, produced: Produced, dead: list[ProducedRoute]) -> Fix:
    """Working platforms of the same capability on every such route, else words."""
    swaps: dict[str, str] = {}
    for route in dead:
        found = replacements(graph, produced.communication, route)
        if found is None:
            works = [one for one in produced.routes or () if graph.failures.derivable[one.node]]
            return Fix("route these items over a way that works: " + ", ".join(f"'{one.route.id}'" for one in works))
        swaps.update(found)
    return _swapped(produced.communication, swaps)
