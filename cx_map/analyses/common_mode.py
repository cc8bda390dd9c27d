"""Common mode: ways that look independent but share a site, network or vendor (analyses.md, A3; BOT110).

Also the pairs of suppliers that stop a communication only together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from cx_map.analyses.blast_radii import blast_radii
from cx_map.graph.and_or import NEVER, Groups, failure_sets
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.number_sets import from_bits
from cx_map.graph.production import Production, production
from cx_map.graph.production_domains import Domain
from cx_map.model.chapter_map import DataSource, Platform

Pairs: TypeAlias = tuple[tuple[str, str], ...]
MOST_ANCESTORS = 300
"""Suppliers of one communication up to which every pair is tested."""


class SharedDomain(Struct, frozen=True):
    """A failure domain whose loss stops communications that no single member of it stops."""

    domain: Domain
    stops: tuple[str, ...]
    alternatives: Mapping[str, tuple[str, ...]]
    """For each communication, the members of the domain that it depends on."""


def common_modes(eco: Ecosystem) -> tuple[SharedDomain, ...]:
    """Every shared domain, sites before networks before vendors.

    A communication counts for a domain when the domain is in its failure set and none of the domain's
    members is. A vendor fails by way of its sites and networks: where those of all members concerned are known, they
    decide, and the vendor does not count. O((members of the domains + communications) * suppliers / 64).
    """
    graph = eco.once(production)
    radii = eco.once(blast_radii)
    found = []
    for domain in graph.domains:
        whole = radii.of(domain.name).numbers
        stopped = whole.bits
        for member in domain.members:
            if not stopped:
                break
            stopped &= ~radii.of(member).numbers.seen_from(whole.shift)
        if stopped:
            members = graph.failures.bits_with(graph.index[name] for name in domain.members)
            names = [radii.every[number] for number in from_bits(stopped, whole.shift)]
            concerned = {
                name: _named(graph, graph.failures.ways(graph.communications[name].node) & members) for name in names
            }
            alternatives = {
                name: ways
                for name, ways in concerned.items()
                if domain.kind != "vendor" or not all(_located(graph, one) for one in ways)
            }
            if alternatives:
                found.append(SharedDomain(domain, tuple(alternatives), alternatives))
    return tuple(found)


def _located(graph: Production, name: str) -> bool:
    """Whether both its site and its network are known."""
    entity = graph.inventory.entities[name]
    return isinstance(entity, Platform | DataSource) and bool(entity.site and entity.network)


def suppliers_of(graph: Production, communication: str) -> tuple[str, ...]:
    """The suppliers that some working way of a communication goes through, by id. O(its ancestors)."""
    return _named(graph, graph.failures.ways(graph.communications[communication].node))


def _named(graph: Production, bits: int) -> tuple[str, ...]:
    return tuple(graph.names[atom] for atom in graph.failures.atoms_in(bits) if atom < graph.suppliers)


def _ancestors(graph: Production, communication: str) -> set[int]:
    start = graph.communications[communication].node
    derivable = graph.failures.derivable
    seen: set[int] = set()
    todo = [start] if derivable[start] else []
    while todo:
        for group in graph.requirements[todo.pop()]:
            for member in group:
                if derivable[member] and member not in seen:
                    seen.add(member)
                    todo.append(member)
    return seen


def failing_pairs(eco: Ecosystem, communication: str, limit: int = MOST_ANCESTORS) -> Pairs | None:
    """Every pair of suppliers that stops a communication though neither does alone.

    Exact: the failure set is computed again without each supplier in turn. None where the communication has
    more than ``limit`` suppliers. O(a * size of its part of the graph).
    """
    graph = eco.once(production)
    ancestors = sorted(_ancestors(graph, communication))
    if sum(1 for node in ancestors if node < graph.suppliers) > limit:
        return None
    place = {node: number for number, node in enumerate(ancestors)}
    nodes = [*ancestors, graph.communications[communication].node]
    part: list[Groups] = [
        tuple(tuple(place[one] for one in group if one in place) for group in graph.requirements[node])
        for node in nodes
    ]
    suppliers = [number for number, node in enumerate(ancestors) if node < graph.suppliers]
    alone = set(failure_sets(part).of(len(ancestors)))
    pairs: set[tuple[str, str]] = set()
    for first in suppliers:
        if first in alone:
            continue
        without = [*part]
        without[first] = NEVER
        for second in failure_sets(without).of(len(ancestors)):
            if second not in alone and second < len(ancestors) and ancestors[second] < graph.suppliers:
                one, two = sorted((graph.names[ancestors[first]], graph.names[ancestors[second]]))
                pairs.add((one, two))
    return tuple(sorted(pairs))
