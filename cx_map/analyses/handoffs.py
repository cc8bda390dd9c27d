"""Hand-offs between touchpoints of a journey, and what is no longer known after them (analysis F).

Longer than most modules: for each attribute one decision over what both ends write, read and know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct, field

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Propagation, propagation
from cx_map.model.attributes import canonical, covers, related, sensitivity_of
from cx_map.model.chapter_customers import CollectionPoint, Segment
from cx_map.model.chapter_map import DataSource, Holding, Platform
from cx_map.model.chapter_service import AgentPool, Journey, Touchpoint
from cx_map.model.inventory import Inventory
from cx_map.model.values import Duration, Share, worst_basis

AUTHENTICATES = ("identity", "credential")
"""What a touchpoint that trusts another's authentication need not ask again."""


class Transition(Struct, frozen=True):
    """Two touchpoints of a journey, one after the other; ``number`` is the step at which it is written."""

    journey: Journey
    before: Touchpoint
    after: Touchpoint
    number: int
    share: Share | None
    """Part of the journey's customers, None where not known."""
    max_gap: Duration | None


class HandOff(Struct, frozen=True):
    """A transition to another platform or channel, and which attributes get across it.

    Attributes are named as the second touchpoint names them. ``carried`` and ``lost`` are proved; ``late`` come, but not within the largest gap; ``open_`` cannot be
    judged, for the reason given with each (fields that would tell). ``known_at`` says where the first
    touchpoint has each lost or late attribute, ``read_at`` what the second reads.
    """

    transition: Transition
    carried: tuple[str, ...]
    lost: tuple[str, ...]
    late: tuple[str, ...]
    open_: tuple[tuple[str, str], ...]
    known_at: Mapping[str, tuple[str, ...]]
    read_at: tuple[str, ...]


def transitions(journey: Journey, inventory: Inventory) -> Iterator[Transition]:
    """The transitions of a journey: steps in order (all customers), and those written as from and to.

    The share, of all customers of the journey, of a written transition that is alone in leaving its touchpoint is that of
    those who come there where it is left out: 1 at the start, and not known where a way there has no share. Where every
    touchpoint is come to, the journey starts at the one that is left first.
    """
    steps = journey.steps or ()
    leaving: dict[str, int] = {}
    coming: dict[str, list[Share | None]] = {}
    for step in steps:
        if step.from_ is not None:
            leaving[step.from_] = leaving.get(step.from_, 0) + 1
        if step.to is not None and step.to != step.from_:
            coming.setdefault(step.to, []).append(step.share)
    if leaving and all(name in coming for name in leaving):
        coming.pop(next(iter(leaving)))
    last: str | None = None
    for number, step in enumerate(steps):
        if step.touchpoint is not None:
            found = _pair(inventory, last, step.touchpoint)
            if found is not None:
                yield Transition(journey, *found, number, step.share or Share(value=1.0), step.max_gap)
            last = step.touchpoint
        found = _pair(inventory, step.from_, step.to)
        if found is not None:
            alone = leaving.get(step.from_ or "") == 1 and last is None
            share = step.share or (
                _all_of(coming.get(step.from_ or "", [])) if alone and "share" not in step.unknown else None
            )
            yield Transition(journey, *found, number, share, step.max_gap)


def _all_of(coming: Sequence[Share | None]) -> Share | None:
    """The share of all who come to a touchpoint by these ways (none: the start); None where one is not known."""
    known = [one for one in coming if one is not None]
    if not coming:
        return Share(value=1.0)
    if len(known) < len(coming):
        return None
    low, high = min(sum(one.lowest for one in known), 1.0), min(sum(one.highest for one in known), 1.0)
    value = min(sum(one.value for one in known), 1.0)
    return Share(value=value, low=low, high=high, basis=worst_basis(*(one.basis for one in known)))


def _pair(inventory: Inventory, first: str | None, second: str | None) -> tuple[Touchpoint, Touchpoint] | None:
    before, after = inventory.find(first, Touchpoint), inventory.find(second, Touchpoint)
    if before is None or after is None or before is after or not (before.usable and after.usable):
        return None
    return before, after


