"""ESC107."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cx_map.analyses.boxes import MOST_GROWN, Box
from cx_map.analyses.routing_coverage import Routed, Routing, routing
from cx_map.analyses.routing_table import MOST_COMPARED, MOST_RIVALS, Placed, Table
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.number_sets import from_bits
from cx_map.model.chapter_service import ErrorType, RoutingRule
from cx_map.model.inventory import Inventory
from cx_map.model.kinds import singular
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Range, Verdict, rule
from cx_map.rulekit.breach import Measure


@rule("ESC107", severity="major", unlock=("routing_rules.*.on", "routing_rules.*.when"))
def routing_gap_or_overlap(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Routing rules leave cases to nobody, give one case to two teams, or can never apply.

    ## Why it matters
    A case that no rule takes waits until somebody stumbles over it; a case that two rules take goes to whoever
    was written first; and a rule that can never apply is a promise that was never kept. Nobody sees this by
    reading rules one by one.

    ## How it decides
    For every signal and error type that some rule names (by id or kind; a rule without `on` names all), all
    combinations of topic, severity, segment, channel and hours are looked at, as far as its rules ask for them: the
    values that the rules and its collection point declare, its own segments (else its collection point's, else all that
    there are), its collection point's channel, an error type's own severity (else all four). Where some rules ask for a
    single value and others do not ask, or where it is a severity, there are others: "any other channel". Hours that
    read as a timetable are cut into the pieces of the week that the rules tell apart, the rest of the week included;
    hours that nobody understands leave a signal without a gap not assessed. Rules are tried by `priority`, lowest
    number first, those without one last; a rule to a proposed or retired team or pool does not count, and where there
    is no other, nobody gets it; what a rule may take whose `on` or `when` is said to be `unknown` is not assessed. Of
    the rules that take the same as one the first 20 are told, and one rule is compared with 1,000 others of its
    priority at most; which rules have more is told, too.

    Found are combinations that no rule takes (subject: the signal or error type); two rules of the same priority that
    lead one combination to different places (subject: the first of them; without priorities a special case goes before
    the general one and is no overlap); and rules whose every combination is taken by rules of a better priority. An
    error rule that sends minor and major or critical errors to one place, while no rule asks for the severity, is
    *minor*; everything else is *major*.

    ## Evidence it needs
    `routing_rules` with `on` and `when`.

    ## Example
    ```yaml
    teams: {care: {}, bereavement: {}}
    signals:
      phone-complaint: {kind: complaint, volume: 900/month}  # ESC107
    routing_rules:
      deaths: {on: complaint, when: {topic: bereavement, hours: weekdays}, to: bereavement, priority: 1}
      fees: {on: complaint, when: {topic: fees}, to: care, priority: 2}
    ```

    ## Mended
    ```yaml
    teams: {care: {}, bereavement: {}}
    signals:
      phone-complaint: {kind: complaint, volume: 900/month}
    routing_rules:
      deaths: {on: complaint, when: {topic: bereavement, hours: weekdays}, to: bereavement, priority: 1}
      fees: {on: complaint, when: {topic: fees}, to: care, priority: 2}
      others: {on: complaint, to: care, priority: 9}
    ```

    ## References
    Rule-based routing and views by type and urgency as published practice of customer service.
    """
    found = eco.once(routing)
    for subject, table in found.tables:
        yield _covered(eco.inventory, subject, table)
    for subject in found.unrouted:
        yield NotAssessed(subject.id, "no routing rule names it", ("routing_rules.*.on",))
    yield from _rules(eco.inventory, found)


def _covered(inventory: Inventory, subject: Routed, table: Table) -> Verdict:
    gaps = table.gaps
    if gaps is None or not table.known:
        return NotAssessed(subject.id, "its routing rules cannot be enumerated", ("routing_rules.*.when",))
    if not gaps and not table.clear:
        return NotAssessed(subject.id, "the hours of its routing rules are not understood", ("routing_rules.*.when",))
    if not gaps:
        return Passed(subject.id)
    if table.vague is not None:
        unlock = ("routing_rules.*.on", "routing_rules.*.when")
        return NotAssessed(subject.id, f"it is not known what routing rule '{table.vague}' takes", unlock)
    if table.idle:
        return _nobody(inventory, subject, table.idle)
    missing, cells = table.cells(gaps), table.cells([table.whole])
    measures: dict[str, Measure] = {"uncovered_cells": missing, "cells": cells}
    if subject.volume is not None:
        low = subject.volume.lowest if missing == cells else 0.0
        measures["items_per_month"] = Range(low, subject.volume.highest, subject.volume.basis or "reported")
    return Breach(
        subject=subject,
        message=f"{singular(subject.kind)} '{subject.id}' goes to nobody for {missing} of {cells} combinations: "
        f"{table.gap_texts[0]}",
        related=tuple(one.rule.id for one in table.rules),
        label=f"no rule for {table.gap_texts[0]}",
        evidence=(*(("nobody gets", text) for text in table.gap_texts), *_looked_at(gaps)),
        measures=measures,
        fix=_default_rule(inventory, subject, table),
    )


