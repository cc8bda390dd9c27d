"""Which asks ask for something the firm has been told before (analyses.md, B).

An ask is an attribute asked at a collection point of a segment. An earlier ask (purpose *collect*, of the same or
a wider attribute) *precedes* it where it comes first in a journey of the segment, or, where the two share no journey, has
strictly greater reach; and where the answer is still fresh by then. Whoever asks again *can know* the answer where it
propagates from what the earlier point writes to what this one reads, writes or prefills from. Anonymous points neither
tell of a customer nor can know one.

Reads are structure, as written: a store that nobody says is read is not read. What is said to be unknown, or left out
where everything hangs on it, leaves the ask open. O(asks + stores that know) for each attribute and segment.

Longer than most modules: precedence, knowledge and justification are one definition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.analyses.holdings import Learners, learners
from cx_map.analyses.journey_order import JourneyOrder, journey_order
from cx_map.analyses.policy import forbids
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Propagation, Scope, propagation
from cx_map.model.attributes import PREFERENCE, canonical, lineage, valid_for
from cx_map.model.chapter_customers import Ask, AskPurpose, CollectionPoint, Segment
from cx_map.model.inventory import Inventory
from cx_map.model.values import Share

Answer: TypeAlias = Literal["justified", "first", "known", "silo", "blocked", "open"]
"""Why an ask is fine (justified, first, blocked by policy), or that it is known, needs a flow, or cannot be judged."""

_Filter: TypeAlias = Callable[["Asked"], bool]

EFFORTLESS = frozenset({"behavioural", "operational", "import"})
"""Collection points at which customers do nothing to give an attribute."""


class Asked(Struct, frozen=True):
    """One item of a collection point's ``asks``."""

    point: CollectionPoint
    index: int
    ask: Ask
    attribute: str
    reach: Mapping[str | None, Share | None]
    """The segments asked, with the share of their customers that pass; None stands for whoever comes."""

    @property
    def purpose(self) -> AskPurpose:
        """Why it is asked; collect where nobody says."""
        return self.ask.purpose or "collect"

    @property
    def had(self) -> str:
        """How the firm came by the answer: an import or a log has asked nobody."""
        return "collected" if self.point.kind_ in EFFORTLESS else "asked"

    def reach_of(self, segment: str | None) -> Share | None:
        """The share of a segment that passes, where known."""
        return self.reach.get(segment)

    def meets(self, segment: str | None) -> bool:
        """Whether it may ask customers of a segment."""
        return segment is None or segment in self.reach or None in self.reach


class Verdict(Struct, frozen=True):
    """What is to be said of one ask in one segment."""

    asked: Asked
    segment: str | None
    answer: Answer
    earlier: Asked | None = None
    """The earlier ask: of several the one with the greatest reach."""
    store: str | None = None
    """Where the answer is known (answer *known*)."""
    reason: str = ""
    unlock: tuple[str, ...] = ()


def asks_of(eco: Ecosystem) -> tuple[Asked, ...]:
    """Every ask of a usable collection point, by point and item. O(asks).

    Segments that are not in use hold nobody: who asks only those asks nobody.
    """
    found: list[Asked] = []
    gone = {one.id for one in eco.inventory.of(Segment) if not one.usable} | {None}
    for point in eco.inventory.of(CollectionPoint):
        if not point.usable or not point.asks:
            continue
        segments: dict[str | None, Share | None] = {None: None}
        if point.segments is not None:
            segments = {one.segment: one.reach for one in point.segments if one.segment not in gone}
            if not segments and point.segments:
                continue
        for index, ask in enumerate(point.asks):
            if ask.attribute is not None:
                found.append(Asked(point, index, ask, canonical(eco.inventory, ask.attribute), segments))
    return tuple(found)


def writes_of(inventory: Inventory, point: CollectionPoint) -> frozenset[str]:
    """Where answers may be at once: the point itself and the usable stores it writes to."""
    return frozenset({point.id, *_usable(inventory, point.writes_to)})


def known_from(eco: Ecosystem, asked: Asked) -> frozenset[str]:
    """Where this answer is at once: the point itself, and the stores it writes to that learn it."""
    return eco.once(learners).told(asked.point, asked.attribute) | {asked.point.id}


def access_of(inventory: Inventory, asked: Asked) -> frozenset[str]:
    """Where an answer would have to be known for the point to know it."""
    point = asked.point
    prefilled = (asked.ask.prefilled_from,) if asked.ask.prefilled_from is not None else ()
    return writes_of(inventory, point).union(_usable(inventory, point.reads), _usable(inventory, prefilled))


