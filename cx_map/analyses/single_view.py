"""Whether what stores know of customers comes together: in a master, or by stores that ask each other.

Looked at for five groups of attributes that any view of a customer needs. A pair of stores counts as joined where one reaches the
other by api, event or stream flows that carry the group, or where both feed the customer master or are fed by it, by whatever
flows: a copy that gets what the master knows is part of the one view. O(links * stores / 64) a group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from cx_map.analyses.holdings import NOT_OPERATIONAL, holdings
from cx_map.analyses.lines import lines_of
from cx_map.graph.and_or import components
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.attributes import covers
from cx_map.model.chapter_map import DataSource, LineOfBusiness

KEY_GROUPS = ("identity", "contact", "product", "preference", "interaction")
ONLINE = ("api", "event", "stream")


class View(Struct, frozen=True):
    """One group of attributes: the stores that hold some of it, and how they come together.

    ``master`` feeds or is fed by all the others, if there is one; ``joined`` of ``pairs`` ordered pairs are, weighted by customers;
    ``missing`` counts the pairs that are not.
    """

    group: str
    stores: tuple[str, ...]
    master: str | None
    joined: float
    pairs: float
    missing: int


def views(eco: Ecosystem) -> tuple[View, ...]:
    """The view of each group that at least two operational stores hold."""
    return _views(eco, perhaps=False)


def possible_views(eco: Ecosystem) -> tuple[View, ...]:
    """The same, if every flow of which nobody knows what it carries carried the group."""
    return _views(eco, perhaps=True) if eco.once(propagation).vague else eco.once(views)


def _views(eco: Ecosystem, *, perhaps: bool) -> tuple[View, ...]:
    found = []
    for group in KEY_GROUPS:
        stores = _stores(eco, group)
        if len(stores) > 1:
            found.append(_view(eco, group, stores, perhaps=perhaps))
    return tuple(found)


def _stores(eco: Ecosystem, group: str) -> tuple[str, ...]:
    held = eco.once(holdings)
    names = {
        one.place
        for attribute, some in held.by_attribute.items()
        if covers(eco.inventory, group, attribute)
        for one in some
        if not (isinstance(one.store, DataSource) and one.store.role in NOT_OPERATIONAL)
    }
    return tuple(sorted(names))


def held_by_store(eco: Ecosystem, group: str) -> Mapping[str, tuple[str, ...]]:
    """What each store holds of a group, by name. O(items held)."""
    found: dict[str, dict[str, None]] = {}
    for attribute, some in eco.once(holdings).by_attribute.items():
        if covers(eco.inventory, group, attribute):
            for one in some:
                found.setdefault(one.place, {})[attribute] = None
    return {store: tuple(names) for store, names in found.items()}


def attached(eco: Ecosystem, group: str, hub: str, *, perhaps: bool = False) -> frozenset[str]:
    """The places that feed a hub with the group or are fed by it, the hub included. O(links that carry the group), kept."""
    graph = eco.once(propagation)
    feeding = graph.reach(group, (hub,), backward=True, perhaps=perhaps)
    return feeding | graph.reach(group, (hub,), perhaps=perhaps)


def _hub(eco: Ecosystem, group: str, stores: tuple[str, ...], *, perhaps: bool) -> tuple[str | None, frozenset[str]]:
    """The master that the most of these stores feed or are fed by, and these stores; None where there is no master.

    Customer masters come before golden stores, and these before the one store that declares itself master in this group.
    """
    best: tuple[str | None, frozenset[str]] = (None, frozenset())
    for name in (*eco.once(role_masters), *declared_master(eco, group)):
        with_it = attached(eco, group, name, perhaps=perhaps).intersection(stores)
        if len(with_it) > len(best[1]):
            best = (name, with_it)
    return best


def role_masters(eco: Ecosystem) -> tuple[str, ...]:
    """The usable stores with the role of a customer master, then golden ones, by id."""
    found = [one for one in eco.inventory.of(DataSource) if one.usable and one.role in ("customer_master", "golden")]
    return tuple(one.id for one in sorted(found, key=lambda one: (one.role != "customer_master", one.id)))


def declared_master(eco: Ecosystem, group: str) -> tuple[str, ...]:
    """The store or platform that alone says it is master in a group, for everybody; none where several say so."""
    claims = [
        one
        for attribute, some in eco.once(holdings).by_attribute.items()
        if covers(eco.inventory, group, attribute)
        for one in some
        if one.holding.mastery == "master"
    ]
    everybody = all(one.holding.products is None and one.holding.segments is None for one in claims)
    names = {one.place for one in claims}
    return tuple(names) if len(names) == 1 and everybody else ()


def weights_of(eco: Ecosystem, stores: tuple[str, ...]) -> dict[str, float]:
    """Customers of the lines each store works for; 1 for all where they are not known of every store."""
    lines = eco.once(lines_of)
    found: dict[str, float] = {}
    for store in stores:
        entities = [eco.inventory.find(name, LineOfBusiness) for name in sorted(lines.get(store, ()))]
        numbers = [one.customers.value for one in entities if one is not None and one.customers is not None]
        if not numbers or len(numbers) < len(entities):
            return dict.fromkeys(stores, 1.0)
        found[store] = max(numbers)
    return found


def _view(eco: Ecosystem, group: str, stores: tuple[str, ...], *, perhaps: bool) -> View:
    hub, with_it = _hub(eco, group, stores, perhaps=perhaps)
    master = hub if len(with_it) == len(stores) else None
    together = sum(1 << number for number, store in enumerate(stores) if store in with_it)
    weights = weights_of(eco, stores)
    total = sum(weights.values())
    square = sum(weight * weight for weight in weights.values())
    reached = closure(_online(eco, group, perhaps=perhaps), stores)
    masks: dict[float, int] = {}
    for number, store in enumerate(stores):
        masks[weights[store]] = masks.get(weights[store], 0) | 1 << number
    joined, count = 0.0, 0
    for number, store in enumerate(stores):
        bits = reached.get(store, 0) | (together if store in with_it else 0)
        bits &= ~(1 << number)
        if bits:
            count += bits.bit_count()
            joined += weights[store] * sum(weight * (bits & mask).bit_count() for weight, mask in masks.items())
    return View(group, stores, master, joined, total * total - square, len(stores) * (len(stores) - 1) - count)


def key_holdings(eco: Ecosystem, groups: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Of how many attributes of these groups each store says it is master, and how many it holds.

    Who is master of the whole is master of each part of it that some store holds. O(items held and parts of these).
    """
    held = eco.once(holdings)
    found: dict[str, tuple[set[str], set[str]]] = {}
    for attribute, some in held.by_attribute.items():
        if any(covers(eco.inventory, group, attribute) for group in groups):
            parts = held.parts(attribute)
            for one in some:
                mastered, kept = found.setdefault(one.place, (set(), set()))
                kept.add(attribute)
                if one.holding.mastery == "master":
                    mastered.update(parts)
    return {place: (len(mastered), len(kept)) for place, (mastered, kept) in found.items()}


