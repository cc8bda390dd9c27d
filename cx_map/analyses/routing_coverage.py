"""Where routing rules send signals and errors: cells that no rule takes, that two take, rules that take none.

Each signal or error type is routed over a finite domain: the product of the values of topic, severity, segment,
channel and hours (whatever its rules ask for). What is known of the signal itself narrows a dimension (its segments,
its collection point's channel; an error type's severity); segments are otherwise those of the inventory, the severity
of an error one of four, and everything else is as wide as its rules and its collection point's topics say; where some
of them ask for a single value, and others do not ask, there are others ("any other channel"). Hours that can be read
as a timetable are cut into the pieces of the week that the rules tell apart, the rest of the week included. A rule of
which it is unknown what it takes may take what is left.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from cx_map.analyses.escalation_ladders import SEVERITIES
from cx_map.analyses.opening_hours import ALWAYS, minutes_of
from cx_map.analyses.routing_table import ANY_OTHER, OTHER_HOURS, Placed, Table
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response_edges import ALL, on_of
from cx_map.model.chapter_customers import CollectionPoint, Segment
from cx_map.model.chapter_feedback import Signal
from cx_map.model.chapter_map import Team
from cx_map.model.chapter_service import AgentPool, ErrorType, RoutingRule
from cx_map.model.inventory import Inventory

Routed: TypeAlias = "Signal | ErrorType"


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
