"""Monotone AND-OR systems: what works, and whose loss stops what.

A node has *requirement groups*; it works when every group has a working member. A node without groups works, a node
with an empty group never does. Of the solutions of this the *greatest* is meant: things that need one another run
together, as they do today, until something outside stops one of them. A cycle alone stops nothing (what it means for a
start after an outage is a question of its own); a cycle that hangs on something lost stops altogether.

The failure set ``D(v)``, all nodes whose loss stops ``v``, is accordingly the least solution of
``D(v) = {v} | union over groups g of (intersection over u in g of D(u))`` over the derivable nodes.
Sets are bits of Python integers, filled in topological order of the strongly connected components; only
*atoms*, the nodes that can fail, have a bit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Groups: TypeAlias = tuple[tuple[int, ...], ...]
NEVER: Groups = ((),)
"""The requirement of a node that is not to be had: one group without members."""


def working(requirements: Sequence[Groups], without: Collection[int] = ()) -> bytearray:
    """The nodes that work, marked with 1; ``without`` are lost nodes.

    What stops spreads from the lost nodes and the empty groups by counting the members that a group has left (Dowling
    and Gallier, 1984, on the dual system): linear in the size of the system.
    """
    works = bytearray(b"\1" * len(requirements))
    left: list[int] = []
    owner: list[int] = []
    member_of: list[list[int]] = [[] for _ in requirements]
    stopped = sorted(set(without))
    for node in stopped:
        works[node] = 0
    for node, groups in enumerate(requirements):
        for group in groups:
            number = len(owner)
            owner.append(node)
            members = set(group)
            left.append(len(members))
            for member in members:
                member_of[member].append(number)
            if not members and works[node]:
                works[node] = 0
                stopped.append(node)
    for node in stopped:
        for number in member_of[node]:
            left[number] -= 1
            head = owner[number]
            if not left[number] and works[head]:
                works[head] = 0
                stopped.append(head)
    return works


def components(requirements: Sequence[Groups], among: bytearray) -> list[list[int]]:
    """Strongly connected components of the nodes marked in ``among``, suppliers before those they supply.

    Tarjan's algorithm (1972) without recursion; linear.
    """
    index = [0] * len(requirements)
    low = [0] * len(requirements)
    on_stack = bytearray(len(requirements))
    stack: list[int] = []
    found: list[list[int]] = []
    counter = 0
    members = [
        [member for group in groups for member in group if among[member]] if among[node] and groups else ()
        for node, groups in enumerate(requirements)
    ]
    for root in range(len(requirements)):
        if not among[root] or index[root]:
            continue
        counter += 1
        index[root] = low[root] = counter
        stack.append(root)
        on_stack[root] = 1
        work = [(root, iter(members[root]))]
        while work:
            node, rest = work[-1]
            for member in rest:
                if not index[member]:
                    counter += 1
                    index[member] = low[member] = counter
                    stack.append(member)
                    on_stack[member] = 1
                    work.append((member, iter(members[member])))
                    break
                if on_stack[member] and index[member] < low[node]:
                    low[node] = index[member]
            else:
                work.pop()
                if work and low[node] < low[work[-1][0]]:
                    low[work[-1][0]] = low[node]
                if low[node] == index[node]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack[member] = 0
                        component.append(member)
                        if member == node:
                            break
                    found.append(component)
    return found


@dataclass(eq=False, slots=True)
class FailureSets:
    """Failure sets of an AND-OR system, restricted to its atoms.

    ``atoms`` is the number of nodes that can fail: those numbered below it. Sets of atoms are kept; those of
    the other nodes are computed when asked, so that memory stays with the few things that others need.
    """

    requirements: Sequence[Groups]
    atoms: int
    derivable: bytearray
    _sets: list[int] = field(repr=False)
    _bit: list[int] = field(repr=False)
    _atom_at: list[int] = field(repr=False)
    _circles: list[list[int]] = field(repr=False)
    _above: list[int] | None = field(default=None, repr=False)

    def bits(self, node: int) -> int:
        """The failure set of a node as bits; 0 where the node is not derivable anyway."""
        if node < self.atoms:
            return self._sets[node] | (1 << self._bit[node]) if self.derivable[node] else 0
        return self.bits_of(self.requirements[node]) if self.derivable[node] else 0

    def bits_of(self, groups: Groups) -> int:
        """The atoms whose loss leaves one of these groups without a derivable member, as bits.

        Every group must have a derivable member; a group that has none adds nothing.
        """
        total = 0
        for group in groups:
            common = -1
            for member in group:
                if self.derivable[member]:
                    common &= self.bits(member)
            if common >= 0:
                total |= common
        return total

    def ways(self, node: int) -> int:
        """The atoms that some working way of a node goes through, as bits; an atom itself is not among them unless in a circle.

        O(edges * atoms / 64) for all of them on the first call.
        """
        if self._above is None:
            self._above = self._gathered()
        return self._above[node] if node < self.atoms else self._around(node, self._above)

    def _gathered(self) -> list[int]:
        above = [0] * self.atoms
        circles = {circle[0]: circle for circle in self._circles}
        inside = {node for circle in self._circles for node in circle[1:]}
        for first in self._atom_at:  # suppliers come before those they supply
            if first in inside:
                continue
            circle = circles.get(first, [first])
            bits = 0
            for node in circle:
                bits |= self._around(node, above)
            for node in circle:
                above[node] = bits
        return above

    def _around(self, node: int, above: Sequence[int]) -> int:
        """The derivable members of a node's groups and what is above them."""
        if not self.derivable[node]:
            return 0
        bits = 0
        for group in self.requirements[node]:
            for member in group:
                if self.derivable[member]:
                    bits |= (
                        above[member] | 1 << self._bit[member] if member < self.atoms else self._around(member, above)
                    )
        return bits

    def bits_with(self, atoms: Iterable[int]) -> int:
        """Atoms as bits; those that are not derivable have none."""
        bits = 0
        for atom in atoms:
            if self._bit[atom] >= 0:
                bits |= 1 << self._bit[atom]
        return bits

    def lost_together(self) -> list[tuple[int, ...]]:
        """The derivable atoms in groups of equal failure sets, each group before those that its loss stops too."""
        circles = {circle[0]: circle for circle in self._circles}
        inside = {node for circle in self._circles for node in circle[1:]}
        found: list[tuple[int, ...]] = []
        for first in self._atom_at:
            if first in inside:
                continue
            alike: dict[int, list[int]] = {}
            for node in circles.get(first, [first]):
                alike.setdefault(self._sets[node] | 1 << self._bit[node], []).append(node)
            found += (tuple(alike[bits]) for bits in sorted(alike, key=int.bit_count))
        return found

    def closest(self, bits: int) -> list[int]:
        """Atoms of a failure set such that it is these and all that stops one of these.

        Without circles the fewest: those on which no other member of the set hangs. O(found * atoms / 64).
        """
        found = []
        while bits:
            place = bits.bit_length() - 1
            atom = self._atom_at[place]
            found.append(atom)
            bits &= ~(self._sets[atom] | 1 << place)
        return found

    def of(self, node: int) -> tuple[int, ...]:
        """The atoms whose loss stops a derivable node, itself included if it is an atom; in ascending order."""
        return self.atoms_in(self.bits(node))

    def atoms_in(self, bits: int) -> tuple[int, ...]:
        """The atoms that a set of bits stands for, in ascending order."""
        found = []
        if bits.bit_count() * 8 < bits.bit_length():
            while bits:
                lowest = bits & -bits
                found.append(self._atom_at[lowest.bit_length() - 1])
                bits ^= lowest
        else:
            found = [self._atom_at[place] for place, mark in enumerate(reversed(f"{bits:b}")) if mark == "1"]
        return tuple(sorted(found))


