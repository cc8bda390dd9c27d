"""BOT110."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from cx_map.analyses.affected import affected
from cx_map.analyses.broken_routes import unreached
from cx_map.analyses.common_mode import SharedDomain, common_modes, suppliers_of
from cx_map.analyses.route_edits import with_routes, written_route
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Production, production
from cx_map.graph.production_domains import DOMAIN_KINDS
from cx_map.model.chapter_map import Channel, Communication, DataSource, Platform, Route
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.bounded import in_words
from cx_map.rulekit.impact import impact_measures


@rule("BOT110", severity="major", unlock=("platforms.*.site", "platforms.*.vendor", "platforms.*.network"))
def common_mode_redundancy(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Ways that look independent share a site, a network or a vendor, and fail together.

    ## Why it matters
    A backup in the same building as the original burns with it. Such pairs pass every check that looks at
    systems one by one.

    ## How it decides
    All usable platforms and data sources with the same `site`, `network` or `vendor` (written alike but for case)
    form a failure domain. A communication breaks the rule when the loss of a domain stops it, in the production
    graph, though the loss of no single member does. Things with `redundancy: active_active` belong to no domain; the
    firm itself and words such as *in-house* are no vendor. One domain is one finding; where a site or network and
    a vendor take the same ways together, the finding is about the site or network, since a vendor fails only by
    way of these. For the same reason a vendor alone counts only where the site or network of some of its things is
    not known, and then with medium confidence. A communication with alternatives of which some state no site, network or vendor
    is not assessed, nor is one that is fine as far as its needs and routes are known, but they are not all.

    The fix puts a platform in place of a backup (or of another of the ways) that has the same capabilities and is known
    to stand at another site, network or vendor, if there is one that the communication does not use yet; else it is
    told in words.

    ## Evidence it needs
    `site`, `network` or `vendor` of the platforms and data sources that stand in for one another.

    ## Example
    ```yaml
    platforms:
      gateway-1: {vendor: Textline}
      gateway-2: {vendor: Textline}
      gateway-3: {vendor: Ringwire}
    communications:
      passcode:  # BOT110
        needs: []
        routes:
          - {id: main, channel: sms, platforms: [gateway-1]}
          - {id: backup, channel: sms, platforms: [gateway-2], fallback_for: main}
    ```

    ## Mended
    ```yaml
    platforms:
      gateway-1: {vendor: Textline}
      gateway-2: {vendor: Textline}
      gateway-3: {vendor: Ringwire}
    communications:
      passcode:
        needs: []
        routes:
          - {id: main, channel: sms, platforms: [gateway-1]}
          - {id: backup, channel: sms, platforms: [gateway-3], fallback_for: main}
    ```

    ## References
    Common-cause failures in fault trees: NUREG/CR-4780, Procedures for treating common cause failures, 1988.
    """
    graph = eco.once(production)
    failures, entities = graph.failures, graph.inventory.entities
    nodes = [node for node in range(graph.suppliers) if not isinstance(entities[graph.names[node]], Channel)]
    systems = failures.bits_with(nodes)
    placeless = failures.bits_with(node for node in nodes if not _placed(graph, graph.names[node]))
    shared: dict[str, list[SharedDomain]] = {}
    places = _standing(graph.inventory)
    for one in eco.once(common_modes):
        for name in one.stops:
            shared.setdefault(name, []).append(one)
    for name in sorted(graph.communications.keys() - eco.once(unreached).keys()):
        if not graph.derivable(name):
            continue
        if name in shared:
            yield from _breaches(eco, graph, name, shared[name], places)
            continue
        node = graph.communications[name].node
        alternatives = systems & failures.ways(node) & ~failures.bits(node)
        if not alternatives:
            continue
        if not graph.complete(name):
            yield NotAssessed(
                name, "its needs or routes are not all known", ("communications.*.needs", "communications.*.routes")
            )
        elif not alternatives & placeless:
            yield Passed(name)
        else:
            reason = "it has alternatives, and of some no site, network or vendor is known"
            yield NotAssessed(name, reason, tuple(f"{kind}.*.{field}" for kind in ("platforms", "data_sources")
                                                  for field in DOMAIN_KINDS))  # fmt: skip


def _placed(graph: Production, name: str) -> bool:
    """Whether it states a failure domain, or needs none."""
    entity = graph.inventory.entities[name]
    if not isinstance(entity, Platform | DataSource):
        return True
    return entity.redundancy == "active_active" or any(getattr(entity, kind) for kind in DOMAIN_KINDS)


