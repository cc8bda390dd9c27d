"""DATA101."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.holdings import NOT_OPERATIONAL, holdings, kept_by_hand
from cx_map.analyses.operators import connected
from cx_map.analyses.single_view import (
    View,
    attached,
    declared_master,
    feeding_counts,
    held_by_store,
    key_holdings,
    possible_views,
    role_masters,
    score_of,
    views,
)
from cx_map.analyses.wording import enumerated
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.chapter_map import DataSource
from cx_map.model.entity import Entity
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule

NEW_FLOW = 5
MOST_RELATED = 50


class Parameters(Struct, frozen=True):
    """How much must come together."""

    score: Annotated[float, "Share of customer-weighted pairs of stores that must be joined online."] = 0.8


@rule("DATA101", severity="major", unlock=("data_sources.*.holds", "flows", "data_sources.*.role"))
def no_single_view(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """What the firm knows of a customer comes together nowhere, not even by interfaces.

    ## Why it matters
    Without one view of the customer, at least by interfaces between the stores, nobody can honour a preference, answer
    a question or plan a contact across lines of business.

    ## How it decides
    For each of five groups of attributes (identity, contact, product, preference, interaction) that two or more
    operational stores hold: either every one of these stores feeds the master, or is fed by it, along flows that carry
    the group; or they reach each other by api, event or stream flows. The master is a store with the role
    `customer_master` (or `golden`), else the one store that declares itself master in the group, for everybody. One way
    is enough: a copy that the master feeds is the textbook hub. The score of a group is the share of ordered pairs of
    stores that are joined in either way, weighted by the customers of their lines of business (equally, where these are
    not known). The rule is broken when the mean of the scores is below `score` and some group has stores that are not
    joined and no master of them all; only such groups are told. It is not assessed where that hangs on flows with
    `carries: unknown`. Archives, reporting stores, caches and suppression lists are left out.

    The finding costs two plans: a hub (every store feeds one) and a mesh (every pair joined); the fix is the hub, for
    the stores that are apart from it. Where none is, they come together in a store that nobody calls the master:
    *minor*. Its subject is the hub: the customer master or golden store, else the store or platform that is master of
    most of these attributes, else the store that holds most of them, else the one that most stores feed.

    ## Evidence it needs
    `holds` of at least two stores, `flows` with `carries`, `role`.

    ## Example
    ```yaml
    data_sources:
      cards-db: {holds: [contact.email, identity.name]}
      deposits-db: {holds: [contact.email, identity.name]}  # DATA101
      loans-db: {holds: [contact.email]}
    flows:
      - {from: loans-db, to: deposits-db, via: file, every: 1d, carries: [contact]}
    ```

    ## Mended
    ```yaml
    data_sources:
      cards-db: {holds: [contact.email, identity.name]}
      deposits-db: {holds: [contact.email, identity.name]}
      loans-db: {holds: [contact.email]}
      customer-hub: {kind: mdm, role: customer_master}
    flows:
      - {from: cards-db, to: customer-hub, via: api, carries: [contact, identity]}
      - {from: deposits-db, to: customer-hub, via: api, carries: [contact, identity]}
      - {from: loans-db, to: customer-hub, via: api, carries: [contact]}
    ```

    ## References
    Assessment of communications ecosystems: a central view, or interfaces that stand in for it. 80 % is a judgement.
    """
    found = eco.once(views)
    if not found:
        for source in eco.inventory.of(DataSource):
            if source.usable:
                yield NotAssessed(
                    source.id, "fewer than two stores say that they hold data of customers", ("data_sources.*.holds",)
                )
        return
    score = score_of(found)
    apart = [view for view in found if view.master is None and view.missing]
    stores = sorted({store for view in found for store in view.stores})
    if score >= parameters.score or not apart:
        yield from (Passed(store) for store in stores)
        return
    perhaps = eco.once(possible_views)
    if score_of(perhaps) >= parameters.score or all(view.master is not None or not view.missing for view in perhaps):
        for store in stores:
            yield NotAssessed(store, "what some flows between the stores carry is not known", ("flows.carries",))
        return
    hub = _hub(eco, apart)
    yield _breach(eco, apart, hub, score, stores)


def _hub(eco: Ecosystem, apart: list[View]) -> Entity:
    """The customer master, else the golden store, else the master of most key attributes, else what holds most of them.

    Then the one that most stores feed already; of equal masters data sources before platforms, what is kept by hand last.
    """
    stores = sorted({store for view in apart for store in view.stores})
    masters = eco.once(role_masters)
    if masters:
        return eco.inventory.entities[masters[0]]

    counts = [feeding_counts(eco, view) for view in apart]
    held = key_holdings(eco, [view.group for view in apart])

    def key(name: str) -> tuple[bool, int, bool, int, int, str]:
        feeding = sum(count.get(name, 0) for count in counts)
        mastered, kept = held.get(name, (0, 0))
        store = eco.inventory.entities[name]
        return (kept_by_hand(store), -mastered, not isinstance(store, DataSource), -kept, -feeding, name)

    return eco.inventory.entities[min(stores, key=key)]


def _breach(eco: Ecosystem, apart: list[View], hub: Entity, score: float, stores: list[str]) -> Breach:
    graph = eco.once(propagation)
    wanted: dict[str, list[str]] = {}
    for view in apart:
        with_it, held = attached(eco, view.group, hub.id), held_by_store(eco, view.group)
        for store in view.stores:
            if store not in with_it:
                wanted.setdefault(store, []).extend(held[store])
    changes: list[Mapping[str, object]] = []
    blocked = {(link.source, link.target) for link in graph.blocked}
    existing = {(link.source, link.target) for link in graph.links}
    # a platform has no role: it is the master where it alone says so
    possible = isinstance(hub, DataSource) or all(hub.id in declared_master(eco, view.group) for view in apart)
    for store, names in sorted(wanted.items()):
        possible = possible and (store, hub.id) not in blocked
        operator = connected(store, hub.id, names[0])
        flow = operator["connect"]
        if isinstance(flow, dict):
            flow["carries"] = names
            if (store, hub.id) in existing:
                flow["id"] = f"{hub.id}-view"
        changes.append(operator)
    if isinstance(hub, DataSource) and hub.role not in ("customer_master", "golden"):
        changes.append({"change": {hub.id: {"role": "customer_master"}}})
    mesh = sum(view.missing for view in apart)
    names = [_CALLED[view.group] for view in apart]
    lacking = enumerated(names)
    silent = [eco.inventory.find(name, DataSource) for name in eco.once(holdings).silent]
    unsaid = any(one is not None and one.role not in NOT_OPERATIONAL for one in silent)
    other = "other store that says what it holds" if unsaid else "other store"
    message = f"customers' {lacking} come together neither at '{hub.id}' nor in any {other}"
    summary = f"make '{hub.id}' the customer master and feed it from {_number(len(wanted), 'more store')}"
    if not wanted:
        message = f"customers' {lacking} come together at '{hub.id}', which nobody calls the customer master"
        summary = f"make '{hub.id}' the customer master: the other stores feed it, or are fed by it, already"
    return Breach(
        subject=hub,
        severity="major" if wanted else "minor",
        message=message,
        label=f"{score:.0%} of the pairs of stores are joined online",
        related=tuple(store for store in stores if store != hub.id)[:MOST_RELATED],
        evidence=(
            *(
                (
                    _CALLED[view.group],
                    f"{len(view.stores)} stores, {view.missing} of {len(view.stores) * (len(view.stores) - 1)} pairs not joined",
                )
                for view in apart
            ),
            (
                "hub plan",
                f"{_number(len(wanted), 'flow')} to '{hub.id}', cost {len(wanted) * NEW_FLOW}"
                if wanted
                else f"no new flow to '{hub.id}'",
            ),
            ("mesh plan", f"{_number(mesh, 'flow')}, cost {mesh * NEW_FLOW}"),
        ),
        measures={"joined_share": round(score, 3), "hub_flows": len(wanted), "mesh_flows": mesh},
        fix=Fix(summary, tuple(changes) if possible else ()),
    )


_CALLED = {
    "identity": "identities", "contact": "contact details", "product": "products", "preference": "preferences",
    "interaction": "interactions",
}  # fmt: skip
"""The key groups of attributes as people call them."""


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
