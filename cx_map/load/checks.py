"""What must hold between fields: shares that sum to 1, routes with their own ids, parents without cycles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cx_map.errors import Problem
from cx_map.load.context import Context
from cx_map.load.hints import did_you_mean
from cx_map.model.chapter_customers import Overlap
from cx_map.model.chapter_map import Communication, LineOfBusiness, Team
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory, RawEntity, locate
from cx_map.model.source import Map, Seq

SHARE_TOLERANCE = 0.01


def check(inventory: Inventory, context: Context) -> list[Problem]:
    """Every broken relation between fields. O(entities)."""
    problems = within(inventory, inventory.of(Communication), inventory.flow_sources)
    overlaps = zip(inventory.overlaps, inventory.overlap_sources, strict=True)
    return problems + _overlaps(inventory, overlaps) + across(inventory) + _currencies(context)


def within(inventory: Inventory, communications: Iterable[Communication], flows: Iterable[RawEntity]) -> list[Problem]:
    """What is broken within single entities, whatever else there is."""
    problems: list[Problem] = []
    for communication in communications:
        if communication.routes is not None:
            problems += _routes(inventory, communication)
            if communication.channels is not None or communication.platforms is not None:
                place = inventory.place(
                    communication, "channels" if communication.channels is not None else "platforms"
                )
                problems.append(Problem("CX005", f"'{communication.id}' has both `routes` and their short form", place,
                                        "keep `routes`, or `channels` and `platforms`"))  # fmt: skip
    return problems + _flows(inventory, flows)


def across(inventory: Inventory) -> list[Problem]:
    """What is broken between entities: parents that go in a circle."""
    problems = _parents(inventory, {one.id: one.parent for one in inventory.of(LineOfBusiness)})
    problems += _parents(inventory, {one.id: one.parent for one in inventory.of(Team)})
    return problems + _parents(inventory, _attribute_parents(inventory), attributes=True)


def _routes(inventory: Inventory, communication: Communication) -> list[Problem]:
    problems: list[Problem] = []
    routes = communication.routes or ()
    names: dict[str, int] = {}
    for number, route in enumerate(routes):
        name = route.id or route.channel or f"route-{number + 1}"
        if name in names:
            place = inventory.place(communication, "routes", number)
            first = inventory.place(communication, "routes", names[name])
            problems.append(Problem("CX004", f"two routes of '{communication.id}' are named '{name}'; the first is at {first}",
                                    place, "give one of them an `id`", (first,)))  # fmt: skip
        names.setdefault(name, number)
    for number, route in enumerate(routes):
        if route.fallback_for is None:
            continue
        place = inventory.place(communication, "routes", number, "fallback_for")
        if route.fallback_for not in names:
            problems.append(Problem("CX003", f"'{communication.id}' has no route named '{route.fallback_for}'", place,
                                    did_you_mean(route.fallback_for, sorted(names)) or f"its routes: {', '.join(sorted(names)[:8])}"))  # fmt: skip
        elif _circular(routes, names, number):
            problems.append(Problem("CX005", f"the fallbacks of '{communication.id}' stand in for one another", place,
                                    "one route must stand for itself: leave out its `fallback_for`"))  # fmt: skip
        if route.share is not None and route.share.value > 0:
            where = inventory.place(communication, "routes", number, "share")
            problems.append(
                Problem(
                    "CX005", f"a fallback route has share 0, not {route.share.value:.4g}", where, "leave `share` out"
                )
            )
    return problems + _shares(inventory, communication)


def _aligned(inventory: Inventory, communication: Communication) -> bool:
    """Whether every written route, and every share of one, could be read: else sums and numbers mean nothing."""
    raw = inventory.raw.entities[communication.id].fields.get("routes")
    items = raw if isinstance(raw, Seq) else [raw]
    routes = communication.routes or ()
    return len(items) == len(routes) and all(
        route.share is not None or "share" in route.unknown or not isinstance(item, Map) or item.get("share") is None
        for item, route in zip(items, routes, strict=True)
    )


def _circular(routes: tuple[object, ...], names: Mapping[str, int], number: int) -> bool:
    seen = {number}
    current: int | None = number
    while current is not None:
        following = getattr(routes[current], "fallback_for", None)
        current = names.get(following) if following is not None else None
        if current in seen:
            return True
        if current is not None:
            seen.add(current)
    return False


def _shares(inventory: Inventory, communication: Communication) -> list[Problem]:
    if communication.send == "all" or not _aligned(inventory, communication):
        return []
    primary = [(number, route) for number, route in enumerate(communication.routes or ()) if route.fallback_for is None]
    given = [(number, route.share) for number, route in primary if route.share is not None]
    if not given:
        return []
    # Rounded: 33 % three times is 0.01 off, and not more because of how a machine writes 0.99.
    total = round(sum(share.value for _, share in given), 9)
    said_unknown = any("share" in route.unknown for _, route in primary)
    place = inventory.place(communication, "routes", given[0][0], "share")
    if len(given) == len(primary) and round(abs(total - 1), 9) > SHARE_TOLERANCE:
        return [Problem("CX005", f"the route shares of '{communication.id}' sum to {total:.4g}, not 1", place,
                        "correct them, or write `send: all` if a customer gets every route")]  # fmt: skip
    if round(total - 1, 9) > SHARE_TOLERANCE:
        return [
            Problem(
                "CX005",
                f"the route shares of '{communication.id}' already sum to {total:.4g}",
                place,
                "the shares of all routes together are 1",
            )
        ]
    if len(given) < len(primary) and not said_unknown:
        missing = len(primary) - len(given)
        return [Problem("CX005", f"the route shares of '{communication.id}' sum to {total:.4g} and {missing} of its routes "
                        "give none", place, "give every route a share, or none, or write `share: unknown`")]  # fmt: skip
    return []


def _parents(inventory: Inventory, parents: Mapping[str, str | None], *, attributes: bool = False) -> list[Problem]:
    """One problem a cycle, at its first member by id."""
    problems: list[Problem] = []
    done: set[str] = set()
    for start in sorted(parents):
        trail: dict[str, None] = {}
        current: str | None = start
        while current is not None and current in parents and current not in done and current not in trail:
            trail[current] = None
            current = parents[current]
        if current is not None and current in trail:
            members = list(trail)
            problems.append(_circle(inventory, members[members.index(current) :], attributes))
        done.update(trail)
    return problems


def _circle(inventory: Inventory, cycle: list[str], attributes: bool) -> Problem:
    table: Mapping[str, Entity] = inventory.attributes if attributes else inventory.entities
    first = min(name for name in cycle if name in table)
    at = cycle.index(first)
    names = [*cycle[at:], *cycle[:at], first]
    shown = names if len(names) <= 10 else [*names[:8], "...", first]
    return Problem("CX006", f"`parent` goes in a circle: {' -> '.join(shown)}", inventory.place(table[first], "parent"),
                   "remove or change one `parent` of the circle")  # fmt: skip


def _attribute_parents(inventory: Inventory) -> dict[str, str | None]:
    """The parents of all attributes that are named, those that follow from dotted ids included."""
    parents: dict[str, str | None] = {}
    waiting = sorted(inventory.attributes)
    while waiting:
        name = waiting.pop()
        if name in parents:
            continue
        own = inventory.attributes.get(name)
        parent = own.parent if own is not None else None
        if parent is None and (own is None or "parent" not in own.nothing | own.unknown):
            parent = name.rpartition(".")[0] or None
        parents[name] = parent
        if parent is not None:
            waiting.append(parent)
    return parents


def _flows(inventory: Inventory, flows: Iterable[RawEntity]) -> list[Problem]:
    problems: list[Problem] = []
    for raw in flows:
        missing = [end for end in ("from", "to") if raw.fields.get(end) is None]
        if missing:
            problems.append(Problem("CX005", f"a flow needs `{'` and `'.join(missing)}`", inventory.raw.location(raw.mark, raw.end),
                                    "write {from: crm, to: ccm, via: api}"))  # fmt: skip
    return problems


def _overlaps(inventory: Inventory, overlaps: Iterable[tuple[Overlap, RawEntity]]) -> list[Problem]:
    problems: list[Problem] = []
    for overlap, raw in overlaps:
        if overlap.between is None and raw.fields.get("between") is not None:
            continue  # said to be unknown, or reported while it was read
        if len(overlap.between or ()) != 2 or len(set(overlap.between or ())) != 2:
            problems.append(Problem("CX005", "an overlap is between two different things", inventory.raw.location(raw.mark, raw.end),
                                    "write {between: [cards, mortgages], share: 30%}"))  # fmt: skip
    return problems


def _currencies(context: Context) -> list[Problem]:
    """Amounts in more than one currency cannot be compared; the first or the organization's decides."""
    if not context.amounts:
        return []
    amounts = sorted((start, end, currency) for currency, start, end in context.amounts)
    expected = context.currency or amounts[0][2]
    return [
        Problem("CX005", f"{currency} among amounts in {expected}", locate(context.files, start, end),
                f"convert it to {expected}; an inventory has one currency")
        for start, end, currency in amounts if currency != expected
    ]  # fmt: skip
