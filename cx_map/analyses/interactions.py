"""Where digital and assisted interactions are kept, and in which insights the two meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.analyses.data_kinds import own_kinds
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.graph.response_edges import tells
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Insight, Signal
from cx_map.model.chapter_map import Channel, DataSource, Flow, Platform
from cx_map.model.chapter_service import AgentPool, Touchpoint
from cx_map.model.inventory import Inventory

Side: TypeAlias = Literal["digital", "assisted"]

_BY_CHANNEL: Mapping[str, Side] = {
    "web": "digital", "portal": "digital", "in_app": "digital", "kiosk": "digital", "push": "digital",
    "voice": "assisted", "ivr": "assisted", "video": "assisted", "branch": "assisted", "callback": "assisted",
}  # fmt: skip
_BY_POINT: Mapping[str, Side] = {
    "web_form": "digital", "app_form": "digital", "behavioural": "digital", "intercept": "digital",
    "agent": "assisted", "ivr": "assisted", "chat": "assisted",
}  # fmt: skip

KEEPS_IDENTITY = ("api", "event", "stream")
"""Ways of moving data that keep the customer identifiable unless the inventory says otherwise."""

TELL = ("agent", "behavioural", "chat", "complaint", "intercept", "ivr", "survey")
"""Kinds of collection point at which what customers do or say is kept, and not only the data they give."""


class Meeting(Struct, frozen=True):
    """An assisted store, and how surely its interactions meet digital ones of the same customers."""

    store: str
    keeps: bool
    """Whether it surely keeps interactions; False where it does not say what it keeps."""
    insight: str | None
    """An insight in which they meet, with identity kept; None where there is none."""
    maybe: str | None
    """An insight in which they meet if flows keep the identity, and stores interactions, of which that is not known."""
    anonymous: str | None
    """An insight in which they meet, but not the customers."""


class Interactions(Struct, frozen=True):
    """Stores of interactions by side, and the meetings of the assisted ones.

    ``assisted`` holds stores that do not say what they keep, too, ``digital`` does not.
    """

    digital: tuple[str, ...]
    assisted: tuple[str, ...]
    meetings: tuple[Meeting, ...]
    anonymous: frozenset[str]
    """Stores of which every signal is anonymous."""
    seen_digital: tuple[str, ...]
    """Insights that some digital store feeds, with or without identity."""


def interactions(eco: Ecosystem) -> Interactions:
    """Digital and assisted interaction stores and where they meet.

    A store keeps interactions when it says so (`data_kinds` experience or behavioural, or such attributes held), when a
    signal is captured in it, or, unless its `data_kinds` are others, when a point at which customers act or talk writes
    to it; a form that writes to it, or a person who changes a record there, makes it none. A store that does not
    say is perhaps one.

    Forward from all digital stores to the insights they feed, then backward from these to whatever feeds them
    too; both for flows that surely keep identity, that may, and for all. O(stores + flows).
    """
    inventory = eco.inventory
    stores = list(_stores(inventory))
    keeping = _keeping(eco, {name for name, _ in stores})
    clicked = sorted({name for name, side in stores if side == "digital" and keeping[name] is not False})
    digital = tuple(name for name in clicked if keeping[name])
    assisted = tuple(sorted({name for name, side in stores if side == "assisted" and keeping[name] is not False}))
    anonymous = _anonymous(inventory)
    labels: list[Mapping[str, str]] = []
    seen: tuple[str, ...] = ()
    for strict in (True, None, False):
        ahead, before = _ways(eco, strict)
        known = clicked if strict is None else digital
        starts = [name for name in known if strict is False or name not in anonymous]
        seen = tuple(sorted(name for name in _from(ahead, starts) if inventory.find(name, Insight) is not None))
        label: dict[str, str] = {}
        for insight in seen:
            for name in _from(before, [insight], label):
                label[name] = insight
        labels.append(label)
    meetings = [
        Meeting(
            name,
            keeping[name] is True,
            *(None if number < 2 and name in anonymous else label.get(name) for number, label in enumerate(labels)),
        )
        for name in assisted
    ]
    return Interactions(digital, assisted, tuple(meetings), anonymous, seen)


def insights_of(eco: Ecosystem, store: str) -> tuple[str, ...]:
    """The insights that a store feeds, with or without identity, in order of id. O(what it feeds)."""
    ahead = eco.once(_ahead)
    return tuple(sorted(name for name in _from(ahead, [store]) if eco.inventory.find(name, Insight) is not None))


def _ahead(eco: Ecosystem) -> Mapping[str, list[str]]:
    return _ways(eco, False)[0]


def _ways(eco: Ecosystem, strict: bool | None) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    """Where information goes on to, and where it comes from, insights and their inputs included.

    Along flows that surely keep identity (True), that may keep it (None), or along all (False).
    """
    ahead: dict[str, list[str]] = {}
    for link in eco.once(propagation).links:
        kept = _keeps(link.flow)
        if not tells(eco.inventory, link.flow):
            continue
        if strict is False or kept or (strict is None and kept is None):
            ahead.setdefault(link.source, []).append(link.target)
    for insight in eco.inventory.of(Insight):
        for store in insight.inputs or () if insight.usable else ():
            ahead.setdefault(store, []).append(insight.id)
    before: dict[str, list[str]] = {}
    for source, targets in ahead.items():
        for target in targets:
            before.setdefault(target, []).append(source)
    return ahead, before


def _from(ways: Mapping[str, list[str]], starts: Iterable[str], done: Mapping[str, object] | None = None) -> set[str]:
    """Everything that ways lead to from the starts, which are included; what is done is passed by."""
    known = done if done is not None else {}
    seen = {name for name in starts if name not in known}
    todo = list(seen)
    while todo:
        for following in ways.get(todo.pop(), ()):
            if following not in seen and following not in known:
                seen.add(following)
                todo.append(following)
    return seen


def _keeps(flow: Flow) -> bool | None:
    if flow.keeps_identity is not None or "keeps_identity" in flow.unknown:
        return flow.keeps_identity
    return True if flow.via in KEEPS_IDENTITY else None


def _anonymous(inventory: Inventory) -> frozenset[str]:
    """Stores of which every signal is anonymous."""
    identities: dict[str, set[str]] = {}
    for signal in inventory.of(Signal):
        if signal.usable:
            for store in signal.captured_in or ():
                identities.setdefault(store, set()).add(signal.identity or "")
    return frozenset(store for store, of in identities.items() if of == {"anonymous"})


def _stores(inventory: Inventory) -> Iterator[tuple[str, Side]]:
    """Every store that touchpoints, collection points or signals of a known side write to."""
    staffed = {name for pool in inventory.of(AgentPool) if pool.usable for name in pool.channels or ()}
    for touchpoint in inventory.of(Touchpoint):
        side = _side_of_touchpoint(inventory, touchpoint, staffed)
        if touchpoint.usable and side is not None:
            yield from _pairs(inventory, touchpoint.writes_to, side)
    sides: dict[str, Side | None] = {}
    for point in inventory.of(CollectionPoint):
        by_kind = _BY_POINT.get(point.kind_ or "")
        touchpoint_ = inventory.find(point.touchpoint, Touchpoint)
        side = by_kind or (_side_of_touchpoint(inventory, touchpoint_, staffed) if touchpoint_ is not None else None)
        sides[point.id] = side = side or _side_of_channel(inventory, point.channel, staffed)
        if point.usable and side is not None and point.kind_ != "survey":
            yield from _pairs(inventory, point.writes_to, side)
    for signal in inventory.of(Signal):
        side = "digital" if signal.kind_ == "behavioural" else sides.get(signal.from_ or "")
        if side is None and signal.kind_ == "contact":
            side = "assisted"
        if signal.usable and side is not None and signal.kind_ != "survey":
            yield from _pairs(inventory, signal.captured_in, side)


def stores_told(eco: Ecosystem) -> frozenset[str]:
    """Stores to which points write where customers act or talk. O(collection points)."""
    points = (one for one in eco.inventory.of(CollectionPoint) if one.usable and one.kind_ in TELL)
    return frozenset(store for point in points for store in point.writes_to or ())


def _keeping(eco: Ecosystem, names: Iterable[str]) -> Mapping[str, bool | None]:
    """Whether each of some stores keeps interactions; None where it does not say what it keeps."""
    inventory = eco.inventory
    told = eco.once(stores_told)
    captured = {store for signal in inventory.of(Signal) if signal.usable for store in signal.captured_in or ()}
    found: dict[str, bool | None] = {}
    for name in names:
        kinds, whole = own_kinds(eco, name)
        source, platform = inventory.find(name, DataSource), inventory.find(name, Platform)
        stated = source is not None and source.data_kinds is not None
        if {"experience", "behavioural"} & kinds or name in captured or (name in told and not stated):
            found[name] = True
        else:
            found[name] = False if whole and (platform is None or platform.holds is not None) else None
    return found


def _pairs(inventory: Inventory, stores: Iterable[str] | None, side: Side) -> Iterator[tuple[str, Side]]:
    for name in stores or ():
        entity = inventory.entities.get(name)
        if entity is not None and entity.usable:
            yield name, side


def _side_of_touchpoint(inventory: Inventory, touchpoint: Touchpoint, staffed: set[str]) -> Side | None:
    if touchpoint.kind_ == "assisted":
        return "assisted"
    if touchpoint.kind_ == "self_service":
        return "digital"
    return _side_of_channel(inventory, touchpoint.channel, staffed)


def _side_of_channel(inventory: Inventory, name: str | None, staffed: set[str]) -> Side | None:
    channel = inventory.find(name, Channel)
    if channel is None:
        return None
    if channel.id in staffed:
        return "assisted"
    return _BY_CHANNEL.get(channel.kind_ or "")
