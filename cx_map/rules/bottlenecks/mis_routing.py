"""BOT103."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.affected import affected
from cx_map.analyses.capacity import loads, uses
from cx_map.analyses.commodities import SCALE, limits
from cx_map.analyses.max_flow import Throughput, throughputs
from cx_map.analyses.rerouting import Rerouting, reroute
from cx_map.analyses.route_edits import with_shares
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication
from cx_map.model.values import worst_basis
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.impact import impact_measures


class Parameters(Struct, frozen=True):
    """What re-routing should aim at."""

    utilisation: Annotated[float, "Utilisation that new route shares should keep, where that is possible."] = 0.85


@rule(
    "BOT103",
    severity="major",
    unlock=("platforms.*.capacity", "communications.*.volume", "communications.*.routes.share"),
)
def mis_routing(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A month's volume does not fit as it is routed, though it would fit with other route shares.

    ## Why it matters
    A system that is overloaded next to one that idles is not short of money but of attention: the remedy is a
    setting, not an investment.

    ## How it decides
    As routed, some supplier has to carry more in a month than its `capacity` (head-room below 1); the max-flow
    relaxation of BOT102 allows everything (at least 1); and route shares that fit are found by an exact linear
    program that moves the fewest items, and none to a dearer channel without need. A channel gets no more of a
    communication than the larger of its present share and the share of customers `reachable_by` it. Shares that
    leave every supplier at `utilisation` are preferred to shares that just fit. The subject is the fullest supplier;
    the customers and items of a finding are those that pass through it. What states no `capacity` is taken to carry
    everything: platforms that get more and state none are named, and the finding has medium confidence.

    Not assessed: suppliers whose load is not known, and parts for which the relaxation allows everything but no
    shares were found.

    ## Evidence it needs
    `capacity` of suppliers, `volume` and route shares of communications, `reachable_by` of segments.

    ## Example
    ```yaml
    platforms:
      printer: {capacity: 600000/month}  # BOT103
      mailer: {capacity: 2000000/month}
    communications:
      statement:
        volume: 930000/month
        needs: []
        routes:
          - {channel: letter, platforms: [printer], share: 90%}
          - {channel: email, platforms: [mailer], share: 10%}
    ```

    ## Mended
    ```yaml
    platforms:
      printer: {capacity: 600000/month}
      mailer: {capacity: 2000000/month}
    communications:
      statement:
        volume: 930000/month
        needs: []
        routes:
          - {channel: letter, platforms: [printer], share: 50%}
          - {channel: email, platforms: [mailer], share: 50%}
    ```

    ## References
    G. B. Dantzig, Linear Programming and Extensions, 1963; the verdict by two head-rooms is this tool's own.
    """
    for part in eco.once(throughputs):
        if part.short:
            continue
        if part.fixed is not None and part.fixed >= 1:
            for name in part.suppliers:
                yield Passed(name)
            continue
        found = reroute(eco, part, parameters.utilisation)
        if found is not None:
            yield _breach(eco, part, found)
            continue
        reason = "no route shares that fit were found, though none are ruled out"
        if part.fixed is None or part.open:
            reason = "the load of some supplier is not known"
        for name in part.suppliers:
            yield NotAssessed(name, reason, ("communications.*.volume", "communications.*.routes.share"))


def _breach(eco: Ecosystem, part: Throughput, found: Rerouting) -> Breach:
    entities = eco.inventory.entities
    carried, caps = eco.once(loads), eco.once(limits)
    used = {name: carried[name].said * SCALE / caps[name] for name in part.suppliers if name in carried and caps[name]}
    fullest = min(used, key=lambda name: (-used[name], name))
    over = [name for name in sorted(used) if used[name] > 1]
    changed = [one for name in sorted(found.shares) if (one := eco.inventory.find(name, Communication)) is not None]
    words = [f"{name}: {_percent(shares)}" for name, shares in sorted(found.shares.items())]
    reach = affected(eco, (use.communication for use in eco.once(uses)[fullest]))
    relaxed = "" if part.relaxed is None else f", at most {part.relaxed:.1%} however it is routed"
    money = f" {found.currency}" if found.currency else ""
    cost = "not known" if found.cost is None else f"{found.cost:+,.0f}{money} a month by the channels' costs"
    return Breach(
        subject=entities[fullest],
        message=(
            f"'{fullest}' has to carry {used[fullest]:.0%} of a month's capacity, which other route shares would avoid"
        ),
        at=("capacity",),
        label=f"{used[fullest]:.0%} as routed, {found.utilisation:.0%} at most with other shares",
        related=tuple(name for name in (*over, *found.shares) if name != fullest),
        evidence=(
            ("head-room", f"{part.fixed or 0:.1%} as routed{relaxed}"),
            ("shares that fit", "; ".join(words)),
            ("items moved", f"{found.moved:,.0f} a month"),
            ("change of cost", cost),
            *([("capacity not known", ", ".join(found.trusted))] if found.trusted else []),
        ),
        path=tuple(PathStep(one.id, "goes through", fullest, one, ("routes",)) for one in changed),
        measures={"utilisation": used[fullest], "items_moved_per_month": found.moved, **impact_measures(reach, carried[fullest])},
        basis=worst_basis(part.basis, "estimated" if found.trusted else None),
        fix=Fix(f"share out {', '.join(one.id for one in changed)} anew: {'; '.join(words)}",
                tuple(with_shares(one, found.shares[one.id]) for one in changed)),
    )  # fmt: skip


def _percent(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{route} {100 * share:.4g}%" for route, share in shares.items())
