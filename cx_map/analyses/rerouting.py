"""Route shares that fit the capacities there are, with the fewest items moved (analyses.md, A2).

An exact linear program over the moves between the routes of each communication. A channel never gets more of a
communication than its customers can be reached by. Shares are rounded to a hundredth of a per cent and checked
again, so that what is returned fits as written.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from cx_map.analyses.affected import volume_of
from cx_map.analyses.bounds import Bounds
from cx_map.analyses.capacity import loads, uses
from cx_map.analyses.commodities import SCALE, limits
from cx_map.analyses.linear_program import cheapest
from cx_map.analyses.max_flow import Throughput
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import ProducedRoute, Production, production
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Channel, Communication, Platform
from cx_map.model.entity import Entity

DIGITS = 4
"""Decimals of a share as written."""

_MOST_MOVES = 600


class Rerouting(Struct, frozen=True):
    """New route shares: for each communication that changes, the share of each route by its id.

    ``moved`` is in items a month; ``cost`` the change in money a month by the channels' costs a contact, None
    where one is not known, in ``currency`` (an inventory has one); ``utilisation`` what the fullest limited supplier
    of the part is then used at; ``trusted`` the platforms that get more and whose capacity is not known.
    """

    shares: Mapping[str, Mapping[str, float]]
    moved: float
    cost: float | None
    currency: str | None
    utilisation: float
    trusted: tuple[str, ...]


class _Choice(Struct, frozen=True):
    """A communication whose items can move: its routes, their shares, and the reach of each channel."""

    communication: Communication
    routes: tuple[ProducedRoute, ...]
    shares: tuple[float, ...]
    volume: int
    reach: Mapping[int, float]


@dataclass(slots=True)
class _Program:
    costs: list[int] = field(default_factory=list)
    rows: list[tuple[Mapping[int, int], int]] = field(default_factory=list)
    moves: list[tuple[_Choice, int, int]] = field(default_factory=list)


def reroute(eco: Ecosystem, part: Throughput, comfortable: float) -> Rerouting | None:
    """Shares under which no supplier of the part is used above ``comfortable``, or else not above 1.

    None where a load of the part is not known, where no shares fit, or where it is too large to be solved.
    """
    if part.fixed is None or part.open:
        return None
    graph = eco.once(production)
    choices = _solvable(
        eco, part, [one for name in part.communications if (one := _choice(eco, graph, name)) is not None]
    )
    # room for the rounding of shares, as little as is needed
    for limit in (comfortable, 0.99, 0.999, 0.9999, 1.0):
        found = _solve(eco, graph, part, choices, limit)
        if found is not None:
            return found
    return None


def _solvable(eco: Ecosystem, part: Throughput, choices: list[_Choice]) -> list[_Choice]:
    """All that can move; where that is too much to solve, what passes the suppliers that are too full."""
    if sum(len(one.routes) * (len(one.routes) - 1) for one in choices) <= _MOST_MOVES:
        return choices
    carried, caps = eco.once(loads), eco.once(limits)
    full = [name for name in part.suppliers if name in carried and carried[name].said * SCALE > caps[name]]
    passing = {use.communication for name in full for use in eco.once(uses)[name]}
    return [one for one in choices if one.communication.id in passing]


def _choice(eco: Ecosystem, graph: Production, name: str) -> _Choice | None:
    produced = graph.communications[name]
    routes = tuple(route for route in produced.routes or () if graph.failures.derivable[route.node])
    volume = volume_of(eco, produced.communication).value
    if len(routes) < 2 or produced.communication.send == "all" or not volume:
        return None
    shares = tuple(route.route.share.value if route.route.share is not None else 0.0 for route in routes)
    if len(routes) != len(produced.routes or ()) and abs(sum(shares) - 1) > 10.0**-DIGITS:
        return None
    channels = {route.channel for route in routes if route.channel is not None}
    reach = {channel: reach_of(graph, produced.communication, graph.names[channel]) for channel in sorted(channels)}
    return _Choice(produced.communication, routes, shares, round(volume * SCALE), reach)


def reach_of(graph: Production, communication: Communication, channel: str) -> float:
    """The share of a communication's customers that a channel can reach; 1 where that is not known."""
    weights: list[tuple[float, float]] = []
    for name in communication.segments or ():
        segment = graph.inventory.find(name, Segment)
        share = segment.reachable_by.get(channel) if segment is not None and segment.reachable_by is not None else None
        size = 1.0 if len(communication.segments or ()) == 1 else None
        if size is None and segment is not None and segment.customers is not None:
            size = segment.customers.value
        if share is None or size is None:
            return 1.0
        weights.append((size, share.value))
    total = sum(size for size, _ in weights)
    return sum(size * share for size, share in weights) / total if total else 1.0


