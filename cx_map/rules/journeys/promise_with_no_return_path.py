"""JRNY102."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from cx_map.analyses.promises import ELEMENTS, Element, Missing, Walk, promise_walks
from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_feedback import Action
from cx_map.model.chapter_map import Team
from cx_map.model.chapter_service import Touchpoint
from cx_map.model.inventory import Inventory
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Severity, Verdict, rule
from cx_map.rulekit.breach import Measure

RESTS_ON: Mapping[Element, tuple[Element, ...]] = {
    "delivered": ("kept",),
    "segment": ("kept", "delivered"),
    "in time": ("recorded", "kept", "delivered", "segment"),
}
"""The elements without which another cannot be there."""


@rule("JRNY102", severity="major", unlock=("promises.*.recorded_in", "promises.*.kept_by", "promises.*.within"))
def promise_with_no_return_path(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A promise to customers is not written down, not kept, kept too late, or not watched.

    ## Why it matters
    Does the customer always get the promised call back? A promise lives only as long as something records it, somebody
    has it, and something brings the answer to the same customer in time.

    ## How it decides
    A promise must be recorded (`recorded_in`, and what its `made_at` writes must get there along flows that carry more
    than master data); owned by a usable team (its own, the record's, or that of what keeps it); kept by a usable
    communication or action (`kept_by`) that can reach a customer (its routes work, or the action informs by such a
    communication, or its team has an agent pool) and goes to the segments whose journeys pass where it is made; all in
    at most `within` (flows, the action's `within`, the communication's deadline or else its run, platforms and channel;
    unknown times count 0, and what is only in time so is not assessed); and monitored (`monitored_by`). An element that
    the promise leaves out counts as missing, with medium confidence; one said to be `unknown` is not assessed. The
    finding names the first missing element; it is *minor* when only the monitoring is missing, else *major*.

    ## Evidence it needs
    `promises`, and what they refer to.

    ## Example
    ```yaml
    teams: {care: {}}
    agent_pools: {care-pool: {team: care, channels: [phone]}}
    data_sources: {call-log: {}}
    touchpoints: {hotline: {channel: phone, writes_to: [call-log]}}
    actions: {call-back: {team: care, kind: reply, within: 20h}}
    metrics: {called-back-in-time: {kind: custom, owner: care}}
    promises:
      we-call-you-back:  # JRNY102
        made_at: hotline
        within: 24h
        kept_by: call-back
        monitored_by: called-back-in-time
    ```

    ## Mended
    ```yaml
    teams: {care: {}}
    agent_pools: {care-pool: {team: care, channels: [phone]}}
    data_sources: {call-log: {}}
    touchpoints: {hotline: {channel: phone, writes_to: [call-log]}}
    actions: {call-back: {team: care, kind: reply, within: 20h}}
    metrics: {called-back-in-time: {kind: custom, owner: care}}
    promises:
      we-call-you-back:
        made_at: hotline
        within: 24h
        recorded_in: call-log
        kept_by: call-back
        monitored_by: called-back-in-time
    ```

    ## References
    Following a customer's request from beginning to end, as published practice of channel assessments.
    """
    for walk in eco.once(promise_walks):
        if walk.missing:
            yield _breach(eco.inventory, walk)
        elif walk.open_:
            elements = " and ".join(dict.fromkeys(f"'{element}'" for element, _ in walk.open_))
            unlock = tuple(sorted({field for _, field in walk.open_}))
            yield NotAssessed(walk.promise.id, f"whether it is {elements} is not known", unlock)
        else:
            yield Passed(walk.promise.id)


