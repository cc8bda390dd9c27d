"""JRNY106."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.attributes import related
from cx_map.model.chapter_map import DataSource, Platform
from cx_map.model.chapter_service import AgentPool, ErrorType
from cx_map.model.inventory import Inventory
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule


class Parameters(Struct, frozen=True):
    """How many systems an agent may have to work with."""

    desktops: Annotated[int, "Most systems that agents of one pool use."] = 3


@rule("JRNY106", severity="minor", unlock=("agent_pools.*.desktops", "agent_pools.*.reads"))
def agent_desktop_sprawl(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Agents switch between too many systems, or cannot see what they need.

    ## Why it matters
    Agents should find what they need of a customer without changing pages; every switch is silence on the line.

    ## How it decides
    An agent pool breaks the rule when it uses more than `desktops` systems, or when its team may resolve an error type
    that needs an attribute which no store that it reads or system that it uses holds or gets by a flow. Stores of
    which nobody says what they hold may hold it: then that is not assessed.

    ## Evidence it needs
    `desktops` and `reads` of agent pools; `needs_attributes` and `resolvable_by` of error types.

    ## Example
    ```yaml
    platforms: {crm: {}, billing: {}, cards: {}, letters: {}}
    agent_pools:
      hotline-desk:
        desktops: [crm, billing, cards, letters]  # JRNY106
    ```

    ## Mended
    ```yaml
    platforms: {crm: {}, billing: {}, cards: {}, letters: {}}
    agent_pools:
      hotline-desk:
        desktops: [crm]
        reads: []
    ```

    ## References
    One consolidated desktop for all channels, as published practice of channel strategy; three is a judgement.
    """
    inventory = eco.inventory
    uses = Counter(
        name for pool in inventory.of(AgentPool) if pool.usable for name in dict.fromkeys(pool.desktops or ())
    )
    errors: dict[str, list[ErrorType]] = {}
    for error in inventory.of(ErrorType):
        for team in error.resolvable_by or () if error.usable and error.needs_attributes else ():
            errors.setdefault(team, []).append(error)
    for pool in inventory.of(AgentPool):
        if not pool.usable:
            continue
        found = list(_sprawl(pool, uses, parameters))
        missing, unclear = _missing(eco, pool, errors.get(pool.team or "", []))
        if missing is not None:
            found.append(missing)
        yield from found
        if found:
            continue
        if pool.desktops is None:
            yield NotAssessed(pool.id, "the systems that its agents use are not known", ("agent_pools.*.desktops",))
        elif unclear:
            yield NotAssessed(
                pool.id, "what its agents can read is not known", ("agent_pools.*.reads", "data_sources.*.holds")
            )
        else:
            yield Passed(pool.id)


def _sprawl(pool: AgentPool, uses: Mapping[str, int], parameters: Parameters) -> Iterator[Breach]:
    systems = list(dict.fromkeys(pool.desktops or ()))
    if len(systems) <= parameters.desktops:
        return
    order = sorted(systems, key=lambda name: (-uses[name], name))
    yield Breach(
        subject=pool,
        message=f"agents of pool '{pool.id}' work with {len(systems)} systems, more than {parameters.desktops}",
        at=("desktops",),
        label=f"{len(systems)} systems",
        related=tuple(systems),
        discriminator=("desktops",),
        measures={"systems": len(systems)},
        fix=Fix(f"bring together first what most pools use: {', '.join(repr(name) for name in order[:2])}"),
    )


def _missing(eco: Ecosystem, pool: AgentPool, errors: list[ErrorType]) -> tuple[Breach | None, bool]:
    """The first attribute that agents lack for an error they may resolve, and whether something is not known."""
    inventory, graph = eco.inventory, eco.once(propagation)
    places = dict.fromkeys([*(pool.reads or ()), *(pool.desktops or ())])
    unclear = False
    for error in errors:
        for attribute in error.needs_attributes or ():
            held = [_holds(inventory, place, attribute) for place in places]
            if any(held):
                continue
            if any(carriers.backward.get(place) for carriers in graph.carriers(attribute) for place in places):
                continue
            if pool.reads is None or None in held:
                unclear = True
                continue
            return Breach(
                subject=pool,
                message=f"agents of pool '{pool.id}' may resolve '{error.id}', but cannot see '{attribute}'",
                at=("reads",),
                label=f"no '{attribute}'",
                related=(error.id,),
                discriminator=("context", error.id, attribute),
                fix=_reading(inventory, pool, attribute),
            ), unclear
    return None, unclear


def _holds(inventory: Inventory, place: str, attribute: str) -> bool | None:
    entity = inventory.find(place, DataSource) or inventory.find(place, Platform)
    if entity is None or entity.holds is None:
        return None
    return any(one.attribute is not None and related(inventory, one.attribute, attribute) for one in entity.holds)


def _reading(inventory: Inventory, pool: AgentPool, attribute: str) -> Fix:
    """The first store that holds the attribute, masters first."""
    stores = [
        (not any(item.mastery == "master" and item.attribute == attribute for item in one.holds or ()), one.id)
        for one in inventory.of(DataSource) if one.usable and _holds(inventory, one.id, attribute)
    ]  # fmt: skip
    if not stores:
        return Fix(f"give the agents a store that holds '{attribute}'")
    name = min(stores)[1]
    added: object = {"add": [name]} if pool.reads else [name]
    return Fix(f"let the agents read '{name}'", ({"change": {pool.id: {"reads": added}}},))
