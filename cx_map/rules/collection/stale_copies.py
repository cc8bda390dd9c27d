"""RED104."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.operators import item_set, quicker
from cx_map.analyses.staleness import Copy, copies
from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.values import duration_text
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Verdict, rule


class Parameters(Struct, frozen=True):
    """How old contact details may be."""

    contact_hours: Annotated[float, "Hours after which a change of contact details must be known everywhere."] = 24.0


@rule("RED104", severity="minor", unlock=("data_sources.*.holds.mastery", "flows.latency", "flows.every"))
def stale_copies(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A copy learns of a change later than the attribute stays fresh.

    ## Why it matters
    A customer who has moved and told so expects the next letter at the new address. GDPR asks for data that are kept
    up to date.

    ## How it decides
    For each attribute that a store holds with `mastery: copy`, the worst time from the master of the same scope is the
    quickest way along flows that carry it (latency at the 95th percentile plus a whole interval of each batch), and at least
    the copy's own `refresh`. The rule is broken when this is longer than the attribute's `valid_for` or, for
    contact details, longer than `contact_hours`. Latencies that nobody states count zero: a lower bound that is too long is a
    finding, else the copy is not assessed. Attributes that age without bound are left out.

    The fix quickens the slowest flow of the way to what the others leave of the time allowed.

    ## Evidence it needs
    `mastery` of held attributes, `latency` and `every` of flows (or `refresh` of the copy).

    ## Example
    ```yaml
    data_sources:
      crm: {holds: [{attribute: contact.postal_address, mastery: master}]}
    platforms:
      print-engine:
        holds:
          - {attribute: contact.postal_address, mastery: copy}  # RED104
    flows:
      - {from: crm, to: print-engine, via: file, every: 1w, latency: 2h, carries: [contact]}
    ```

    ## Mended
    ```yaml
    data_sources:
      crm: {holds: [{attribute: contact.postal_address, mastery: master}]}
    platforms:
      print-engine:
        holds:
          - {attribute: contact.postal_address, mastery: copy}
    flows:
      - {from: crm, to: print-engine, via: event, latency: 5m, carries: [contact]}
    ```

    ## References
    GDPR Art. 5(1)(d), accuracy. One day for contact details is a judgement.
    """
    broken: set[str] = set()
    fine: dict[str, bool] = {}
    found = copies(eco, parameters.contact_hours * 3600)
    for copy in found:
        place = copy.held.place
        if copy.age > copy.allowed and not copy.vague:
            broken.add(place)
            yield _breach(eco, copy)
        else:
            fine[place] = fine.get(place, True) and copy.known and not copy.vague
    for place in sorted(fine.keys() - broken):
        if fine[place]:
            yield Passed(place)
        else:
            yield NotAssessed(
                place,
                "how long a change takes to get there is not known",
                ("flows.latency", "flows.every", "flows.carries"),
            )


def _breach(eco: Ecosystem, copy: Copy) -> Breach:
    store, attribute = copy.held.store, copy.held.attribute
    changes: list[Mapping[str, object]] = []
    summary = f"refresh the copy within {length(copy.allowed)}"
    if copy.refresh:
        refreshed = {"refresh": duration_text(copy.allowed)}
        changes.append(item_set(eco.inventory, store, "holds", copy.held.index, "attribute", refreshed))
    total = sum(link.worst for link in copy.links)
    if total > copy.allowed:
        left = copy.allowed
        rest = total
        names: list[str] = []
        for link in sorted(copy.links, key=lambda one: (-one.worst, one.source, one.target)):
            rest -= link.worst
            share = left - rest if left - rest >= 1 else 1.0
            changes.append(quicker(link, attribute, share))
            names.append(f"{link.source} → {link.target}")
            rest += share
            if rest <= left:
                break
        events = f"bring changes as events along {', '.join(names)}"
        summary = f"{summary}, and {events}" if copy.refresh else events
    return Breach(
        subject=store,
        message=f"'{store.id}' learns of a change of '{attribute}' up to {length(copy.age)} late; {length(copy.allowed)} are allowed",
        at=("holds", copy.held.index),
        label=f"up to {length(copy.age)} old",
        related=(copy.master,) if copy.master is not None else (),
        discriminator=(attribute,),
        evidence=(("worst age", length(copy.age)), ("allowed", length(copy.allowed))),
        path=tuple(PathStep(link.source, f"flow, {length(link.worst)}", link.target, link.flow) for link in copy.links),
        measures={"worst_age_seconds": copy.age, "allowed_seconds": copy.allowed},
        fix=Fix(summary, tuple(changes)),
    )