def _solve(
    eco: Ecosystem, graph: Production, part: Throughput, choices: list[_Choice], limit: float
) -> Rerouting | None:
    program = _Program()
    prices = _prices(graph)
    for choice in choices:
        _add_moves(program, choice, prices)
    if not program.moves or len(program.moves) > _MOST_MOVES:
        return None
    carried, caps = eco.once(loads), eco.once(limits)
    by_node: dict[int, dict[int, int]] = {}
    for column, (choice, source, target) in enumerate(program.moves):
        for sign, route in ((1, choice.routes[target]), (-1, choice.routes[source])):
            for node in _passes(graph, route):
                row = by_node.setdefault(node, {})
                row[column] = row.get(column, 0) + sign
    for name in part.suppliers:
        load = carried[name].value if name in carried else 0.0
        if load is None:
            return None
        free = int(caps[name] * limit) - round(load * SCALE)
        program.rows.append((by_node.get(graph.index[name], {}), free))
    own = set(part.suppliers)
    for node in sorted(by_node):
        name = graph.names[node]
        if name in caps and name not in own:  # judged elsewhere: it may not get more than it can take
            most = carried[name].high if name in carried else 0.0
            room = 0 if most is None else max(0, int(caps[name] * limit) - math.ceil(most * SCALE))
            program.rows.append((by_node[node], room))
    values = cheapest(program.costs, program.rows)
    if values is None:
        return None
    flows = {choice.communication.id: [share * choice.volume for share in choice.shares] for choice in choices}
    for (choice, source, target), value in zip(program.moves, values, strict=True):
        flows[choice.communication.id][source] -= float(value)
        flows[choice.communication.id][target] += float(value)
    moved = {
        choice.communication.id: _rounded([flow / choice.volume for flow in flows[choice.communication.id]])
        for choice in choices
    }
    return _checked(eco, graph, part, choices, moved, limit)


def _add_moves(program: _Program, choice: _Choice, prices: Mapping[int, float]) -> None:
    """The moves between the routes of a communication, and what bounds them."""
    into: dict[int, dict[int, int]] = {}
    for source, share in enumerate(choice.shares):
        if share <= 0:
            continue
        row: dict[int, int] = {}
        for target in range(len(choice.routes)):
            if target == source:
                continue
            column = len(program.moves)
            program.moves.append((choice, source, target))
            dearer = prices.get(choice.routes[target].channel or -1, 0.0) - prices.get(
                choice.routes[source].channel or -1, 0.0
            )
            program.costs.append(1000 + max(0, round(dearer * 10_000)))
            row[column] = 1
            old, new = choice.routes[source].channel, choice.routes[target].channel
            if old != new:
                for channel, sign in ((new, 1), (old, -1)):
                    if channel is not None:
                        into.setdefault(channel, {})[column] = sign
        program.rows.append((row, round(share * choice.volume)))
    for channel, coefficients in sorted(into.items()):
        now = sum(share for share, route in zip(choice.shares, choice.routes, strict=True) if route.channel == channel)
        most = max(choice.reach.get(channel, 1.0), now)
        program.rows.append((coefficients, int((most - now) * choice.volume)))


def _prices(graph: Production) -> Mapping[int, float]:
    """Cost a contact by channel, as a part of the dearest; empty where one of them is not known."""
    costs = {
        graph.index[channel.id]: channel.cost_per_contact.value
        for channel in graph.inventory.of(Channel)
        if channel.cost_per_contact is not None
    }
    dearest = max(costs.values(), default=0.0)
    return {node: cost / dearest for node, cost in costs.items()} if dearest else {}


def _passes(graph: Production, route: ProducedRoute) -> list[int]:
    """The suppliers that every item of a route passes."""
    nodes = [group[0] for group in route.hops if len(group) == 1]
    for group in route.hops:
        usable = [node for node in group if graph.entity(node).usable]
        if len(group) > 1 and len(usable) == 1:
            nodes.append(usable[0])
    return nodes if route.channel is None else [*nodes, route.channel]


def _rounded(shares: list[float]) -> list[float]:
    """Shares with few decimals that sum to 1; the largest takes what rounding leaves."""
    rounded = [max(0.0, round(share, DIGITS)) for share in shares]
    largest = max(range(len(rounded)), key=rounded.__getitem__)
    rounded[largest] = round(rounded[largest] + 1 - sum(rounded), DIGITS)
    return rounded


def _checked(
    eco: Ecosystem,
    graph: Production,
    part: Throughput,
    choices: list[_Choice],
    new: Mapping[str, list[float]],
    limit: float,
) -> Rerouting | None:
    """The re-routing as written, if it fits."""
    carried, caps = eco.once(loads), eco.once(limits)
    load = {graph.index[name]: carried.get(name, Bounds(0.0, 0.0, 0.0)).said for name in part.suppliers}
    moved, cost = 0.0, 0.0
    gains: dict[int, float] = {}
    priced = True
    currency: str | None = None
    shares: dict[str, Mapping[str, float]] = {}
    for choice in choices:
        now = new[choice.communication.id]
        if all(abs(one - before) < 10.0**-DIGITS for one, before in zip(now, choice.shares, strict=True)):
            continue
        shares[choice.communication.id] = {
            route.route.id or "": share for route, share in zip(choice.routes, now, strict=True)
        }
        for route, share, before in zip(choice.routes, now, choice.shares, strict=True):
            change = (share - before) * choice.volume / SCALE
            moved += max(change, 0.0)
            for node in _passes(graph, route):
                gains[node] = gains.get(node, 0.0) + change
                if node in load:
                    load[node] += change
            channel = graph.entity(route.channel) if route.channel is not None else None
            price = channel.cost_per_contact if isinstance(channel, Channel) else None
            priced = priced and price is not None
            if price is not None:
                cost += change * price.value
                currency = price.currency
    used = max((load[graph.index[name]] * SCALE / caps[name] for name in part.suppliers if caps[name]), default=0.0)
    if used > max(limit, 1.0) + 1e-9 or not shares:
        return None
    trusted = sorted(graph.names[node] for node, gain in gains.items() if gain > 0 and _unlimited(graph.entity(node)))
    return Rerouting(shares, moved, cost if priced else None, currency, used, tuple(trusted))


def _unlimited(supplier: Entity) -> bool:
    """Whether it is a platform that states no capacity; a channel seldom has one."""
    return isinstance(supplier, Platform) and supplier.capacity is None
