"""How cut off a line of business is from the rest of the firm, given how many customers it shares (analysis E).

For the places A of a line on the propagation graph, with flows weighted by the attributes they carry:
observed = cut(A) / vol(A) is the part of its information that crosses its border; expected = vol(rest) / 2m the
part that would if flows were drawn at random with the same volumes (configuration model, Newman 2006). The
ratio of the two is about 1 where a line is as connected as any, 0 where nothing crosses.

Longer than most modules: the ratio, its overlap and the proofs of one finding are sums over the same links.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from cx_map.analyses.lines import ancestors, lines_of
from cx_map.analyses.shared_customers import Shared, customers_of, sharing_lines
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import Link, Propagation, propagation
from cx_map.model.attributes import EVERYTHING, canonical
from cx_map.model.chapter_map import DataSource, Flow, LineOfBusiness, Platform
from cx_map.model.inventory import Inventory
from cx_map.model.values import Basis, worst_basis


class Sharing(Struct, frozen=True):
    """The part of a line's customers whom other lines serve too, at least, and with whom."""

    share: float | None
    """None where it is not known."""
    customers: float | None
    """Customers of the line, if known."""
    partners: tuple[str, ...]
    """Lines it shares customers with, most first; those that policy keeps apart left out."""
    by_design: tuple[str, ...]
    """Lines it may not exchange data with."""
    basis: Basis
    most: float | None = None
    """At most so many of its customers: those shared with each partner may be different ones."""


class Isolation(Struct, frozen=True):
    """How a line of business hangs together with the rest of the propagation graph."""

    line: LineOfBusiness
    nodes: tuple[str, ...]
    cut: float
    volume: float
    total: float
    crossing: tuple[Flow, ...]
    """Flows between it and a place that works for other lines, or for none and joins it to them."""
    unclear: tuple[Flow, ...]
    """Flows between it and a place of no known line that nobody else is joined to: not counted."""
    sharing: Sharing

    @property
    def observed(self) -> float:
        """The part of the line's flow ends that lead outside."""
        return self.cut / self.volume if self.volume else 0.0

    @property
    def expected(self) -> float:
        """The part that would lead outside if flows did not care for lines."""
        return (self.total - self.volume) / self.total if self.total else 0.0

    @property
    def ratio(self) -> float | None:
        """Observed over expected; None where the line has no flows, or nothing is outside it."""
        return self.observed / self.expected if self.volume and self.expected > 0 else None

    @property
    def conductance(self) -> float | None:
        """The cut over the smaller of the two sides' volumes."""
        smaller = min(self.volume, self.total - self.volume)
        return self.cut / smaller if smaller else None

    @property
    def index(self) -> float | None:
        """Shared part x (1 - ratio) x customers: customers who feel the silo."""
        if self.ratio is None or self.sharing.share is None or self.sharing.customers is None:
            return None
        return self.sharing.share * max(0.0, 1 - self.ratio) * self.sharing.customers

    def ratio_with(self, weight: float) -> float:
        """The ratio after flows of that weight have been added across the border."""
        volume, total = self.volume + weight, self.total + 2 * weight
        return (self.cut + weight) / volume / ((total - volume) / total)


def weight_of(inventory: Inventory, flow: Flow) -> float:
    """The attributes that a flow carries: named ones; what its source is known to hold for ``"*"``; at least 1.

    One attribute under two names is one.
    """
    names = set(flow.carries or ())
    if EVERYTHING in names:
        source = inventory.entities.get(flow.from_ or "")
        names |= {one.attribute for one in getattr(source, "holds", None) or () if one.attribute}
        names.discard(EVERYTHING)
    return float(max(len({canonical(inventory, name) for name in names}), 1))


