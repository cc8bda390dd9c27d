"""GOV101."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.model.chapter_customers import Preference
from cx_map.model.chapter_feedback import FeedbackLoop, Metric
from cx_map.model.chapter_map import Communication, DataSource, Platform, Team
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory
from cx_map.model.kinds import singular
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Severity, Verdict, rule

OWNED: tuple[type[Entity], ...] = (Communication, Platform, DataSource, FeedbackLoop, Metric, Preference)


@rule("GOV101", severity="minor", unlock=("*.owner", "teams"))
def no_accountable_owner(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Something that customers depend on has no team that answers for it.

    ## Why it matters
    Governance means that people know their roles: exactly one team answers for each communication, platform,
    store, loop, metric and preference. A finding without an owner is a finding that nobody mends.

    ## How it decides
    A usable communication, platform, data source, feedback loop, metric or preference breaks the rule when its
    `owner` is said to be `unknown` or `[]`, or is a team that is proposed or retired, or is left out although
    other entities of the inventory do name owners. It is *major* for regulatory and security communications and
    for the platforms and stores whose loss alone stops one of these (as for BOT109), else *minor*. Where no entity of the whole
    inventory names an owner or a team, ownership has not been looked at, and the rule is not assessed.

    ## Evidence it needs
    `owner` of at least one entity, or at least one of the `teams`.

    ## Example
    ```yaml
    teams: {print-room: {name: Print room}}
    platforms:
      printer: {owner: print-room}
    communications:
      annual-notice:
        purpose: regulatory
        owner: unknown  # GOV101
        needs: []
        routes: [{channel: letter, platforms: [printer]}]
    ```

    ## Mended
    ```yaml
    teams: {print-room: {name: Print room}}
    platforms:
      printer: {owner: print-room}
    communications:
      annual-notice:
        purpose: regulatory
        owner: print-room
        needs: []
        routes: [{channel: letter, platforms: [printer]}]
    ```

    ## References
    Accountability as one of the four parts of governance; FCA PRIN 2A.5 review, March 2026 (unclear accountability).
    """
    inventory = eco.inventory
    subjects = [
        entity for cls in OWNED for entity in inventory.of(cls) if entity.usable and entity.id not in inventory.shipped
    ]
    looked_at = bool(inventory.of(Team)) or any(one.owner is not None or "owner" in one.unknown for one in subjects)
    critical = _critical_path(eco)
    for entity in subjects:
        if not looked_at:
            yield NotAssessed(entity.id, "no entity names an owner and no team is described", ("*.owner", "teams"))
            continue
        why = _missing(inventory, entity)
        if why is None:
            yield Passed(entity.id)
            continue
        severity: Severity = "major" if entity.id in critical else "minor"
        neighbour = _nearest_owner(eco, entity)
        fix = Fix("name the team that answers for it")
        if neighbour is not None:
            fix = Fix(f"let '{neighbour}' own '{entity.id}' (as it does what stands nearest), or name another team",
                      ({"change": {entity.id: {"owner": neighbour}}},))  # fmt: skip
        field = ("owner",) if entity.owner is not None or "owner" in entity.unknown or "owner" in entity.nothing else ()
        yield Breach(
            subject=entity,
            message=f"{singular(entity.kind)} '{entity.id}' has no accountable owner: {why}",
            severity=severity,
            at=field,
            label=why,
            related=(neighbour,) if neighbour is not None else (),
            measures={"regulated": entity.id in critical},
            fix=fix,
        )


def _missing(inventory: Inventory, entity: Entity) -> str | None:
    if entity.owner is None:
        if "owner" in entity.unknown:
            return "asked, and nobody knows"
        return "known to have none" if "owner" in entity.nothing else "none is named"
    team = inventory.find(entity.owner, Team)
    if team is not None and not team.usable:
        return f"'{team.id}' is {team.status}"
    return None


def _critical_path(eco: Ecosystem) -> frozenset[str]:
    """Regulatory and security communications, and the platforms and stores whose loss stops one. O(communications * suppliers / 64)."""
    graph = eco.once(production)
    found: set[str] = set()
    lost = 0
    for communication in eco.inventory.of(Communication):
        if communication.usable and communication.regulated:
            found.add(communication.id)
            lost |= graph.failures.bits(graph.communications[communication.id].node)
    return frozenset(found.union(graph.names[atom] for atom in graph.failures.atoms_in(lost)))


def _flow_neighbours(eco: Ecosystem) -> Mapping[str, Sequence[str]]:
    """What each entity is joined to by a flow, one entry a flow. O(flows)."""
    found: dict[str, list[str]] = {}
    for flow in eco.inventory.flows:
        if flow.from_ and flow.to:
            found.setdefault(flow.from_, []).append(flow.to)
            if flow.to != flow.from_:
                found.setdefault(flow.to, []).append(flow.from_)
    return found


def _nearest_owner(eco: Ecosystem, entity: Entity) -> str | None:
    """The usable team that owns most of what stands next to the entity; the first by id among equals."""
    inventory = eco.inventory
    neighbours: list[str] = []
    if isinstance(entity, Communication):
        for route in routes_of(entity) or ():
            neighbours += [one for hop in route.platforms or () for one in hop.any_of or ()]
        neighbours += [one for need in entity.needs or () for one in need.any_of or ()]
    neighbours += eco.once(_flow_neighbours).get(entity.id, ())
    if isinstance(entity, Preference) and entity.master is not None:
        neighbours.append(entity.master)
    owners: Counter[str] = Counter()
    for name in neighbours:
        near = inventory.entities.get(name)
        owner = near.owner if near is not None else None
        team = inventory.find(owner, Team)
        if team is not None and team.usable:
            owners[team.id] += 1
    return min(owners, key=lambda team: (-owners[team], team)) if owners else None
