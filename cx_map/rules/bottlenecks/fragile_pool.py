"""BOT106."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.erlang import OCCUPANCY
from cx_map.analyses.queueing import assumed, pools
from cx_map.analyses.wording import length, unlike, written
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_service import AgentPool
from cx_map.model.values import HOUR_SECONDS
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule

UNLOCK = ("agent_pools.*.arrivals", "agent_pools.*.handle_time", "agent_pools.*.agents")


class Parameters(Struct, frozen=True):
    """How much growth a pool should bear."""

    growth: Annotated[float, "Growth of contacts that a pool should bear within its service level."] = 0.10


@rule("BOT106", severity="minor", unlock=UNLOCK)
def fragile_pool(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """An agent pool keeps its service level now and loses it with a little growth.

    ## Why it matters
    Queues do not degrade in proportion: near full load a few per cent more contacts multiply the wait. One
    unclear mailing is enough.

    ## How it decides
    The largest growth of the load at which the Erlang C service level (Erlang A where
    `patience` is given) still meets the target, by bisection. Below
    `growth` the rule is broken. Load, agents and target are those of BOT105; a pool that misses its service level
    now is BOT105's business and is not judged here; nor is one said to bear growth whose agents are busy for more
    than 85 % of the time.

    ## Evidence it needs
    `arrivals`, `handle_time` and `agents` of agent pools.

    ## Example
    ```yaml
    agent_pools:
      service-desk:
        arrivals: 360/30m
        handle_time: 4m
        agents: 55  # BOT106
    ```

    ## Mended
    ```yaml
    agent_pools:
      service-desk:
        arrivals: 360/30m
        handle_time: 4m
        agents: 64
    ```

    ## References
    A. K. Erlang, 1917. The threshold of 10 % is a judgement; a shift of service online once brought one firm 22 % more.
    """
    known = eco.once(pools)
    for pool in eco.inventory.of(AgentPool):
        one = known.get(pool.id)
        if not pool.usable:
            continue
        if one is None:
            yield NotAssessed(
                pool.id, "its arrivals, handling time or number of agents is not known, or beyond all measure", UNLOCK
            )
            continue
        margin = one.margin
        if margin is None:
            continue
        if one.unsaid and (margin >= parameters.growth or one.unsaid != ("shrinkage",)):
            unlock = tuple(f"agent_pools.*.{name}" for name in one.unsaid)
            yield NotAssessed(pool.id, "its concurrency, shrinkage or target is said to be unknown", unlock)
            continue
        if margin >= parameters.growth and (one.open or one.undated):
            yield NotAssessed(pool.id, "how many contacts some communications cause in it, or when, is not known",
                              ("communications.*.volume", "communications.*.induces", "communications.*.schedule"))  # fmt: skip
            continue
        if margin >= parameters.growth:
            if one.deferred or one.occupancy <= OCCUPANCY:
                yield Passed(pool.id)
            continue
        needed = one.grown(parameters.growth).needed(None)
        yield Breach(
            subject=pool,
            message=f"'{pool.id}' bears only {unlike(margin, parameters.growth)} more contacts before it misses its service level",
            at=("agents",),
            label=f"{needed} agents for {written(parameters.growth)} more",
            evidence=(
                ("service level now", f"{unlike(one.service_level, one.share)} within {length(one.within)}, target {written(one.share)}"),
                ("load", f"{one.load:.1f} Erlang on {one.agents} agents, busy for {one.occupancy:.1%} of the time"),
                ("assumed", assumed(one)),
            ),
            measures={
                "growth_margin": margin,
                "contacts_per_hour": round((one.base + one.induced) * HOUR_SECONDS, 1),
                "agents_needed": needed,
            },
            basis=one.basis,
            fix=Fix(f"schedule {needed} agents, which bear {written(parameters.growth)} more contacts",
                    ({"change": {pool.id: {"agents": needed}}},)),
        )  # fmt: skip
