"""Who may take a signal on (analyses.md, J): ownership in its subject, routing, a declared loop, complaints teams.

A team is entitled to a signal when it owns something the signal is about, or is the target of a routing rule
for it, or is active and named in a declared loop's ``own``, or has the function complaints and the signal is a
complaint. Where nobody says what the signal is about, where it is about nothing in particular (``[]``), or where nobody
says who owns one of those things, the answer is *not known*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import active_team, shown
from cx_map.graph.response_edges import ALL, on_of
from cx_map.model.chapter_feedback import FeedbackLoop, Signal
from cx_map.model.chapter_map import Team
from cx_map.model.chapter_service import AgentPool, RoutingRule
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory


class Entitlement(Struct, frozen=True):
    """The teams entitled to a signal; ``open`` are the things of which nobody says who owns them."""

    teams: frozenset[str]
    open: tuple[str, ...] = ()
    about_known: bool = True

    def of(self, team: str) -> bool | None:
        """Whether a team is entitled; None where that cannot be known."""
        if shown(team) in self.teams:
            return True
        return None if self.open or not self.about_known else False


class Entitlements(Struct, frozen=True, eq=False):
    """Entitlement to every signal of an inventory, from indexes built once."""

    inventory: Inventory
    routed: Mapping[str, frozenset[str]]
    """Teams and pools that routing rules name, by id or kind of signal, or for all."""
    declared: Mapping[str, frozenset[str]]
    """Active teams named in the ``own`` stage of a declared loop, by signal."""
    complaints: frozenset[str]
    """Active teams with the function complaints."""

    def to(self, signal: Signal) -> Entitlement:
        """Who is entitled to a signal. O(what it is about)."""
        teams = set(self.routed.get(signal.id, ())) | set(self.declared.get(signal.id, ()))
        teams |= self.routed.get(signal.kind_ or "", frozenset()) | self.routed.get(ALL, frozenset())
        if signal.kind_ == "complaint":
            teams |= self.complaints
        unowned: list[str] = []
        for name in signal.about or ():
            owners = owners_of(self.inventory.entities.get(name))
            teams.update(owners)
            if not owners:
                unowned.append(name)
        return Entitlement(frozenset(teams), tuple(unowned), bool(signal.about))


def owners_of(entity: Entity | None) -> tuple[str, ...]:
    """The teams that own a thing: its ``owner``, and its ``team`` where it has that field; a team owns itself."""
    if entity is None:
        return ()
    if isinstance(entity, Team):
        return (entity.id,)
    named = (entity.owner, getattr(entity, "team", None))
    return tuple(dict.fromkeys(one for one in named if isinstance(one, str)))


def entitlements(eco: Ecosystem) -> Entitlements:
    """The indexes for an ecosystem. O(rules + loops + teams)."""
    inventory = eco.inventory
    routed: dict[str, set[str]] = {}
    for rule in inventory.of(RoutingRule):
        if rule.usable and rule.to is not None:
            for key in on_of(rule):
                routed.setdefault(key, set()).update(_with_team(inventory, rule.to))
    declared: dict[str, set[str]] = {}
    for loop in inventory.of(FeedbackLoop):
        if loop.usable and loop.signal is not None and loop.stages is not None:
            own = (one for one in loop.stages.own or () if active_team(inventory, one) is not None)
            declared.setdefault(loop.signal, set()).update(own)
    complaints = (team.id for team in inventory.of(Team) if team.usable and "complaints" in (team.functions or ()))
    return Entitlements(inventory, _frozen(routed), _frozen(declared), frozenset(complaints))


def _with_team(inventory: Inventory, target: str) -> Iterable[str]:
    """A routing target, and its team where it is a pool."""
    pool = inventory.find(target, AgentPool)
    return (target, pool.team) if pool is not None and pool.team is not None else (target,)


def _frozen(sets: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(found) for key, found in sets.items()}