def hand_offs(eco: Ecosystem) -> tuple[HandOff, ...]:
    """Every hand-off of every usable journey to a touchpoint that needs context.

    An attribute that the second touchpoint needs and that is not public gets across when it passes, for every
    segment of the journey and within the largest gap, from a store that the first one writes, reads or runs
    on to one that the second reads or runs on; or when the second reads the master of the attribute; or,
    for identity and credentials, when the first passes its authentication on. Attributes that the first
    neither has nor gets to know are nothing to lose. O(transitions * attributes * carrying flows), walks kept.
    """
    inventory = eco.inventory
    graph = eco.once(propagation)
    points: dict[str, list[CollectionPoint]] = {}
    for point in inventory.of(CollectionPoint):
        if point.usable and point.touchpoint is not None:
            points.setdefault(point.touchpoint, []).append(point)
    pools: dict[str, list[AgentPool]] = {}
    for pool in inventory.of(AgentPool):
        if pool.usable and pool.team is not None:
            pools.setdefault(pool.team, []).append(pool)
    places = _Places(inventory, points, pools)
    return tuple(
        _judge(graph, places, transition)
        for journey in inventory.of(Journey)
        if journey.usable
        for transition in transitions(journey, inventory)
        if transition.after.needs_context and _changes(transition)
    )


def _changes(transition: Transition) -> bool:
    """Whether platform or channel are known to differ."""
    before, after = transition.before, transition.after
    pairs = ((before.platform, after.platform), (before.channel, after.channel))
    return any(one is not None and other is not None and one != other for one, other in pairs)


class _Places(Struct, frozen=True):
    """What touchpoints write, read and run on."""

    inventory: Inventory
    points: Mapping[str, list[CollectionPoint]]
    pools: Mapping[str, list[AgentPool]]
    kept: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, touchpoint: Touchpoint) -> tuple[tuple[str, ...], bool]:
        """Stores that have what a touchpoint knows, and whether these are all."""
        names = [*(touchpoint.writes_to or ()), *(touchpoint.reads or ())]
        known = touchpoint.writes_to is not None
        for point in self.points.get(touchpoint.id, ()):
            names += [*(point.writes_to or ()), *(point.reads or ())]
            known = known or point.writes_to is not None
        return self._usable(names, touchpoint), known

    def reads(self, touchpoint: Touchpoint) -> tuple[tuple[str, ...], bool]:
        """Stores in which a touchpoint can look something up, and whether these are all."""
        names = list(touchpoint.reads or ())
        known = touchpoint.reads is not None
        for point in self.points.get(touchpoint.id, ()):
            names += [*(point.reads or ()), *(ask.prefilled_from for ask in point.asks or () if ask.prefilled_from)]
            known = known or point.reads is not None
        for pool in self.pools.get(touchpoint.team or "", ()):
            if touchpoint.channel is None or touchpoint.channel in (pool.channels or (touchpoint.channel,)):
                names += [*(pool.reads or ()), *(pool.desktops or ())]
                known = known or pool.reads is not None
        return self._usable(names, touchpoint), known

    def learns(self, touchpoint: Touchpoint, attribute: str) -> bool:
        """Whether a touchpoint gets to know an attribute: it needs it itself, or a collection point there asks it."""
        needed = touchpoint.needs_context or ()
        return any(covers(self.inventory, name, attribute) for name in needed) or self.asks(touchpoint, attribute)

    def asks(self, touchpoint: Touchpoint, attribute: str) -> bool:
        """Whether a collection point at a touchpoint asks for an attribute, so that it may be new there."""
        asked = (one.attribute for point in self.points.get(touchpoint.id, ()) for one in point.asks or ())
        return any(covers(self.inventory, name, attribute) for name in asked if name is not None)

    def _usable(self, names: list[str], touchpoint: Touchpoint) -> tuple[str, ...]:
        if touchpoint.platform is not None:
            names.append(touchpoint.platform)
        found = {name for name in names if (entity := self.inventory.entities.get(name)) is not None and entity.usable}
        return tuple(sorted(found))

    def holding(self, store: str, attribute: str) -> bool | None:
        """Whether a store holds an attribute; None where nobody says what it holds."""
        holds = self._holds(store)
        if holds is None:
            return None
        return any(one.attribute is not None and related(self.inventory, one.attribute, attribute) for one in holds)

    def masters(self, store: str, attribute: str) -> bool:
        """Whether a store is the master of an attribute."""
        return any(
            one.mastery == "master" and one.attribute is not None and covers(self.inventory, one.attribute, attribute)
            for one in self._holds(store) or ()
        )

    def masters_of(self, attribute: str) -> tuple[str, ...]:
        """The usable stores that are master of an attribute."""
        if attribute not in self.kept:
            stores = (*self.inventory.of(DataSource), *self.inventory.of(Platform))
            self.kept[attribute] = tuple(one.id for one in stores if one.usable and self.masters(one.id, attribute))
        return self.kept[attribute]

    def _holds(self, store: str) -> tuple[Holding, ...] | None:
        entity = self.inventory.find(store, DataSource) or self.inventory.find(store, Platform)
        return entity.holds if entity is not None else None


