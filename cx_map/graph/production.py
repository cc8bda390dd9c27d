"""The production graph: what is needed for a communication to reach a customer.

AND over what a communication needs, OR over its routes (AND where it says ``send: all``); a route is an AND
over its platforms and its channel, a platform an AND over its own needs; ``any_of`` is an OR everywhere.
Proposed and retired things cannot be had. Platforms that need each other run together, as running systems do: a
circle of needs alone stops nothing (it is told by BOT111), the loss of one of its members stops all. What an inventory leaves out (needs, routes, a route's platforms
or channel) adds no requirement: the graph then proves less, never something false, and
:attr:`Production.complete` says where that is so.

Things that share a ``site``, ``network`` or ``vendor`` also require that *failure domain*, a node of its own,
so that one pass finds the loss of single things and of whole domains alike (analyses.md, A3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

from cx_map.graph.and_or import NEVER, FailureSets, Groups, failure_sets
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production_domains import Domain, domains_of
from cx_map.model.chapter_map import Channel, Communication, DataSource, Hop, Need, Platform, Route
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of

Supplier: TypeAlias = "Platform | DataSource | Channel"
"""What a communication can depend on."""


class ProducedRoute(Struct, frozen=True):
    """A route of a communication: its node and the nodes it goes through."""

    node: int
    route: Route
    hops: Groups
    """One group a platform, in order."""
    channel: int | None

    @property
    def complete(self) -> bool:
        """Whether both its platforms and its channel are known."""
        return self.route.platforms is not None and self.channel is not None


class Produced(Struct, frozen=True):
    """A communication: its node, the groups of nodes it needs, and its routes (None: not known)."""

    node: int
    communication: Communication
    needs: Groups
    routes: tuple[ProducedRoute, ...] | None


@dataclass(frozen=True, eq=False)
class Production:
    """The production graph over numbered nodes.

    Nodes are, in this order: suppliers (platforms, data sources, channels, by id), failure domains, then
    routes and communications. ``atoms`` counts the first two: what can fail.
    """

    inventory: Inventory
    names: tuple[str, ...]
    """The id of every supplier and the name of every failure domain (``site:north``), by node."""
    index: Mapping[str, int] = field(repr=False)
    requirements: Sequence[Groups] = field(repr=False)
    suppliers: int
    domains: tuple[Domain, ...] = field(repr=False)
    communications: Mapping[str, Produced] = field(repr=False)

    @property
    def atoms(self) -> int:
        """Number of nodes that can fail: suppliers and failure domains."""
        return len(self.names)

    @cached_property
    def atom_of(self) -> Mapping[str, int]:
        """The node of every supplier and failure domain by its name."""
        return {name: node for node, name in enumerate(self.names)}

    @cached_property
    def failures(self) -> FailureSets:
        """Whose loss stops what, computed on the first use."""
        return failure_sets(self.requirements, self.atoms)

    def derivable(self, identifier: str) -> bool:
        """Whether a supplier can work, or a communication can reach a customer; False for anything else."""
        node = self.node_of(identifier)
        return node is not None and bool(self.failures.derivable[node])

    def node_of(self, identifier: str) -> int | None:
        """The node of a supplier or communication, else None."""
        produced = self.communications.get(identifier)
        return produced.node if produced is not None else self.index.get(identifier)

    def entity(self, node: int) -> Entity:
        """The entity of a supplier's node."""
        return self.inventory.entities[self.names[node]]

    def failure_set(self, identifier: str) -> tuple[str, ...]:
        """D: the names of the suppliers and failure domains whose loss stops it; empty if it does not work anyway."""
        node = self.node_of(identifier)
        return () if node is None else tuple(sorted(self.names[atom] for atom in self.failures.of(node)))

    def complete(self, identifier: str) -> bool:
        """Whether needs, routes, and every route's platforms and channel of a communication are known."""
        produced = self.communications[identifier]
        known = produced.communication.needs is not None and produced.routes is not None
        return known and all(route.complete for route in produced.routes or ())


def production(eco: Ecosystem) -> Production:
    """The production graph of an ecosystem. O(size of the inventory)."""
    inventory = eco.inventory
    entities: list[Supplier] = sorted(
        (*inventory.of(Platform), *inventory.of(DataSource), *inventory.of(Channel)), key=lambda one: one.id
    )
    index = {entity.id: node for node, entity in enumerate(entities)}
    requirements: list[Groups] = []
    for entity in entities:
        needs = entity.needs if isinstance(entity, Platform) else None
        requirements.append(_groups(needs, index) if entity.usable else NEVER)
    domains = domains_of(entities, inventory.organization)
    for number, domain in enumerate(domains, start=len(entities)):
        requirements.append(())
        for member in domain.members:
            requirements[index[member]] += ((number,),)
    names = (*(entity.id for entity in entities), *(domain.name for domain in domains))
    communications = {one.id: _communication(one, index, requirements) for one in inventory.of(Communication)}
    return Production(inventory, names, index, requirements, len(entities), domains, communications)


def _groups(items: Iterable[Need | Hop] | None, index: Mapping[str, int]) -> Groups:
    """One group an item; an item that does not say what it is about demands nothing."""
    return tuple([tuple(dict.fromkeys([index[name] for name in item.any_of])) for item in items or () if item.any_of])


def _communication(communication: Communication, index: Mapping[str, int], requirements: list[Groups]) -> Produced:
    """Add the nodes of a communication and its routes."""
    needs = _groups(communication.needs, index)
    written = routes_of(communication)
    routes = None if written is None else tuple(_route(route, index, requirements) for route in written)
    ways = () if routes is None else route_groups(communication, routes)
    node = len(requirements)
    requirements.append(needs + ways if communication.usable else NEVER)
    return Produced(node, communication, needs, routes)


def _route(route: Route, index: Mapping[str, int], requirements: list[Groups]) -> ProducedRoute:
    hops = _groups(route.platforms, index)
    channel = index[route.channel] if route.channel is not None else None
    node = len(requirements)
    requirements.append(hops if channel is None else (*hops, (channel,)))
    return ProducedRoute(node, route, hops, channel)


def route_groups(communication: Communication, routes: Sequence[ProducedRoute]) -> Groups:
    """How routes join: all of them alternatives, or, with ``send: all``, each primary one with its fallbacks."""
    if communication.send != "all":
        return (tuple(route.node for route in routes),)
    stands_in = {route.route.id: route.route.fallback_for for route in routes}
    groups: dict[str | None, list[int]] = {}
    for route in routes:
        name = route.route.id
        while stands_in.get(name) is not None:  # loading refuses fallbacks in a circle
            name = stands_in[name]
        groups.setdefault(name, []).append(route.node)
    return tuple(tuple(group) for group in groups.values()) or ((),)
