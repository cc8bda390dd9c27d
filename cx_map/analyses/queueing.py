"""Agent pools as Erlang C queues (Erlang A where patience is known), with the contacts that the firm's own communications cause (analyses.md, A5)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from cx_map.analyses.affected import volume_of
from cx_map.analyses.bounds import Bounds, bounds_of, total
from cx_map.analyses.capacity import busiest
from cx_map.analyses.erlang import ALL, agents_needed, growth_margin, mean_wait, service_level
from cx_map.analyses.erlang_a import Abandonment, impatient
from cx_map.analyses.opening_hours import longest_day, minutes_of
from cx_map.analyses.timing import DAY, Timing, timing_of
from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Channel, Communication, Induced
from cx_map.model.chapter_service import AgentPool, Touchpoint
from cx_map.model.inventory import basis_of
from cx_map.model.values import MONTH_SECONDS, Basis, worst_basis

TARGET_SHARE, TARGET_WITHIN = 0.8, 20.0
"""The service level of a pool that states none: 80 % within 20 seconds, industry practice."""

DEFERRED = frozenset({"email", "letter", "portal", "web", "social"})
"""Kinds of channel whose contacts wait in a tray, not on the line."""
MOST_AT_ONCE = 50_000
"""Agents, or contacts being handled, from which a pool is a slip of the pen: no contact centre is a tenth of that."""


class Inducer(Struct, frozen=True):
    """Contacts a month that a communication or touchpoint causes in a pool."""

    cause: str
    contacts: Bounds
    timing: Timing
    wanted: bool
    """Value demand: contacts that are wanted."""

    @property
    def undated(self) -> bool:
        """Whether it runs, and nobody says how often or how long."""
        return self.timing.burst is None and self.contacts.high != 0


class Pool(Struct, frozen=True):
    """An agent pool in its peak interval. Rates are contacts a second, times seconds."""

    pool: AgentPool
    base: float
    induced: float
    """Contacts caused on the busiest day that is certain, spread over the time that the pool is open."""
    inducers: tuple[Inducer, ...]
    handle_time: float
    agents: int
    """Contacts that can be handled at once: agents present times concurrency."""
    share: float
    within: float
    basis: Basis
    open: tuple[str, ...]
    """Causes whose volume or rate of contacts is not known."""
    patience: float | None = None
    """Mean seconds until a waiting customer gives up; None: not known, nobody is taken to give up (Erlang C)."""
    open_seconds: float = DAY
    """How long it is open on the longest day of the week; a whole day where nobody says, which understates the peak."""
    deferred: bool = False
    """Whether nobody waits on the line: all its channels are such that an answer comes later."""

    @property
    def load(self) -> float:
        """Offered load in Erlang."""
        return (self.base + self.induced) * self.handle_time

    @property
    def occupancy(self) -> float:
        """Share of time that agents are busy; infinite without agents, over 1 where more come than they can take."""
        if self.leaving is not None and self.stable:
            return self.leaving.occupancy
        return self.load / self.agents if self.agents else math.inf

    @property
    def stable(self) -> bool:
        """Whether agents can keep up at all."""
        return self.load < self.agents

    @property
    def service_level(self) -> float:
        """Share of contacts answered within the target time."""
        return service_level(self.load, self.handle_time, self.agents, self.within, self.patience)

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Fields with a default that are said to be unknown, so that the default must not decide."""
        own, target = self.pool.unknown, self.pool.target
        parts = [f"target.{name}" for name in ("share", "within") if target is not None and name in target.unknown]
        return (*(name for name in ("concurrency", "shrinkage", "target") if name in own), *parts)

    @property
    def undated(self) -> tuple[str, ...]:
        """Causes of which it is not known how often or how long they run: they count as if their contacts came evenly."""
        return tuple(one.cause for one in self.inducers if one.undated)

    @property
    def misses(self) -> bool:
        """Whether fewer than the target share are answered in time; no target that is said to be unknown is missed."""
        return self.service_level < min(self.share, ALL) and not any(name.startswith("target") for name in self.unsaid)

    @property
    def leaving(self) -> Abandonment | None:
        """How many give up, where patience is known."""
        if self.patience is None:
            return None
        return impatient(self.load, self.handle_time, self.agents, self.patience, self.within)

    @property
    def mean_wait(self) -> float:
        """Average seconds until a contact is answered, or given up."""
        if self.leaving is not None:
            return self.leaving.mean_wait
        return mean_wait(self.load, self.handle_time, self.agents)

    @property
    def margin(self) -> float | None:
        """How much the load may grow while the service level holds; None if it does not hold now."""
        return growth_margin(self.load, self.handle_time, self.agents, self.share, self.within, self.patience)

    def needed(self, occupancy: float | None) -> int:
        """Agents to schedule to reach the target, shrinkage and concurrency counted in."""
        at_once = agents_needed(self.load, self.handle_time, self.share, self.within, occupancy, self.patience)
        concurrency, shrinkage = terms(self.pool)
        present = math.ceil(at_once / concurrency - 1e-9)
        return math.ceil(present / (1 - shrinkage) - 1e-9) if shrinkage < 1 else present

    def grown(self, share: float) -> Pool:
        """The same pool with all its contacts grown by a share."""
        return replace(self, base=self.base * (1 + share), induced=self.induced * (1 + share))

    def without(self, cause: str) -> Pool:
        """The same pool without the contacts that one thing causes."""
        return self._with(tuple(one for one in self.inducers if one.cause != cause))

    def thinned(self, cause: str, part: float) -> Pool:
        """The same pool with only a part (0 to 1) of the contacts that one thing causes."""
        return self._with(
            tuple(
                replace(one, contacts=one.contacts.scaled(part)) if one.cause == cause else one for one in self.inducers
            )
        )

    def _with(self, inducers: tuple[Inducer, ...]) -> Pool:
        return Pool(
            self.pool, self.base, _rate(inducers, self.open_seconds), inducers, self.handle_time, self.agents, self.share,
            self.within, self.basis, self.open, self.patience, self.open_seconds, self.deferred,
        )  # fmt: skip

    @property
    def keeps(self) -> bool:
        """Whether it keeps its service level."""
        return self.stable and self.service_level >= min(self.share, ALL)


