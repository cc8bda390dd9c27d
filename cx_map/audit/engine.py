"""Run rules over an ecosystem and make the report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec.structs import replace

from cx_map.analyses.policy import against_policy
from cx_map.audit.customers_concerned import concerned
from cx_map.audit.exemptions import exempt
from cx_map.audit.findings import Finding, Report, Step, Suppressed, Unassessed, fingerprint
from cx_map.audit.folding import fold
from cx_map.audit.impact_vector import completed
from cx_map.audit.last_use import LARGE, last_uses, let_go
from cx_map.audit.own_codes import OWN_CODES
from cx_map.audit.ranking import rank
from cx_map.audit.registry import all_rules, matches
from cx_map.audit.settings import DEFAULTS, Settings
from cx_map.audit.subsumption import subsume
from cx_map.errors import Location
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication, Flow, Team
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory, basis_of, newest_date
from cx_map.model.values import confidence_of, worst_basis
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Rule


@dataclass(slots=True)
class _Outcome:
    """What one rule said of every subject."""

    breaches: list[Breach] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)
    open: list[NotAssessed] = field(default_factory=list)


def audit(
    inventory: Inventory, settings: Settings = DEFAULTS, *, as_of: str | None = None, eco: Ecosystem | None = None
) -> Report:
    """Audit one state of an inventory.

    ``as_of`` is today; default: the newest date in the inventory. Rules run in the order of their codes,
    each once; the report is the same whatever order files were read in.
    """
    today = as_of if as_of is not None else newest_date(inventory)
    ecosystem = eco if eco is not None else Ecosystem(inventory, today)
    rules = [rule for rule in all_rules() if _chosen(rule, settings)]
    findings: list[Finding] = []
    unassessed: list[Unassessed] = []
    clean: list[str] = []
    judged: dict[str, int] = {}
    entities: dict[str, Entity] = {}
    fields: dict[str, tuple[str | int, ...]] = {}
    # an ecosystem that the caller gave is the caller's: only our own results are let go
    uses = last_uses(rules) if eco is None and inventory.size >= LARGE else None
    for place, rule in enumerate(rules):
        outcome = _run(rule, ecosystem, settings)
        judged[rule.code] = len(outcome.judged)
        for breach in outcome.breaches:
            finding = _finding(rule, breach, ecosystem, settings)
            findings.append(finding)
            entities[finding.fingerprint] = breach.subject
            fields[finding.fingerprint] = breach.at
        unassessed += _unassessed(rule, outcome)
        if outcome.judged and not outcome.breaches:
            clean.append(rule.code)
        if uses is not None:
            let_go(ecosystem, uses, place)
    findings = subsume(_unique(findings))

    def lines(finding: Finding) -> set[tuple[str, int]]:
        places = {(finding.location.path, finding.location.line)}
        if finding.fingerprint in entities:
            place = inventory.place(entities[finding.fingerprint])
            places.add((place.path, place.line))
        return places

    known = frozenset({code for rule in all_rules() for code in (rule.code, rule.name)} | set(OWN_CODES))
    ran = frozenset({code for rule in rules for code in (rule.code, rule.name)})
    remaining = exempt(findings, lines, inventory.raw.exemptions, settings.waivers, known, ran, today)
    ranked = sorted(remaining.findings, key=rank)
    folded, aggregates = fold(ranked, judged, _total_items(inventory))
    return Report(
        state=inventory.state,
        as_of=today,
        paths=tuple(file.path for file in inventory.files),
        counts=inventory.counts,
        size=inventory.size,
        title=inventory.organization.title
        if inventory.organization is not None and inventory.organization.name
        else "",
        findings=tuple(folded),
        not_assessed=tuple(unassessed),
        clean=tuple(clean),
        suppressed=Suppressed(0, remaining.by_waiver, remaining.by_comment),
        aggregates=aggregates,
    )


def _chosen(rule: Rule, settings: Settings) -> bool:
    return (not settings.select or matches(rule, settings.select)) and not matches(rule, settings.ignore)


def _run(rule: Rule, eco: Ecosystem, settings: Settings) -> _Outcome:
    outcome = _Outcome()
    for verdict in rule.check(eco, settings.parameters.get(rule.code)):
        if isinstance(verdict, Breach):
            outcome.breaches.append(verdict)
            outcome.judged.add(_identity(verdict.subject))
        elif isinstance(verdict, Passed):
            outcome.judged.add(verdict.subject)
        else:
            outcome.open.append(verdict)
    return outcome


def _unassessed(rule: Rule, outcome: _Outcome) -> Iterable[Unassessed]:
    """One entry a reason; one for the whole rule where it found nothing to look at."""
    if not outcome.open:
        if not outcome.judged:
            yield Unassessed(
                rule.code, rule.name, "the inventory describes nothing that this rule looks at", (), rule.unlock
            )
        return
    by_reason: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for one in outcome.open:
        by_reason.setdefault((one.reason, one.unlock), set()).add(one.subject)
    for (reason, unlock), subjects in sorted(by_reason.items()):
        yield Unassessed(rule.code, rule.name, reason, tuple(sorted(subjects)), unlock)


def _identity(entity: Entity) -> str:
    """The id by which outputs name an entity; a flow is named by its ends."""
    if isinstance(entity, Flow):
        return "->".join(part for part in (entity.from_, entity.to) if part)
    return entity.id or entity.kind


def _lasting(inventory: Inventory, identifier: str) -> str:
    """The first id that an entity ever had, so that a renamed entity keeps its fingerprints; a flow by its ends."""
    if "->" in identifier:
        return "->".join(_lasting(inventory, end) for end in identifier.split("->"))
    entity = inventory.entities.get(identifier)
    return entity.renamed_from[0] if entity is not None and entity.renamed_from else identifier


def _finding(rule: Rule, breach: Breach, eco: Ecosystem, settings: Settings) -> Finding:
    inventory = eco.inventory
    subject = breach.subject
    identity = _identity(subject)
    owner = inventory.find(subject.owner, Team)
    basis = worst_basis(breach.basis, basis_of(inventory, subject))
    steps = tuple(
        Step(
            step.source,
            step.edge,
            step.target,
            inventory.place(step.evidence, *step.at) if step.evidence is not None else None,
        )
        for step in breach.path
    )
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=settings.severities.get(rule.code, breach.severity or rule.severity),
        confidence=confidence_of(basis),
        message=breach.message,
        subject=identity,
        kind=subject.kind,
        related=tuple(dict.fromkeys(breach.related)),
        owner=owner.id if owner is not None and owner.usable else None,
        location=_place(inventory, subject, breach.at),
        fingerprint=fingerprint(
            rule.code, (_lasting(inventory, identity),), tuple(_lasting(inventory, one) for one in breach.discriminator)
        ),
        label=breach.label,
        path=steps,
        evidence=breach.evidence,
        measures=completed(eco, rule.code, breach),
        fix=_lawful(eco, breach.fix) if breach.fix is not None else None,
        discriminator=breach.discriminator,
        concerned=concerned(eco, breach),
    )


def _lawful(eco: Ecosystem, fix: Fix) -> Fix:
    """A fix without its changes where one of them is a flow that policy blocks: that is to be decided first."""
    pair = against_policy(eco, fix.changes)
    if pair is None:
        return fix
    return Fix(f"{fix.summary}; policy blocks what flows from '{pair[0]}' to '{pair[1]}', so decide on that first")


def _place(inventory: Inventory, subject: Entity, at: tuple[str | int, ...]) -> Location:
    """Where the subject stands; a shipped channel stands where a communication first uses it."""
    if subject.id not in inventory.shipped:
        return inventory.place(subject, *at)
    uses = []
    for communication in inventory.of(Communication):
        for number, route in enumerate(communication.routes or ()):
            if route.channel == subject.id:
                uses.append(inventory.place(communication, "routes", number, "channel"))
        if subject.id in (communication.channels or ()):
            uses.append(inventory.place(communication, "channels", (communication.channels or ()).index(subject.id)))
    return min(uses, default=inventory.place(subject))


def _unique(findings: list[Finding]) -> list[Finding]:
    """Findings with fingerprints of their own: a rule that repeats one gets a running number."""
    seen: dict[str, int] = {}
    result = []
    for finding in findings:
        count = seen.get(finding.fingerprint, 0)
        seen[finding.fingerprint] = count + 1
        result.append(finding if count == 0 else replace(finding, fingerprint=f"{finding.fingerprint[:14]}-{count}"))
    return result


def _total_items(inventory: Inventory) -> float | None:
    """All items a month, or None where any usable communication's volume is not known."""
    volumes = [one.volume for one in inventory.of(Communication) if one.usable]
    known = [volume.value for volume in volumes if volume is not None]
    return sum(known) if known and len(known) == len(volumes) else None