def feeding_counts(eco: Ecosystem, view: View) -> dict[str, int]:
    """How many of a view's stores feed each of them with the group, itself included. O(links * stores / 64)."""
    backward: dict[str, list[str]] = {}
    for carriers in eco.once(propagation).carriers(view.group):
        for target, links in carriers.backward.items():
            backward.setdefault(target, []).extend(link.source for link in links)
    reached = closure(backward, view.stores)
    return {store: reached[store].bit_count() if store in reached else 1 for store in view.stores}


def _online(eco: Ecosystem, group: str, *, perhaps: bool) -> dict[str, list[str]]:
    """Where online flows that carry the group lead, by source."""
    found: dict[str, list[str]] = {}
    graph = eco.once(propagation)
    for carriers in graph.possible(group) if perhaps else graph.carriers(group):
        for source, links in carriers.forward.items():
            targets = [link.target for link in links if link.flow.via in ONLINE]
            if targets:
                found.setdefault(source, []).extend(targets)
    return found


def closure(links: Mapping[str, Sequence[str]], stores: Sequence[str]) -> dict[str, int]:
    """Which stores each place with links leads to (itself included), as bits. O(links * stores / 64)."""
    places = sorted({*links, *(target for targets in links.values() for target in targets)})
    number = {place: index for index, place in enumerate(places)}
    following = [tuple(number[target] for target in links.get(place, ())) for place in places]
    bit = {store: 1 << index for index, store in enumerate(stores)}
    values = [bit.get(place, 0) for place in places]
    for component in components([(some,) for some in following], bytearray(b"\1") * len(places)):
        total = 0
        for node in component:
            total |= values[node]
            for other in following[node]:
                total |= values[other]
        for node in component:
            values[node] = total
    return dict(zip(places, values, strict=True))


def score_of(found: tuple[View, ...]) -> float:
    """Share of customer-weighted pairs that are joined; a group with a master that joins all counts as joined. 1 for no pairs."""
    shares = [1.0 if view.master is not None else view.joined / view.pairs for view in found if view.pairs > 0]
    return sum(shares) / len(shares) if shares else 1.0