def assumed(pool: Pool) -> str:
    """What the queue takes for granted, in words."""
    gives_up = (
        "nobody gives up"
        if pool.patience is None
        else f"waiting customers give up after {length(pool.patience)} on average"
    )
    return f"random arrivals, {gives_up}, any agent takes any contact"


def terms(pool: AgentPool) -> tuple[float, float]:
    """Concurrency and shrinkage, by default 1 and 0."""
    concurrency = pool.concurrency.value if pool.concurrency is not None else 1.0
    return max(concurrency, 1.0), pool.shrinkage.value if pool.shrinkage is not None else 0.0


def bearable(pool: Pool, cause: str) -> float:
    """The largest part of what one thing causes with which the pool keeps its service level; 0 if it does not anyway.

    By bisection to a ten-millionth, from below.
    """
    if pool.keeps:
        return 1.0
    low, high = 0.0, 1.0
    if not pool.without(cause).keeps:
        return low
    while high - low > 1e-7:
        middle = (low + high) / 2
        if pool.thinned(cause, middle).keeps:
            low = middle
        else:
            high = middle
    return low


def pools(eco: Ecosystem) -> Mapping[str, Pool]:
    """Every usable pool whose arrivals, handling time and agents are known, by id. O(pools + communications)."""
    causes = eco.once(inducers)
    found = {}
    for pool in eco.inventory.of(AgentPool):
        if not pool.usable or pool.arrivals is None or pool.handle_time is None or pool.agents is None:
            continue
        concurrency, shrinkage = terms(pool)
        if pool.handle_time.seconds <= 0 or max(pool.agents.value * concurrency, _busy(pool)) > MOST_AT_ONCE:
            continue
        present = math.floor(pool.agents.value * (1 - shrinkage) + 1e-9)
        target = pool.target
        share = target.share.value if target is not None and target.share is not None else TARGET_SHARE
        within = target.within.seconds if target is not None and target.within is not None else TARGET_WITHIN
        own = causes.get(pool.id, ())
        stated = basis_of(eco.inventory, pool)
        basis = worst_basis(
            *(quantity.basis or stated for quantity in (pool.arrivals, pool.agents)),
            *(one.contacts.basis for one in own if one.contacts.known),
        )
        open_seconds = _open_seconds(eco, pool)
        found[pool.id] = Pool(
            pool, pool.arrivals.value / MONTH_SECONDS, _rate(own, open_seconds), own, pool.handle_time.seconds,
            math.floor(present * concurrency + 1e-9), share, within, basis,
            tuple(one.cause for one in own if not one.contacts.known),
            pool.patience.seconds if pool.patience is not None and pool.patience.seconds > 0 else None, open_seconds,
            _deferred(eco, pool),
        )  # fmt: skip
    return found


