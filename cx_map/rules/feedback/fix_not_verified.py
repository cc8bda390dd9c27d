"""LOOP107."""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.analyses.entitlement import owners_of
from cx_map.analyses.loop_words import listed
from cx_map.analyses.outer_loops import OuterLoop, outer_loops
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import active_team
from cx_map.model.chapter_feedback import Action, Metric
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule


@rule("LOOP107", severity="minor", unlock=("actions.*.changes", "metrics"))
def fix_not_verified(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Causes are removed, and nobody looks whether that helped.

    ## Why it matters
    A fix that did not help looks like one that did until somebody measures the same thing again. A score of the
    whole relationship moves too little and too late to tell.

    ## How it decides
    A signal with an outer loop (an action it reaches changes what it is about, or what supplies that) breaks the rule
    when no metric is `about` what was changed or complained of, or each such metric is collected about the whole
    relationship only, or goes to other teams only (its `team`, and those that get an insight showing it) than the one
    that acts or owners of the thing. Where such a metric leaves out `every`, or nobody is said to get it, nothing is
    concluded; nor where the inventory describes no metric at all.

    ## Evidence it needs
    `changes` of actions, `about`, `every` and `team` of metrics.

    ## Example
    ```yaml
    teams: {shop: {functions: [product]}, board: {}}
    platforms: {checkout: {owner: shop}}
    data_sources: {clicks: {kind: database, owner: shop}}
    collection_points: {yearly-survey: {kind: survey, scope: relationship}}
    signals:
      checkout-abandoned:  # LOOP107
        owner: shop
        kind: behavioural
        about: [checkout]
        identity: anonymous
        captured_in: [clicks]
    actions: {mend-checkout: {team: shop, triggered_by: [shop], changes: [checkout], tracked_in: clicks}}
    metrics: {satisfaction: {owner: board, kind: csat, about: [checkout], collected_at: [yearly-survey], team: shop, every: 52w}}
    flows: [{from: clicks, to: shop, via: event}]
    ```

    ## Mended
    ```yaml
    teams: {shop: {functions: [product]}, board: {}}
    platforms: {checkout: {owner: shop}}
    data_sources: {clicks: {kind: database, owner: shop}}
    collection_points: {after-checkout: {kind: survey, scope: transaction}}
    signals:
      checkout-abandoned:
        owner: shop
        kind: behavioural
        about: [checkout]
        identity: anonymous
        captured_in: [clicks]
    actions: {mend-checkout: {team: shop, triggered_by: [shop], changes: [checkout], tracked_in: clicks}}
    metrics: {ease: {owner: shop, kind: ces, about: [checkout], collected_at: [after-checkout], team: shop, every: 1w}}
    flows: [{from: clicks, to: shop, via: event}]
    ```

    ## References
    Outer-loop practice: verify after the change; OMB A-11 section 280 on feedback at the touchpoint.
    """
    measured = any(metric.usable for metric in eco.inventory.of(Metric))
    for loop in eco.once(outer_loops):
        if not loop.fixes:
            yield NotAssessed(loop.signal.id, "no action changes what the signal is about", ("actions.*.changes",))
        elif not measured:
            yield NotAssessed(loop.signal.id, "no metric is described", ("metrics",))
        elif loop.check == "verified":
            yield Passed(loop.signal.id)
        elif loop.check == "not_known":
            unlock = ("metrics.*.every", "metrics.*.team")
            yield NotAssessed(loop.signal.id, "a metric fits, but not who gets it and how often", unlock)
        else:
            yield _breach(eco, loop)


def _breach(eco: Ecosystem, loop: OuterLoop) -> Breach:
    signal = loop.signal
    action, changed = min(loop.fixes.items())
    team = _reader(eco, action, changed)
    where = f"{listed(loop.metrics)} reach other teams" if loop.metrics else "no metric looks at it from close up"
    return Breach(
        subject=signal,
        message=f"'{action}' changes {listed(changed)} because of '{signal.id}', and nobody looks whether it helps",
        related=(*loop.fixes, *changed, *loop.metrics),
        label=where,
        evidence=(("changed by", listed(loop.fixes)), ("measured by", listed(loop.metrics) or "nothing")),
        fix=Fix(f"measure '{changed[0]}' every month and show it to '{team}'", (_measure(eco, changed[0], team),))
        if team is not None
        else Fix(f"measure '{changed[0]}' again after the change, and name who reads it"),
    )


def _reader(eco: Ecosystem, action: str, changed: tuple[str, ...]) -> str | None:
    """Who should see whether it helped: the team that acts, else an owner of what was changed."""
    acting = eco.inventory.find(action, Action)
    owners = [acting.team] if acting is not None and acting.team is not None else []
    owners += [owner for name in changed for owner in owners_of(eco.inventory.entities.get(name))]
    return next((one for one in owners if active_team(eco.inventory, one) is not None), None)


def _measure(eco: Ecosystem, thing: str, team: str) -> dict[str, object]:
    name = f"{thing}-after-change"
    while name in eco.inventory.entities:
        name += "-2"
    fields = {"kind": "csat", "about": [thing], "team": team, "owner": team, "every": "30d"}
    return {"add": {"metrics": {name: fields}}}
