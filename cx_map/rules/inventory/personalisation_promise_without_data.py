"""INV106."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Set

from msgspec import Struct

from cx_map.analyses.cheapest_flows import cheapest_flows_from
from cx_map.analyses.holdings import holdings, meet
from cx_map.analyses.known_asks import asks_of
from cx_map.analyses.shared_sets import SharedSets
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import ANYONE, Scope, propagation
from cx_map.model.attributes import canonical, lineage
from cx_map.model.chapter_map import Communication, Platform
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, PathStep, Verdict, rule

_UNLOCK = ("communications.*.personalises", "communications.*.routes", "data_sources.*.holds")


@rule("INV106", severity="minor", unlock=_UNLOCK)
def personalisation_promise_without_data(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A communication is personalised by an attribute that never gets to the platform that composes it.

    ## Why it matters
    Most customers expect communications that fit them; a letter that is to name the branch nearest to them, made by an
    engine that does not know it, is generic or wrong.

    ## How it decides
    For each attribute that a usable communication shows (`content`) or is shaped by (`personalises`) and that some usable store
    or collection point has: along flows that carry it, for each product of the communication, none of the places that
    have it leads to the composing platform of a route (those with the capability `compose`, else the first of the route), and
    no store that the communication `needs` has it, at once or by flows. With `derived_from`, all of the
    attributes named there must get there instead. What a store holds for some products only counts for these, and a flow with
    `policy: blocked` is respected by the fix, over third places too. Where only a flow with `carries: unknown` may bring one, the
    communication is not assessed. What nobody has at all is the business of RED106.

    ## Evidence it needs
    `personalises` or `content`, routes with platforms, `holds` of stores, `flows`.

    ## Example
    ```yaml
    data_sources:
      crm: {holds: [preference.branch]}
    platforms: {ccm: {capabilities: [compose]}}
    communications:
      birthday-letter:
        needs: []
        personalises:
          - preference.branch  # INV106
        routes: [{channel: letter, platforms: [ccm]}]
    ```

    ## Mended
    ```yaml
    data_sources:
      crm: {holds: [preference.branch]}
    platforms: {ccm: {capabilities: [compose]}}
    flows:
      - {from: crm, to: ccm, via: file, every: 1d, carries: [preference.branch]}
    communications:
      birthday-letter:
        needs: []
        personalises:
          - preference.branch
        routes: [{channel: letter, platforms: [ccm]}]
    ```

    ## References
    Assessment of communications ecosystems; a need that a store meets counts as access, or every inventory without
    described flows would be accused.
    """
    for communication in eco.inventory.of(Communication):
        if not communication.usable:
            continue
        wanted = _wanted(communication)
        if not wanted:
            if communication.content is None and communication.personalises is None:
                yield NotAssessed(communication.id, "the attributes it shows are not known", _UNLOCK[:1])
            else:
                yield Passed(communication.id)
            continue
        platforms = _composing(eco, communication)
        if not platforms:
            yield NotAssessed(communication.id, "the platform that composes it is not known", _UNLOCK[1:2])
            continue
        breaches = list(_missing(eco, communication, wanted, platforms))
        yield from breaches
        if not breaches and _hangs(eco, communication, wanted, platforms):
            reason = "what the flows that may bring what it shows carry is not known"
            yield NotAssessed(communication.id, reason, ("flows.*.carries",))
        elif not breaches:
            had = any(_holders(eco, name).places for _, _, names in wanted for name in names)
            yield (
                Passed(communication.id)
                if had
                else NotAssessed(communication.id, "who has the attributes it shows is not known", _UNLOCK[2:])
            )


MOST_NAMED = 8
"""No more places that have an attribute are named."""

Wanted = tuple[tuple[str, int], str, tuple[str, ...]]
"""Where it is written, the attribute, and what must get there."""


