"""PREF103."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.cheapest_flows import cheapest_flows
from cx_map.analyses.holdings import learners
from cx_map.analyses.preference_masters import PERMISSIONS, Rivals, Split, rivals, splits, writers_of
from cx_map.analyses.preferences import attribute_of, capture_points, governing, told_at
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import ANYONE, propagation
from cx_map.model.chapter_customers import CollectionPoint, Preference
from cx_map.model.chapter_map import Communication
from cx_map.model.inventory import Inventory
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule

_VAGUE = "what a flow between its stores carries is not known"


@rule(
    "PREF103",
    severity="major",
    unlock=("preferences.*.master", "preferences.*.captured_at", "collection_points.*.writes_to"),
)
def two_preference_masters_without_sync(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Two places decide what a customer wants, and neither learns from the other.

    ## Why it matters
    A customer who said no in the web centre is called by the contact centre, whose own list says yes; and a profile
    setting says yes while a STOP list says no.

    ## How it decides
    *Preference:* its master, the stores that hold it with `mastery: master` and the stores its points of capture and withdrawal
    write to must feed the master along flows that carry it. A second declared master is fine only where it is one for other
    products or segments, or where both know what the other knows and a flow between them has a `conflict_policy`; where no
    store is master, the same holds for all that are written to.

    A store that says what it holds, and holds nothing of the preference, is not taken for one that decides it only
    because a form that also asks something else writes there; but where none of the stores of a point of capture holds
    it or feeds the master, what customers choose there is lost (medium confidence, for lists of what stores hold are
    seldom whole). Where flows with `carries: unknown` may join the stores, it is not assessed.

    *Communication:* two preferences that say whether a customer may be contacted this way (kinds channel, e_delivery,
    consent, do_not_contact) govern it, or one of its routes, and have different masters, of which neither learns the
    other's preference.

    ## Evidence it needs
    `master`, `captured_at`, `withdrawn_at`, `writes_to` of the points, flows; `governed_by` and kinds of preferences.

    ## Example
    ```yaml
    data_sources: {web-centre: {}, call-centre-crm: {}}
    collection_points:
      web-settings: {writes_to: [web-centre]}
      agent-form: {writes_to: [call-centre-crm]}
    preferences:
      offers: {kind: consent, captured_at: [web-settings, agent-form], master: web-centre}  # PREF103
    ```

    ## Mended
    ```yaml
    data_sources: {web-centre: {}, call-centre-crm: {}}
    flows: [{from: call-centre-crm, to: web-centre, via: event, carries: [preference.offers]}]
    collection_points:
      web-settings: {writes_to: [web-centre]}
      agent-form: {writes_to: [call-centre-crm]}
    preferences:
      offers: {kind: consent, captured_at: [web-settings, agent-form], master: web-centre}
    ```

    ## References
    Master-data practice; preferences of language, frequency and format are left out of the second part, for two stores
    may well keep those apart.
    """
    for preference in eco.inventory.of(Preference):
        if preference.usable:
            yield from _judge(eco, preference)
    for communication in eco.inventory.of(Communication):
        if communication.usable:
            yield from _judge_pairs(eco, communication)


def _judge(eco: Ecosystem, preference: Preference) -> Iterator[Verdict]:
    found, lost = rivals(eco, preference), _lost(eco, preference)
    if found is not None:
        yield NotAssessed(preference.id, _VAGUE, ("flows.carries",)) if found.vague else _of_preference(eco, found)
    if lost:
        yield _of_points(eco, preference, lost)
    elif found is None and writers_of(eco, preference):
        yield Passed(preference.id)
    elif found is None:
        yield NotAssessed(
            preference.id, "where it is kept is not known", ("preferences.*.master", "collection_points.*.writes_to")
        )


def _lost(eco: Ecosystem, preference: Preference) -> tuple[CollectionPoint, ...]:
    """Points of capture none of whose stores in use keeps the choice or passes it on to the master."""
    master = eco.inventory.entities.get(preference.master or "")
    if master is None or not master.usable:
        return ()
    known, graph = eco.once(learners), eco.once(propagation)
    feeding = graph.reach(attribute_of(preference), (master.id,), backward=True, perhaps=True)
    return tuple(
        point
        for point in capture_points(eco.inventory, preference)
        if point.writes_to
        and not told_at(known, preference, point)
        and feeding.isdisjoint((point.id, *_stores(eco.inventory, point)))
        and all(getattr(eco.inventory.entities[name], "holds", None) for name in _stores(eco.inventory, point))
    )


