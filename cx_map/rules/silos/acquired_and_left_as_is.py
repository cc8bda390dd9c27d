"""SILO102."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, TypeAlias

from msgspec import Struct

from cx_map.analyses.dated import first_day, last_day, months_later, when
from cx_map.analyses.holdings import kept_by_hand
from cx_map.analyses.hub_of_lines import common_store
from cx_map.analyses.isolation import Isolation, Sharing, isolations, sharing_of
from cx_map.analyses.lines import ancestors, lines_of
from cx_map.analyses.wording import enumerated
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.chapter_map import DataSource, Flow, LineOfBusiness, Platform
from cx_map.model.inventory import Inventory
from cx_map.model.kinds import singular
from cx_map.model.values import worst_basis
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.breach import Measure

BY_HAND = ("file", "report", "manual", "rekey")
"""Ways of moving data that leave two systems as they were."""

Acquired: TypeAlias = "LineOfBusiness | Platform"


class Parameters(Struct, frozen=True):
    """How long an acquisition may take to grow in."""

    months: Annotated[int, "Months after the acquisition from which it counts as left as it was."] = 12


@rule("SILO102", severity="major", unlock=("lines_of_business.*.acquired_on", "platforms.*.acquired_on", "overlaps"))
def acquired_and_left_as_is(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """What came with an acquisition is still joined to the firm by files and hands only, or not at all.

    ## Why it matters
    Systems integrated "as is" after a merger keep two firms alive behind one name: the same customers are addressed
    by both, and what they tell one does not reach the other.

    ## How it decides
    A line of business or platform with `origin: acquired` breaks the rule when it was acquired at least `months` ago
    (a partial date counts as its last day), serves customers whom other lines serve too, and everything that crosses
    its border is a file, a report, manual or rekeyed, or nothing crosses it. Where flows are described elsewhere and none at
    all of its own stores and platforms, nothing crosses it as far as anybody says (medium confidence). The border of a line is that of all its
    stores and platforms; a platform that belongs to an acquired line of the inventory is judged with that line.
    A flow between the line and a place that is not known to work for any line of business may or may not cross the
    border: where such a flow is automated, the question stays open, as it does where `via` is not known. An automated
    batch counts as integration. Lines that a flow with `policy: blocked` keeps apart are apart by design; customers
    shared with them do not count.

    The fix automates the way to the customer master (else the golden store, else a store shared by several lines), or
    connects its best-filled store to it; where there is none, it automates the flow that tells most.

    ## Evidence it needs
    `origin` and `acquired_on`, `flows` with `via`, the line of business of the stores and platforms at their ends,
    `overlaps` with their customers, and today's date.

    ## Example
    ```yaml
    lines_of_business:
      cards: {customers: 200000}
      mortgages: {customers: 50000, origin: acquired, acquired_on: 2023-05}  # SILO102
    overlaps: [{between: [cards, mortgages], customers: 20000, as_of: 2026-06}]
    data_sources:
      card-crm: {line_of_business: cards, holds: [contact.email]}
      loan-crm: {line_of_business: mortgages, holds: [contact.email, preference.channel]}
    flows:
      - {from: loan-crm, to: card-crm, carries: [contact.email], via: file, every: 1w}
    ```

    ## Mended
    ```yaml
    lines_of_business:
      cards: {customers: 200000}
      mortgages: {customers: 50000, origin: acquired, acquired_on: 2023-05}
    overlaps: [{between: [cards, mortgages], customers: 20000, as_of: 2026-06}]
    data_sources:
      card-crm: {line_of_business: cards, holds: [contact.email]}
      loan-crm: {line_of_business: mortgages, holds: [contact.email, preference.channel]}
    flows:
      - {from: loan-crm, to: card-crm, carries: [contact.email], via: event}
    ```

    ## References
    Systems integrated as they were after mergers, as a barrier named by published ecosystem assessments. The twelve
    months are a judgement.
    """
    lines = {isolation.line.id: isolation for isolation in eco.once(isolations)}
    acquired: list[Acquired] = [one.line for one in lines.values() if one.line.origin == "acquired"]
    judged = {one.id for one in acquired}
    for platform in eco.inventory.of(Platform):
        if platform.usable and platform.origin == "acquired":
            of = eco.once(lines_of).get(platform.id, frozenset())
            upward = {name for line in of for name in (line, *ancestors(eco.inventory, line))}
            if not upward & judged:
                acquired.append(platform)
    for subject in acquired:
        yield _judge(eco, subject, lines, parameters)


def _judge(eco: Ecosystem, subject: Acquired, lines: Mapping[str, Isolation], parameters: Parameters) -> Verdict:
    if subject.acquired_on is None:
        return NotAssessed(subject.id, "when it was acquired is not known", (f"{subject.kind}.*.acquired_on",))
    if eco.as_of is None:
        return NotAssessed(subject.id, "there is no today to reckon from", ("references.*.as_of",))
    if months_later(last_day(subject.acquired_on), parameters.months) > first_day(eco.as_of):
        return Passed(subject.id)
    sharing: Sharing | None
    unclear: tuple[Flow, ...] = ()
    if isinstance(subject, LineOfBusiness):
        isolation = lines[subject.id]
        crossing, unclear, sharing = isolation.crossing, isolation.unclear, isolation.sharing
        described = isolation.volume > 0 or bool(unclear)
    else:
        found = [link.flow for link in eco.once(propagation).links if subject.id in (link.source, link.target)]
        crossing = tuple({id(flow): flow for flow in found}.values())
        described, sharing = bool(crossing), _sharing(eco, subject, lines)
    strong = [flow for flow in crossing if flow.via is not None and flow.via not in BY_HAND]
    if strong or (sharing is not None and sharing.share == 0):
        return Passed(subject.id)
    if not described and not (isinstance(subject, LineOfBusiness) and eco.inventory.flows and lines[subject.id].nodes):
        return NotAssessed(subject.id, "no flow from or to it is described", ("flows",))
    if any(flow.via is None for flow in crossing):
        return NotAssessed(subject.id, "how data crosses its border is not known", ("flows.*.via",))
    if perhaps := [flow for flow in unclear if flow.via not in BY_HAND]:
        own = lines[subject.id].nodes
        other = next(end for end in (perhaps[0].from_, perhaps[0].to) if end not in own)
        return NotAssessed(subject.id, f"which line of business '{other}' works for is not known", _LINES)
    if sharing is None or sharing.share is None:
        return NotAssessed(subject.id, "how many of its customers other lines serve is not known", _CUSTOMERS)
    return _breach(eco, subject, crossing, unclear, sharing, lines, described=described)


_BY = {"manual": "hand", "rekey": "rekeying"}
"""What something goes by, where the value of ``via`` is no word for it."""
_WHAT = {"manual": "work by hand", "rekey": "rekeying"}
"""What is replaced, likewise."""
_LINES = ("data_sources.*.line_of_business", "platforms.*.line_of_business", "platforms.*.serves")
_CUSTOMERS = ("overlaps", "lines_of_business.*.customers")


def _sharing(eco: Ecosystem, platform: Platform, lines: Mapping[str, Isolation]) -> Sharing | None:
    """What is shared by the line, of those the platform works for, that shares most."""
    of = [lines[name] for name in sorted(eco.once(lines_of).get(platform.id, ())) if name in lines]
    known = [one.sharing for one in of if one.sharing.share is not None]
    if known and (len(known) == len(of) or any(one.share for one in known)):
        return max(known, key=lambda one: one.share or 0.0)
    return sharing_of(eco, of[0].line, frozenset()) if len(of) == 1 else None


def _breach(
    eco: Ecosystem,
    subject: Acquired,
    crossing: tuple[Flow, ...],
    unclear: tuple[Flow, ...],
    sharing: Sharing,
    lines: Mapping[str, Isolation],
    *,
    described: bool,
) -> Breach:
    """The finding; of ``unclear`` flows, all by hand or file, nobody knows whether they cross the border."""
    measures: dict[str, Measure] = {"crossing_flows": len(crossing)}
    if sharing.share is not None:
        measures["overlap"] = round(sharing.share, 3)
    ways = (*crossing, *unclear)
    how = enumerated(sorted({_BY.get(flow.via, flow.via) for flow in ways if flow.via is not None}))
    joined = f"only by {how}" if crossing else f"by {how} at most" if unclear else "by no flow at all"
    return Breach(
        subject=subject,
        message=f"{singular(subject.kind)} '{subject.id}', acquired {when(subject.acquired_on or '')}, is joined to the firm {joined}",
        related=sharing.partners,
        label="left as it was",
        evidence=tuple(
            ("crosses the border" if number < len(crossing) else "may cross the border",
             f"'{one.from_}' to '{one.to}' by {_BY.get(one.via or '', one.via)}")
            for number, one in enumerate(ways[:5])
        ),
        path=tuple(PathStep(one.from_ or "", one.via or "flow", one.to or "", one, ("via",)) for one in ways[:5]),
        measures=measures,
        basis=sharing.basis if described else worst_basis(sharing.basis, "estimated"),
        fix=_fix(eco, subject, ways, sharing, lines),
    )  # fmt: skip


def _fix(
    eco: Ecosystem,
    subject: Acquired,
    crossing: tuple[Flow, ...],
    sharing: Sharing,
    lines: Mapping[str, Isolation],
) -> Fix:
    """Automate the flow that tells most of customers: preferences first, then whatever it carries.

    Where there is a customer master, the flow is one with it: one that is there, or a new one.
    """
    inventory = eco.inventory
    isolation = lines.get(subject.id)
    nodes = isolation.nodes if isolation is not None else (subject.id,)
    hub = common_store(eco, nodes)
    ours = _stores(inventory, nodes)
    if hub is not None:
        with_it = tuple(one for one in crossing if hub in (one.from_, one.to))
        if not with_it and ours and ours[0][1]:
            return _joined(ours[0], hub, "event" if crossing else "api")
        crossing = with_it or crossing

    def gain(flow: Flow) -> tuple[int, int, str, str]:
        carried = set(flow.carries or ())
        chosen = sum(1 for one in carried if one.startswith("preference"))
        return (-chosen, -len(carried), flow.from_ or "", flow.to or "")

    if crossing:
        best = min(crossing, key=gain)
        connect: dict[str, object] = {"from": best.from_, "to": best.to, "via": "event"}
        if best.carries:
            connect["carries"] = sorted(set(best.carries))
        summary = f"replace the {_WHAT.get(best.via or '', best.via)} from '{best.from_}' to '{best.to}' by an event or interface"
        if sum((one.from_, one.to) == (best.from_, best.to) for one in crossing) == 1:
            return Fix(summary, ({"disconnect": {"from": best.from_, "to": best.to}}, {"connect": connect}))
        return Fix(summary)
    theirs = _stores(inventory, [name for line in sharing.partners if line in lines for name in lines[line].nodes])
    if not ours or not theirs:
        return Fix("connect its customer store with that of the lines it shares customers with")
    return _joined(ours[0], theirs[0][2], "api")


def _joined(store: Filled, target: str, via: str) -> Fix:
    """A new flow of all that a store holds."""
    _, held, source = store
    connect: dict[str, object] = {"from": source, "to": target, "via": via}
    if held:
        connect["carries"] = list(held)
    return Fix(f"connect '{source}' to '{target}'", ({"connect": connect},))


Filled: TypeAlias = "tuple[int, tuple[str, ...], str]"
"""How much a store holds (negative, to sort by), what, and its id."""


def _stores(inventory: Inventory, names: tuple[str, ...] | list[str]) -> list[Filled]:
    """Stores with what they hold, the best-filled first; those that people keep by hand last."""
    found: list[tuple[bool, Filled]] = []
    for name in names:
        entity = inventory.find(name, DataSource) or inventory.find(name, Platform)
        if entity is not None and entity.usable:
            held = tuple(sorted({one.attribute for one in entity.holds or () if one.attribute is not None}))
            found.append((kept_by_hand(entity), (-len(held), held, name)))
    return [filled for _, filled in sorted(found)]
