"""SILO103."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.concentration import Job, System, jobs
from cx_map.analyses.dated import first_day, last_day, months_later
from cx_map.analyses.lines import distinct, lines_of
from cx_map.analyses.shared_customers import shared_customers
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Platform
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.breach import Measure


class Parameters(Struct, frozen=True):
    """What counts as several."""

    effective_systems: Annotated[float, "Effective number of systems (1/HHI) from which a job is done severally."] = 2.0


@rule("SILO103", severity="minor", unlock=("platforms.*.capabilities", "communications.*.routes", "platforms.*.serves"))
def several_systems_for_one_job(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Several lines of business run systems of their own for one and the same job.

    ## Why it matters
    Units that use different systems for very similar tasks pay for each of them, keep templates, preferences and
    data in several places, and treat a customer of two lines as two customers.

    ## How it decides
    For each capability, the platforms that communications use for it are weighted by the items they process a month: on
    a route the last platform with the capability does the job, and a delivery capability (e-mail, SMS, push, print)
    counts only at the end of a route of its kind of channel. Survey tools, analysis of words and bots that no
    communication uses are weighted by what the collection points, touchpoints and signals that name them bring in. The
    effective number of systems is 1/HHI, the inverse of the sum of squared shares. The rule is broken when it is at
    least `effective_systems` and the systems work for two or more lines of business (their `line_of_business`,
    `serves`, and the lines of the communications they do). Where no volume is known, communications are counted
    instead, and the finding says so; where only some are known, both ways must agree, else the job is not assessed.

    Not duplicates of each other: systems layered one after the other in one communication, systems that a flow with
    `policy: blocked` keeps apart, and systems that stand in for each other, as alternatives on one route (`any_of`) or
    as the fallback of a communication: these are redundancy, and count as one. Other legal or regional segregation
    needs a waiver. Capabilities with the same systems make one finding; its subject is the first of the systems by id.
    It is *major* where lines that different ones of the systems serve share customers, else *minor*. The candidate to
    keep is not itself to be eliminated or migrated, is supported longest (one whose end of support is not stated comes
    after those with a date, one whose support has ended or ends within 18 months comes last), and does most. It keeps
    those that stand in for it, and gets a stand-in where others have one; the others follow in the order of the cost
    they save.

    ## Evidence it needs
    `capabilities` of platforms, routes of communications, and lines of business of the platforms or communications.

    ## Example
    ```yaml
    lines_of_business: {cards: {}, mortgages: {}, savings: {}}
    platforms:
      card-letters: {capabilities: [compose], serves: [cards]}  # SILO103
      loan-letters: {capabilities: [compose], serves: [mortgages]}
      save-letters: {capabilities: [compose], serves: [savings]}
    communications:
      card-statement: {volume: 90000/month, routes: [{channel: letter, platforms: [card-letters]}]}
      loan-statement: {volume: 60000/month, routes: [{channel: letter, platforms: [loan-letters]}]}
      save-statement: {volume: 50000/month, routes: [{channel: letter, platforms: [save-letters]}]}
    ```

    ## Mended
    ```yaml
    lines_of_business: {cards: {}, mortgages: {}, savings: {}}
    platforms:
      letters: {capabilities: [compose], serves: [cards, mortgages, savings]}
    communications:
      card-statement: {volume: 90000/month, routes: [{channel: letter, platforms: [letters]}]}
      loan-statement: {volume: 60000/month, routes: [{channel: letter, platforms: [letters]}]}
      save-statement: {volume: 50000/month, routes: [{channel: letter, platforms: [letters]}]}
    ```

    ## References
    Effective number as the inverse of the Herfindahl-Hirschman index (Laakso and Taagepera, 1979); common base
    platforms as published practice of digital customer experience. The threshold of 2 is a judgement.
    """
    lines = eco.once(lines_of)
    found: dict[tuple[str, ...], list[Job]] = {}
    passed: set[str] = set()
    open_: dict[str, tuple[str, tuple[str, ...]]] = {}
    for job in eco.once(jobs):
        names = tuple(sorted(one.platform.id for one in job.systems))
        several = _several(job, parameters.effective_systems)
        of = distinct(eco.inventory, [line for one in job.systems for line in _lines(one, lines)])
        if several is None:
            reason = f"some volumes of communications that use '{job.capability}' are not known"
            open_.update(dict.fromkeys(names, (reason, _VOLUME)))
        elif several and len(of) > 1:
            found.setdefault(names, []).append(job)
        elif several and any(not _lines(one, lines) for one in job.systems):
            open_.update(dict.fromkeys(names, ("it is not known which lines of business it works for", _LINES)))
        else:
            passed.update(names)
    for names, same in sorted(found.items()):
        yield _breach(eco, lines, names, same)
    told = {name for names in found for name in names}
    for platform in eco.inventory.of(Platform):
        if platform.usable and platform.id not in told:
            yield _other(platform, passed, open_)


