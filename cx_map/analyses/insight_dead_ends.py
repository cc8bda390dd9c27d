"""Where feedback ends without an action (analyses.md, C): the maximal places from which no action can be reached.

Only places that are there to make use of feedback count: insights, stores that keep a signal, and stores for reporting
or analysis; archives are meant to be ends, and so is an insight used for compliance. The maximal ones are the sinks of
the condensation of what signals reach and no action follows. O(edges * signals / 64).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.loop_reach import Reach, reach, spread, strict
from cx_map.analyses.loop_unknowns import insights_of_unknown_inputs
from cx_map.analyses.loop_walks import NEXT, Stage
from cx_map.graph.and_or import components
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.number_sets import from_bits
from cx_map.graph.response import Edge, ResponseGraph
from cx_map.model.chapter_feedback import Insight, Signal
from cx_map.model.chapter_map import DataSource, Platform


class DeadEnd(Struct, frozen=True):
    """An insight or store at which feedback ends; ``share`` of all signals (None: some volume is not known).

    ``trail`` is the shortest way there, from the signal that stands for all.
    """

    stage: Stage
    node: str
    together_with: tuple[str, ...]
    signal: Signal
    trail: tuple[Edge, ...]
    signals: tuple[str, ...]
    volume: float | None
    share: float | None


class InsightUse(Struct, frozen=True):
    """The dead ends, the places from which an action follows, and those where somebody was asked and nobody knows.

    ``open`` gives the fields said to be unknown, by place; ``perhaps`` are insights in use after which something is done,
    of which nobody knows what they read: it may be any store.
    """

    dead_ends: tuple[DeadEnd, ...]
    used: tuple[str, ...]
    open: Mapping[str, tuple[str, ...]]
    perhaps: tuple[str, ...]


_USED = 1
"""The bit of places where something is done with feedback; the others stand for fields said to be unknown."""


def insight_use(eco: Ecosystem) -> InsightUse:
    """What becomes of the feedback that reaches insights and stores."""
    return _Use(eco).result()


class _Use:
    """One pass forwards (who arrives) and one backwards (what follows) over the states at stage 2 and 3."""

    def __init__(self, eco: Ecosystem) -> None:
        self.eco = eco
        self.over: Reach = eco.once(reach)
        self.graph: ResponseGraph = self.over.graph
        exempt = {verdict.signal.id for verdict in eco.once(closed_loops) if verdict.status == "by_design"}
        judged = {verdict.signal.id: verdict.signal for verdict in eco.once(closed_loops)}
        self.signals: Sequence[Signal] = [signal for name, signal in judged.items() if name not in exempt]
        self.names = list(self.over.states)
        self.steps: list[Sequence[int]] = list(self.over.steps)
        for signal in self.signals:
            self._route(signal)

    def result(self) -> InsightUse:
        """Dead ends, used places and open ones."""
        arriving = self._arriving()
        alive = spread(self.steps, [self._alive(number) for number in range(len(self.names))], int.__or__)
        counted = [bits if bits and self._counts(*self.names[number]) else 0 for number, bits in enumerate(arriving)]
        used = {self.names[number][1] for number, bits in enumerate(counted) if bits and alive[number] & _USED}
        unsure = {self.names[number][1]: alive[number] for number, bits in enumerate(counted) if bits and alive[number]}
        dead = bytearray(1 if bits and not alive[number] else 0 for number, bits in enumerate(arriving))
        ends = [one for one in self._sinks(dead, counted, arriving) if one.node not in used and one.node not in unsure]
        unknown = {node: self._fields_of(unsure[node]) for node in sorted(unsure.keys() - used)}
        unread = ((name, self.over.states.get((Stage.ANALYSED, name))) for name in insights_of_unknown_inputs(self.eco))
        perhaps = tuple(name for name, number in unread if number is not None and alive[number] & _USED)
        return InsightUse(tuple(sorted(ends, key=lambda one: one.node)), tuple(sorted(used)), unknown, perhaps)

    def _route(self, signal: Signal) -> None:
        """Let a signal's routing rules lead on from the stores that keep it: such a store is made use of."""
        states = self.over.states
        for store in {edge.target for edge in self.graph.edges(signal.id)}:
            source = states[Stage.CAPTURED, store]
            onward = (
                edge for edge in self.graph.edges(f"{signal.id}>{store}") if strict(self.graph, Stage.OWNED, edge)
            )
            self.steps[source] = [*self.steps[source], *(states[Stage.OWNED, edge.target] for edge in onward)]

    def _arriving(self) -> list[int]:
        """The signals that reach each state, as bits."""
        before: list[list[int]] = [[] for _ in self.names]
        for number, following in enumerate(self.steps):
            for target in following:
                before[target].append(number)
        own = [0] * len(self.names)
        for bit, signal in enumerate(self.signals):
            for edge in self.graph.edges(signal.id):
                own[self.over.states[Stage.CAPTURED, edge.target]] |= 1 << bit
        return spread(before, own, int.__or__)

    def _alive(self, number: int) -> int:
        """Whether something is done with feedback here, or which fields that would say so are unknown, as bits."""
        stage, node = self.names[number]
        insight = self.graph.inventory.find(node, Insight)
        if stage >= Stage.ACTED or (insight is not None and "compliance" in (insight.used_for or "").casefold()):
            return _USED
        if insight is not None and any(edge.target.startswith("@") for edge in self.graph.edges(node)):
            return _USED  # it sets an action off, though nobody is named to own that: LOOP102
        if stage == Stage.CAPTURED and node in self._routed_somewhere:
            return self._fields["routing_rules.*.to"]
        return self._fields[self.over.unknown[stage, node]] if (stage, node) in self.over.unknown else 0

    @cached_property
    def _fields(self) -> dict[str, int]:
        """The bit of each field that may be said to be unknown."""
        named = sorted({*self.over.unknown.values(), "routing_rules.*.to"})
        return {field: _USED << bit for bit, field in enumerate(named, 1)}

    def _fields_of(self, bits: int) -> tuple[str, ...]:
        return tuple(field for field, bit in self._fields.items() if bits & bit)

    @cached_property
    def _routed_somewhere(self) -> frozenset[str]:
        """Stores that keep a signal which a routing rule takes to somebody whom nobody knows."""
        unknown = self.over.unknown
        routed = (one for one in self.signals if unknown.get((Stage.SIGNALLED, one.id)) == "routing_rules.*.to")
        return frozenset(edge.target for signal in routed for edge in self.graph.edges(signal.id))

    def _counts(self, stage: Stage, node: str) -> bool:
        """Whether a place is there to make use of feedback."""
        entity = self.graph.inventory.entities.get(node)
        if isinstance(entity, Insight):
            return True
        if stage not in (Stage.CAPTURED, Stage.ANALYSED) or not isinstance(entity, DataSource | Platform):
            return False
        if isinstance(entity, DataSource):
            if entity.role in ("archive", "suppression"):
                return False
            if entity.role == "reporting" or entity.kind_ in ("warehouse", "cdp"):
                return True
        return node in self._keeping

    @cached_property
    def _keeping(self) -> frozenset[str]:
        return frozenset(edge.target for one in self.signals for edge in self.graph.edges(one.id))

    def _sinks(self, dead: bytearray, counted: Sequence[int], arriving: Sequence[int]) -> list[DeadEnd]:
        groups = [(tuple(following),) for following in self.steps]
        below = bytearray(len(self.names))
        found: dict[str, DeadEnd] = {}
        for component in components(groups, dead):
            inside = set(component)
            here = sorted({self.names[number][1] for number in component if counted[number]})
            deeper = any(below[target] for number in component for target in self.steps[number] if target not in inside)
            for number in component:
                below[number] = bool(here) or deeper
            if here and not deeper and here[0] not in found:
                number = next(one for one in component if counted[one] and self.names[one][1] == here[0])
                found[here[0]] = self._dead_end(number, tuple(here[1:]), arriving[number])
        return list(found.values())

    def _dead_end(self, number: int, others: tuple[str, ...], bits: int) -> DeadEnd:
        stage, node = self.names[number]
        arrived = [self.signals[bit] for bit in from_bits(bits)]
        volume = _total(arrived)
        total = self._total
        share = volume / total if volume is not None and total else None
        edges: list[Edge] = []
        while number >= 0:
            number, edge = self._came[number]
            edges.append(edge)
        signal = self._named[edges[-1].source]
        return DeadEnd(
            stage, node, others, signal, tuple(reversed(edges)), tuple(one.id for one in arrived), volume, share
        )

    @cached_property
    def _total(self) -> float | None:
        """All signals a month."""
        return _total(self.signals)

    @cached_property
    def _named(self) -> dict[str, Signal]:
        return {signal.id: signal for signal in self.signals}

    @cached_property
    def _came(self) -> dict[int, tuple[int, Edge]]:
        """The step before each state on a shortest way from the nearest signal; -1 where that is the signal."""
        states = self.over.states
        came: dict[int, tuple[int, Edge]] = {}
        for signal in self.signals:
            for edge in self.graph.edges(signal.id):
                came.setdefault(states[Stage.CAPTURED, edge.target], (-1, edge))
        queue = deque(came)
        while queue:
            number = queue.popleft()
            stage, node = self.names[number]
            for edge in self.graph.edges(node) if stage <= Stage.ANALYSED else ():
                following = NEXT.get((edge.label, stage))
                target = states.get((following, edge.target)) if following is not None else None
                if target is not None and target not in came and edge.works:
                    came[target] = (number, edge)
                    queue.append(target)
        return came


def _total(signals: Sequence[Signal]) -> float | None:
    """Signals a month; None where one volume is not known."""
    volumes = [signal.volume.value for signal in signals if signal.volume is not None]
    return sum(volumes) if len(volumes) == len(signals) else None