def _stores(inventory: Inventory, point: CollectionPoint) -> tuple[str, ...]:
    """The stores in use that a point writes to."""
    return tuple(name for name in point.writes_to or () if inventory.entities[name].usable)


def _of_points(eco: Ecosystem, preference: Preference, lost: tuple[CollectionPoint, ...]) -> Breach:
    names = ", ".join(f"'{point.id}'" for point in lost)
    stores = tuple(dict.fromkeys(name for point in lost for name in point.writes_to or ()))
    changes: list[Mapping[str, object]] = []
    summaries: list[str] = []
    for point in lost:
        starts = _stores(eco.inventory, point) or (point.id,)
        repair = cheapest_flows(eco, attribute_of(preference), starts, (preference.master or "",), ANYONE)
        if repair is not None:
            summaries.append(repair.summary)
            changes += [change for change in repair.changes if change not in changes]
    return Breach(
        subject=preference,
        message=f"'{preference.id}' is given at {names}, whose stores neither keep it nor pass it on to '{preference.master}'",
        label=f"lost at {names}",
        related=(*(point.id for point in lost), *stores, preference.master or ""),
        discriminator=("lost",),
        basis="estimated",
        fix=Fix("; ".join(dict.fromkeys(summaries)) or "keep it where it is given", tuple(changes)),
    )


def _judge_pairs(eco: Ecosystem, communication: Communication) -> Iterator[Verdict]:
    several = [one for one, _ in governing(eco.inventory, communication) if one.kind_ in PERMISSIONS]
    if len(several) < 2:
        return
    pairs = splits(eco, communication)
    sure = [pair for pair in pairs if not pair.vague]
    yield from (_of_communication(eco, pair) for pair in sure)
    if pairs and not sure:
        yield NotAssessed(communication.id, _VAGUE, ("flows.carries",))
    elif not pairs and all(one.master is not None for one in several):
        yield Passed(communication.id)
    elif not pairs:
        yield NotAssessed(
            communication.id, "the master of one of its preferences is not known", ("preferences.*.master",)
        )


def _of_preference(eco: Ecosystem, found: Rivals) -> Breach:
    preference, attribute = found.preference, attribute_of(found.preference)
    changes: list[Mapping[str, object]] = []
    names: list[str] = []
    for store in found.apart:
        repair = cheapest_flows(eco, attribute, (store,), (found.keeper,), ANYONE)
        if repair is not None and repair.changes:
            names.append(repair.summary)
            changes += [change for change in repair.changes if change not in changes]
    apart = ", ".join(f"'{name}'" for name in found.apart)
    whole = len(names) == len(found.apart) and preference.master == found.keeper and not _declared_masters(eco, found)
    return Breach(
        subject=preference,
        message=f"'{preference.id}' is decided at '{found.keeper}' and also at {apart}, which {'does' if len(found.apart) == 1 else 'do'} not feed it",
        label=f"decided at {len(found.apart) + 1} places",
        related=(found.keeper, *found.apart),
        fix=Fix(
            "; ".join(names) or f"name one master of '{preference.id}' and feed it from the others",
            tuple(changes) if whole else (),
        ),
    )


def _declared_masters(eco: Ecosystem, found: Rivals) -> bool:
    """Whether a store that stands apart calls itself master: a flow alone does not settle that."""
    attribute = attribute_of(found.preference)
    for name in found.apart:
        for holding in getattr(eco.inventory.entities[name], "holds", None) or ():
            if holding.attribute == attribute and holding.mastery == "master":
                return True
    return False


def _of_communication(eco: Ecosystem, pair: Split) -> Breach:
    first, second = pair.first, pair.second
    one, two = first.master or "", second.master or ""
    repair = cheapest_flows(eco, attribute_of(second), (two,), (one,), ANYONE)
    return Breach(
        subject=pair.communication,
        message=f"'{pair.communication.id}' is governed by '{first.id}' at '{one}' and by '{second.id}' at '{two}', which do not know of each other",
        label=f"'{first.id}' and '{second.id}' have different masters",
        related=(first.id, second.id, one, two),
        discriminator=tuple(sorted((first.id, second.id))),
        fix=Fix(
            repair.summary if repair is not None else "let one store decide both",
            repair.changes if repair is not None else (),
        ),
    )
