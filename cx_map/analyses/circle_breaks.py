"""What to do without so that no circle of mandatory supplies is left: greedily, by direction, the least volume first.

A direction is everything that goes from one thing to another, needs and flows together: what is supplied twice is done
without only when both are. Whether a direction is still in a circle is looked up in the strongly connected parts as long as
nothing was taken out of its part, then searched from both ends at once; when searching has cost as much as finding the
parts anew, they are found anew. So hubs of thousands of small circles and rings of thousands of members both take near linear
time; in the worst case it is O(directions * supplies), of which :data:`MOST_STEPS` steps are made at most.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from cx_map.graph.and_or import components
from cx_map.model.chapter_map import Flow

MOST_STEPS = 2_000_000
"""So many supplies are gone along to break the circles of one part; then the others are cut by the order of their ids."""

_Pair: TypeAlias = tuple[str, str]
_Key: TypeAlias = tuple[float, bool, _Pair, int]
"""What goes first: little volume, flows before needs, then by id; and how many supplies that was reckoned from."""


class Supply(Struct, frozen=True):
    """A mandatory supply: a flow with ``required: true``, or one of a platform's ``needs`` (then ``flow`` is None)."""

    source: str
    target: str
    flow: Flow | None = None

    @property
    def volume(self) -> float:
        """Items a month, infinite where not known: what is not known is not called small."""
        return self.flow.volume.value if self.flow is not None and self.flow.volume is not None else float("inf")


def circular(every: Sequence[Supply]) -> list[set[str]]:
    """The strongly connected parts of more than one member. O(supplies)."""
    return _parts([(one.source, one.target) for one in every])


def _parts(pairs: Sequence[_Pair]) -> list[set[str]]:
    names = sorted({name for pair in pairs for name in pair})
    index = {name: number for number, name in enumerate(names)}
    needs: list[list[int]] = [[] for _ in names]
    for source, target in pairs:
        needs[index[target]].append(index[source])
    parts = components([tuple((one,) for one in group) for group in needs], bytearray(b"\1" * len(names)))
    return [{names[one] for one in part} for part in parts if len(part) > 1]


def breaks(inside: Sequence[Supply]) -> tuple[tuple[Supply, ...], bool]:
    """Supplies of one part whose removal leaves no circle, and whether each of their directions is sure to be needed for that.

    It is always the direction of least volume still in a circle that goes; what later removals have made unnecessary
    stays. Taking a two-way flow away takes both of its directions.
    """
    breaking = _Breaking(inside)
    breaking.take_away()
    breaking.put_back()
    return tuple(inside[number] for some in breaking.removed.values() for number in some), breaking.steps <= MOST_STEPS


