"""SILO105."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Annotated, TypeAlias

from msgspec import Struct

from cx_map.analyses.blast_radii import Stopped, blast_radii
from cx_map.analyses.dated import first_day, last_day, months_later, when
from cx_map.analyses.radius_sizes import size_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.model.chapter_governance import Initiative
from cx_map.model.chapter_map import DataSource, Flow, Platform
from cx_map.model.inventory import Inventory
from cx_map.model.kinds import singular
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.breach import Measure

System: TypeAlias = "Platform | DataSource"


class Parameters(Struct, frozen=True):
    """How much time a replacement needs."""

    months: Annotated[int, "Months before the end of support at which a replacement should be under way."] = 18


@rule(
    "SILO105", severity="major", unlock=("platforms.*.end_of_support", "platforms.*.disposition", "platforms.*.benefit")
)
def platform_at_end_of_support(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Communications hang on a system that is about to lose support, is to go, or brings nobody a known benefit.

    ## Why it matters
    Legacy systems prevent one view of the customer, and their end of support does not wait for a programme. A system
    marked for elimination that still gets new links will not be eliminated.

    ## How it decides
    A platform or data source breaks the rule in three ways. Its support ends within `months` from today (a partial date
    counts as its last day) and its loss would stop a communication (it stands in a failure set of the production
    graph): *major*. Its `disposition` is eliminate, and a flow from or to it is proposed, a pilot or newer (`since`)
    than a year: *major*. It is a platform that communications cannot do without, its `benefit` is said to be
    `unknown` or `[]`, or is left out although other platforms have one, and no initiative with a goal touches it: *minor*.

    ## Evidence it needs
    `end_of_support` and today's date; `disposition`; `benefit` of at least one platform.

    ## Example
    ```yaml
    references: {plan: {title: System plan, as_of: 2026-06}}
    platforms:
      old-composer: {end_of_support: 2027-03}  # SILO105
    communications:
      statement: {needs: [], routes: [{channel: letter, platforms: [old-composer]}]}
    ```

    ## Mended
    ```yaml
    references: {plan: {title: System plan, as_of: 2026-06}}
    platforms:
      old-composer: {end_of_support: 2027-03}
      new-composer: {end_of_support: 2031-12}
    communications:
      statement: {needs: [], routes: [{channel: letter, platforms: [{any_of: [old-composer, new-composer]}]}]}
    ```

    ## References
    Failure sets of AND-OR systems. The eighteen months are a judgement.
    """
    inventory = eco.inventory
    radii = eco.once(blast_radii)
    today = first_day(eco.as_of) if eco.as_of is not None else None
    flows = _young_flows(inventory, today)
    benefits = any(one.benefit is not None for one in inventory.of(Platform))
    served = frozenset(
        name for one in inventory.of(Initiative) if one.usable and one.goals for name in one.touches or ()
    )
    busy = _busy(inventory)
    systems: list[System] = [*inventory.of(Platform), *inventory.of(DataSource)]
    for system in systems:
        if not system.usable:
            continue
        stops = radii.of(system.id)
        found = list(_late(eco, system, stops, busy.get(system.id, ()), today, parameters.months))
        found += _growing(system, flows.get(system.id, ()))
        found += _useless(system, stops, benefits, served)
        yield from found
        if not found:
            yield _rest(system, stops, today)


def _rest(system: System, stops: Stopped, today: datetime.date | None) -> Verdict:
    """A system with which nothing is wrong, as far as is known."""
    if stops and system.end_of_support is None:
        return NotAssessed(
            system.id,
            "when its support ends is not known",
            ("platforms.*.end_of_support", "data_sources.*.end_of_support"),
        )
    if stops and today is None:
        return NotAssessed(system.id, "there is no today to reckon from", ("references.*.as_of",))
    return Passed(system.id)