def _wanted(communication: Communication) -> list[Wanted]:
    found: dict[str, Wanted] = {}
    for index, shaped in enumerate(communication.personalises or ()):
        if shaped.attribute is not None:
            found[shaped.attribute] = (
                ("personalises", index),
                shaped.attribute,
                shaped.derived_from or (shaped.attribute,),
            )
    for index, item in enumerate(communication.content or ()):
        if item.attribute is not None:
            found.setdefault(item.attribute, (("content", index), item.attribute, (item.attribute,)))
    return list(found.values())


def _composing(eco: Ecosystem, communication: Communication) -> tuple[str, ...]:
    """The usable composing platforms of each route."""
    found: dict[str, None] = {}
    for route in routes_of(communication) or ():
        hops = [
            [one for name in hop.any_of or () if (one := eco.inventory.find(name, Platform)) is not None and one.usable]
            for hop in route.platforms or ()
        ]
        composing = [one for hop in hops for one in hop if "compose" in (one.capabilities or ())]
        found.update(dict.fromkeys(one.id for one in composing or (hops[0] if hops else ())))
    return tuple(found)


class _Holders(Struct, frozen=True, eq=False):
    """The places that have an attribute, and those of them that a finding names: the first in order of id."""

    places: SharedSets
    first: tuple[str, ...]


def _holders(eco: Ecosystem, written: str, scope: Scope = ANYONE) -> _Holders:
    """The places that have an attribute, or something that contains it: stores, points and what they write to. Kept.

    A store that holds it for some products only has it for these. The places of each attribute above are kept once for all
    below it.
    """
    kept = eco.once(_kept)
    attribute = canonical(eco.inventory, written)
    key = (attribute, scope, "")
    if key not in kept:
        sets = [_having(eco, name, scope, below=False) for name in lineage(eco.inventory, attribute)]
        sets.append(_having(eco, attribute, scope, below=True))
        first = sorted({place for some in sets for place in some.first})[:MOST_NAMED]
        kept[key] = _Holders(tuple(one for some in sets for one in some.places if one), tuple(first))
    return kept[key]


def _having(eco: Ecosystem, name: str, scope: Scope, *, below: bool) -> _Holders:
    """The places that have an attribute under this very name, or (``below``) a part of it."""
    kept = eco.once(_kept)
    key = (name, scope, "below" if below else "exactly")
    if key not in kept:
        known = eco.once(holdings)
        held = known.below(name) if below else known.by_attribute.get(name, ())
        places = frozenset(one.place for one in held if meet(one.holding.products, scope.products))
        if not below:
            places |= eco.once(_asked_places).get(name, set())
        kept[key] = _Holders((places,), tuple(heapq.nsmallest(MOST_NAMED, places)))
    return kept[key]


def _kept(_: Ecosystem) -> dict[tuple[str, Scope, str], _Holders]:
    return {}


def _asked_places(eco: Ecosystem) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for asked in eco.once(asks_of):
        usable = (name for name in asked.point.writes_to or () if eco.inventory.entities[name].usable)
        found.setdefault(asked.attribute, set()).update((asked.point.id, *usable))
    return found


def _missing(
    eco: Ecosystem, communication: Communication, wanted: list[Wanted], platforms: tuple[str, ...]
) -> Iterator[Breach]:
    for at, attribute, names in wanted:
        for name in names:
            failing = _failing(eco, communication, name, platforms, perhaps=True)
            if failing:
                yield _breach(eco, communication, at, attribute, name, failing)
                break


def _hangs(eco: Ecosystem, communication: Communication, wanted: list[Wanted], platforms: tuple[str, ...]) -> bool:
    """Whether something it shows does not get there for certain."""
    return bool(eco.once(propagation).vague) and any(
        _failing(eco, communication, name, platforms, perhaps=False) for _, _, names in wanted for name in names
    )


