"""B: what the loss of each supplier or failure domain stops (analyses.md, A3), without writing every pair down.

In a chain of thousands of platforms the first stops what all others stop: the pairs grow with the square of the chain. So
radii are kept as they hold one another, the failure sets of :mod:`cx_map.graph.and_or` turned around.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec import Struct

from cx_map.analyses.broken_routes import unreached
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.number_sets import NumberSet, numbers, union
from cx_map.graph.production import production


class Stopped(Struct, frozen=True):
    """Ids of communications in order; a sequence that is written out only as far as somebody reads it."""

    numbers: NumberSet
    every: tuple[str, ...]
    """The communications that can be stopped, by their numbers."""

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[str]:
        return (self.every[number] for number in self.numbers)

    def first(self, count: int) -> tuple[str, ...]:
        """No more than so many of them, from the first on."""
        return tuple(islice(self, count))


class Radius(Struct, frozen=True):
    """What stops with things that are lost together, and the radii (by place) that are the largest parts of it."""

    stops: NumberSet
    inside: tuple[int, ...]


class Radii(Struct, frozen=True, eq=False):
    """All blast radii, those inside others first; ``places`` has the one of every supplier and failure domain that stops
    something, by name in order of its node.
    """

    every: tuple[str, ...]
    radii: tuple[Radius, ...]
    places: Mapping[str, int]

    def of(self, name: str) -> Stopped:
        """What stops with a supplier or failure domain: nothing, where it stops nothing."""
        place = self.places.get(name)
        return Stopped(NumberSet() if place is None else self.radii[place].stops, self.every)


def blast_radii(eco: Ecosystem) -> Radii:
    """The radii of everything whose loss stops a communication.

    Communications that do not work anyway, or reach nobody, are in nobody's radius. O((suppliers + communications +
    places where one hangs on another) * communications / 64).
    """
    graph = eco.once(production)
    failures = graph.failures
    every = tuple(sorted(graph.communications.keys() - eco.once(unreached).keys()))
    alike: dict[int, list[int]] = {}
    for number, name in enumerate(every):
        if bits := failures.bits(graph.communications[name].node):
            alike.setdefault(bits, []).append(number)
    concerned = 0
    for bits in alike:
        concerned |= bits
    lost = set(failures.atoms_in(concerned))
    groups = [group for group in failures.lost_together() if group[0] in lost]
    group_of = {atom: place for place, group in enumerate(groups) for atom in group}
    parts: list[list[NumberSet]] = [[] for _ in groups]
    inside: list[list[int]] = [[] for _ in groups]
    for bits, stopped in alike.items():
        part = numbers(stopped)
        for atom in failures.closest(bits):
            parts[group_of[atom]].append(part)
    found: list[Radius] = []
    for place in range(len(groups) - 1, -1, -1):  # what hangs on others comes first
        within = tuple(len(groups) - 1 - other for other in inside[place])
        found.append(Radius(union((*parts[place], *(found[other].stops for other in within))), within))
        group = groups[place]
        above = failures.bits(group[0]) & ~failures.bits_with(group)
        for outer in dict.fromkeys(group_of[atom] for atom in failures.closest(above)):
            inside[outer].append(place)
    places = {graph.names[atom]: len(groups) - 1 - group_of[atom] for atom in sorted(group_of)}
    return Radii(every, tuple(found), places)
