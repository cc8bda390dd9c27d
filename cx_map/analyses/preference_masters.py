"""Preferences that two stores decide: places written to that do not feed the master, and permissions kept apart."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from cx_map.analyses.holdings import Held, holdings, learners, overlap
from cx_map.analyses.preferences import attribute_of, capture_points, governing, told_at, withdrawal_points
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.chapter_customers import Preference
from cx_map.model.chapter_map import Communication, Holding
from cx_map.model.inventory import Inventory

PERMISSIONS = ("channel", "e_delivery", "consent", "do_not_contact")
"""Kinds of preferences that say whether a customer may be contacted this way at all."""


class Rivals(Struct, frozen=True):
    """Stores that each decide one preference: the one to keep, and those that do not feed it."""

    preference: Preference
    keeper: str
    apart: tuple[str, ...]
    vague: bool = False
    """Whether flows of which nobody knows what they carry may bring them all together."""


class Split(Struct, frozen=True):
    """Two permissions with different masters that govern the same communication, and neither master learns the other."""

    communication: Communication
    first: Preference
    second: Preference
    vague: bool = False
    """Whether flows of which nobody knows what they carry may let one learn the other."""


def writers_of(eco: Ecosystem, preference: Preference) -> frozenset[str]:
    """The usable stores that decide a preference: its master, masters by ``holds``, and what its points write it to.

    A store that says what it holds, and holds nothing of the preference, does not decide it though a form writes there.
    """
    points = (*capture_points(eco.inventory, preference), *withdrawal_points(eco.inventory, preference))
    stores = {name for point in points for name in told_at(eco.once(learners), preference, point)}
    held = eco.once(holdings).by_attribute.get(attribute_of(preference), ())
    stores.update(one.place for one in held if one.holding.mastery == "master")
    if preference.master is not None and eco.inventory.entities[preference.master].usable:
        stores.add(preference.master)
    return frozenset(stores)


def rivals(eco: Ecosystem, preference: Preference) -> Rivals | None:
    """The stores that contradict each other about one preference, or None. O(links that carry it)."""
    found = _rivals(eco, preference, perhaps=False)
    if found is not None and eco.once(propagation).vague:
        return replace(found, vague=_rivals(eco, preference, perhaps=True) is None)
    return found


def _rivals(eco: Ecosystem, preference: Preference, *, perhaps: bool) -> Rivals | None:
    """The stores that contradict each other.

    A store that is only written to is no rival where it feeds the one to keep. A second declared master is one unless
    both know what the other knows and a two-way flow between them says who wins; one for other products or segments is none.
    """
    stores = writers_of(eco, preference)
    if len(stores) < 2:
        return None
    graph, attribute = eco.once(propagation), attribute_of(preference)
    claims = [one for one in eco.once(holdings).by_attribute.get(attribute, ()) if one.holding.mastery == "master"]
    declared = {one.place for one in claims}
    master = preference.master if preference.master in stores else None
    keeper = master if master is not None else min(declared or stores)
    if master is not None:
        declared.add(master)
    elsewhere = _masters_elsewhere(eco.inventory, claims, keeper)
    stores, declared = stores - elsewhere, declared - elsewhere
    feeding = graph.reach(attribute, (keeper,), backward=True, perhaps=perhaps)
    apart = [store for store in stores if store not in feeding]
    if not declared:  # nobody is master: all must know the same, and somebody must say who wins
        known = graph.reach(attribute, (keeper,), perhaps=perhaps)
        apart = [
            store
            for store in stores
            if store != keeper and not (store in feeding and store in known and _settled(eco, store, keeper))
        ]
    apart += [
        store for store in declared
        if store != keeper and store not in apart and not (store in graph.reach(attribute, (keeper,), perhaps=perhaps) and _settled(eco, store, keeper))
    ]  # fmt: skip
    return Rivals(preference, keeper, tuple(sorted(apart))) if apart else None


def _masters_elsewhere(inventory: Inventory, claims: Sequence[Held], keeper: str) -> frozenset[str]:
    """Masters for products or segments that the one to keep is not master of: they decide for other customers."""
    own = [one.holding for one in claims if one.place == keeper]
    others: dict[str, list[Holding]] = {}
    for one in claims:
        if one.place != keeper:
            others.setdefault(one.place, []).append(one.holding)
    return frozenset(
        place
        for place, some in others.items()
        if own and not any(overlap(inventory, mine, theirs) for mine in own for theirs in some)
    )


def _settled(eco: Ecosystem, one: str, other: str) -> bool:
    """Whether a flow between two stores says what happens when both changed."""
    return frozenset((one, other)) in eco.once(_policies)


def _policies(eco: Ecosystem) -> frozenset[frozenset[str]]:
    return frozenset(
        frozenset((link.source, link.target))
        for link in eco.once(propagation).links
        if link.flow.conflict_policy is not None
    )


def splits(eco: Ecosystem, communication: Communication) -> tuple[Split, ...]:
    """Pairs of permissions of one communication that different masters keep apart."""
    found: list[Split] = []
    governed = [
        (one, routes)
        for one, routes in governing(eco.inventory, communication)
        if one.kind_ in PERMISSIONS and one.master and eco.inventory.entities[one.master].usable
    ]
    graph = eco.once(propagation)
    for number, (first, own) in enumerate(governed):
        for second, other in governed[number + 1 :]:
            together = own is None or other is None or not {one.id for one in own}.isdisjoint(one.id for one in other)
            one, two = first.master or "", second.master or ""
            if not together or one == two:
                continue
            if two in graph.reach(attribute_of(first), (one,)) or one in graph.reach(attribute_of(second), (two,)):
                continue
            vague = two in graph.reach(attribute_of(first), (one,), perhaps=True) or one in graph.reach(
                attribute_of(second), (two,), perhaps=True
            )
            found.append(Split(communication, first, second, vague))
    return tuple(found)
