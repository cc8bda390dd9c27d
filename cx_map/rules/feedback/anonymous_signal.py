"""LOOP105."""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.analyses.closed_loops import LoopVerdict
from cx_map.analyses.loop_walks import identified, identity_of
from cx_map.analyses.loop_words import how_many, repair_told, verdicts_by_signal
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import shown
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.ways import shortened, steps_of


@rule("LOOP105", severity="minor", unlock=("signals.*.identity",))
def anonymous_signal(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Everything is ready to answer a customer, but nobody knows who the customer was.

    ## Why it matters
    A customer who cannot be identified cannot be answered. A pop-up that asks "may we contact you?" and throws the
    key away promises what the firm cannot keep.

    ## How it decides
    A signal breaks the rule when its inner loop closes as soon as identity is no longer asked for: it is anonymous or
    pseudonymous (or its collection point is), or the customer is lost on the way, at a flow with `keeps_identity:
    false`. Flows by api, event and stream keep identity unless they say otherwise; a loop that only closes along
    another flow that leaves `keeps_identity` out is not assessed.
    Loops declared as outer need no identity, and neither do signals without a way back: those are other rules'.

    ## Evidence it needs
    `identity` of signals, `keeps_identity` of flows.

    ## Example
    ```yaml
    teams: {digital: {functions: [digital]}}
    platforms: {site: {owner: digital}}
    data_sources: {popups: {kind: database, owner: digital}}
    signals:
      popup-answer:
        owner: digital
        kind: survey
        about: [site]
        identity: anonymous  # LOOP105
        captured_in: [popups]
    insights: {popup-board: {owner: digital, inputs: [popups], delivered_to: [digital]}}
    actions: {write-back: {team: digital, triggered_by: [digital], informs: [thanks], tracked_in: popups}}
    communications: {thanks: {owner: digital, channels: [email], platforms: [site]}}
    ```

    ## Mended
    ```yaml
    teams: {digital: {functions: [digital]}}
    platforms: {site: {owner: digital}}
    data_sources: {popups: {kind: database, owner: digital}}
    signals:
      popup-answer:
        owner: digital
        kind: survey
        about: [site]
        identity: known
        captured_in: [popups]
    insights: {popup-board: {owner: digital, inputs: [popups], delivered_to: [digital]}}
    actions: {write-back: {team: digital, triggered_by: [digital], informs: [thanks], tracked_in: popups}}
    communications: {thanks: {owner: digital, channels: [email], platforms: [site]}}
    ```

    ## References
    Inner-loop practice: consent and a key are asked together.
    """
    for name, judged in verdicts_by_signal(eco).items():
        nameless = [verdict for verdict in judged if verdict.condition == "identity"]
        for verdict in nameless:
            yield _breach(eco, verdict)
        if nameless:
            continue
        lost = [verdict for verdict in judged if "flows.*.keeps_identity" in verdict.unlock]
        answered = [verdict for verdict in judged if verdict.kind == "inner" and verdict.status in ("closed", "late")]
        if answered and identity_of(answered[0].search) is None:
            yield NotAssessed(name, "nobody says whether the customer is known", ("signals.*.identity",))
        elif lost:
            unlock = ("flows.*.keeps_identity",)
            yield NotAssessed(name, "nobody says whether the customer stays identifiable on the way", unlock)
        elif all(verdict.status in ("broken", "open") for verdict in judged):
            yield NotAssessed(name, "the loop is broken or open elsewhere", ("signals", "insights", "actions"))
        else:
            yield Passed(name)


def _breach(eco: Ecosystem, verdict: LoopVerdict) -> Breach:
    signal = verdict.signal
    known = identified(verdict.search)
    edges = verdict.walk.edges if verdict.walk is not None else ()
    lost = next((edge for edge in edges if edge.kept is False), None)
    if known and lost is not None:
        why = f"the customer is lost between '{shown(lost.source)}' and '{shown(lost.target)}'"
    else:
        why = f"the customer is {identity_of(verdict.search)}"
    loop = (verdict.loop.id,) if verdict.loop is not None else ()
    return Breach(
        subject=signal,
        message=f"'{signal.id}' cannot be answered, though all is ready ({how_many(signal)}): {why}",
        related=(*loop, *(step.target for step in steps_of(edges)[:-1])),
        at=("identity",) if signal.identity is not None and not known else (),
        label=why,
        discriminator=loop,
        evidence=shortened(edges),
        path=steps_of(edges),
        measures={"signals_per_month": signal.volume.value} if signal.volume is not None else {},
        fix=_fix(eco, verdict, known),
    )


def _fix(eco: Ecosystem, verdict: LoopVerdict, known: bool) -> Fix | None:
    """Keep the key where it is lost; customers that were never known can only have an outer loop."""
    signal = verdict.signal
    if known:
        told = repair_told(eco, verdict)
        return Fix(*told) if told is not None else None
    if verdict.loop is not None:
        change = {"change": {verdict.loop.id: {"kind": "outer"}}}
        return Fix(
            f"ask for a key, or make '{verdict.loop.id}' an outer loop",
            (change,) if verdict.loop.stages is None else (),
        )
    edges = verdict.walk.edges if verdict.walk is not None else ()
    owners = [shown(edge.target) for edge in edges if edge.label in ("delivered_to", "assigned_to", "hands_to")]
    fields: dict[str, object] = {"kind": "outer", "signal": signal.id}
    if owners and owners[-1] in eco.inventory.entities:
        fields["owner"] = owners[-1]
    name = f"{signal.id}-outer-loop"
    return Fix("ask for a key together with the answer, or declare that only causes are removed",
               ({"add": {"feedback_loops": {name: fields}}},))  # fmt: skip