def _usable(inventory: Inventory, names: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(name for name in names or () if (one := inventory.entities.get(name)) is not None and one.usable)


def known_asks(eco: Ecosystem) -> tuple[Verdict, ...]:
    """What is to be said of every ask in each of its segments."""
    search = _Search(eco)
    return tuple(
        search.judge(asked, segment)
        for asked in search.asks
        for segment in sorted(asked.reach, key=lambda one: one or "")
    )


class _Pool(Struct, frozen=True):
    """The asks that can be the earlier one: ordered by reach, and those by the place where the answer is.

    ``clear`` are those of the ordered ones of which it is known where the answer goes.
    """

    ordered: tuple[Asked, ...]
    clear: tuple[Asked, ...]
    unknown_reach: tuple[Asked, ...]
    writers: Mapping[str, tuple[Asked, ...]]
    by_touchpoint: Mapping[str, tuple[Asked, ...]]


class _Search:
    """Everything that several asks need, computed once."""

    def __init__(self, eco: Ecosystem) -> None:
        self.inventory: Inventory = eco.inventory
        self.asks = eco.once(asks_of)
        self.graph: Propagation = eco.once(propagation)
        self.order: JourneyOrder = eco.once(journey_order)
        self.learners: Learners = eco.once(learners)
        self.collecting: dict[tuple[str, str | None], list[Asked]] = {}
        self.every: dict[str, list[Asked]] = {}
        for asked in self.asks:
            if asked.purpose == "collect" and not asked.point.anonymous:
                self.every.setdefault(asked.attribute, []).append(asked)
                for segment in asked.reach:
                    self.collecting.setdefault((asked.attribute, segment), []).append(asked)
        self.pools: dict[tuple[str, str | None], _Pool] = {}

    def known_from(self, asked: Asked) -> frozenset[str]:
        return self.learners.told(asked.point, asked.attribute) | {asked.point.id}

    def pool(self, attribute: str, segment: str | None) -> _Pool:
        key = (attribute, segment)
        found = self.pools.get(key)
        if found is None:
            everyone = [one for name in lineage(self.inventory, attribute) for one in self._collecting(name, segment)]
            known = [(share.value, one) for one in everyone if (share := one.reach_of(segment)) is not None]
            known.sort(key=lambda pair: (-pair[0], pair[1].point.id, pair[1].index))
            writers: dict[str, list[Asked]] = {}
            for _, one in known:
                for place in sorted(self.known_from(one)):
                    writers.setdefault(place, []).append(one)
            at: dict[str, list[Asked]] = {}
            for one in everyone:
                if one.point.touchpoint is not None:
                    at.setdefault(one.point.touchpoint, []).append(one)
            found = self.pools[key] = _Pool(
                tuple(one for _, one in known),
                tuple(one for _, one in known if not self.learners.unclear(one.point, one.attribute)),
                tuple(one for one in everyone if one.reach_of(segment) is None),
                {place: tuple(some) for place, some in writers.items()},
                {touchpoint: tuple(some) for touchpoint, some in at.items()},
            )
        return found

    def _collecting(self, attribute: str, segment: str | None) -> list[Asked]:
        """The collecting asks about one attribute that may ask customers of a segment."""
        if segment is None:
            return self.every.get(attribute, [])
        return [*self.collecting.get((attribute, segment), ()), *self.collecting.get((attribute, None), ())]

    def judge(self, asked: Asked, segment: str | None) -> Verdict:
        if self._justified(asked):
            return Verdict(asked, segment, "justified")
        pool = self.pool(asked.attribute, segment)
        earlier, beside = self.order.around(asked.point.touchpoint, segment)
        scope = self.graph.scope_for(segment, asked.attribute)
        stale = self._ttl(asked.attribute)
        walked = [
            one
            for touchpoint, before in earlier.items()
            for one in pool.by_touchpoint.get(touchpoint, ())
            if one.point.id != asked.point.id and not (stale is not None and before.gap > stale)
        ]

        def apart(one: Asked) -> bool:
            return one.point.id != asked.point.id and (
                one.point.touchpoint is None or one.point.touchpoint not in beside
            )

        own = asked.reach_of(segment)
        wider = self._first(pool.ordered, own, segment, apart)
        if not walked and not wider:
            return self._not_preceded(asked, segment, pool, own, apart)
        access = access_of(self.inventory, asked)
        back = self.graph.reach(asked.attribute, access, scope, backward=True)
        knowing = [one for one in walked if self.known_from(one) & back]
        for place in sorted(back & pool.writers.keys()):
            knowing += self._first(pool.writers[place], own, segment, apart)
        if knowing:
            best = self._greatest(knowing, segment)
            return Verdict(asked, segment, "known", best, self._store(asked, best, access, scope))
        perhaps = [one for one in pool.unknown_reach if apart(one)]
        if own is None:
            perhaps += [one for one in pool.ordered if apart(one)]
        if any(self.known_from(one) & back for one in perhaps):
            return self._unordered(asked, segment)
        clear = self._first(pool.clear, own, segment, apart)
        return self._apart(asked, segment, [*walked, *wider, *clear], access, scope)

    def _first(self, ordered: tuple[Asked, ...], own: Share | None, segment: str | None, apart: _Filter) -> list[Asked]:
        """The first of some asks (by reach) that reaches strictly more; at most one."""
        if own is None:
            return []
        for one in ordered:
            reach = one.reach_of(segment)
            if reach is None or reach.value <= own.value:
                break
            if apart(one):
                return [one]
        return []

    def _not_preceded(
        self, asked: Asked, segment: str | None, pool: _Pool, own: Share | None, apart: _Filter
    ) -> Verdict:
        """First of its kind, or nobody can say which of several comes first."""
        uncertain = any(apart(one) for one in pool.unknown_reach)
        if own is None:
            uncertain = uncertain or any(apart(one) for one in pool.ordered)
        return self._unordered(asked, segment) if uncertain else Verdict(asked, segment, "first")

    def _unordered(self, asked: Asked, segment: str | None) -> Verdict:
        return Verdict(asked, segment, "open", reason="which of several asks for the same attribute comes first is not known",
                       unlock=("journeys.*.steps", "collection_points.*.touchpoint", "collection_points.*.segments.reach"))  # fmt: skip

    def _apart(
        self, asked: Asked, segment: str | None, earlier: list[Asked], access: frozenset[str], scope: Scope
    ) -> Verdict:
        """No way leads from an earlier answer: because of a silo, because of policy, or nobody can say."""
        back = self.graph.reach(asked.attribute, access, scope, backward=True)
        open_ends = asked.point.writes_to is None or "reads" in asked.point.unknown
        known = [one for one in earlier if not self.learners.unclear(one.point, one.attribute)]
        if open_ends or not known:
            return Verdict(asked, segment, "open", reason="where answers go, or what is read, is not known",
                           unlock=("collection_points.*.writes_to", "collection_points.*.reads", "data_sources.*.holds"))  # fmt: skip
        if self._perhaps(asked, segment, earlier, access, scope):
            return Verdict(asked, segment, "open", reason="what a flow on the way carries is not known",
                           unlock=("flows.carries",))  # fmt: skip
        best = self._greatest(known, segment)
        reached = self.graph.reach(asked.attribute, self.known_from(best), scope)
        by_design = any(
            link.source in reached
            and link.target in back
            and link.admits(scope)
            and forbids(self.inventory, link.flow, asked.attribute)
            for link in self.graph.blocked
        )
        return Verdict(asked, segment, "blocked" if by_design else "silo", best)

    def _perhaps(
        self, asked: Asked, segment: str | None, earlier: list[Asked], access: frozenset[str], scope: Scope
    ) -> bool:
        """Whether flows of which nobody knows what they carry may bring an earlier answer."""
        if not self.graph.vague:
            return False
        back = self.graph.reach(asked.attribute, access, scope, backward=True, perhaps=True)
        if any(self.known_from(one) & back for one in earlier):
            return True
        own = asked.reach_of(segment)
        pool = self.pool(asked.attribute, segment)
        wider = (one for one in pool.ordered if own is not None and (share := one.reach_of(segment)) is not None
                 and share.value > own.value and one.point.id != asked.point.id)  # fmt: skip
        return any(self.known_from(one) & back for one in wider)

    def _greatest(self, some: list[Asked], segment: str | None) -> Asked:
        def key(one: Asked) -> tuple[float, str, int]:
            reach = one.reach_of(segment)
            return (-1.0 if reach is None else -1.0 - reach.value, one.point.id, one.index)

        return min(some, key=key)

    def _store(self, asked: Asked, earlier: Asked, access: frozenset[str], scope: Scope) -> str:
        """The store to prefill from: one the point reads, else one it writes to, else the last one before the point."""
        reached = self.graph.reach(asked.attribute, self.known_from(earlier), scope)
        for names in (asked.point.reads, asked.point.writes_to):
            for name in names or ():
                if name in reached & access:
                    return name
        feeding = [
            link.source
            for carriers in self.graph.carriers(asked.attribute)
            for link in carriers.backward.get(asked.point.id, ())
            if link.source in reached and link.admits(scope)
        ]
        return min(feeding, default=asked.point.id)

    def _justified(self, asked: Asked) -> bool:
        ask = asked.ask
        if asked.purpose in ("verify", "update", "consent") or ask.step_up or asked.attribute.startswith(PREFERENCE):
            return True
        if asked.point.kind_ in EFFORTLESS or asked.point.anonymous or ask.legal_basis is not None:
            return True  # who does not say who he is cannot be known
        return ask.prefilled_from is not None and bool(_usable(self.inventory, (ask.prefilled_from,)))

    def _ttl(self, attribute: str) -> float | None:
        """How long an answer stays fresh, in seconds; None: always, as far as anybody says."""
        found = valid_for(self.inventory, attribute)
        return None if found is None else found.seconds