def _breach(inventory: Inventory, walk: Walk) -> Breach:
    promise, first = walk.promise, walk.missing[0]
    severity: Severity = "minor" if first.element == "monitored" else "major"
    measures: dict[str, Measure] = {"missing": ", ".join(dict.fromkeys(one.element for one in walk.missing))}
    why = first.why
    if promise.within is not None:
        measures["hours_promised"] = round(promise.within.seconds / 3600, 2)
        if first.element == "in time":
            measures["hours_needed"] = round(walk.seconds / 3600, 2)
            why = f"it takes {length(walk.seconds)} or more, promised are {length(promise.within.seconds)}"
    missing = {one.element: one.why for one in walk.missing}
    unclear = {element for element, _ in walk.open_}
    strip = [(one, missing.get(one) or _said(one, missing, unclear)) for one in ELEMENTS]
    return Breach(
        subject=promise,
        message=f"promise '{promise.id}' has no way back to the customer: {why}"
        if severity == "major" and first.element != "in time" and not first.silent
        else f"promise '{promise.id}' is not sure to be kept: {why}",
        severity=severity,
        at=first.at,
        label=first.why,
        related=tuple(
            name for name in (*(promise.made_at or ()), promise.recorded_in, *(promise.kept_by or ())) if name
        ),
        evidence=tuple(strip),
        measures=measures,
        basis="estimated" if first.silent else "reported",
        fix=_fix(inventory, walk, first),
    )


def _said(element: Element, missing: Mapping[Element, str], unclear: Set[Element]) -> str:
    """What is said of an element that is not missing: not reached where one that it rests on is missing."""
    if not missing.keys().isdisjoint(RESTS_ON.get(element, ())):
        return "–"
    return "not known" if element in unclear else "yes"


def _fix(inventory: Inventory, walk: Walk, first: Missing) -> Fix:
    """The one field that is missing, where that is all and what to write there can be computed."""
    promise = walk.promise
    alone = len(walk.missing) == 1
    if first.element == "recorded":
        stores = sorted({
            store for name in promise.made_at or () if (place := inventory.find(name, Touchpoint)) is not None
            for store in place.writes_to or () if inventory.entities[store].usable
        })  # fmt: skip
        if promise.recorded_in is None and len(stores) == 1 and len(promise.made_at or ()) == 1:
            change: dict[str, object] = {"change": {promise.id: {"recorded_in": stores[0]}}}
            return Fix(f"record it in '{stores[0]}', where the touchpoint writes", (change,) if alone else ())
        if promise.recorded_in is not None and stores and inventory.entities[promise.recorded_in].usable:
            connect: dict[str, object] = {"connect": {"from": stores[0], "to": promise.recorded_in, "via": "event"}}
            return Fix(f"connect '{stores[0]}' to '{promise.recorded_in}'",
                       (connect,) if alone and len(promise.made_at or ()) == 1 else ())  # fmt: skip
        return Fix("record it in a store that the team reads, such as a call-back queue")
    if first.element == "monitored":
        return _metric(inventory, walk)
    return Fix({
        "owned": "name the team that has it",
        "kept": "name the action or communication that keeps it",
        "delivered": "let what keeps it reach the customer",
        "segment": "send it to everybody to whom it is promised",
        "in time": "promise less, or keep it sooner",
    }[first.element])  # fmt: skip


def _metric(inventory: Inventory, walk: Walk) -> Fix:
    """A metric of the promises kept in time, for the team that has them."""
    promise = walk.promise
    actions = [inventory.find(name, Action) for name in promise.kept_by or ()]
    owners = [promise.owner, *(one.team for one in actions if one is not None)]
    owner = next((name for name in owners if (team := inventory.find(name, Team)) is not None and team.usable), None)
    if owner is None or promise.monitored_by:
        return Fix("measure how many of the promises are kept in time, and name the measure in `monitored_by`")
    name = f"{promise.id}-kept-in-time"
    while name in inventory.entities:
        name += "-too"
    metric: dict[str, object] = {"kind": "custom", "about": [promise.id], "owner": owner, "team": owner}
    return Fix(
        f"measure how many are kept in time (a new metric '{name}')",
        ({"add": {"metrics": {name: metric}}}, {"change": {promise.id: {"monitored_by": [name]}}}),
    )
