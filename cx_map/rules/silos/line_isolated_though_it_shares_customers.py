"""SILO101."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.holdings import kept_by_hand
from cx_map.analyses.hub_of_lines import common_store
from cx_map.analyses.isolation import Isolation, counts_outside, isolations, strangers
from cx_map.analyses.shared_customers import MOST_LINES, too_wide
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import DataSource, Platform
from cx_map.model.inventory import Inventory
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Range, Verdict, rule
from cx_map.rulekit.breach import Measure


class Parameters(Struct, frozen=True):
    """What counts as isolated."""

    ratio: Annotated[float, "Observed over expected exchange with other lines, below which a line is isolated."] = 0.5
    overlap: Annotated[float, "Share of the line's customers whom other lines serve too, from which it matters."] = 0.1
    places: Annotated[int, "Fewest stores, platforms and other ends of flows that a line must have."] = 3


@rule("SILO101", severity="major", unlock=("lines_of_business", "overlaps", "flows", "*.line_of_business"))
def line_isolated_though_it_shares_customers(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A line of business hardly exchanges data with the others, although it serves the same customers.

    ## Why it matters
    Systems built and managed in isolation keep what one line knows of a customer from the next: the customer is
    asked twice, gets contradictory messages, and a choice made here does not hold there.

    ## How it decides
    Flows are weighted by the attributes they carry. Of the flow ends at the places of a line (stores, platforms and
    whatever else its flows join, those of its sub-lines included), the part that leads outside is *observed*; the part
    that would if flows were drawn at random is *expected*, the others' share of all flow ends (configuration model).
    The rule is broken when observed / expected is below `ratio`, other lines serve at least the share `overlap` of
    its customers (the largest stated overlap counts, so this is a lower bound), and it has at least `places` places.
    Flows with `via: none` carry nothing. A place of no known line counts as outside where flows join it, directly or
    over others of its sort, to places outside the line; where only this line's places are joined to it, it may be the
    line's own, and its flows count neither way. Lines that a flow with `policy: blocked` keeps apart are so by design, and
    the customers shared with them do not count. Where no overlap is stated anywhere, customers of segments with
    products of several lines (up to 50) are taken to be shared, as a hypothesis.

    The fix joins it to the customer master (else the golden store, else a store shared by several lines), and to the
    best-filled stores of its partners where that is not enough or there is none. Spreadsheets, mailboxes and other
    stores kept by hand are joined only where a side has nothing else.

    ## Evidence it needs
    `line_of_business` (or `serves`) of stores and platforms, `flows`, `overlaps`, and `customers` of the line.

    ## Example
    ```yaml
    lines_of_business:
      cards: {customers: 200000}
      mortgages: {customers: 50000, origin: acquired}  # SILO101
    overlaps: [{between: [cards, mortgages], customers: 20000}]
    defaults: {data_sources: {line_of_business: cards}}
    data_sources:
      card-crm: {holds: [contact.email, contact.phone]}
      card-core: {holds: [account.number]}
      loan-crm: {line_of_business: mortgages, holds: [contact.email, contact.postal_address]}
      loan-core: {line_of_business: mortgages, holds: [account.number]}
      loan-file: {line_of_business: mortgages, holds: [contact.postal_address]}
    flows:
      - {from: card-core, to: card-crm, carries: [account.number]}
      - {from: loan-crm, to: loan-core, carries: [contact.email, contact.postal_address]}
      - {from: loan-core, to: loan-file, carries: [contact.postal_address]}
    ```

    ## Mended
    ```yaml
    lines_of_business:
      cards: {customers: 200000}
      mortgages: {customers: 50000, origin: acquired}
    overlaps: [{between: [cards, mortgages], customers: 20000}]
    defaults: {data_sources: {line_of_business: cards}}
    data_sources:
      card-crm: {holds: [contact.email, contact.phone]}
      card-core: {holds: [account.number]}
      loan-crm: {line_of_business: mortgages, holds: [contact.email, contact.postal_address]}
      loan-core: {line_of_business: mortgages, holds: [account.number]}
      loan-file: {line_of_business: mortgages, holds: [contact.postal_address]}
    flows:
      - {from: card-core, to: card-crm, carries: [account.number]}
      - {from: loan-crm, to: loan-core, carries: [contact.email, contact.postal_address]}
      - {from: loan-core, to: loan-file, carries: [contact.postal_address]}
      - {from: card-crm, to: loan-crm, via: api, carries: [contact.email, contact.phone]}
      - {from: loan-crm, to: card-crm, via: api, carries: [contact.email, contact.postal_address]}
    ```

    ## References
    Newman, Modularity and community structure in networks (2006), for the configuration model. Thresholds are
    judgements, checked by a planted isolated line (ratio 0.00) among normal ones.
    """
    for isolation in eco.once(isolations):
        yield _judge(eco, isolation, parameters)


def _judge(eco: Ecosystem, isolation: Isolation, parameters: Parameters) -> Verdict:
    name, ratio, sharing = isolation.line.id, isolation.ratio, isolation.sharing
    if len(isolation.nodes) < parameters.places:
        reason = f"fewer than {parameters.places} stores, platforms or ends of flows are said to be its own"
        return NotAssessed(name, reason, ("*.line_of_business", "platforms.*.serves"))
    if ratio is None:
        if isolation.unclear:
            return NotAssessed(name, "which lines of business the places joined to it work for is not known", _LINES)
        return NotAssessed(name, "no flow of its own, or none outside it, is described", ("flows",))
    if ratio >= parameters.ratio or (sharing.share is not None and sharing.share < parameters.overlap):
        return Passed(name)
    if sharing.share is None:
        if name in eco.once(too_wide):
            reason = f"no overlap is stated, and of a segment of more than {MOST_LINES} lines of business none is read"
            return NotAssessed(name, reason, _CUSTOMERS)
        return NotAssessed(name, "how many of its customers other lines serve is not known", _CUSTOMERS)
    return _breach(eco, isolation, ratio, sharing.share, parameters)


