"""LOOP112."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.entitlement import owners_of
from cx_map.analyses.incident_plays import IncidentPlay, Obligation, incident_plays
from cx_map.analyses.loop_words import in_changes, listed
from cx_map.analyses.repair_candidates import candidates
from cx_map.analyses.repair_operators import Play, desk_of, play_plan
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import active_team
from cx_map.model.chapter_feedback import Signal
from cx_map.model.chapter_map import Team
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule

WORDS: dict[Obligation, str] = {
    "fix": "nobody changes it",
    "self-service": "no self-service or knowledge is updated",
    "pool": "the contact centre is not told",
    "inform": "customers are not informed",
}


class Parameters(Struct, frozen=True):
    """Parameters of LOOP112."""

    hours: Annotated[float, "Hours within which an incident is handled in all four ways."] = 4.0


@rule("LOOP112", severity="major", unlock=("touchpoints.*.induces", "signals.*.about"))
def incident_play_incomplete(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """When a touchpoint fails, calls come, and part of what should happen does not.

    ## Why it matters
    A customer reports a fault of self-service. Solving it is a quarter of the work: the help page has to say so, the
    contact centre has to be ready for the calls, and customers have to be told what is going on.

    ## How it decides
    Judged are usable touchpoints that `induce` contacts of a pool, and that some signal is about. Within 4 hours
    (unknown times count 0) the signals must lead, over teams in use and messages that can be delivered, to an action
    set off that `changes` the touchpoint or what stands behind it; to an action set off that changes a self-service
    touchpoint, a platform with the capability knowledge, chatbot or ivr, or the knowledge of a task (where there is
    any); to the pool or its team; and to a communication that is sent. How long a fix then takes does not count.

    ## Evidence it needs
    `induces` of touchpoints with their `pool`, signals about them.

    ## Example
    ```yaml
    teams: {site: {functions: [digital]}, care: {functions: [service]}}
    agent_pools: {care-pool: {team: care}}
    platforms: {mailer: {owner: site}}
    touchpoints:
      login:  # LOOP112
        team: site
        channel: web
        induces: [{pool: care-pool, per_1000: 40, kind: failure}]
    data_sources: {errors: {kind: database, owner: site}}
    signals: {login-failed: {owner: site, kind: operational, identity: known, about: [login], captured_in: [errors]}}
    actions: {mend-login: {team: site, triggered_by: [site], changes: [login], informs: [mended], tracked_in: errors}}
    communications: {mended: {owner: site, channels: [email], platforms: [mailer]}}
    flows: [{from: errors, to: site, via: event}]
    ```

    ## Mended
    ```yaml
    teams: {site: {functions: [digital]}, care: {functions: [service]}}
    agent_pools: {care-pool: {team: care}}
    platforms: {mailer: {owner: site}}
    touchpoints:
      login:
        team: site
        channel: web
        induces: [{pool: care-pool, per_1000: 40, kind: failure}]
    data_sources: {errors: {kind: database, owner: site}}
    signals: {login-failed: {owner: site, kind: operational, identity: known, about: [login], captured_in: [errors]}}
    actions: {mend-login: {team: site, triggered_by: [site], changes: [login], informs: [mended], tracked_in: errors}}
    communications: {mended: {owner: site, channels: [email], platforms: [mailer]}}
    flows: [{from: errors, to: site, via: event}, {from: errors, to: care, via: event}]
    ```

    ## References
    Practice of breaking silos: solve it, update self-service, prepare the contact centre, inform. 4 hours are judgement.
    """
    for play in incident_plays(eco, parameters.hours * 3600.0):
        name = play.touchpoint.id
        if not play.searches:
            yield NotAssessed(name, "no signal is about it", ("signals.*.about",))
        elif play.missed:
            yield _breach(eco, play, parameters)
        else:
            yield Passed(name)


def _breach(eco: Ecosystem, play: IncidentPlay, parameters: Parameters) -> Breach:
    name = play.touchpoint.id
    missing = ", ".join(WORDS[one] for one in play.missed)
    return Breach(
        subject=play.touchpoint,
        message=f"an incident at '{name}' is not handled in full within {parameters.hours:g} h: {missing}",
        related=(*play.pools, *(search.signal.id for search in play.searches)),
        label=f"{len(play.missed)} of {len(play.missed) + len(play.met)} missing",
        evidence=(
            ("handled", ", ".join(play.met) or "nothing"),
            ("missing", ", ".join(play.missed)),
            ("signals", listed(search.signal.id for search in play.searches)),
        ),
        measures={"obligations_met": len(play.met), "obligations": len(play.met) + len(play.missed)},
        fix=_fix(eco, play, parameters.hours * 3600.0),
    )


def _fix(eco: Ecosystem, play: IncidentPlay, limit: float) -> Fix:
    """Route the quickest signal to the pool and to an owner, who acts in the ways that are missing."""
    undecided = Fix(f"decide who is responsible for: {', '.join(play.missed)}")

    kept = [search for search in play.searches if search.stores and _delay(search.signal) <= limit]
    if not kept:
        return undecided
    search = min(kept, key=lambda one: _delay(one.signal))
    offers = eco.once(candidates)
    owners = (*owners_of(play.touchpoint), *offers.teams(search))
    pool = play.pools[0] if "pool" in play.missed else None
    acts = play.missed != ("pool",)
    store = min(search.stores)
    able = (one for one in owners if eco.inventory.find(one, Team) is not None and not offers.forbidden(store, one))
    team = next((one for one in able if active_team(eco.inventory, one) is not None), None) if acts else None
    desk = desk_of(eco.inventory, pool)
    if (acts and team is None) or (pool is not None and (desk is None or offers.forbidden(store, desk))):
        return undecided
    changes = [play.touchpoint.id] if "fix" in play.missed else []
    if "self-service" in play.missed and play.touchpoint.id not in play.self_service:
        changes.append(play.self_service[0])
    elif "self-service" in play.missed and not changes:
        changes.append(play.touchpoint.id)
    way = None
    if "inform" in play.missed:
        wanted = sum(1 << search.graph.segments[one] for one in search.graph.givers(search.signal))
        ways = offers.places.templates(wanted, offers.line_of(search))
        in_time = (one for one in ways if _delay(search.signal) + offers.places.seconds(one) <= limit)
        way = next(in_time, None)
        if way is None:
            return undecided  # no way that is there tells these customers in time
    plan = play_plan(search, offers, Play(team, tuple(changes), pool, way, informs=way is not None))
    return Fix(in_changes(plan.clauses), plan.operators)


def _delay(signal: Signal) -> float:
    """The known seconds until a signal is captured."""
    return (signal.latency.worst or 0.0) if signal.latency is not None else 0.0
