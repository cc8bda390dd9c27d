"""LOOP108."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cx_map.analyses.listening import Listening, listening
from cx_map.analyses.loop_words import listed
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_service import Touchpoint
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.breach import Measure


@rule("LOOP108", severity="minor", unlock=("touchpoints", "signals.*.about"))
def deaf_touchpoint(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Nobody listens at a touchpoint.

    ## Why it matters
    A high score of the whole relationship does not say where in the journey the problem was. Feedback belongs where
    things happen, first of all at the moments that decide what customers think.

    ## How it decides
    A usable touchpoint is listened to when a signal is `about` it or comes from a collection point at it, or when a
    collection point that is there to listen (survey, intercept, complaint, review, social, behavioural, operational)
    names it as its `touchpoint`. A survey with `scope: relationship` does not count. It is *major* for a
    `moment_of_truth` and on a journey with `highest_impact`, else *minor*. Where no signal and no such point of the
    inventory says what it is about, nothing is concluded. The measure `listening_coverage` is the share of visits
    that are listened to, where all volumes are known, else of touchpoints.

    ## Evidence it needs
    `touchpoints`, and `about` of at least one signal.

    ## Example
    ```yaml
    touchpoints:
      claim-form: {channel: web, volume: 5000/month}
      claim-status:  # LOOP108
        channel: web
        moment_of_truth: true
        volume: 9000/month
    data_sources: {clicks: {kind: database}}
    signals: {form-abandoned: {kind: behavioural, identity: anonymous, about: [claim-form], captured_in: [clicks]}}
    ```

    ## Mended
    ```yaml
    touchpoints:
      claim-form: {channel: web, volume: 5000/month}
      claim-status:
        channel: web
        moment_of_truth: true
        volume: 9000/month
    data_sources: {clicks: {kind: database}}
    signals:
      form-abandoned: {kind: behavioural, identity: anonymous, about: [claim-form, claim-status], captured_in: [clicks]}
    ```

    ## References
    OMB A-11 section 280: collect feedback at the touchpoints of the journeys with the highest impact.
    """
    found = eco.once(listening)
    if found is None:
        for touchpoint in eco.inventory.of(Touchpoint):
            yield NotAssessed(touchpoint.id, "no signal says what it is about", ("signals.*.about",))
        return
    coverage = _coverage(found)
    for one in found:
        if one.listeners:
            yield Passed(one.touchpoint.id)
        else:
            yield _breach(one, coverage)


def _breach(one: Listening, coverage: float) -> Breach:
    touchpoint = one.touchpoint
    name = touchpoint.id
    only = (
        f"only {listed(one.arm)} ask{'s' if len(one.arm) == 1 else ''} about it, as part of the whole relationship"
        if one.arm
        else "no signal is about it"
    )
    measures: dict[str, Measure] = {"listening_coverage": round(coverage, 4)}
    if touchpoint.volume is not None:
        measures["visits_per_month"] = touchpoint.volume.value
    evidence = (("it matters", ", ".join(one.matters)),) if one.matters else ()
    fix = Fix("listen here: watch behaviour first, ask in an intercept where that says too little")
    if one.neighbours:
        nearest = one.neighbours[0]
        fix = Fix(f"let '{nearest}', which is heard next to it, cover '{name}' too",
                  ({"change": {nearest: {"about": {"add": [name]}}}},))  # fmt: skip
    return Breach(
        subject=touchpoint,
        message=f"nobody listens at '{name}': {only}",
        related=one.arm,
        severity="major" if one.matters else "minor",
        label=only,
        evidence=evidence,
        measures=measures,
        fix=fix,
    )


def _coverage(found: Sequence[Listening]) -> float:
    """The share of visits listened to; of touchpoints where a volume is not known."""
    weights = [one.touchpoint.volume.value if one.touchpoint.volume is not None else None for one in found]
    known = [weight for weight in weights if weight is not None]
    chosen = known if len(known) == len(found) and sum(known) > 0 else [1.0] * len(found)
    heard = sum(weight for weight, one in zip(chosen, found, strict=True) if one.listeners)
    return heard / sum(chosen) if chosen else 0.0