_LINES = ("data_sources.*.line_of_business", "platforms.*.line_of_business", "platforms.*.serves")
_CUSTOMERS = ("overlaps", "lines_of_business.*.customers")


def _breach(eco: Ecosystem, isolation: Isolation, ratio: float, share: float, parameters: Parameters) -> Breach:
    line, sharing = isolation.line, isolation.sharing
    measures: dict[str, Measure] = {
        "ratio": round(ratio, 2),
        "observed": round(isolation.observed, 3),
        "expected": round(isolation.expected, 3),
        "overlap": round(share, 3),
    }
    if isolation.conductance is not None:
        measures["conductance"] = round(isolation.conductance, 3)
    if isolation.index is not None:
        measures["index"] = round(isolation.index)
    if sharing.customers is not None:
        shared = share * sharing.customers
        measures["shared_customers"] = Range(
            shared, None if sharing.most is None else max(shared, sharing.most), sharing.basis
        )
    evidence = [
        ("crosses the border", f"{isolation.cut:g} of {isolation.volume:g} flow ends, counted by attributes carried")
    ]
    ways = isolation.crossing[:5]
    evidence += [("crossing flow", f"'{flow.from_}' to '{flow.to}'") for flow in ways]
    evidence += [("not counted", f"'{flow.from_}' to '{flow.to}'") for flow in isolation.unclear[:5]]
    evidence += [("no path", f"from '{store}' to '{place}'") for store, place in strangers(eco, isolation)]
    evidence += [("apart by design", f"'{name}'") for name in sharing.by_design]
    return Breach(
        subject=line,
        message=f"line of business '{line.id}' exchanges {ratio:.0%} of the data to be expected with other lines, "
        f"which serve {share:.0%} or more of its customers",
        related=sharing.partners,
        label=f"isolated: ratio {ratio:.2f}",
        evidence=tuple(evidence),
        path=tuple(PathStep(flow.from_ or "", "flow", flow.to or "", flow) for flow in ways),
        measures=measures,
        basis=sharing.basis,
        fix=_fix(eco, isolation, parameters),
    )


def _fix(eco: Ecosystem, isolation: Isolation, parameters: Parameters) -> Fix:
    """Few flows until the ratio is high enough: with the customer master first, then between best-filled stores of both sides."""
    inventory = eco.inventory
    hub = common_store(eco, isolation.nodes)
    if hub is not None and not counts_outside(eco, isolation.line.id, hub):
        hub = None  # of no known line, and joined to this one only: for all that is known it may be its own
    partners = isolation.sharing.partners
    ours = _stores(inventory, set(isolation.nodes), None)
    theirs = _stores(inventory, set(isolation.nodes), partners)
    if hub is not None:
        theirs = [hub, *(name for name in theirs if name != hub)]
    if not ours or not theirs:
        return Fix("connect its customer store with that of the lines it shares customers with")
    candidates: list[tuple[str, str, list[str]]] = []
    for mine in ours:
        for other in theirs:
            candidates += [(mine, other, _held(inventory, mine)), (other, mine, _held(inventory, other))]
    joined = {(flow.from_, flow.to) for flow in (*isolation.crossing, *isolation.unclear)}
    changes: list[dict[str, object]] = []
    weight = 0.0
    candidates = [one for one in candidates if one[2] or hub not in one[:2]]
    for source, target, attributes in sorted(
        candidates, key=lambda one: (hub not in one[:2], -len(one[2]), one[0], one[1])
    ):
        if isolation.ratio_with(weight) >= parameters.ratio or len(changes) == MOST_FLOWS:
            break
        if (source, target) in joined:
            continue
        weight += max(len(attributes), 1)
        connect: dict[str, object] = {"from": source, "to": target, "via": "api"}
        changes.append({"connect": {**connect, "carries": attributes} if attributes else connect})
    pairs = ", ".join(f"'{source}' to '{target}'" for one in changes for source, target in [_ends(one)])
    if isolation.ratio_with(weight) < parameters.ratio:
        return Fix(f"open the border; begin with {pairs}, which is not enough yet")
    return Fix(f"connect {pairs}", tuple(changes))


MOST_FLOWS = 4
"""A fix of more flows than this is a programme, not a fix."""


def _ends(change: dict[str, object]) -> tuple[str, str]:
    connect = change["connect"]
    assert isinstance(connect, dict)  # made above
    return connect["from"], connect["to"]


def _stores(inventory: Inventory, inside: set[str], partners: tuple[str, ...] | None) -> list[str]:
    """The best-filled stores of the line itself, or of its partners; at most three, none kept by hand if there is another."""
    found: dict[str, bool] = {}
    for one in (*inventory.of(DataSource), *inventory.of(Platform)):
        lines = {one.line_of_business} | set(one.serves or () if isinstance(one, Platform) else ())
        chosen = one.id in inside if partners is None else one.id not in inside and bool(lines & set(partners))
        if one.usable and chosen:
            found[one.id] = kept_by_hand(one)
    kept = [name for name, by_hand in found.items() if not by_hand] or list(found)
    return sorted(kept, key=lambda name: (-len(_held(inventory, name)), name))[:3]


def _held(inventory: Inventory, name: str) -> list[str]:
    entity = inventory.find(name, DataSource) or inventory.find(name, Platform)
    holds = entity.holds if entity is not None else None
    return sorted({one.attribute for one in holds or () if one.attribute is not None})
