"""Maximum flow and minimum cut on whole numbers, over arrays.

Dinic's algorithm (1970) with the current-arc rule, without recursion: O(nodes^2 * arcs) at worst, near linear on
the shallow networks of routes. Whole numbers only, so that a cut is a proof.
"""

from __future__ import annotations

from dataclasses import dataclass, field

UNBOUNDED = 1 << 200
"""A capacity that nothing reaches."""


@dataclass(eq=False, slots=True)
class FlowNetwork:
    """A directed network under construction; arcs come in pairs, the second of which is the way back."""

    first: list[list[int]] = field(default_factory=list)
    """The arcs that leave each node."""
    head: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    """What each arc can still take."""

    def node(self) -> int:
        """Add a node."""
        self.first.append([])
        return len(self.first) - 1

    def arc(self, tail: int, head: int, capacity: int) -> int:
        """Add an arc and return its number. Raises ValueError for a negative capacity."""
        if capacity < 0:
            raise ValueError("a capacity is never negative")
        number = len(self.head)
        self.head += (head, tail)
        self.left += (capacity, 0)
        self.first[tail].append(number)
        self.first[head].append(number + 1)
        return number

    def flow(self, arc: int) -> int:
        """What passes an arc."""
        return self.left[arc ^ 1]

    def maximize(self, source: int, target: int) -> int:
        """Push as much as possible on top of the flow there is; returns what was added."""
        added = 0
        while True:
            level = self._levels(source, target)
            if level[target] < 0:
                return added
            added += self._block(source, target, level)

    def reachable(self, source: int) -> bytearray:
        """The nodes on the source's side of a minimum cut, after :meth:`maximize`."""
        seen = bytearray(len(self.first))
        seen[source] = 1
        todo = [source]
        while todo:
            for arc in self.first[todo.pop()]:
                if self.left[arc] and not seen[self.head[arc]]:
                    seen[self.head[arc]] = 1
                    todo.append(self.head[arc])
        return seen

    def _levels(self, source: int, target: int) -> list[int]:
        level = [-1] * len(self.first)
        level[source] = 0
        queue = [source]
        for node in queue:
            if node == target:
                break
            for arc in self.first[node]:
                head = self.head[arc]
                if self.left[arc] and level[head] < 0:
                    level[head] = level[node] + 1
                    queue.append(head)
        return level

    def _block(self, source: int, target: int, level: list[int]) -> int:
        """A blocking flow in the layered network."""
        following = [0] * len(self.first)
        added = 0
        path: list[int] = []
        node = source
        while True:
            if node == target:
                pushed = min(self.left[arc] for arc in path)
                added += pushed
                back = len(path)
                for place, arc in enumerate(path):
                    self.left[arc] -= pushed
                    self.left[arc ^ 1] += pushed
                    if not self.left[arc] and place < back:
                        back = place
                node = self.head[path[back] ^ 1]
                del path[back:]
            arcs = self.first[node]
            while following[node] < len(arcs):
                arc = arcs[following[node]]
                if self.left[arc] and level[self.head[arc]] == level[node] + 1:
                    path.append(arc)
                    node = self.head[arc]
                    break
                following[node] += 1
            else:
                if node == source:
                    return added
                level[node] = -1
                arc = path.pop()
                node = self.head[arc ^ 1]
                following[node] += 1
