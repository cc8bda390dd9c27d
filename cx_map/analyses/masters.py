"""Attributes with several masters for the same customers, or with several places written to and none."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.analyses.holdings import Held, holdings, kept_by_hand, learners
from cx_map.analyses.known_asks import asks_of
from cx_map.analyses.lines import lines_of
from cx_map.analyses.master_scopes import meeting
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attributes import lineage
from cx_map.model.chapter_map import DataSource


class Conflict(Struct, frozen=True):
    """Stores that contradict each other about an attribute, the one to keep first.

    ``declared`` tells stores that call themselves masters from stores that are merely written to; ``sure``, whether some
    of them are known to be so for the same customers.
    """

    attribute: str
    stores: tuple[str, ...]
    declared: bool
    sure: bool = True


def conflicts(eco: Ecosystem) -> tuple[Conflict, ...]:
    """Every conflict, by attribute. About O(masters * different scopes) an attribute.

    Masters of one and the same attribute meet; who is master of a part of it carves that part out of the whole.
    """
    held = eco.once(holdings)
    masters = {
        name: tuple(one for one in some if one.holding.mastery == "master") for name, some in held.by_attribute.items()
    }
    found: list[Conflict] = []
    for attribute in sorted(name for name, some in masters.items() if some):
        fighting, sure = _fighting(eco, attribute, masters[attribute])
        if fighting:
            found.append(Conflict(attribute, _ordered(eco, attribute, fighting), declared=True, sure=sure))
    return (*found, *_undeclared(eco, masters))


def _fighting(eco: Ecosystem, attribute: str, claims: tuple[Held, ...]) -> tuple[set[str], bool]:
    """Stores with a claim that meets another store's, and whether some surely do; claims of one scope are looked at together."""
    lines = eco.once(lines_of)
    by_scope: dict[tuple[object, ...], list[Held]] = {}
    for one in claims:
        role = one.store.role if isinstance(one.store, DataSource) else None
        scope = (one.holding.products, one.holding.segments, lines.get(one.place), role)
        by_scope.setdefault(scope, []).append(one)
    scopes = [(some[0], {one.place for one in some}) for some in by_scope.values()]
    found: set[str] = set()
    sure = False
    for one, mine in scopes:
        for other, theirs in scopes:
            met = meeting(eco, attribute, one, other) if len(mine | theirs) > 1 else "none"
            if met != "none":
                found |= mine | theirs
                sure = sure or met == "sure"
    return found, sure


def _undeclared(eco: Ecosystem, masters: dict[str, tuple[Held, ...]]) -> list[Conflict]:
    """Attributes whose mastery somebody has looked at, written to several stores of which none is master."""
    held = eco.once(holdings)
    looked_at = {
        name for name, some in held.by_attribute.items() if any(one.holding.mastery is not None for one in some)
    }
    found: list[Conflict] = []
    for attribute, written in sorted(written_stores(eco).items()):
        above = tuple(lineage(eco.inventory, attribute))
        stores = _sharing(written)
        if len(stores) > 1 and not looked_at.isdisjoint(above) and not any(masters.get(name) for name in above):
            found.append(Conflict(attribute, _ordered(eco, attribute, stores), declared=False))
    return found


def written_stores(eco: Ecosystem) -> dict[str, dict[str, set[str | None]]]:
    """The usable stores that answers about each attribute are written to, with the segments asked (None: whoever comes).

    None of them says that it holds something else only.
    """
    written: dict[str, dict[str, set[str | None]]] = {}
    for asked in eco.once(asks_of):
        if asked.purpose in ("collect", "update", "refresh"):
            stores = written.setdefault(asked.attribute, {})
            for name in eco.once(learners).told(asked.point, asked.attribute):
                stores.setdefault(name, set()).update(asked.reach)
    return written


def _sharing(written: Mapping[str, set[str | None]]) -> set[str]:
    """The stores that are told of some of the same customers as another one."""
    at: dict[str | None, set[str]] = {}
    for store, segments in written.items():
        for segment in segments:
            at.setdefault(segment, set()).add(store)
    anyone = at.pop(None, set())
    if anyone and len(written) > 1:
        return set(written)
    return {store for stores in at.values() if len(stores) > 1 for store in stores}


def _writers(eco: Ecosystem) -> dict[tuple[str, str], int]:
    """How many asks about an attribute write to a store. O(asks)."""
    counts: dict[tuple[str, str], int] = {}
    for asked in eco.once(asks_of):
        for name in asked.point.writes_to or ():
            key = (asked.attribute, name)
            counts[key] = counts.get(key, 0) + 1
    return counts


def _ordered(eco: Ecosystem, attribute: str, stores: set[str]) -> tuple[str, ...]:
    """The store to keep first: the customer master, else the golden copy, else one for all products, else that most points write to; by hand last."""
    writers = eco.once(_writers)
    whole = {
        one.place
        for one in eco.once(holdings).by_attribute.get(attribute, ())
        if one.holding.mastery == "master" and one.holding.products is None and one.holding.segments is None
    }

    def key(name: str) -> tuple[int, bool, int, str]:
        store = eco.inventory.entities[name]
        role = store.role if isinstance(store, DataSource) else None
        rank = {"customer_master": 0, "golden": 1}.get(role or "", 2)
        if rank == 2 and kept_by_hand(store):
            rank = 3
        return (rank, name not in whole, -writers.get((attribute, name), 0), name)

    return tuple(sorted(stores, key=key))