def _judge(graph: Propagation, places: _Places, transition: Transition) -> HandOff:
    inventory, before, after = graph.inventory, transition.before, transition.after
    sources, sources_known = places.has(before)
    targets, targets_known = places.reads(after)
    carried: list[str] = []
    lost: list[str] = []
    late: list[str] = []
    open_: list[tuple[str, str]] = []
    known_at: dict[str, tuple[str, ...]] = {}
    for attribute, name in _needed(inventory, after).items():
        if sensitivity_of(inventory, attribute) == "public":
            continue
        if _has_anyway(graph, places, transition, attribute, targets):
            carried.append(name)
            continue
        starts = tuple(one for one in sources if places.holding(one, attribute) is not False)
        learnt = places.learns(before, attribute)
        reached = _reached(graph, transition, attribute, starts, targets)
        if reached == "in time":
            carried.append(name)
        elif reached == "perhaps":
            open_.append((name, "flows.latency"))
        elif starts and not learnt and all(places.holding(one, attribute) is None for one in starts):
            open_.append((name, "data_sources.*.holds"))  # nobody says that the first touchpoint has it at all
        elif not starts and learnt:
            lost.append(name)
            known_at[name] = ()
        elif not starts:
            if not sources_known:
                open_.append((name, "touchpoints.*.writes_to"))
        elif not sources_known and all(places.holding(one, attribute) is None for one in starts):
            open_.append((name, "touchpoints.*.writes_to"))
        elif not targets_known:
            open_.append((name, "touchpoints.*.reads"))
        else:
            (lost if reached == "never" else late).append(name)
            known_at[name] = starts
    return HandOff(transition, tuple(carried), tuple(lost), tuple(late), tuple(open_), known_at, targets)


def _needed(inventory: Inventory, after: Touchpoint) -> dict[str, str]:
    """The attributes that a touchpoint needs, each once, with the name that it gives them."""
    names: dict[str, str] = {}
    for name in after.needs_context or ():
        names.setdefault(canonical(inventory, name), name)
    return names


def _segments(inventory: Inventory, journey: Journey) -> Sequence[str | None]:
    """The segments in use that take a journey; None where none is named: any customer."""
    named = (inventory.find(one, Segment) for one in journey.segments or ())
    return [one.id for one in named if one is not None and one.usable] or (None,)


def _has_anyway(
    graph: Propagation, places: _Places, transition: Transition, attribute: str, targets: tuple[str, ...]
) -> bool:
    """Whether the second touchpoint has an attribute whatever the first one writes: by trust, or from its master in time.

    What a collection point at the first one asks for may be new there: then only the master itself will do.
    """
    before = transition.before
    trusted = transition.after.id in (before.passes_authentication_to or ())
    if trusted and attribute.split(".", maxsplit=1)[0] in AUTHENTICATES:
        return True
    if any(places.masters(one, attribute) for one in targets):
        return True
    if places.asks(before, attribute):
        return False
    return _reached(graph, transition, attribute, places.masters_of(attribute), targets) == "in time"


def _reached(
    graph: Propagation, transition: Transition, attribute: str, starts: tuple[str, ...], targets: tuple[str, ...]
) -> Literal["in time", "perhaps", "late", "never"]:
    """Whether an attribute gets across in time for every segment; `never` where there is no way for one of them.

    Latencies that nobody states count zero: too late as far as they are known is late, else it is not known.
    """
    worst: Literal["in time", "perhaps", "late"] = "in time"
    for segment in _segments(graph.inventory, transition.journey):
        scope = graph.scope_for(segment, attribute)
        there = graph.reach(attribute, starts, scope).intersection(targets) if starts else frozenset()
        if not there:
            return "never"
        if transition.max_gap is None or set(starts) & there:
            continue
        arrivals = graph.arrival(attribute, starts, scope)
        gap = transition.max_gap.seconds
        if all(arrivals[name].seconds > gap for name in there):
            worst = "late"
        elif worst == "in time":
            sure = graph.arrival(attribute, starts, scope, stated=True)
            if not any(name in sure and sure[name].seconds <= gap for name in there):
                worst = "perhaps"
    return worst