def _late(
    eco: Ecosystem, system: System, stops: Stopped, busy: Sequence[str], today: datetime.date | None, months: int
) -> Iterator[Breach]:
    if not stops or today is None or system.end_of_support is None:
        return
    end = last_day(system.end_of_support)
    if end >= months_later(today, months):
        return
    reach = size_of(eco, stops).reach
    measures: dict[str, Measure] = {
        "days_of_support": (end - today).days,
        "communications": len(stops),
        "regulated": reach.regulated,
    }
    if reach.items.value is not None:
        measures["items_per_month"] = reach.items.value
    yield Breach(
        subject=system,
        message=f"{singular(system.kind)} '{system.id}' {'lost' if end < today else 'loses'} support {when(system.end_of_support or '')}, "
        f"and {len(stops)} communication{'s' if len(stops) != 1 else ''} cannot do without it",
        related=(*stops.first(20), *busy),
        at=("end_of_support",),
        label="on a critical path",
        discriminator=("support",),
        evidence=tuple(("stops with it", f"'{name}'") for name in stops.first(5)),
        measures=measures,
        basis=reach.items.basis if reach.items.value is not None else "reported",
        fix=Fix(_replacement(eco, system, busy, " before then" if end >= today else " soon")),
    )


def _busy(inventory: Inventory) -> Mapping[str, Sequence[str]]:
    """The usable initiatives that touch each entity."""
    found: dict[str, list[str]] = {}
    for one in inventory.of(Initiative):
        for name in dict.fromkeys(one.touches or ()) if one.usable else ():
            found.setdefault(name, []).append(one.id)
    return found


def _replacement(eco: Ecosystem, system: System, busy: Sequence[str], by: str) -> str:
    """Who could stand in: usable platforms with all of its capabilities that keep their support longer."""
    if busy:
        return f"let {', '.join(repr(name) for name in busy)} replace it in a phase{by}"
    if isinstance(system, Platform) and system.capabilities:
        wanted, graph = set(system.capabilities), eco.once(production)
        able = (
            one.id for one in eco.inventory.of(Platform)
            if one.id != system.id and wanted <= set(one.capabilities or ()) and graph.derivable(one.id)
            and one.disposition not in ("eliminate", "migrate")
            and (one.end_of_support or "9999") > (system.end_of_support or "")
        )  # fmt: skip
        names = ", ".join(f"'{name}'" for name in islice(able, 3))
        if names:
            return f"plan a phase that replaces it; {names} can do all that it does"
    return f"plan a phase that replaces it{by}"


def _young_flows(inventory: Inventory, today: datetime.date | None) -> Mapping[str, tuple[Flow, ...]]:
    """Flows that are new or about to come, by the ids at their ends."""
    found: dict[str, list[Flow]] = {}
    for flow in inventory.flows:
        if flow.status == "retired" or flow.via == "none" or flow.policy == "blocked":
            continue
        recent = today is not None and flow.since is not None and first_day(flow.since) > months_later(today, -12)
        if recent or flow.status in ("proposed", "pilot"):
            for end in dict.fromkeys((flow.from_, flow.to)):
                if end is not None:
                    found.setdefault(end, []).append(flow)
    return {name: tuple(flows) for name, flows in found.items()}


def _growing(system: System, flows: tuple[Flow, ...]) -> Iterator[Breach]:
    if not isinstance(system, Platform) or system.disposition != "eliminate" or not flows:
        return
    pairs = [f"'{flow.from_}' to '{flow.to}'" for flow in flows]
    yield Breach(
        subject=system,
        message=f"platform '{system.id}' is to be eliminated, but gets new flows: {pairs[0]}",
        related=tuple(
            dict.fromkeys(
                end for flow in flows for end in (flow.from_, flow.to) if end not in (None, system.id) and end
            )
        ),
        at=("disposition",),
        label="still growing",
        discriminator=("growing",),
        evidence=tuple(("new flow", pair) for pair in pairs[:5]),
        measures={"new_flows": len(flows)},
        fix=Fix("lead the new flows to what replaces it, or decide to keep it"),
    )


def _useless(system: System, stops: Stopped, benefits: bool, served: frozenset[str]) -> Iterator[Breach]:
    if not isinstance(system, Platform) or not stops or system.benefit is not None or system.id in served:
        return
    said = "benefit" in system.unknown or "benefit" in system.nothing
    if not said and not benefits:
        return
    yield Breach(
        subject=system,
        message=f"platform '{system.id}' has no known benefit, nor an initiative with a goal that touches it",
        severity="minor",
        at=("benefit",) if said else (),
        label="no benefit",
        discriminator=("benefit",),
        measures={"communications": len(stops)},
        fix=Fix("say what it brings customers or the firm, or plan its end"),
    )
