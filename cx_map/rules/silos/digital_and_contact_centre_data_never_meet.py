"""SILO104."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cx_map.analyses.interactions import Interactions, Meeting, insights_of, interactions, stores_told
from cx_map.analyses.lines import lines_of
from cx_map.analyses.loop_unknowns import insights_of_unknown_inputs
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_feedback import Insight
from cx_map.model.inventory import Inventory
from cx_map.model.kinds import singular
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule


@rule(
    "SILO104",
    severity="major",
    unlock=("touchpoints.*.writes_to", "collection_points.*.writes_to", "insights.*.inputs"),
)
def digital_and_contact_centre_data_never_meet(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """What customers do online and what they say to people are analysed apart.

    ## Why it matters
    A failure on the website raises calls in the contact centre. Two dashboards, one for clicks and one for calls, both
    look fine, and the problem that lies between them is seen by nobody.

    ## How it decides
    A store keeps interactions when its `data_kinds` include experience or behavioural, or it holds such attributes;
    when signals are captured in it; or when a collection point of kind agent, chat, IVR, complaint, survey, intercept
    or behavioural writes to it, unless its `data_kinds` say otherwise. A store of customer records alone is none,
    whoever writes to it; one that does not say what it keeps is not assessed. A store of interactions is assisted when
    touchpoints, collection points or signals of staffed channels (voice, branch, video, call-back, IVR, chat, or any
    that an agent pool serves) write to it, and digital when web, app, portal or behavioural sources do; surveys make
    it neither.

    An assisted store breaks the rule when no insight is fed, directly or along flows, both by it and by a digital store
    with the customer identifiable all the way: a flow keeps identity if `keeps_identity` says so, or as an api, event
    or stream; a store of anonymous signals only has none to keep. Where the two would meet only if a flow keeps
    identity, or a store keeps interactions, of which that is not known, the store is not assessed. Where of some
    insight nobody knows what it reads (`inputs: unknown`), both may meet there: confidence is medium.

    ## Evidence it needs
    `writes_to` of touchpoints or collection points, or `captured_in` of signals, on both sides, and `data_kinds` of the
    stores; `inputs` of insights.

    ## Example
    ```yaml
    data_sources:
      click-log: {data_kinds: [behavioural]}
      call-notes: {data_kinds: [experience]}  # SILO104
    touchpoints:
      help-page: {channel: web, writes_to: [click-log]}
      hotline: {channel: phone, writes_to: [call-notes]}
    insights:
      web-dashboard: {inputs: [click-log]}
      call-dashboard: {inputs: [call-notes]}
    ```

    ## Mended
    ```yaml
    data_sources:
      click-log: {data_kinds: [behavioural]}
      call-notes: {data_kinds: [experience]}
    touchpoints:
      help-page: {channel: web, writes_to: [click-log]}
      hotline: {channel: phone, writes_to: [call-notes]}
    insights:
      web-dashboard: {inputs: [click-log]}
      contact-drivers: {inputs: [call-notes, click-log]}
    ```

    ## References
    Combined conversational and behavioural analytics over all interactions, as published practice of digital
    customer experience.
    """
    found = eco.once(interactions)
    inventory = eco.inventory
    described = any(one.usable for one in inventory.of(Insight))
    for meeting in found.meetings:
        if meeting.insight is not None:
            yield Passed(meeting.store)
        elif not meeting.keeps:
            yield NotAssessed(meeting.store, "whether it keeps interactions is not known", _KINDS)
        elif not found.digital:
            yield NotAssessed(meeting.store, "no store of digital interactions is described", _DIGITAL)
        elif not described:
            yield NotAssessed(meeting.store, "no insight is described", ("insights.*.inputs",))
        elif meeting.maybe is not None:
            reason = f"whether interactions reach '{meeting.maybe}' with the customer identifiable is not known"
            yield NotAssessed(meeting.store, reason, ("flows.*.keeps_identity", "data_sources.*.data_kinds"))
        else:
            yield _breach(eco, found, meeting)


_KINDS = ("data_sources.*.data_kinds", "platforms.*.holds")
_DIGITAL = ("touchpoints.*.writes_to", "collection_points.*.writes_to", "signals.*.captured_in")


MOST_NAMED = 5
"""Stores and insights of the other side that a finding names."""


def _breach(eco: Ecosystem, found: Interactions, meeting: Meeting) -> Breach:
    store = eco.inventory.entities[meeting.store]
    own = insights_of(eco, meeting.store)
    nearest = eco.once(_Nearest).to(meeting.store)
    others = [name for name in nearest if name != meeting.store]
    near = others or list(nearest)
    how = "never meet digital ones" if others else "never meet digital ones, which it keeps, too: no insight reads it"
    if meeting.anonymous is not None:
        how = f"meet digital ones in '{meeting.anonymous}', but the customers are lost on the way"
    unread = eco.once(insights_of_unknown_inputs)
    return Breach(
        subject=store,
        message=f"interactions in {singular(store.kind)} '{store.id}' {how}",
        related=(*(name for name in near[:MOST_NAMED] if name != store.id), *own),
        label="never meets digital data",
        evidence=(
            ("digital interactions", _named(near)),
            ("seen in", _named(own) if own else "no insight"),
            ("digital ones seen in", _named(found.seen_digital) if found.seen_digital else "no insight"),
            *(("not known", f"what '{name}' reads; the two may meet there") for name in unread[:1]),
        ),
        basis="estimated" if unread else "reported",
        measures={"digital_stores": len(near)},
        fix=_fix(eco, found, meeting, own, near),
    )


def _named(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMED
    return ", ".join(f"'{name}'" for name in names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


class _Nearest:
    """The stores of digital interactions by how near they are to an assisted one: of its lines first. Kept by lines."""

    def __init__(self, eco: Ecosystem) -> None:
        self._digital = eco.once(interactions).digital
        self._assisted = frozenset(eco.once(interactions).assisted)
        self._lines = eco.once(lines_of)
        self._told = eco.once(stores_told)
        self._kept: dict[frozenset[str], tuple[str, ...]] = {}

    def to(self, store: str) -> tuple[str, ...]:
        """All of them, the nearest first."""
        mine: frozenset[str] = self._lines.get(store, frozenset())

        def far(name: str) -> tuple[bool, bool, bool, str]:
            theirs = self._lines.get(name, frozenset())
            return (not mine & theirs, name in self._assisted, name not in self._told, name)

        if mine not in self._kept:
            self._kept[mine] = tuple(sorted(self._digital, key=far))
        return self._kept[mine]


def _fix(eco: Ecosystem, found: Interactions, meeting: Meeting, own: Sequence[str], near: Sequence[str]) -> Fix:
    """One insight, two feeds: the other side's store as one more input of an insight that there is."""
    inventory, store = eco.inventory, meeting.store
    if store in found.anonymous:
        return Fix("keep who the customer is with each interaction")
    known = next((name for name in near if name != store and name not in found.anonymous), None)
    for insight in sorted(own, key=lambda name: _unheard(inventory, name)):
        if store in _inputs(inventory, insight) and known is not None:
            return Fix(f"let '{insight}' read '{known}' too", (_input(insight, known),))
    for insight, stores in eco.once(_reading).items():
        if stores - {store}:
            return Fix(f"let '{insight}' read '{store}' too", (_input(insight, store),))
    return Fix("feed one insight from both, with the customer kept identifiable")


def _reading(eco: Ecosystem) -> Mapping[str, frozenset[str]]:
    """Insights that read stores of digital interactions of known customers, those first that somebody gets."""
    found, inventory = eco.once(interactions), eco.inventory
    known = frozenset(found.digital) - found.anonymous
    stores = {
        insight: known & _inputs(inventory, insight)
        for insight in sorted(found.seen_digital, key=lambda name: _unheard(inventory, name))
    }
    return {insight: some for insight, some in stores.items() if some}


def _unheard(inventory: Inventory, insight: str) -> bool:
    """Whether nobody gets it: that is no place to meet."""
    entity = inventory.find(insight, Insight)
    return entity is None or not entity.delivered_to


def _inputs(inventory: Inventory, insight: str) -> set[str]:
    entity = inventory.find(insight, Insight)
    return set(entity.inputs or ()) if entity is not None else set()


def _input(insight: str, store: str) -> dict[str, object]:
    return {"change": {insight: {"inputs": {"add": [store]}}}}
