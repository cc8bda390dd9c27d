"""Where routing rules send signals and errors: cells that no rule takes, that two take, rules that take none.

Each signal or error type is routed over a finite domain: the product of the values of topic, severity, segment,
channel and hours (whatever its rules ask for). What is known of the signal itself narrows a dimension (its
segments, its collection point's channel; an error type's severity); segments are otherwise those of the inventory, the
severity of an error one of four, and everything else is as wide as its rules and its collection point's topics say; where some of them ask for a single value, and others do not ask, there are others ("any other channel"). Hours that can be read as a timetable are cut into the pieces of the
week that the rules tell apart, the rest of the week included. A rule of which it is unknown what it takes may take what is left.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
from typing import TypeAlias

from msgspec import Struct

from cx_map.analyses.boxes import Box, largest, meet, size, uncovered
from cx_map.analyses.escalation_ladders import SEVERITIES
from cx_map.analyses.opening_hours import ALWAYS, minutes_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response_edges import ALL, on_of
from cx_map.model.chapter_customers import CollectionPoint, Segment
from cx_map.model.chapter_feedback import Signal
from cx_map.model.chapter_map import Team
from cx_map.model.chapter_service import AgentPool, ErrorType, RoutingRule
from cx_map.model.inventory import Inventory

Routed: TypeAlias = "Signal | ErrorType"

ANY_OTHER, OTHER_HOURS = "any other ", "all other hours"
"""The value that stands for all that no rule names: with the dimension's name, and of hours."""
OTHERS = (ANY_OTHER, OTHER_HOURS)

BIG_CELLS = 3
"""At most so many boxes of uncovered cells are told."""
MOST_RIVALS = 20
"""So many rules are told that take the same cases as one: rules alike come in dozens, and every pair of them would be a finding."""
MOST_COMPARED = 1_000
"""A rule is compared with no more rules of its priority that ask for some of the same values."""


class Placed(Struct, frozen=True):
    """A rule and the cells of a table that it asks for."""

    rule: RoutingRule
    box: Box
    rank: float
    """When it is tried; rules without a priority come last."""


@dataclass(frozen=True, eq=False)
class Table:
    """The rules that can take some signals or errors of the same kind, over the domain these share."""

    dimensions: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    rules: tuple[Placed, ...]
    known: bool
    """Whether every dimension that the rules ask for has a value."""
    clear: bool = True
    """Whether hours, if some rule asks for them, are understood: else nobody can say that they fill the week."""
    idle: tuple[RoutingRule, ...] = ()
    """Rules that name it and lead to nobody; kept where there are no others."""
    vague: str | None = None
    """A rule that may take what the others leave: its ``on`` or ``when`` is said to be unknown."""

    @property
    def whole(self) -> Box:
        """All cells."""
        return tuple((1 << len(values)) - 1 for values in self.values)

    @cached_property
    def gaps(self) -> tuple[Box, ...] | None:
        """Disjoint boxes of cells that no rule takes; None where there are too many pieces to tell."""
        found = uncovered(self.whole, [one.box for one in self.rules])
        return None if found is None else tuple(found)

    @cached_property
    def gap_texts(self) -> tuple[str, ...]:
        """The largest boxes of uncovered cells in words."""
        boxes = largest(self.gaps or (), self.whole, [one.box for one in self.rules])
        return tuple(self.words(box) for box in boxes[:BIG_CELLS])

    @cached_property
    def ambiguous(self) -> tuple[tuple[Placed, Placed, Box], ...]:
        """Pairs of rules of which either could take a cell, with the cells in question.

        Of one rule :data:`MOST_RIVALS` later ones and one more, looked for among the next :data:`MOST_COMPARED` (:attr:`uncompared`).
        """
        found = []
        for number, one in enumerate(self.rules):
            rivals = islice(self._rivals(number), MOST_COMPARED)
            common = ((other, cells) for other in rivals if (cells := self._contested(one, other)) is not None)
            found += [(one, other, cells) for other, cells in islice(common, MOST_RIVALS + 1)]
        return tuple(found)

    @cached_property
    def uncompared(self) -> frozenset[str]:
        """The rules that are not compared with all that may take the same, by id."""
        rules = enumerate(self.rules)
        further = ((one, next(islice(self._rivals(number), MOST_COMPARED, None), None)) for number, one in rules)
        return frozenset(one.rule.id for one, other in further if other is not None)

    def _contested(self, one: Placed, other: Placed) -> Box | None:
        """The cells that either of two rules of one rank could take, if there are any."""
        if one.rule.to == other.rule.to or None in (one.rule.to, other.rule.to):
            return None  # one place, or nobody says which
        common = meet(one.box, other.box)
        if common is None:
            return None
        if one.rule.priority is None and (_narrower(one.rule, other.rule) or _narrower(other.rule, one.rule)):
            return None  # without priorities, the special case comes before the general one
        return common if uncovered(common, self._before(common, one.rank)) != [] else None

    @cached_property
    def _widest(self) -> int | None:
        """The dimension that tells rules apart best."""
        return max(range(len(self.values)), key=lambda axis: len(self.values[axis]), default=None)

    def _sides(self, box: Box) -> Iterator[int]:
        """The values of the widest dimension that a box asks for, as bits one by one."""
        side = 1 if self._widest is None else box[self._widest]
        while side:
            yield side & -side
            side &= side - 1

    @cached_property
    def _by_rank(self) -> Mapping[tuple[float, int], Sequence[int]]:
        """The rules of a rank by value of the widest dimension, in order."""
        found: dict[tuple[float, int], list[int]] = {}
        for number, placed in enumerate(self.rules):
            for bit in self._sides(placed.box):
                found.setdefault((placed.rank, bit), []).append(number)
        return found

    @cached_property
    def _by_value(self) -> Mapping[int, Sequence[int]]:
        """The rules by value of the widest dimension, in order."""
        found: dict[int, list[int]] = {}
        for number, placed in enumerate(self.rules):
            for bit in self._sides(placed.box):
                found.setdefault(bit, []).append(number)
        return found

    def _rivals(self, number: int) -> Iterator[Placed]:
        """The later rules of a rule's rank that may share a cell with it, in order, each once: they do in the widest dimension."""
        placed = self.rules[number]
        buckets = (self._by_rank[placed.rank, bit] for bit in self._sides(placed.box))
        later = (islice(bucket, bisect_right(bucket, number), None) for bucket in buckets)
        return (self.rules[one] for one, _ in groupby(heapq.merge(*later)))

    def shadowed(self, placed: Placed) -> bool:
        """Whether rules of a better priority take every cell that a rule asks for."""
        return uncovered(placed.box, self._before(placed.box, placed.rank)) == []

    def _before(self, box: Box, rank: float) -> Iterator[Box]:
        """What rules of a better priority take, as far as it may be cells of a box; those that ask for other values take none."""
        numbers = {one for bit in self._sides(box) for one in self._by_value.get(bit, ())}
        return (self.rules[one].box for one in sorted(numbers) if self.rules[one].rank < rank)

    def words(self, box: Box) -> str:
        """A box in words: the dimensions in which it is not the whole."""
        parts = []
        for name, values, side in zip(self.dimensions, self.values, box, strict=True):
            chosen = [value for number, value in enumerate(values) if side >> number & 1]
            if len(chosen) < len(values) or len(values) == 1:
                parts.append(
                    chosen[0] if chosen[0].startswith(OTHERS) and len(chosen) == 1 else f"{name} {' or '.join(chosen)}"
                )
        return ", ".join(parts) or "everything"

    def cells(self, boxes: Sequence[Box]) -> int:
        """Number of cells of some disjoint boxes."""
        return sum(size(box) for box in boxes)


