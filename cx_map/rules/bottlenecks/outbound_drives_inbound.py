"""BOT108."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.affected import affected
from cx_map.analyses.queueing import Inducer, Pool, bearable, inducers, pools
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication
from cx_map.model.inventory import basis_of
from cx_map.model.values import MONTH_SECONDS, worst_basis
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.impact import impact_measures


class Parameters(Struct, frozen=True):
    """What makes a communication a driver of contacts."""

    share: Annotated[float, "Share of a pool's contacts that one communication may cause."] = 0.20


@rule(
    "BOT108", severity="major", unlock=("communications.*.induces", "communications.*.volume", "agent_pools.*.arrivals")
)
def outbound_drives_inbound(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A communication causes so many contacts that it floods an agent pool.

    ## Why it matters
    In many contact centres every second contact exists because something was unclear, late or wrong. The cheapest
    call is the one that a better letter makes unnecessary.

    ## How it decides
    A communication causes `volume` times `per_1000` / 1000 contacts in each pool of its `induces`. It breaks the
    rule when these are at least `share` of the pool's contacts in a month (its own arrivals and all that is caused), or of
    those on its busiest day, for a run's contacts come in within the day after it, while the pool is open;
    or when the pool misses its service level with them and keeps it without them (Erlang C, as in BOT105; what
    counts then is their share of the peak, which is told instead of that of the month).
    Contacts of kind `value`, which are wanted, do not count; a communication whose volume or rate of contacts is not
    known is not assessed.

    ## Evidence it needs
    `induces` and `volume` of communications; `arrivals` of agent pools, `handle_time` and `agents` for the second
    condition.

    ## Example
    ```yaml
    agent_pools:
      service-desk: {arrivals: 60/h, handle_time: 4m, agents: 20}
    communications:
      fee-notice:
        volume: 120000/month
        induces: [{pool: service-desk, per_1000: 180, kind: failure}]  # BOT108
    ```

    ## Mended
    ```yaml
    agent_pools:
      service-desk: {arrivals: 60/h, handle_time: 4m, agents: 20}
    communications:
      fee-notice:
        volume: 120000/month
        induces: [{pool: service-desk, per_1000: 5, kind: failure}]
    ```

    ## References
    Failure demand: John Seddon, Freedom from Command and Control, 2003; published shares of 40 to 60 % of contacts.
    The threshold of 20 % is a judgement.
    """
    known = eco.once(pools)
    contacts = {name: sum(one.contacts.low for one in causes) for name, causes in eco.once(inducers).items()}
    for communication in eco.inventory.of(Communication):
        if not communication.usable or not communication.induces:
            continue
        breached = passed = False
        for pool_name in sorted({one.pool for one in communication.induces if one.pool is not None}):
            pool = known.get(pool_name)
            cause = next((one for one in eco.once(inducers).get(pool_name, ()) if one.cause == communication.id), None)
            if cause is None or cause.wanted:
                passed = passed or cause is not None
                continue
            if pool is None or not cause.contacts.known:
                reason = "the contacts it causes, or those of the pool, are not known"
                unlock = ("communications.*.volume", "communications.*.induces.per_1000", "agent_pools.*.arrivals")
                yield NotAssessed(communication.id, reason, unlock)
                continue
            share = _share(pool, cause, contacts[pool_name])
            decides = not pool.unsaid and not pool.keeps and pool.without(communication.id).keeps
            if max(share, _at_peak(pool, communication.id)) >= parameters.share or decides:
                breached = True
                yield _breach(eco, communication, pool, cause, share, parameters, decides=decides)
            elif pool.unsaid:
                reason = f"whether '{pool_name}' keeps its service level is not known"
                yield NotAssessed(communication.id, reason, tuple(f"agent_pools.*.{name}" for name in pool.unsaid))
            elif cause.undated:
                reason = "how often it runs, or how long, is not known, and so how many contacts it causes on its busiest day"
                yield NotAssessed(communication.id, reason, ("communications.*.schedule",))
            else:
                passed = True
        if passed and not breached:
            yield Passed(communication.id)


