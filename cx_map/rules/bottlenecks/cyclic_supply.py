"""BOT111."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cx_map.analyses.circle_breaks import Supply
from cx_map.analyses.cyclic_supply import Circle, circles, supplies
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rulekit import Breach, Fix, NoParameters, Passed, PathStep, rule


@rule("BOT111", severity="minor", unlock=("flows.*.required", "platforms.*.needs"))
def cyclic_supply(eco: Ecosystem, _: NoParameters) -> Iterator[Breach | Passed]:
    """Systems that cannot do without one another supply each other in a circle.

    ## Why it matters
    Each waits for the other's file. After an outage nobody knows what to start first, and a late file makes itself
    later.

    ## How it decides
    The mandatory supplies are flows with `required: true` and the `needs` of platforms (an `any_of` of several is not
    mandatory for any one of them). A strongly connected part of more than one member breaks the rule; its subject is
    the first member by id. Flows between two things that state a `conflict_policy`, a synchronisation thought
    through, are left out, as are flows with `via: none` or `policy: blocked` and things not in use. The fix
    takes away the direction of least volume, with all supplies from the one to the other, until no circle is left.
    A circle alone stops no communication: systems that run keep each other running (BOT109 tells what stops them).

    ## Evidence it needs
    `required` of flows, `needs` of platforms.

    ## Example
    ```yaml
    data_sources:
      ledger: {kind: database}  # BOT111
      orders: {kind: database}
    flows:
      - {from: ledger, to: orders, via: file, required: true, volume: 9000/month}
      - {from: orders, to: ledger, via: file, required: true, volume: 50/month}
    ```

    ## Mended
    ```yaml
    data_sources:
      ledger: {kind: database}
      orders: {kind: database}
    flows:
      - {from: ledger, to: orders, via: file, required: true, volume: 9000/month}
      - {from: orders, to: ledger, via: file, required: false, volume: 50/month}
    ```

    ## References
    R. E. Tarjan, Depth-first search and linear graph algorithms, 1972; P. Eades and others, A fast heuristic for the
    feedback arc set problem, 1993.
    """
    inside: set[str] = set()
    for one in eco.once(circles):
        inside.update(one.members)
        yield _breach(eco, one)
    for name in sorted({name for one in eco.once(supplies) for name in (one.source, one.target)} - inside):
        yield Passed(name)


def _breach(eco: Ecosystem, one: Circle) -> Breach:
    first, *others = one.members
    quoted = [f"'{name}'" for name in one.members]
    entities = eco.inventory.entities
    return Breach(
        subject=entities[first],
        message=f"{', '.join(quoted[:-1])} and {quoted[-1]} cannot do without one another",
        label=f"{len(one.members)} in a circle",
        related=tuple(others),
        evidence=(
            ("supplies", ", ".join(_directions(one.supplies))),
            *(() if one.sure else (("not tried", "whether fewer are enough to do without: there are too many circles"),)),
        ),
        path=tuple(
            PathStep(
                supply.source, "must supply", supply.target,
                supply.flow if supply.flow is not None else entities[supply.target],
                ("required",) if supply.flow is not None else ("needs",),
            )
            for supply in one.supplies
        ),
        measures={"members": len(one.members)},
        fix=Fix(
            "do without " + ", ".join(f"what goes from {direction}" for direction in _directions(one.breaks)),
            tuple(_operator(supply) for supply in one.breaks),
        ),
    )  # fmt: skip


def _directions(found: Sequence[Supply]) -> list[str]:
    """From where to where, each once."""
    return list(dict.fromkeys(f"'{one.source}' to '{one.target}'" for one in found))


def _operator(one: Supply) -> Mapping[str, object]:
    if one.flow is None:
        return {"change": {one.target: {"needs": {"remove": [one.source]}}}}
    ends: dict[str, object] = {"from": one.flow.from_, "to": one.flow.to}
    if one.flow.id:
        ends["id"] = one.flow.id
    return {"disconnect": ends}
