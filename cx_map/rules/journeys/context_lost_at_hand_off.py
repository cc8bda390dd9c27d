"""JRNY101."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cx_map.analyses.handoffs import HandOff, hand_offs
from cx_map.analyses.operators import joined_pairs
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attributes import canonical, seconds_to_give
from cx_map.model.chapter_service import Journey
from cx_map.model.inventory import Inventory
from cx_map.model.values import worst_basis
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Range, Verdict, rule
from cx_map.rulekit.breach import Measure

_UNLOCK = ("journeys.*.steps", "touchpoints.*.needs_context", "touchpoints.*.writes_to", "touchpoints.*.reads")


@rule("JRNY101", severity="major", unlock=_UNLOCK)
def context_lost_at_hand_off(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Customers who change the channel have to tell again what they have told already.

    ## Why it matters
    Being transferred, switching channels and repeating information are what makes service hard work for customers.
    Whether they must repeat themselves is decided by which store the first touchpoint writes and the second reads.

    ## How it decides
    A hand-off is a step of a journey from one touchpoint to another whose platform or channel is known to differ. The
    second one's `needs_context`, public attributes left out, must get across: along flows that carry them for every
    segment of the journey, from a store that the first touchpoint writes, reads or runs on (or its collection points)
    to one that the second reads or runs on (or its collection points and its team's agent pools), within the step's
    `max_gap`: late as far as latencies are stated is late, in time only as far as they are is not assessed. A second
    touchpoint that reads the master of an attribute, or a store that its master feeds in time, has it anyway, unless a
    collection point at the first one asks for it, for then it may be new; one that trusts the first one's
    authentication needs no identity again. What the first touchpoint neither holds nor gets to know cannot be lost;
    where it is only not known what its stores hold, that is not assessed. The journey breaks the rule once for each
    hand-off; where it is not known what the first writes or the second reads, it is not assessed. Hours are lost
    attributes x customers x the seconds it takes to give them; a step whose share is not known counts none at least,
    all at most.

    ## Evidence it needs
    Journeys with steps; touchpoints with platform or channel, `needs_context`, `writes_to` and `reads`.

    ## Example
    ```yaml
    data_sources:
      chat-log: {holds: [case.description]}
      case-system: {holds: [case.description]}
    touchpoints:
      web-chat: {channel: chat, writes_to: [chat-log]}
      hotline: {channel: phone, reads: [case-system], needs_context: [case.description]}
    journeys:
      get-help:
        volume: 4000/month
        steps:
          - {from: web-chat, to: hotline, share: 25%}  # JRNY101
    ```

    ## Mended
    ```yaml
    data_sources:
      chat-log: {holds: [case.description]}
      case-system: {holds: [case.description]}
    touchpoints:
      web-chat: {channel: chat, writes_to: [chat-log]}
      hotline: {channel: phone, reads: [case-system], needs_context: [case.description]}
    journeys:
      get-help:
        volume: 4000/month
        steps:
          - {from: web-chat, to: hotline, share: 25%}
    flows:
      - {from: chat-log, to: case-system, carries: [case.description], via: event}
    ```

    ## References
    Customer effort research: transfers, repeated information and channel switching as drivers of effort.
    """
    by_journey: dict[str, list[HandOff]] = {}
    for hand_off in eco.once(hand_offs):
        by_journey.setdefault(hand_off.transition.journey.id, []).append(hand_off)
    for journey in eco.inventory.of(Journey):
        if not journey.usable:
            continue
        if journey.steps is None:
            yield NotAssessed(journey.id, "its steps are not known", ("journeys.*.steps",))
            continue
        found = by_journey.get(journey.id, [])
        broken = _merged([one for one in found if one.lost or one.late])
        yield from (_breach(eco, one) for one in broken)
        if broken:
            continue
        unclear = sorted({field for one in found for _, field in one.open_})
        if unclear:
            late = unclear == ["flows.latency"]
            why = "whether what is known gets across in time" if late else "what a touchpoint of it writes or reads"
            yield NotAssessed(journey.id, f"{why} is not known", tuple(unclear))
        elif found:
            yield Passed(journey.id)
        else:
            yield NotAssessed(
                journey.id,
                "no step of it is known to lead to another channel or platform where context is needed",
                _CONTEXT,
            )


