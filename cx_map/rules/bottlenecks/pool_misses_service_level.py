"""BOT105."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.queueing import Pool, assumed, pools, terms
from cx_map.analyses.wording import length, unlike, written
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_service import AgentPool
from cx_map.model.values import HOUR_SECONDS
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Verdict, rule

UNLOCK = ("agent_pools.*.arrivals", "agent_pools.*.handle_time", "agent_pools.*.agents")


class Parameters(Struct, frozen=True):
    """What a pool should keep."""

    occupancy: Annotated[float, "Highest share of time that agents should be busy."] = 0.85


@rule("BOT105", severity="major", unlock=UNLOCK)
def pool_misses_service_level(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """An agent pool cannot answer its customers in time in its peak interval.

    ## Why it matters
    Who calls and waits calls again, or leaves. A pool that is only just too small is not a little late: the
    queue grows all the time.

    ## How it decides
    Each pool is an Erlang C queue. Its load is arrivals in the peak interval, plus the contacts that the firm's own
    communications and touchpoints `induces` there, times the handling time; a run's contacts come in within the day
    after it, while the pool is open (its `hours`; all day where nobody says). Agents are counted less shrinkage
    (default 0) and times concurrency (default 1). The rule is broken when the load is at least the number of agents
    (*critical*: the queue never ends, or lasts only because customers give up), when fewer than the target share are
    answered within the target time (default 80 % within 20 seconds), or when agents are busy for more than `occupancy`
    of the time (both *major*; the last is told as *too busy*, since the service level holds, and does not count where
    nobody waits on the line: e-mail, post, portal, web forms and social media).

    Assumed: contacts arrive at random, any agent can take any contact, and nobody gives up, which overstates waiting
    near full load. A default never stands for what is said to be `unknown`: without a known concurrency nothing is
    judged, without a known target no service level, and agents without a known shrinkage are at most that many. Where
    `patience` is given, waiting customers give up after that time on average (Erlang A); who gives up was not answered
    in time. Contacts of unknown number count as none here, and the finding names them.

    ## Evidence it needs
    `arrivals`, `handle_time` and `agents` of agent pools; `volume` and `induces` of what causes contacts.

    ## Example
    ```yaml
    agent_pools:
      service-desk:
        arrivals: 414/30m
        handle_time: 4m
        agents: 55  # BOT105
    ```

    ## Mended
    ```yaml
    agent_pools:
      service-desk:
        arrivals: 360/30m
        handle_time: 4m
        agents: 57
    ```

    ## References
    A. K. Erlang, Solution of some problems in the theory of probabilities, 1917; C. Palm, 1946, and Garnett,
    Mandelbaum and Reiman, Designing a call center with impatient customers, 2002, for patience. 80 % within 20 seconds and 85 %
    occupancy: industry practice in contact centres.
    """
    known = eco.once(pools)
    for pool in eco.inventory.of(AgentPool):
        if not pool.usable:
            continue
        one = known.get(pool.id)
        if one is None:
            yield NotAssessed(
                pool.id, "its arrivals, handling time or number of agents is not known, or beyond all measure", UNLOCK
            )
        elif "concurrency" not in one.unsaid and (
            not one.stable or one.misses or one.occupancy > (_most(one, parameters) or 1.0)
        ):
            yield _breach(one, parameters)
        elif one.unsaid:
            unlock = tuple(f"agent_pools.*.{name}" for name in one.unsaid)
            yield NotAssessed(pool.id, "its concurrency, shrinkage or target is said to be unknown", unlock)
        elif one.open or one.undated:
            yield NotAssessed(pool.id, "how many contacts some communications cause in it, or when, is not known",
                              ("communications.*.volume", "communications.*.induces", "communications.*.schedule"))  # fmt: skip
        else:
            yield Passed(pool.id)


def _most(one: Pool, parameters: Parameters) -> float | None:
    """The share of time that agents may be busy: none is set where customers do not wait on the line."""
    return None if one.deferred else parameters.occupancy


def _breach(one: Pool, parameters: Parameters) -> Breach:
    name = one.pool.id
    wrong = "misses its service level"
    concurrency, shrinkage = terms(one.pool)
    leaving = one.leaving
    if not one.stable:
        ends = "its queue never ends" if leaving is None else f"{leaving.given_up:.0%} of contacts give up"
        why = f"{one.load:.1f} Erlang meet {_agents(one)}, so {ends}"
    elif one.misses:
        level = unlike(one.service_level, one.share)
        why = f"{level} of contacts are answered within {length(one.within)}, not {written(one.share)}"
    else:
        wrong = "is too busy"
        busy, most = unlike(one.occupancy, parameters.occupancy), written(parameters.occupancy)
        why = f"its agents are busy for {busy} of the time, and should be for {most} at most"
    needed = one.needed(_most(one, parameters))
    evidence = [
        ("load", f"{one.load:.1f} Erlang: {one.base * HOUR_SECONDS:,.0f} contacts an hour"
                 + (f" and {one.induced * HOUR_SECONDS:,.0f} caused" if one.induced else "")),
        ("agents", f"{one.agents} {'contact' if one.agents == 1 else 'contacts'} at once (shrinkage {written(shrinkage)}, concurrency {concurrency:g})"),
        ("service level", f"{unlike(one.service_level, one.share)} within {length(one.within)}, target {written(one.share)}"),
        ("average wait", "without end" if not one.stable and leaving is None else length(one.mean_wait)),
        *([("give up", f"{leaving.given_up:.1%} of contacts")] if leaving is not None else []),
        ("assumed", assumed(one)),
    ]  # fmt: skip
    if one.open:
        evidence.append(("not counted", ", ".join(one.open)))
    return Breach(
        subject=one.pool,
        message=f"'{name}' {wrong}: {why}",
        severity="major" if one.stable else "critical",
        at=("agents",),
        label=f"{needed} agents needed",
        related=tuple(cause.cause for cause in one.inducers),
        evidence=tuple(evidence),
        path=tuple(PathStep(cause.cause, "causes contacts in", name) for cause in one.inducers),
        measures={
            "contacts_per_hour": round((one.base + one.induced) * HOUR_SECONDS, 1),
            "occupancy": one.occupancy,
            "service_level": one.service_level,
            "agents_needed": needed,
        },
        basis=one.basis,
        fix=Fix(f"schedule {needed} {'agent' if needed == 1 else 'agents'} instead of {one.pool.agents.value if one.pool.agents else 0:g}, or remove contacts",
                ({"change": {name: {"agents": needed}}},)),
    )  # fmt: skip


def _agents(one: Pool) -> str:
    """Who is there, in words; with concurrency, how many contacts they take at once."""
    if terms(one.pool)[0] != 1:
        return f"agents for {one.agents} contacts at once"
    return "1 agent" if one.agents == 1 else f"{one.agents} agents"