def _breaches(
    eco: Ecosystem, graph: Production, name: str, domains: list[SharedDomain], places: Sequence[Standing]
) -> Iterator[Breach]:
    """One breach for each set of members that some domain joins; domains come surest kind first."""
    told: set[tuple[str, ...]] = set()
    for one in domains:
        members = one.alternatives[name]
        if members in told:
            continue
        told.add(members)
        also = [other.domain.name for other in domains if other is not one and other.alternatives[name] == members]
        reach = affected(eco, [name])
        entities = graph.inventory.entities
        words = " and ".join((", ".join(members[:-1]), members[-1])) if len(members) > 1 else members[0]
        yield Breach(
            subject=entities[name],
            message=f"'{name}' looks redundant, but {words} share the {one.domain.kind} '{one.domain.label}'",
            label=f"one {one.domain.kind}",
            related=(*members, one.domain.name),
            discriminator=(one.domain.name.casefold(),),
            evidence=(
                ("fail together", ", ".join(members)),
                *((("they also share", ", ".join(also)),) if also else ()),
                ("customers", in_words(reach.customers, "customers")),
            ),
            path=tuple(
                PathStep(member, "stands on", one.domain.name, entities[member], (one.domain.kind,))
                for member in members
            ),
            measures=impact_measures(reach),
            basis="estimated" if one.domain.kind == "vendor" else "reported",
            fix=_fix(graph, one, name, members, places),
        )


def _fix(graph: Production, one: SharedDomain, name: str, members: tuple[str, ...], places: Sequence[Standing]) -> Fix:
    """Let a platform that can do the same and stands elsewhere take the place of a member; else say what is to be done."""
    kind, label = one.domain.kind, one.domain.label
    communication = graph.inventory.entities[name]
    if isinstance(communication, Communication):
        taken = {*suppliers_of(graph, name), *members}
        routes = routes_of(communication) or ()
        used = {name for route in routes for name in _platforms_of(route)}
        first = {name for route in routes if not route.fallback_for for name in _platforms_of(route)}
        theirs = Counter(place for each in members for place in _places(graph.inventory.entities[each]))
        for member in sorted(used.intersection(members), key=lambda some: (some not in first, some), reverse=True):
            other = _elsewhere(graph, one, member, theirs, taken, places)
            if other is not None:
                swapped = [written_route(route, {member: other.id}) for route in routes]
                place = str(getattr(other, kind)).strip()
                return Fix(
                    f"use '{other.id}' ({kind} '{place}') in place of '{member}'",
                    (with_routes(communication, swapped),),
                )
    them = f"'{members[0]}' or '{members[1]}'" if len(members) == 2 else "one of them"
    return Fix(f"move {them} to another {kind} than '{label}', or add a third way at another {kind}")


def _platforms_of(route: Route) -> frozenset[str]:
    return frozenset(name for hop in route.platforms or () for name in hop.any_of or ())


def _elsewhere(
    graph: Production,
    one: SharedDomain,
    member: str,
    theirs: Mapping[tuple[str, str], int],
    taken: set[str],
    standing: Sequence[Standing],
) -> Platform | None:
    """A platform in use with all the capabilities of a member, known to stand outside the domain, and in none with the others.

    The first in the inventory. O(sorts of platform, until one is found).
    """
    kind, label = one.domain.kind, one.domain.label.strip().casefold()
    own = _places(graph.inventory.entities[member])
    able = graph.inventory.find(member, Platform)
    if able is None or not able.capabilities:
        return None
    best: tuple[int, Platform] | None = None
    for sort in standing:
        if best is not None and best[0] < sort.platforms[0][0]:
            break
        places = sort.places
        if not sort.capabilities.issuperset(able.capabilities):
            continue
        others = (place for place in places if theirs.get(place, 0) > (place in own))
        if (kind, label) not in places and kind in dict(places) and not any(others):
            free = next((found for found in sort.platforms if found[1].id not in taken), None)
            if free is not None and (best is None or free[0] < best[0]):
                best = free
    return best[1] if best is not None else None


class Standing(Struct, frozen=True):
    """Platforms in use of one sort, that can do the same and stand at the same places, with their numbers in the inventory."""

    capabilities: frozenset[str]
    places: frozenset[tuple[str, str]]
    platforms: tuple[tuple[int, Platform], ...]


def _standing(inventory: Inventory) -> tuple[Standing, ...]:
    """The sorts of platform, in order of their first. O(platforms)."""
    found: dict[tuple[frozenset[str], frozenset[tuple[str, str]]], list[tuple[int, Platform]]] = {}
    for number, one in enumerate(inventory.of(Platform)):
        if one.usable:
            sort = frozenset(one.capabilities or ()), frozenset(_places(one))
            found.setdefault(sort, []).append((number, one))
    return tuple(Standing(*sort, tuple(platforms)) for sort, platforms in found.items())


def _places(entity: Entity) -> set[tuple[str, str]]:
    """The failure domains that it states."""
    stated = ((kind, (getattr(entity, kind, None) or "").strip().casefold()) for kind in DOMAIN_KINDS)
    return {(kind, place) for kind, place in stated if place}