END_IS_NEAR = 18
"""Months before the end of its support from which a system is to be replaced itself, as SILO105 has it."""

MOST_NAMED = 10
"""Systems that a finding describes one by one."""

_VOLUME = ("communications.*.volume", "communications.*.routes.share")
_LINES = ("platforms.*.serves", "platforms.*.line_of_business", "communications.*.line_of_business")
_ROUTES = ("communications.*.routes", "platforms.*.capabilities")


def _other(platform: Platform, passed: set[str], open_: Mapping[str, tuple[str, tuple[str, ...]]]) -> Verdict:
    """What is said of a platform that is no part of a finding."""
    if platform.id in passed:
        return Passed(platform.id)
    if platform.capabilities is None:
        return NotAssessed(platform.id, "its capabilities are not described", ("platforms.*.capabilities",))
    unused = ("nothing is known to use it for one of its capabilities", _ROUTES)
    return NotAssessed(platform.id, *open_.get(platform.id, unused))


def _several(job: Job, threshold: float) -> bool | None:
    """Whether several systems do the job; None where the volumes that are known do not tell."""
    if len(job.units) < 2:
        return False
    by_count = job.by_communications >= threshold
    if job.by_volume is None:
        return by_count
    by_volume = job.by_volume >= threshold
    if job.volumes == "all" or by_volume == by_count:
        return by_volume
    return None


