"""LOOP109."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.affected_teams import Sharing, sharing
from cx_map.analyses.loop_walks import Stage
from cx_map.analyses.loop_words import listed
from cx_map.analyses.operators import joined_pairs
from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import shown
from cx_map.model.chapter_feedback import Insight, Signal
from cx_map.model.chapter_service import Touchpoint
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule

HOUR = 3600.0


class Parameters(Struct, frozen=True):
    """Parameters of LOOP109."""

    hours: Annotated[float, "Hours within which affected teams hear of a signal."] = 24.0
    incident_hours: Annotated[float, "The same for signals with a declared incident loop."] = 4.0


@rule("LOOP109", severity="major", unlock=("signals.*.about", "touchpoints", "teams.*.functions"))
def feedback_not_shared(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Feedback about a touchpoint does not reach all the teams it concerns, or not in time.

    ## Why it matters
    One item about self-service concerns five departments: experience, product, the website, customer service,
    marketing. Where it reaches one of them, the fix, the help page, the contact centre and the message to customers
    are never made to fit.

    ## How it decides
    For a signal about a touchpoint the teams to be told are the owners of the touchpoint (`owner`, `team`) and, for
    each of the functions cx, product, digital, service and marketing that some usable team of the same line of
    business, of one that it is part of, or of none has, at least one such team. The line is that of the signal and its
    touchpoints; where none is stated, that of the products of its segments. A team is told when the signal, once captured, is handed on to it (report,
    flow, routing rule, other team) within 24 hours, or 4 for a signal with a declared incident loop; unknown times
    count 0. Where no owner and no function is known, nothing is concluded.

    ## Evidence it needs
    Signals about `touchpoints`; owners or `functions` of teams.

    ## Example
    ```yaml
    teams:
      cx: {functions: [cx]}
      site: {functions: [digital]}
      care: {functions: [service]}
    touchpoints: {self-service: {team: site, channel: web}}
    data_sources: {answers: {kind: database, owner: cx}}
    signals:
      cannot-pay:  # LOOP109
        owner: cx
        kind: survey
        identity: anonymous
        about: [self-service]
        captured_in: [answers]
    insights: {digest: {owner: cx, inputs: [answers], every: 1h, delivered_to: [cx]}}
    actions: {mend: {team: cx, triggered_by: [cx], tracked_in: answers}}
    ```

    ## Mended
    ```yaml
    teams:
      cx: {functions: [cx]}
      site: {functions: [digital]}
      care: {functions: [service]}
    touchpoints: {self-service: {team: site, channel: web}}
    data_sources: {answers: {kind: database, owner: cx}}
    signals:
      cannot-pay:
        owner: cx
        kind: survey
        identity: anonymous
        about: [self-service]
        captured_in: [answers]
    insights: {digest: {owner: cx, inputs: [answers], every: 1h, delivered_to: [cx, site, care]}}
    actions: {mend: {team: cx, triggered_by: [cx], tracked_in: answers}}
    ```

    ## References
    Practice of breaking silos: share feedback with affected teams in real time. The limits are judgement.
    """
    for one in sharing(eco, parameters.hours * HOUR, parameters.incident_hours * HOUR):
        signal = one.search.signal
        if one.none_known:
            yield NotAssessed(
                signal.id, "nobody says who owns the touchpoint or what teams do", ("touchpoints.*.team",)
            )
        elif one.owners or one.functions:
            yield _breach(eco, one)
        else:
            yield Passed(signal.id)
    touchpoints = any(one.usable for one in eco.inventory.of(Touchpoint))
    for signal in eco.inventory.of(Signal):
        if signal.usable and signal.about is None and touchpoints:
            yield NotAssessed(signal.id, "nobody says what the signal is about", ("signals.*.about",))


def _breach(eco: Ecosystem, one: Sharing) -> Breach:
    signal = one.search.signal
    roles: dict[tuple[str, ...], list[str]] = {(owner,): ["owner"] for owner in one.owners}
    for function, teams in one.functions.items():
        roles.setdefault(teams, []).append(function)
    words = [f"{_either(teams)} ({', '.join(roles[teams])})" for teams in roles]
    told = [
        f"'{team}' after {length(seconds)}" if seconds else f"'{team}' at once, as far as times are known"
        for team, seconds in sorted(one.told.items())
    ]
    needed = tuple(dict.fromkeys((*one.owners, *(teams[0] for teams in one.functions.values()))))
    return Breach(
        subject=signal,
        message=f"'{signal.id}' about {listed(one.touchpoints)} does not reach {', '.join(words)} within {length(one.limit)}",
        related=needed,
        label=f"{len(words)} not told in time",
        evidence=(("told", ", ".join(told) or "nobody in time"),),
        measures={"teams_not_told": len(words), "limit_seconds": one.limit},
        fix=_fix(eco, one, needed),
    )


def _either(teams: tuple[str, ...]) -> str:
    """One of some teams, in words."""
    rest = f" or {len(teams) - 3} more" if len(teams) > 3 else ""
    return " or ".join(f"'{team}'" for team in teams[:3]) + rest


def _fix(eco: Ecosystem, one: Sharing, needed: tuple[str, ...]) -> Fix:
    """Deliver a report that is there in time, else tell each team that is missing at once; a routing rule takes it to one only."""
    signal = one.search.signal
    insight = _quick_insight(eco, one)
    late = {each.team for each in insight.delivered_to or ()} & set(needed) if insight is not None else set()
    if insight is not None and not late:
        value: object = {"add": list(needed)} if insight.delivered_to else list(needed)
        operator: dict[str, object] = {"change": {insight.id: {"delivered_to": value}}}
        return Fix(f"deliver '{insight.id}' to {listed(needed, 9)}", (operator,))
    kept = [(edge.seconds or 0.0, edge.target) for edge in one.search.graph.edges(signal.id)]
    if not kept or min(kept)[0] > one.limit:
        return Fix(
            f"keep the signal where it can be passed on within {length(one.limit)}, then tell {listed(needed, 9)}"
        )
    store = min(target for seconds, target in kept if seconds <= one.limit)
    joined = eco.once(joined_pairs)
    flows = tuple(
        {
            "connect": {
                **({"id": f"{signal.id}-to-{team}"} if (store, team) in joined else {}),
                "from": store,
                "to": team,
                "via": "event",
            }
        }
        for team in needed
    )
    return Fix(f"tell {listed(needed, 9)} of what comes to '{store}'", flows)


def _quick_insight(eco: Ecosystem, one: Sharing) -> Insight | None:
    """The first insight by steps that a signal reaches and that is there within the limit."""

    def ready(state: tuple[Stage, str, bool, int]) -> bool:
        return eco.inventory.find(state[1], Insight) is not None

    trail = one.search.trail(ready, lambda stage, _: stage <= Stage.ANALYSED) or ()
    if not trail or sum(edge.seconds or 0.0 for edge in trail) > one.limit:
        return None
    return eco.inventory.find(shown(trail[-1].target), Insight)