class _Breaking:
    """The supplies that are left, and what was taken away; supplies are numbers."""

    def __init__(self, inside: Sequence[Supply]) -> None:
        self.inside = inside
        self.removed: dict[_Pair, tuple[int, ...]] = {}
        """What was left of each direction when it was taken away, the first first."""
        self.steps = 0
        self._gone = [0] * len(inside)  # with how many directions each supply went
        self._by_pair: dict[_Pair, list[int]] = {}
        self._by_flow: dict[int, list[int]] = {}
        self._ahead: dict[str, Counter[str]] = {}
        self._back: dict[str, Counter[str]] = {}
        for number, one in enumerate(inside):
            self._by_pair.setdefault((one.source, one.target), []).append(number)
            if one.flow is not None:
                self._by_flow.setdefault(id(one.flow), []).append(number)
            self._join(one)
        self._part: dict[str, int] = {}
        self._parts: list[tuple[set[str], int]] = []  # their members, and of how many directions each was found
        self._searched: dict[int, int] = {}  # of parts that something was taken out of: the steps since they were found
        self._find_parts(self._ahead)

    def take_away(self) -> None:
        """Take directions away until there is no circle."""
        heap = [self._key(pair, numbers) for pair, numbers in self._by_pair.items()]
        heapq.heapify(heap)
        while heap:
            *_, pair, size = heapq.heappop(heap)
            numbers = self._left(pair)
            if len(numbers) != size or not self._in_circle(*pair):
                continue
            if self.steps > MOST_STEPS and pair[0] < pair[1]:
                continue
            other = pair[1], pair[0]
            before = len(self._left(other))
            self.removed[pair] = tuple(numbers)
            self._take(pair)
            self._searched.setdefault(self._part[pair[0]], 0)
            after = self._left(other)
            if 0 < len(after) < before:
                heapq.heappush(heap, self._key(other, after))

    def put_back(self) -> None:
        """Put back, the last first, what closes no circle."""
        self._part.clear()
        for pair in tuple(reversed(self.removed)):
            if self.steps > MOST_STEPS:
                return
            closed = any(self._leads(target, source) for source, target in self._give_back(pair))
            if closed:
                self._take(pair)
            else:
                del self.removed[pair]

    def _left(self, pair: _Pair) -> list[int]:
        return [number for number in self._by_pair.get(pair, ()) if not self._gone[number]]

    def _key(self, pair: _Pair, numbers: Sequence[int]) -> _Key:
        some = [self.inside[number] for number in numbers]
        return sum(one.volume for one in some), any(one.flow is None for one in some), pair, len(some)

    def _falling(self, pair: _Pair) -> set[int]:
        """The supplies that go with a direction: its own, and what the same two-way flows bring the other way."""
        own = self.removed[pair]
        return {*own, *(number for one in own for number in self._by_flow.get(id(self.inside[one].flow), ()))}

    def _take(self, pair: _Pair) -> None:
        for number in self._falling(pair):
            self._gone[number] += 1
            if self._gone[number] == 1:
                one = self.inside[number]
                for side, node, other in ((self._ahead, one.source, one.target), (self._back, one.target, one.source)):
                    side[node][other] -= 1
                    if not side[node][other]:
                        del side[node][other]

    def _give_back(self, pair: _Pair) -> list[_Pair]:
        """Put a direction back; the directions in which something is there again."""
        back = []
        for number in sorted(self._falling(pair)):
            self._gone[number] -= 1
            if not self._gone[number]:
                one = self.inside[number]
                self._join(one)
                back.append((one.source, one.target))
        return back

    def _join(self, one: Supply) -> None:
        self._ahead.setdefault(one.source, Counter())[one.target] += 1
        self._back.setdefault(one.target, Counter())[one.source] += 1

    def _find_parts(self, names: Iterable[str]) -> None:
        """The strongly connected parts of some things among themselves; those in none are in no circle any more."""
        inside = set(names)
        pairs = [
            (source, target) for source in sorted(inside) for target in self._ahead.get(source, ()) if target in inside
        ]
        self.steps += len(pairs)
        for name in inside:
            self._part.pop(name, None)
        for members in _parts(pairs):
            self._part.update(dict.fromkeys(members, len(self._parts)))
            self._parts.append((members, sum(len(self._ahead[name]) for name in members)))

    def _in_circle(self, source: str, target: str) -> bool:
        """Whether a direction that is left is part of a circle."""
        part = self._part.get(source)
        if part is None or part != self._part.get(target):
            return False
        if part not in self._searched or self.steps > MOST_STEPS:
            return True
        before = self.steps
        found = self._leads(target, source)
        self._searched[part] += self.steps - before
        members, size = self._parts[part]
        if self._searched[part] > size:
            self._find_parts(members)
        return found

    def _leads(self, source: str, target: str) -> bool:
        """Whether supplies lead from one thing to another, within its part; searched from both ends by turns."""
        seen = ({source}, {target})
        sides = (self._along(self._ahead, source, seen[0]), self._along(self._back, target, seen[1]))
        while True:
            for side, (found, others) in zip(sides, (seen, seen[::-1]), strict=True):
                node = next(side, None)
                self.steps += 1
                if node is None:
                    return False
                if node in others:
                    return True
                found.add(node)

    def _along(self, side: Mapping[str, Mapping[str, int]], start: str, seen: set[str]) -> Iterator[str]:
        """What follows from a thing in its part, supply by supply."""
        part, todo = self._part.get(start), [start]
        while todo:
            for node in side.get(todo.pop(), ()):
                if self._part.get(node) == part:
                    if node not in seen:
                        todo.append(node)
                    yield node