def _share(pool: Pool, cause: Inducer, caused: float) -> float:
    """The part of a pool's contacts in a month that one thing causes."""
    everything = pool.base * MONTH_SECONDS + caused
    return cause.contacts.said / everything if everything else 0.0


def _at_peak(pool: Pool, name: str) -> float:
    """The part of a pool's contacts on its busiest day that one thing causes."""
    return 1 - pool.without(name).load / pool.load if pool.load else 0.0


def _bearable_at_peak(pool: Pool, cause: Inducer, share: float) -> int:
    """The most whole contacts a month of one thing with which they are less than a share of the busiest day's."""
    low, high = 0.0, 1.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        thinned = pool.thinned(cause.cause, middle)
        low, high = (middle, high) if _at_peak(thinned, cause.cause) < share else (low, middle)
    return max(math.ceil(cause.contacts.said * low - 1e-6) - 1, 0)


def _below(pool: Pool, cause: Inducer, share: float) -> int:
    """The most whole contacts a month of one thing that are less than a share of all of the pool's."""
    elsewhere = pool.base * MONTH_SECONDS + sum(one.contacts.low for one in pool.inducers if one.cause != cause.cause)
    if share >= 1:
        return math.floor(cause.contacts.said)
    return max(math.ceil(share * elsewhere / (1 - share)) - 1, 0)


def _breach(
    eco: Ecosystem, communication: Communication, pool: Pool, cause: Inducer, share: float, parameters: Parameters,
    *, decides: bool,
) -> Breach:  # fmt: skip
    name, desk = communication.id, pool.pool.id
    number = next(place for place, one in enumerate(communication.induces or ()) if one.pool == desk)
    now = cause.contacts.said
    evidence = [("contacts caused", f"{now:,.0f} a month"), ("share of the pool's month", f"{share:.1%}")]
    floods, goals = [], []
    if share >= parameters.share:
        floods.append(f"causes {share:.0%} of a month's contacts of '{desk}'")
        goals.append((_below(pool, cause, parameters.share), f"keep it below {parameters.share:.0%} of the month"))
    peak = _at_peak(pool, name)
    if decides:
        # the service level is lost at the peak: the share that counts is that of the busiest day
        evidence.append(("share of the pool's peak", f"{peak:.1%}"))
        evidence.append(("without it", f"'{desk}' keeps its service level, which it misses now"))
        share_then = f"{peak:.0%} of those" if floods else f"causes {peak:.0%} of the contacts of '{desk}'"
        floods.append(f"{share_then} at the peak, which pushes it below its service level")
        goals.append((math.floor(now * bearable(pool, name)), f"keep the service level of '{desk}'"))
    elif not floods:
        evidence.append(("share of the pool's peak", f"{peak:.1%}"))
        floods.append(f"causes {peak:.0%} of the contacts of '{desk}' on its busiest day, the one after a run")
        most = _bearable_at_peak(pool, cause, parameters.share)
        goals.append((most, f"keep it below {parameters.share:.0%} of that day, if it is not spread over more days"))
    if decides and pool.open:
        evidence.append(("not counted", ", ".join(pool.open)))
    goals.sort()
    wanted = "; ".join(f"at most {most:,} contacts a month {goal}" for most, goal in goals)
    saved = math.ceil(now - goals[0][0])
    return Breach(
        subject=communication,
        message=f"'{name}' {' and '.join(floods)}",
        at=("induces", number),
        label=f"{now:,.0f} contacts a month",
        related=(desk,),
        discriminator=(desk,),
        evidence=tuple(evidence),
        path=(PathStep(name, "causes contacts in", desk, communication, ("induces", number)),),
        measures={"contacts_per_month": now, "share_of_pool": share, "share_of_peak": round(peak, 6),
                  **impact_measures(affected(eco, [name]))},
        basis=worst_basis(cause.contacts.basis, pool.basis, basis_of(eco.inventory, communication)),
        fix=Fix(f"rewrite and test it, answer the question where it arises, or stagger its run: {wanted} "
                f"({saved:,} fewer than now)"),
    )  # fmt: skip
