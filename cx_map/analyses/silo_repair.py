"""The flows that end a silo for an ask, in every segment in which it is asked again, and the store to prefill from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from cx_map.analyses.asked_again import AskedAgain, same_asks
from cx_map.analyses.cheapest_flows import Repair, cheapest_flows
from cx_map.analyses.known_asks import Asked, Verdict, access_of, known_from
from cx_map.analyses.operators import items_set, together
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.chapter_map import DataSource, Platform

Pair = tuple[str, str]
"""The ends of a flow."""


class SiloRepair(Struct, frozen=True):
    """The cheapest flows for each segment that the ones before do not help, and where the answer then is.

    ``parts`` come in the order of reach, the first is that of the greatest earlier ask; ``store`` is None where the answer
    comes to the point itself only.
    """

    parts: tuple[Repair, ...]
    store: str | None
    changes: tuple[Mapping[str, object], ...]

    @property
    def summary(self) -> str:
        """The flows in words."""
        return ", and ".join(part.summary for part in self.parts)


def silo_repair(eco: Ecosystem, again: AskedAgain) -> SiloRepair | None:
    """What brings an earlier answer to a point in each of its segments; None where policy forbids it in one of them.

    Each segment is looked at by itself, with what the others are given already, so all together need not be the cheapest
    set. O(segments * a cheapest way).
    """
    asked = again.asked
    access = access_of(eco.inventory, asked)
    parts: list[Repair] = []
    made: list[Pair] = []
    verdicts = sorted(again.verdicts, key=lambda one: one is not again.greatest)
    for verdict in verdicts:
        if parts and not access.isdisjoint(_known(eco, asked.attribute, verdict, made)):
            continue
        scope = eco.once(propagation).scope_for(verdict.segment, asked.attribute)
        part = cheapest_flows(eco, asked.attribute, known_from(eco, _earlier(verdict)), access, scope)
        if part is None:
            return None
        parts.append(part)
        made += [(link.source, link.target) for link in part.widened]
        made += [part.new] if part.new is not None else []
    known = [_known(eco, asked.attribute, verdict, made) for verdict in verdicts]
    store = _store(eco, asked, frozenset.intersection(*known), made)
    changes = [change for part in parts for change in part.changes]
    if store is not None:
        prefilled = {index: {"prefilled_from": store} for index in same_asks(eco, asked)}
        changes.append(items_set(eco.inventory, asked.point, "asks", "attribute", prefilled))
    return SiloRepair(tuple(parts), store, together(changes))


def _earlier(verdict: Verdict) -> Asked:
    return verdict.earlier if verdict.earlier is not None else verdict.asked


def _known(eco: Ecosystem, attribute: str, verdict: Verdict, made: Iterable[Pair]) -> frozenset[str]:
    """Where the answer of a verdict's earlier ask gets to, with flows added that carry it for everybody."""
    graph = eco.once(propagation)
    scope = graph.scope_for(verdict.segment, attribute)
    known = graph.reach(attribute, known_from(eco, _earlier(verdict)), scope)
    left = list(made)
    while True:
        leading = [pair for pair in left if pair[0] in known]
        if not leading:
            return known
        known |= graph.reach(attribute, (target for _, target in leading), scope)
        left = [pair for pair in left if pair not in leading]


def _store(eco: Ecosystem, asked: Asked, known: Collection[str], made: Iterable[Pair]) -> str | None:
    """The store to prefill from: one that the point reads or writes to, else one that a new flow brings it from."""
    point, entities = asked.point, eco.inventory.entities
    feeding = sorted(source for source, target in made if target == point.id)
    for name in (*(point.reads or ()), *(point.writes_to or ()), *feeding):
        if name in known and isinstance(one := entities[name], DataSource | Platform) and one.usable:
            return name
    return None