def _narrower(one: RoutingRule, other: RoutingRule) -> bool:
    """Whether a rule asks for all that another asks for, and for more."""
    mine, theirs = one.when or {}, other.when or {}
    same = {name: set(values) for name, values in mine.items()} == {
        name: set(values) for name, values in theirs.items()
    }
    return not same and all(name in mine and set(mine[name]) <= set(values) for name, values in theirs.items())


class Routing(Struct, frozen=True, eq=False):
    """Every signal and error type that a routing rule can take, with its table."""

    tables: tuple[tuple[Routed, Table], ...]
    unrouted: tuple[Routed, ...]
    rules: tuple[RoutingRule, ...]


def routing(eco: Ecosystem) -> Routing:
    """The tables of an inventory; equal tables are the same object, so that each is judged once.

    O(signals + error types + rules) to build, and for each distinct table O(rules * pieces) to judge.
    """
    inventory = eco.inventory
    usable = [one for one in inventory.of(RoutingRule) if one.usable]
    rules = tuple(one for one in usable if _works(inventory, one))
    idle: dict[str, list[RoutingRule]] = {}
    for rule in usable:
        for name in on_of(rule) if not _works(inventory, rule) else ():
            idle.setdefault(name, []).append(rule)
    by_name: dict[str, list[RoutingRule]] = {}
    for rule in rules:
        for name in dict.fromkeys(on_of(rule)):
            by_name.setdefault(name, []).append(rule)
    unclear = next((rule.id for rule in rules if "on" in rule.unknown), None)
    cache: dict[tuple[object, ...], Table] = {}
    tables: list[tuple[Routed, Table]] = []
    unrouted: list[Routed] = []
    subjects: list[Routed] = [*inventory.of(Signal), *inventory.of(ErrorType)]
    for subject in subjects:
        if not subject.usable:
            continue
        names = tuple(name for name in _names(subject) if name in by_name)
        if not names:
            lost = {rule.id: rule for name in _names(subject) for rule in idle.get(name, ())}
            if lost:
                nobody = tuple(lost[name] for name in sorted(lost))
                tables.append((subject, Table((), (), (), True, idle=nobody, vague=unclear)))
            else:
                unrouted.append(subject)
            continue
        facts = _facts(inventory, subject)
        key = (names, tuple(sorted(facts.items())))
        if key not in cache:
            chosen = {rule.id: rule for name in names for rule in by_name[name]}
            cache[key] = _table(inventory, [chosen[name] for name in sorted(chosen)], facts, unclear)
        tables.append((subject, cache[key]))
    return Routing(tuple(tables), tuple(unrouted), rules)


