"""BOT101."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.affected import affected
from cx_map.analyses.capacity import PEAK_FACTOR, Utilisation, loads, uses, utilisations
from cx_map.analyses.wording import clock, per_period, rate_at_least
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.values import BASES, Basis, worst_basis
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.bounded import in_words
from cx_map.rulekit.impact import impact_measures


class Parameters(Struct, frozen=True):
    """What counts as overload."""

    utilisation: Annotated[float, "Utilisation above which a supplier is overloaded (1 = all of its capacity)."] = 0.85
    peak_factor: Annotated[float, "Busiest hour of event-driven traffic, as a multiple of the average hour."] = (
        PEAK_FACTOR
    )


@rule("BOT101", severity="major", unlock=("platforms.*.capacity", "communications.*.volume"))
def overload_as_routed(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """More passes through a platform, data source or channel than it can handle at its busiest.

    ## Why it matters
    Where the busiest hour exceeds what a system can do, communications wait, and the latest are the ones that
    customers needed first. Averages hide it: runs that meet for one hour can need four times the average.

    ## How it decides
    The load of a supplier is the sum over communications of volume times share: what needs it, plus the shares of
    the primary routes that go through it. A communication with a `schedule` spreads each run over its window, any
    other comes all the time. A capacity given an hour or finer is compared with the busiest moment, found by a
    sweep over the ends of all windows across midnight, event-driven traffic at `peak_factor` times its average; a
    daily one with the busiest day; any other with what comes in its period. Runs on different known days never
    meet. Above `utilisation` the rule is broken: *critical* above 1, else *major*. The items a month of a finding
    are those that pass through the supplier, not all items of the communications that it serves.

    A volume, share, start or window that is not known leaves bounds. Where even the lower bound is too much the rule is
    broken all the same; where the bounds do not decide, the supplier is not assessed. A finding that only holds with
    the default `peak_factor` has low confidence; one that is only critical with it is *major*, and as sure as the facts
    are. Where volumes that are reported or measured are too much alone, they decide, and those that are estimated or
    assumed are told as what may come on top; so do estimated ones before assumed ones.

    ## Evidence it needs
    `capacity` of platforms, data sources or channels; `volume`, route shares and `schedule` of communications.

    ## Example
    ```yaml
    platforms:
      print: {capacity: 600000/month, capabilities: [print]}  # BOT101
    communications:
      statement: {volume: 830000/month, needs: [], routes: [{channel: letter, platforms: [print]}]}
      notice: {volume: 100000/month, needs: [], routes: [{channel: letter, platforms: [print]}]}
    ```

    ## Mended
    ```yaml
    platforms:
      print: {capacity: 1100000/month, capabilities: [print]}
    communications:
      statement: {volume: 830000/month, needs: [], routes: [{channel: letter, platforms: [print]}]}
      notice: {volume: 100000/month, needs: [], routes: [{channel: letter, platforms: [print]}]}
    ```

    ## References
    85 % as the highest sustained utilisation: queueing practice, and the published limit for agents in contact centres.
    The default `peak_factor` of 2 is a judgement.
    """
    known: dict[tuple[float, Basis], dict[str, Utilisation]] = {}

    def measured_with(factor: float, basis: Basis) -> dict[str, Utilisation]:
        if (factor, basis) not in known:
            known[factor, basis] = {one.supplier.id: one for one in utilisations(eco, factor, basis)}
        return known[factor, basis]

    measured = measured_with(parameters.peak_factor, BASES[-1])
    for name in eco.once(uses):
        supplier = eco.inventory.entities[name]
        if not supplier.usable or name in eco.inventory.shipped:
            continue
        one = measured.get(name)
        if one is None:
            yield NotAssessed(name, "its capacity is not known", (f"{supplier.kind}.*.capacity",))
        elif not one.limit.value:
            yield from _nothing_allowed(one)
        elif _rho(one, parameters) is not None:
            # the facts that are best known decide, if they are enough
            factor = 1.0 if one.by_default else parameters.peak_factor
            better = [basis for basis in BASES[1:-1] if BASES.index(basis) >= BASES.index(one.limit.basis)]
            surest = next(
                (basis for basis in better if _rho(measured_with(factor, basis)[name], parameters) is not None),
                BASES[-1],
            )
            facts = measured_with(parameters.peak_factor, surest)[name]
            plain = measured_with(1.0, surest)[name] if one.by_default else facts
            yield _breach(eco, one, facts, plain, parameters)
        elif one.load.value is not None or (
            one.load.high is not None and one.load.high / one.limit.value <= parameters.utilisation
        ):
            yield Passed(name)
        else:
            reason = "the volume, route share or schedule of some of what passes is not known"
            unlock = ("communications.*.volume", "communications.*.routes.share", "communications.*.schedule")
            yield NotAssessed(name, reason, unlock)


def _nothing_allowed(one: Utilisation) -> Iterator[Verdict]:
    """A capacity of zero: whatever is known to pass is too much."""
    if one.load.low > 0:
        yield Breach(
            subject=one.supplier,
            message=f"'{one.supplier.id}' has a capacity of zero, and communications go through it",
            severity="critical",
            at=("capacity",),
            related=one.users,
            basis=worst_basis(one.load.basis, one.limit.basis),
        )
    else:
        yield NotAssessed(one.supplier.id, "nothing that passes it is quantified", ("communications.*.volume",))


def _rho(one: Utilisation, parameters: Parameters) -> float | None:
    """The utilisation to report if it is too high, else None."""
    if one.rho is not None and one.rho > parameters.utilisation:
        return one.rho
    return one.least if one.least > parameters.utilisation else None


def _load(one: Utilisation) -> float:
    """The load that the reported utilisation is of."""
    return one.load.said if one.rho is not None and one.rho >= one.least else one.load.low


def _breach(
    eco: Ecosystem, every: Utilisation, peak: Utilisation, plain: Utilisation, parameters: Parameters
) -> Breach:
    """``every`` is by all facts, ``peak`` by those best known that are enough, ``plain`` too but without the default factor."""
    name = peak.supplier.id
    highest = _rho(peak, parameters) or 0.0
    calm = _rho(plain, parameters)
    # what the default factor adds to a finding that holds without it must not make it worse
    one = plain if peak.by_default and calm is not None and calm <= 1 < highest else peak
    rho = _rho(one, parameters) or 0.0
    assumed = peak.by_default and calm is None
    load, most = _load(one), max(_load(peak), _load(every))
    at_least = "" if one.load.value is not None else "at least "
    when = f" at {clock(one.at)}" if one.at is not None else ""
    reach = affected(eco, one.users)
    wanted = most / parameters.utilisation
    needed = rate_at_least(wanted, one.capacity.per, one.period)
    evidence = [
        ("load", f"{at_least}{per_period(load, one.period)}{when}"),
        ("capacity", per_period(one.limit.said, one.period)),
        ("customers", in_words(reach.customers, "customers")),
    ]
    if assumed:
        evidence.append(("assumed", f"event-driven traffic peaks at {parameters.peak_factor:g} times its average"))
    elif one is not peak:
        times = f"{highest:.0%} if event-driven traffic peaks at {parameters.peak_factor:g} times its average"
        evidence.append(("perhaps more", times))
    total = _rho(every, parameters) or 0.0
    if total > max(rho, highest) * (1 + 1e-9):
        evidence.append(("perhaps more", f"{total:.0%} with volumes that are less well known"))
    return Breach(
        subject=one.supplier,
        message=f"'{name}' has to carry {at_least}{rho:.0%} of its capacity{when or ' at its busiest'}",
        severity="critical" if rho > 1 else "major",
        at=("capacity",),
        label=f"{at_least}{per_period(load, one.period)} against {per_period(one.limit.said, one.period)}",
        related=one.users,
        evidence=tuple(evidence),
        path=tuple(PathStep(user, "goes through", name, eco.inventory.entities[user], ("volume",)) for user in one.users),
        measures={"utilisation": rho, "headroom": 1 / rho, **impact_measures(reach, eco.once(loads)[name])},
        basis=worst_basis(one.load.basis, one.limit.basis, "assumed" if assumed else None),
        fix=Fix(f"raise the capacity of '{name}' to {per_period(math.ceil(wanted) if wanted >= 10 else wanted, one.period)}, or send at least "
                f"{per_period(most - parameters.utilisation * one.limit.said, one.period)} another way",
                ({"change": {name: {"capacity": needed}}},)),
    )  # fmt: skip