def _looked_at(gaps: Sequence[Box]) -> tuple[tuple[str, str], ...]:
    """That what is told is not sure to be the largest, where there is too much to tell."""
    if len(gaps) <= MOST_GROWN:
        return ()
    return (("told are the largest", f"of {MOST_GROWN:,} pieces; there are {len(gaps):,}"),)


def _nobody(inventory: Inventory, subject: Routed, idle: tuple[RoutingRule, ...]) -> Breach:
    """Every rule that names it leads to a team or pool that is not there."""
    first = idle[0]
    target = inventory.entities.get(first.to or "")
    why = (
        f"'{first.id}' leads to '{target.id}', which is {target.status}"
        if target is not None
        else f"'{first.id}' leads to nobody"
    )
    measures: dict[str, Measure] = {}
    if subject.volume is not None:
        measures["items_per_month"] = Range(
            subject.volume.lowest, subject.volume.highest, subject.volume.basis or "reported"
        )
    return Breach(
        subject=subject,
        message=f"{singular(subject.kind)} '{subject.id}' goes to nobody: {why}",
        related=tuple(rule_.id for rule_ in idle),
        label=why,
        measures=measures,
        fix=Fix(f"let '{first.id}' lead to a team that is there"),
    )


def _default_rule(inventory: Inventory, subject: Routed, table: Table) -> Fix:
    """A last rule that takes the rest, to whoever gets most of the other cases."""
    targets = Counter(one.rule.to for one in table.rules if one.rule.to is not None)
    if not targets:
        return Fix(f"add a last rule that takes the rest of '{subject.id}'")
    target = min(targets, key=lambda name: (-targets[name], name))
    name = f"{subject.id}-others"
    while name in inventory.entities:
        name += "-too"
    priority = max((one.rule.priority for one in table.rules if one.rule.priority is not None), default=0) + 1
    new = {"on": [subject.id], "to": target, "priority": priority}
    if any(one.rule.priority is None for one in table.rules):
        del new["priority"]
    return Fix(
        f"add a last rule that takes the rest of '{subject.id}', to '{target}' or another team",
        ({"add": {"routing_rules": {name: new}}},),
    )


def _rules(inventory: Inventory, found: Routing) -> Iterator[Verdict]:
    """What is said of the rules themselves."""
    tables = list({id(table): table for _, table in found.tables}.values())
    placed: dict[str, list[tuple[Table, Placed]]] = {}
    rivals: dict[tuple[str, str], str] = {}  # the cases that both take, in words
    for table in tables:
        for one in table.rules:
            placed.setdefault(one.rule.id, []).append((table, one))
        for one, other, common in table.ambiguous:
            rivals.setdefault((one.rule.id, other.rule.id), table.words(common))
    told: dict[str, list[tuple[str, str]]] = {}
    for (first, second), words in rivals.items():
        told.setdefault(first, []).append((second, words))
    earlier = _Earlier(found)
    careless = _careless(found)
    uncompared = frozenset[str]().union(*(table.uncompared for table in tables))
    broken = {first for first, _ in rivals} | uncompared
    for rule_ in found.rules:
        where = placed.get(rule_.id, [])
        if "when" in rule_.unknown or "on" in rule_.unknown:
            unlock = ("routing_rules.*.on", "routing_rules.*.when")
            yield NotAssessed(rule_.id, "it is not known what it takes", unlock)
            continue
        if not where:
            yield NotAssessed(rule_.id, "no signal or error type that it takes is described", ("routing_rules.*.on",))
            continue
        yield from _overlaps(inventory, rule_, told.get(rule_.id, []), compared=rule_.id not in uncompared)
        if all(table.shadowed(one) for table, one in where):
            broken.add(rule_.id)
            yield _unreachable(rule_, earlier.than(where))
        elif rule_.id in careless:
            broken.add(rule_.id)
            yield _severity_unused(rule_, careless[rule_.id])
        if rule_.id not in broken:
            yield Passed(rule_.id)


