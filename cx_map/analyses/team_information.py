"""Whether what one team knows can come to another, and which initiatives meddle with the same thing unawares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from cx_map.analyses.data_kinds import all_from
from cx_map.analyses.handoffs import transitions
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.chapter_feedback import Insight
from cx_map.model.chapter_governance import Committee, Initiative
from cx_map.model.chapter_map import DataSource, Platform, Team
from cx_map.model.chapter_service import AgentPool, Journey, Touchpoint
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory


class Desk(Struct, frozen=True):
    """What a team works with: usable stores it writes to (or owns), and usable ones it reads (or owns)."""

    writes: frozenset[str]
    reads: frozenset[str]
    described: bool
    """Whether anything that it writes or reads is known."""


class Neighbours(Struct, frozen=True):
    """Two teams whose touchpoints follow each other in journeys."""

    teams: tuple[str, str]
    journeys: tuple[str, ...]
    joined: bool | None
    """Whether information can pass, or they meet; None where it is not known what one of them works with."""


def desks(eco: Ecosystem) -> Mapping[str, Desk]:
    """The desk of every usable team. O(entities)."""
    inventory = eco.inventory
    writes: dict[str, set[str]] = {}
    reads: dict[str, set[str]] = {}
    for touchpoint in inventory.of(Touchpoint):
        team = touchpoint.team or touchpoint.owner
        if touchpoint.usable and team is not None:
            on = (touchpoint.platform,) if touchpoint.platform is not None else ()
            writes.setdefault(team, set()).update(touchpoint.writes_to or (), on)
            reads.setdefault(team, set()).update(touchpoint.reads or (), on)
    for pool in inventory.of(AgentPool):
        if pool.usable and pool.team is not None:
            reads.setdefault(pool.team, set()).update(pool.reads or (), pool.desktops or ())
            writes.setdefault(pool.team, set()).update(pool.desktops or ())
    stores: list[Entity] = [*inventory.of(DataSource), *inventory.of(Platform)]
    for store in stores:
        if store.usable and store.owner is not None:
            writes.setdefault(store.owner, set()).add(store.id)
            reads.setdefault(store.owner, set()).add(store.id)
    named = {end for link in eco.once(propagation).links for end in (link.source, link.target)}
    named |= {
        one.team for insight in inventory.of(Insight) for one in insight.delivered_to or () if one.team is not None
    }
    found = {}
    for one in inventory.of(Team):
        if one.usable:
            mine, theirs = _in_use(inventory, writes.get(one.id, ())), _in_use(inventory, reads.get(one.id, ()))
            described = bool(mine or theirs) or one.id in named
            found[one.id] = Desk(frozenset(mine | {one.id}), frozenset(theirs | {one.id}), described)
    return found


def _in_use(inventory: Inventory, names: Iterable[str]) -> set[str]:
    return {name for name in names if (one := inventory.entities.get(name)) is not None and one.usable}


def neighbours(eco: Ecosystem) -> tuple[Neighbours, ...]:
    """Every pair of teams whose touchpoints follow each other, in order of id. O(pairs * flows).

    They are joined when what one writes comes to what the other reads, in either direction, along flows, through
    insights (from their inputs to the teams they are delivered to) or because it is the same store; or when
    one is part of the other, both are part of one team, or both sit on one committee.
    """
    inventory = eco.inventory
    known = eco.once(desks)
    pairs: dict[tuple[str, str], dict[str, None]] = {}
    for journey in inventory.of(Journey):
        if not journey.usable:
            continue
        for transition in transitions(journey, inventory):
            one, other = (end.team or end.owner for end in (transition.before, transition.after))
            if one in known and other in known and one != other and one is not None and other is not None:
                pairs.setdefault((min(one, other), max(one, other)), {})[journey.id] = None
    ahead = _ahead(eco) if pairs else {}
    reached: dict[str, frozenset[str]] = {}
    found = []
    for (first, second), journeys in sorted(pairs.items()):
        for team in (first, second):
            if team not in reached:
                reached[team] = all_from(ahead, known[team].writes)
        joined: bool | None = bool(reached[first] & known[second].reads or reached[second] & known[first].reads)
        joined = joined or _meet(inventory, first, second)
        if not joined and not (known[first].described and known[second].described):
            joined = None
        found.append(Neighbours((first, second), tuple(journeys), joined))
    return tuple(found)


def _ahead(eco: Ecosystem) -> Mapping[str, list[str]]:
    """What information leads to: along flows, into insights and on to teams."""
    found: dict[str, list[str]] = {}
    for link in eco.once(propagation).links:
        found.setdefault(link.source, []).append(link.target)
    for insight in eco.inventory.of(Insight):
        if insight.usable:
            for store in insight.inputs or ():
                found.setdefault(store, []).append(insight.id)
            for one in insight.delivered_to or ():
                if one.team is not None:
                    found.setdefault(insight.id, []).append(one.team)
    return found


def _meet(inventory: Inventory, first: str, second: str) -> bool:
    """Whether one team is part of the other, both are part of one, or both sit on a committee."""
    one, other = inventory.find(first, Team), inventory.find(second, Team)
    above = {one.parent if one is not None else None, first}, {other.parent if other is not None else None, second}
    if (above[0] & above[1]) - {None}:
        return True
    return any({first, second} <= set(one.members or ()) for one in inventory.of(Committee) if one.usable)


class Meddling(Struct, frozen=True):
    """Initiatives under way that touch one thing; ``groups`` know of each other, ``unclear`` may."""

    touched: str
    groups: tuple[tuple[str, ...], ...]
    unclear: tuple[str, ...]


def meddling(eco: Ecosystem) -> tuple[Meddling, ...]:
    """Every thing that two or more initiatives under way touch, in order of id.

    Initiatives are in one group when one depends on the other, if only through others, or they share a goal.
    One that says neither `depends_on` nor `goals` is unclear. O(initiatives * what they touch).
    """
    inventory = eco.inventory
    active = {one.id: one for one in inventory.of(Initiative) if one.usable and one.state not in ("done", "dropped")}
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    touched: dict[str, list[str]] = {}
    for name, one in active.items():
        for other in (*(one.depends_on or ()), *(f"goal {goal}" for goal in one.goals or ())):
            parent[root(name)] = root(other)
        for thing in dict.fromkeys(one.touches or ()):
            touched.setdefault(thing, []).append(name)
    found = []
    for thing in sorted(touched):
        if len(touched[thing]) < 2:
            continue
        groups: dict[str, list[str]] = {}
        for name in touched[thing]:
            groups.setdefault(root(name), []).append(name)
        unclear = tuple(
            name for name in touched[thing]
            if active[name].depends_on is None and active[name].goals is None and len(groups[root(name)]) == 1
        )  # fmt: skip
        clear = [tuple(names) for names in groups.values() if not set(names) & set(unclear)]
        found.append(Meddling(thing, tuple(sorted(clear)), unclear))
    return tuple(found)