def isolations(eco: Ecosystem) -> tuple[Isolation, ...]:
    """Every usable line of business, in order of id. A line counts with the lines that are part of it.

    Places are the ends of usable flows and the platforms and data sources of the line; a place that works
    for several lines belongs to the line that all of these are part of, or else to none. A place of no known line
    is outside a line where it is joined, directly or over others of its sort, to places outside that line: what
    passes through it can cross. Joined to places of one line only, it may be that line's own: its flows then count
    neither as cut nor as volume. O(flows * depth of lines).
    """
    inventory = eco.inventory
    graph = eco.once(propagation)
    within = eco.once(_memberships)
    own = eco.once(_perhaps_own)
    cut: dict[str, float] = {}
    volume: dict[str, float] = {}
    left_out: dict[str, float] = {}
    crossing: dict[str, list[Flow]] = {}
    unclear: dict[str, list[Flow]] = {}
    total = 0.0
    for link in _once_each(graph.links):
        weight = weight_of(inventory, link.flow)
        total += 2 * weight
        one, other = within.get(link.source, ()), within.get(link.target, ())
        perhaps = own.get(link.source) or own.get(link.target) or frozenset()
        for line in perhaps:
            left_out[line] = left_out.get(line, 0.0) + 2 * weight
        for line in (*one, *other):
            if line not in perhaps:
                volume[line] = volume.get(line, 0.0) + weight
        for line in sorted(set(one) ^ set(other)):
            if line in perhaps:
                unclear.setdefault(line, []).append(link.flow)
            else:
                cut[line] = cut.get(line, 0.0) + weight
                crossing.setdefault(line, []).append(link.flow)
    nodes: dict[str, list[str]] = {}
    for name in sorted(within):
        for line in within[name]:
            nodes.setdefault(line, []).append(name)
    apart = _kept_apart(eco, graph, within)
    return tuple(
        Isolation(
            line=line,
            nodes=tuple(nodes.get(line.id, ())),
            cut=cut.get(line.id, 0.0),
            volume=volume.get(line.id, 0.0),
            total=total - left_out.get(line.id, 0.0),
            crossing=tuple(crossing.get(line.id, ())),
            unclear=tuple(unclear.get(line.id, ())),
            sharing=sharing_of(eco, line, apart.get(line.id, frozenset())),
        )
        for line in inventory.of(LineOfBusiness)
        if line.usable
    )


def counts_outside(eco: Ecosystem, line: str, place: str) -> bool:
    """Whether a flow between a line and a place that is not its own would count as crossing its border.

    A place of no known line counts only where flows join it, directly or over others, to places outside that line.
    """
    own = eco.once(_perhaps_own)
    return place in eco.once(lines_of) or (place in own and line not in own[place])


def _perhaps_own(eco: Ecosystem) -> Mapping[str, frozenset[str]]:
    """For each place of no known line: the lines that all places of a known one it is joined to are part of.

    Joined: by flows over places of no known line. Places that work for several lines are part of none of them. A place
    that is joined to none of a known line is left out.
    """
    graph, within = eco.once(propagation), eco.once(_memberships)
    lines = eco.once(lines_of)
    group: dict[str, str] = {}

    def leader(name: str) -> str:
        while group.setdefault(name, name) != name:
            group[name] = name = group[group[name]]
        return name

    pairs = [(link.source, link.target) for link in graph.links]
    for one, other in pairs:
        if one not in lines and other not in lines:
            group[leader(one)] = leader(other)
    shared: dict[str, frozenset[str]] = {}
    for one, other in (*pairs, *((target, source) for source, target in pairs)):
        if one in lines and other not in lines:
            known = frozenset(within.get(one, ()))
            found = leader(other)
            shared[found] = shared.get(found, known) & known
    return {
        name: shared[leader(name)] for pair in pairs for name in pair if name not in lines and leader(name) in shared
    }


def _once_each(links: Iterable[Link]) -> list[Link]:
    """One link a flow: both directions of a two-way flow are one connection."""
    return list({id(link.flow): link for link in links}.values())


def _memberships(eco: Ecosystem) -> Mapping[str, tuple[str, ...]]:
    """The lines, with those they are part of, that each place belongs to."""
    inventory, lines, graph = eco.inventory, eco.once(lines_of), eco.once(propagation)
    places = {one.id for one in (*inventory.of(DataSource), *inventory.of(Platform)) if one.usable}
    places |= {end for link in graph.links for end in (link.source, link.target)}
    upward = {one.id: (one.id, *ancestors(inventory, one.id)) for one in inventory.of(LineOfBusiness)}
    found: dict[str, tuple[str, ...]] = {}
    for name in places:
        of = [set(upward.get(line, (line,))) for line in lines.get(name, ())]
        if of:
            found[name] = tuple(sorted(set.intersection(*of)))
    return found


