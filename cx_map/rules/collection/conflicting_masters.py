"""RED103."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.cheapest_flows import cheapest_flows
from cx_map.analyses.holdings import Held, holdings
from cx_map.analyses.loop_words import listed
from cx_map.analyses.masters import Conflict, conflicts
from cx_map.analyses.operators import items_set, together
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import ANYONE, flow_works, propagation
from cx_map.model.attributes import lineage
from cx_map.model.chapter_map import DataSource, Flow, Platform
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule

MOST_NAMED = 20
"""Stores named in the message; it says how many more there are."""
MOST_RELATED = 500
"""Stores named in `related`; the proof says how many there are."""
_UNLOCK = ("data_sources.*.holds.mastery", "platforms.*.holds.mastery")


@rule("RED103", severity="major", unlock=_UNLOCK)
def conflicting_masters(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Several stores claim to be right about the same attribute of the same customers.

    ## Why it matters
    Where two stores are master of an e-mail address, a customer who corrects one is still written to at the other, and
    nobody can say which one is true.

    ## How it decides
    Two or more usable stores hold one and the same attribute with `mastery: master`, for scopes (`products`, `segments`)
    that overlap; or collection points write it to two or more stores of which none is its master, for some of the same
    customers and although somebody has looked at its mastery; or a two-way flow that says what it carries has no
    `conflict_policy`. Of a store that does not say what it holds nobody knows whether it is the master: confidence is
    medium then. Masters for disjoint products or segments are fine (a segment is one of its products); so is a store that
    is master of a part (`product.terms`) of what another is master of (`product`): it carves that part out.

    A master in a system of a line of business that says neither products nor segments is read as that line's. Masters
    of different lines are in conflict where the attribute is of the person (identity, contact, preferences and the
    like) and the lines share customers; with medium confidence where that is not known or the attribute is the line's
    own business (orders, accounts); and not at all where the lines share nobody (`overlaps` of 0).

    The store to keep is the customer master, else the golden copy, else one that holds it for all products and
    segments, else the one most points write to, a spreadsheet or mailbox last; the others become copies, fed from it.
    One finding an attribute; its subject is the store to keep.

    ## Evidence it needs
    `mastery` in the `holds` of stores. Where nobody states any, the rule is not assessed.

    ## Example
    ```yaml
    data_sources:
      crm:  # RED103
        role: customer_master
        holds: [{attribute: contact.email, mastery: master}]
      loan-system:
        holds: [{attribute: contact.email, mastery: master}]
    ```

    ## Mended
    ```yaml
    data_sources:
      crm:
        role: customer_master
        holds: [{attribute: contact.email, mastery: master}]
      loan-system:
        holds: [{attribute: contact.email, mastery: copy}]
    flows:
      - {from: crm, to: loan-system, via: event, carries: [contact.email]}
    ```

    ## References
    Master-data practice: one master an attribute and scope. GDPR Art. 5(1)(d) asks for accurate data.
    """
    found = eco.once(conflicts)
    for conflict in found:
        yield _breach(eco, conflict)
    told = {conflict.stores[0] for conflict in found}
    settled: dict[str, bool] = {}
    for flow in eco.inventory.flows:
        if flow.two_way and flow.carries and flow_works(eco.inventory, flow):
            name = f"{flow.from_}->{flow.to}"
            settled[name] = settled.get(name, True) and flow.conflict_policy is not None
            if flow.conflict_policy is None:
                yield _two_way(flow)
    yield from (Passed(name) for name, fine in sorted(settled.items()) if fine)
    looked_at = {
        one.place
        for some in eco.once(holdings).by_attribute.values()
        for one in some
        if one.holding.mastery is not None
    }
    stores: tuple[DataSource | Platform, ...] = (*eco.inventory.of(DataSource), *eco.inventory.of(Platform))
    for store in stores:
        if store.usable and store.id not in told:
            if store.id in looked_at:
                yield Passed(store.id)
            elif store.holds or isinstance(store, DataSource):
                yield NotAssessed(store.id, "nobody says what it is master of", _UNLOCK)


def _breach(eco: Ecosystem, conflict: Conflict) -> Breach:
    keeper, *others = conflict.stores
    attribute = conflict.attribute
    names = listed(others, MOST_NAMED)
    graph = eco.once(propagation)
    stores: dict[str, list[Held]] = {}
    for name in lineage(eco.inventory, attribute):
        for one in eco.once(holdings).by_attribute.get(name, ()):
            stores.setdefault(one.place, []).append(one)
    changes: list[Mapping[str, object]] = []
    for store in (keeper, *others):
        mastery = "master" if store == keeper else "copy"
        own = [one for one in stores.get(store, ()) if one.attribute == attribute]
        wrong = {one.index: {"mastery": mastery} for one in own if one.holding.mastery != mastery}
        if wrong:
            changes.append(items_set(eco.inventory, own[0].store, "holds", "attribute", wrong))
        elif not own:
            changes.append({"change": {store: {"holds": {"add": [{"attribute": attribute, "mastery": mastery}]}}}})
    reached = graph.reach(attribute, (keeper,))
    for store in others:
        repair = cheapest_flows(eco, attribute, (keeper,), (store,), ANYONE) if store not in reached else None
        changes += repair.changes if repair is not None else ()
    # what says not what it holds would hold nothing else; what holds the whole is no copy of a part
    entities = [eco.inventory.entities[store] for store in conflict.stores]
    silent = any(getattr(one, "holds", None) is None for one in entities)
    unclear = silent or any(
        stores.get(store) and all(one.attribute != attribute for one in stores[store]) for store in others
    )
    claim = "are both master of" if len(others) == 1 and conflict.declared else "are all master of"
    if not conflict.declared:
        claim = "are written to, and none of them is said to be master of"
    rivals, summary = (
        f"'{keeper}' and {names}",
        f"let '{keeper}' be master of '{attribute}' and feed the others from it",
    )
    whose = " for the same customers"
    if not conflict.sure:
        rivals, whose = f"{rivals}, of different lines of business,", ", perhaps for the same customers"
        summary = f"say for which products each of them is master; where these are the same, {summary}"
    return Breach(
        subject=eco.inventory.entities[keeper],
        message=f"{rivals} {claim} '{attribute}'{whose}",
        label=f"'{attribute}' has {len(conflict.stores)} masters"
        if conflict.declared
        else f"'{attribute}' has no master",
        related=tuple(others[:MOST_RELATED]),
        discriminator=(attribute,),
        basis="estimated" if not conflict.sure or (silent and not conflict.declared) else "reported",
        evidence=(("stores", f"{len(conflict.stores):,} in all, {MOST_RELATED} of them in `related`"),)
        if len(others) > MOST_RELATED
        else (),
        fix=Fix(
            summary,
            () if unclear or not conflict.sure else together(changes),
        ),
    )


def _two_way(flow: Flow) -> Breach:
    return Breach(
        subject=flow,
        message=f"the two-way flow between '{flow.from_}' and '{flow.to}' does not say who wins when both changed",
        label="no `conflict_policy`",
        related=(flow.from_ or "", flow.to or ""),
        discriminator=(flow.id,) if flow.id else (),
        fix=Fix("state the `conflict_policy`: which side wins, or make the flow one-way"),
    )