_CONTEXT = ("touchpoints.*.needs_context", "touchpoints.*.channel", "touchpoints.*.platform")


def _merged(broken: list[HandOff]) -> list[HandOff]:
    """One hand-off for each pair of touchpoints: a pair that a journey passes twice is told once."""
    return list({(one.transition.before.id, one.transition.after.id): one for one in reversed(broken)}.values())[::-1]


def _breach(eco: Ecosystem, hand_off: HandOff) -> Breach:
    inventory = eco.inventory
    transition = hand_off.transition
    journey, before, after = transition.journey, transition.before, transition.after
    gone = [*hand_off.lost, *hand_off.late]
    first = f"'{gone[0]}'" + (f" and {len(gone) - 1} more" if len(gone) > 1 else "")
    evidence = [("lost", _row(hand_off, name)) for name in hand_off.lost]
    evidence += [("too late", _row(hand_off, name)) for name in hand_off.late]
    evidence += [("carried", f"'{name}'") for name in hand_off.carried]
    return Breach(
        subject=journey,
        message=f"journey '{journey.id}' loses {first} between '{before.id}' and '{after.id}'",
        related=(before.id, after.id),
        at=("steps", transition.number),
        label="not known here any more",
        discriminator=(before.id, after.id),
        evidence=tuple(evidence),
        measures=_measures(inventory, hand_off, gone),
        fix=_fix(hand_off, eco.once(joined_pairs)),
    )


def _row(hand_off: HandOff, name: str) -> str:
    known = (
        "in " + " and ".join(f"'{one}'" for one in hand_off.known_at[name]) if hand_off.known_at[name] else "nowhere"
    )
    read = " and ".join(f"'{one}'" for one in hand_off.read_at) or "nothing"
    return f"'{name}', kept {known}; the next touchpoint reads {read}"


def _measures(inventory: Inventory, hand_off: HandOff, gone: list[str]) -> dict[str, Measure]:
    transition = hand_off.transition
    measures: dict[str, Measure] = {"lost_attributes": len(gone)}
    volume, share = transition.journey.volume, transition.share
    if volume is None:
        return measures
    low = volume.lowest * (0.0 if share is None else share.lowest)
    high = volume.highest * (1.0 if share is None else share.highest)
    basis = worst_basis(volume.basis, share.basis if share is not None else None)
    measures["customers_per_month"] = Range(low, high, basis)
    seconds = [seconds_to_give(inventory, canonical(inventory, name)) for name in gone]
    if known := [one for one in seconds if one is not None]:
        total = sum(one.value for one in known) / 3600
        measures["hours_per_month"] = Range(
            low * total, high * total, worst_basis(basis, *(one.basis for one in known))
        )
    return measures


def _fix(hand_off: HandOff, joined: frozenset[tuple[str | None, str | None]]) -> Fix:
    """One flow for as many attributes as one store has, and further ones for the rest."""
    transition = hand_off.transition
    left = [name for name in (*hand_off.lost, *hand_off.late) if hand_off.known_at[name]]
    kept_nowhere = [name for name in hand_off.lost if not hand_off.known_at[name]]
    if kept_nowhere or not hand_off.read_at or not left:
        names = ", ".join(f"'{name}'" for name in kept_nowhere or (*hand_off.lost, *hand_off.late))
        return Fix(f"let '{transition.before.id}' keep {names} where '{transition.after.id}' can read it")
    own = transition.after.reads or ()
    target = min(hand_off.read_at, key=lambda one: (one not in own, one == transition.after.platform, one))
    preferred = transition.before.writes_to or ()
    changes: list[dict[str, object]] = []
    pairs: list[str] = []
    while left:
        counts = Counter(store for name in left for store in hand_off.known_at[name])
        source = min(counts, key=lambda store: (-counts[store], store not in preferred, store))
        carried = [name for name in left if source in hand_off.known_at[name]]
        left = [name for name in left if name not in carried]
        beside = {"id": f"context-of-{transition.after.id}"} if (source, target) in joined else {}
        changes.append({"connect": {**beside, "from": source, "to": target, "via": "event", "carries": carried}})
        pairs.append(f"'{source}' to '{target}'")
    number = len(hand_off.lost) + len(hand_off.late)
    attributes = "1 attribute" if number == 1 else f"{number} attributes"
    return Fix(f"connect {' and '.join(pairs)} for {attributes}", tuple(changes))