def _lines(system: System, lines: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Lines that a system works for, by itself and through the communications it does."""
    empty: frozenset[str] = frozenset()
    return lines.get(system.platform.id, empty).union(*(lines.get(name, empty) for name in system.communications))


def _breach(eco: Ecosystem, lines: Mapping[str, frozenset[str]], names: tuple[str, ...], same: list[Job]) -> Breach:
    job = max(same, key=lambda one: one.by_volume or one.by_communications)
    capabilities = ", ".join(f"'{one.capability}'" for one in same)
    by_volume = job.volumes == "all"
    effective = job.by_volume if by_volume and job.by_volume is not None else job.by_communications
    of = distinct(eco.inventory, [line for one in job.systems for line in _lines(one, lines)])
    keeper = max(sorted(job.systems, key=lambda one: one.platform.id), key=lambda one: _fitness(eco.as_of, one))
    spare = next(names for names in job.units if keeper.platform.id in names)
    others = _in_order([one for one in job.systems if one.platform.id not in spare])
    split = _split_customers(eco, lines, job)
    measures: dict[str, Measure] = {"effective_systems": round(effective, 2), "systems": len(names)}
    if job.items is not None:
        measures["items_per_month"] = job.items
    saved = _saved(others)
    if saved is not None:
        measures["saved_cost_per_year"] = saved[0]
        measures["currency"] = saved[1]
    weighed = "items a month" if by_volume else "communications, because their volumes are not all known"
    evidence = [("weighed by", weighed)]
    evidence += [(one.platform.id, _describe(one, lines)) for one in job.systems[:MOST_NAMED]]
    if len(job.systems) > MOST_NAMED:
        evidence.append(("and", f"{len(job.systems) - MOST_NAMED} more systems"))
    evidence += [("stand in for each other", _quoted(unit)) for unit in job.units if len(unit) > 1]
    evidence.append(("keep", f"'{keeper.platform.id}': {_why(keeper)}"))
    if split is not None:
        evidence.append(("customers split", split))
    first = next(one.platform for one in job.systems if one.platform.id == names[0])
    return Breach(
        subject=first,
        message=f"'{names[0]}' is one of {len(names)} systems that do one job ({capabilities}) "
        f"for {len(of)} lines of business",
        related=(*names[1:], *of),
        severity="major" if split is not None else "minor",
        label=f"{effective:.1f} systems in effect for {capabilities}",
        discriminator=(same[0].capability,),
        evidence=tuple(evidence),
        measures=measures,
        basis=job.basis,
        fix=Fix(f"consolidate on '{keeper.platform.id}', in this order: "
                + _quoted([one.platform.id for one in others])
                + (", with a stand-in such as they have" if len(spare) < max(map(len, job.units)) else "")
                + "; plan it as a phase that replaces each of them"),
    )  # fmt: skip


def _fitness(as_of: str | None, system: System) -> tuple[bool, int, str, float, int]:
    """How well a system would do as the one to keep. Each has all the capabilities that the finding is about.

    An end of support that nobody stated is not a late one: it comes after those stated, and before those past or so near that
    the system is to be replaced itself (SILO105).
    """
    platform = system.platform
    staying = platform.disposition not in ("eliminate", "migrate")
    end = platform.end_of_support
    near = as_of is not None and end is not None and last_day(end) < months_later(first_day(as_of), END_IS_NEAR)
    support = 1 if end is None else 0 if near else 2
    until = "" if end is None else last_day(end).isoformat()
    return (staying, support, until, system.items or 0.0, len(system.communications))


def _in_order(systems: list[System]) -> list[System]:
    """Systems in the order to consolidate them: most cost saved, least to move."""

    def saving(system: System) -> tuple[float, int, str]:
        cost = system.platform.cost_per_year
        return (-cost.value if cost is not None else 0.0, len(system.communications), system.platform.id)

    return sorted(systems, key=saving)


def _quoted(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(f"'{name}'" for name in names[:MOST_NAMED]) + more


def _saved(others: list[System]) -> tuple[float, str] | None:
    """Yearly cost of the systems that would go, None unless every one is known."""
    costs = [one.platform.cost_per_year for one in others]
    known = [cost for cost in costs if cost is not None]
    return (sum(cost.value for cost in known), known[0].currency) if known and len(known) == len(costs) else None


def _describe(system: System, lines: Mapping[str, frozenset[str]]) -> str:
    parts = [_communications(system)]
    if system.items is not None:
        parts.append(f"{system.items:,.0f} items a month")
    if of := _lines(system, lines):
        parts.append("for " + ", ".join(sorted(of)))
    if system.platform.cost_per_year is not None:
        cost = system.platform.cost_per_year
        parts.append(f"{cost.value:,.0f} {cost.currency} a year")
    if system.platform.disposition is not None:
        parts.append(f"disposition {system.platform.disposition}")
    return ", ".join(parts)


def _why(keeper: System) -> str:
    end = keeper.platform.end_of_support
    support = f"supported until {end}" if end is not None else "end of support not stated"
    amount = f"{keeper.items:,.0f} items a month" if keeper.items is not None else _communications(keeper)
    return f"{support}, {amount}"


def _communications(system: System) -> str:
    return f"used by {len(system.communications)}"


def _split_customers(eco: Ecosystem, lines: Mapping[str, frozenset[str]], job: Job) -> str | None:
    """The pair of lines that share most customers although different systems serve them; None where none do."""
    most: tuple[float, str] | None = None
    of_system = {one.platform.id: _lines(one, lines) for one in job.systems}
    none: frozenset[str] = frozenset()
    served = {unit: none.union(*(of_system[name] for name in unit)) for unit in job.units}
    for (a, b), shared in sorted(eco.once(shared_customers).items()):
        if not shared.low or shared.basis == "assumed":
            continue
        for_a = {unit for unit, of in served.items() if a in of}
        for_b = {unit for unit, of in served.items() if b in of}
        if for_a and for_b and not for_a & for_b and (most is None or shared.low > most[0]):
            most = (shared.low, f"'{a}' and '{b}' share {shared.low:,.0f} customers or more")
    return None if most is None else most[1]