def _deferred(eco: Ecosystem, pool: AgentPool) -> bool:
    """Whether all channels of a pool are known to be answered later."""
    channels = [eco.inventory.find(name, Channel) for name in pool.channels or ()]
    return bool(channels) and all(one is not None and one.kind_ in DEFERRED for one in channels)


def _open_seconds(eco: Ecosystem, pool: AgentPool) -> float:
    """How long a pool is open on its longest day; a whole day where that is not known."""
    organization = eco.inventory.organization
    business = organization.business_hours if organization is not None else None
    minutes = minutes_of(pool.hours, business) if pool.hours is not None else None
    return DAY if minutes is None else longest_day(minutes) * 60.0


def _busy(pool: AgentPool) -> float:
    """The load of a pool's own arrivals, in Erlang."""
    if pool.arrivals is None or pool.handle_time is None:
        return 0.0
    return pool.arrivals.value / MONTH_SECONDS * pool.handle_time.seconds


def inducers(eco: Ecosystem) -> Mapping[str, tuple[Inducer, ...]]:
    """What causes contacts in each pool, by pool and cause."""
    found: dict[str, list[Inducer]] = {}
    for communication in eco.inventory.of(Communication):
        if communication.usable:
            _add(
                eco,
                found,
                communication,
                communication.induces,
                volume_of(eco, communication),
                timing_of(communication),
            )
    for touchpoint in eco.inventory.of(Touchpoint):
        if touchpoint.usable:
            volume = bounds_of(touchpoint.volume, basis_of(eco.inventory, touchpoint))
            _add(eco, found, touchpoint, touchpoint.induces, volume, Timing())
    return {pool: tuple(sorted(causes, key=lambda one: one.cause)) for pool, causes in sorted(found.items())}


def _add(
    eco: Ecosystem, found: dict[str, list[Inducer]], cause: Communication | Touchpoint, induces: tuple[Induced, ...] | None,
    volume: Bounds, timing: Timing,
) -> None:  # fmt: skip
    by_pool: dict[str, list[Induced]] = {}
    for one in induces or ():
        if one.pool is not None:
            by_pool.setdefault(one.pool, []).append(one)
    stated = basis_of(eco.inventory, cause)
    for pool, items in by_pool.items():
        contacts = total(volume * bounds_of(one.per_1000, stated).scaled(0.001) for one in items)
        wanted = all(one.kind_ == "value" for one in items)
        found.setdefault(pool, []).append(Inducer(cause.id, contacts, timing, wanted))


def _rate(causes: tuple[Inducer, ...], open_seconds: float) -> float:
    """Contacts a second, while the pool is open, on the busiest day that is certain; a run's contacts come in within a day."""
    if not causes:
        return 0.0
    amounts = [one.contacts for one in causes]
    load, _, _ = busiest(amounts, [one.timing for one in causes], DAY, 1.0)
    return load.said / open_seconds