def _kept_apart(
    eco: Ecosystem, graph: Propagation, within: Mapping[str, tuple[str, ...]]
) -> Mapping[str, frozenset[str]]:
    """The lines that policy keeps from each line; ``*`` where a blocked flow leads to a place of no line."""
    lines = eco.once(lines_of)
    found: dict[str, set[str]] = {}
    for link in graph.blocked:
        for here, there in ((link.source, link.target), (link.target, link.source)):
            for line in within.get(here, ()):
                if line not in within.get(there, ()):
                    found.setdefault(line, set()).update(lines.get(there, frozenset("*")))
    return {line: frozenset(others) for line, others in found.items()}


def _parts(eco: Ecosystem) -> Mapping[str, frozenset[str]]:
    """Each line of business with all that are part of it. O(lines * depth)."""
    found: dict[str, set[str]] = {}
    for one in eco.inventory.of(LineOfBusiness):
        for name in (one.id, *ancestors(eco.inventory, one.id)):
            found.setdefault(name, set()).add(one.id)
    return {name: frozenset(parts) for name, parts in found.items()}


def sharing_of(eco: Ecosystem, line: LineOfBusiness, apart: frozenset[str]) -> Sharing:
    """The part of a line's customers whom lines that it may exchange data with serve too."""
    inventory = eco.inventory
    mine = eco.once(_parts)[line.id]
    related = mine | set(ancestors(inventory, line.id))
    size = customers_of(inventory, line.id)
    stated: list[tuple[str, Shared]] = []
    by_design: set[str] = set()
    beside = eco.once(sharing_lines)
    for other, shared in (one for part in sorted(mine) for one in beside.get(part, ())):
        if other in related:
            continue
        if "*" in apart or other in apart:
            by_design.add(other)
        else:
            stated.append((other, shared))
    stated.sort(key=lambda one: (-(one[1].low or 0.0), one[0]))
    low = max((one.low for _, one in stated if one.low is not None), default=None)
    share = None
    if stated and low == 0 and all(one.high == 0 for _, one in stated):
        share = 0.0
    elif low is not None and size is not None and size.highest > 0:
        share = min(1.0, low / size.highest)
    elif not stated and by_design:
        share = 0.0
    highs = [one.high for _, one in stated]
    caps = [size.highest] if size is not None else []
    most = min((sum(one for one in highs if one is not None), *caps)) if None not in highs else min(caps, default=None)
    return Sharing(
        most=most,
        share=share,
        customers=size.value if size is not None else None,
        partners=tuple(dict.fromkeys(name for name, one in stated if one.high is None or one.high > 0)),
        by_design=tuple(sorted(by_design)),
        basis=worst_basis(size.basis if size is not None else None, *(one.basis for _, one in stated[:1])),
    )


def strangers(eco: Ecosystem, isolation: Isolation, limit: int = 3) -> tuple[tuple[str, str], ...]:
    """Stores of a line and places of its partners that share customers and have no path between them.

    The best-filled stores and the partners with most shared customers first. O(limit * flows) walks.
    """
    inventory, lines, graph = eco.inventory, eco.once(lines_of), eco.once(propagation)
    after: dict[str, list[str]] = {}
    for link in graph.links:
        after.setdefault(link.source, []).append(link.target)

    def held(name: str) -> int:
        return len(getattr(inventory.entities.get(name), "holds", None) or ())

    stores = sorted((name for name in isolation.nodes if _store(inventory, name)), key=lambda one: (-held(one), one))
    found: list[tuple[str, str]] = []
    for partner in isolation.sharing.partners:
        theirs = [
            name
            for name, of in lines.items()
            if partner in of and _store(inventory, name) and name not in isolation.nodes
        ]
        theirs.sort(key=lambda one: (-held(one), one))
        for store in stores[:limit]:
            reached = _descendants(after, store)
            found += [(store, name) for name in theirs[:limit] if name not in reached]
    return tuple(found[:limit])


def _store(inventory: Inventory, name: str) -> bool:
    entity = inventory.entities.get(name)
    return isinstance(entity, (DataSource, Platform)) and entity.usable


def _descendants(after: Mapping[str, list[str]], start: str) -> set[str]:
    seen = {start}
    todo = [start]
    while todo:
        for following in after.get(todo.pop(), ()):
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return seen