def _works(inventory: Inventory, rule: RoutingRule) -> bool:
    """Whether a rule leads to somebody: not to nobody, nor to a proposed or retired team or pool."""
    target = inventory.find(rule.to, Team) or inventory.find(rule.to, AgentPool)
    return "to" not in rule.nothing if target is None else target.usable


def _names(subject: Routed) -> tuple[str, ...]:
    """What a rule can call it: its id, its kind or class, its sort, or anything."""
    if isinstance(subject, Signal):
        return (subject.id, subject.kind_ or "", "signal", "signals", ALL)
    return (subject.id, subject.class_ or "", "error", "errors", "error_type", "error_types", ALL)


def _facts(inventory: Inventory, subject: Routed) -> dict[str, tuple[str, ...]]:
    """What is known of the subject itself, by dimension."""
    if isinstance(subject, ErrorType):
        return {"severity": SEVERITIES if subject.severity is None else (subject.severity,)}
    facts: dict[str, tuple[str, ...]] = {}
    point = inventory.find(subject.from_, CollectionPoint)
    asked = point.segments if point is not None and subject.segments is None else None
    segments = {*(subject.segments or ()), *(one.segment for one in asked or () if one.segment is not None)}
    if segments:
        facts["segment"] = tuple(sorted(segments))
    if point is not None and point.channel is not None:
        facts["channel"] = (point.channel,)
    if point is not None and point.topics:
        facts["topic"] = tuple(sorted(set(point.topics)))
    return facts


def _table(
    inventory: Inventory, named: list[RoutingRule], facts: Mapping[str, tuple[str, ...]], unclear: str | None
) -> Table:
    rules = [rule for rule in named if "when" not in rule.unknown]
    vague = unclear or next((rule.id for rule in named if "when" in rule.unknown), None)
    dimensions = tuple(sorted({name for rule in rules for name in rule.when or {}}))
    values: list[tuple[str, ...]] = []
    sides: list[dict[str, int]] = []
    clear = True
    for name in dimensions:
        declared = sorted({value for rule in rules for value in (rule.when or {}).get(name, ())})
        spans = _spans(inventory, declared) if name == "hours" else None
        if spans is not None:
            pieces, meanings = _pieces(spans)
            values.append(pieces)
            sides.append(meanings)
            continue
        clear = clear and name != "hours"
        if name == "segment" and name not in facts:
            known = {one.id for one in inventory.of(Segment) if one.usable}
            declared = sorted({*declared, *known}) if known & set(declared) else declared
        if name == "topic":
            declared = sorted({*declared, *facts.get(name, ())})
        elif name in facts:
            declared = list(facts[name])
        if (
            len(declared) == 1
            and name not in facts
            and (name == "severity" or not all(name in (rule.when or {}) for rule in rules))
        ):
            declared.append(f"{ANY_OTHER}{name}")  # a rule that asks for the one value knows of others
        values.append(tuple(declared))
        sides.append({value: 1 << number for number, value in enumerate(declared)})
    placed = []
    for rule in rules:
        box = tuple(
            _side((rule.when or {}).get(name), meanings, len(values[axis]))
            for axis, (name, meanings) in enumerate(zip(dimensions, sides, strict=True))
        )
        if all(box):
            placed.append(Placed(rule, box, math.inf if rule.priority is None else float(rule.priority)))
    return Table(dimensions, tuple(values), tuple(placed), all(values), clear, vague=vague)


def _side(wanted: tuple[str, ...] | None, meanings: Mapping[str, int], width: int) -> int:
    if not wanted:
        return (1 << width) - 1
    side = 0
    for value in wanted:
        side |= meanings.get(value, 0)
    return side


def _spans(inventory: Inventory, declared: Sequence[str]) -> dict[str, int] | None:
    """The minutes of the week that each text stands for; None unless every text is understood."""
    firm = inventory.organization.business_hours if inventory.organization is not None else None
    spans: dict[str, int] = {}
    for text in declared:
        minutes = minutes_of(text, firm)
        if minutes is None:
            return None
        spans[text] = minutes
    return spans


def _pieces(spans: Mapping[str, int]) -> tuple[tuple[str, ...], dict[str, int]]:
    """The week cut along all spans: the pieces' names, and the pieces that each text covers, as bits."""
    pieces = [ALWAYS]
    for span in spans.values():
        pieces = [part for piece in pieces for part in (piece & span, piece & ~span) if part]
    names = []
    for piece in pieces:
        inside = [text for text, span in spans.items() if piece & span]
        names.append(" and ".join(inside) if inside else OTHER_HOURS)
    meanings = {
        text: sum(1 << number for number, piece in enumerate(pieces) if piece & span) for text, span in spans.items()
    }
    return tuple(names), meanings