def failure_sets(requirements: Sequence[Groups], atoms: int | None = None) -> FailureSets:
    """The failure sets of a system whose nodes below ``atoms`` (default: all) can fail.

    Nodes from ``atoms`` on may require any node, but no atom may require them. O(edges * atoms / 64) for a
    system without cycles; inside a cycle as many rounds as it takes to settle, at most its size.
    """
    count = len(requirements) if atoms is None else atoms
    derivable = working(requirements)
    among = derivable[:count] + bytearray(len(requirements) - count)
    bit = [-1] * count
    atom_at: list[int] = []
    sets: list[int] = [0] * count
    circles: list[list[int]] = []
    result = FailureSets(requirements, count, derivable, sets, bit, atom_at, circles)
    for component in components(requirements, among):
        for node in component:
            bit[node] = len(atom_at)
            atom_at.append(node)
        if len(component) > 1:
            circles.append(component)
            _settle(result, component, sets)
        elif groups := requirements[component[0]]:
            # a group with the node itself is met as long as the node runs
            sets[component[0]] = result.bits_of(tuple(group for group in groups if component[0] not in group))
    return result


def _settle(result: FailureSets, component: list[int], sets: list[int]) -> None:
    """The least fixpoint inside one cycle, from nothing upwards."""
    changed = True
    while changed:
        changed = False
        for node in component:
            total = result.bits_of(result.requirements[node])
            if total != sets[node]:
                changed = True
                sets[node] = total