def _failing(
    eco: Ecosystem, communication: Communication, name: str, platforms: tuple[str, ...], *, perhaps: bool
) -> list[tuple[Scope, str]]:
    """The composing platforms an attribute that somebody has does not get to, and for whom."""
    graph = eco.once(propagation)
    needs = {
        one for need in communication.needs or () for one in need.any_of or () if eco.inventory.entities[one].usable
    }
    if not _holders(eco, name).places:
        return []
    asked = canonical(eco.inventory, name)
    scoped = any(carriers.scoped for carriers in graph.possible(asked)) or _held_for_some(eco, asked)
    products: tuple[str | None, ...] = communication.products or (None,)
    scopes = [Scope(None, None if one is None else (one,)) for one in products] if scoped else [ANYONE]
    return [
        (scope, platform)
        for scope in scopes
        if (holders := _holders(eco, name, scope).places)
        for platform in platforms
        if all(graph.reach(asked, some, scope, perhaps=perhaps).isdisjoint({platform, *needs}) for some in holders)
        and not _sends(eco, asked, {platform, *needs})
    ]


def _held_for_some(eco: Ecosystem, asked: str) -> bool:
    """Whether a store holds an attribute, something that contains it or a part of it for some products only."""
    named = eco.once(_in_part)
    return any(name in named for name in lineage(eco.inventory, asked)) or any(
        held.holding.products is not None for held in eco.once(holdings).below(asked)
    )


def _in_part(eco: Ecosystem) -> frozenset[str]:
    held = eco.once(holdings).by_attribute
    return frozenset(name for name, some in held.items() if any(one.holding.products is not None for one in some))


def _sends(eco: Ecosystem, asked: str, places: Set[str]) -> bool:
    """Whether one of some places names an attribute, or something that contains it, in what it sends on: it has it."""
    senders = eco.once(_senders)
    return any(not places.isdisjoint(senders.get(name, ())) for name in lineage(eco.inventory, asked))


def _senders(eco: Ecosystem) -> dict[str, set[str]]:
    """The places that usable flows of each attribute start from, under the name written and the one it stands for."""
    found: dict[str, set[str]] = {}
    for link in eco.once(propagation).links:
        for name in link.flow.carries or ():
            found.setdefault(name, set()).add(link.source)
            found.setdefault(canonical(eco.inventory, name), set()).add(link.source)
    return found


def _breach(
    eco: Ecosystem,
    communication: Communication,
    at: tuple[str, int],
    attribute: str,
    missing: str,
    failing: list[tuple[Scope, str]],
) -> Breach:
    holders = sorted({place for scope, _ in failing for place in _holders(eco, missing, scope).first})[:MOST_NAMED]
    changes: list[Mapping[str, object]] = []
    path: list[PathStep] = []
    forbidden = False
    for scope, platform in failing:
        known = _holders(eco, missing, scope).places
        repair = cheapest_flows_from(eco, canonical(eco.inventory, missing), known, (platform,), scope)
        if repair is None:
            changes, path = [], []
            forbidden = True
            break
        changes += [change for change in repair.changes if change not in changes]
        path += [PathStep(link.source, f"does not carry {missing}", link.target, link.flow) for link in repair.widened]
        if repair.new is not None:
            path.append(PathStep(repair.new[0], "no flow", repair.new[1]))
    platforms = tuple(dict.fromkeys(platform for _, platform in failing))
    products = sorted({name for scope, _ in failing for name in scope.products or ()})
    shown = ", ".join(f"'{name}'" for name in platforms)
    about = f" for {', '.join(products)}" if products else ""
    return Breach(
        subject=communication,
        message=f"'{communication.id}' {'shows' if at[0] == 'content' else 'is personalised by'} '{attribute}', which does not get to {shown}{about}",
        at=at,
        label=f"{shown} {'does' if len(platforms) == 1 else 'do'} not know '{missing}'",
        related=(*platforms, *holders[:3]),
        discriminator=(attribute,),
        evidence=(("known at", ", ".join(holders)),),
        path=tuple(dict.fromkeys(path)) if all(step.evidence is None for step in path) else tuple(path),
        fix=Fix(f"leave '{missing}' out: policy keeps it from {shown}")
        if forbidden
        else Fix(f"bring '{missing}' from where it is known to {shown}", tuple(changes)),
    )
