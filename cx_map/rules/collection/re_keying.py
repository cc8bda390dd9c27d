"""RED107."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.attribute_uses import attribute_uses
from cx_map.analyses.bounds import bounds_of
from cx_map.analyses.known_asks import asks_of
from cx_map.analyses.operators import plain
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import flow_works, propagation
from cx_map.model.attributes import EVERYTHING, canonical
from cx_map.model.chapter_map import DataSource, Flow, Platform
from cx_map.model.chapter_service import ErrorType
from cx_map.model.inventory import Inventory, basis_of
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.bounded import in_words, measures_of


@rule("RED107", severity="major", unlock=("flows.via", "flows.carries"))
def re_keying(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """People carry customer data by hand from one system into another.

    ## Why it matters
    Retyping costs hours, delays everything behind it, and puts wrong names and balances into letters.

    ## How it decides
    A usable flow goes `via: rekey` or `via: manual`, carries attributes, and leads to a place that something depends on: a
    communication, touchpoint, agent pool, insight or collection point that uses it, or a further flow. A flow that does not say
    what it carries counts where both its ends hold the same attributes, else it is not assessed. Hours are hours of the firm's
    own staff: its volume times the seconds an item takes. `rekey` is retyping; `manual` is any other work by hand.

    ## Evidence it needs
    `via` and `carries` of flows; `volume` and `seconds` for the hours.

    ## Example
    ```yaml
    data_sources: {branch-forms: {kind: paper}, core: {}}
    communications:
      statement: {needs: [core], routes: [{channel: letter}]}
    flows:
      - {from: branch-forms, to: core, via: rekey, carries: [contact], volume: 900/month, seconds: 240}  # RED107
    ```

    ## Mended
    ```yaml
    data_sources: {branch-forms: {kind: paper}, core: {}}
    communications:
      statement: {needs: [core], routes: [{channel: letter}]}
    flows:
      - {from: branch-forms, to: core, via: api, carries: [contact], volume: 900/month}
    ```

    ## References
    Failure demand and rework in service operations; the severity is a judgement.
    """
    inventory = eco.inventory
    used, leading = eco.once(_used), eco.once(_leading)
    broken: set[str] = set()
    fine: dict[str, bool] = {}
    for flow in inventory.flows:
        if not flow_works(inventory, flow):
            continue
        name = f"{flow.from_}->{flow.to}"
        carried = _carried(inventory, flow) if flow.via in ("rekey", "manual") else ()
        if carried and (flow.to in used or any(one is not flow for one in leading.get(flow.to or "", ()))):
            broken.add(name)
            yield _breach(eco, flow, carried)
        else:
            unclear = flow.via is None or (flow.via in ("rekey", "manual") and flow.carries is None and not carried)
            fine[name] = fine.get(name, True) and not unclear
    for name in sorted(fine.keys() - broken):
        if fine[name]:
            yield Passed(name)
        else:
            yield NotAssessed(name, "how it moves, or what it carries, is not known", ("flows.via", "flows.carries"))


def _carried(inventory: Inventory, flow: Flow) -> tuple[str, ...]:
    """What it carries, once each, as written; where it does not say, what both ends hold."""
    if flow.carries is not None:
        if EVERYTHING in flow.carries:
            return (EVERYTHING,)
        return tuple({canonical(inventory, name): name for name in reversed(flow.carries)}.values())[::-1]
    sides = []
    for name in (flow.from_, flow.to):
        store = inventory.entities.get(name or "")
        holds = store.holds if isinstance(store, (DataSource, Platform)) else None
        sides.append({canonical(inventory, one.attribute) for one in holds or () if one.attribute is not None})
    return tuple(sorted(sides[0] & sides[1]))


def _used(eco: Ecosystem) -> frozenset[str]:
    """Places where something is used. O(entities)."""
    places: set[str] = set(eco.once(attribute_uses).at)
    for asked in eco.once(asks_of):
        places.update(asked.point.reads or ())
    return frozenset(places)


def _leading(eco: Ecosystem) -> Mapping[str, list[Flow]]:
    """The flows that lead on from each place, those in both directions from both ends. O(flows)."""
    found: dict[str, list[Flow]] = {}
    for link in eco.once(propagation).links:
        found.setdefault(link.source, []).append(link.flow)
    return found


def _breach(eco: Ecosystem, flow: Flow, carried: tuple[str, ...]) -> Breach:
    stated = basis_of(eco.inventory, flow)
    items = bounds_of(flow.volume, stated)
    hours = items * bounds_of(flow.seconds, stated).scaled(1 / 3600)
    shown = _shown(carried)
    errors = [
        error.id
        for error in eco.once(_errors)
        if not {flow.from_, flow.to}.isdisjoint(error.caused_by or ())
        and error.class_ in ("identity", "contact_data", "content")
    ]
    evidence = [("carries", shown), ("hand work of staff", in_words(hours, "h a month"))]
    if errors:
        evidence.append(("errors said to come from there", ", ".join(errors)))
    pair: dict[str, object] = {"from": flow.from_, "to": flow.to}
    changes: tuple[Mapping[str, object], ...] = (
        {"disconnect": {**pair, **({"id": flow.id} if flow.id else {})}},
        {"connect": {**pair, **_kept(eco.inventory, flow), "via": "api"}},
    )
    return Breach(
        subject=flow,
        message=f"{shown} {_is(carried)} {'retyped' if flow.via == 'rekey' else 'moved by hand'} from '{flow.from_}' to '{flow.to}'",
        label=f"via {flow.via}",
        related=(flow.from_ or "", flow.to or "", *errors),
        discriminator=(flow.id,) if flow.id else (),
        evidence=tuple(evidence),
        path=(PathStep(flow.from_ or "", f"flow, {flow.via}", flow.to or "", flow),),
        measures=measures_of(items_handled_per_month=items, clerk_hours_per_month=hours),
        fix=Fix("let the systems exchange this by an interface", changes),
    )


def _shown(carried: tuple[str, ...]) -> str:
    if carried == (EVERYTHING,):
        return "everything"
    return ", ".join(f"'{name}'" for name in carried[:4]) + (" and more" if len(carried) > 4 else "")


def _is(carried: tuple[str, ...]) -> str:
    return "is" if len(carried) == 1 else "are"


def _errors(eco: Ecosystem) -> tuple[ErrorType, ...]:
    return tuple(error for error in eco.inventory.of(ErrorType) if error.caused_by)


def _kept(inventory: Inventory, flow: Flow) -> dict[str, object]:
    """What stays as it is: what the flow carries, for whom, how much of it."""
    raw = inventory.source_of(flow)
    fields = ("id", "carries", "products", "segments", "volume", "two_way", "conflict_policy", "required")
    return {key: plain(raw.fields[key]) for key in fields if raw is not None and raw.fields.get(key) is not None}