def _overlaps(
    inventory: Inventory, rule_: RoutingRule, rivals: list[tuple[str, str]], *, compared: bool
) -> Iterator[Verdict]:
    """The rules that take the same as one, and whether there are, or may be, more than are told."""
    for second, words in rivals[:MOST_RIVALS]:
        yield _overlap(inventory, rule_, second, words)
    if len(rivals) > MOST_RIVALS:
        yield NotAssessed(rule_.id, f"it takes the same as more rules than the first {MOST_RIVALS}, which are told", ())
    elif not compared:
        reason = f"of the rules of its priority that may take the same it is compared with {MOST_COMPARED:,} only"
        yield NotAssessed(rule_.id, reason, ())


def _overlap(inventory: Inventory, rule_: RoutingRule, second: str, common: str) -> Breach:
    other = inventory.find(second, RoutingRule)
    to = other.to if other is not None else None
    return Breach(
        subject=rule_,
        message=f"routing rule '{rule_.id}' and '{second}' both take {common}, to '{rule_.to}' and to '{to}'",
        related=(second,),
        label=f"'{second}' takes the same",
        discriminator=("overlap", second),
        fix=Fix("give the one that is to be tried first the lower `priority`"),
    )


MOST_RELATED = 500
"""Rules of better priority named in `related`; the proof says how many there are in all."""


class _Earlier:
    """The rules of better priority in any of some tables, kept as bits: many tables hold the same rules."""

    def __init__(self, found: Routing) -> None:
        self._names = sorted(one.id for one in found.rules)
        self._bit = {name: 1 << number for number, name in enumerate(self._names)}
        self._known: dict[tuple[int, float], int] = {}

    def than(self, where: list[tuple[Table, Placed]]) -> tuple[str, ...]:
        """All of them, by id."""
        bits = 0
        for table, placed in where:
            key = (id(table), placed.rank)
            if key not in self._known:
                self._known[key] = sum(self._bit[one.rule.id] for one in table.rules if one.rank < placed.rank)
            bits |= self._known[key]
        return tuple(self._names[number] for number in from_bits(bits))


def _unreachable(rule_: RoutingRule, earlier: tuple[str, ...]) -> Breach:
    return Breach(
        subject=rule_,
        message=f"routing rule '{rule_.id}' never applies, because rules of a better priority take all of its cases",
        related=earlier[:MOST_RELATED],
        evidence=(("rules of better priority", f"{len(earlier):,} in all"),) if len(earlier) > MOST_RELATED else (),
        at=("priority",) if rule_.priority is not None else (),
        label="never applies",
        discriminator=("unreachable",),
        fix=Fix(f"try '{rule_.id}' earlier, or remove it"),
    )


def _careless(found: Routing) -> dict[str, tuple[str, str]]:
    """Error rules that are the only one for a minor and for a major or critical error, with one example of each.

    Only where no rule for these errors asks for the severity and every one of them has but that rule.
    """
    taken: dict[str, dict[bool, str]] = {}
    for subject, table in found.tables:
        if isinstance(subject, ErrorType) and subject.severity is not None and len(table.rules) == 1:
            severe = subject.severity in ("major", "critical")
            if "severity" not in table.dimensions and subject.severity != "moderate":
                taken.setdefault(table.rules[0].rule.id, {}).setdefault(severe, subject.id)
    return {name: (both[False], both[True]) for name, both in taken.items() if len(both) == 2}


def _severity_unused(rule_: RoutingRule, examples: tuple[str, str]) -> Breach:
    minor, severe = examples
    return Breach(
        subject=rule_,
        message=f"routing rule '{rule_.id}' treats the minor error '{minor}' and the severe '{severe}' alike",
        related=examples,
        severity="minor",
        at=("to",) if rule_.to is not None else (),
        label="the severity is not asked for",
        discriminator=("severity",),
        fix=Fix("add a rule with `severity: [major, critical]` and a better priority"),
    )
